"""A home without a server gets one of its own: one, however many terminals start at once, and not in a house whose server is stopped."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from server_process import new_folder

from mailsync.link.client import TeamClient
from mailsync.link.errors import OwnServerFailed
from mailsync.link.home import own_server_answers, server_of
from mailsync.link.local_server import reach_server, start_own_server
from store.domain.people import Role
from store.settings.settings import ServerSettings, Settings
from tests.cli.home import Home


@pytest.fixture
def home() -> Iterator[Home]:
    home = Home(new_folder("own") / "home")
    yield home
    home.stop_server()


async def test_terminals_that_start_together_share_one_server(home: Home) -> None:
    with ThreadPoolExecutor(3) as pool:
        addresses = list(pool.map(start_own_server, [home.path] * 3))
    assert len(set(addresses)) == 1
    assert own_server_answers(home.path)
    async with TeamClient(addresses[0]) as client:
        me = await client.me()
    assert me.member.role is Role.ADMIN  # the home's Unix owner, known by the socket and nothing else


def test_a_socket_left_by_a_killed_server_is_not_taken_for_one(home: Home) -> None:
    (home.path / "desk.sock").touch()
    assert not own_server_answers(home.path)
    assert server_of(home.path, Settings()) is None


def test_in_a_house_whose_server_is_stopped_no_other_is_started(home: Home) -> None:
    with pytest.raises(OwnServerFailed) as failed:
        reach_server(home.path, Settings(server=ServerSettings(listen="127.0.0.1:8642")))
    assert "mado server run" in str(failed.value)
    assert not (home.path / "desk.sock").exists()


def test_a_server_that_cannot_start_says_why(home: Home) -> None:
    (home.path / "settings.toml").write_text("[server]\ncolour = 1\n")
    with pytest.raises(OwnServerFailed) as failed:
        start_own_server(home.path)
    assert "colour" in str(failed.value)
