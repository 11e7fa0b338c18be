"""Mail and colleagues that mean harm: nothing of theirs steers a terminal, and a mail nobody can read is a conversation all the same."""

import contextlib
import os
import secrets
import select
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

import pyte
import pytest
from imapclient import IMAPClient

from tests.line.evil_mails import STEERING, evil_bounce, evil_invitation, evil_mail, forbidden_in
from tests.line.house import QUIET
from tests.line.seats import MAIL_SOON, SOON, Pair, eventually
from tests.mado_screen import on_a_terminal

QUIET_SECONDS = 0.15
CLEAR = b"\x1b[2J"
CSI = "\x1b["
"""Anything at all was painted."""


class RawScreen:
    """`mado` on a pseudo-terminal, and every byte it wrote."""

    def __init__(self, home: Path, *, columns: int = 100, rows: int = 30) -> None:
        self.written = b""
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        kept = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
        env = {**kept, **QUIET, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
        self._forked, self._terminal = on_a_terminal(["--home", str(home)], columns, rows, env)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._terminal)
        self._forked.kill()
        self._forked.wait(30)

    def press(self, keys: str, *wanted: str) -> None:
        """Send keys; return as soon as each of the words was written in answer, and a quiet moment came."""
        before = len(self.written)
        os.write(self._terminal, keys.encode())
        self.waits_for(*wanted, since=before)

    def waits_for(self, *wanted: str, since: int, seconds: float = 60) -> None:
        """Return as soon as each of the words was written behind that many bytes, and a quiet moment came."""
        until = time.monotonic() + seconds
        while not all(self._came(each, since) for each in wanted) or select.select([self._terminal], [], [], QUIET_SECONDS)[0]:
            assert time.monotonic() < until, f"{wanted} did not come: {self.written[since:]!r}"
            if select.select([self._terminal], [], [], 0.1)[0]:
                with contextlib.suppress(OSError):
                    piece = os.read(self._terminal, 65536)
                    self.written += piece
                    self._stream.feed(piece)

    def _came(self, words: str, since: int) -> bool:
        """Whether they were written in one piece since then, or something was, and they stand there: of a line only what is another is written."""
        shown = "\n".join("".join(row[column].data for column in range(self._screen.columns)) for row in self._screen.buffer.values())
        return words.encode() in self.written[since:] or (len(self.written) > since and words in shown)


def test_nothing_in_a_mail_or_a_comment_steers_the_terminal(pair: Pair) -> None:
    token = f"zq{secrets.token_hex(3)}"
    pair.house.deliver(evil_mail(token, to=pair.house.support.name, sender=pair.house.customer.name))
    for seat in pair.seats:
        seat.has(token, MAIL_SOON)
    # A colleague's script may put anything into a comment.
    id_ = pair.shown(pair.tanaka, token)["id"]
    pair.house.mado(pair.tanaka.agent.home, "comment", id_, f"@sato コメント{STEERING}")
    with RawScreen(pair.sato.agent.home) as screen:
        screen.press("", token)
        # What clears the screen once at the start is ours.
        start = screen.written.count(CLEAR)
        screen.press(f"/subject:{token}", token)
        screen.press("\r", "search: ")
        screen.press("\r", "本文", "コメント", ".pdf")
        screen.press("T", "timeline")
        screen.press(":raw\r", "Raw source")
        screen.press("\x1b")
        screen.press("r", "^S send")
        # Through every field, and to the end of the quotation.
        screen.press("\x1b[Z")
        screen.press("\x1b[Z")
        screen.press("\t\t")
        screen.press("\x1b[6~\x1b[6~")
        screen.press("了解です", "了解です")
        pair.tanaka.row(token, "✎Sato", SOON)
        before = len(screen.written)
        pair.house.mado(pair.tanaka.agent.home, "comment", id_, f"まだ{STEERING}")
        screen.waits_for("まだ", since=before)
        screen.press("\x13", "is new since")
        screen.press("\x1b")
        screen.press("\x0b", "Thrown away")
    assert forbidden_in(screen.written) == []
    assert screen.written.count(CLEAR) == start
    assert screen.written.count(b"END") >= 3, "the words themselves are shown"


@pytest.mark.parametrize(("make", "wanted"), [(evil_invitation, "Where: "), (evil_bounce, "Not delivered")], ids=["invitation", "bounce"])
def test_nothing_that_a_mail_carries_steers_the_terminal(pair: Pair, make: Callable[[str], bytes], wanted: str) -> None:
    """On every pane that shows something of it, and in what is offered and asked about it."""
    token = f"zq{secrets.token_hex(3)}"
    pair.house.deliver(make(token))
    for seat in pair.seats:
        seat.has(token, MAIL_SOON)
    with RawScreen(pair.sato.agent.home) as screen:
        screen.press("", token)
        start = screen.written.count(CLEAR)
        # A snippet, and what Tab offers.
        screen.press(f"/text:{token}\r", "search: ")
        screen.press("/from:zevil", "from:zevil")
        screen.press("\t")
        screen.press("\t")
        # Typed ahead: the second Enter reads what the first one finds.
        screen.press(f"\x15subject:{token}\r\r", "本文", wanted)
        screen.press("z")
        for _page in range(4):
            screen.press("\x1b[6~")
        screen.press("H", "References")
        for _page in range(4):
            screen.press("\x1b[6~")
        screen.press("\x1b", CSI)
        screen.press("C", "Read it in")
        screen.press("\x1b", CSI)
        screen.press(":charset koi8-r\r", "Read in")
        screen.press(":charset -\r")
        screen.press("o")
        screen.press("\x1b", CSI)
        screen.press("w")
        screen.press("\x1b", CSI)
        screen.press(":open 1\r")
        screen.press("\x1b", CSI)
        screen.press("FEND\r")
        screen.press("T", "timeline")
        screen.press("R", "^S send")
        screen.press("\x1b[Z")
        screen.press("\x1b[Z")
        screen.press("\x0b", "Thrown away")
    assert forbidden_in(screen.written) == []
    assert screen.written.count(CLEAR) == start
    assert screen.written.count(b"END") >= 3, "the words themselves are shown"


def test_a_mail_that_cannot_be_read_is_a_conversation_with_the_reason(pair: Pair) -> None:
    before = {row["id"] for row in pair.house.conversations(pair.tanaka.agent)}
    with IMAPClient("127.0.0.1", pair.house.dovecot.imap_port, ssl=False) as client:
        client.login(pair.house.support.name, pair.house.support.password)
        client.append("INBOX", b"neither a header nor a mail, only a line")
    pair.tanaka.sees(r"\(no sender\) +\(no subject\)", MAIL_SOON)
    new: list[dict] = []

    def is_numbered() -> bool:
        new[:] = [row for row in pair.house.conversations(pair.tanaka.agent) if row["id"] not in before]
        return bool(new and new[0]["number"])

    eventually(is_numbered, "the server to have numbered it")
    (row,) = new
    pair.tanaka.says(str(row["number"]))
    pair.tanaka.sees(rf"^ {row['number']} 1\b")
    pair.tanaka.presses("Enter")
    pair.tanaka.sees("could not be parsed: it has no header fields")
    (whole,) = pair.house.mado(pair.tanaka.agent.home, "show", row["id"])
    assert "no header fields" in whole["messages"][0]["warnings"][0]
