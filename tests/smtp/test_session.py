"""What is said of a mail after each possible end of its submission; with a real Exim, and with servers no house would run."""

import asyncio
import re
import socket
import ssl
from collections.abc import Iterator
from functools import partial
from imaplib import IMAP4
from pathlib import Path

import pytest
from fault_proxy import FaultProxy
from scripted_smtp import ScriptedSMTP
from start_dovecot import Dovecot, User
from start_exim import Exim
from tls import make_certificate

from mailsync.smtp.access import SmtpAccess
from mailsync.smtp.errors import (
    SmtpCertificateRefused,
    SmtpEncryptionRequired,
    SmtpLoginRefused,
    SmtpNotUnderstood,
    SmtpUnreachable,
    SubmissionDeferred,
    SubmissionRefused,
    SubmissionUncertain,
)
from mailsync.smtp.session import check_access, submit
from store.domain.outbox import Envelope, OutboxState
from store.settings.secrets import Secret
from tests.waiting import wait_for, wait_until

MIME = (
    "Message-ID: <r1@example.test>\r\nFrom: support@example.test\r\nTo: yes@customer.test\r\n"
    "Subject: =?utf-8?b?44GU6L+U5L+h?=\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    "お世話になっております。\r\n.点で始まる行\r\n"
).encode()


def envelope(*recipients: str) -> Envelope:
    return Envelope("support@example.test", recipients)


@pytest.fixture
def scripted() -> Iterator[ScriptedSMTP]:
    with ScriptedSMTP() as server:
        yield server


def plain(port: int, **more: object) -> SmtpAccess:
    return SmtpAccess(**{"host": "127.0.0.1", "port": port, "tls": "none", "user": "", "password": None, "timeout_seconds": 5.0, **more})  # type: ignore[arg-type]


async def test_each_recipient_has_their_own_answer(scripted: ScriptedSMTP) -> None:
    scripted.script.rcpt = {"no@customer.test": "550 5.1.1 no such user", "later@customer.test": "451 4.2.1 later"}
    results = await submit(plain(scripted.port), envelope("yes@customer.test", "no@customer.test", "later@customer.test"), MIME)
    assert [(result.address, result.state, result.code) for result in results] == [
        ("yes@customer.test", OutboxState.ACCEPTED, 250),
        ("no@customer.test", OutboxState.REFUSED, 550),
        ("later@customer.test", OutboxState.DEFERRED, 451),
    ]
    assert results[1].reply == "5.1.1 no such user"
    assert scripted.script.received[0].rcpt_tos == ["yes@customer.test"]


async def test_the_customer_reads_the_bytes_that_were_frozen(scripted: ScriptedSMTP) -> None:
    await submit(plain(scripted.port), envelope("yes@customer.test"), MIME)
    assert scripted.script.received[0].content == MIME


@pytest.mark.parametrize(("where", "reply"), [("mail", "550 5.7.1 not you"), ("dot", "554 5.6.0 not this"), ("rcpt", "550 5.1.1 nobody")])
async def test_a_no_for_good_is_refused_with_the_servers_words(scripted: ScriptedSMTP, where: str, reply: str) -> None:
    setattr(scripted.script, where, {"yes@customer.test": reply} if where == "rcpt" else reply)
    with pytest.raises(SubmissionRefused, match=reply.split(" ", 2)[2]) as caught:
        await submit(plain(scripted.port), envelope("yes@customer.test"), MIME)
    assert [result.state for result in caught.value.results] == [OutboxState.REFUSED]
    assert scripted.script.received == []


@pytest.mark.parametrize(("where", "reply"), [("mail", "451 4.7.1 greylisted"), ("dot", "452 4.3.1 disk full"), ("rcpt", "450 4.2.1 busy")])
async def test_a_temporary_no_is_deferred_for_everybody(scripted: ScriptedSMTP, where: str, reply: str) -> None:
    setattr(scripted.script, where, {"yes@customer.test": reply} if where == "rcpt" else reply)
    with pytest.raises(SubmissionDeferred) as caught:
        await submit(plain(scripted.port), envelope("yes@customer.test"), MIME)
    assert [result.state for result in caught.value.results] == [OutboxState.DEFERRED]


@pytest.mark.parametrize("fate", ["kept", "lost"])
async def test_a_line_that_drops_after_the_final_dot_leaves_it_open_whether_the_mail_left(scripted: ScriptedSMTP, fate: str) -> None:
    scripted.script.drop_after_dot = fate
    scripted.script.rcpt = {"no@customer.test": "550 5.1.1 no"}
    with pytest.raises(SubmissionUncertain) as caught:
        await submit(plain(scripted.port), envelope("yes@customer.test", "no@customer.test"), MIME)
    assert [result.state for result in caught.value.results] == [OutboxState.UNKNOWN, OutboxState.REFUSED]
    assert len(scripted.script.received) == (1 if fate == "kept" else 0)


