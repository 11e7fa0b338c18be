"""What the team says to each other: threads, mentions, changes with their history, reactions; and all of it taken back."""

import pytest
from msgspec.structs import replace

from store.domain.commands import AddComment, EditComment, ReactToComment, RemoveComment, Undo
from store.domain.comment_files import FILE_AT_MOST, FILES_AT_MOST, CommentFile
from store.domain.decide import decide
from store.domain.events import CommentAdded, GroupSaved
from store.domain.evolve import fold
from store.domain.groups import Group
from store.domain.refusals import FileMissing, Malformed, NotAllowed, NothingToUndo, SomethingNew, UnknownComment, UnknownMessage
from store.domain.team_facts import folded
from tests.domain.play import GUEST, ID, MORI, SATO, TANAKA, Play, kinds, opened


def says(play: Play, actor, text: str, **changes):
    return play.does(actor, AddComment(conversation_id=ID, comment_id=play.next("c"), text=text, **changes))


def undo(seq=None) -> Undo:
    return Undo(conversation_id=ID, event_seq=seq)


def bare(play: Play):
    return replace(play.state, seq=0, revision=0)


def test_a_comment_is_about_a_message_and_its_answers_stand_in_its_thread():
    play = opened()
    message = play.state.messages[0].message_id
    says(play, SATO, "在庫は?", message_id=message)
    says(play, TANAKA, "あります", reply_to="c2")
    says(play, GUEST, "了解", reply_to="c3")
    assert [(one.reply_to, one.message_id) for one in play.state.comments] == [(None, message), ("c2", message), ("c2", message)]
    assert says(play, SATO, "x", reply_to="none") == UnknownComment("none")
    assert says(play, SATO, "x", message_id="<none@x>") == UnknownMessage("<none@x>")


def test_a_group_means_each_of_its_members_who_is_still_here():
    play = opened()
    play.team = folded((GroupSaved(Group("billing", "経理", ("sato", "tanaka", "gone"))), GroupSaved(Group("old", "旧", ("mori",), retired=True))))
    (by_key,) = says(play, MORI, "@billing お願いします")
    (by_name,) = says(play, MORI, "@経理 @森 @old")
    assert (by_key.mentions, by_key.groups) == (("sato", "tanaka"), ("billing",))
    assert (by_name.mentions, by_name.groups) == (("sato", "tanaka", "mori"), ("billing",))


def test_only_its_author_changes_a_comment_and_what_it_said_stays_readable():
    play = opened()
    says(play, SATO, "在庫なし")
    assert play.does(MORI, EditComment(conversation_id=ID, comment_id="c2", text="x")) == NotAllowed("author")
    assert play.does(SATO, EditComment(conversation_id=ID, comment_id="c2", text="在庫なし")) == ()
    assert isinstance(play.does(SATO, EditComment(conversation_id=ID, comment_id="c2", text=" ")), Malformed)
    assert play.does(SATO, EditComment(conversation_id=ID, comment_id="none", text="x")) == UnknownComment("none")
    before = bare(play)
    play.later(minutes=1).does(SATO, EditComment(conversation_id=ID, comment_id="c2", text="@田中 在庫あり"))
    (comment,) = play.state.comments
    assert (comment.text, comment.mentions, [(one.at, one.text) for one in comment.edits]) == (
        "@田中 在庫あり",
        ("tanaka",),
        [(play.now, "在庫なし")],
    )
    play.does(SATO, undo())
    assert bare(play) == before


def test_a_changed_comment_is_news_to_whoever_is_about_to_send():
    play = opened()
    says(play, TANAKA, "送ってよい")
    play.opens(SATO)
    seen = play.state.revision
    play.does(TANAKA, EditComment(conversation_id=ID, comment_id="c2", text="まだ送らないで"))
    refused = play.does(SATO, play.reply(token=play.token(), seen_revision=seen))
    assert isinstance(refused, SomethingNew)
    assert refused.new == ("c2",)
    # A sign is no news.
    play.does(TANAKA, ReactToComment(conversation_id=ID, comment_id="c2", sign="👍"))
    assert kinds(play.does(SATO, play.reply(token=play.token(), seen_revision=play.state.revision - 1)))[0] == "ReplyQueued"


def test_a_comment_is_taken_away_by_its_author_or_a_leader_and_put_back_where_it_was():
    play = opened()
    for text in ("一", "二", "三"):
        says(play, SATO, text)
    assert play.does(TANAKA, RemoveComment(conversation_id=ID, comment_id="c3")) == NotAllowed("author")
    before = bare(play)
    play.does(MORI, RemoveComment(conversation_id=ID, comment_id="c3"))
    assert [one.text for one in play.state.comments] == ["一", "三"]
    play.does(MORI, undo())
    assert bare(play) == before
    assert fold(ID, play.journal) == play.state


