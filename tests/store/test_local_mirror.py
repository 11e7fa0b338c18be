"""The mirror: the server's fold, the offline overlay, snapshots, mentions, drafts."""

from datetime import UTC, datetime

import pytest

from bench.touched import Steps
from store.domain.commands import AddComment, AssignConversation, Follow, SetStatus, SetUrgency
from store.domain.draft import Draft
from store.domain.events import CommentAdded, CommentRemoved, MemberChanged, OwnerChanged, TemplateSaved
from store.domain.evolve import fold
from store.domain.ids import CommandKey, CommentId, Revision, Seq, StatusKey, TemplateKey
from store.domain.people import Member
from store.domain.query import parse_query
from store.domain.refusals import UnknownStatus
from store.domain.status import Urgency
from store.domain.template import Template
from store.local.store import LocalStore
from store.sqlite.errors import OtherEpoch
from tests.store.local_store_makers import SATO, TANAKA, arrived, at, conversation_of, new_mail, opened, pull, recorded, state_of

HERE = conversation_of(1)
KEY = CommandKey("k1")


@pytest.fixture
def mirrored(store: LocalStore) -> LocalStore:
    store.set_me(SATO)
    pull(store, new_mail(1))
    members = [recorded(n, None, MemberChanged(Member(key, key))) for n, key in ((1, SATO), (2, TANAKA))]
    store.apply_events([*members, opened(3, 1), arrived(4, 1)], epoch=1)
    return store


def test_the_same_events_twice_change_nothing(mirrored: LocalStore) -> None:
    before = mirrored.conversation(HERE)
    heard: list[frozenset[str]] = []
    mirrored.changes.subscribe(heard.append)
    assert mirrored.apply_events([opened(3, 1), arrived(4, 1)], epoch=1) == frozenset()
    assert mirrored.conversation(HERE) == before
    assert mirrored.mirror_seq() == 4
    assert heard == []


def test_the_mirror_is_the_fold_of_its_timeline(mirrored: LocalStore) -> None:
    mirrored.apply_events([recorded(5, HERE, OwnerChanged(None, SATO), SATO)], epoch=1)
    timeline = mirrored.timeline(HERE)
    assert [one.seq for one in timeline] == [3, 4, 5]
    assert mirrored.conversation(HERE) == fold(HERE, timeline)


def test_events_of_another_epoch_are_refused(mirrored: LocalStore) -> None:
    with pytest.raises(OtherEpoch):
        mirrored.apply_events([recorded(5, HERE, OwnerChanged(None, SATO))], epoch=2)
    assert mirrored.mirror_seq() == 4


def test_members_and_templates_are_told_as_something_global(mirrored: LocalStore) -> None:
    heard: list[frozenset[str]] = []
    mirrored.changes.subscribe(heard.append)
    template = Template(TemplateKey("a/b"), "名前", "本文")
    mirrored.apply_events([recorded(5, None, TemplateSaved(template))], epoch=1)
    assert heard == [frozenset()]
    assert mirrored.templates() == (template,)
    assert [member.key for member in mirrored.members()] == [SATO, TANAKA]


def test_a_waiting_command_shows_at_once_and_goes_when_it_is_refused(mirrored: LocalStore) -> None:
    mirrored.add_pending(KEY, AssignConversation(conversation_id=HERE, owner=SATO), at(99))
    mirrored.add_pending(KEY, AssignConversation(conversation_id=HERE, owner=TANAKA), at(99))
    row = mirrored.row(HERE)
    assert (row.owner, row.pending) == (SATO, True)
    assert mirrored.conversation(HERE).owner == SATO
    assert mirrored.count(parse_query("is:mine")) == 1
    assert [one.key for one in mirrored.pending()] == [KEY]
    mirrored.drop_pending(KEY, UnknownStatus("x"))
    row = mirrored.row(HERE)
    assert (row.owner, row.pending, mirrored.pending()) == (None, False, ())
    assert mirrored.count(parse_query("is:mine")) == 0


