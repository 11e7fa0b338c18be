"""The terminal during and after a first sync: the first list, keys meanwhile, and how soon a new mail's line is there."""

import re
import smtplib
import string
import time
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Self

from bench.pty_clock import PtyClock
from bench.report import Report, percentile
from store.sqlite.connection import connect
from store.sqlite.errors import StoreError

NEWEST = 500
MOST_KEYS = 600
ARRIVALS = 20
IDLE_SECONDS = 6.0
"""From the last key on, until the screen counts as idle (`AT_WORK_SECONDS`)."""
SYNC_SECONDS = 900.0
ROWS = 24
HIGHEST_TURN, LOWEST_TURN = 4, 18
"""At these rows the cursor turns round: mail that comes in moves it too, and at the end of a list a key moves nothing."""
CURSOR = re.compile(rb"\x1b\[(\d+)(?:;1)?H\x1b\[7m")
"""A line painted as the cursor's; the last row is the status line, which looks like that too."""
GLANCE_SECONDS = 0.0005
"""The longest that a wait for bytes lasts: a terminal does not spin, and would take a core from what is measured."""
QUIET = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", "MADO_LANG": "en"}
NEXT_KEY_SECONDS = 0.02


class Screen:
    """with Screen(mado, home, count) as screen: the program on an empty store, at 80x24."""

    def __init__(self, mado: str, home: Path, count: int) -> None:
        self._store = home / "cache" / "mail.db"
        self._count = count
        self._clock = PtyClock([mado, "--home", str(home)], env=QUIET)
        self._down = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._clock.__exit__(*error)

    def _stored(self) -> int:
        if not self._store.exists():
            return 0
        try:
            with closing(connect(self._store, readonly=True)) as connection:
                return int(connection.value("SELECT count(*) FROM message"))
        except StoreError:
            return 0

    def seconds_until_newest_500(self) -> float:
        """From the start of the process until lines are painted and the newest 500 mails are in the list behind them."""
        painted = self._clock.seconds_until(b"\x1b[7m")
        while self._stored() < min(NEWEST, self._count):
            self._clock.settle(0.005)
        return max(painted, time.perf_counter() - self._clock.started)

    def _press(self) -> float | None:
        """One `j` or `k`: seconds until the cursor stands on another line; None where it does not move."""
        self._clock.settle(NEXT_KEY_SECONDS)
        self._clock.seen = b""
        began = time.perf_counter()
        self._clock.type("j" if self._down else "k")
        while (row := self._cursor_row()) is None:
            if time.perf_counter() - began > 2:
                self._down = not self._down
                return None
            self._clock.settle(GLANCE_SECONDS)
        if row <= HIGHEST_TURN or row >= LOWEST_TURN:
            self._down = row <= HIGHEST_TURN
        return time.perf_counter() - began

    def _cursor_row(self) -> int | None:
        return next((row for found in CURSOR.finditer(self._clock.seen) if (row := int(found[1])) < ROWS), None)

    def keys(self, count: int) -> list[float]:
        """So many keys, one after the other."""
        return [seconds for _ in range(count) if (seconds := self._press()) is not None]

    def keys_while_syncing(self) -> list[float]:
        """Keys until all mail is here, or enough of them."""
        found: list[float] = []
        while len(found) < MOST_KEYS and self._stored() < self._count:
            found += self.keys(10)
        return found

    def wait_until_synced(self) -> None:
        """Until every mail is stored and the screen rests."""
        until = time.perf_counter() + SYNC_SECONDS
        while self._stored() < self._count and time.perf_counter() < until:
            self._clock.settle(0.2)
        self._clock.settle(1.5)

    def report_keys(self, report: Report, busy: list[float], quiet: list[float]) -> None:
        """The two beside each other."""
        for name, values in (("quiet", quiet), ("during_sync", busy)):
            for percent in (50, 99):
                mark = 30.0 if name == "during_sync" and percent == 99 else None
                if values:
                    report.add(f"key_latency_{name}_p{percent}", percentile(values, percent) * 1000, "ms", mark)
        report.add("terminal_rss", self._clock.rss_mb(), "MB")

    def arrivals(self, report: Report, ground: Any) -> None:
        """A new mail's line on the idle screen, against a bare IDLE client beside it."""
        raw = ground.raw()
        bare = raw.watch()
        self._clock.settle(1.0)
        seconds, later = [], []
        for number in range(ARRIVALS):
            # The cursor stays on its conversation: after a screenful of new mail it would hold the page where it is.
            self._clock.type("gg")
            # Under busy hands new mail stays above the list: the mark is of an idle screen.
            self._clock.settle(IDLE_SECONDS)
            self._clock.seen = b""
            heard_before = len(bare.heard)
            deliver(ground, number)
            began = time.perf_counter()
            while subject_of(number).encode() not in self._clock.seen and time.perf_counter() - began < 20:
                self._clock.settle(0.001)
            painted = time.perf_counter()
            while len(bare.heard) == heard_before and time.perf_counter() - began < 20:
                time.sleep(0.001)
            seconds.append(painted - began)
            later.append(painted - bare.heard[heard_before])
        raw.close()
        report.add("new_mail_on_screen_p50", percentile(seconds, 50) * 1000, "ms")
        report.add("new_mail_after_bare_idle_p50", percentile(later, 50) * 1000, "ms")
        report.add("new_mail_after_bare_idle_p99", percentile(later, 99) * 1000, "ms", 300)


def subject_of(number: int) -> str:
    """Unlike the one before in every letter: a screen writes only the cells that changed."""
    return string.ascii_letters[number] * 12


def deliver(ground: Any, number: int) -> None:
    """One new mail over LMTP."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = f"new{number}@example.com", ground.user.name, subject_of(number)
    made["Message-ID"], made["Date"] = f"<arrival-{number}-{time.time_ns()}@example.com>", "Sat, 28 Nov 2026 10:00:00 +0900"
    made.set_content("A new mail.")
    with smtplib.LMTP("127.0.0.1", ground.dovecot.lmtp_port) as lmtp:
        lmtp.sendmail("", [ground.user.name], made.as_bytes())
