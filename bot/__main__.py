"""The command line: `wellbeing`."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console

from bot.errors import WellbeingError

if TYPE_CHECKING:
    from bot.settings import Settings

app = typer.Typer(
    help="Wellbeing Warrior: kind check-ins and anonymous pulses in chat.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
roster_app = typer.Typer(help="The people and teams that the bot knows.", no_args_is_help=True)
prompts_app = typer.Typer(help="The texts that people read.", no_args_is_help=True)
programmes_app = typer.Typer(help="What is sent, and when.", no_args_is_help=True)
deliveries_app = typer.Typer(
    help="How sending goes: what was sent, what waits, what failed and why. Nobody's names."
)
keys_app = typer.Typer(help="The secrets of web and worker, and lost ones.", no_args_is_help=True)
db_app = typer.Typer(help="The database.", no_args_is_help=True)
slack_app = typer.Typer(help="The app at Slack.", no_args_is_help=True)
simulate_app = typer.Typer(
    help="Try the rules out on made-up people. Needs no settings and no database.",
    no_args_is_help=True,
)
app.add_typer(roster_app, name="roster")
app.add_typer(prompts_app, name="prompts")
app.add_typer(programmes_app, name="programmes")
app.add_typer(deliveries_app, name="deliveries")
app.add_typer(keys_app, name="keys")
app.add_typer(db_app, name="db")
app.add_typer(slack_app, name="slack")
app.add_typer(simulate_app, name="simulate")

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

RosterFile = Annotated[
    Path,
    typer.Argument(
        help="A CSV file with the columns name, email, team, manager, zone, region, "
        "working days, language, and roles if you like.",
        exists=True,
        dir_okay=False,
        readable=True,
    ),
]

Days = Annotated[int, typer.Option(min=1, max=366, help="How many days to look back.")]
OfProgramme = Annotated[
    str | None, typer.Option("--programme", help="Only of this programme, such as check-in-daily.")
]
AtLocalTime = Annotated[
    str | None, typer.Option("--at", help="Only of this local time, such as 2026-11-23T09:30.")
]
ForReason = Annotated[
    str | None, typer.Option("--reason", help="Only what failed for this reason, such as refused.")
]


@contextmanager
def _kindly() -> Iterator[None]:
    """Turn the project's errors into sentences and exit status 1."""
    try:
        yield
    except WellbeingError as error:
        err.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None


def _say(sentence: str) -> None:
    out.print(sentence, soft_wrap=True, markup=False)


def _settings() -> Settings:
    from bot.logs import configure_logging  # noqa: PLC0415 - `--help` stays fast
    from bot.settings import load_settings  # noqa: PLC0415

    settings = load_settings()
    configure_logging(settings.log_level, settings.log_format)
    return settings


@app.command()
def run(
    *,
    example: Annotated[
        bool, typer.Option(help="Load an example organisation if there are no people yet.")
    ] = False,
    role: Annotated[
        Literal["all", "web", "worker"],
        typer.Option(
            help="What this process does: web serves pages, worker plans and sends. "
            "On SQLite one process does everything."
        ),
    ] = "all",
) -> None:
    """Run the bot until it is stopped (Ctrl+C)."""
    with _kindly():
        settings = _settings()
        from bot import processes  # noqa: PLC0415

        asyncio.run(processes.run(settings, processes.Role(role), with_example=example, say=_say))


@roster_app.command("import")
def roster_import(file: RosterFile) -> None:
    """Make the roster equal to a CSV file. Nothing is imported if any row is bad."""
    with _kindly():
        settings = _settings()
        from bot.cli import import_file  # noqa: PLC0415

        asyncio.run(import_file(settings, file, out))


@roster_app.command("show")
def roster_show() -> None:
    """Show people, teams, and how many are counted together in pulses."""
    with _kindly():
        settings = _settings()
        from bot.cli import show_roster  # noqa: PLC0415

        asyncio.run(show_roster(settings, out))


