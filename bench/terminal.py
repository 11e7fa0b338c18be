"""The terminal by itself, at 80x24 and at 200x50: its start, what a key, a page and rest cost, its memory; reading; a slow line.

python -m bench.terminal [--conversations N] [--home FOLDER]          (a million take five minutes to fill; FOLDER keeps them for the next run)
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.fill import fill_home, fill_maildir
from bench.peers import Peers
from bench.pty_clock import PtyClock
from bench.report import Report, median, percentile
from bench.terminal_reading import at_reading
from bench.terminal_slow import at_slow_line

MADO = str(Path(sys.executable).parent / "mado")
QUIET = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", "MADO_LANG": "en"}
ROUNDS = 5
KEYS = 300
PAGES = 60
NARROW, WIDE = (80, 24), (200, 50)
PAGE_DOWN = "\x04"
STANDS_BESIDE_THE_MAIL = len(b"No.100")


def filled(folder: Path, count: int) -> Path:
    """A home with so many conversations; one that is whole already is taken as it is."""
    home, mark = folder / f"home{count}", folder / f"home{count}.whole"
    if not mark.exists():
        fill_home(home, count)
        mark.touch()
    return home


def starts(home: Path, newest: bytes, size: tuple[int, int] = NARROW) -> tuple[float, float]:
    """Seconds until something of ours is on the screen, and until the first full list; the first start is a warm-up."""
    splash: list[float] = []
    listed: list[float] = []
    for _ in range(ROUNDS + 1):
        with PtyClock([MADO, "--home", str(home)], columns=size[0], rows=size[1], env=QUIET) as clock:
            splash.append(clock.seconds_until_first_byte())
            listed.append(clock.seconds_until(newest))
    return median(splash[1:]), median(listed[1:])


def start_beside_alot(report: Report, folder: Path, count: int) -> None:
    """Start to first list against alot on as many mails; at 80x24."""
    home, peers, newest = filled(folder, count), Peers(folder / f"peers{count}"), f"No.{count}".encode()
    fill_maildir(peers.mail / "INBOX", count)
    peers.notmuch_new()
    alot, alot_env = peers.alot()
    theirs: list[float] = []
    for _ in range(ROUNDS + 1):
        with PtyClock(alot, env=alot_env) as clock:
            theirs.append(clock.seconds_until(newest))
    _, ours = starts(home, newest)
    report.add(f"start_to_list_{count}", ours, "s")
    report.add(f"start_to_list_{count}_alot", median(theirs[1:]), "s")
    report.add(f"start_to_list_{count}_over_alot", ours / median(theirs[1:]), "ratio", 0.7)


def first_key(home: Path) -> float:
    """Seconds from the start until a `j` that was typed when the list appeared has moved the cursor."""
    with PtyClock([MADO, "--home", str(home)], env=QUIET) as clock:
        clock.seconds_until(b"\x1b[7m")
        clock.type("j")
        return clock.seconds_until(b"\x1b[2H\x1b[7m")


def imported() -> int:
    """Modules of ours and the library's that the entry point brings in before anything is on the screen."""
    count = "import sys; before = set(sys.modules); import tui.entry as e; e.foreign_rooms(); print(len(set(sys.modules) - before))"
    return int(subprocess.run([sys.executable, "-c", count], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1]).stdout)


def at_size(report: Report, home: Path, newest: bytes, size: tuple[int, int]) -> None:
    """Every measure of a terminal of this size. The marks for bytes are those of 80x24."""
    name, narrow = f"{size[0]}x{size[1]}", size == NARROW
    if not narrow:
        # Beside the mail the list has no room for the whole subject.
        newest = newest[:STANDS_BESIDE_THE_MAIL]
    splash, listed = starts(home, newest, size)
    report.add(f"start_to_splash_{name}", splash * 1000, "ms", 60)
    report.add(f"start_to_list_{name}", listed, "s")
    with PtyClock([MADO, "--home", str(home)], columns=size[0], rows=size[1], env=QUIET) as clock:
        clock.seconds_until(newest)
        clock.settle(1.5)
        report.add(f"start_bytes_{name}", len(clock.seen), "bytes", 10_000 if narrow else None)
        steps = [clock.press("j") for _ in range(KEYS)]
        count_bytes = [step.count_bytes for step in steps]
        report.add(f"j_bytes_p50_{name}", percentile(count_bytes, 50), "bytes", 260 if narrow else None)
        report.add(f"j_bytes_mean_{name}", sum(count_bytes) / len(count_bytes), "bytes", 350 if narrow else None)
        for percent, mark in ((50, 5), (99, 14)):
            report.add(f"j_p{percent}_{name}", percentile([step.seconds for step in steps], percent) * 1000, "ms", mark)
        pages = [clock.press(PAGE_DOWN) for _ in range(PAGES)]
        report.add(f"page_p50_{name}", percentile([page.seconds for page in pages], 50) * 1000, "ms", 12)
        report.add(f"page_bytes_p50_{name}", percentile([page.count_bytes for page in pages], 50), "bytes", 2_500 if narrow else None)
        report.add(f"rss_{name}", clock.rss_mb(), "MB", 100)
        clock.settle(1.0)
        report.add(f"idle_bytes_10s_{name}", clock.read_for(10.0), "bytes", 0)


def main() -> int:
    """The measures as a table, then as JSON lines."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--conversations", type=int, default=1_000_000)
    arguments.add_argument("--home", type=Path)
    asked = arguments.parse_args()
    report = Report("terminal")
    with tempfile.TemporaryDirectory(prefix="mado-bench-") as folder:
        kept = asked.home or Path(folder)
        kept.mkdir(parents=True, exist_ok=True)
        home, newest = filled(kept, asked.conversations), f"No.{asked.conversations}".encode()
        for size in (NARROW, WIDE):
            at_size(report, home, newest, size)
        report.add("imported_before_the_splash", imported(), "modules", 40)
        at_reading(report, Path(folder))
        at_slow_line(report, home)
        report.add("start_to_first_key_answered_80x24", median([first_key(home) for _ in range(ROUNDS)]), "s")
    report.print_json()
    return 0


if __name__ == "__main__":
    sys.exit(main())
