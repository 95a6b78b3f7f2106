"""The command line: `wellbeing`."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.commands_deliveries import deliveries_app
from bot.commands_keys import keys_app
from bot.commands_simulate import simulate_app
from bot.commands_summaries import summaries_app
from bot.commands_support import support_app
from bot.terminal import kindly, out, say, settings_of_the_environment

app = typer.Typer(
    help="Wellbeing Warrior: kind check-ins and anonymous pulses in chat.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
roster_app = typer.Typer(help="The people and teams that the bot knows.", no_args_is_help=True)
prompts_app = typer.Typer(help="The texts that people read.", no_args_is_help=True)
programmes_app = typer.Typer(help="What is sent, and when.", no_args_is_help=True)
db_app = typer.Typer(help="The database.", no_args_is_help=True)
slack_app = typer.Typer(help="The app at Slack.", no_args_is_help=True)
teams_app = typer.Typer(help="The app in Microsoft Teams.", no_args_is_help=True)
app.add_typer(roster_app, name="roster")
app.add_typer(prompts_app, name="prompts")
app.add_typer(programmes_app, name="programmes")
app.add_typer(deliveries_app, name="deliveries")
app.add_typer(summaries_app, name="summaries")
app.add_typer(support_app, name="support")
app.add_typer(keys_app, name="keys")
app.add_typer(db_app, name="db")
app.add_typer(slack_app, name="slack")
app.add_typer(teams_app, name="teams")
app.add_typer(simulate_app, name="simulate")

RosterFile = Annotated[
    Path,
    typer.Argument(
        help="A CSV file with the columns name, email, team, manager, zone, region, "
        "working days, language, and roles and channel if you like.",
        exists=True,
        dir_okay=False,
        readable=True,
    ),
]


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
    with kindly():
        settings = settings_of_the_environment()
        from bot import processes  # noqa: PLC0415

        asyncio.run(processes.run(settings, processes.Role(role), with_example=example, say=say))


@roster_app.command("import")
def roster_import(file: RosterFile) -> None:
    """Make the roster equal to a CSV file. Nothing is imported if any row is bad."""
    with kindly():
        settings = settings_of_the_environment()
        from bot.cli import import_file  # noqa: PLC0415

        asyncio.run(import_file(settings, file, out))


@roster_app.command("show")
def roster_show() -> None:
    """Show people, teams, and how many are counted together in pulses."""
    with kindly():
        settings = settings_of_the_environment()
        from bot.cli import show_roster  # noqa: PLC0415

        asyncio.run(show_roster(settings, out))


@roster_app.command("sync")
def roster_sync() -> None:
    """Ask Slack who is there, as the bot does every few hours by itself."""
    with kindly():
        settings = settings_of_the_environment()
        from bot.cli_sync import sync_roster  # noqa: PLC0415

        asyncio.run(sync_roster(settings, out))


@app.command()
def launch() -> None:
    """Start the welcomes: until then, nobody is written to."""
    with kindly():
        settings = settings_of_the_environment()
        from bot.cli import launch_bot  # noqa: PLC0415

        asyncio.run(launch_bot(settings, out))


@prompts_app.command("check")
def prompts_check(
    folder: Annotated[
        Path | None, typer.Argument(help="The prompts folder; WELLBEING_PROMPTS if left out.")
    ] = None,
) -> None:
    """Check every text: schema, lengths, ids, placeholders, and resources due for review."""
    with kindly():
        settings = settings_of_the_environment()
        from bot.cli import check_prompts  # noqa: PLC0415

        prompts = folder or settings.wellbeing_prompts
        check_prompts(prompts, settings.wellbeing_resources, out)


@prompts_app.command("schema")
def prompts_schema(
    folder: Annotated[
        Path, typer.Argument(help="Where to write one JSON schema for each kind of file.")
    ] = Path("prompts/schema"),
) -> None:
    """Write the schema of the prompt files, for editors that check YAML as you type."""
    with kindly():
        from bot.cli import write_schemas  # noqa: PLC0415

        write_schemas(folder, out)


@programmes_app.command("next")
def programmes_next() -> None:
    """Show what goes out when, in each time zone that people live in."""
    with kindly():
        settings = settings_of_the_environment()
        from bot.cli import show_programmes  # noqa: PLC0415

        asyncio.run(show_programmes(settings, out))


@app.command()
def rules() -> None:
    """Show the rules that keep pulses anonymous, since when they hold, and how they were raised."""
    with kindly():
        settings = settings_of_the_environment()
        from bot.cli_rules import show_rules  # noqa: PLC0415

        asyncio.run(show_rules(settings, out))


@db_app.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the present schema."""
    with kindly():
        settings = settings_of_the_environment()
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
    with kindly():
        settings = settings_of_the_environment()
        from bot.cli_slack import Wanted, print_manifest  # noqa: PLC0415

        print_manifest(settings, Wanted(public_url, socket_mode, many_workspaces), out)


@teams_app.command("package")
def teams_package(
    *,
    output: Annotated[Path, typer.Option(help="The file to write.", dir_okay=False)] = Path(
        "wellbeing-teams.zip"
    ),
    website: Annotated[
        str | None,
        typer.Option(help="Your page about the bot, for people; PUBLIC_URL if left out."),
    ] = None,
    privacy: Annotated[
        str | None, typer.Option(help="Your page about privacy; that of --website if left out.")
    ] = None,
    terms: Annotated[
        str | None, typer.Option(help="Your terms of use; the page of --website if left out.")
    ] = None,
    app_version: Annotated[
        str | None,
        typer.Option(
            help="The package's version, such as 1.2.3; the bot's if left out. Teams takes a "
            "changed package only with a higher one."
        ),
    ] = None,
) -> None:
    """Write the package that sets the app up in Teams."""
    with kindly():
        settings = settings_of_the_environment()
        from bot.cli_teams import Wanted, write_package  # noqa: PLC0415

        write_package(settings, Wanted(website, privacy, terms, app_version), output, out)


@app.command()
def doctor() -> None:
    """Check settings, database, keys, texts, Slack and Teams. Sends nothing to anybody."""
    from bot.cli_doctor import examine  # noqa: PLC0415

    if not asyncio.run(examine(out)):
        raise typer.Exit(1)


def main() -> None:
    """The entry point of the `wellbeing` command."""
    os.umask(0o077)  # what the bot writes is for the bot alone
    app()


if __name__ == "__main__":
    main()