@roster_app.command("sync")
def roster_sync() -> None:
    """Ask Slack who is there, as the bot does every few hours by itself."""
    with _kindly():
        settings = _settings()
        from bot.cli_slack import sync_roster  # noqa: PLC0415

        asyncio.run(sync_roster(settings, out))


@app.command()
def launch() -> None:
    """Start the welcomes: until then, nobody is written to."""
    with _kindly():
        settings = _settings()
        from bot.cli import launch_bot  # noqa: PLC0415

        asyncio.run(launch_bot(settings, out))


@prompts_app.command("check")
def prompts_check(
    folder: Annotated[
        Path | None, typer.Argument(help="The prompts folder; WELLBEING_PROMPTS if left out.")
    ] = None,
) -> None:
    """Check every text: schema, lengths, ids, placeholders, and resources due for review."""
    with _kindly():
        settings = _settings()
        from bot.cli import check_prompts  # noqa: PLC0415

        check_prompts(folder or settings.wellbeing_prompts, out)


@prompts_app.command("schema")
def prompts_schema(
    folder: Annotated[
        Path, typer.Argument(help="Where to write one JSON schema for each kind of file.")
    ] = Path("prompts/schema"),
) -> None:
    """Write the schema of the prompt files, for editors that check YAML as you type."""
    with _kindly():
        from bot.cli import write_schemas  # noqa: PLC0415

        write_schemas(folder, out)


@programmes_app.command("next")
def programmes_next() -> None:
    """Show what goes out when, in each time zone that people live in."""
    with _kindly():
        settings = _settings()
        from bot.cli import show_programmes  # noqa: PLC0415

        asyncio.run(show_programmes(settings, out))


@deliveries_app.callback(invoke_without_command=True)
def deliveries(
    context: typer.Context,
    *,
    watch: Annotated[
        bool, typer.Option("--watch", help="Show progress until all that is due was sent.")
    ] = False,
    days: Days = 7,
) -> None:
    if context.invoked_subcommand is not None:
        return
    with _kindly(), suppress(KeyboardInterrupt):
        settings = _settings()
        from bot import cli_deliveries  # noqa: PLC0415

        show = cli_deliveries.watch if watch else cli_deliveries.show
        asyncio.run(show(settings, days, out))


@deliveries_app.command("retry")
def deliveries_retry(
    *,
    programme: OfProgramme = None,
    at: AtLocalTime = None,
    reason: ForReason = None,
    days: Days = 7,
) -> None:
    """Send what failed once more, unless it is too late for it."""
    with _kindly():
        settings = _settings()
        from bot.cli_deliveries import retry_some  # noqa: PLC0415
        from bot.domain.outcomes import Choice  # noqa: PLC0415

        asyncio.run(retry_some(settings, days, Choice(programme, at, reason), out))


@deliveries_app.command("expire")
def deliveries_expire(
    *,
    programme: OfProgramme = None,
    at: AtLocalTime = None,
    reason: ForReason = None,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
    days: Days = 7,
) -> None:
    """Call off what waits or failed: nobody gets it any more."""
    with _kindly():
        settings = _settings()
        from bot.cli_deliveries import expire_some  # noqa: PLC0415
        from bot.domain.outcomes import Choice  # noqa: PLC0415

        choice = Choice(programme, at, reason)
        asyncio.run(
            expire_some(
                settings, days, choice, out, lambda question: yes or typer.confirm(question)
            )
        )


@app.command()
def rules() -> None:
    """Show the rules that keep pulses anonymous, since when they hold, and how they were raised."""
    with _kindly():
        settings = _settings()
        from bot.cli_rules import show_rules  # noqa: PLC0415

        asyncio.run(show_rules(settings, out))


@keys_app.command("new")
def keys_new() -> None:
    """Print new secrets for web and worker on PostgreSQL, each with an environment of its own."""
    from bot.cli_keys import print_new_secrets  # noqa: PLC0415

    print_new_secrets(out)