async def test_a_server_that_falls_silent_after_the_final_dot_leaves_it_open(scripted: ScriptedSMTP) -> None:
    scripted.script.answers_dot = False
    with pytest.raises(SubmissionUncertain, match="no answer in time"):
        await submit(plain(scripted.port, final_answer_seconds=0.2), envelope("yes@customer.test"), MIME)


@pytest.mark.parametrize("step", [rb"220 ", rb"HELP", rb"250 2.1.0 OK", rb"250 2.1.5 OK", rb"354 "])
async def test_a_line_that_drops_before_the_text_means_nothing_was_handed_over(scripted: ScriptedSMTP, step: bytes) -> None:
    with FaultProxy(scripted.port) as proxy:
        proxy.to_client.cut_on, proxy.to_client.cut_beyond = re.compile(step), -2
        with pytest.raises(SmtpUnreachable, match="Nothing was sent"):
            await submit(plain(proxy.port), envelope("yes@customer.test"), MIME)
        assert proxy.to_client.cuts == 1
    assert scripted.script.received == []


async def test_a_line_that_drops_inside_the_text_leaves_it_open(scripted: ScriptedSMTP) -> None:
    with FaultProxy(scripted.port) as proxy:
        proxy.to_server.cut_on, proxy.to_server.cut_how = re.compile(rb"MIME-Version"), "reset"
        with pytest.raises(SubmissionUncertain):
            await submit(plain(proxy.port), envelope("yes@customer.test"), MIME)


async def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(SmtpUnreachable, match="Nothing was sent"):
            await submit(plain(taken.getsockname()[1]), envelope("yes@customer.test"), MIME)


async def test_a_server_that_never_greets_is_given_up(scripted: ScriptedSMTP) -> None:
    with FaultProxy(scripted.port) as proxy:
        proxy.to_client.stalled = True
        with pytest.raises(SmtpUnreachable, match="no answer within"):
            await submit(plain(proxy.port, timeout_seconds=0.2), envelope("yes@customer.test"), MIME)


async def test_something_that_speaks_no_smtp_is_named_as_such(dovecot: Dovecot) -> None:
    with pytest.raises(SmtpNotUnderstood, match=r"smtp\.port"):
        await submit(plain(dovecot.imap_port), envelope("yes@customer.test"), MIME)


async def test_an_address_that_would_break_the_command_never_reaches_the_wire(scripted: ScriptedSMTP) -> None:
    evil = "a@customer.test>\r\nRCPT TO:<victim@customer.test"
    results = await submit(plain(scripted.port), envelope("yes@customer.test", evil), MIME)
    assert [result.state for result in results] == [OutboxState.ACCEPTED, OutboxState.REFUSED]
    assert scripted.script.received[0].rcpt_tos == ["yes@customer.test"]


async def test_a_japanese_local_part_needs_a_server_that_can() -> None:
    with ScriptedSMTP(smtputf8=True) as able, ScriptedSMTP(smtputf8=False) as unable:
        await submit(plain(able.port), envelope("山田@customer.test"), MIME)
        assert able.script.received[0].rcpt_tos == ["山田@customer.test"]
        assert able.script.received[0].smtp_utf8
        with pytest.raises(SubmissionRefused):
            await submit(plain(unable.port), envelope("山田@customer.test"), MIME)


async def test_a_mail_too_big_is_refused_before_it_travels() -> None:
    with ScriptedSMTP(size_limit_bytes=1000) as small, pytest.raises(SubmissionRefused, match="1,000"):
        await submit(plain(small.port), envelope("yes@customer.test"), MIME + b"x" * 2000)


async def test_giving_up_in_the_middle_leaves_no_connection_open(scripted: ScriptedSMTP) -> None:
    scripted.script.answers_dot = False
    with FaultProxy(scripted.port) as proxy:
        sending = asyncio.create_task(submit(plain(proxy.port), envelope("yes@customer.test"), MIME))
        await wait_for(lambda: b"\r\n.\r\n" in proxy.to_server.passed, "the mail to be handed over")
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        # The relay ends when its client has hung up.
        await asyncio.to_thread(wait_until, lambda: not proxy._open, "the connection to be closed")


# With a real server


