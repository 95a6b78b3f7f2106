"""What the commands do, once settings are known."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from adapters.content import load_library
from adapters.content.check import check_library
from adapters.content.reviews import reviews
from adapters.content.schema import json_schemas
from bot.app import open_core
from bot.cli_groups import print_groups
from bot.domain.roster import read_roster
from bot.errors import ContentError, RosterError
from bot.settings import Settings
from bot.usecases.directory import blocks, everyone
from bot.usecases.import_roster import import_roster
from bot.usecases.launch import start_welcomes
from bot.usecases.rules import next_rules
from bot.usecases.upcoming import upcoming
from bot.usecases.who_is_there import reached


async def import_file(settings: Settings, file: Path, out: Console) -> None:
    """Import a roster file. Raises RosterError; then nothing has changed."""
    try:
        text = await asyncio.to_thread(file.read_text, encoding="utf-8")
    except UnicodeDecodeError:
        raise RosterError([f"{file} isn't in UTF-8. Save it as 'CSV UTF-8'."]) from None
    async with open_core(settings) as core:
        rows = read_roster(text, sorted(core.library.languages))
        with _progress(out) as progress:
            task = progress.add_task("Importing people", total=len(rows))
            done = await import_roster(
                core,
                rows,
                settings.wellbeing_organisation,
                lambda count: progress.update(task, completed=count),
            )
        rules = await next_rules(core)
    out.print(f"{done.added} added, {done.updated} updated, {done.left} left.")
    print_groups(done.blocks, rules, out)


def _progress(out: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=out
    )


async def show_roster(settings: Settings, out: Console) -> None:
    """Print everybody, and the groups that they're counted in."""
    async with open_core(settings) as core:
        people = await everyone(core)
        groups = await blocks(core)
        rules = await next_rules(core)
    if not people:
        out.print("Nobody yet. Import a roster: wellbeing roster import FILE")
        return
    table = Table("Name", "Team", "Roles", "Zone")
    for person in people:
        table.add_row(person.name, person.team, ", ".join(person.roles), person.zone)
    out.print(table)
    print_groups(groups, rules, out)


async def launch_bot(settings: Settings, out: Console) -> None:
    """Start the welcomes."""
    async with open_core(settings) as core:
        if not await everyone(core):
            raise RosterError(
                ["There is nobody to welcome yet. First: wellbeing roster import FILE"]
            )
        await start_welcomes(core)
        with_account, everybody_there = await reached(core)
    out.print("Launched. Each person gets their welcome once, in their own working time.")
    out.print(f"{with_account} of {everybody_there} people have an account and can be reached.")
    if with_account < everybody_there:
        out.print("The others get theirs once they have one. More is said by: wellbeing doctor")


def check_prompts(folder: Path, own: Path | None, out: Console) -> None:
    """Check the texts, and an organisation's own places to turn if there are any.

    Raises ContentError with a sentence for each problem.
    """
    library, today = load_library(folder, own), datetime.now(UTC).date()
    problems = check_library(library, today)
    if problems:
        raise ContentError(problems)
    for language, texts in library.languages.items():
        out.print(
            f"{language}: {len(texts.phrases.keys)} sentences, "
            f"{len(texts.check_ins.openings)} check-in openings, {len(texts.reflections)} "
            f"reflections, {len(texts.pulse_items)} pulse questions, resources for "
            f"{len(texts.resource_lists)} regions. All is well."
        )
    for review in reviews(library):
        if review.is_soon(today):
            out.print(f"{review.finding(today)} {review.request}", soft_wrap=True, markup=False)


def write_schemas(folder: Path, out: Console) -> None:
    """Write one JSON schema for each kind of prompt file."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in json_schemas().items():
        path = folder / f"{name}.json"
        path.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        out.print(f"{path}", soft_wrap=True, markup=False)


async def show_programmes(settings: Settings, out: Console) -> None:
    """Print the next firing of each programme in each zone."""
    async with open_core(settings) as core:
        found = await upcoming(core, core.clock.now())
    if not found:
        out.print("Nobody yet, so nothing goes out. Import a roster: wellbeing roster import FILE")
        return
    table = Table("Programme", "Zone", "Local time", "In UTC")
    for item in found:
        local = item.slot.instant.astimezone(ZoneInfo(item.zone))
        table.add_row(
            item.programme.id, item.zone, f"{local:%a %d %b %H:%M}", f"{item.slot.instant:%a %H:%M}"
        )
    out.print(table)
