"""A house on the real server; what it counted is summed up at the end of the run (`tests/conftest.py`)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from start_dovecot import Dovecot

from tests.faults.house import House


@pytest.fixture
def house(dovecot: Dovecot, tmp_path: Path, record_property: Callable[[str, object], None]) -> Iterator[House]:
    """An empty account and an empty home."""
    made = House(dovecot, tmp_path / "home")
    yield made
    record_property("faults", made.tally.words)