def test_anybody_puts_a_sign_on_a_comment_once():
    play = opened()
    says(play, SATO, "完了")
    before = bare(play)
    play.does(GUEST, ReactToComment(conversation_id=ID, comment_id="c2", sign="👍"))
    assert play.does(GUEST, ReactToComment(conversation_id=ID, comment_id="c2", sign="👍")) == ()
    play.does(TANAKA, ReactToComment(conversation_id=ID, comment_id="c2", sign="ok"))
    assert [(one.by, one.sign) for one in play.state.comments[0].reactions] == [("guest", "👍"), ("tanaka", "ok")]
    play.does(GUEST, ReactToComment(conversation_id=ID, comment_id="c2", sign="👍", on=False))
    play.does(GUEST, undo())
    assert [(one.by, one.sign) for one in play.state.comments[0].reactions] == [("guest", "👍"), ("tanaka", "ok")]
    play.does(TANAKA, undo())
    play.does(MORI, undo(next(one.seq for one in play.state.undoable if one.by == "guest")))
    assert bare(play) == before


@pytest.mark.parametrize("sign", ["", "  ", "x" * 17, "\x1b[2J", "a\nb"])
def test_a_sign_is_short_and_harmless(sign):
    play = opened()
    says(play, SATO, "完了")
    assert isinstance(play.does(SATO, ReactToComment(conversation_id=ID, comment_id="c2", sign=sign)), Malformed)


def test_a_leader_takes_back_what_somebody_else_did_and_others_do_not():
    play = opened()
    says(play, SATO, "失礼な言葉")
    seq = play.state.seq
    assert play.does(TANAKA, undo(seq)) == NothingToUndo("nothing")
    assert kinds(play.does(MORI, undo(seq))) == ["CommentRemoved"]


def test_an_old_journals_comment_still_folds():
    play = opened()
    play.journal.append(replace(play.journal[-1], seq=99, by="sato", event=CommentAdded("c9", "前から", ("tanaka",))))
    assert fold(ID, play.journal).comments[0].reply_to is None


def test_a_comment_may_be_files_alone_and_each_must_have_arrived_whole():
    play = opened()
    picture = CommentFile("画面.png", 3, "a" * 64)
    assert isinstance(says(play, SATO, ""), Malformed)
    (said,) = says(play, GUEST, "", files=(picture,))
    assert said.files == (picture,)
    assert play.state.comments[-1].files == (picture,)
    command = AddComment(conversation_id=ID, comment_id="x", text="", files=(picture, replace(picture, sha256="b" * 64)))
    for there, refusal in (
        (frozenset(), FileMissing(1)),
        (frozenset({(picture.sha256, 3)}), FileMissing(2)),
        (frozenset({(picture.sha256, 4), ("b" * 64, 3)}), FileMissing(1)),
    ):
        assert decide(play.state, command, replace(play.context(SATO), files=there)) == refusal
    arrived = replace(play.context(SATO), files=frozenset({(picture.sha256, 3), ("b" * 64, 3)}))
    assert isinstance(decide(play.state, command, arrived), tuple)


@pytest.mark.parametrize(
    "files",
    [
        (CommentFile("a", 0, "a" * 64),),
        (CommentFile("a", FILE_AT_MOST + 1, "a" * 64),),
        (CommentFile("a", 1, "A" * 64),),
        (CommentFile("a", 1, "../" + "a" * 61),),
        (CommentFile("a", 1, ""),),
        (CommentFile("a", 1, "a" * 64), CommentFile("b", 1, "a" * 64)),
        tuple(CommentFile("a", 1, f"{n:064x}") for n in range(FILES_AT_MOST + 1)),
        (CommentFile("../a", 1, "a" * 64),),
    ],
)
def test_what_can_be_no_file_is_no_comment(files):
    assert isinstance(says(opened(), SATO, "見て", files=files), Malformed)


def test_an_edited_or_returned_comment_keeps_its_files():
    play = opened()
    picture = CommentFile("画面.png", 3, "a" * 64)
    says(play, SATO, "見て", files=(picture,))
    play.does(SATO, EditComment(conversation_id=ID, comment_id="c2", text=""))
    assert (play.state.comments[0].text, play.state.comments[0].files) == ("", (picture,))
    play.does(SATO, RemoveComment(conversation_id=ID, comment_id="c2"))
    assert play.state.comments == ()
    play.does(SATO, undo())
    assert play.state.comments[0].files == (picture,)
