"""Every error that the core raises on purpose.

WellbeingError
├── SettingsError          the environment or .env holds a value that can't be used
├── ContentError           a file under prompts/ can't be used
├── RosterError            a roster file has bad rows (nothing was imported)
├── FindingsError          a file of a simulation's findings can't be read or written
├── NotAllowed             the person may not do that
├── NotFound               there is no such thing, or not for this person
├── KeyringError           a round's keys can't be reached, made or destroyed
│   └── KeysGone           final: they are lost or damaged, and the round can't be published
├── SealedAnswerError      a sealed answer doesn't open: wrong key, wrong marker, or damaged
│   └── MixedKeys          sealed answers were made with more than one marker key
├── InboxGone              a round's inbox has been dropped, or was lost
├── VaultError             a secret was encrypted with a key that isn't here
└── PlatformError          a chat platform refused or failed
    ├── Undeliverable      final: it will never arrive there
    ├── TryLater           nothing was sent; try again after `retry_after_s`
    └── OutcomeUnknown     the request went out and the reply was lost: it may have arrived
"""

from __future__ import annotations


class WellbeingError(Exception):
    """The root of all errors that the project raises on purpose."""


class Problems(WellbeingError):
    """Something that was read has problems; each is one sentence."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class SettingsError(Problems):
    """The environment or the .env file holds values that can't be used."""


class ContentError(Problems):
    """A file under the prompts folder can't be used."""


class RosterError(Problems):
    """A roster file has bad rows; nothing was imported."""


class FindingsError(Problems):
    """A file of what a simulation found can't be read or written."""


class NotAllowed(WellbeingError):
    """The person may not do that."""


class Stranger(NotAllowed):
    """Nobody active on the roster is known like this.

    looks_like  the name of somebody whose account it may be: it is theirs to say
    """

    def __init__(self, words: str, looks_like: str = "") -> None:
        self.looks_like = looks_like
        super().__init__(words)


class NotFound(WellbeingError):
    """There is no such thing, or not for this person."""


class KeyringError(WellbeingError):
    """A round's keys can't be reached, made or destroyed."""


class KeysGone(KeyringError):
    """A round's keys are lost or damaged, for good: nothing of it can be published."""


class SealedAnswerError(WellbeingError):
    """A sealed answer doesn't open: wrong key, wrong marker, or damaged."""


class MixedKeys(SealedAnswerError):
    """Sealed answers of one round were made with more than one marker key."""


class InboxGone(WellbeingError):
    """A round's inbox has been dropped, or was lost."""


class VaultError(WellbeingError):
    """A secret was encrypted with a key that isn't here."""


class PlatformError(WellbeingError):
    """A chat platform refused a request or failed."""


class Undeliverable(PlatformError):
    """The message will never arrive: the account or channel is gone, or blocks the bot."""


class TryLater(PlatformError):
    """Nothing was sent; the platform asks to try again later."""

    def __init__(self, retry_after_s: float) -> None:
        """Some platforms ask for nothing, or for days: it is between a second and an hour."""
        self.retry_after_s = min(3600.0, max(1.0, retry_after_s))
        super().__init__(f"try again in {self.retry_after_s:g} s")


class TryThisLater(TryLater):
    """Nothing was sent to this recipient; others may be written to meanwhile."""


class OutcomeUnknown(PlatformError):
    """The request went out and its reply was lost: the message may have arrived."""
