"""`wellbeing keys`, and starts that are refused for want of the right secrets."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters.keyring import FileTallyingKeyring
from bot.domain.wrapped_keys import Signing, Verifying, Wrapping
from bot.store.database import Database
from tests.support.keys import TALLYING, in_tables

ROOT = Path(__file__).parent.parent.parent
LINE = re.compile(r"^(WELLBEING_\w+)=(\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Shell:
    """Runs the real command in a folder of its own, with nothing from our environment."""

    folder: Path

    def run(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=self.folder,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(ROOT),
                "WELLBEING_DATA": str(self.folder / "var"),
                "WELLBEING_PROMPTS": str(ROOT / "prompts"),
                "DATABASE_URL": f"sqlite:///{self.folder / 'wellbeing.db'}",
                **settings,
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stdout + done.stderr
        return done


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def test_new_secrets_are_grouped_by_process_and_belong_together(shell: Shell) -> None:
    first, second = shell.run("keys", "new").stdout, shell.run("keys", "new").stdout
    web, worker = first.split("# The environment of every worker process:")
    assert [name for name, _ in LINE.findall(web)] == [
        "WELLBEING_COLLECTING_SECRET",
        "WELLBEING_TALLYING_PUBLIC",
    ]
    [(name, tallying)] = LINE.findall(worker)
    assert name == "WELLBEING_TALLYING_SECRET"
    found = dict(LINE.findall(first))
    assert Signing(tallying).public == found["WELLBEING_TALLYING_PUBLIC"]
    Wrapping("collecting", found["WELLBEING_COLLECTING_SECRET"])
    Verifying(found["WELLBEING_TALLYING_PUBLIC"])
    assert not set(found.values()) & set(dict(LINE.findall(second)).values())
    assert "no process may have both secrets" in first
    assert list(shell.folder.iterdir()) == [], "they are kept nowhere"


async def test_forgetting_destroys_the_keys_of_open_rounds_in_files(shell: Shell) -> None:
    keyring = FileTallyingKeyring(shell.folder / "var" / "keys")
    await keyring.create("r1")
    done = shell.run("keys", "forget", "--yes")
    assert done.returncode == 0
    assert "The keys of r1 are destroyed." in done.stdout
    assert await keyring.rounds() == frozenset()
    assert "no pulse is open" in shell.run("keys", "forget", "--yes").stdout


async def test_forgetting_asks_first(shell: Shell) -> None:
    keyring = FileTallyingKeyring(shell.folder / "var" / "keys")
    await keyring.create("r1")
    assert shell.run("keys", "forget").returncode != 0
    assert await keyring.rounds() == {"r1"}


async def test_forgetting_needs_no_secret_where_keys_are_wrapped(
    shell: Shell, postgres_url: str
) -> None:
    database = Database(postgres_url)
    try:
        await in_tables(database)[1].create("r1")
        done = shell.run("keys", "forget", "--yes", DATABASE_URL=postgres_url)
        assert "The keys of r1 are destroyed." in done.stdout
        assert await in_tables(database)[1].rounds() == frozenset()
    finally:
        await database.close()


@pytest.mark.parametrize(
    ("role", "name"),
    [("web", "WELLBEING_COLLECTING_SECRET"), ("worker", "WELLBEING_TALLYING_SECRET")],
)
def test_a_process_without_its_secret_does_not_start(shell: Shell, role: str, name: str) -> None:
    public = Signing(TALLYING).public
    done = shell.run(
        "run", "--role", role,
        DATABASE_URL="postgresql://nobody@127.0.0.1:1/x", WELLBEING_TALLYING_PUBLIC=public,
    )  # fmt: skip
    assert done.returncode == 1
    [sentence] = done.stderr.strip().splitlines()
    assert sentence.startswith(f"{name} is missing")


def test_a_web_process_with_the_workers_secret_does_not_start(shell: Shell) -> None:
    done = shell.run(
        "run", "--role", "web",
        DATABASE_URL="postgresql://nobody@127.0.0.1:1/x",
        **dict(LINE.findall(shell.run("keys", "new").stdout)),
    )  # fmt: skip
    assert done.returncode == 1
    [sentence] = done.stderr.strip().splitlines()
    assert sentence.startswith("WELLBEING_TALLYING_SECRET doesn't belong here")
