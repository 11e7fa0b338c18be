"""Mail is read by a helper process while much comes in; nothing depends on the helper's health."""

import os
import signal
import sys
from pathlib import Path

import pytest

from mailsync.engine import helper as helper_module
from mailsync.engine.helper import MANY_MESSAGES, Helper
from mailsync.engine.helper_process import prepare_batch
from mailsync.imap.pull import Fetched
from tests.engine.homes import SUPPORT, every_row, inbox_at, opened, stored
from tests.imap.grounds import DovecotGround, mail


def some(count: int, text: str = "よろしくお願いします。") -> list[Fetched]:
    return [Fetched(number, None, ("\\Seen",), len(raw), raw) for number in range(1, count + 1) for raw in [mail(number, text)]]


@pytest.fixture
def helper():
    made = Helper(SUPPORT)
    yield made
    made.close()


def test_the_helper_prepares_what_this_process_would(helper: Helper) -> None:
    mails = [*some(20), Fetched(21, None, (), 9, b"\xff\x00nothing", header_only=True)]
    prepared = helper.prepare(mails, of_messages=MANY_MESSAGES)
    assert helper._process is not None
    assert prepared == prepare_batch(SUPPORT, mails)


def test_for_a_few_mails_no_helper_is_started(helper: Helper) -> None:
    assert len(helper.prepare(some(20), of_messages=20)) == 20
    assert helper._process is None


def test_a_helper_that_dies_costs_no_mail(helper: Helper) -> None:
    helper.prepare(some(3), of_messages=MANY_MESSAGES)
    assert helper._process is not None
    os.kill(helper._process.pid, signal.SIGKILL)
    for _ in range(2):
        assert [one.mail.uid for one in helper.prepare(some(5), of_messages=MANY_MESSAGES)] == [1, 2, 3, 4, 5]
    assert helper._process is None


def test_a_helper_that_cannot_be_started_costs_no_mail(helper: Helper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert len(helper.prepare(some(5), of_messages=MANY_MESSAGES)) == 5


def test_letters_that_no_wire_can_carry_come_through(helper: Helper) -> None:
    raw = mail(1).replace(b"order 1", b"=?utf-8?q?=ED=A0=80?= \xed\xa0\x80")
    (prepared,) = helper.prepare([Fetched(1, None, (), len(raw), raw)], of_messages=MANY_MESSAGES)
    assert prepared.mail.message.subject.encode()


def test_the_helper_ends_with_its_work(helper: Helper, monkeypatch: pytest.MonkeyPatch) -> None:
    # It goes by itself, however busy the machine is; only one that hangs is killed.
    monkeypatch.setattr(helper_module, "GOODBYE_SECONDS", 60.0)
    helper.prepare(some(1), of_messages=MANY_MESSAGES)
    process = helper._process
    assert process is not None
    helper.close()
    assert process.returncode == 0


async def test_a_large_mailbox_comes_in_through_the_helper(ground: DovecotGround, tmp_path: Path) -> None:
    mails = [mail(number, f"請求書 {number} 号") for number in range(1, MANY_MESSAGES + 51)]
    ground.deliver_many(mails)
    with opened(tmp_path, inbox_at(ground.port, ground.user)) as (engine, store):
        (report, _) = await engine.pull_once()
        assert (report.new, report.error) == (len(mails), None)
        assert stored(store) == dict(enumerate(mails, start=1))
        assert len(every_row(store)) == len(mails)
