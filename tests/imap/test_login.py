"""Every way to log in, on the real server, and on played ones that lie, are full, or want something else."""

import base64
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from fault_proxy import FaultProxy
from msgspec.structs import replace
from server_process import new_folder
from small_proxies import SmallProxy
from start_dovecot import Dovecot
from tls import make_certificate, make_client_certificate
from token_stub import TokenStub

from mailsync.imap import errors
from mailsync.imap.access import Auth, ImapAccess
from mailsync.imap.connect import connect
from mailsync.imap.sasl import offered
from mailsync.imap.session import MailSession
from store.settings.proxies import Proxy
from tests.imap.grounds import Password
from tests.imap.test_broken_servers import OK, Answer, played

TOKEN = "ya29.secret-token"
PLAIN_DOVECOT = {"IMAP4REV1", "SASL-IR", "AUTH=PLAIN", "AUTH=LOGIN"}


@pytest.fixture(scope="module")
def tokens() -> Iterator[TokenStub]:
    with TokenStub() as stub:
        yield stub


@pytest.fixture(scope="module")
def oauth_dovecot(tokens: TokenStub) -> Iterator[Dovecot]:
    server = Dovecot(introspection_url=tokens.url)
    yield server
    server.close()


def over_tls(server: Dovecot, user: str, password: str = "pw", **more: object) -> ImapAccess:
    return replace(ImapAccess("localhost", server.imaps_port, "implicit", user, Password(password), ca_file=server.tls.ca), **more)


@pytest.mark.parametrize(
    ("mechanisms", "way"),
    [
        ("plain login cram-md5 scram-sha-1 scram-sha-256", "SCRAM-SHA-256"),
        ("plain scram-sha-1", "SCRAM-SHA-1"),
        ("plain login cram-md5", "PLAIN"),
        ("login", "LOGIN"),
    ],
)
@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_the_best_way_that_the_server_offers_is_taken(mechanisms: str, way: str, tls: str) -> None:
    server = Dovecot(mechanisms=mechanisms)
    try:
        user = server.add_user(password="合言葉é p")
        port = server.imaps_port if tls == "implicit" else server.imap_port
        connection = connect(over_tls(server, user.name, "合言葉é p", port=port, tls=tls))
        assert connection.login == way
        assert connection.tls == "TLSv1.3"
        connection.close()
        with pytest.raises(errors.LoginRefused, match="localhost refused the login"):
            connect(over_tls(server, user.name, "wrong", port=port, tls=tls))
    finally:
        server.close()


def test_a_password_that_the_server_cannot_check_by_scram_is_checked_by_plain(dovecot: Dovecot) -> None:
    hashed = dovecot.doveadm("pw", "-s", "SHA512-CRYPT", "-p", "pw").strip().partition("}")[2]
    user = dovecot.add_user(password=hashed, scheme="SHA512-CRYPT")
    connection = connect(over_tls(dovecot, user.name))
    assert connection.login == "PLAIN"
    connection.close()


def test_a_wrong_password_is_tried_twice_at_most(dovecot: Dovecot) -> None:
    """Each try counts where an account is locked after some."""
    user = dovecot.add_user()
    with FaultProxy(dovecot.imap_port) as proxy:
        with pytest.raises(errors.LoginRefused):
            connect(ImapAccess("127.0.0.1", proxy.port, "none", user.name, Password("wrong")))
        assert len(re.findall(rb"AUTHENTICATE|LOGIN ", proxy.to_server.passed)) == 2


def test_a_colleague_s_own_login_opens_the_shared_mailboxes(dovecot: Dovecot) -> None:
    desk = dovecot.add_user()
    agent = dovecot.add_user(password="mine", user=desk.name)
    with MailSession.open(over_tls(dovecot, desk.name)) as session:
        session.append("INBOX", b"Subject: for all\r\n\r\nx\r\n")
    with MailSession.open(over_tls(dovecot, agent.name, "mine")) as session:
        assert session.select("INBOX").exists == 1


