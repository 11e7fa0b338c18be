"""Everybody is called by their name, whoever joined while the names were read."""

from pathlib import Path

import pytest

from store.clock import SystemClock
from store.domain.events import MemberChanged
from store.domain.ids import MemberKey
from store.domain.people import Member
from store.settings.settings import Settings
from tests.tui.home_builder import HomeBuilder
from tui.session import Session

SUZUKI = MemberKey("suzuki")


def test_who_joins_while_the_names_are_read_is_called_by_name_from_then_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text's signature is made in a thread, and asks for a name there."""
    builder = HomeBuilder(tmp_path / "home")
    session = Session(builder.home, Settings(), builder.store, SystemClock(), "t")
    read = builder.store.members

    def read_from_before() -> tuple[Member, ...]:
        found = read()
        monkeypatch.setattr(builder.store, "members", read)
        builder.tell(None, MemberChanged(Member(SUZUKI, "Suzuki")))
        session.forget_people()
        return found

    monkeypatch.setattr(builder.store, "members", read_from_before)
    assert SUZUKI not in session.names
    assert session.names[SUZUKI] == "Suzuki"
    builder.close()
