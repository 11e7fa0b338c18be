"""A template changes while its text is in a draft: nothing of either is lost, and what both changed is asked about."""

from hypothesis import given
from hypothesis import strategies as st

from store.domain.remerge import Clash, clashes, difference, three_way, together

BASE = "山田様\n\nお待たせしました。\n3日以内にお届けします。\n\nよろしくお願いします。"


def merged(mine, new, *choices, base=BASE):
    return together(three_way(base, mine, new), choices)


def test_what_the_agent_wrote_around_it_stays_around_it():
    mine = f"前置き\n\n{BASE}\n\n佐藤\n> 引用"
    new = BASE.replace("3日", "5日") + "\n失礼します。"
    assert merged(mine, new) == f"前置き\n\n{new}\n\n佐藤\n> 引用"


def test_edits_of_different_lines_are_both_kept():
    mine = BASE.replace("お待たせしました。", "大変お待たせしました。")
    assert merged(mine, BASE.replace("3日", "5日")) == mine.replace("3日", "5日")


def test_a_line_that_both_changed_is_the_agents_to_choose():
    mine, new = BASE.replace("3日", "4日") + "\n\n佐藤", BASE.replace("3日", "5日")
    pieces = three_way(BASE, mine, new)
    assert clashes(pieces) == (Clash(("4日以内にお届けします。",), ("5日以内にお届けします。",)),)
    assert together(pieces, (False,)) == mine
    assert together(pieces, (True,)) == new + "\n\n佐藤"


def test_a_changed_last_line_does_not_carry_the_new_lines_below_the_signature():
    mine = BASE.replace("よろしくお願いします。", "どうぞよろしく。") + "\n\n佐藤"
    assert merged(mine, BASE + "\n追伸") == BASE.replace("よろしくお願いします。", "どうぞよろしく。") + "\n追伸\n\n佐藤"


def test_the_same_change_on_both_sides_is_none():
    new = BASE.replace("3日", "5日")
    assert clashes(three_way(BASE, new, new)) == ()
    assert merged(new, new) == new


def test_the_difference_shows_what_went_and_what_came():
    assert difference("a\nb", "a\nc") == ("  a", "- b", "+ c")


texts = st.lists(st.sampled_from(["a", "b", "c", "", "d"]), max_size=8).map("\n".join)


@given(texts, texts)
def test_where_only_one_has_changed_it_the_result_is_theirs(base, other):
    assert merged(other, base, base=base) == other
    assert merged(base, other, base=base) == other


@given(texts, texts, texts)
def test_every_merge_ends_and_takes_the_choices_it_asks_for(base, mine, new):
    pieces = three_way(base, mine, new)
    for take_new in (True, False):
        together(pieces, [take_new] * len(clashes(pieces)))
    if not clashes(pieces) and base == mine:
        assert together(pieces, ()) == new