@pytest.mark.parametrize("auth", ["xoauth2", "oauthbearer"])
def test_a_token_logs_in(oauth_dovecot: Dovecot, tokens: TokenStub, auth: Auth) -> None:
    user = oauth_dovecot.add_user()
    tokens.valid[TOKEN] = user.name
    connection = connect(over_tls(oauth_dovecot, user.name, TOKEN, auth=auth))
    assert connection.login == auth.upper()
    connection.close()


@pytest.mark.parametrize("auth", ["xoauth2", "oauthbearer"])
def test_a_refused_token_is_renewed_once_and_not_again(oauth_dovecot: Dovecot, tokens: TokenStub, auth: Auth) -> None:
    user = oauth_dovecot.add_user()
    tokens.valid["fresh"] = user.name
    asked: list[str] = []

    def renewed(token: str) -> Password:
        asked.append(token)
        return Password(token)

    connection = connect(over_tls(oauth_dovecot, user.name, "old", auth=auth, renewed=lambda: renewed("fresh")))
    connection.close()
    assert asked == ["fresh"]
    with pytest.raises(errors.TokenRefused, match="refused the token of") as refused:
        connect(over_tls(oauth_dovecot, user.name, "old", auth=auth, renewed=lambda: renewed("stale")))
    assert asked == ["fresh", "stale"]
    assert "stale" not in str(refused.value)
    assert refused.value.exit_code == 4


def test_a_token_is_not_shown_to_a_server_that_wants_passwords_only(dovecot: Dovecot) -> None:
    server = Dovecot(mechanisms="plain")
    try:
        user = server.add_user()
        with pytest.raises(errors.LoginNotOffered, match=r'imap\.auth = "xoauth2"`, only PLAIN'):
            connect(over_tls(server, user.name, TOKEN, auth="xoauth2"))
    finally:
        server.close()


def test_a_client_certificate_opens_a_server_that_wants_one(request: pytest.FixtureRequest) -> None:
    # Where the server, who is somebody else, may read.
    folder = new_folder("cc")
    request.addfinalizer(lambda: shutil.rmtree(folder))
    mine = make_client_certificate(folder, "agent.example.test")
    server = Dovecot(more=f"ssl_ca = <{mine.ca}\nssl_verify_client_cert = yes\nauth_ssl_require_client_cert = yes\nssl_require_crl = no")
    try:
        user = server.add_user()
        with pytest.raises(errors.ImapError):
            connect(over_tls(server, user.name))
        connection = connect(over_tls(server, user.name, client_cert=mine.chain, client_key=mine.key))
        connection.close()
    finally:
        server.close()


def test_a_key_with_a_pass_phrase_does_not_ask_at_the_terminal(dovecot: Dovecot, tmp_path: Path) -> None:
    from cryptography.hazmat.primitives import serialization

    mine = make_client_certificate(tmp_path, "agent.example.test")
    key = serialization.load_pem_private_key(mine.key.read_bytes(), None)
    locked = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.BestAvailableEncryption(b"phrase")
    )
    mine.key.write_bytes(locked)
    with pytest.raises(errors.CertificateUnreadable, match=r"imap\.client_cert"):
        connect(over_tls(dovecot, "u", client_cert=mine.chain, client_key=mine.key))


def test_an_old_tls_is_refused_with_the_name_of_the_setting(tmp_path: Path) -> None:
    import socket
    import ssl

    certificate = make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.chain, certificate.key)
    context.maximum_version = ssl.TLSVersion.TLSv1_2

    def serve(listening: socket.socket) -> None:
        client, _ = listening.accept()
        try:
            context.wrap_socket(client, server_side=True).close()
        except OSError:
            client.close()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,), daemon=True)
        thread.start()
        access = ImapAccess("localhost", listening.getsockname()[1], "implicit", "u", Password("pw"), ca_file=certificate.ca, tls_min="1.3")
        with pytest.raises(errors.TlsFailed, match=r"imap\.tls"):
            connect(access)
        thread.join(10)


