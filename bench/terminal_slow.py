"""The terminal at the end of a line of 9,600 bit/s, 300 ms each way: until the list is there, until a key is seen, and what queues up in a rush."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.report import Report, median

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/servers")]

from slow_line import SlowScreen  # noqa: E402  (the path above has to be set first)

MADO = str(Path(sys.executable).parent / "mado")
QUIET = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", "MADO_LANG": "en"}
RUSH, RUSH_SECONDS = 60, 0.04
LIMIT_SECONDS = 60.0


def at_slow_line(report: Report, home: Path) -> None:
    """All of it, at 80x24, of a home whose settings say that its line is slow."""
    with said_to_be_slow(home / "settings.toml"), SlowScreen([MADO, "--home", str(home)], env=QUIET) as screen:
        began = time.monotonic()
        until(screen, lambda: "mado" in screen.text())
        report.add("slow_line_start_to_splash", time.monotonic() - began, "s")
        until(screen, lambda: "Work tray" in screen.text())
        report.add("slow_line_start_to_list", time.monotonic() - began, "s", 12)
        screen.settle(patience_seconds=3, quiet_seconds=2, limit_seconds=20)
        report.add("slow_line_j", median([settled(screen, "j") for _ in range(9)]), "s", 1)
        queued = rush(screen)
        report.add("slow_line_rush_queued", queued, "bytes")
        report.add("slow_line_rush_last_key_seen_after", settled(screen, ""), "s")


@contextmanager
def said_to_be_slow(settings: Path) -> Iterator[None]:
    """For as long as the block lasts."""
    before = settings.read_text("utf-8")
    settings.write_text(before + "\n[screen]\nslow_line = true\n", "utf-8")
    try:
        yield
    finally:
        settings.write_text(before, "utf-8")


def until(screen: SlowScreen, is_so: Callable[[], bool]) -> None:
    """Read until it is so."""
    end = time.monotonic() + LIMIT_SECONDS
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError(screen.text())
        screen.settle(patience_seconds=0.02, quiet_seconds=0.01, limit_seconds=0.1)


def settled(screen: SlowScreen, keys: str) -> float:
    """Seconds from the key until the last byte before a quiet second."""
    began = last = time.monotonic()
    screen.type(keys)
    while time.monotonic() - last < 1.5:
        if screen.settle(patience_seconds=0.02, quiet_seconds=0.005, limit_seconds=0.02):
            last = time.monotonic()
    return last - began


def rush(screen: SlowScreen) -> int:
    """Keys as fast as a held one repeats; the most that was ever on its way."""
    most = 0
    for _ in range(RUSH):
        screen.type("j")
        screen.settle(patience_seconds=RUSH_SECONDS, quiet_seconds=0.001, limit_seconds=RUSH_SECONDS)
        most = max(most, screen.queued_bytes)
    return most
