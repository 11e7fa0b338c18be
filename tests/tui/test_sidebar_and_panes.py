"""The side bar, the views it lists, and how panes share a terminal."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from store.domain.query import parse_query
from store.domain.saved_view import Grouping, SavedView, Sort
from store.settings.kept import Kept
from tests.tui.home_builder import NOON, TANAKA, HomeBuilder
from tests.tui.test_rows import READER, changed
from tests.waiting import wait_for
from tui.customers import query_of_customer, read_customer
from tui.screens.view_counts import CANNOT_BE_ASKED, ViewCounts
from tui.session import open_session
from tui.view.commands.command import Place
from tui.view.customer_lines import CustomerFacts, customer_lines
from tui.view.pane_sizes import LEAST, MOST, Sizes, comment_columns, list_columns, list_place, read_sizes, resized, shares_of, written
from tui.view.parting import ListParting, day_words
from tui.view.sidebar import count_label, side_lines, view_at
from tui.view.viewing import Whose, listed_views, view_lettered, view_named
from tui.view.width import columns_of
from tui.view_shelf import Look, ViewShelf

SHARED = (SavedView("急ぎ", "urgency:urgent is:tray", "j"), SavedView("苦情", "tag:苦情"))
OWN = (SavedView("急ぎ", "urgency:very_urgent", "k"),)
VIEWS = listed_views(SHARED, OWN)


def test_a_view_is_found_by_what_it_is_called_and_ones_own_comes_first() -> None:
    assert view_named(VIEWS, "急ぎ").whose is Whose.OWN
    assert view_named(VIEWS, "　TRAY").view.query == "is:tray"
    assert view_named(VIEWS, "work tray").view.name == "tray"
    assert view_named(VIEWS, "nothing") is None
    assert (view_lettered(VIEWS, "j").whose, view_lettered(VIEWS, "k").whose) == (Whose.TEAM, Whose.OWN)


def test_the_side_bar_says_which_view_is_shown_its_key_and_how_many_without_colour() -> None:
    counts = {VIEWS[0].id: 1_000, VIEWS[1].id: 12, VIEWS[-1].id: -1}
    lines = side_lines(VIEWS, counts, VIEWS[1].id, 30)
    texts = [line.text for line in lines]
    assert len(lines) == 30
    assert {columns_of(text) for text in texts} == {24}
    assert texts[0] == " 1  Work tray      999+│"
    assert texts[1].startswith(">2  Mine")
    assert texts[1].endswith("  12│")
    assert any(text.startswith(" gj 急ぎ") for text in texts)
    assert any(text.startswith(" gk 急ぎ") and text.endswith("  !!│") for text in texts)
    assert len(side_lines(VIEWS, counts, "", 5)) == 5
    assert [count_label(count) for count in (None, 0, 999, 1000)] == ["", "0", "999", "999+"]


def test_a_click_in_the_side_bar_is_for_the_view_that_stands_there() -> None:
    lines = side_lines(VIEWS, {}, "", 40)
    at = {row: one for row in range(45) if (one := view_at(VIEWS, row)) is not None}
    assert tuple(at.values()) == VIEWS
    assert all(one.words[:6] in lines[row].text for row, one in at.items())


@pytest.mark.parametrize("columns", [160, 180, 200, 240, 400])
@pytest.mark.parametrize("side", [None, True, False])
def test_every_pane_of_a_wide_terminal_keeps_its_room_however_often_one_is_widened(columns: int, side: bool | None) -> None:
    for place in (Place.LIST, Place.READING, Place.COMMENTS):
        for by in (1, -1):
            sizes = Sizes(side=side)
            for _step in range(30):
                sizes = resized(sizes, columns, place, by)
            shares = shares_of(read_sizes(written(sizes)), columns)
            assert LEAST <= min(shares.list, shares.comments) <= max(shares.list, shares.comments) <= MOST
            left = columns - (24 if shares.side else 0) - list_columns(shares, columns) - comment_columns(shares, columns)
            assert min(left, list_columns(shares, columns), comment_columns(shares, columns)) >= 8


def test_the_side_bar_stands_where_list_mail_and_comments_stay_readable() -> None:
    assert [shares_of(Sizes(), columns).side for columns in (80, 160, 199, 200)] == [False, False, False, True]
    assert not shares_of(Sizes(side=True), 80).side
    shares = shares_of(Sizes(), 200)
    assert (list_columns(shares, 200), comment_columns(shares, 200)) == (63, 37)
    assert [list_place(columns) for columns in (80, 180, 200)] == [(0, 80), (0, 73), (24, 63)]
    assert read_sizes("{") == read_sizes(None) == Sizes()


def test_parts_are_named_by_owner_status_and_day() -> None:
    row = changed(owner=TANAKA, last_at=NOON)
    parts = {grouping: ListParting(grouping, lambda: READER) for grouping in Grouping if grouping is not Grouping.NONE}
    assert parts[Grouping.OWNER].words(row) == "Tanaka"
    assert parts[Grouping.OWNER].words(changed(owner=None)) == "Nobody's"
    assert parts[Grouping.STATUS].words(row) == "New"
    assert parts[Grouping.DAY].key(row) != parts[Grouping.DAY].key(changed(last_at=NOON - timedelta(days=1)))
    assert day_words(NOON, NOON).startswith("Today 11-24 (")
    assert day_words(NOON - timedelta(days=1), NOON).startswith("Yesterday ")
    assert day_words(NOON - timedelta(days=400), NOON).startswith("2025-10-20 (")


def test_who_the_customer_is_says_names_and_conversations_and_steers_no_terminal() -> None:
    rows = (changed(id="a", subject="\x1b[2Jboo"), changed(id="b", customer_name="山田 はな子"))
    facts = CustomerFacts("hanako@customer.example", rows, 120, 99)
    text = "\n".join(line.text for line in customer_lines(facts, "b", 40, READER))
    assert text.startswith("山田 花子\nhanako@customer.example\n")
    assert "also called 山田 はな子" in text
    assert "99+ conversations" in text
    assert "\x1b" not in text
    assert [line[0] for line in text.splitlines() if "#12" in line] == [" ", ">"]
    assert all(columns_of(line) <= 40 for line in text.splitlines())


def test_the_store_knows_a_customers_conversations(tmp_path: Path) -> None:
    builder = HomeBuilder(tmp_path / "home")
    builder.many(10)
    row = builder.store.page(parse_query("is:tray"), limit=1).rows[0]
    facts = read_customer(builder.store, row.customer_address)
    assert facts.rows == builder.store.page(parse_query(query_of_customer(row.customer_address)), limit=20).rows
    assert facts.count == len(facts.rows) >= 1
    builder.close()


@dataclass
class Desk:
    session: object

    def spawn(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        return asyncio.create_task(work)


async def test_views_are_counted_while_somebody_looks_and_a_wrong_one_harms_no_other(tmp_path: Path) -> None:
    builder = HomeBuilder(tmp_path / "home")
    builder.many(12)
    builder.close()
    Kept(builder.home).save_view(SavedView("broken", "status:gone"))
    session = open_session(builder.home)
    shelf, seen, painted = ViewShelf(session), [False], []
    await shelf.load()
    counts = ViewCounts(Desk(session), shelf, is_seen=lambda: seen[0], on_counts=lambda: painted.append(1))
    counts.soon()
    assert not counts._due
    seen[0] = True
    for _each in range(20):
        counts.soon()
    await wait_for(lambda: bool(painted), "the counts")
    assert (counts.known["built_in:tray"], counts.known["own:broken"], counts.known["built_in:sent"]) == (12, CANNOT_BE_ASKED, 0)
    assert len(painted) == 1
    await session.close()


async def test_how_a_view_was_looked_at_is_remembered_by_the_next_terminal(tmp_path: Path) -> None:
    builder = HomeBuilder(tmp_path / "home")
    builder.close()
    session = open_session(builder.home)
    shelf = ViewShelf(session)
    tray = shelf.listed()[0]
    look = Look(Sort.OLDEST, Grouping.OWNER, ("age",))
    await shelf.remember(tray, look)
    await shelf.save(SavedView("私の", "owner:me", "w"))
    next_one = ViewShelf(session)
    await next_one.load()
    assert next_one.look(next_one.listed()[0]) == look
    assert (next_one.named("私の").whose, next_one.lettered("w").view.name, next_one.lettered("t")) == (Whose.OWN, "私の", None)
    await next_one.drop("私の")
    assert next_one.named("私の") is None
    await session.close()
