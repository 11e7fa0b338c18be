"""Our Message-IDs bear a token that nobody can make up, for one conversation of one inbox."""

import re

import pytest

from store.domain.ids import ConversationId, InboxKey, MessageId, SubmissionId
from store.domain.own_id import KEY_BYTES, OwnId, is_ours, own_id, read_own_id, reply_token
from store.domain.subject_number import numbers_in

OLD, NEW = b"1" * KEY_BYTES, b"2" * KEY_BYTES
SUPPORT, SALES = InboxKey("support"), InboxKey("sales")
CONVERSATION = ConversationId("ta2agr4cy7qtwe7t")
SUBMISSION = SubmissionId("01a20c9fd3d")


def test_a_submission_always_has_the_same_message_id():
    token = reply_token(NEW, SUPPORT, CONVERSATION)
    made = own_id(SUBMISSION, CONVERSATION, token, "example.jp")
    assert made == own_id(SUBMISSION, CONVERSATION, token, "example.jp") == f"<{SUBMISSION}.{CONVERSATION}.{token}.mado@example.jp>"
    assert re.fullmatch("[a-z2-7]{16}", token)


def test_a_conversation_from_before_there_were_tokens_has_ids_without_one():
    made = own_id(SUBMISSION, CONVERSATION, "", "example.jp")
    assert made == f"<{SUBMISSION}.{CONVERSATION}.mado@example.jp>"
    assert read_own_id(made) is None


def test_the_answer_to_ours_says_which_conversation_and_it_is_true():
    said = read_own_id(own_id(SUBMISSION, CONVERSATION, reply_token(NEW, SUPPORT, CONVERSATION), "example.jp"))
    assert said is not None
    assert said.conversation_id == CONVERSATION
    assert is_ours(said, SUPPORT, [NEW])


def test_after_a_change_of_key_the_old_ids_are_still_ours():
    said = OwnId(CONVERSATION, reply_token(OLD, SUPPORT, CONVERSATION))
    assert is_ours(said, SUPPORT, [NEW, OLD])
    assert not is_ours(said, SUPPORT, [NEW])


@pytest.mark.parametrize(
    "said",
    [
        OwnId(CONVERSATION, reply_token(OLD, SUPPORT, CONVERSATION)),
        OwnId(CONVERSATION, reply_token(NEW, SALES, CONVERSATION)),
        OwnId(CONVERSATION, reply_token(NEW, SUPPORT, ConversationId("another"))),
        OwnId(ConversationId("another"), reply_token(NEW, SUPPORT, CONVERSATION)),
        OwnId(CONVERSATION, "a" * 16),
        OwnId(CONVERSATION, ""),
    ],
)
def test_a_token_of_another_key_inbox_or_conversation_is_nobodys(said):
    assert not is_ours(said, SUPPORT, [NEW])


def test_inbox_and_conversation_cannot_be_shifted_into_each_other():
    assert reply_token(NEW, InboxKey("a"), ConversationId("bc")) != reply_token(NEW, InboxKey("ab"), ConversationId("c"))


@pytest.mark.parametrize(
    "strange", ["<a@x>", "<a.b.mado@x>", "<.mado@x>", "<a.b.AAAAAAAAAAAAAAAA.mado@x>", "<a.b.c.d.aaaaaaaaaaaaaaaa.mado@x>", "", "<" + "a" * 5000]
)
def test_what_does_not_look_like_ours_is_not_even_checked(strange):
    assert read_own_id(MessageId(strange)) is None


@pytest.mark.parametrize(
    ("subject", "numbers"),
    [
        ("Re: [#123] 注文について", (123,)),
        ("返信: ［＃１２３］注文について", (123,)),
        ("転送: FW: [#123] 注文について", (123,)),
        ("【#123】 somebody's headline", ()),
        ("AW: [# 123 ] Frage", (123,)),
        ("Re: [#12] and [#13], [#12]", (12, 13)),
        ("[Ticket#123] yours", ()),
        ("[ABC-#123] theirs", ()),
        ("[#ABC-123] theirs", ()),
        ("[JIRA] (KEY-123)", ()),
        ("order #123", ()),
        ("[123]", ()),
        ("[#0]", ()),
        ("[#١٢٣]", ()),
        ("[#" + "9" * 40 + "]", ()),
    ],
)
def test_only_our_own_form_of_a_number_counts(subject, numbers):
    assert numbers_in(subject) == numbers