def real(exim: Exim, user: User, tls: str, password: str = "", ca: Path | None = None) -> SmtpAccess:
    port = exim.submissions_port if tls == "implicit" else exim.submission_port
    return SmtpAccess("127.0.0.1", port, tls, user.name, Secret(password or user.password), ca or exim.tls.ca, timeout_seconds=10)  # type: ignore[arg-type]


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
async def test_a_reply_reaches_the_customers_own_mailbox(exim: Exim, dovecot: Dovecot, sender: User, tls: str) -> None:
    customer = dovecot.add_user()
    results = await submit(real(exim, sender, tls), Envelope(sender.name, (customer.name,)), MIME)
    assert [result.state for result in results] == [OutboxState.ACCEPTED]
    read = await asyncio.to_thread(wait_until, partial(newest_mail, dovecot, customer), "the customer's mail")
    assert "お世話になっております。\r\n.点で始まる行" in read.decode()


async def test_exims_answers_are_told_apart(exim: Exim, sender: User) -> None:
    access = real(exim, sender, "implicit")
    results = await submit(access, Envelope(sender.name, ("a@customer.test", "b@refuse.test", "c@defer.test")), MIME)
    assert [result.state for result in results] == [OutboxState.ACCEPTED, OutboxState.REFUSED, OutboxState.DEFERRED]
    with pytest.raises(SubmissionRefused):
        await submit(access, Envelope(sender.name, ("a@refuse-data.test",)), MIME)
    with pytest.raises(SubmissionDeferred):
        await submit(access, Envelope(sender.name, ("a@defer-data.test",)), MIME)


async def test_a_wrong_password_is_said_and_never_shown(exim: Exim, sender: User) -> None:
    with pytest.raises(SmtpLoginRefused) as caught:
        await submit(real(exim, sender, "starttls", password="wr0ng-passw0rd"), Envelope(sender.name, ("a@customer.test",)), MIME)
    assert "wr0ng" not in f"{caught.value} {caught.value!r} {caught.value.facts}"
    assert sender.name in str(caught.value)


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
async def test_a_certificate_of_an_unknown_ca_stops_everything_before_the_password(exim: Exim, sender: User, tls: str, tmp_path: Path) -> None:
    stranger = make_certificate(tmp_path)
    with pytest.raises(SmtpCertificateRefused, match="ca_file"):
        await submit(real(exim, sender, tls, ca=stranger.ca), Envelope(sender.name, ("a@customer.test",)), MIME)


async def test_an_expired_certificate_is_named(tmp_path: Path) -> None:
    old = make_certificate(tmp_path, expired=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(old.chain, old.key)
    with ScriptedSMTP(starttls=context) as server, pytest.raises(SmtpCertificateRefused, match="expired"):
        await submit(plain(server.port, tls="starttls", ca_file=old.ca), envelope("yes@customer.test"), MIME)


async def test_starttls_is_never_left_out_because_it_is_not_offered(scripted: ScriptedSMTP) -> None:
    with pytest.raises(SmtpNotUnderstood, match="STARTTLS"):
        await submit(plain(scripted.port, tls="starttls"), envelope("yes@customer.test"), MIME)


async def test_tls_at_once_against_a_server_without_it_is_named(scripted: ScriptedSMTP) -> None:
    with pytest.raises(SmtpNotUnderstood, match="no TLS there"):
        await submit(plain(scripted.port, tls="implicit"), envelope("yes@customer.test"), MIME)


@pytest.mark.parametrize("host", ["mail.example.test", "192.0.2.1"])
async def test_nothing_crosses_the_network_in_clear(host: str) -> None:
    with pytest.raises(SmtpEncryptionRequired, match=r"smtp\.tls"):
        await submit(plain(25, host=host), envelope("yes@customer.test"), MIME)


async def test_a_ca_file_that_is_not_there_is_named(scripted: ScriptedSMTP, tmp_path: Path) -> None:
    with pytest.raises(SmtpNotUnderstood, match=r"missing\.pem"):
        await submit(plain(scripted.port, tls="implicit", ca_file=tmp_path / "missing.pem"), envelope("yes@customer.test"), MIME)


async def test_the_doctor_may_knock_without_sending(exim: Exim, sender: User) -> None:
    await check_access(real(exim, sender, "implicit"))
    with pytest.raises(SmtpLoginRefused):
        await check_access(real(exim, sender, "implicit", password="wrong"))


def newest_mail(dovecot: Dovecot, user: User) -> bytes:
    with IMAP4("127.0.0.1", dovecot.imap_port) as reader:
        reader.login(user.name, user.password)
        if reader.select()[1] == [b"0"]:
            return b""
        _, found = reader.fetch("*", "(BODY.PEEK[])")
        return found[0][1] if found and isinstance(found[0], tuple) else b""
