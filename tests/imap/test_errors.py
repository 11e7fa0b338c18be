"""Every foreign error becomes one of ours, and each sentence names the host, what happened and what to do."""

import imaplib
import inspect
import logging
import socket
import ssl
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import imapclient.exceptions
import pytest
from fault_proxy import FaultProxy
from server_process import free_port
from start_dovecot import Dovecot
from tls import make_certificate

from mailsync.imap import errors
from mailsync.imap.access import ImapAccess, Tls
from mailsync.imap.client import OURS, as_ours
from mailsync.imap.session import MailSession
from mailsync.net import proxy
from store.errors import BadInput, CannotReach, MadoError, NotPermitted
from tests.imap.grounds import DovecotGround, Password, mail

ACCESS = ImapAccess("imap.example.test", 993, "implicit", "support", Password("hidden-secret"))


def kinds_in(*modules: object) -> set[type[Exception]]:
    return {
        found
        for module in modules
        for _, found in inspect.getmembers(module, inspect.isclass)
        if issubclass(found, Exception) and not found.__name__.startswith("_")
    }


FOREIGN = sorted(
    kinds_in(imapclient.exceptions, imaplib, imaplib.IMAP4, ssl, socket, proxy)
    | {ConnectionResetError, BrokenPipeError, ConnectionRefusedError, TimeoutError, UnicodeEncodeError},
    key=lambda kind: kind.__name__,
)


def made(kind: type[Exception]) -> Exception:
    if issubclass(kind, UnicodeEncodeError):
        return kind("ascii", "é", 0, 1, "no")
    if issubclass(kind, OSError):
        return kind(5, "words")
    return kind("words")


@pytest.mark.parametrize("kind", FOREIGN)
def test_no_foreign_error_is_unmapped(kind: type[Exception]) -> None:
    ours = as_ours(made(kind), ACCESS)
    assert isinstance(ours, errors.ImapError)
    assert "imap.example.test" in str(ours)
    assert "hidden" not in str(ours)
    assert any(issubclass(kind, known) for known, _ in OURS[:-1]) or kind is imaplib.IMAP4.error


def test_every_error_hangs_on_a_branch_with_an_exit_code() -> None:
    drawn = inspect.getdoc(errors) or ""
    for _, kind in inspect.getmembers(errors, inspect.isclass):
        if issubclass(kind, errors.ImapError) and kind is not errors.ImapError:
            assert issubclass(kind, CannotReach | NotPermitted | BadInput), kind
            assert kind.__name__ in drawn


@pytest.fixture
def own_server(request: pytest.FixtureRequest) -> Iterator[Dovecot]:
    server = Dovecot(**getattr(request, "param", {}))
    yield server
    server.close()


def opening(
    server: Dovecot, tls: Tls, *, port: int | None = None, host: str = "127.0.0.1", ca: Path | None = None, password: str = "pw"
) -> MailSession:
    user = server.add_user(password="pw")
    known = port or (server.imaps_port if tls == "implicit" else server.imap_port)
    return MailSession.open(ImapAccess(host, known, tls, user.name, Password(password), ca_file=ca, timeout_seconds=5))


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_tls_with_the_house_s_own_authority_works(dovecot: Dovecot, tls: Tls) -> None:
    with opening(dovecot, tls, host="localhost", ca=dovecot.tls.ca) as session:
        assert session.select("INBOX").exists == 0
    pem = dovecot.tls.ca.read_text()
    user = dovecot.add_user()
    port = dovecot.imaps_port if tls == "implicit" else dovecot.imap_port
    with MailSession.open(ImapAccess("localhost", port, tls, user.name, Password("pw"), ca_pem=pem)) as session:
        assert session.select("INBOX").exists == 0


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_a_stranger_s_certificate_is_refused_before_the_password(dovecot: Dovecot, tls: Tls) -> None:
    with pytest.raises(errors.CertificateRefused, match=r"authority.*imap\.ca_file"):
        opening(dovecot, tls)


@pytest.mark.parametrize("own_server", [{"certificate": partial(make_certificate, expired=True)}], indirect=True)
def test_an_expired_certificate_says_so(own_server: Dovecot) -> None:
    with pytest.raises(errors.CertificateRefused, match=r"127\.0\.0\.1 has expired"):
        opening(own_server, "implicit", ca=own_server.tls.ca)


