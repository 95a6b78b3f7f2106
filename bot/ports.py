"""What the core needs from outside, and what it hands out: every boundary in one place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

from bot.domain.library import CheckIns, Commitment, PulseItem, Reflection, ResourceList
from bot.domain.membership import Member as Member  # noqa: PLC0414 - adapters have it from here
from bot.domain.membership import MemberGroup as MemberGroup  # noqa: PLC0414
from bot.domain.pace import SendingLimits
from bot.domain.programme import Programme
from bot.message import Form, Message


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class Timer(Protocol):
    """Real time, as it passes for a platform's limits: a clock can be moved or set, this can't."""

    def now(self) -> float:
        """Seconds since some instant; it never goes back, and goes on while a machine sleeps."""
        ...

    async def sleep(self, seconds: float) -> None: ...


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message goes: one person's direct messages, or one channel, in one workspace.

    thread  the message that a conversation of its own began with there, by the id that posting it
            returned; "" outside of any, and where a platform keeps none
    """

    workspace_id: str
    kind: Literal["person", "channel"]
    external_id: str
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation, and the address of the platform's servers that it is on."""

    conversation_id: str
    service_url: str


class Messenger(Protocol):
    """Sends to one platform. It never retries: whether to send again is the core's decision."""

    @property
    def limits(self) -> SendingLimits:
        """What the platform allows; the core keeps to it before it sends."""
        ...

    async def post(self, address: Address, message: Message, key: str) -> str:
        """Post a message that carries its delivery key, and return the platform's id for it.

        What isn't on its way within a few seconds must not go out any more: the process may have
        been paused, and another may have taken over.

        Raises Undeliverable, TryLater (nothing was sent) or OutcomeUnknown (it may have arrived).
        """
        ...

    async def find(self, address: Address, key: str) -> str | None:
        """The id of the message that carries this delivery key, or None if it never arrived.

        Raises PlatformError if the platform can't be asked.
        """
        ...

    async def update(self, address: Address, message_id: str, message: Message) -> None:
        """Replace a message in place. Raises as `post` does."""
        ...

    async def undisturbed(self, addresses: Collection[Address]) -> Mapping[Address, datetime]:
        """Who of these asks on the platform not to be disturbed now, and until when.

        Why (a meeting, a holiday, an illness) is theirs: it is neither returned, kept nor logged.
        A platform that doesn't know has nobody in it. Raises PlatformError.
        """
        ...


# --- who is there --------------------------------------------------------------------------


class Directory(Protocol):
    """Who is in one workspace."""

    async def members(self) -> Sequence[Member]:
        """Everybody. Raises PlatformError; then nothing may be concluded from it.

        Whoever is there and can't be asked about now has no name and no address: they stay who they
        were.
        """
        ...

    async def user_groups(self) -> Sequence[MemberGroup]:
        """Groups of people that the workspace keeps. Raises PlatformError."""
        ...

    async def channels(self) -> Sequence[MemberGroup]:
        """The channels that the bot was invited to. Raises PlatformError.

        One that can't be asked about now has no name: it stays whose it was.
        """
        ...

    def unread(self) -> Sequence[str]:
        """What couldn't be read of all that was asked for, a sentence each, for admins."""
        ...


# --- what comes in -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AccountId:
    """Somebody as their platform knows them."""

    workspace_id: str
    external_id: str


# Who acts, as the adapter knows them: a person's id, or their account on its platform.
Who = str | AccountId


@dataclass(frozen=True, slots=True)
class Tap:
    """Somebody pressed a button. The adapter vouches for who it was and for nothing else."""

    who: Who
    action: str
    value: str


@dataclass(frozen=True, slots=True)
class Submission:
    """Somebody sent a form. Fields that were left out are absent or ""."""

    who: Who
    action: str
    value: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody typed to the bot.

    text       plain, as they see it: without the platform's markup and escapes
    thread     the message that their conversation began with, as in `Address`
    has_files  something was attached, which is looked at by nobody
    """

    who: Who
    text: str
    thread: str = ""
    has_files: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """What becomes of a tap or a form; the adapter carries it out in its platform's own way.

    replace  put this in place of the message that was tapped
    notice   show this to the person alone; it doesn't stay
    form     open this dialog for the person alone; beside errors, the form that was sent, for a
             platform that doesn't keep it
    errors   field name → what to mend; the form stays open with what was filled in
    home     the person's home page changed
    """

    replace: Message | None = None
    notice: Message | None = None
    form: Form | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    home: bool = False


# --- content -------------------------------------------------------------------------------


class Texts(Protocol):
    """All that is said in one language."""

    @property
    def language(self) -> str: ...

    @property
    def check_ins(self) -> CheckIns: ...

    @property
    def reflections(self) -> Sequence[Reflection]: ...

    @property
    def pulse_items(self) -> Sequence[PulseItem]: ...

    def say(self, key: str, /, **values: object) -> str:
        """The sentence with this key, its `{placeholders}` filled in. Raises ContentError."""
        ...

    def commitment(self, commitment: Commitment) -> str:
        """The commitment's name."""
        ...

    def resources(self, region: str) -> ResourceList:
        """Where to turn in this region (`GB-SCT`), else in its country, else anywhere."""
        ...

    def tells_of_crisis(self, text: str) -> bool:
        """Whether words of a crisis are in a text, in this language or in English."""
        ...

    def day(self, day: date) -> str:
        """A date in words, such as "Tuesday 3 March"."""
        ...

    def short_day(self, day: date) -> str:
        """A date with its year, brief enough for a chart, such as "3 Mar 2026"."""
        ...


