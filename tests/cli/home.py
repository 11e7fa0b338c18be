"""A home with mail in it, as a sync would have left it, and the command line on it; no mail server behind."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from mailsync.engine.reading import read_mail
from mailsync.imap.pull import Fetched
from store.domain.ids import InboxKey
from store.local.rows import Cursor
from store.local.store import LocalStore
from tests.mado_forks import run_verb

PASSWORD = "correct-horse-battery"
INBOX = InboxKey("support")
SETTINGS = """
member = "{member}"

[[inbox]]
key = "support"
address = "support@example.jp"
name = "サポート"
mailboxes = ["INBOX"]
  [inbox.imap]
  host = "127.0.0.1"
  port = 1
  tls = "none"
  user = "support"
  password_command = "echo correct-horse-battery"
"""
START = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Said:
    """What a call of `mado` came to."""

    code: int
    rows: list[dict[str, Any]]
    out: str
    err: str


class Home:
    """One person's home; `close` ends the server that was started for it."""

    def __init__(self, path: Path, member: str = "") -> None:
        self.path = path
        self.path.mkdir(parents=True, exist_ok=True)
        self._uid = 0
        (path / "settings.toml").write_text(SETTINGS.replace('member = "{member}"\n', f'member = "{member}"\n' if member else ""))

    def receives(self, *, sender: str = "Hanako Tanaka <hanako@example.com>", subject: str, text: str = "hello", more: str = "") -> str:
        """A mail arrives and is synced; returns its Message-ID."""
        self._uid += 1
        message_id = f"<mail-{self._uid}@example.com>"
        at = START + timedelta(hours=self._uid)
        head = f"From: {sender}\r\nTo: support@example.jp\r\nSubject: {subject}\r\nMessage-ID: {message_id}\r\n"
        raw = f"{head}Date: {at:%a, %d %b %Y %H:%M:%S} +0900\r\nContent-Type: text/plain; charset=utf-8\r\n{more}\r\n{text}\r\n".encode()
        store = LocalStore.open(self.path)
        try:
            mail = read_mail(INBOX, Fetched(uid=self._uid, internaldate=at, flags=(), size_bytes=len(raw), raw=raw))
            store.commit_pull(INBOX, "INBOX", [mail], Cursor(1, self._uid))
            store.record_pulled(INBOX, datetime.now(UTC))
        finally:
            store.close()
        return message_id

    def mado(self, *arguments: str, stdin: str | None = None, json_lines: bool = True) -> Said:
        """Run one verb; its JSON lines come back as `rows`."""
        done = run_verb(["--home", str(self.path), *arguments, *(["--json"] if json_lines else [])], stdin=stdin, env=quiet())
        lines = done.stdout.splitlines() if json_lines else []
        return Said(done.returncode, [json.loads(line) for line in lines if line], done.stdout, done.stderr)

    def first(self) -> dict[str, Any]:
        """The newest conversation."""
        return self.mado("list").rows[0]

    def stop_server(self) -> None:
        """End the home's own servers, as a reboot would: also one that was about to start and has not taken the lock yet."""
        ours = ["--home", str(self.path), "server", "run", "--own"]
        for entry in Path("/proc").iterdir():
            with suppress(OSError):  # it ended while we looked
                if entry.name.isdecimal() and (entry / "cmdline").read_text(errors="replace").rstrip("\0").split("\0")[-5:] == ours:
                    os.kill(int(entry.name), signal.SIGTERM)


MADO: Sequence[str] = [sys.executable, "-m", "tui.entry"]


async def mado(home: Home, *arguments: str, stdin: str | None = None) -> Said:
    """`mado …` beside a server that runs in the test's own loop."""
    return await asyncio.to_thread(home.mado, *arguments, stdin=stdin)


def quiet() -> dict[str, str]:
    """An environment in which nobody's keyring is asked and words are English."""
    return {**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", "MADO_LANG": "en", "PYTHONUTF8": "1"}
