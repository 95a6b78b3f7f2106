from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings
from bot.settings_checks import load_settings

ROOT = Path(__file__).parent.parent.parent
HEADER = "name,email,team,manager,zone,region,working days,language"
GOOD = f"""{HEADER}
Boss,boss@example.org,Services / Housing,,Europe/London,England,mon-fri,en
Ann,ann@example.org,Services / Housing,boss@example.org,Africa/Cairo,EG,mon-thu,en
"""
BAD = f"""{HEADER}
Boss,boss@example.org,Services / Housing,,Europe/London,England,mon-fri,en
Ann,ann@example.org,Services / Housing,boss@example.org,Mars,England,mon-fri,en
Bob,bob@example.org,,boss@example.org,Europe/London,Atlantis,mon-fri,en
"""


@dataclass(frozen=True)
class Ran:
    """What a command printed, and how it ended."""

    status: int
    out: str
    err: str

    @property
    def sentences(self) -> list[str]:
        return self.err.strip().splitlines()


@dataclass(frozen=True)
class Shell:
    """Runs the real command in a folder of its own, with nothing from our environment."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str, **settings: str) -> Ran:
        return self.python("-m", "bot", *arguments, **settings)

    def python(self, *arguments: str, **settings: str) -> Ran:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env={**self._environment(), **settings},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stdout + done.stderr
        return Ran(done.returncode, done.stdout, done.stderr)

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "PYTHONPATH": str(ROOT),
            "COLUMNS": "250",
            "TERM": "dumb",
            "DATABASE_URL": f"sqlite:///{self.folder / 'var' / 'wellbeing.db'}",
            "WELLBEING_DATA": str(self.folder / "var"),
            "WELLBEING_PROMPTS": str(ROOT / "prompts"),
            **self.environment,
        }

    def write(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text, encoding="utf-8")
        return name


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


@pytest.fixture(scope="module")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> tuple[Shell, Ran]:
    """A small organisation, and what its import printed."""
    shell = Shell(tmp_path_factory.mktemp("organisation"))
    return shell, shell.run("roster", "import", shell.write("people.csv", GOOD))


# --- help ----------------------------------------------------------------------------------


def test_help_lists_the_verbs(shell: Shell) -> None:
    ran = shell.run("--help")
    assert ran.status == 0
    for verb in ("run", "launch", "roster", "prompts", "programmes", "db"):
        assert f" {verb} " in ran.out


def test_help_on_a_group_lists_its_verbs_with_a_sentence_each(shell: Shell) -> None:
    ran = shell.run("roster", "--help")
    assert ran.status == 0
    assert "Make the roster equal to a CSV file" in ran.out
    assert "Show people, teams" in ran.out


def test_help_loads_nothing_heavy(shell: Shell) -> None:
    script = """