def test_a_waiting_comment_is_shown_once_before_and_once_after_its_event(mirrored: LocalStore) -> None:
    mirrored.add_pending(KEY, AddComment(conversation_id=HERE, comment_id=CommentId("c"), text="一言"), at(99))
    assert [one.text for one in mirrored.conversation(HERE).comments] == ["一言"]
    mirrored.apply_events([recorded(5, HERE, CommentAdded(CommentId("c"), "一言"), SATO, KEY)], epoch=1)
    assert [one.text for one in mirrored.conversation(HERE).comments] == ["一言"]
    assert (mirrored.pending(), mirrored.row(HERE).pending) == ((), False)


def test_waiting_commands_build_on_each_other_and_on_new_events(mirrored: LocalStore) -> None:
    mirrored.add_pending(KEY, AssignConversation(conversation_id=HERE, owner=SATO), at(99))
    mirrored.add_pending(CommandKey("k2"), SetStatus(conversation_id=HERE, status=StatusKey("in_progress")), at(100))
    mirrored.apply_events([recorded(5, HERE, CommentAdded(CommentId("d"), "別件"), TANAKA)], epoch=1)
    row = mirrored.row(HERE)
    assert (row.owner, row.status, row.pending) == (SATO, "in_progress", True)
    mirrored.drop_pending(KEY)
    row = mirrored.row(HERE)
    assert (row.owner, row.status, row.pending) == (None, "in_progress", True)


def test_a_command_that_goes_ahead_takes_along_what_was_given_before_it_for_the_same_conversation(mirrored: LocalStore) -> None:
    other = conversation_of(7)
    given = [(CommandKey(f"b{n}"), SetUrgency(conversation_id=(HERE, other)[n % 2], urgency=Urgency(n % 3))) for n in range(8)]
    mirrored.add_all_pending(given, at(99))
    mirrored.add_pending(KEY, SetStatus(conversation_id=HERE, status=StatusKey("in_progress")), at(100))
    mirrored.add_pending(CommandKey("later"), Follow(conversation_id=HERE, member=SATO), at(101))
    assert [one.key for one in mirrored.pending_before(KEY, [HERE])] == ["b0", "b2", "b4", "b6", KEY]
    assert [one.key for one in mirrored.next_pending(3)] == ["b0", "b1", "b2"]
    assert mirrored.count_pending() == 10
    mirrored.drop_pending(KEY)
    assert mirrored.pending_before(KEY, [HERE]) == ()


def test_beside_thousands_of_waiting_commands_a_conversation_is_shown_with_its_own_alone(mirrored: LocalStore) -> None:
    mirrored.add_all_pending(
        [(CommandKey(f"b{n}"), SetUrgency(conversation_id=conversation_of(n), urgency=Urgency.URGENT)) for n in range(3_000)], at(99)
    )
    steps = Steps(mirrored, of_kept=True)
    assert steps.of_work(lambda: mirrored.conversation(HERE)) < 200
    assert mirrored.conversation(HERE).urgency is Urgency.URGENT


def test_waiting_commands_and_drafts_outlive_the_program_and_the_cache(home, mirrored: LocalStore) -> None:
    mirrored.add_pending(KEY, AssignConversation(conversation_id=HERE, owner=SATO), at(99))
    mirrored.save_draft(Draft(conversation_id=HERE, body="大事な文", saved_at=at(1)))
    mirrored.close()
    mirrored.path.unlink()
    again = LocalStore.open(home)
    assert (again.me(), again.mirror_epoch(), again.row(HERE)) == (SATO, None, None)
    assert [one.key for one in again.pending()] == [KEY]
    assert again.draft(HERE).body == "大事な文"
    again.apply_events([recorded(1, None, MemberChanged(Member(SATO, "佐藤"))), opened(3, 1), arrived(4, 1)], epoch=1)
    assert (again.row(HERE).owner, again.row(HERE).has_draft) == (SATO, True)
    again.close()


def test_lines_agree_with_the_queue_again_after_a_crash_between_the_two_files(home, mirrored: LocalStore) -> None:
    mirrored._files.keep(lambda kept: kept.execute("INSERT INTO pending (key, conversation_id, packed) VALUES ('x', ?, x'00')", (HERE,)))
    mirrored._files.keep(lambda kept: kept.execute("DELETE FROM pending"))
    mirrored._files.write(lambda cache: cache.execute("UPDATE conversation SET pending = 1, owner = 'sato'"))
    mirrored.close()
    again = LocalStore.open(home)
    assert (again.row(HERE).pending, again.row(HERE).owner) == (False, None)
    again.close()


