"""A message goes to a command of one's own, and what that says comes back, within limits."""

import asyncio
import sys
import time

from tui.piping import pipe


def test_a_command_reads_the_text_and_what_it_writes_comes_back() -> None:
    said = asyncio.run(pipe("tr a-z A-Z; echo said >&2", "madoguchi 窓口\n".encode()))
    assert (said.output, said.code, said.cut_off) == ("MADOGUCHI 窓口\nsaid\n", 0, False)


def test_its_exit_code_is_kept_and_one_that_reads_nothing_does_no_harm() -> None:
    said = asyncio.run(pipe("exit 3", b"x" * 5_000_000))
    assert (said.output, said.code) == ("", 3)


def test_one_that_never_ends_is_ended_with_all_it_started() -> None:
    began = time.monotonic()
    said = asyncio.run(pipe("echo begun; sleep 600 & sleep 600", b"", seconds=2.0))
    assert said.code is None
    assert said.output == "begun\n"
    assert time.monotonic() - began < 30


def test_one_that_writes_without_end_is_ended_and_its_beginning_kept() -> None:
    said = asyncio.run(pipe("yes", b"", most_bytes=1_000))
    assert said.cut_off
    assert said.output == "y\n" * 500


def test_one_whose_output_nobody_reads_any_more_is_ended_all_the_same() -> None:
    # A pipe that holds more at once than asyncio takes in before it stops reading: so it stands still, and never sees the end by itself.
    writes = "import fcntl, os, signal; fcntl.fcntl(1, fcntl.F_SETPIPE_SZ, 1 << 20); os.write(1, bytes(1_000_000)); signal.pause()"
    assert asyncio.run(pipe(f"exec {sys.executable} -c '{writes}'", b"", most_bytes=1_000)).cut_off


def test_bytes_that_are_no_text_are_shown_as_far_as_they_are() -> None:
    assert asyncio.run(pipe(r"printf 'a\377b'", b"")).output == "a\ufffdb"
