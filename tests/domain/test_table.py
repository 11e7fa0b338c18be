"""The table of docs/conversations.md is whole, and every command and event has its one function."""

import re
from pathlib import Path
from typing import get_args

import pytest

from store.domain import refusals
from store.domain.commands import AnyCommand, ServerCommand
from store.domain.decide import DECIDERS, SERVER_ONLY
from store.domain.events import AnyEvent
from store.domain.evolve import STEPS
from store.domain.status import BUILT_IN, Category
from store.domain.table import AFTER_CUSTOMER_REPLY, ROWS, TABLE, Goal, Happening

LAW = Path(__file__).parents[2] / "docs/conversations.md"
HEADS = ("| event | transition |", "| category | built-in statuses |")


def lines_of(head: str) -> list[list[str]]:
    """The cells of the page's table with this head, a line each."""
    _above, found, below = LAW.read_text("utf-8").partition(f"\n{head}")
    assert found, f"the page has no table that begins {head!r}"
    table = below.partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def test_every_line_of_the_law_has_its_row_and_no_row_is_beside_the_law():
    events = [line[0] for line in lines_of(HEADS[0])]
    assert len(events) == len(set(events)) > 1
    assert list(dict.fromkeys(row.law for row in ROWS if row.law)) == events


def test_every_category_and_every_built_in_status_of_the_law_is_there():
    assert [line[0] for line in lines_of(HEADS[1])] == [f"`{category}`" for category in Category]
    named = re.search(r"Built-in keys: `([^`]+)`", LAW.read_text("utf-8"))
    assert named is not None
    assert named[1].split() == list(BUILT_IN)


def test_everything_that_can_happen_has_one_row():
    assert [row.what for row in ROWS] == list(dict.fromkeys(row.what for row in ROWS))
    assert set(TABLE) == set(Happening)


def test_every_row_leads_to_a_status_or_a_goal():
    assert all(target in BUILT_IN or target in set(Goal) for row in ROWS for target in row.to.values())
    assert all(row.only is None or BUILT_IN[row.only].category in row.to for row in ROWS)


def test_every_category_says_what_a_reply_does():
    assert set(AFTER_CUSTOMER_REPLY) == set(Category)
    covered = {category for what in (Happening.CUSTOMER_WROTE, Happening.REOPENED, Happening.CUSTOMER_WROTE_ON_JUNK) for category in TABLE[what].to}
    assert covered == set(Category)


def test_every_category_has_a_status():
    assert {status.category for status in BUILT_IN.values()} == set(Category)


def test_every_command_is_decided():
    assert set(DECIDERS) == set(get_args(AnyCommand))


def test_what_only_the_server_says_is_guarded():
    assert set(SERVER_ONLY) == set(get_args(ServerCommand))


def test_every_event_is_folded():
    assert set(STEPS) == set(get_args(AnyEvent))


@pytest.mark.parametrize("refusal", get_args(refusals.AnyRefusal))
def test_every_refusal_is_named_after_itself(refusal):
    assert refusal.__struct_config__.tag == refusal.__name__
