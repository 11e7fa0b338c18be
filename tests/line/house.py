"""A support team's house for one test: a real mailbox, a real MTA, one server, and members who joined with an invitation."""

import email
import email.policy
import json
import os
import re
import secrets
import signal
import smtplib
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Self

from guard import descendants_of
from imapclient import IMAPClient
from server_process import ServerProcess, free_port, new_folder
from start_dovecot import Dovecot, User
from start_exim import Exim

from tests.mado_forks import MadoServer, run_verb
from tests.mado_terminal import MadoTerminal
from tests.waiting import wait_until

MADO = [sys.executable, "-m", "tui.entry"]
QUIET = {
    # A developer's own keyring must neither be asked nor be filled.
    "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    "MADO_LANG": "en",
}

SETTINGS = """
[server]
name = "{name}"
listen = "127.0.0.1:{port}"

[[inbox]]
key = "support"
address = "{address}"
name = "Support"
mailboxes = ["INBOX"]
  [inbox.imap]
  host = "127.0.0.1"
  port = {imap_port}
  tls = "implicit"
  ca_file = "{imap_ca}"
  user = "{address}"
  password_command = "echo {password}"
  share_password = true
  [inbox.smtp]
  host = "127.0.0.1"
  port = {smtp_port}
  tls = "{smtp_tls}"
  ca_file = "{smtp_ca}"
  user = "{address}"
  password_command = "echo {password}"
"""


@dataclass(frozen=True)
class Agent:
    """A member with a home on a machine of their own."""

    key: str
    home: Path