class Library(Protocol):
    """Everything under `prompts/`."""

    @property
    def programmes(self) -> Sequence[Programme]: ...

    @property
    def languages(self) -> Collection[str]:
        """The languages that there are texts in."""
        ...

    def texts(self, language: str) -> Texts:
        """Texts in this language, or in English if there are none."""
        ...


# --- keys ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CollectingKeys:
    """What the side that collects may hold: it can mark and seal, and never open."""

    marker_key: bytes = field(repr=False)
    public_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class TallyingKey:
    """What the side that tallies may hold: it can open, and never tell whose a marker is."""

    private_key: bytes = field(repr=False)


class CollectingKeyring(Protocol):
    """The collecting side's keys: it makes a round's marker key, and no other process sees it."""

    async def probe(self, round_ids: Collection[str]) -> None:
        """Check at start that keys can be kept, and those of these rounds be used.

        Rounds whose keys are gone don't matter: they end unpublished. Raises KeyringError.
        """
        ...

    async def collecting(self, round_id: str) -> CollectingKeys:
        """The keys of a round. Its marker key is made when they are first asked for.

        Whoever else asks, and whenever, gets the same one: another would count people twice. So
        where one was and is lost or damaged, the round is given up: it will end unpublished.

        Raises KeysGone, or KeyringError if they can't be had now.
        """
        ...


class TallyingKeyring(Protocol):
    """The tallying side's keys: it makes a round's key pair, and no other has the private key."""

    async def probe(self, round_ids: Collection[str]) -> None:
        """Check at start that keys can be kept, and those of these rounds be used.

        Rounds whose keys are gone don't matter: they end unpublished. Raises KeyringError.
        """
        ...

    async def create(self, round_id: str) -> None:
        """Make a round's key pair, and leave an empty place for its marker key.

        What an opening that was cut short has left is replaced. Raises KeyringError.
        """
        ...

    async def tallying(self, round_id: str) -> TallyingKey:
        """The private key of a round.

        Raises KeysGone, also if only the other side's are, or KeyringError if it can't be had now.
        """
        ...

    async def is_collected(self, round_id: str) -> bool:
        """Whether the place for the marker key was filled, told without reading the key.

        The collecting side fills it when the round opens, answers or none, so an empty one means
        that no process which collects could reach it. Raises KeysGone or KeyringError.
        """
        ...

    async def destroy(self, round_id: str) -> None:
        """Destroy both sides' keys, for good. Doing it again does nothing. Raises KeyringError."""
        ...

    async def rounds(self) -> frozenset[str]:
        """The rounds that keys are kept of."""
        ...


class Vault(Protocol):
    """Secrets of chat platforms, encrypted where they are kept: tokens."""

    async def keep(self, name: str, secret: str) -> None:
        """Keep a secret under a name, in place of an earlier one."""
        ...

    async def read(self, name: str) -> str | None:
        """The secret, or None if there is none (any more).

        Raises VaultError if it was encrypted with a key that isn't here.
        """
        ...

    async def forget(self, name: str) -> None:
        """Forget a secret. Doing it again does nothing."""
        ...

    async def names(self, prefix: str) -> Sequence[str]:
        """The names that begin so, in order."""
        ...


class WorkQueue(Protocol):
    """Wakes the one worker that serves a workspace. A wake-up is a hint: the rows are the work."""

    async def enqueue(self, workspace_ids: Iterable[str], connection: object) -> None:
        """Have these workspaces served once a transaction commits, and not if it doesn't.

        `connection` is the database driver's own, inside the transaction that makes the rows.
        """
        ...

    async def wake(self, workspace_id: str) -> None:
        """Have this workspace's due deliveries sent soon. Waking twice is as good as once."""
        ...

    async def rest(self) -> None:
        """Wait until nothing that this process woke or enqueued is in hand.

        Raises TimeoutError where others do the work, and don't get it done in good time.
        """
        ...