@pytest.mark.parametrize("kind", ["socks5", "http"])
@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_mail_is_read_through_a_proxy_which_sees_no_password(dovecot: Dovecot, kind: str, tls: str) -> None:
    user = dovecot.add_user(password="very-secret")
    port = dovecot.imaps_port if tls == "implicit" else dovecot.imap_port
    with SmallProxy(kind, login="agent:door") as proxy:
        access = over_tls(dovecot, user.name, "very-secret", port=port, tls=tls, proxy=Proxy(kind, "127.0.0.1", proxy.port, "agent", "door"))
        with MailSession.open(access) as session:
            session.append("INBOX", b"Subject: x\r\n\r\nx\r\n")
            assert session.select("INBOX").exists == 1
        assert proxy.asked == [f"localhost:{port}"]
        assert b"very-secret" not in proxy.passed
        assert base64.b64encode(b"very-secret")[:8] not in proxy.passed


def test_no_password_goes_through_a_proxy_in_clear(dovecot: Dovecot) -> None:
    user = dovecot.add_user()
    with SmallProxy("socks5") as proxy:
        access = ImapAccess("127.0.0.1", dovecot.imap_port, "none", user.name, Password("pw"), proxy=Proxy("socks5", "127.0.0.1", proxy.port))
        with pytest.raises(errors.EncryptionRequired, match=r"through a proxy.*imap\.tls"):
            connect(access)
        assert proxy.asked == []


def test_a_proxy_that_lets_nobody_through_is_named(dovecot: Dovecot) -> None:
    with SmallProxy("http", refuse=403) as proxy:
        with pytest.raises(errors.ProxyUnusable, match=rf"the proxy 127\.0\.0\.1:{proxy.port} does not allow.*imap\.proxy") as failed:
            connect(over_tls(dovecot, "u", proxy=Proxy("http", "127.0.0.1", proxy.port, "agent", "door")))
    assert "door" not in str(failed.value)
    assert failed.value.exit_code == 3


def test_an_ipv6_literal_is_a_host() -> None:
    server = Dovecot(more="listen = 127.0.0.1, 127.0.0.2, ::1", certificate=lambda folder: make_certificate(folder, "::1", "127.0.0.1"))
    try:
        user = server.add_user()
        for host in ("::1", "[::1]"):
            connection = connect(over_tls(server, user.name, host=host))
            connection.close()
        connection = connect(ImapAccess("[::1]", server.imap_port, "none", user.name, Password("pw")))
        connection.close()
    finally:
        server.close()


# Played servers


def starttls(port_access: ImapAccess) -> ImapAccess:
    return replace(port_access, tls="starttls")


def test_a_server_whose_starttls_was_taken_away_gets_no_password() -> None:
    seen: list[str] = []

    def note(command: str) -> bytes:
        seen.append(command)
        return OK

    with played({"LOGIN": note, "AUTHENTICATE": note}) as access, pytest.raises(errors.EncryptionRequired, match="offers no STARTTLS"):
        connect(starttls(access))
    assert seen == []


def test_a_login_before_tls_is_somebody_else_s() -> None:
    with played({"STARTTLS": OK}, b"* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] welcome\r\n") as access:
        with pytest.raises(errors.EncryptionRequired, match="offers no STARTTLS"):
            connect(starttls(access))


def test_a_server_that_refuses_starttls_gets_no_password() -> None:
    script: dict[str, Answer] = {"CAPABILITY": b"* CAPABILITY IMAP4rev1 STARTTLS\r\n" + OK, "STARTTLS": b"{tag} NO not today\r\n"}
    with played(script) as access, pytest.raises(errors.EncryptionRequired, match="refused STARTTLS"):
        connect(starttls(access))


