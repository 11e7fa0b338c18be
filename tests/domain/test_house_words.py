"""The house's list of words: who keeps it, what is refused, and its text file."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from store.domain.context import Context
from store.domain.events import WordSaved
from store.domain.house_words import HouseWord, problem_of
from store.domain.ids import InboxKey
from store.domain.refusals import Malformed, NotAllowed
from store.domain.team import decide_team
from store.domain.team_facts import TeamFacts, fact_key, folded
from store.domain.word_commands import SaveWords
from tests.domain.play import MORI, SATO, START
from tui.view.word_list import word_line, words_in

NEVER = HouseWord("絶対に", "error", "必ず")
SALES = HouseWord("キャンセル料", "warning", inbox=InboxKey("sales"))
NEW_TEAM = TeamFacts()


def asked(actor, *words, team=NEW_TEAM):
    return decide_team(SaveWords(words), {}, Context(actor=actor, now=START, team=team, inboxes=frozenset({"support", "sales"})))


def test_leaders_keep_the_list_and_agents_do_not():
    assert asked(SATO, NEVER) == NotAllowed("leader")
    assert asked(MORI, NEVER, SALES) == (WordSaved(NEVER), WordSaved(SALES))
    team = folded(asked(MORI, NEVER, SALES))
    assert team.living_words() == (NEVER, SALES)
    assert asked(MORI, replace(NEVER, text=" 絶対に "), team=team) == ()
    (gone,) = asked(MORI, replace(NEVER, removed=True), team=team)
    assert folded((*asked(MORI, NEVER, SALES), gone)).living_words() == (SALES,)
    assert asked(MORI, HouseWord("知らない", removed=True), team=team) == ()


def test_a_leader_of_some_inboxes_keeps_their_words_only():
    theirs = replace(MORI, inboxes=(InboxKey("sales"),))
    assert asked(theirs, SALES) == (WordSaved(SALES),)
    assert asked(theirs, NEVER) == NotAllowed("inbox")


def test_a_list_with_one_wrong_word_is_refused_as_a_whole():
    for wrong in (
        HouseWord(""),
        HouseWord("x" * 81),
        HouseWord("a\nb"),
        HouseWord("a", "fatal"),
        HouseWord("a => b"),
        HouseWord("a", inbox=InboxKey("no")),
    ):
        assert isinstance(asked(MORI, NEVER, wrong), Malformed), wrong


def test_one_word_has_one_place_for_each_inbox():
    assert fact_key(WordSaved(NEVER)) != fact_key(WordSaved(replace(NEVER, inbox=InboxKey("sales"))))


def test_the_file_is_read_and_written_the_same():
    text = "# 社内の言葉\n\nerror 絶対に => 必ず\nwarning as soon as possible\nwarning キャンセル料 @sales\n"
    words, wrong = words_in(text)
    assert (words, wrong) == ((NEVER, HouseWord("as soon as possible"), SALES), ())
    assert words_in("\n".join(map(word_line, words))) == (words, ())
    assert words_in("絶対に\nerror\nfatal x\n") == ((), (1, 2, 3))


@given(st.builds(HouseWord, st.text(), st.sampled_from(["error", "warning"]), st.text(), st.sampled_from([InboxKey(""), InboxKey("sales")])))
def test_every_word_that_may_be_on_the_list_comes_back_from_its_line(word):
    word = replace(word, text=word.text.strip(), instead=word.instead.strip())
    if problem_of(word) is None:
        assert words_in(word_line(word)) == ((word,), ())
