"""Due times in lists: on the line while it is in work, asked for by name, and never walked for."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bench.touched import Steps
from store.clock import local_now
from store.domain.commands import SetDue
from store.domain.events import DueSet, StatusChanged
from store.domain.ids import CommandKey, StatusKey
from store.domain.query import parse_query
from store.local import by_time
from store.local.store import LocalStore
from tests.store.local_store_makers import MANY, SATO, arrived, conversation_of, new_mail, opened, pull, recorded

DUE = 6_000
"""More than are sorted; each hundredth of them is overdue."""
PAGE = 50
TODAY = local_now().replace(hour=12, minute=0, second=0, microsecond=0)


def numbers(store: LocalStore, text: str) -> list[int]:
    query = parse_query(text)
    rows = store.page(query, limit=100).rows
    assert store.count(query) == len(rows)
    return [row.number for row in rows]


def with_due_times(store: LocalStore, *times: datetime | None) -> int:
    events = []
    for n, due_at in enumerate(times, 1):
        pull(store, new_mail(n))
        events += [opened(len(events) + 1, n), arrived(len(events) + 2, n), recorded(len(events) + 3, conversation_of(n), DueSet(None, due_at))]
    store.apply_events(events, epoch=1)
    return len(events)


def test_a_list_asks_for_what_is_due_and_newest_mail_stays_first(store: LocalStore) -> None:
    now = local_now()
    day = timedelta(days=1)
    with_due_times(store, now - 400 * day, now + timedelta(microseconds=1) - day, TODAY, TODAY + day, TODAY + 200 * day, None)
    first, second, third, fourth, fifth, none = (row.number for row in reversed(store.page(parse_query(""), limit=9).rows))
    assert numbers(store, "due:none") == [none]
    assert numbers(store, "has:due") == [fifth, fourth, third, second, first]
    assert set(numbers(store, "due:overdue")) - {third} == {second, first}
    assert numbers(store, "due:today") == [third]
    assert numbers(store, "due:tomorrow,today") == [fourth, third]
    assert numbers(store, "due:>tomorrow") == [fifth]
    assert numbers(store, "due:today..tomorrow 本文 is:unowned") == [fourth, third]
    assert numbers(store, f"due:{TODAY + 200 * day:%Y-%m-%d}") == [fifth]
    assert numbers(store, "-has:due due:none,overdue") == [none]
    assert numbers(store, "status:new -due:none due:<2000-01-01") == []


def test_what_is_finished_is_due_no_more_and_a_reopened_one_is_again(store: LocalStore) -> None:
    seq = with_due_times(store, TODAY)
    for before, after, due_at in (("new", "done", None), ("done", "new", TODAY), ("new", "junk", None)):
        seq += 1
        store.apply_events([recorded(seq, conversation_of(1), StatusChanged(StatusKey(before), StatusKey(after)))], epoch=1)
        assert store.row(conversation_of(1)).due_at == due_at
    assert numbers(store, "due:today is:junk") == []


def test_ones_own_due_time_stands_there_before_the_server_has_answered(store: LocalStore) -> None:
    store.set_me(SATO)
    with_due_times(store, None)
    store.add_pending(CommandKey("k"), SetDue(conversation_id=conversation_of(1), due_at=TODAY), local_now())
    assert (store.row(conversation_of(1)).due_at, store.row(conversation_of(1)).pending) == (TODAY, True)
    store.drop_pending(CommandKey("k"))
    assert store.row(conversation_of(1)).due_at is None


def test_what_goes_to_an_inbox_that_is_not_ours_leaves_no_due_time_behind(store: LocalStore) -> None:
    with_due_times(store, TODAY)
    store.keep_only(["sales"])
    assert numbers(store, "due:today") == []
    above: int | None = 0
    while above is not None:
        above = store.let_go(above)
    left = store._files.read(lambda connection: connection.value("SELECT count(*) FROM conversation WHERE due_at IS NOT NULL"))
    assert left == 0


@pytest.fixture(scope="module")
def full(many_mails: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStore]:
    store = LocalStore.open(Path(shutil.copytree(many_mails, tmp_path_factory.mktemp("due") / "home")))
    events = []
    for n in range(1, DUE + 1):
        due_at = TODAY - timedelta(days=9) if n % 100 == 0 else TODAY + timedelta(days=400)
        events += [opened(len(events) + 1, n), recorded(len(events) + 2, conversation_of(n), DueSet(None, due_at))]
    store.apply_events(events, epoch=1)
    yield store
    store.close()


@pytest.mark.parametrize(("text", "found"), [("due:overdue", DUE // 100), ("due:>next-week", DUE - DUE // 100), ("has:due", DUE), ("due:today", 0)])
def test_no_list_of_due_times_is_walked_or_collected(full: LocalStore, text: str, found: int) -> None:
    query = parse_query(text)
    assert full.count(query) == found
    ids = [row.id for row in full.page(query, limit=PAGE).rows]
    assert len(ids) == min(PAGE, found)
    assert ids == [row.id for row in full.page(parse_query(f"is:tray {text}"), limit=PAGE).rows]
    # Counting on until there are too many to be sorted is most of it.
    assert Steps(full).of(full, text, PAGE) < MANY


@pytest.mark.parametrize(("looked_at", "sorted_"), [(1, MANY), (1, 0), (MANY, 0)])
def test_the_same_lines_in_the_same_order_whichever_index_finds_them(
    full: LocalStore, monkeypatch: pytest.MonkeyPatch, looked_at: int, sorted_: int
) -> None:
    monkeypatch.setattr(by_time, "LOOKED_AT", looked_at)
    monkeypatch.setattr(by_time, "MOST_SORTED", sorted_)
    query = parse_query("due:overdue")
    page = full.page(query, limit=PAGE // 2)
    rows = list(page.rows)
    while page.more_after:
        page = full.page(query, limit=PAGE // 2, after=rows[-1].key)
        rows += page.rows
    assert [row.id for row in rows] == [conversation_of(n) for n in range(DUE, 0, -100)]
    assert full.page(query, limit=PAGE // 2, before=rows[-1].key).rows == tuple(rows[-1 - PAGE // 2 : -1])
