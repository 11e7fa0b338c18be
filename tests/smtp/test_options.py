"""What is said beside the addresses depends on what the server offers: its largest mail, and which reports it will write."""

from collections.abc import Iterator

import pytest
from faulty_smtp import FaultySMTP
from scripted_smtp import ScriptedSMTP
from start_dovecot import Dovecot, User
from start_exim import Exim

from mailsync.mime.report_of import report_of
from mailsync.smtp.access import SmtpAccess
from mailsync.smtp.errors import SubmissionRefused
from mailsync.smtp.options import Dsn, Reporting, asked_for, mail_options, rcpt_options
from mailsync.smtp.session import submit
from store.domain.ids import MessageId
from store.domain.outbox import Envelope, OutboxState
from store.settings.secrets import Secret
from tests.outbox.house import lying_in, mail
from tests.waiting import wait_for

FROM, TO = "support@example.test", "kyaku@customer.test"


def access(port: int, **more: object) -> SmtpAccess:
    return SmtpAccess(**{"host": "127.0.0.1", "port": port, "tls": "none", "user": "", "password": None, "timeout_seconds": 5.0, **more})  # type: ignore[arg-type]


@pytest.fixture
def small() -> Iterator[ScriptedSMTP]:
    with ScriptedSMTP(size_limit_bytes=2_000) as server:
        yield server


async def test_a_mail_the_server_would_not_take_is_refused_with_both_sizes_before_it_is_sent(small: ScriptedSMTP) -> None:
    with pytest.raises(SubmissionRefused) as refused:
        await submit(access(small.port), Envelope(FROM, (TO,)), mail("<r@example.test>", FROM, TO, body="あ" * 2_000))
    (result,) = refused.value.results
    assert (result.state, result.code) == (OutboxState.REFUSED, 0)
    assert "2,000" in result.reply
    assert small.script.received == []


async def test_a_mail_of_the_right_size_goes_where_a_size_is_stated() -> None:
    with FaultySMTP(1, moods={"obliging": 1}) as server:
        await submit(access(server.port), Envelope(FROM, (TO,)), mail("<r@example.test>", FROM, TO), reporting=Reporting("failure", "r@example.test"))
        assert server.taken["<r@example.test>", TO] == 1


def test_nothing_is_asked_of_a_server_that_offers_nothing() -> None:
    envelope = Envelope(FROM, (TO,))
    assert mail_options({}, envelope, "日本".encode(), Reporting("failure", "x@y")) == []
    assert rcpt_options({}, Reporting("success", "x@y")) == []
    offers = {"dsn": "", "size": "", "8bitmime": "", "smtputf8": ""}
    assert mail_options(offers, envelope, "日本".encode(), Reporting("failure", "x@y")) == [b"SIZE=6", b"BODY=8BITMIME", b"RET=HDRS", b"ENVID=x@y"]
    assert rcpt_options(offers, Reporting("success")) == [b"NOTIFY=SUCCESS,FAILURE,DELAY"]
    assert rcpt_options(offers, Reporting("off")) == []


async def test_exim_reports_a_failure_by_the_name_we_gave_the_mail(exim: Exim, dovecot: Dovecot, account: User) -> None:
    exim.add_user(account)
    way = access(exim.clear_port, user=account.name, password=Secret(account.password))
    await submit(
        way,
        Envelope(account.name, ("nobody-there@example.test",)),
        mail("<dsn.1@example.test>", account.name, TO),
        reporting=Reporting("failure", "dsn.1@example.test"),
    )
    (bounce,) = await wait_for(lambda: lying_in(dovecot, account, "INBOX"), "the bounce to arrive")
    assert b"dsn.1@example.test" in bounce
    report = report_of(bounce)
    assert report.original_message_id == MessageId("<dsn.1@example.test>")
    assert [(result.recipient, result.action) for result in report.results] == [("nobody-there@example.test", "failed")]


@pytest.mark.parametrize(
    ("inbox", "delivered", "asked"),
    [
        ("failure", None, "failure"),
        ("failure", True, "success"),
        ("failure", False, "failure"),
        ("success", None, "success"),
        ("success", False, "failure"),
        ("off", None, "off"),
        ("off", True, "success"),
        ("off", False, "off"),
    ],
)
def test_reports_are_asked_for_as_the_inbox_does_but_for_what_its_writer_said_of_this_mail(inbox: Dsn, delivered: bool | None, asked: Dsn) -> None:
    assert asked_for(inbox, delivered=delivered) == asked


async def test_exim_reports_the_arrival_that_was_asked_for(exim: Exim, dovecot: Dovecot, account: User) -> None:
    exim.add_user(account)
    way = access(exim.clear_port, user=account.name, password=Secret(account.password))
    text = mail("<dsn.2@example.test>", account.name, account.name)
    await submit(way, Envelope(account.name, (account.name,)), text, reporting=Reporting(asked_for("failure", delivered=True), "dsn.2@example.test"))
    lying = await wait_for(lambda: two(lying_in(dovecot, account, "INBOX")), "the mail and its report to arrive")
    (report,) = [report_of(each) for each in lying if b"delivery-status" in each]
    assert report.original_message_id == MessageId("<dsn.2@example.test>")
    assert [(result.recipient, result.action) for result in report.results] == [(account.name, "delivered")]


def two(mails: list[bytes]) -> list[bytes]:
    return mails if len(mails) == 2 else []
