"""Reading beside its marks: opening a conversation of 50 messages, a step in a list that was searched, and the first letters of a search.

Run as `python -m bench.reading`; about a minute.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.filling import fill_home
from bench.pty_clock import PtyClock
from bench.report import Report, percentile
from mailsync.mime.parse import parse_message
from store.domain.ids import MessageId, ThreadKey
from store.local.rows import NewMail

MADO = str(Path(sys.executable).parent / "mado")
QUIET = {"MADO_LANG": "en", "NO_COLOR": ""}
CONVERSATIONS = 60
MESSAGES = 50
START = datetime(2026, 1, 5, tzinfo=UTC)
TEXT = (
    "お世話になっております。先日ご連絡いただいた件につきまして、確認いたしましたところ、以下のとおりでした。ご査収ください。\r\n" * 8
    + "On Monday we looked at the delivery again and found that the parcel is still waiting in Osaka.\r\n" * 6
    + "> 前回のメールの引用です。ご確認をお願いいたします。\r\n" * 10
    + "-- \r\n山田\r\n"
)
"""About 2.5 kB, as a grown-up thread of support mail has them."""


def _mails() -> Iterator[NewMail]:
    uid = 0
    for number in range(CONVERSATIONS):
        for index in range(MESSAGES):
            uid += 1
            at = START + timedelta(hours=number, minutes=index)
            root = f"<c{number}-0@example.com>"
            head = f"From: 山田 <c{number}@example.com>\r\nTo: support@example.jp\r\nSubject: thread {number}\r\n"
            head += f"Date: {at:%a, %d %b %Y %H:%M:%S +0000}\r\n"
            head += f"Message-ID: <c{number}-{index}@example.com>\r\n" + (f"In-Reply-To: {root}\r\nReferences: {root}\r\n" if index else "")
            raw = f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\nmark{number}x{index}y\r\n{TEXT}".encode()
            yield NewMail(
                uid=uid, internaldate=at, flags=(), raw=raw, size_bytes=len(raw), message=parse_message(raw), thread_key=ThreadKey(f"t{number:08d}"),
                message_id=MessageId(f"<c{number}-{index}@example.com>"), content_sha256=f"{uid:064d}",
            )  # fmt: skip


def fill(home: Path) -> None:
    """A home of long conversations."""
    fill_home(home, _mails(), 500).close()


def shown(clock: PtyClock, wanted: bytes, since: int) -> None:
    """Return when these bytes were written behind that many."""
    until = time.perf_counter() + 30
    while wanted not in clock.seen[since:]:
        clock.settle(0.001)
        if time.perf_counter() > until:
            raise TimeoutError(f"{wanted!r} not seen; the end was {clock.seen[-400:]!r}")


def opening(report: Report, clock: PtyClock) -> None:
    """Enter until the text of the last message stands there; then back, and on to the next."""
    texts: list[float] = []
    bytes_written: list[int] = []
    for number in reversed(range(CONVERSATIONS)):
        wanted, before = f"mark{number}x{MESSAGES - 1}y".encode(), len(clock.seen)
        began = time.perf_counter()
        clock.type("\r")
        shown(clock, wanted, before)
        texts.append((time.perf_counter() - began) * 1000)
        clock.settle(0.2)
        bytes_written.append(len(clock.seen) - before)
        left = len(clock.seen)
        clock.type("\x1b")
        # Only then: a key right behind Esc would be another key.
        shown(clock, b"Enter open", left)
        clock.settle(0.2)
        clock.press("j")
    report.add("open_50_messages_p50", percentile(texts, 50), "ms")
    report.add("open_50_messages_p99", percentile(texts, 99), "ms", 50)
    report.add("open_50_messages_bytes_p50", percentile(bytes_written, 50), "bytes")


def stepping(report: Report, clock: PtyClock, name: str) -> None:
    """What a `j` costs."""
    answers = [clock.press("j") for _ in range(20)] + [clock.press("k") for _ in range(20)]
    report.add(f"{name}_bytes_p50", percentile([each.count_bytes for each in answers], 50), "bytes", 300)
    report.add(f"{name}_latency_p50", percentile([each.seconds for each in answers], 50) * 1000, "ms")
    report.add(f"{name}_latency_p99", percentile([each.seconds for each in answers], 99) * 1000, "ms")


def main() -> int:
    """The measures as a table, then as JSON lines."""
    report = Report("reading")
    with tempfile.TemporaryDirectory(prefix="mado-bench-", dir=os.environ.get("TMPDIR")) as folder:
        home = Path(folder) / "home"
        fill(home)
        with PtyClock([MADO, "--home", str(home)], env=QUIET) as clock:
            clock.seconds_until(b"thread 59")
            clock.settle(1.5)
            stepping(report, clock, "j")
            clock.press("gg")
            opening(report, clock)
            clock.press("gg")
            clock.press("/Osaka\r")
            clock.settle(1.0)
            stepping(report, clock, "j_in_a_search")
    report.print_json()
    return 0


if __name__ == "__main__":
    sys.exit(main())
