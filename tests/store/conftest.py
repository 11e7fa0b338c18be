"""A home of the test's own, and its store."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.local.rows import Cursor
from store.local.store import LocalStore
from tests.store.local_store_makers import MANY, at, new_mail, pull


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def store(home: Path) -> Iterator[LocalStore]:
    opened = LocalStore.open(home)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def many_mails(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with `MANY` mails, each a conversation of its own; to be copied."""
    home = tmp_path_factory.mktemp("many") / "home"
    store = LocalStore.open(home)
    for start in range(1, MANY, 2_000):
        pull(store, *(new_mail(n, internaldate=at(60 * n), text="短い") for n in range(start, start + 2_000)), cursor=Cursor(1, start + 1_999))
    store.close()
    return home
