"""When access ends, what its owner wrote and no server has is theirs to keep, and in every doubt nothing is removed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from store.domain.commands import AddComment, SubmitReply
from store.domain.draft import Draft
from store.domain.ending import Ending
from store.domain.events import MemberChanged, Recorded
from store.domain.ids import CommandKey, CommentId, ConversationId, MemberKey, MessageId, Seq, SubmissionId
from store.domain.outbox import Envelope
from store.domain.people import Member
from store.local.rows import Pending
from store.local.store import LocalStore
from store.local.wiping import Written
from store.settings.settings import parse_settings
from tui.shutting import is_to_be_emptied, unsent

AT = datetime(2026, 11, 28, tzinfo=UTC)
SATO = MemberKey("sato")
ENDING = Ending(SATO, 4, by_date=False)


def waits(name: str) -> Pending:
    command = SubmitReply(
        conversation_id=ConversationId("c2"),
        submission_id=SubmissionId(name),
        message_id=MessageId("<m@example.org>"),
        envelope=Envelope(mail_from="support@example.org", rcpt_to=("yamada@example.org",)),
        mime=f"Subject: Re\r\n\r\nthe words of {name}\r\n".encode(),
        seen_revision=1,
        token=None,
    )
    return Pending(CommandKey(name), command, AT)


def test_a_reply_that_waits_for_the_server_is_kept_and_one_that_lies_there_is_not() -> None:
    written, waiting, there = (
        Draft(conversation_id=ConversationId(name), body=name, submission_id=submission)
        for name, submission in (("c1", None), ("c2", SubmissionId("s2")), ("c3", SubmissionId("s3")))
    )
    assert unsent((written, waiting, there), (waits("s2"),)) == (Written("c1"), Written("c2"))
    assert unsent((written, waiting, there), ()) == (Written("c1"),)


def test_a_queued_reply_whose_place_a_later_draft_took_and_a_queued_comment_are_kept() -> None:
    later = Draft(conversation_id=ConversationId("c2"), body="later")
    comment = Pending(CommandKey("k"), AddComment(conversation_id=ConversationId("c2"), comment_id=CommentId("x"), text="a word"), AT)
    first, second, third = unsent((later,), (waits("s2"), comment))
    assert (first, third) == (Written("later"), Written("a word", AT))
    assert second.text.strip() == "the words of s2"


@pytest.mark.parametrize(
    ("server", "made", "emptied"),
    [
        ('url = "https://desk.example.jp"', None, True),
        ("", None, False),
        ('url = "https://desk.example.jp"\nlisten = "127.0.0.1:8642"', None, False),
        ('url = "https://desk.example.jp"', "team.db", False),
        ('url = "https://desk.example.jp"', "desk.sock", False),
    ],
)
def test_only_a_members_copy_is_emptied_and_never_the_servers_own_home(tmp_path: Path, server: str, made: str | None, emptied: bool) -> None:
    settings = parse_settings(f"[server]\n{server}\n", tmp_path / "settings.toml")
    if made is not None:
        (tmp_path / made).touch()
    store = LocalStore.open(tmp_path)
    try:
        store.set_me(SATO)
        store.apply_events((Recorded(Seq(1), AT, SATO, None, MemberChanged(Member(SATO, "Sato"))),), epoch=4)
        assert is_to_be_emptied(tmp_path, settings, store, ENDING, AT) is emptied
        assert not is_to_be_emptied(tmp_path, settings, store, Ending(SATO, 5, by_date=False), AT)
        assert not is_to_be_emptied(tmp_path, settings, store, None, AT)
    finally:
        store.close()
