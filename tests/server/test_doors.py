"""The doors of a real server process: TLS made by one command, certificates of clients, the shared socket; and no secret on any command line."""

import asyncio
import json
import os
import socket
import ssl
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme
from server_process import new_folder

from mailsync.link.address import Invitation, ServerAddress
from mailsync.link.client import TeamClient
from mailsync.link.errors import ServerAway, ServerNotTrusted, SessionEnded
from mailsync.link.people_protocol import CertificateNames
from mailsync.link.protocol import AddMemberRequest, JoinRequest
from mailsync.server.certificates import certificate_name, subject_name
from mailsync.server.errors import CannotListen, ListenRefused
from mailsync.server.listening import listen_unix
from store.domain.ids import MemberKey
from store.settings.errors import SettingsError
from store.settings.secrets import Secret
from store.settings.settings import parse_settings
from tests.mado_forks import run_verb
from tests.server.server_child import ROOT, Child
from tests.waiting import wait_until

PASSWORD = "correct horse"


def mado(home: Path, *arguments: str, stdin: str | None = None) -> tuple[int, list[dict], str]:
    done = run_verb(["--home", str(home), *arguments, "--json"], stdin=stdin, env=environment())
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring", "MADO_LANG": "en"}


@contextmanager
def running(home: Path, *arguments: str) -> Iterator[Child]:
    child = Child(home, *arguments)
    try:
        assert child.url, child.ended()
        yield child
    finally:
        if child.process.returncode is None:
            assert child.stop() == 0


def owner(home: Path) -> TeamClient:
    return TeamClient(ServerAddress("unix", path=str(home / "desk.sock")))


def test_a_house_without_an_authority_gets_tls_and_a_colleague_with_a_few_lines() -> None:
    home, theirs, other = new_folder("tls"), new_folder("theirs"), new_folder("other")
    code, rows, err = mado(home, "server", "certificate", "--name", "127.0.0.1", "--name", "desk.example.jp")
    assert code == 0, err
    fingerprint = rows[0]["fingerprint"]
    assert stat.S_IMODE((home / "tls-key.pem").stat().st_mode) == 0o600
    # A slip does not lock the members out.
    assert mado(home, "server", "certificate")[0] == 5
    with running(home, "--listen", "127.0.0.1:0") as child:
        assert child.url.startswith("https://")
        code, rows, err = mado(home, "member", "add", "Sato", "--until", "2099-01-01")
        assert code == 0, err
        invitation = Invitation.decode(rows[0]["invitation"])
        assert (invitation.fingerprint, rows[0]["ends_at"][:2]) == (fingerprint, "20")
        code, rows, err = mado(theirs, "join", "-", "--password-stdin", stdin=f"{invitation.encode()}\n{PASSWORD}\n")
        assert (code, rows[0]["member"]) == (0, "sato"), err
        assert mado(theirs, "session", "list")[1][0]["how"] == "invitation"
        # From another machine, with nothing but the password.
        code, rows, err = mado(
            other, "login", "--server", child.url, "--fingerprint", fingerprint, "--member", "sato", "--password-stdin", stdin=f"{PASSWORD}\n"
        )
        assert (code, rows[0]["server"]) == (0, child.url), err
        assert len(mado(other, "session", "list")[1]) == 2
        code, _rows, err = mado(other, "login", "--password-stdin", stdin="wrong\n")
        assert (code, len(err.splitlines())) == (4, 1)
        wrong = mado(new_folder("x"), "login", "--server", child.url, "--fingerprint", "0" * 64, "--member", "sato", "--password-stdin", stdin="x\n")
        assert wrong[0] == 3
        assert mado(other, "session", "end", "--others")[1] == [{"ended": 1}]
        assert mado(theirs, "session", "list")[0] == 4
        weak = mado(other, "session", "password", "--password-stdin", stdin=f"{PASSWORD}\npassword1234\n")
        assert weak[0] == 5
        assert "tried first" in weak[2]
        assert "password1234" not in weak[2]
        assert mado(other, "session", "password", "--password-stdin", stdin=f"{PASSWORD}\nfour words make one\n")[0] == 0