@pytest.mark.parametrize("own_server", [{"certificate": lambda folder: make_certificate(folder, "other.test")}], indirect=True)
def test_another_host_s_certificate_says_so(own_server: Dovecot) -> None:
    with pytest.raises(errors.CertificateRefused, match=r"issued to another host than 127\.0\.0\.1"):
        opening(own_server, "starttls", ca=own_server.tls.ca)


def test_a_refused_connection_names_host_and_port(dovecot: Dovecot) -> None:
    port = free_port()
    with pytest.raises(errors.Unreachable, match=f"127.0.0.1:{port} is not listening"):
        opening(dovecot, "none", port=port)


def test_a_host_that_is_not_there_is_named(dovecot: Dovecot) -> None:
    with pytest.raises(errors.Unreachable, match=r"nowhere\.invalid.*imap\.host"):
        opening(dovecot, "starttls", host="nowhere.invalid")


def test_tls_at_a_port_without_it_names_the_setting(dovecot: Dovecot) -> None:
    with pytest.raises(errors.TlsFailed, match=r"imap\.tls"):
        opening(dovecot, "implicit", port=dovecot.imap_port, ca=dovecot.tls.ca)


def test_a_server_that_never_greets_is_given_up(dovecot: Dovecot) -> None:
    with FaultProxy(dovecot.imap_port) as proxy:
        proxy.to_client.stalled = True
        access = ImapAccess("127.0.0.1", proxy.port, "none", "u", Password("pw"), timeout_seconds=0.3)
        with pytest.raises(errors.Unreachable, match="did not answer"):
            MailSession.open(access)
        proxy.to_client.stalled = False


def test_a_server_that_hangs_up_at_once_is_no_wrong_password(dovecot: Dovecot) -> None:
    with FaultProxy(dovecot.imap_port) as proxy:
        proxy.refuse = True
        with pytest.raises(CannotReach):
            opening(dovecot, "none", port=proxy.port)


@pytest.mark.parametrize("cut_after_bytes", [5, 160, 300])
def test_a_line_cut_during_the_login_is_no_wrong_password(dovecot: Dovecot, cut_after_bytes: int) -> None:
    with FaultProxy(dovecot.imap_port) as proxy:
        proxy.to_client.cut_after_bytes = cut_after_bytes
        with pytest.raises(CannotReach):
            opening(dovecot, "none", port=proxy.port)


def test_a_password_never_crosses_the_network_in_clear() -> None:
    with pytest.raises(errors.EncryptionRequired, match=r"imap\.tls"):
        MailSession.open(ImapAccess("192.0.2.1", 143, "none", "support", Password("pw")))


@pytest.mark.parametrize("own_server", [{"plaintext_auth": False}], indirect=True)
def test_a_server_that_forbids_plain_logins_is_believed(own_server: Dovecot) -> None:
    with pytest.raises(errors.EncryptionRequired, match="forbids passwords"):
        opening(own_server, "none", host="127.0.0.2")


def test_a_missing_certificate_file_is_bad_input(dovecot: Dovecot, tmp_path: Path) -> None:
    with pytest.raises(errors.CertificateUnreadable, match="ca_file"):
        opening(dovecot, "implicit", ca=tmp_path / "none.pem")
    access = ImapAccess("localhost", dovecot.imaps_port, "implicit", "u", Password("pw"), client_cert=tmp_path / "mine.pem")
    with pytest.raises(errors.CertificateUnreadable, match="client_cert"):
        MailSession.open(access)


def test_no_log_holds_a_password_or_a_body(dovecot: Dovecot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("imapclient").setLevel(logging.DEBUG)
    ground = DovecotGround(dovecot)
    try:
        with MailSession.open(ground.access()) as session:
            session.append("INBOX", mail(1, "geheim"))
            session.select("INBOX")
            list(session.fetch_batches([[1]], "(UID BODY.PEEK[])"))
        with pytest.raises(errors.LoginRefused):
            MailSession.open(ground.access(password="not-the-word"))
    finally:
        logging.getLogger("imapclient").setLevel(logging.CRITICAL)
    assert "geheim" not in caplog.text
    assert "not-the-word" not in caplog.text


def test_a_letter_beyond_ascii_may_be_in_a_password(dovecot: Dovecot) -> None:
    user = dovecot.add_user(password="合言葉é")
    with MailSession.open(ImapAccess("127.0.0.1", dovecot.imap_port, "none", user.name, Password("合言葉é"))) as session:
        assert session.select("INBOX").exists == 0


def test_every_sentence_is_one_of_ours() -> None:
    assert issubclass(errors.ImapError, MadoError)
