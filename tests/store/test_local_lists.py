"""Lists: every line once, in order, from both ends; and counts that are true."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.domain.draft import Draft
from store.domain.events import OwnerChanged, StatusChanged, UrgencyChanged
from store.domain.ids import StatusKey
from store.domain.query import All, Query, parse_query
from store.domain.status import Urgency
from store.local.rows import Cursor, PresentRow
from store.local.store import LocalStore
from tests.store.local_store_makers import SATO, SUPPORT, TANAKA, arrived, at, conversation_of, new_mail, opened, pull, recorded

MANY = 5_000


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory):
    store = LocalStore.open(tmp_path_factory.mktemp("full"))
    for start in range(MANY, 0, -500):
        # Seven of a moment, so that pages must also cut between equal times.
        mails = [new_mail(n, internaldate=at(n // 7), subject=f"件名{n}") for n in range(start, start - 500, -1)]
        pull(store, *mails, cursor=Cursor(1, MANY, start - 499))
    yield store
    store.close()


def walked_down(store: LocalStore, query: Query, limit: int) -> list[str]:
    page = store.page(query, limit=limit)
    found = list(page.rows)
    assert not page.more_before
    while page.more_after:
        page = store.page(query, limit=limit, after=page.rows[-1].key)
        assert page.more_before
        found += page.rows
    return [row.id for row in found]


def walked_up(store: LocalStore, query: Query, limit: int) -> list[str]:
    page = store.page(query, limit=limit, from_end=True)
    found = list(page.rows)
    assert not page.more_after
    while page.more_before:
        page = store.page(query, limit=limit, before=page.rows[0].key)
        assert page.more_after
        found = [*page.rows, *found]
    return [row.id for row in found]


def test_five_thousand_conversations_are_paged_each_once_in_order(full: LocalStore) -> None:
    ids = walked_down(full, All(), 137)
    assert len(ids) == len(set(ids)) == MANY
    assert ids == walked_up(full, All(), 211)
    dates = [full.row(one).last_at for one in ids[::50]]
    assert dates == sorted(dates, reverse=True)


def test_a_place_has_a_position(full: LocalStore) -> None:
    ids = walked_down(full, All(), 1000)
    for place in (0, 1, 777, MANY - 1):
        assert full.position(All(), full.row(ids[place]).key) == place


VIEWS = [
    "",
    "is:tray",
    "is:mine",
    "is:tray is:unowned",
    "is:unowned",
    "is:flagged",
    "status:junk",
    "status:done",
    "status:new,hold",
    "is:done",
    "category:waiting,check",
    "owner:sato",
    "owner:sato,tanaka is:tray",
    "inbox:support",
    "inbox:support is:tray",
    "urgency:urgent",
    "has:comment",
]


@pytest.mark.parametrize("text", VIEWS)
def test_no_list_is_sorted_when_it_is_read(full: LocalStore, text: str) -> None:
    full.set_me(SATO)
    lists = full._lists

    def plans(connection) -> list[str]:
        selection = lists._selection(connection, parse_query(text), lists._beside())
        found = []
        for leg in selection.legs:
            where = f"{leg.where.sql} AND {selection.wanted.sql} AND (c.last_at, c.id) < (?, ?)"
            sql = f"EXPLAIN QUERY PLAN SELECT * FROM {leg.source} WHERE {where} ORDER BY c.last_at DESC, c.id DESC LIMIT 9"
            found.append(str(connection.execute(sql, (*leg.where.params, *selection.wanted.params, 1, "a"))))
        return found

    for steps in full._files.read(plans):
        assert "SEARCH c USING INDEX" in steps
        assert "(last_at,id)<(?,?)" in steps
        assert "B-TREE" not in steps


def test_words_and_fields_cut_the_same_list(full: LocalStore) -> None:
    query = parse_query("件名 -本文")
    assert full.count(query) == 0
    assert full.count(parse_query("subject:件名4999 is:tray")) == 1
    assert len(walked_down(full, parse_query("件名"), 1000)) == MANY
    assert full.count(parse_query("(件名1 OR 件名2) is:tray inbox:support")) == 2


def test_junk_is_in_no_list_that_does_not_name_it(store: LocalStore) -> None:
    pull(store, new_mail(1), new_mail(2))
    junk = StatusChanged(StatusKey("new"), StatusKey("junk"))
    store.apply_events([opened(1, 1), arrived(2, 1), recorded(3, conversation_of(1), junk)], epoch=1)
    for text in ("", "is:tray", "本文", "-nothing"):
        assert [row.id for row in store.page(parse_query(text), limit=9).rows] == [conversation_of(2)], text
        assert store.count(parse_query(text)) == 1, text
    assert [row.id for row in store.page(parse_query("status:junk"), limit=9).rows] == [conversation_of(1)]
    assert store.count(parse_query("status:junk OR status:new")) == 2
    assert len(store.search(parse_query("本文"))) == 2


def test_mine_holds_what_i_own_and_have_not_finished(store: LocalStore) -> None:
    store.set_me(SATO)
    events = []
    for n in (1, 2, 3):
        events += [opened(len(events) + 1, n), arrived(len(events) + 2, n)]
    events.append(recorded(7, conversation_of(1), OwnerChanged(None, SATO)))
    events.append(recorded(8, conversation_of(2), OwnerChanged(None, SATO)))
    events.append(recorded(9, conversation_of(2), StatusChanged(StatusKey("new"), StatusKey("done"))))
    events.append(recorded(10, conversation_of(3), OwnerChanged(None, TANAKA)))
    store.apply_events(events, epoch=1)
    assert [row.id for row in store.page(parse_query("is:mine"), limit=9).rows] == [conversation_of(1)]
    assert store.count(parse_query("is:mine")) == 1
    assert store.count(parse_query("owner:me", me=SATO)) == 2
    store.set_me(TANAKA)
    assert [row.id for row in store.page(parse_query("is:mine"), limit=9).rows] == [conversation_of(3)]


def test_a_line_shows_who_is_there_who_writes_and_whether_a_draft_lies_there(store: LocalStore) -> None:
    pull(store, new_mail(1))
    here = conversation_of(1)
    store.set_presence([here], [PresentRow(SATO, here, False, False, at(1)), PresentRow(TANAKA, here, True, True, at(1))])
    store.save_draft(Draft(conversation_id=here, body="下書き", saved_at=at(3)))
    row = store.row(here)
    assert (row.present, row.has_draft) == ((SATO, TANAKA), True)
    assert store.count(parse_query("has:draft")) == 1
    store.set_presence([here], [])
    store.drop_draft(here)
    row = store.row(here)
    assert (row.present, row.has_draft) == ((), False)


def test_a_conversation_is_found_by_id_number_alias_and_beginning(store: LocalStore) -> None:
    pull(store, new_mail(1), new_mail(2))
    other = conversation_of(50)
    store.apply_events([opened(1, 1), arrived(2, 1), opened(3, 2, other), arrived(4, 2, other)], epoch=1)
    assert {store.resolve(text) for text in (conversation_of(1), "#1", "1", conversation_of(1)[:6])} == {conversation_of(1)}
    assert store.resolve(conversation_of(2)) == other
    assert {store.resolve(text) for text in ("", "#", "#99", "abc", conversation_of(1)[:3], "9" * 40)} == {None}


ACTIONS = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from(["new", "done", "junk", "hold", "sato", "tanaka", "nobody", "mail", "urgent"])), max_size=25
)


@settings(max_examples=40, deadline=None)
@given(actions=ACTIONS)
def test_the_counters_are_what_counting_says(actions, tmp_path_factory: pytest.TempPathFactory) -> None:
    store = LocalStore.open(tmp_path_factory.mktemp("counted"))
    store.set_me(SATO)
    seq = 0
    known: set[int] = set()
    for number, what in actions:
        events = []
        if number not in known and what != "mail":
            events, known = [opened(seq + 1, number), arrived(seq + 2, number)], known | {number}
            seq += 2
        match what:
            case "mail":
                pull(store, new_mail(number))
                continue
            case "urgent":
                event = UrgencyChanged(Urgency.NORMAL, Urgency.URGENT)
            case "sato" | "tanaka" | "nobody":
                event = OwnerChanged(None, None if what == "nobody" else what)
            case _:
                event = StatusChanged(StatusKey("new"), StatusKey(what))
        seq += 1
        store.apply_events([*events, recorded(seq, conversation_of(number), event)], epoch=1)
    for text in ("", "is:tray", "is:mine"):
        query = parse_query(text)
        assert store.count(query) == len(store.page(query, limit=100).rows), text
    store.begin_snapshot(2)
    store.end_snapshot(0, [], [])
    for text in ("", "is:tray", "is:mine"):
        assert store.count(parse_query(text)) == len(store.page(parse_query(text), limit=100).rows), text
    assert store.uids(SUPPORT, "INBOX") == {number for number, what in actions if what == "mail"}
    store.close()