@pytest.mark.parametrize("first", [False, True])
def test_what_was_said_before_tls_counts_for_nothing(dovecot: Dovecot, first: bool) -> None:
    """STARTTLS injection: somebody between adds lines to the answer that is still in clear, to be taken for the server's afterwards."""
    user = dovecot.add_user()
    real = FaultProxy(dovecot.imap_port)
    injected = b"* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n* 99 EXISTS\r\nM1 OK [CAPABILITY IMAP4rev1] injected\r\n"
    with real as proxy, injecting(proxy.port, injected.partition(b"* 99")[0] if first else injected, first=first) as port:
        access = ImapAccess("localhost", port, "starttls", user.name, Password("pw"), ca_file=dovecot.tls.ca, timeout_seconds=5)
        with MailSession.open(access) as session:
            assert "UIDPLUS" in session.capabilities
            assert session.select("INBOX").exists == 0
        assert b"STARTTLS" in proxy.to_server.passed


def injecting(target: int, more: bytes, *, first: bool):
    """A man in the middle who adds to the server's go-ahead for TLS, before or behind it, in the same segment."""
    import contextlib
    import socket

    @contextlib.contextmanager
    def running() -> Iterator[int]:
        with socket.create_server(("127.0.0.1", 0)) as listening:

            def serve() -> None:
                client, _ = listening.accept()
                with client, socket.create_connection(("127.0.0.1", target)) as server:
                    back = threading.Thread(target=answer, args=(server, client), daemon=True)
                    back.start()
                    with contextlib.suppress(OSError):
                        while piece := client.recv(65536):
                            server.sendall(piece)
                        server.shutdown(socket.SHUT_WR)
                    back.join(10)

            def answer(server: socket.socket, client: socket.socket) -> None:
                with contextlib.suppress(OSError):
                    while piece := server.recv(65536):
                        is_it = b"Begin TLS" in piece
                        client.sendall((more + piece if first else piece + more) if is_it else piece)

            thread = threading.Thread(target=serve, daemon=True)
            thread.start()
            yield listening.getsockname()[1]
            thread.join(10)

    return running()


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        (b"{tag} NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)\r\n", errors.LoginRefused, "Invalid credentials"),
        (b"{tag} NO [ALERT] Please log in via your web browser\r\n", errors.LoginRefused, "web browser"),
        (b"{tag} NO [ALERT] Too many simultaneous connections. (Failure)\r\n", errors.TooManyConnections, "no more connections"),
        (b"{tag} NO [LIMIT] Rate limit hit\r\n", errors.TooManyConnections, "no more connections"),
        (b"{tag} NO Maximum number of connections from user+IP exceeded\r\n", errors.TooManyConnections, "no more connections"),
        (b"{tag} NO [UNAVAILABLE] Temporary authentication failure\r\n", errors.Unreachable, "takes no logins now"),
        (b"{tag} NO [INUSE] mailbox is locked\r\n", errors.Unreachable, "takes no logins now"),
        (b"{tag} NO [OVERQUOTA] Account exceeded command or bandwidth limits\r\n", errors.Unreachable, "takes no logins now"),
        (b"{tag} NO [THROTTLED] slower\r\n", errors.Unreachable, "takes no logins now"),
        (b"{tag} NO [PRIVACYREQUIRED] TLS first\r\n", errors.EncryptionRequired, "without TLS"),
        (b"* BYE [ALERT] Too many connections\r\n", errors.TooManyConnections, "no more connections"),
        (b"* BYE see you\r\n", errors.ConnectionLost, "see you"),
        (b"{tag} BAD unknown command\r\n", errors.LoginRefused, "unknown command"),
    ],
)
def test_a_refusal_is_sorted_by_what_can_be_done_about_it(said: bytes, kind: type[errors.ImapError], words: str) -> None:
    with played({"LOGIN": said}) as access, pytest.raises(kind, match=words) as refused:
        connect(access)
    assert type(refused.value) is kind