def test_tls_is_1_2_at_least_with_forward_secrecy() -> None:
    home = new_folder("tls")
    assert mado(home, "server", "certificate", "--name", "127.0.0.1")[0] == 0
    with running(home, "--listen", "127.0.0.1:0") as child:
        address = ServerAddress.parse(child.url)
        assert spoken(address, ssl.TLSVersion.TLSv1_3) == "TLSv1.3"
        assert spoken(address, ssl.TLSVersion.TLSv1_2) == "TLSv1.2"
        with pytest.raises((ssl.SSLError, ConnectionError)):
            spoken(address, ssl.TLSVersion.TLSv1_1)
        for weak in ("AES128-GCM-SHA256", "ECDHE+AES:!ECDHE+AESGCM:!ECDHE+AESCCM"):
            with pytest.raises((ssl.SSLError, ConnectionError)):
                spoken(address, ssl.TLSVersion.TLSv1_2, weak)
        with socket.create_connection((address.host, address.port), timeout=10) as plain:
            plain.sendall(b"GET /v1/me HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b"HTTP" not in plain.recv(1000)


def spoken(address: ServerAddress, version: ssl.TLSVersion, ciphers: str = "DEFAULT:@SECLEVEL=0") -> str | None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version, context.maximum_version = version, version
    context.set_ciphers(ciphers)
    with socket.create_connection((address.host, address.port), timeout=10) as line, context.wrap_socket(line) as tls:
        return tls.version()


class Clients:
    """An authority of the house's and certificates of people, as PEM files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = trustme.CA()
        self.authority.cert_pem.write_to_path(folder / "clients.pem")

    def certificate(self, name: str, authority: trustme.CA | None = None) -> tuple[Path, Path]:
        made = (authority or self.authority).issue_cert(name, common_name=name)
        chain, key = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        chain.write_bytes(b"".join(blob.bytes() for blob in made.cert_chain_pems))
        key.write_bytes(made.private_key_pem.bytes())
        return chain, key


async def test_a_bound_certificate_is_needed_beside_the_session_and_nobody_elses_will_do() -> None:
    home = new_folder("mtls")
    clients = Clients(home)
    assert (await asyncio.to_thread(mado, home, "server", "certificate", "--name", "127.0.0.1"))[0] == 0
    with (home / "settings.toml").open("a") as file:
        file.write('\n[trust]\nclient_certificates = "ask"\nclient_ca = "clients.pem"\n')
    sato, mori = clients.certificate("sato"), clients.certificate("mori")
    forged = clients.certificate("forged", trustme.CA())
    child = await asyncio.to_thread(Child, home, "--listen", "127.0.0.1:0")
    assert child.url, child.ended()
    try:
        await _with_certificates(home, child.url, sato, mori, forged)
    finally:
        assert await asyncio.to_thread(child.stop) == 0


async def _with_certificates(home: Path, url: str, sato: tuple[Path, Path], mori: tuple[Path, Path], forged: tuple[Path, Path]) -> None:
    address = ServerAddress.parse(url)
    async with owner(home) as admin:
        invitation = Invitation.decode((await admin.add_member(AddMemberRequest("Sato"))).invitation)
        await admin.add_member(AddMemberRequest("Mori"))
        pin = invitation.fingerprint
        async with TeamClient(address, fingerprint=pin) as nobody:
            session = Secret((await nobody.join(JoinRequest(invitation.secret, "t"))).session)

        async def who(shown: tuple[Path, Path] | None, session: Secret | None) -> str:
            async with TeamClient(address, session, fingerprint=pin, certificate=shown) as client:
                return (await client.me()).member.key

        assert await who(None, session) == "sato"
        bound = await asyncio.to_thread(mado, home, "member", "certificate", "sato", "--file", str(sato[0]))
        assert bound[0] == 0, bound
        assert bound[1][0]["certificates"][0].startswith("sha256:")
        await admin.bind_certificates(MemberKey("mori"), CertificateNames(("subject:O=trustme v" + trustme.__version__ + ",OU=x",)))
        for shown in (None, mori):
            with pytest.raises(SessionEnded, match="certificate"):
                await who(shown, session)
        # The certificate with the session, and the certificate alone: only its owner has the key.
        assert await who(sato, session) == "sato"
        assert await who(sato, None) == "sato"
        with pytest.raises(SessionEnded):
            await who(mori, None)
        with pytest.raises((ServerAway, ServerNotTrusted)):
            await who(forged, session)
        # The pin holds with a certificate of one's own as well.
        async with TeamClient(address, session, fingerprint="0" * 64, certificate=sato) as client:
            with pytest.raises(ServerNotTrusted, match="invitation"):
                await client.me()
        await admin.deactivate(MemberKey("sato"))
        with pytest.raises(SessionEnded):
            await who(sato, None)


def test_a_name_inside_a_certificate_cannot_pretend_to_be_more_names() -> None:
    honest = subject_name(((("commonName", "sato"),), (("organizationName", "Example"),)))
    forged = subject_name(((("commonName", "sato,O=Example"),),))
    assert honest == "subject:CN=sato,O=Example"
    assert forged != honest
    assert certificate_name("AA:" * 31 + "AA") == "sha256:" + "aa" * 32
    assert certificate_name("sha256:" + "ab" * 32) == "sha256:" + "ab" * 32
    assert certificate_name("subject:CN=sato") == "subject:CN=sato"
    for wrong in ("", "sato", "sha256:xyz", "subject:", "AA" * 31):
        assert certificate_name(wrong) is None


async def test_a_server_that_asks_for_certificates_without_tls_does_not_start() -> None:
    home = new_folder("mtls")
    Clients(home)
    (home / "settings.toml").write_text('[trust]\nclient_certificates = "require"\nclient_ca = "clients.pem"\n')
    child = await asyncio.to_thread(Child, home, "--listen", "127.0.0.1:0")
    code, words = await asyncio.to_thread(child.ended)
    assert (code, child.url) == (5, "")
    assert "need TLS" in words


@pytest.mark.parametrize(
    "trust",
    [
        'allow = ["192.0.2.1/24"]',
        'proxies = ["127.0.0.1"]',
        'proxy_header = "X-Forwarded-For"',
        'proxies = ["127.0.0.1"]\nproxy_header = "X-Forwarded For"',
        "idle_days = 0",
        "idle_days = 30\nsession_days = 7",
        'second_factor = ["boss"]',
        'client_certificates = "ask"',
        "unknown = 1",
    ],
)
def test_a_rule_of_the_house_that_cannot_be_meant_is_named(trust: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_settings(f"[trust]\n{trust}\n", Path("settings.toml"))
    assert "trust" in str(caught.value)


async def test_the_shared_socket_belongs_to_its_group_from_the_first_moment(tmp_path: Path) -> None:
    from aiohttp import web

    runner = web.AppRunner(web.Application())
    await runner.setup()
    home = new_folder("group")
    group = "nogroup" if os.geteuid() == 0 else None
    await listen_unix(runner, home / "shared.sock", 0o660, group)
    found = (home / "shared.sock").stat()
    assert stat.S_IMODE(found.st_mode) == 0o660
    if group is not None:
        import grp

        assert found.st_gid == grp.getgrnam(group).gr_gid
    with pytest.raises(CannotListen, match="no group"):
        await listen_unix(runner, home / "other.sock", 0o660, "no-such-group-here")
    await runner.cleanup()


AS = """
import os, socket, sys
uid = int(sys.argv[2])
os.setgroups([]); os.setgid(uid); os.setuid(uid)
line = socket.socket(socket.AF_UNIX)
line.connect(sys.argv[1])
# What a forger would write, beside what the kernel says.
line.sendall(b"GET /v1/me HTTP/1.1\\r\\nHost: desk\\r\\nX-Unix-Uid: 0\\r\\nRemote-User: root\\r\\nConnection: close\\r\\n\\r\\n")
answer = b""
while part := line.recv(65536):
    answer += part
print(answer.decode())
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
async def test_a_forged_peer_is_who_the_kernel_says_and_root_is_nobody_special() -> None:
    home = new_folder("peer")
    os.chown(home, 4242, 4242)
    shared = home / "shared.sock"
    child = await asyncio.to_thread(Child, home, "--socket", str(shared))
    try:
        shared.chmod(0o666)
        answers = {uid: await asyncio.to_thread(asked_as, shared, uid) for uid in (0, 4242, 4243)}
        # The home's owner is its admin; root, who started the server, is not even known.
        assert {uid: answer.split()[1] for uid, answer in answers.items()} == {0: "401", 4242: "200", 4243: "401"}
    finally:
        assert await asyncio.to_thread(child.stop) == 0


def asked_as(path: Path, uid: int) -> str:
    ran = subprocess.run([sys.executable, "-c", AS, str(path), str(uid)], capture_output=True, text=True, timeout=30, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_no_secret_stands_on_a_command_line_or_in_the_server_log() -> None:
    home, theirs = new_folder("ps"), new_folder("theirs")
    with running(home, "--listen", "127.0.0.1:0"):
        invitation = mado(home, "member", "add", "Sato")[1][0]["invitation"]
        assert mado(theirs, "join", "-", "--password-stdin", stdin=f"{invitation}\n{PASSWORD}\n")[0] == 0
        command = [sys.executable, "-m", "tui.entry", "--home", str(theirs), "login", "--password-stdin"]
        waiting = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, env=environment())
        seen = wait_until(lambda: b"--password-stdin" in (lines := b"".join(command_lines())) and lines, "the log-in among the processes")
        waiting.communicate(f"{PASSWORD}\n".encode(), timeout=60)
        assert waiting.returncode == 0
        told = (home / "server.log").read_bytes()
        for secret in (PASSWORD, Invitation.decode(invitation).secret):
            assert secret.encode() not in seen
            assert secret.encode() not in told


def command_lines() -> Iterator[bytes]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                yield (entry / "cmdline").read_bytes() + b"\n"
            except OSError:
                continue


def test_plain_http_is_for_this_machine_only() -> None:
    from mailsync.server.listening import tcp_place

    for listen in ("0.0.0.0:0", "[::]:0", "192.0.2.1:0", "desk.example.jp:0"):
        with pytest.raises(ListenRefused):
            tcp_place(listen, None, None)