def test_a_mention_marks_the_line_until_one_has_looked_or_answered(mirrored: LocalStore) -> None:
    def says(seq: int, who: str, text: str, *mentions: str) -> None:
        mirrored.apply_events([recorded(seq, HERE, CommentAdded(CommentId(f"c{seq}"), text, mentions), who)], epoch=1)

    says(5, TANAKA, "@sato これは？", SATO)
    assert mirrored.row(HERE).mentions_me
    assert [one.text for one in mirrored.mentions(SATO)] == ["@sato これは？"]
    assert mirrored.mentions(TANAKA) == ()
    mirrored.marks.read_to(HERE, mirrored.conversation(HERE).revision, datetime.now(UTC))
    assert not mirrored.row(HERE).mentions_me
    says(6, TANAKA, "@all 至急", "all")
    assert mirrored.row(HERE).mentions_me
    says(7, SATO, "やります")
    assert not mirrored.row(HERE).mentions_me
    mirrored.marks.read_to(HERE, Revision(0), datetime.now(UTC))
    assert not mirrored.row(HERE).mentions_me


def test_a_comment_taken_back_is_found_no_more(mirrored: LocalStore) -> None:
    mirrored.apply_events([recorded(5, HERE, CommentAdded(CommentId("c"), "取り消す話", (TANAKA,)), SATO)], epoch=1)
    assert len(mirrored.search(parse_query("取り消す"))) == 1
    mirrored.apply_events([recorded(6, HERE, CommentRemoved(CommentId("c")), SATO)], epoch=1)
    assert mirrored.search(parse_query("取り消す")) == ()
    assert mirrored.mentions(TANAKA) == ()


def test_a_snapshot_replaces_the_mirror_and_keeps_the_mail(mirrored: LocalStore) -> None:
    pull(mirrored, new_mail(2))
    mirrored.begin_snapshot(2)
    assert mirrored.mirror_epoch() is None
    with pytest.raises(OtherEpoch):
        mirrored.apply_events([recorded(5, HERE, OwnerChanged(None, SATO))], epoch=2)
    mirrored.add_snapshot([state_of(2, 3, owner=TANAKA, subject="件名")])
    mirrored.end_snapshot(Seq(3), [Member(TANAKA, "田中")], [])
    assert (mirrored.mirror_epoch(), mirrored.mirror_seq()) == (2, 3)
    assert mirrored.row(HERE).number is None
    assert mirrored.row(conversation_of(2)).owner == TANAKA
    assert [member.key for member in mirrored.members()] == [TANAKA]
    assert mirrored.timeline(HERE) == ()


def test_events_that_overtake_a_snapshot_page_are_not_undone_by_it(mirrored: LocalStore) -> None:
    mirrored.begin_snapshot(1)
    mirrored.apply_events([recorded(5, HERE, OwnerChanged(None, SATO))], epoch=1)
    mirrored.add_snapshot([state_of(1, 4)])
    mirrored.end_snapshot(Seq(4), [], [])
    assert mirrored.row(HERE).owner == SATO
    mirrored.apply_events([recorded(5, HERE, OwnerChanged(None, SATO)), recorded(6, HERE, OwnerChanged(SATO, TANAKA))], epoch=1)
    assert mirrored.row(HERE).owner == TANAKA


def test_only_the_mailbox_knows_it_yet(store: LocalStore) -> None:
    pull(store, new_mail(1, "初めての方"))
    conversation = store.conversation(HERE)
    assert (conversation.revision, conversation.subject, conversation.status) == (0, "初めての方", "new")
    assert store.conversation(conversation_of(9)) is None


def test_a_subscriber_who_left_hears_nothing(store: LocalStore) -> None:
    heard: list[frozenset[str]] = []
    leave = store.changes.subscribe(heard.append)
    leave()
    leave()
    pull(store, new_mail(1))
    assert heard == []