def test_a_server_that_takes_scram_without_a_proof_is_not_trusted() -> None:
    script: dict[str, Answer] = {"CAPABILITY": b"* CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256\r\n" + OK, "AUTHENTICATE": OK}
    with played(script) as access, pytest.raises(errors.ServerUnproved, match="could not prove") as refused:
        connect(access)
    assert refused.value.exit_code == 3


def test_a_challenge_that_is_no_base64_is_no_crash() -> None:
    script: dict[str, Answer] = {"CAPABILITY": b"* CAPABILITY IMAP4rev1 AUTH=LOGIN\r\n" + OK, "AUTHENTICATE": b"+ abc\r\n"}
    with played(script) as access, pytest.raises(errors.ProtocolBroken):
        connect(access)


def test_the_reason_that_a_provider_gives_for_a_refused_token_is_told() -> None:
    challenge = b"+ " + base64.b64encode(b'{"status":"invalid_token","schemes":"Bearer"}') + b"\r\n"
    said = iter([challenge, b"{tag} NO SASL failed\r\n"])
    script: dict[str, Answer] = {
        "CAPABILITY": b"* CAPABILITY IMAP4rev1 AUTH=OAUTHBEARER\r\n" + OK,
        "AUTHENTICATE": b"+ \r\n",
        # What answers a challenge is a line without a command.
        "$": lambda _: next(said),
    }
    with played(script) as access, pytest.raises(errors.TokenRefused, match="invalid_token SASL failed"):
        connect(replace(access, auth="oauthbearer"))


def test_capabilities_that_came_with_the_login_are_not_asked_for_again() -> None:
    asked: list[str] = []

    def note(command: str) -> bytes:
        asked.append(command)
        return b"* CAPABILITY IMAP4rev1\r\n{tag} OK done\r\n"

    script: dict[str, Answer] = {"LOGIN": b"{tag} OK [CAPABILITY IMAP4rev1 IDLE] in\r\n", "CAPABILITY": note}
    with played(script, b"* OK [CAPABILITY IMAP4rev1] hello\r\n") as access, MailSession.open(access) as session:
        assert session.can_idle
    assert len(asked) == 1  # before the login


@pytest.mark.parametrize(
    ("user", "written"),
    [("Taro Yamada", '"Taro Yamada"'), ("EXAMPLE\\taro", '"EXAMPLE\\\\taro"'), ('a"b', '"a\\"b"'), ("taro@example.jp", "taro@example.jp")],
)
def test_a_user_that_is_no_atom_stands_in_quotes(user: str, written: str) -> None:
    """Domino's people log in by their full name, Exchange's with a domain before it; as an atom either would be a command with a word too many."""
    asked: list[str] = []

    def note(command: str) -> bytes:
        asked.append(command)
        return OK

    with played({"LOGIN": note}) as access, MailSession.open(msgspec.structs.replace(access, user=user)):
        assert asked == [f'LOGIN {written} "pw"']


def test_which_ways_are_offered_depends_on_who_can_listen() -> None:
    everything = {"AUTH=PLAIN", "AUTH=LOGIN", "AUTH=CRAM-MD5", "AUTH=SCRAM-SHA-1", "AUTH=XOAUTH2"}
    assert offered("password", everything, is_private=True) == ["SCRAM-SHA-1", "PLAIN", "LOGIN", "LOGIN command"]
    assert offered("password", {*everything, "LOGINDISABLED"}, is_private=True) == ["SCRAM-SHA-1", "PLAIN", "LOGIN"]
    assert offered("password", everything, is_private=False) == ["SCRAM-SHA-1"]
    assert offered("password", {"AUTH=CRAM-MD5", "LOGINDISABLED"}, is_private=True) == ["CRAM-MD5"]
    assert offered("xoauth2", everything, is_private=True) == ["XOAUTH2"]
    assert offered("oauthbearer", everything, is_private=True) == []
