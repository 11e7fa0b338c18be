"""Sending with a token, through a proxy, with a client certificate: what reading mail can, sending can."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from queue import Queue

import pytest
from scripted_smtp import ScriptedSMTP
from server_process import free_port
from small_proxies import SmallProxy
from start_dovecot import User
from start_exim import Exim
from tls import Certificate, make_certificate, make_client_certificate
from token_stub import TokenStub

from mailsync.smtp import errors
from mailsync.smtp.access import Auth, SmtpAccess
from mailsync.smtp.reach import smtp_access
from mailsync.smtp.session import check_access, submit
from store.domain.outbox import Envelope, OutboxState
from store.errors import CannotReach
from store.settings.proxies import Proxy
from store.settings.secrets import Secret, Secrets
from store.settings.settings import parse_settings

MIME = b"Message-ID: <r1@example.test>\r\nFrom: support@example.test\r\nTo: yes@customer.test\r\nSubject: x\r\n\r\nx\r\n"
ENVELOPE = Envelope("support@example.test", ("yes@customer.test",))
USER = "support@example.test"
LONG_TOKEN = "t" * 2_000
SETTINGS = """
[[inbox]]
key = "support"
address = "support@example.test"
  [inbox.imap]
  host = "127.0.0.1"
  user = "support@example.test"
  auth = "xoauth2"
  token_url = "{token_url}"
  client_id = "mado"
  [inbox.smtp]
  host = "127.0.0.1"
  port = {port}
  tls = "none"
  user = "support@example.test"
  auth = "{auth}"
"""


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return make_certificate(tmp_path)


@pytest.fixture
def provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TokenStub]:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    with TokenStub() as tokens:
        tokens.refreshable["first"] = USER
        Secrets(tmp_path).put("imap:support", Secret("first"))
        yield tokens


def at(port: int, **more: object) -> SmtpAccess:
    facts = {"host": "127.0.0.1", "port": port, "tls": "none", "user": USER, "password": None, "timeout_seconds": 5.0}
    return SmtpAccess(**{**facts, **more})  # type: ignore[arg-type]


def over_tls(certificate: Certificate) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.chain, certificate.key)
    return context


@pytest.mark.parametrize("auth", ["xoauth2", "oauthbearer"])
@pytest.mark.parametrize("token", ["short", LONG_TOKEN])
async def test_a_token_sends_however_long_it_is(auth: Auth, token: str) -> None:
    with ScriptedSMTP(tokens={token: USER}) as server:
        results = await submit(at(server.port, auth=auth, password=Secret(token)), ENVELOPE, MIME)
        assert [result.state for result in results] == [OutboxState.ACCEPTED]
        assert len(server.script.received) == 1
        # RFC 4954 4: a long one does not fit on the line of the command.
        assert server.script.logins == [(auth.upper(), token == "short")]


@pytest.mark.parametrize("auth", ["xoauth2", "oauthbearer"])
async def test_a_refused_token_is_renewed_once_and_not_again(auth: Auth) -> None:
    asked: list[str] = []

    def renewed(token: str) -> Secret:
        asked.append(token)
        return Secret(token)

    with ScriptedSMTP(tokens={"fresh": USER}) as server:
        await submit(at(server.port, auth=auth, password=Secret("old"), renewed=lambda: renewed("fresh")), ENVELOPE, MIME)
        with pytest.raises(errors.SmtpTokenRefused, match="refused the token of") as refused:
            await submit(at(server.port, auth=auth, password=Secret("old"), renewed=lambda: renewed("stale")), ENVELOPE, MIME)
        assert asked == ["fresh", "stale"]
        assert "Nothing was sent" in str(refused.value)
        assert "stale" not in f"{refused.value} {refused.value.facts}"
        assert len(server.script.received) == 1


async def test_a_token_is_not_shown_to_a_server_that_wants_passwords_only() -> None:
    with ScriptedSMTP(users={USER: "pw"}) as server, pytest.raises(errors.SmtpNotUnderstood, match=r'`smtp\.auth = "xoauth2"`, only LOGIN, PLAIN'):
        await submit(at(server.port, auth="xoauth2", password=Secret("token")), ENVELOPE, MIME)


@pytest.mark.parametrize("auth", ["xoauth2", "oauthbearer"])
async def test_the_token_that_reads_the_mail_sends_it_and_a_withdrawn_one_is_renewed(auth: Auth, provider: TokenStub, tmp_path: Path) -> None:
    with ScriptedSMTP(tokens=provider.valid) as server:
        inbox = parse_settings(SETTINGS.format(token_url=provider.token_url, port=server.port, auth=auth), tmp_path / "settings.toml").inboxes[0]
        await submit(smtp_access(inbox, Secrets(tmp_path), timeout_seconds=5), ENVELOPE, MIME)
        provider.valid.clear()
        await submit(smtp_access(inbox, Secrets(tmp_path), timeout_seconds=5), ENVELOPE, MIME)
        assert len(provider.asked) == 2
        assert len(server.script.received) == 2


@pytest.mark.parametrize("kind", ["socks5", "http"])
@pytest.mark.parametrize("tls", ["implicit", "starttls"])
async def test_mail_goes_out_through_a_proxy_which_sees_no_password(kind: str, tls: str, exim: Exim, sender: User) -> None:
    port = exim.submissions_port if tls == "implicit" else exim.submission_port
    with SmallProxy(kind, login="agent:door") as proxy:
        way = Proxy(kind, "127.0.0.1", proxy.port, "agent", "door")  # type: ignore[arg-type]
        access = at(port, host="localhost", tls=tls, ca_file=exim.tls.ca, proxy=way, user=sender.name, password=Secret(sender.password))
        results = await submit(access, Envelope(sender.name, ("yes@customer.test",)), MIME)
        assert [result.state for result in results] == [OutboxState.ACCEPTED]
        assert proxy.asked == [f"localhost:{port}"]
        assert b"customer" not in proxy.passed


async def test_a_proxy_that_gives_no_way_through_is_named() -> None:
    with SmallProxy("socks5", refuse=2) as proxy:
        way = Proxy("socks5", "127.0.0.1", proxy.port)
        with pytest.raises(errors.SmtpProxyUnusable, match=r"does not allow this connection.*Nothing was sent.*smtp\.proxy"):
            await check_access(at(9, tls="implicit", proxy=way))
    with pytest.raises(errors.SmtpProxyUnusable, match="is not reached"):
        await check_access(at(9, tls="implicit", proxy=Proxy("http", "127.0.0.1", free_port())))


@contextmanager
def shaking_hands(context: ssl.SSLContext) -> Iterator[tuple[int, Queue[str]]]:
    """A server that hangs up after its handshakes, and notes what came of each: the name on the client's certificate, or "refused"."""
    seen: Queue[str] = Queue()

    def serve(listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listening.accept()
                try:
                    with context.wrap_socket(client, server_side=True) as wrapped:
                        seen.put(str((wrapped.getpeercert() or {}).get("subject")))
                except OSError:
                    client.close()
                    seen.put("refused")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,))
        thread.start()
        try:
            yield listening.getsockname()[1], seen
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join(10)


