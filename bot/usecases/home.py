"""The bot's home page: what comes next, one's own settings and consents, and where to turn."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.domain.availability import Away, first_free, is_paused
from bot.domain.cadence import next_due
from bot.domain.programme import Audience, Programme
from bot.message import (
    MAX_BUTTONS,
    Button,
    Buttons,
    FinePrint,
    Heading,
    Item,
    Items,
    Message,
    Paragraph,
    Part,
)
from bot.ports import Texts, Who
from bot.store import people, rounds
from bot.store.database import Session
from bot.store.tables import Block, Person
from bot.text import isolated
from bot.usecases.actions.shown import action_parts
from bot.usecases.comments.home_parts import comment_parts
from bot.usecases.core import Core
from bot.usecases.open_round import counted_with
from bot.usecases.pausing import in_words
from bot.usecases.people import acting_texts, blocks_led, today
from bot.usecases.preferences import wants
from bot.usecases.resources import resource_items
from bot.usecases.roll_up import roll_up_parts
from bot.usecases.rules import coming_rules
from bot.usecases.small_groups import small_group_parts
from bot.usecases.support.home_parts import support_parts
from bot.usecases.who_is_there import who_is_there_parts


async def home(core: Core, who: Who) -> Message:
    """A person's home page. Raises Stranger for somebody who isn't on the roster."""
    async with core.database.reading() as session:
        person, texts = await acting_texts(core, session, who)
        parts = [
            Heading(texts.say("home.title", name=person.name)),
            *await _next_parts(core, session, texts, person),
            *await action_parts(session, texts, [person.team_id], today(core, person)),
            *await support_parts(session, texts, person),
            *_settings_parts(core, texts, person),
            *_pulse_parts(texts, person),
            *await comment_parts(core, session, texts, person),
            *await _leader_parts(core, session, texts, person),
            *await _admin_parts(core, session, texts, person),
            Heading(texts.say("resources.title")),
            resource_items(texts, person.region),
            Heading(texts.say("home.data_title")),
            Items(_own_data(texts, person)),
            FinePrint(texts.say("home.fine_print")),
        ]
    return Message(summary=texts.say("home.summary"), parts=tuple(parts))


async def _next_parts(core: Core, session: Session, texts: Texts, person: Person) -> list[Part]:
    never = set()
    rules = await coming_rules(core, session)
    if len(await counted_with(core, session, rules, person)) < rules.counted:
        never.add(Audience.PULSES)
    if not await blocks_led(session, person):
        never.add(Audience.LEADERS_AND_CHANNELS)
    upcoming = [
        _next_for(core, texts, person, programme)
        for programme in core.library.programmes
        if programme.audience not in never and wants(person, programme.audience)
    ]
    entries = tuple(entry for entry in upcoming if entry is not None)
    if not entries:
        return [Paragraph(texts.say("home.nothing_next"))]
    return [Heading(texts.say("home.next_title")), Items(entries)]


def _next_for(core: Core, texts: Texts, person: Person, programme: Programme) -> Item | None:
    """When this programme reaches the person next, looking past the days on which it can't."""
    zone = ZoneInfo(person.zone)
    after = core.clock.now()
    for _ in range(8):
        slot = next_due(programme.cadence, zone, after)
        free = first_free(people.availability(person), slot.instant, slot.instant + programme.late)
        if not isinstance(free, Away):
            local = free.astimezone(zone)
            when = texts.say("home.when", day=texts.day(local.date()), time=f"{local:%H:%M}")
            return Item(texts.say(f"programme.{programme.kind}"), when)
        after = slot.instant
    return None


def _settings_parts(core: Core, texts: Texts, person: Person) -> list[Part]:
    parts: list[Part] = [Heading(texts.say("settings.title"))]
    if is_paused(people.availability(person), today(core, person)):
        parts.append(Paragraph(in_words(texts, person)))
    return [*parts, Buttons((Button(texts.say("settings.open"), "settings.open"),))]


def _pulse_parts(texts: Texts, person: Person) -> list[Part]:
    state = "in" if person.pulses else "out"
    change = Button(texts.say(f"home.pulse.{state}.change"), "pulse.consent", _other(person))
    preview = Button(texts.say("pulse.preview"), "pulse.preview")
    return [
        Heading(texts.say("pulse.title")),
        Paragraph(texts.say(f"home.pulse.{state}.state")),
        Buttons((change, preview)),
    ]


def _other(person: Person) -> str:
    return "no" if person.pulses else "yes"


async def _leader_parts(core: Core, session: Session, texts: Texts, person: Person) -> list[Part]:
    asked = await rounds.latest_counted(session)
    led = await blocks_led(session, person, asked)
    if not led:
        return []
    buttons = [Button(block.name, "summary.read", block.id) for block in led]
    rows = [
        Buttons(tuple(buttons[start : start + MAX_BUTTONS]))
        for start in range(0, len(buttons), MAX_BUTTONS)
    ]
    latest: list[Part] = [
        Heading(texts.say("home.summaries_title")),
        Paragraph(texts.say("home.summaries")),
        *rows,
    ]
    if asked is None:
        return latest
    together = await roll_up_parts(core, session, texts, asked, led)
    return [*latest, *_history_parts(texts, led), *together]


def _history_parts(texts: Texts, led: list[Block]) -> list[Part]:
    """One row of buttons at most: whoever leads more groups finds it in each summary."""
    if len(led) > MAX_BUTTONS:
        return []
    buttons = tuple(
        Button(texts.say("history.title", block=block.name), "history.read", block.id)
        for block in led
    )
    return [Paragraph(texts.say("home.history")), Buttons(buttons)]


async def _admin_parts(core: Core, session: Session, texts: Texts, person: Person) -> list[Part]:
    if not person.is_admin:
        return []
    return [
        Heading(texts.say("admin.title")),
        *await _launch_parts(session, texts),
        *await who_is_there_parts(session, texts),
        *await small_group_parts(core, session, texts),
    ]


async def _launch_parts(session: Session, texts: Texts) -> list[Part]:
    organisation = await people.organisation(session)
    if organisation is not None and organisation.launched_at is not None:
        return [Paragraph(texts.say("admin.launched"))]
    return [
        Paragraph(texts.say("admin.not_launched")),
        Buttons((Button(texts.say("admin.launch"), "admin.launch", style="primary"),)),
    ]


def _own_data(texts: Texts, person: Person) -> tuple[Item, ...]:
    """Everything that is kept about a person, for them alone."""
    welcomed = texts.day(person.welcomed_on) if person.welcomed_on else texts.say("home.not_yet")
    return (
        Item(texts.say("home.data.roster"), f"{isolated(person.name)}, {person.email}"),
        Item(texts.say("home.data.where"), f"{person.zone}, {person.region}"),
        Item(texts.say("home.data.welcomed"), welcomed),
        Item(texts.say("home.data.answers"), texts.say("home.data.answers_none")),
    )
