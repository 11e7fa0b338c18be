"""Lists: every line once, in order, from both ends; and counts that are true."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.domain.draft import Draft
from store.domain.events import OwnerChanged, StatusChanged, UrgencyChanged
from store.domain.ids import StatusKey
from store.domain.query import All, Query, parse_query
from store.domain.saved_view import PLAIN, Arrangement, Grouping, Sort
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


def walked_down(store: LocalStore, query: Query, limit: int, arrangement: Arrangement = PLAIN) -> list[str]:
    page = store.page(query, limit=limit, arrangement=arrangement)
    found = list(page.rows)
    assert not page.more_before
    while page.more_after:
        page = store.page(query, limit=limit, after=page.rows[-1].key, arrangement=arrangement)
        assert page.more_before
        found += page.rows
    return [row.id for row in found]


def walked_up(store: LocalStore, query: Query, limit: int, arrangement: Arrangement = PLAIN) -> list[str]:
    page = store.page(query, limit=limit, from_end=True, arrangement=arrangement)
    found = list(page.rows)
    assert not page.more_after
    while page.more_before:
        page = store.page(query, limit=limit, before=page.rows[0].key, arrangement=arrangement)
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
    "is:mentioned",
    "is:outside",
    "is:tray owner:sato urgency:urgent",
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


STATUSES = ("new", "hold", "done", "junk", "in_progress")
ARRANGED = [Arrangement(sort, group) for sort in Sort for group in Grouping]


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory):
    store = LocalStore.open(tmp_path_factory.mktemp("mixed"))
    store.set_me(TANAKA)
    pull(store, *(new_mail(n, internaldate=at(n // 3)) for n in range(60)))
    events = []
    for n in range(60):
        events += [opened(len(events) + 1, n), arrived(len(events) + 2, n)]
        owner, status, urgency = (None, SATO, TANAKA)[n % 3], STATUSES[n % 5], Urgency(n % 7 % 3)
        if owner:
            events.append(recorded(len(events) + 1, conversation_of(n), OwnerChanged(None, owner)))
        events.append(recorded(len(events) + 1, conversation_of(n), StatusChanged(StatusKey("new"), StatusKey(status))))
        events.append(recorded(len(events) + 1, conversation_of(n), UrgencyChanged(Urgency.NORMAL, urgency)))
    store.apply_events(events, epoch=1)
    yield store
    store.close()


@pytest.mark.parametrize(
    "text", ["", "is:tray", "is:mine", "status:junk,done", "owner:sato", "本文 -nothing", "is:tray owner:none", "tag:none OR is:tray"]
)
@pytest.mark.parametrize("arrangement", ARRANGED, ids=lambda one: f"{one.sort}-{one.group}")
def test_a_list_in_another_order_has_the_same_lines_each_once_from_both_ends(mixed: LocalStore, text: str, arrangement: Arrangement) -> None:
    query = parse_query(text, me=TANAKA)
    rows = mixed.page(query, limit=99).rows
    if arrangement.sort is Sort.OLDEST:
        rows = rows[::-1]
    if arrangement.sort is Sort.URGENCY:
        rows = tuple(sorted(rows, key=lambda row: -row.urgency))
    if arrangement.sort is Sort.WAITING:
        waiting = sorted((row for row in rows if row.waiting_since), key=lambda row: (row.waiting_since, row.id))
        rows = (*waiting, *(row for row in rows if not row.waiting_since))
    if arrangement.group is Grouping.OWNER:
        rows = tuple(sorted(rows, key=lambda row: [TANAKA, None, SATO].index(row.owner)))
    if arrangement.group is Grouping.STATUS:
        rows = tuple(sorted(rows, key=lambda row: ["new", "in_progress", "hold", "done", "junk"].index(row.status)))
    wanted = [row.id for row in rows]
    assert len(wanted) > 5
    for limit in (4, 7):
        assert walked_down(mixed, query, limit, arrangement) == wanted
        assert walked_up(mixed, query, limit, arrangement) == wanted


def test_a_place_whose_part_is_empty_by_now_is_still_one(mixed: LocalStore) -> None:
    """The last line of an owner went while the list stood open."""
    arrangement = Arrangement(group=Grouping.OWNER)
    rows = mixed.page(parse_query("is:tray"), limit=99, arrangement=arrangement).rows
    at_sato = next(row for row in rows if row.owner == SATO)
    for owner in ("aoki", "zenigata"):
        key = msgspec.structs.replace(at_sato.key, owner=owner)
        below = mixed.page(parse_query("is:tray"), limit=99, after=key, arrangement=arrangement).rows
        above = mixed.page(parse_query("is:tray"), limit=99, before=key, arrangement=arrangement).rows
        assert (*above, *below) == rows
        assert {row.owner for row in below} == ({SATO} if owner == "aoki" else set())
