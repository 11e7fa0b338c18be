"""A home of the test's own, and its store."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.local.store import LocalStore


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def store(home: Path) -> Iterator[LocalStore]:
    opened = LocalStore.open(home)
    yield opened
    opened.close()
