"""Two agents at their terminals in one house, and what breaks it: kill -9 and cut lines."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from fault_proxy import FaultProxy
from imapclient import IMAPClient
from start_dovecot import Dovecot
from start_exim import Exim

from tests.line.at_desk import SECONDS, AtDesk
from tests.line.house import House, journal_seq
from tests.line.points import LATE, SERVER_DIES, TERMINAL_DIES, Played, Point, Step, Victim
from tests.waiting import wait_until
from tui.outgoing import set_hold_seconds

HOLD_SECONDS = 6.0


@dataclass
class Line:
    """One customer's conversation, from the first mail to the second."""

    number: int
    point: Point
    writer: AtDesk
    other: AtDesk
    mail: str = ""
    """The Message-ID of the customer's first mail."""
    struck: bool = False

    @property
    def token(self) -> str:
        """A word that no other mail has."""
        return f"kq{self.number:03}"

    @property
    def subject(self) -> str:
        """Of the customer's mail."""
        return f"{self.token} の件"

    @property
    def text(self) -> str:
        """The answer."""
        return f"{self.token} にお答えします。"

    @property
    def remark(self) -> str:
        """The colleague's comment."""
        return f"@{self.writer.agent.key} {self.token} を見てください"

    @property
    def desks(self) -> tuple[AtDesk, AtDesk]:
        """Both."""
        return self.writer, self.other

    @property
    def writer_dies(self) -> bool:
        """Whether its point kills the writer's terminal."""
        return self.point.victim in TERMINAL_DIES


class Play:
    """with Play(dovecot, exim) as play: …; `smtp`, `imap` and `wire` (to the server) are the lines that can be cut."""

    def __init__(self, dovecot: Dovecot, exim: Exim) -> None:
        self._dovecot, self.exim = dovecot, exim
        self._stack = ExitStack()
        self.lines: list[Line] = []
        self.played = Played()
        self._stalled_at_seq: int | None = None

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self.smtp = stack.enter_context(FaultProxy(self.exim.clear_port))
            self.imap = stack.enter_context(FaultProxy(self._dovecot.imaps_port))
            house = House(self._dovecot, self.exim, imap_port=self.imap.port, smtp_clear_port=self.smtp.port)
            self.house = stack.enter_context(house)
            self.wire = stack.enter_context(FaultProxy(self.house.port))
            agents = [(self.house.joins(name), name) for name in ("Sato", "Tanaka")]
            for agent, _name in agents:
                lead_through(self.wire.port, self.house.port, agent.home / "settings.toml")
                # What is held is waited for; the default is three times as long.
                set_hold_seconds(agent.home, HOLD_SECONDS)
            self.desks = [AtDesk(self.house, agent, name) for agent, name in agents]
            for desk in self.desks:
                stack.callback(desk.close)
                desk.is_ready()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def new_line(self, point: Point) -> Line:
        """The agents take turns at writing."""
        number = len(self.lines) + 1
        writer, other = self.desks if number % 2 else self.desks[::-1]
        line = Line(number, point, writer, other)
        self.lines.append(line)
        return line

    def aims(self, line: Line, step: Step) -> None:
        """Before the step. A line that is cut late lets the question through, and never the answer."""
        if line.point.step is step and not line.struck and line.point.victim is Victim.LINE and line.point.place in LATE:
            self._stalled_at_seq = journal_seq(self.house)
            self.wire.to_client.stalled = True

    def strikes(self, line: Line, step: Step, trace: Callable[[], object] = lambda: False, *, sure: bool = False) -> bool:
        """Whether this is the line's point; then it is broken here, and what was killed is started again.

        It strikes at the point's moment, or as soon as there is a `trace` of the step; `sure`: only then.
        """
        if line.point.step is not step or line.struck:
            return False
        if (before := self._stalled_at_seq) is not None:
            sure, trace = True, lambda: journal_seq(self.house) > before
        until = time.monotonic() + line.point.moment
        wait_until(lambda: (not sure and time.monotonic() > until) or trace(), f"the moment of {line.point}", SECONDS)
        self.break_now(line)
        return True

    def break_now(self, line: Line) -> None:
        """Kill or cut, and start again what was killed."""
        line.struck = True
        victim = line.point.victim
        self.played.points.append(line.point)
        if victim is Victim.LINE:
            self.wire.cut_now("reset")
            self.wire.to_client.stalled, self._stalled_at_seq = False, None
        dead = [line.writer] if victim in TERMINAL_DIES else [line.other] if victim is Victim.OTHER else []
        for desk in dead:
            desk.terminal.kill()
        if victim in SERVER_DIES:
            self.house.kill_server()
        for desk in dead:
            desk.comes_back()
        if victim in SERVER_DIES:
            self.house.start_server()
        for desk in dead:
            desk.is_ready()

    @contextmanager
    def watching(self, mailbox: str) -> Iterator[Callable[[str], bool]]:
        """Whether a mail with this word in its subject lies in a mailbox of ours, asked over a connection that is open already."""
        with IMAPClient("127.0.0.1", self.house.dovecot.imap_port, ssl=False) as client:
            client.login(self.house.support.name, self.house.support.password)
            if not client.folder_exists(mailbox):
                client.create_folder(mailbox)
            client.select_folder(mailbox, readonly=True)
            yield lambda token: bool(client.noop() and client.search(["SUBJECT", token]))


def lead_through(port: int, real_port: int, settings: Path) -> None:
    """Let a home call its server by way of another port."""
    before = settings.read_text()
    after = re.sub(rf":{real_port}\b", f":{port}", before)
    assert after != before, before
    settings.write_text(after)
