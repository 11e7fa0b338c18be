"""No mail, however made, takes more than two seconds of the processor or 300 MB of memory; measured in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mime.attacks import ATTACKS, LARGE_ATTACKS
from tests.mime.measure_attack import MOST_SECONDS

MOST_MB = 300.0
PROGRAM = Path(__file__).with_name("measure_attack.py")


def check(*arguments: str, expected: int) -> None:
    ran = subprocess.run([sys.executable, str(PROGRAM), *arguments], capture_output=True, text=True, check=True)
    measured = [json.loads(line) for line in ran.stdout.splitlines()]
    assert len(measured) == expected
    too_dear = [
        each
        for each in measured
        if each.get("killed") or each["seconds"] > MOST_SECONDS or each["peak_mb"] > MOST_MB or each["characters"] > 2_000_000
    ]
    assert not too_dear
    assert all(each["opened"] and each["attachments"] <= 1_000 for each in measured), "a file that is listed opens, with the size it was listed with"
    dearest, largest = (max(measured, key=lambda each: each[fact]) for fact in ("seconds", "peak_mb"))
    print(f"{len(measured)} attacks: at most {dearest['seconds']} s ({dearest['name']}), {largest['peak_mb']} MB ({largest['name']})")


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="the peak of a process is told by Linux")
def test_an_attack_costs_neither_seconds_nor_memory() -> None:
    check(expected=len(ATTACKS))


@pytest.mark.soak
@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="the peak of a process is told by Linux")
def test_an_attack_of_tens_of_megabytes_costs_no_more() -> None:
    check("--large", expected=len(LARGE_ATTACKS))
