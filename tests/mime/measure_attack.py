"""A program: reads attacks each in a fork of its own and prints what each cost, a line of JSON each. `--large` for the large ones."""

import json
import os
import re
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from mailsync.mime.parse import parse_message
from mailsync.mime.part import part_bytes
from tests.mime.attacks import ATTACKS, LARGE_ATTACKS
from tests.mime.reference_seconds import heap_left_alone, on_the_reference_machine

MOST_SECONDS = 2.0
KILLED_AFTER_SECONDS = 12
"""Making the mail counts, too."""


def peak_mb() -> float:
    """The most memory that was resident since the peak was last forgotten."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    return int(found[1]) / 1_000 if found else 0


def measure(name: str, make: Callable[[], bytes]) -> dict[str, object]:
    raw = make()
    Path("/proc/self/clear_refs").write_text("5", "ascii")  # forget the peak of making it
    with heap_left_alone():
        started = time.thread_time()
        message = parse_message(raw)
        seconds = time.thread_time() - started
        peak = peak_mb()
        seconds = on_the_reference_machine(seconds, enough=MOST_SECONDS)
    opened = all(len(part_bytes(raw, each.part)) == each.size_bytes for each in message.attachments[:3])
    return {
        "name": name, "bytes": len(raw), "seconds": round(seconds, 3), "peak_mb": round(peak, 1), "characters": len(message.text),
        "attachments": len(message.attachments), "opened": opened,
    }  # fmt: skip


def main() -> None:
    import chardet  # noqa: F401
    import selectolax.lexbor  # noqa: F401

    large = "--large" in sys.argv
    for name, make in (LARGE_ATTACKS if large else ATTACKS).items():
        sys.stdout.flush()
        child = os.fork()
        if not child:
            resource.setrlimit(resource.RLIMIT_CPU, (KILLED_AFTER_SECONDS, KILLED_AFTER_SECONDS))
            print(json.dumps(measure(name, make)))
            sys.stdout.flush()
            os._exit(0)
        if os.waitpid(child, 0)[1]:
            print(json.dumps({"name": name, "killed": True}))


if __name__ == "__main__":
    main()
