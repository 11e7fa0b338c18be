"""`mado demo`: everything is there in seconds, colleagues act on their own, and nothing is left behind."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from guard import descendants_of
from tmux_terminal import Terminal

from mailsync.demo.cast import Pace
from mailsync.demo.desk import MARK, Ready, prepare, run_demo
from mailsync.demo.errors import NotADemoHome
from mailsync.demo.imap_server import DemoImapServer
from mailsync.demo.smtp_server import DemoSmtpServer
from mailsync.link.address import ServerAddress
from mailsync.link.client import TeamClient
from mailsync.link.home import client_of
from mailsync.mime.parse import parse_message
from store.domain.events import CommentAdded, LeaseTaken, OwnerChanged, Recorded, ReplyOutcome, UrgencyChanged
from store.domain.ids import Seq
from store.settings.settings import load_settings
from tests.waiting import wait_for, wait_until

MADO = [sys.executable, "-m", "tui.entry"]
QUIET = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", "MADO_LANG": "en"}
HURRIED = Pace(pause=(0.05, 0.2), writing=(0.1, 0.3), hold=0.0, mail=(0.3, 0.6))


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A short path: a Unix socket's may have 107 bytes."""
    made = tmp_path_factory.mktemp("d")
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in QUIET.items():
        monkeypatch.setenv(name, value)


def alive(pid: int) -> bool:
    """Whether a process runs, zombies aside."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def command_of(pid: int) -> bytes:
    """Its command line; nothing once it has ended."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


async def journal(client: TeamClient) -> list[Recorded]:
    """Everything that happened."""
    found: list[Recorded] = []
    while page := (await client.events(found[-1].seq if found else Seq(0))).recorded:
        found += page
    return found


async def test_colleagues_and_customers_act_on_their_own_and_stop_when_told(folder: Path) -> None:
    ready: list[Ready] = []
    demo = asyncio.create_task(run_demo(folder, ready.append, pace=HURRIED))
    try:
        await wait_for(lambda: ready or demo.done(), "the demo", seconds=120)
        home = Path(ready[0].home)
        settings = load_settings(home)
        assert settings.member == "miura"
        assert settings.server.url == ready[0].url
        async with client_of(home, settings, ServerAddress.parse(ready[0].url)) as client:
            deadline = time.monotonic() + 180
            wanted = {CommentAdded, LeaseTaken, OwnerChanged, ReplyOutcome, UrgencyChanged}
            while True:
                events = await journal(client)
                by = {one.by for one in events if isinstance(one.event, tuple(wanted))}
                calls = any(isinstance(one.event, CommentAdded) and "miura" in one.event.mentions for one in events)
                if {type(one.event) for one in events} >= wanted and by >= {"sato", "tanaka", "ben"} and calls:
                    break
                assert time.monotonic() < deadline, f"{by} did {deeds(events)}"
                await asyncio.sleep(0.1)
            assert len((await client.snapshot()).templates) == 8
    finally:
        demo.cancel()
        await asyncio.gather(demo, return_exceptions=True)
    assert not [pid for pid in descendants_of(os.getpid()) if alive(pid) and os.fsencode(folder) in command_of(pid)]


def deeds(events: list[Recorded]) -> dict[str, int]:
    """How often what happened."""
    names = [type(one.event).__name__ for one in events]
    return {name: names.count(name) for name in set(names)}


def test_headless_prints_where_everything_is_and_ends_without_a_trace(folder: Path) -> None:
    port_file = folder / "ports"
    started = time.monotonic()
    with subprocess.Popen([*MADO, "demo", "--headless", "--port-file", str(port_file)], stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        said = json.loads(demo.stdout.readline())
        print(f"ready after {time.monotonic() - started:.2f} s")
        assert json.loads(port_file.read_text()) == said
        assert said["ready"] is True
        below = descendants_of(demo.pid)
        home = Path(said["home"])
        synced = subprocess.run([*MADO, "--home", str(home), "sync", "--once", "--json"], capture_output=True, text=True, check=True)
        assert sum(json.loads(line)["new"] for line in synced.stdout.splitlines()) >= 140
        demo.send_signal(signal.SIGTERM)
        assert demo.wait(60) == 0
    assert not home.exists()
    wait_until(lambda: not any(alive(pid) for pid in below), "whatever it had begun to be gone")


def test_a_demo_that_is_killed_leaves_no_server_running(folder: Path) -> None:
    with subprocess.Popen([*MADO, "--home", str(folder / "demo"), "demo", "--headless"], stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        demo.stdout.readline()
        below = descendants_of(demo.pid)
        assert below
        demo.kill()
    wait_until(lambda: not any(alive(pid) for pid in below), "the team server's end", seconds=60)


def test_a_person_sees_the_list_within_seconds_and_leaves_nothing_behind(folder: Path) -> None:
    started = time.monotonic()
    # Whoever closes the window kills nothing: servers and folder go in the demo's own time.
    with Terminal([*MADO, "demo"], columns=120, rows=30, env={**QUIET, "TMPDIR": str(folder)}, grace_seconds=30) as terminal:
        terminal.wait_for("山田 花子", 60)
        print(f"first list after {time.monotonic() - started:.2f} s")
        assert list(folder.glob("mado-demo-*"))
    assert not list(folder.glob("mado-demo-*"))


def test_a_folder_with_something_else_in_it_is_left_alone(folder: Path) -> None:
    (folder / "thesis.txt").write_text("years of work")
    with pytest.raises(NotADemoHome):
        prepare(folder)
    assert (folder / "thesis.txt").read_text() == "years of work"


def test_an_earlier_demos_folder_is_used_again(folder: Path) -> None:
    prepare(folder)
    (folder / "you").mkdir()
    (folder / "you" / "settings.toml").write_text("old")
    prepare(folder)
    assert not (folder / "you").exists()
    assert (folder / MARK).exists()


async def test_the_demos_mail_server_takes_nothing_without_the_password() -> None:
    imap = DemoImapServer()
    for user in ("support", "world"):
        imap.add_user(user, "right")
    server = DemoSmtpServer(imap, "support", "right", "support@example.jp")
    port = await server.start()
    taken: list[tuple[str, ...]] = []
    server.on_accepted = lambda _raw, recipients: taken.append(recipients)

    def talk(password: str | None) -> None:
        with smtplib.SMTP("127.0.0.1", port) as smtp:
            if password is not None:
                smtp.login("support", password)
            smtp.sendmail("support@example.jp", ["a@example.com", "b@example.net", "Support@example.jp"], b"Subject: hi\r\n\r\nx\r\n")

    try:
        with pytest.raises(smtplib.SMTPSenderRefused):
            await asyncio.to_thread(talk, None)
        with pytest.raises(smtplib.SMTPAuthenticationError):
            await asyncio.to_thread(talk, "wrong")
        await asyncio.to_thread(talk, "right")
    finally:
        await server.stop()
    assert taken == [("a@example.com", "b@example.net", "Support@example.jp")]
    assert [parse_message(raw).subject for user in ("world", "support") for raw in imap.messages(user, "INBOX")] == ["hi", "hi"]
