"""The server's life: one a home, its doors and who may use them, its end."""

import asyncio
import logging
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
import trustme
from server_process import new_folder

from mailsync.link.address import Invitation, ServerAddress
from mailsync.link.client import TeamClient
from mailsync.link.protocol import AddMemberRequest, JoinRequest
from mailsync.link.stream_protocol import Goodbye
from mailsync.server.errors import CannotListen, ListenRefused
from mailsync.server.listening import DEFAULT_PORT, fingerprint_of, listen_unix, tcp_place
from mailsync.server.log import log_to, stop_logging
from mailsync.server.run import serve
from store.domain.ids import MemberKey, Seq
from store.settings.secrets import Secret
from store.settings.settings import ServerSettings, Settings, load_settings
from tests.server.server_child import Child
from tests.server.server_house import Ear
from tests.waiting import wait_for


@pytest.fixture
def home() -> Path:
    return new_folder("run")


def client_of(home: Path) -> TeamClient:
    return TeamClient(ServerAddress("unix", path=str(home / "desk.sock")))


def test_a_second_server_in_a_home_is_refused(home: Path) -> None:
    child = Child(home)
    second = Child(home)
    code, words = second.ended()
    assert (code, second.url) == (1, "")
    assert "runs already" in words
    assert len(words.splitlines()) == 1
    assert child.stop() == 0


async def test_the_owner_needs_no_session_at_the_homes_own_socket_and_nobody_else_can_open_it(home: Path) -> None:
    child = await asyncio.to_thread(Child, home, "--listen", "127.0.0.1:0")
    assert child.url.startswith("http://127.0.0.1:")
    mode = (home / "desk.sock").stat().st_mode
    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) == 0o600
    async with client_of(home) as client:
        me = await client.me()
        assert (me.member.role, me.seq) == ("admin", 1)
        added = await client.add_member(AddMemberRequest("Sato"))
    invitation = Invitation.decode(added.invitation)
    assert invitation.url == child.url
    async with TeamClient(ServerAddress.parse(invitation.url)) as client:
        joined = await client.join(JoinRequest(invitation.secret, "t"))
    assert joined.member.key == "sato"
    assert await asyncio.to_thread(child.stop) == 0
    log = (home / "server.log").read_text()
    for secret in (invitation.secret, joined.session):
        assert secret not in log
    assert stat.S_IMODE((home / "server.log").stat().st_mode) == 0o600


async def test_a_team_on_one_host_shares_a_socket_with_its_group(home: Path) -> None:
    shared = home / "shared.sock"
    child = await asyncio.to_thread(Child, home, "--socket", str(shared))
    assert child.url == f"unix:{shared}"
    assert stat.S_IMODE(shared.stat().st_mode) == 0o660
    async with TeamClient(ServerAddress.parse(child.url)) as client:
        assert (await client.me()).member.role == "admin"
    await asyncio.to_thread(child.stop)


async def test_a_server_that_is_told_to_stop_says_goodbye_and_ends_well(home: Path) -> None:
    child = await asyncio.to_thread(Child, home)
    async with client_of(home) as client, client.stream(Seq(0)) as stream:
        ear = Ear(stream)
        task = asyncio.create_task(ear.listen())
        await wait_for(lambda: ear.heard, "hello")
        assert await asyncio.to_thread(child.stop) == 0
        await task
        assert ear.heard[-1] == Goodbye("stopping")


LINGER_SECONDS = 2.0


async def test_a_terminals_own_server_ends_after_its_last_client(home: Path) -> None:
    ready = asyncio.Event()
    server = asyncio.create_task(serve(Settings(), home, on_ready=lambda _url: ready.set(), linger_seconds=LINGER_SECONDS))
    await asyncio.wait_for(ready.wait(), 30)
    async with client_of(home) as client, client.stream(Seq(0)) as stream:
        ear = Ear(stream)
        listening = asyncio.create_task(ear.listen())
        await wait_for(lambda: ear.heard, "hello")
        began = time.monotonic()
        # It stays for as long as somebody listens.
        await wait_for(lambda: time.monotonic() - began > LINGER_SECONDS + 0.5, "more than its patience")
        assert not server.done()
        listening.cancel()
    await asyncio.wait_for(server, 30)


async def test_a_server_in_use_is_ended_by_sigterm_in_this_process_too(home: Path) -> None:
    ready = asyncio.Event()
    server = asyncio.create_task(serve(Settings(), home, on_ready=lambda _url: ready.set()))
    await asyncio.wait_for(ready.wait(), 30)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(server, 30)


async def test_a_socket_left_by_a_killed_server_is_cleared_but_nothing_else_is(home: Path) -> None:
    from aiohttp import web

    runner = web.AppRunner(web.Application())
    await runner.setup()
    dead = socket.socket(socket.AF_UNIX)
    dead.bind(str(home / "dead.sock"))
    dead.close()
    await listen_unix(runner, home / "dead.sock", 0o600)
    with pytest.raises(CannotListen, match="another server answers"):
        await listen_unix(runner, home / "dead.sock", 0o600)
    (home / "file").write_text("precious")
    with pytest.raises(CannotListen, match="no socket"):
        await listen_unix(runner, home / "file", 0o600)
    assert (home / "file").read_text() == "precious"
    with pytest.raises(CannotListen):
        await listen_unix(runner, home / ("long" * 40), 0o600)
    await runner.cleanup()


