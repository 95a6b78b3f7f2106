"""The real command, as somebody would type it in a folder of their own."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Ran:
    status: int
    out: str
    err: str

    @property
    def wrong(self) -> list[str]:
        """Names of the checks that aren't well."""
        return re.findall(r"^not well  ([^:]+):", self.out, re.MULTILINE)


@dataclass(frozen=True)
class Shell:
    """Runs the real command in a folder of its own, with nothing from our environment."""

    folder: Path
    keys: Path

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'wellbeing.db'}"

    async def run(self, *arguments: str, **settings: str) -> Ran:
        return await asyncio.to_thread(self._run, *arguments, **settings)

    def _run(self, *arguments: str, **settings: str) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=self.folder,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(ROOT),
                "WELLBEING_PROMPTS": str(ROOT / "prompts"),
                "WELLBEING_KEYS": str(self.keys),
                "DATABASE_URL": self.url,
                **settings,
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stdout + done.stderr
        return Ran(done.returncode, done.stdout, done.stderr)
