"""Mails changed at random, but by what a mail is made of: none raises, all that is listed opens, all that is read can be stored and shown."""

import json
import random
import re
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from mailsync.mime.hash import content_sha256
from mailsync.mime.header.headers import parse_headers
from mailsync.mime.parse import parse_message
from mailsync.mime.part import part_bytes
from store.domain.message import Message
from store.local.codec import pack_message, unpack_message
from tests.mime.cases import CASES as TEXTS
from tests.mime.mutation import mutated
from tests.mime.reference_seconds import at_most
from tests.mime.test_structure_cases import CASES as STRUCTURES
from tui.cli.output import json_line
from tui.cli.shapes import message_shape
from tui.view.mail_extras import invitation_words, protection_words, report_words

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MOST_SECONDS = 2.0
MOST_MB = 300
SEEDS = [raw for raw, _expected in (*TEXTS.values(), *STRUCTURES.values()) if raw]
STEERS = re.compile("[\x00-\x1f\x7f-\x9f]")


def check(raw: bytes) -> int:
    """Everything that is promised of any bytes; returns how many files were opened."""
    with at_most(MOST_SECONDS):
        message = parse_message(raw)
    parse_headers(raw)
    content_sha256(raw, len(raw))
    for attachment in message.attachments:
        assert len(part_bytes(raw, attachment.part)) == attachment.size_bytes, attachment
    if message.date is not None:
        message.date.timestamp()
    packed = unpack_message(pack_message(message))
    assert msgspec.json.decode(msgspec.json.encode(packed), type=Message) == packed
    assert json.loads(json_line(message_shape(packed)))["text"] == packed.text
    shown = [
        *(invitation_words(message.invitation, NOW) if message.invitation is not None else ()),
        *(report_words(message.report) if message.report is not None else ()),
        *([protection_words(message.protection)] if message.protection is not None else ()),
    ]
    assert not [line for line in shown if STEERS.search(line)]
    return len(message.attachments)


def peak_kb() -> int:
    """The most this process has weighed since it was last asked to forget it."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    assert found
    return int(found[1])


def fuzz(count: int, seed: int) -> None:
    # What other tests left in this process is not ours.
    Path("/proc/self/clear_refs").write_text("5", "ascii")
    opened, before_kb = 0, peak_kb()
    for number in range(count):
        chance = random.Random(f"{seed}-{number}")
        raw = mutated(SEEDS, chance)
        try:
            opened += check(raw)
        except BaseException as error:
            error.add_note(f"seed {seed}, mail {number}: {raw[:2_000]!r}")
            raise
    peak_mb = (peak_kb() - before_kb) / 1_000
    print(f"{count} mails from seed {seed}: 0 exceptions, {opened} files opened, {peak_mb:.0f} MB more at most")
    assert peak_mb < MOST_MB


@pytest.mark.parametrize("seed", range(4))
def test_no_mail_made_by_chance_raises(seed: int) -> None:
    fuzz(150, seed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 104))
def test_none_of_many_mails_made_by_chance_raises(seed: int) -> None:
    fuzz(6_000, seed)