async def test_a_server_that_wants_a_client_certificate_gets_ours(certificate: Certificate, tmp_path: Path) -> None:
    mine = make_client_certificate(tmp_path / "mine", "agent.example.test")
    wanting = over_tls(certificate)
    wanting.load_verify_locations(mine.ca)
    wanting.verify_mode = ssl.CERT_REQUIRED
    with shaking_hands(wanting) as (port, seen):
        access = at(port, host="localhost", tls="implicit", ca_file=certificate.ca)
        for each in (access, replace(access, client_cert=mine.chain, client_key=mine.key)):
            with pytest.raises(CannotReach, match="Nothing was sent"):
                await check_access(each)
        assert seen.get(timeout=60) == "refused"
        assert "agent.example.test" in seen.get(timeout=60)


async def test_an_old_tls_is_refused_where_the_settings_want_a_newer_one(certificate: Certificate) -> None:
    old = over_tls(certificate)
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    with shaking_hands(old) as (port, seen):
        access = at(port, host="localhost", tls="implicit", ca_file=certificate.ca)
        with pytest.raises(CannotReach):
            await check_access(access)
        assert seen.get(timeout=60) != "refused"
        with pytest.raises(errors.SmtpNotUnderstood, match="no TLS there"):
            await check_access(replace(access, tls_min="1.3"))
        assert seen.get(timeout=60) == "refused"


@pytest.mark.parametrize("key", ["ca_file", "client_cert"])
async def test_a_certificate_file_that_is_none_is_named(key: str, tmp_path: Path) -> None:
    with pytest.raises(errors.SmtpNotUnderstood, match=rf"missing\.pem; check `smtp\.{key}`"):
        await check_access(at(9, tls="implicit", **{key: tmp_path / "missing.pem"}))