class House:
    """with House(dovecot, exim) as house: sato = house.joins("Sato"); house.customer_writes("注文について", "…")"""

    def __init__(
        self, dovecot: Dovecot, exim: Exim, *, imap_port: int | None = None, smtp_clear_port: int | None = None, password: str = "pw"
    ) -> None:
        self.dovecot, self.exim = dovecot, exim
        self.root = new_folder("house")
        self.support: User = dovecot.add_user(f"support-{secrets.token_hex(4)}@example.test", password)
        self.customer: User = dovecot.add_user(f"hanako-{secrets.token_hex(4)}@example.test")
        exim.add_user(self.support)
        self.port = free_port()
        self.server_home = self.root / "server"
        self.server_home.mkdir()
        settings = SETTINGS.format(
            name="test house",
            port=self.port,
            address=self.support.name,
            imap_port=imap_port or dovecot.imaps_port,
            imap_ca=dovecot.tls.ca,
            smtp_port=smtp_clear_port or exim.submissions_port,
            smtp_tls="none" if smtp_clear_port else "implicit",
            smtp_ca="" if smtp_clear_port else exim.tls.ca,
            password=self.support.password,
        )
        (self.server_home / "settings.toml").write_text(settings)
        self.server: ServerProcess | None = None
        self.terminals: list[MadoTerminal] = []

    def __enter__(self) -> Self:
        self.start_server()
        return self

    def __exit__(self, *_: object) -> None:
        for terminal in self.terminals:
            terminal.__exit__()
        if self.server:
            self.server.stop(grace_seconds=5)

    # The server

    def start_server(self) -> None:
        """Return when the server takes calls."""
        self.server = MadoServer(self.server_home, self.root / "server.out", {**os.environ, **QUIET})
        server = self.server
        server.wait_until(lambda: server.has_said(b'"ready"'))

    def stop_server(self) -> None:
        """A graceful stop."""
        assert self.server
        self.server.stop(grace_seconds=10)

    def kill_server(self) -> None:
        """The power cut."""
        assert self.server
        self.server.kill()

    # Members

    def mado(self, home: Path, *words: str, stdin: str | None = None, expect: int | None = 0, seconds: float = 120) -> list[dict]:
        """Run a verb with --json and return its lines."""
        ran = run_verb(["--home", str(home), *words, "--json"], stdin=stdin, env={**os.environ, **QUIET}, seconds=seconds)
        assert expect is None or ran.returncode == expect, f"{words}: exit {ran.returncode}\n{ran.stdout}\n{ran.stderr}"
        return [json.loads(line) for line in ran.stdout.splitlines() if line.startswith(("{", "["))]

    def joins(self, name: str, *, role: str = "agent") -> Agent:
        """Add a member at the server and join a fresh home with the one invitation."""
        (added,) = self.mado(self.server_home, "member", "add", name, "--role", role)
        home = self.root / name.lower()
        self.mado(home, "join", added["invitation"])
        return Agent(added["member"]["key"] if isinstance(added["member"], dict) else added["member"], home)

    def opens_terminal(self, agent: Agent, *, columns: int = 120, rows: int = 36, **env: str) -> MadoTerminal:
        """Start `mado` in a terminal of its own; closed with the house."""
        terminal = MadoTerminal(["--home", str(agent.home)], columns=columns, rows=rows, env=QUIET | env)
        self.terminals.append(terminal)
        return terminal

    def leaves(self, terminal: MadoTerminal) -> None:
        """Close a terminal before the house."""
        self.terminals.remove(terminal)
        terminal.__exit__()

    def conversations(self, agent: Agent, query: Sequence[str] = ()) -> list[dict]:
        """What `mado list` says on an agent's machine."""
        return self.mado(agent.home, "list", *query)

    def at_server(self) -> list[dict]:
        """What `mado list` says in the server's home, which needs no join."""
        return self.mado(self.server_home, "outbox")

    # The customer

    def customer_writes(self, subject: str, body: str, *, in_reply_to: str = "", references: str = "", sender: str = "") -> str:
        """Deliver a mail of the customer into the shared mailbox; returns its Message-ID."""
        message = EmailMessage(policy=email.policy.SMTP)
        message["From"] = sender or f"山田花子 <{self.customer.name}>"
        message["To"] = self.support.name
        message["Subject"] = subject
        message["Date"] = format_datetime(datetime.now(UTC))
        message["Message-ID"] = f"<{secrets.token_hex(8)}@customer.example>"
        if in_reply_to:
            message["In-Reply-To"] = in_reply_to
            message["References"] = references or in_reply_to
        message.set_content(body)
        self.deliver(message.as_bytes())
        return str(message["Message-ID"])

    def deliver(self, raw: bytes) -> None:
        """Hand raw bytes to the shared mailbox, as the house's MTA would."""
        with smtplib.LMTP("127.0.0.1", self.dovecot.lmtp_port) as lmtp:
            lmtp.sendmail(self.customer.name, [self.support.name], raw)

    def mailbox(self, user: User, mailbox: str = "INBOX") -> list[EmailMessage]:
        """Everything in a mailbox, parsed by the standard library: an opinion that is not ours."""
        with IMAPClient("127.0.0.1", self.dovecot.imap_port, ssl=False) as client:
            client.login(user.name, user.password)
            client.select_folder(mailbox, readonly=True)
            uids = client.search()
            fetched = client.fetch(uids, ["BODY.PEEK[]"]) if uids else {}
            return [email.message_from_bytes(fetched[uid][b"BODY[]"], policy=email.policy.default) for uid in sorted(fetched)]

    def customer_received(self, count: int, seconds: float = 60) -> list[EmailMessage]:
        """Wait until the customer's own mailbox holds so many mails."""
        return wait_until(lambda: (mails := self.mailbox(self.customer)) and len(mails) >= count and mails, f"{count} mails at the customer", seconds)

    def unseen(self) -> int:
        """How many mails of the shared INBOX no client has marked as read."""
        with IMAPClient("127.0.0.1", self.dovecot.imap_port, ssl=False) as client:
            client.login(self.support.name, self.support.password)
            client.select_folder("INBOX", readonly=True)
            return len(client.search(["UNSEEN"]))


def journal_seq(house: House) -> int:
    """How far the server's journal is, read from its file: an opinion that is not ours."""
    with closing(sqlite3.connect(f"file:{house.server_home / 'team.db'}?mode=ro", uri=True, timeout=30)) as database:
        (seq,) = database.execute("SELECT max(seq) FROM journal").fetchone()
    return seq or 0


def kill_tree(pid: int) -> None:
    """SIGKILL a process and everything below it."""
    for each in [*descendants_of(pid), pid]:
        os.kill(each, signal.SIGKILL)


def plain(screen: str) -> str:
    """A screen without runs of blanks, to look for words in it."""
    return re.sub(r"[ \t]+", " ", screen)
