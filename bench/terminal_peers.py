"""The terminal beside neomutt, aerc and alot, each on a Maildir of as many mails as are said: start to list, and a step.

python -m bench.terminal_peers [--mails 50000] [--ours FOLDER]        FOLDER: where `bench.terminal --home` keeps its million
"""

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.fill import fill_maildir
from bench.peers import Peers
from bench.pty_clock import PtyClock
from bench.report import Report, median, percentile
from bench.terminal import filled, starts

ROUNDS, KEYS = 5, 100
MILLION = 1_000_000
FASTEST = 0.7


def started(command: Sequence[str], env: Mapping[str, str], newest: bytes) -> float:
    """Seconds until the newest mail stands there; the first start is a warm-up."""
    found = []
    for _ in range(ROUNDS + 1):
        with PtyClock(command, env=env) as clock:
            found.append(clock.seconds_until(newest))
    return median(found[1:])


def step(report: Report, name: str, command: Sequence[str], env: Mapping[str, str], newest: bytes) -> None:
    """What a step to the next mail costs."""
    with PtyClock(command, env=env) as clock:
        clock.seconds_until(newest)
        clock.settle(1.5)
        answers = [clock.press("j") for _ in range(KEYS)]
        report.add(f"j_p50_{name}", percentile([each.seconds for each in answers], 50) * 1000, "ms")
        report.add(f"j_bytes_p50_{name}", percentile([each.count_bytes for each in answers], 50), "bytes")
        report.add(f"rss_{name}", clock.rss_mb(), "MB")


def main() -> int:
    """Everybody, then the verdict."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--mails", type=int, default=50_000)
    arguments.add_argument("--ours", type=Path)
    asked = arguments.parse_args()
    report = Report("terminal_peers")
    with tempfile.TemporaryDirectory(prefix="mado-bench-") as folder:
        peers, newest = Peers(Path(folder) / "peers"), f"No.{asked.mails}".encode()
        fill_maildir(peers.mail / "INBOX", asked.mails)
        peers.notmuch_new()
        theirs = {}
        for name, (command, env) in {"neomutt": peers.neomutt_on_maildir(), "aerc": peers.aerc(), "alot": peers.alot()}.items():
            theirs[name] = started(command, env, newest)
            report.add(f"start_to_list_{name}", theirs[name], "s")
            step(report, name, command, env, newest)
        ours_count = MILLION if asked.ours else asked.mails
        home = filled(asked.ours or Path(folder), ours_count)
        _, ours = starts(home, f"No.{ours_count}".encode())
        report.add("start_to_list", ours, "s")
        report.add("start_to_list_over_fastest", ours / min(theirs.values()), "ratio", FASTEST)
    report.print_json()
    return 0


if __name__ == "__main__":
    sys.exit(main())
