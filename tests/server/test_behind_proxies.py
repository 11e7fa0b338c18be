"""The proxies' settings of docs/server.md, as they stand there, let everything through that a terminal needs. Needs both programs."""

import asyncio
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from server_process import free_port, new_folder
from tls import Certificate, make_certificate

from mailsync.link.address import ServerAddress
from mailsync.link.client import TeamClient
from mailsync.link.errors import ServerAway
from mailsync.link.protocol import CommandRequest, Done
from store.domain.commands import AddComment
from store.domain.ids import CommandKey, CommentId, Seq
from store.settings.secrets import Secret
from store.settings.settings import parse_settings
from tests.server.server_house import SETTINGS, Ear, reply_to, serving
from tests.team.team_house import TestClock
from tests.waiting import wait_for

PAGE = Path(__file__).parents[2] / "docs/server.md"
CERTAINLY_READY_SECONDS = 20


def block(kind: str, having: str) -> str:
    """The one block of the page in that language that says this."""
    (found,) = [text for text in re.findall(rf"```{kind}\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL) if having in text]
    return found


def nginx(folder: Path, behind: int, port: int, tls: Certificate) -> list[str]:
    said = block("nginx", "proxy_pass").replace("8642", str(behind)).replace("listen 443", f"listen 127.0.0.1:{port}")
    said = said.replace("/etc/ssl/desk.pem", str(tls.chain)).replace("/etc/ssl/desk.key", str(tls.key))
    bodies = "".join(f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    root = "user root;\n" if os.geteuid() == 0 else ""
    main = f"{root}daemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{}}\nhttp {{\naccess_log off;\n{bodies}{said}}}\n"
    (folder / "nginx.conf").write_text(main, "utf-8")
    return ["nginx", "-p", str(folder), "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]


def caddy(folder: Path, behind: int, port: int, tls: Certificate) -> list[str]:
    said = block("caddy", "reverse_proxy").replace("8642", str(behind))
    said = said.replace("desk.example.jp {", f"https://127.0.0.1:{port} {{\n    tls {tls.chain} {tls.key}")
    (folder / "Caddyfile").write_text(f"{{\n    admin off\n    auto_https disable_redirects\n}}\n{said}", "utf-8")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", f"{folder}/Caddyfile"]


@contextmanager
def running(command: list[str], folder: Path) -> Iterator[None]:
    home = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (folder / "said").open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out, env=home) as process:
        try:
            yield
        finally:
            process.terminate()


@pytest.mark.soak
@pytest.mark.parametrize("proxy", [nginx, caddy], ids=["nginx", "caddy"])
async def test_a_terminal_works_behind_a_proxy_set_up_as_the_page_says(proxy, clock: TestClock) -> None:
    assert shutil.which(proxy.__name__), f"{proxy.__name__} is not on this machine: install it, its settings were not tried"
    folder, port = new_folder("proxy"), free_port()
    tls = make_certificate(folder / "tls")
    trust = block("toml", "proxy_header").partition("[trust]")
    settings = parse_settings(f"{SETTINGS}\n[trust]{trust[2]}", folder / "settings.toml")
    async with serving(new_folder("desk"), clock, settings=settings) as served:
        sato = await served.member("Sato")
        first = await served.team.arrives("<1@example.org>")
        behind = ServerAddress.parse(served.url).port
        with running(proxy(folder, behind, port, tls), folder):
            async with TeamClient(ServerAddress.parse(f"https://127.0.0.1:{port}"), Secret(sato.session), ca_file=tls.ca) as client:
                await answers(client, folder)
                async with client.stream(Seq(0)) as stream:
                    ear = Ear(stream)
                    listening = asyncio.create_task(ear.listen())
                    await wait_for(lambda: ear.recorded, "what was missed", seconds=CERTAINLY_READY_SECONDS)
                    (line,) = served.house.hub._lines.values()
                    await wait_for(lambda: line.straight is not None, "a WebSocket, and nothing slower")
                    comment = AddComment(conversation_id=first, comment_id=CommentId("c"), text="届きました")
                    said = await client.command(CommandRequest(CommandKey("k1"), comment))
                    assert isinstance(said, Done)
                    await wait_for(lambda: ear.recorded[-1].seq == said.as_of, "the comment to come down the stream")
                    token = await served.team.take(sato.member, first)
                    large = reply_to(first, await served.team.revision(first), token, text=b"x" * 15_000_000)
                    assert isinstance(await client.command(CommandRequest(CommandKey("k2"), large)), Done)
                    listening.cancel()
                (session,) = await client.own_sessions()
                assert session.place == "127.0.0.1"


async def answers(client: TeamClient, folder: Path) -> None:
    ends_at = time.monotonic() + CERTAINLY_READY_SECONDS
    while True:
        try:
            await client.me()
            return
        except ServerAway:
            assert time.monotonic() < ends_at, (folder / "said").read_text("utf-8")
            await asyncio.sleep(0.02)