@pytest.mark.parametrize("listen", ["0.0.0.0:8642", "192.0.2.1:80", "[::]:80", "mail.example.jp:80"])
def test_other_machines_are_never_served_without_tls(listen: str) -> None:
    with pytest.raises(ListenRefused, match="tls_cert"):
        tcp_place(listen, None, None)
    assert tcp_place(listen, Path("cert"), Path("key")).port in {80, 8642}


def test_where_to_listen_is_read_as_people_write_it() -> None:
    places = {text: tcp_place(text, None, None) for text in ("127.0.0.1:1", "localhost", ":5", "[::1]:7", "[::1]")}
    assert {text: (place.host, place.port) for text, place in places.items()} == {
        "127.0.0.1:1": ("127.0.0.1", 1),
        "localhost": ("localhost", DEFAULT_PORT),
        ":5": ("127.0.0.1", 5),
        "[::1]:7": ("::1", 7),
        "[::1]": ("::1", DEFAULT_PORT),
    }
    for wrong in ("127.0.0.1:x", "127.0.0.1:99999", "127.0.0.1:"):
        with pytest.raises(ListenRefused):
            tcp_place(wrong, None, None)
    with pytest.raises(ListenRefused, match="both"):
        tcp_place("127.0.0.1:1", Path("cert"), None)


async def test_with_tls_the_invitation_names_the_certificate_and_the_session_works(home: Path) -> None:
    certificate = trustme.CA().issue_cert("localhost", "127.0.0.1")
    certificate.private_key_pem.write_to_path(home / "key.pem")
    for blob in certificate.cert_chain_pems:
        blob.write_to_path(home / "cert.pem", append=True)
    server = ServerSettings(listen="127.0.0.1:0", tls_cert=str(home / "cert.pem"), tls_key=str(home / "key.pem"))
    urls: list[str] = []
    task = asyncio.create_task(serve(Settings(server=server), home, on_ready=urls.append))
    await wait_for(lambda: urls, "the server")
    async with client_of(home) as client:
        invitation = Invitation.decode((await client.add_member(AddMemberRequest("Sato"))).invitation)
    assert invitation.url == urls[0]
    assert invitation.url.startswith("https://")
    assert invitation.fingerprint == fingerprint_of(tcp_place("127.0.0.1:0", home / "cert.pem", home / "key.pem"))
    address = ServerAddress.parse(invitation.url)
    async with TeamClient(address, fingerprint=invitation.fingerprint) as nobody:
        joined = await nobody.join(JoinRequest(invitation.secret, "t"))
    async with TeamClient(address, Secret(joined.session), fingerprint=invitation.fingerprint) as sato:
        assert (await sato.me()).member.key == "sato"
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(task, 30)


def test_a_secret_cannot_get_into_the_log(home: Path) -> None:
    handler = log_to(home)
    try:
        logging.getLogger("test").warning("password %s and %r", Secret("hunter2"), Secret("hunter2"), extra={"given": Secret("hunter2")})
    finally:
        stop_logging(handler)
    text = (home / "server.log").read_text()
    assert "hunter2" not in text
    assert "•••" in text


def test_a_home_without_settings_can_be_served(home: Path) -> None:
    assert load_settings(home) == Settings()


ASK_AS_NOBODY = """
import os, socket, sys
os.setgroups([]); os.setgid(65534); os.setuid(65534)
line = socket.socket(socket.AF_UNIX)
line.connect(sys.argv[1])
line.sendall(b"GET /v1/me HTTP/1.1\\r\\nHost: desk\\r\\nConnection: close\\r\\n\\r\\n")
answer = b""
while part := line.recv(65536):
    answer += part
print(answer.decode())
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
async def test_another_unix_account_is_a_stranger_until_it_is_bound_to_a_member(home: Path) -> None:
    shared = home / "shared.sock"
    child = await asyncio.to_thread(Child, home, "--socket", str(shared))
    shared.chmod(0o666)

    async def ask() -> str:
        asked = await asyncio.to_thread(
            subprocess.run, [sys.executable, "-c", ASK_AS_NOBODY, str(shared)], capture_output=True, text=True, timeout=30
        )
        assert asked.returncode == 0, asked.stderr
        return asked.stdout

    assert "401" in (await ask()).splitlines()[0]
    async with client_of(home) as client:
        await client.add_member(AddMemberRequest("Sato", unix_user="nobody"))
    answer = await ask()
    assert "200" in answer.splitlines()[0]
    assert '"key":"sato"' in answer
    async with client_of(home) as client:
        await client.deactivate(MemberKey("sato"))
    assert "401" in (await ask()).splitlines()[0]
    await asyncio.to_thread(child.stop)
