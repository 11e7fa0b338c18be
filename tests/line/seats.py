"""Agents at their terminals as two tests see them: what stands on a screen, in which row and column, and how to get somewhere by keys."""

import re
import secrets
import time
import unicodedata
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Self

from start_dovecot import Dovecot
from start_exim import Exim

from store.domain.query import parse_query
from store.local.store import LocalStore
from tests.line.house import Agent, House, journal_seq
from tests.mado_terminal import MadoTerminal
from tests.waiting import wait_until
from tui.outgoing import set_hold_seconds

PATIENT = 60.0
SOON = PATIENT
"""What a colleague's terminal shows of a colleague's deed. A second is promised, and measured by the bench; here it must come at all."""
MAIL_SOON = PATIENT
"""The same for new mail."""
FOOTER_OF_COMPOSER = r"\^S send"
IS_READ = r"^  To: "
"""Above the text of a mail, and never in a list."""
HOLD_SECONDS = 3.0


class Seat:
    """One agent's terminal."""

    def __init__(self, house: House, agent: Agent, name: str, *, columns: int = 120, rows: int = 36, **env: str) -> None:
        self.house, self.agent, self.name = house, agent, name
        self.terminal: MadoTerminal = house.opens_terminal(agent, columns=columns, rows=rows, **env)

    @property
    def screen(self) -> str:
        """The screen, a line each."""
        return self.terminal.screen()

    def sees(self, pattern: str, seconds: float = PATIENT) -> str:
        """The screen as soon as the pattern is found on it."""
        return self.terminal.wait_for(f"(?m){pattern}", seconds)

    def sees_no_more(self, pattern: str, seconds: float = PATIENT) -> None:
        """Return as soon as the pattern is not on the screen."""
        until = time.monotonic() + seconds
        while re.search(f"(?m){pattern}", screen := self.screen):
            assert time.monotonic() < until, f"{pattern!r} still stands there after {seconds} s:\n{screen}"
            time.sleep(0.02)

    def row(self, token: str, pattern: str = "", seconds: float = PATIENT) -> str:
        """The line of the list with this word in its subject, as soon as it also has the pattern."""
        lookahead = f"(?=.*{pattern})" if pattern else ""
        screen = self.sees(f"^{lookahead}.*{token}", seconds)
        return next(line for line in screen.splitlines() if token in line)

    def has(self, token: str, seconds: float = PATIENT) -> None:
        """Return as soon as its line stands there and the mail itself is here: the line can come from the server before it."""
        self.row(token, seconds=seconds)
        wait_until(lambda: has_mail(self.agent.home, token), f"the mail {token} at {self.name}", seconds)

    def hears_all(self) -> None:
        """Return as soon as this machine knows what the server has decided until now."""
        until = journal_seq(self.house)
        store = LocalStore.open(self.agent.home, readonly=True)
        try:
            wait_until(lambda: store.mirror_seq() >= until, f"{self.name} to know what was decided", PATIENT)
        finally:
            store.close()

    def presses(self, *keys: str) -> None:
        """Keys by their names, or text."""
        for key in keys:
            self.terminal.press(key)

    def types(self, text: str) -> None:
        """Text as it is."""
        self.terminal.type(text)

    def is_at_the_list(self) -> None:
        """Out of whatever is open, at the work tray, at its top."""
        until = time.monotonic() + PATIENT
        while not re.search(r"(?m)^ Work tray", screen := self.screen) or re.search(f"(?m){IS_READ}", screen):
            assert time.monotonic() < until, f"{self.name} does not get back to the list:\n{screen}"
            # A 1 right behind it would be Alt+1.
            self.presses("Escape")
            if "^S send" not in self.settles():
                self.presses("1")
                self.settles()
        self.presses("g", "g")

    def settles(self) -> str:
        """The screen once it has stood still for a tenth of a second."""
        before, same = self.screen, 0
        while same < 3:
            time.sleep(0.04)
            now = self.screen
            before, same = now, same + 1 if now == before else 0
        return before

    def says(self, command: str) -> None:
        """A command by its name."""
        self.presses(":")
        self.sees(r"^:")
        self.types(command)
        self.presses("Enter")
        self.sees_no_more(r"^:")

    def finds(self, token: str) -> None:
        """Only this conversation is in the list, under the cursor."""
        self.is_at_the_list()
        self.presses("/")
        self.sees(r"^/")
        self.types(f"subject:{token}")
        self.sees(rf"^/subject:{token}")
        self.presses("Enter")
        self.sees(rf"^ search: subject:{token} 1\b")
        self.row(token)

    def opens(self, token: str) -> None:
        """Reads it."""
        self.finds(token)
        self.presses("Enter")
        self.sees(rf"^[ o] .*{token}")
        self.sees(IS_READ)

    def holds(self, seconds: float) -> None:
        """From the next ^S on; asked for whenever one is pressed."""
        set_hold_seconds(self.agent.home, seconds)

    def replies(self, token: str) -> None:
        """`r` on it, and the composer opens."""
        self.finds(token)
        self.presses("r")
        self.sees(FOOTER_OF_COMPOSER)

    @property
    def body(self) -> str:
        """What stands below the composer's fields."""
        _above, _subject, below = self.screen.partition("Subject: ")
        return below.partition("\n")[2]


