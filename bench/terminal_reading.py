"""The terminal where one reads: a conversation of fifty messages opened, and what the minute costs whose ages are repainted."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.pty_clock import PtyClock
from bench.report import Report, percentile
from tests.tui.home_builder import HomeBuilder

MADO = str(Path(sys.executable).parent / "mado")
QUIET = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", "MADO_LANG": "en"}
MESSAGES, OPENED = 50, 50
TEXT = "お世話になっております。先日の件でご連絡しました。納期はいつ頃になりますでしょうか。\n" * 12 + "\n> 前回のメール\n> 二行目\n"
NEWEST = "返品の件 50"
MINUTE_SECONDS = 60.0


def long_conversation(home: Path) -> None:
    """A long conversation, and below it a screenful of the last hour's mail."""
    builder = HomeBuilder(home)
    first = "<first@customer.example>"
    wanted = []
    for number in range(1, MESSAGES + 1):
        ago = timedelta(minutes=MESSAGES - number + 1)
        message_id, before = (first, None) if number == 1 else (f"<m{number}@customer.example>", first)
        wanted.append((f"返品の件 {number}", TEXT, "山田 花子 <hanako@customer.example>", ago, message_id, before))
    wanted.extend(
        (f"質問 {number}", "よろしく", f"客 {number} <c{number}@customer.example>", timedelta(minutes=2 + number), None, None) for number in range(40)
    )
    builder.mails(wanted, by_now=datetime.now(UTC))
    builder.close()


def at_reading(report: Report, folder: Path) -> None:
    """Both measures, at 80x24."""
    home = folder / "reading"
    long_conversation(home)
    with PtyClock([MADO, "--home", str(home)], env=QUIET) as clock:
        clock.seconds_until(b"Server away")
        clock.settle(1.5)
        opened = []
        for _ in range(OPENED):
            opened.append(clock.press("\r", quiet_seconds=0.25).seconds)
            clock.press("\x1b", quiet_seconds=0.1)
        report.add("open_50_messages_p50", percentile(opened, 50) * 1000, "ms")
        report.add("open_50_messages_p99", percentile(opened, 99) * 1000, "ms", 50)
        clock.settle(1.0)
        report.add("minute_of_ages_80x24", clock.read_for(MINUTE_SECONDS), "bytes")
