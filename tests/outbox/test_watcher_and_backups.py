"""A mail server that was restored from its backup gives UIDs again that it had given before: the journal gets every mail, and none twice."""

import contextlib
import shutil
from collections.abc import Iterator

import pytest
from server_process import give_to_server
from start_dovecot import Dovecot, User

from store.domain.events import MessageArrived
from tests.outbox.house import SUPPORT, House, mail, put
from tests.outbox.test_watcher import arrivals, told


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    """One of its own: it is stopped."""
    made = Dovecot()
    yield made
    made.close()


@pytest.fixture
def account(dovecot: Dovecot) -> User:
    return dovecot.add_user()


@contextlib.contextmanager
def restored(dovecot: Dovecot, user: User) -> Iterator[None]:
    """Everything that happens in the block is forgotten by the server."""
    there, backup = dovecot.root / "mail" / user.name, dovecot.root / "backup"
    dovecot.stop()
    shutil.copytree(there, backup)
    dovecot.start()
    yield
    dovecot.stop()
    shutil.rmtree(there)
    shutil.move(backup, there)
    give_to_server(there)
    dovecot.start()


def writes(house: House, dovecot: Dovecot, *names: str) -> None:
    for name in names:
        put(dovecot, house.account, "INBOX", mail(f"<{name}@customer.test>", "c@customer.test", house.address))


def ids(found: list[MessageArrived]) -> list[str]:
    return [each.message_id.removesuffix("@customer.test>").removeprefix("<") for each in found]


@pytest.mark.parametrize("since", [1, 2, 5], ids=["fewer mails since", "as many since", "more since"])
async def test_what_comes_under_a_uid_that_was_given_before_is_told_and_nothing_is_told_twice(house: House, dovecot: Dovecot, since: int) -> None:
    writes(house, dovecot, "a", "b")
    async with house.watching() as watcher:
        assert await watcher.look_again(SUPPORT)
    with restored(dovecot, house.account):
        writes(house, dovecot, "forgotten1", "forgotten2")
        async with house.watching() as watcher:
            assert await watcher.look_again(SUPPORT)
    new = [f"new{number}" for number in range(since)]
    writes(house, dovecot, *new)
    async with house.watching() as watcher:
        assert await watcher.look_again(SUPPORT)
        assert sorted(ids(await arrivals(house))) == sorted(["a", "b", "forgotten1", "forgotten2", *new])
        # And it goes on from there.
        writes(house, dovecot, "later")
        watcher.hint(SUPPORT)
        assert ids(await told(house, 5 + since))[-1] == "later"