@dataclass
class Mail:
    """One customer's mail in the shared mailbox."""

    token: str
    subject: str
    message_id: str


class Pair:
    """A house with Sato (120×36) and Tanaka (80×24) at their terminals, who joined with one invitation each. Replies wait three seconds."""

    def __init__(self, dovecot: Dovecot, exim: Exim, **env: str) -> None:
        self._dovecot, self._exim, self._env = dovecot, exim, env
        self.editor = Path()
        self.server_is_away = False
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self.house = stack.enter_context(House(self._dovecot, self._exim))
            sato, tanaka = self.house.joins("Sato"), self.house.joins("Tanaka")
            self.sato = Seat(self.house, sato, "Sato", **self._env)
            self.tanaka = Seat(self.house, tanaka, "Tanaka", columns=80, rows=24)
            for seat in self.seats:
                seat.sees("^ Work tray")
                seat.says(f"hold-time {HOLD_SECONDS:g}")
                seat.sees(f"leave {HOLD_SECONDS:g} s after")
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def seats(self) -> tuple[Seat, Seat]:
        """Both."""
        return self.sato, self.tanaka

    def mail(self, words: str = "の件", body: str = "お世話になります。", *, shown: bool = True) -> Mail:
        """A customer writes anew; both are at their lists, see it, and have the mail itself."""
        token = f"zq{secrets.token_hex(3)}"
        mail = Mail(token, f"{token}{words}", self.house.customer_writes(f"{token}{words}", body))
        for seat in self.seats if shown else ():
            seat.has(token, MAIL_SOON)
        return mail

    def at_the_lists(self) -> None:
        """Whatever the last test left open."""
        for seat in self.seats:
            seat.is_at_the_list()

    def received(self, token: str) -> list[EmailMessage]:
        """What the customer got of it, in their own mailbox."""
        return [mail for mail in self.house.mailbox(self.house.customer) if token in str(mail["Subject"])]

    def filed(self, token: str) -> list[EmailMessage]:
        """The copies of it in our Sent."""
        return [mail for mail in self.house.mailbox(self.house.support, "Sent") if token in str(mail["Subject"])]

    def shown(self, seat: Seat, token: str) -> dict:
        """What `mado show --json` says on that machine."""
        wait_until(lambda: has_mail(seat.agent.home, token), f"the mail {token} at {seat.name}", MAIL_SOON)
        (row,) = self.house.conversations(seat.agent, [f"subject:{token}"])
        (whole,) = self.house.mado(seat.agent.home, "show", row["id"])
        return whole


def has_mail(home: Path, token: str) -> bool:
    """Whether a mail with this word in its subject is stored in a home, and its conversation known by its number."""
    store = LocalStore.open(home, readonly=True)
    try:
        rows = store.page(parse_query(f"subject:{token}"), limit=1, after=None).rows
    finally:
        store.close()
    return bool(rows) and rows[0].number is not None


def cell_of(line: str, word: str) -> int:
    """The terminal column at which the word begins. Ambiguous letters take one column, as in every Western locale and in tmux."""
    before, found, _after = line.partition(word)
    assert found, f"{word!r} is not in {line!r}"
    return _columns(before)


def cell_behind(line: str, words: re.Pattern[str]) -> int:
    """The terminal column at which the last of the words ends."""
    found = list(words.finditer(line))
    assert found, f"{words.pattern!r} is not in {line!r}"
    return _columns(line[: found[-1].end()])


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def eventually(check: Callable[[], bool], what: str, seconds: float = PATIENT) -> None:
    """Like `wait_until`, with slower looks: each of these asks a mail server or starts a program."""
    until = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < until, f"waited {seconds:g} s in vain for {what}"
        time.sleep(0.1)