@keys_app.command("vault")
def keys_vault() -> None:
    """Print a new key for the tokens of chat platforms, which are kept encrypted."""
    from bot.cli_keys import print_new_vault_key  # noqa: PLC0415

    print_new_vault_key(out)


@keys_app.command("forget")
def keys_forget(*, yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False) -> None:
    """Give open pulses up, when a secret is lost: their answers can never be read."""
    with _kindly():
        settings = _settings()
        from bot.cli_keys import forget_keys  # noqa: PLC0415

        if yes or typer.confirm("Destroy the keys of every open pulse, for good?"):
            asyncio.run(forget_keys(settings, out))


@simulate_app.command("anonymity")
def simulate_anonymity(
    *,
    people: Annotated[
        list[int], typer.Option(min=8, help="How many people; give it again for more sizes.")
    ] = [12, 40, 150, 1000, 20000],  # noqa: B006 - read by Typer, changed by nobody
    turnover: Annotated[
        list[float], typer.Option(min=0, max=100, help="How many of 100 leave in a year.")
    ] = [8, 18, 30],  # noqa: B006
    seed: Annotated[int, typer.Option(help="Another one makes other people.")] = 1,
    quick: Annotated[bool, typer.Option("--quick", help="Less of everything, less exact.")] = False,
    redraw: Annotated[
        bool, typer.Option("--redraw", help="Don't simulate: show what --results holds.")
    ] = False,
    results: Annotated[
        Path | None, typer.Option(help="A JSON file for what is found.", dir_okay=False)
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(help="An SVG file to draw.", dir_okay=False)
    ] = None,
    page: Annotated[
        Path | None, typer.Option(help="A Markdown file to write the table into.", dir_okay=False)
    ] = None,
) -> None:
    """Play a year of pulses with made-up people, and see what an attacker learns."""
    with _kindly():
        from bot import cli_simulate  # noqa: PLC0415
        from bot.simulation.study import study  # noqa: PLC0415

        wanted = cli_simulate.Wanted(people, turnover, seed, quick, results, picture, page, redraw)
        cli_simulate.simulate_anonymity(wanted, study, out)


@db_app.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the present schema."""
    with _kindly():
        settings = _settings()
        from bot.store.migrate import upgrade  # noqa: PLC0415

        upgrade(settings.database_url)
        out.print("The database is up to date.")


@slack_app.command("manifest")
def slack_manifest(
    *,
    public_url: Annotated[
        str | None,
        typer.Option(help="Where Slack reaches the bot; PUBLIC_URL if left out."),
    ] = None,
    socket_mode: Annotated[
        bool | None,
        typer.Option(
            "--socket-mode/--http",
            help="Whether the bot calls Slack, or Slack the bot; as SLACK_APP_TOKEN says if left "
            "out.",
        ),
    ] = None,
    many_workspaces: Annotated[
        bool | None,
        typer.Option(
            "--many-workspaces/--one-workspace",
            help="Whether it is installed from a page of the bot's; as SLACK_CLIENT_ID says if "
            "left out.",
        ),
    ] = None,
) -> None:
    """Print the manifest that sets the app up at Slack."""
    with _kindly():
        settings = _settings()
        from bot.cli_slack import Wanted, print_manifest  # noqa: PLC0415

        print_manifest(settings, Wanted(public_url, socket_mode, many_workspaces), out)


@app.command()
def doctor() -> None:
    """Check settings, database, keys, texts and Slack, and say what to mend. Sends nothing."""
    from bot.cli_doctor import examine  # noqa: PLC0415

    if not asyncio.run(examine(out)):
        raise typer.Exit(1)


def main() -> None:
    """The entry point of the `wellbeing` command."""
    os.umask(0o077)  # what the bot writes is for the bot alone
    app()


if __name__ == "__main__":
    main()
