"""Two programs in one home: whoever folds an event in first, both are told of it, once."""

from pathlib import Path

import pytest

from store.domain.events import MemberChanged
from store.domain.people import Member
from store.local.store import LocalStore
from tests.store.local_store_makers import SATO, arrived, conversation_of, opened, recorded

HERE = conversation_of(1)
EVENTS = [recorded(1, None, MemberChanged(Member(SATO, SATO))), opened(2, 1), arrived(3, 1)]


@pytest.mark.parametrize("first", [0, 1])
def test_what_another_terminal_of_the_home_took_in_first_is_told_all_the_same(tmp_path: Path, first: int) -> None:
    stores = [LocalStore.open(tmp_path), LocalStore.open(tmp_path)]
    heard: list[list[frozenset[str]]] = [[], []]
    for store, its in zip(stores, heard, strict=True):
        store.changes.subscribe(its.append)
    for store in (stores[first], stores[1 - first], *stores):
        store.apply_events(EVENTS, epoch=1)
    assert heard == [[frozenset({HERE}), frozenset()]] * 2
    for store in stores:
        store.close()