import sys
from bot.__main__ import app
app(["--help"], standalone_mode=False)
print("loaded:", *sorted({name.partition(".")[0] for name in sys.modules}))
"""
    ran = shell.python("-c", script)
    loaded = set(ran.out.partition("loaded:")[2].split())
    assert "typer" in loaded
    assert not loaded & {"aiohttp", "sqlalchemy", "sqlmodel", "alembic", "apscheduler", "holidays"}


@pytest.mark.parametrize("arguments", [["dance"], ["roster", "import", "nowhere.csv"]])
def test_a_command_that_can_not_be_understood_is_refused_with_a_usage_line(
    shell: Shell, arguments: list[str]
) -> None:
    ran = shell.run(*arguments)
    assert ran.status == 2
    assert "Usage:" in ran.err


# --- the roster ----------------------------------------------------------------------------


def test_a_good_roster_is_imported_and_counted(organisation: tuple[Shell, Ran]) -> None:
    _, ran = organisation
    assert ran.status == 0
    assert "2 added, 0 updated, 0 left." in ran.out
    assert "nothing: fewer than 8" in ran.out


def test_the_roster_is_shown_as_it_was_imported(organisation: tuple[Shell, Ran]) -> None:
    shell, _ = organisation
    ran = shell.run("roster", "show")
    assert ran.status == 0
    for word in ("Ann", "Boss", "Housing", "manager", "Africa/Cairo", "Europe/London"):
        assert word in ran.out


def test_a_bad_roster_names_every_bad_row_and_imports_nobody(shell: Shell) -> None:
    ran = shell.run("roster", "import", shell.write("people.csv", BAD))
    assert ran.status == 1
    assert ran.sentences == [
        "Line 3: 'Mars' isn't a time zone; write it like Europe/London.",
        "Line 4: needs a team, such as 'Services / Housing advice'.",
        "Line 4: region 'Atlantis' isn't known; write England, GB-ENG or IE.",
    ]
    with closing(sqlite3.connect(shell.folder / "var" / "wellbeing.db")) as database:
        assert database.execute("SELECT count(*) FROM person").fetchone() == (0,)


def test_a_roster_in_another_encoding_is_refused_in_one_sentence(shell: Shell) -> None:
    (shell.folder / "people.csv").write_bytes(GOOD.replace("Ann", "Zoë").encode("latin-1"))
    ran = shell.run("roster", "import", "people.csv")
    assert ran.status == 1
    assert ran.sentences == ["people.csv isn't in UTF-8. Save it as 'CSV UTF-8'."]


# --- programmes, prompts and the database --------------------------------------------------


def test_what_goes_out_next_is_listed_for_each_zone(organisation: tuple[Shell, Ran]) -> None:
    shell, _ = organisation
    ran = shell.run("programmes", "next")
    assert ran.status == 0
    for programme in ("welcome", "check-in-daily", "check-in-weekly", "reflection", "pulse"):
        listed = [line for line in ran.out.splitlines() if f" {programme} " in line]
        assert len(listed) == 2
        assert "Africa/Cairo" in "".join(listed)
        assert "Europe/London" in "".join(listed)


def test_the_welcomes_are_started_when_there_are_people(organisation: tuple[Shell, Ran]) -> None:
    shell, _ = organisation
    ran = shell.run("launch")
    assert ran.status == 0
    assert ran.out.startswith("Launched. Each person gets their welcome once")
    assert "0 of 2 people have an account and can be reached." in ran.out


def test_the_welcomes_are_not_started_for_nobody(shell: Shell) -> None:
    ran = shell.run("launch")
    assert ran.status == 1
    assert ran.sentences == ["There is nobody to welcome yet. First: wellbeing roster import FILE"]


def test_good_prompts_pass_the_check(shell: Shell) -> None:
    ran = shell.run("prompts", "check")
    assert ran.status == 0
    assert "24 reflections" in ran.out
    assert "All is well." in ran.out


OWN = """
source: "The intranet"
owner: "Ann in Human Resources"
reviewed_on: 2026-01-01
review_by: {due}
resources:
  - name: "Employee assistance"
    text: "Somebody to talk to: 0800 555 0100."
    url: "{url}"
"""


def own_resources(shell: Shell, due_in: timedelta, url: str = "tel:08005550100") -> str:
    """The file of an organisation's own places to turn, due for review in so many days."""
    due = datetime.now(UTC).date() + due_in
    return shell.write("own.yaml", OWN.format(due=due, url=url))


def test_the_organisations_own_places_to_turn_are_checked(shell: Shell) -> None:
    own = own_resources(shell, timedelta(days=-1))
    ran = shell.run("prompts", "check", WELLBEING_RESOURCES=own)
    (sentence,) = ran.sentences
    assert ran.status == 1
    assert sentence.startswith("own.yaml was due for review on ")
    assert "Ann in Human Resources: please check every number" in sentence


def test_their_owner_is_told_a_month_before(shell: Shell) -> None:
    own = own_resources(shell, timedelta(days=20))
    ran = shell.run("prompts", "check", WELLBEING_RESOURCES=own)
    assert (ran.status, ran.err) == (0, "")
    assert "own.yaml is due for review by " in ran.out
    assert "Ann in Human Resources: please check every number" in ran.out


def test_a_mistake_in_them_is_told_at_start(shell: Shell) -> None:
    own = own_resources(shell, timedelta(days=20), url="0800 555 0100")
    ran = shell.run("programmes", "next", WELLBEING_RESOURCES=own)
    assert ran.status == 1
    assert [each.partition(": Value error")[0] for each in ran.sentences] == [
        "own.yaml: resources, entry 1, url"
    ]


def test_without_them_the_setting_may_be_empty(shell: Shell) -> None:
    assert shell.run("prompts", "check", WELLBEING_RESOURCES="").status == 0


def test_bad_prompts_fail_the_check_with_their_file(shell: Shell) -> None:
    prompts = shutil.copytree(ROOT / "prompts", shell.folder / "prompts")
    (prompts / "en" / "reflections.yaml").write_text("reflections: []")
    ran = shell.run("prompts", "check", "prompts")
    assert ran.status == 1
    (sentence,) = ran.sentences
    assert sentence.startswith("prompts/en/reflections.yaml: reflections: ")


def test_the_database_is_upgraded_and_upgrading_again_is_harmless(shell: Shell) -> None:
    for _ in range(2):
        ran = shell.run("db", "upgrade")
        assert (ran.status, ran.out) == (0, "The database is up to date.\n")
    assert (shell.folder / "var" / "wellbeing.db").is_file()


