"""A page of any list costs a page: counted in SQLite's own steps, which are the same on every machine."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.touched import VIEWS, Steps
from store.domain.events import OwnerChanged, StatusChanged, UrgencyChanged
from store.domain.ids import InboxKey, MemberKey, StatusKey
from store.domain.query import parse_query
from store.domain.saved_view import Arrangement, Sort
from store.domain.status import Urgency
from store.local.rows import Cursor
from store.local.store import LocalStore
from tests.store.local_store_makers import MANY, SATO, at, conversation_of, new_mail, opened, pull, recorded
from tui.opened import read_opened

RETURNS = InboxKey("returns")
PAGE = 50
TIMES_A_PLAIN_PAGE = 4
EVERY = 400
"""One line in so many is in the narrow lists: a list that were walked to find them would show it."""


@pytest.fixture(scope="module")
def full(many_mails: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStore]:
    store = LocalStore.open(Path(shutil.copytree(many_mails, tmp_path_factory.mktemp("cost") / "home")))
    store.set_me(SATO)
    events = []
    for n in range(EVERY, MANY, EVERY):
        what = (
            StatusChanged(StatusKey("new"), StatusKey(("hold", "done", "junk", "in_progress")[n // EVERY % 4])),
            OwnerChanged(None, SATO if n // EVERY % 2 else MemberKey("tanaka")),
            UrgencyChanged(Urgency.NORMAL, Urgency.URGENT),
        )
        events.append(opened(len(events) + 1, n))
        for event in what:
            events.append(recorded(len(events) + 1, conversation_of(n), event))
    store.apply_events(events, epoch=1)
    yield store
    store.close()


@pytest.mark.parametrize("text", [*VIEWS, "status:hold owner:sato", "urgency:urgent,very_urgent", "is:sent"])
def test_no_list_touches_more_than_its_page(full: LocalStore, text: str) -> None:
    steps = Steps(full)
    plain = steps.of(full, "", PAGE)
    assert steps.of(full, text, PAGE) <= TIMES_A_PLAIN_PAGE * plain


@pytest.mark.parametrize("text", ["", "is:tray", "is:mine", "is:unowned"])
def test_who_waits_longest_is_read_from_an_index(full: LocalStore, text: str) -> None:
    query, longest = parse_query(text, me=SATO), Arrangement(Sort.WAITING)
    steps = Steps(full)
    first = full.page(query, limit=PAGE, arrangement=longest)
    middle = first.rows[len(first.rows) // 2].key
    for work in (
        lambda: full.page(query, limit=PAGE, arrangement=longest),
        lambda: full.page(query, limit=PAGE, arrangement=longest, after=middle),
        lambda: full.page(query, limit=PAGE, arrangement=longest, before=middle),
    ):
        assert steps.of_work(work) <= TIMES_A_PLAIN_PAGE * steps.of(full, "", PAGE)
    since = [row.waiting_since for row in first.rows if row.waiting_since is not None]
    # Those that are mine here have no mail of a customer: their page is that of where nobody waits.
    assert bool(since) is (text != "is:mine")
    assert since == sorted(since)


def test_a_list_of_common_words_is_not_collected_to_be_sorted(full: LocalStore) -> None:
    assert len(full.page(parse_query("短い"), limit=PAGE).rows) == PAGE
    # Counting hits until they are too many to be sorted is most of it.
    assert Steps(full).of(full, "短い", PAGE) < 2 * MANY


@pytest.mark.parametrize(
    "text", ["短い", "-長い", "短い -長い", "短い is:tray", "subject:件名 owner:sato", "短い status:hold,done", "短い OR status:junk"]
)
def test_lists_cut_by_words_have_every_line_once_in_order(full: LocalStore, text: str) -> None:
    query = parse_query(text)
    page = full.page(query, limit=700)
    ids = [row.id for row in page.rows]
    while page.more_after and len(ids) < 2_800:
        page = full.page(query, limit=700, after=page.rows[-1].key)
        ids += [row.id for row in page.rows]
    assert len(ids) == len(set(ids))
    dates = [full.row(one).key.last_at for one in ids[::97]]
    assert dates == sorted(dates, reverse=True)
    assert full.count(query, most=2_000) == min(full.count(query), 2_001)


@pytest.mark.parametrize("text", ["短*", "cust*", "c*", '"件名 短い" OR 短い', "短い OR is:mine", "-長い OR -短い"])
def test_a_list_of_whatever_begins_so_looks_at_its_newest_lines_alone(full: LocalStore, text: str) -> None:
    assert len(full.page(parse_query(text), limit=PAGE).rows) == PAGE
    # Of 20,000 lines, each with a hit, none is fetched but those near the top; counting that there are many is most of it.
    assert Steps(full).of(full, text, PAGE) < 3 * MANY


def test_a_search_for_what_is_not_there_looks_at_the_newest_mails_alone(full: LocalStore) -> None:
    steps = Steps(full)
    assert len(full.search(parse_query("-長い -小さい"), limit=PAGE)) == PAGE
    assert steps.of_search(full, "-長い -小さい", PAGE) < MANY
    assert full.search(parse_query("-短い"), limit=PAGE) == ()
    assert full.search_count(parse_query("-長い"), most=MANY) == MANY


def test_a_conversation_whose_old_mail_has_the_words_stands_where_its_newest_mail_puts_it(store: LocalStore) -> None:
    count = 2_500
    old = new_mail(1, text="珍品のこと", internaldate=at(1))
    many = [new_mail(n, text="普通のこと", internaldate=at(60 * n)) for n in range(2, count)]
    pull(store, old, *many, new_mail(count, text="別のこと", thread=1, internaldate=at(60 * count)))
    assert store.page(parse_query("のこと"), limit=PAGE).rows[0].id == conversation_of(1)
    assert [row.id for row in store.page(parse_query("のこと -普通"), limit=PAGE).rows] == [conversation_of(1)]
    assert [row.id for row in store.page(parse_query("珍品のこと OR 普通"), limit=2).rows] == [conversation_of(1), conversation_of(count - 1)]


def test_opening_a_conversation_reads_nothing_of_the_others(full: LocalStore) -> None:
    steps = Steps(full)
    plain = steps.of(full, "", PAGE)
    assert steps.of_work(lambda: read_opened(full, conversation_of(EVERY))) < plain


def test_what_other_inboxes_have_too_is_looked_up_and_not_looked_for(tmp_path: Path) -> None:
    store = LocalStore.open(tmp_path)
    mails = tuple(new_mail(n, internaldate=at(60 * n)) for n in range(1, 1_000))
    pull(store, *mails)
    store.commit_pull(RETURNS, "INBOX", mails[:1], Cursor(1, 1))
    steps = Steps(store)
    assert store.also_in([conversation_of(1), conversation_of(2)]) == {conversation_of(1): (RETURNS, InboxKey("support"))}
    assert steps.of_work(lambda: store.also_in([conversation_of(n) for n in range(1, 51)])) < TIMES_A_PLAIN_PAGE * steps.of(store, "", PAGE)
    assert steps.of_work(lambda: store.messages_also_in(conversation_of(1))) < 1_000
    store.close()