# --- settings ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "abc"), ("DATABASE_URL", "mysql://bot:hunter2@example.org/all")]
)
def test_a_bad_setting_stops_the_start_with_one_sentence_and_without_its_value(
    shell: Shell, name: str, value: str
) -> None:
    ran = shell.run("run", SLACK_BOT_TOKEN="xoxb-sesame", **{name: value})
    assert ran.status == 1
    (sentence,) = ran.sentences
    assert sentence.startswith(f"{name} can't be used: ")
    assert sentence.endswith(".")
    assert ran.out == ""
    assert "hunter2" not in ran.err
    assert "sesame" not in ran.err


def test_the_playground_is_never_started_for_other_machines(shell: Shell) -> None:
    ran = shell.run("run", HOST="0.0.0.0")  # noqa: S104
    assert ran.status == 1
    (sentence,) = ran.sentences
    assert sentence.startswith("HOST is 0.0.0.0, but in the playground anybody may be anybody")


@pytest.fixture
def no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """This process without any setting: the rest of the cases need no process of their own."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    return monkeypatch


def problems() -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_settings()
    return caught.value.problems


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "-1"),
        ("PORT", "70000"),
        ("PORT", "hunter2"),
        ("PORT", ""),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "mysql://bot:hunter2@example.org/all"),
        ("DATABASE_URL", "postgresql://bot:hunter2@example.org"),
        ("LOG_LEVEL", "hunter2"),
        ("LOG_FORMAT", "hunter2"),
        ("WELLBEING_PLAYGROUND", "hunter2"),
        ("WELLBEING_TICK_SECONDS", "0"),
        ("WELLBEING_TICK_SECONDS", "hunter2"),
    ],
)
def test_a_setting_that_can_not_be_used_is_named_without_its_value(
    no_settings: pytest.MonkeyPatch, name: str, value: str
) -> None:
    no_settings.setenv(name, value)
    (sentence,) = problems()
    assert sentence.startswith(f"{name} can't be used: ")
    assert sentence.endswith(".")
    assert "hunter2" not in sentence


def test_every_bad_setting_has_its_sentence(no_settings: pytest.MonkeyPatch) -> None:
    for name in ("PORT", "LOG_LEVEL", "LOG_FORMAT"):
        no_settings.setenv(name, "no such thing")
    named = {sentence.partition(" ")[0] for sentence in problems()}
    assert named == {"PORT", "LOG_LEVEL", "LOG_FORMAT"}


def test_settings_are_read_from_an_env_file_too(
    no_settings: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("PORT=9\nLOG_LEVEL=error\nSOMETHING_ELSE=1\n")
    no_settings.setenv("LOG_LEVEL", "debug")
    settings = load_settings()
    assert (settings.port, settings.log_level) == (9, "debug")


def test_printing_settings_shows_no_secret(no_settings: pytest.MonkeyPatch) -> None:
    no_settings.setenv("SLACK_BOT_TOKEN", "xoxb-sesame")
    no_settings.setenv("SLACK_SIGNING_SECRET", "sesame")
    settings = load_settings()
    assert settings.slack_bot_token == "xoxb-sesame"
    assert "sesame" not in f"{settings!r} {settings}"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]"])
def test_the_playground_may_be_served_to_this_machine(
    no_settings: pytest.MonkeyPatch, host: str
) -> None:
    no_settings.setenv("HOST", host)
    assert load_settings().has_playground


@pytest.mark.parametrize(
    "host",
    ["0.0.0.0", "::", "192.168.1.5", "example.org", "127.0.0.1.example.org", ""],  # noqa: S104
)
def test_the_playground_is_refused_to_other_machines(
    no_settings: pytest.MonkeyPatch, host: str
) -> None:
    no_settings.setenv("HOST", host)
    (sentence,) = problems()
    assert sentence.startswith(f"HOST is {host}, but in the playground anybody may be anybody")


def test_beside_a_real_platform_the_playground_is_off_unless_asked_for(
    no_settings: pytest.MonkeyPatch,
) -> None:
    no_settings.setenv("SLACK_BOT_TOKEN", "xoxb-sesame")
    no_settings.setenv("SLACK_SIGNING_SECRET", "sesame")
    assert not load_settings().has_playground
    no_settings.setenv("WELLBEING_PLAYGROUND", "on")
    assert load_settings().has_playground


def test_without_the_playground_any_address_will_do(no_settings: pytest.MonkeyPatch) -> None:
    no_settings.setenv("WELLBEING_PLAYGROUND", "off")
    no_settings.setenv("HOST", "0.0.0.0")  # noqa: S104
    assert not load_settings().has_playground
