"""Whom an answer goes to, what it quotes, and that it is frozen as it was written."""

import email
import email.policy
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from mailsync.mime.errors import ComposeError
from mailsync.mime.parse import parse_message
from store.domain.conversation import Conversation, MessageFact
from store.domain.draft import Draft
from store.domain.ids import ConversationId, InboxKey, MemberKey, MessageId, Revision, SubmissionId, TemplateKey
from store.domain.message import Kind
from store.domain.own_id import is_ours, read_own_id, reply_token
from store.domain.people import Member
from store.domain.template import Template
from store.local.rows import StoredMessage
from store.settings.settings import ImapSettings, InboxSettings, WritingSettings
from tui.freezing import AttachmentUnreadable, freeze
from tui.recipients import answered_message
from tui.reply import apply_template, attribution, start_draft

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
INBOX = InboxSettings(key=InboxKey("support"), address="support@example.jp", name="サポート", imap=ImapSettings(host="h"))
SATO = Member(MemberKey("sato"), "佐藤")
STATE = Conversation(ConversationId("a" * 16), inbox=InboxKey("support"), revision=Revision(5), subject="注文")
HANAKO = "Hanako <hanako@example.com>"


def mail(number: int, head: str, text: str = "hello", *, outgoing: bool = False) -> StoredMessage:
    raw = f"Message-ID: <{number}@x>\r\nDate: Tue, 24 Nov 2026 09:00:00 +0900\r\nContent-Type: text/plain; charset=utf-8\r\n{head}\r\n\r\n{text}\r\n"
    message = parse_message(raw.encode())
    return StoredMessage(message, MessageId(f"<{number}@x>"), INBOX.key, "INBOX", number, NOW, outgoing, ())


def draft_for(*messages: StoredMessage, reply_all: bool = False, state: Conversation = STATE) -> Draft:
    return start_draft(state, messages, INBOX, "佐藤", "-- 佐藤", reply_all=reply_all, own_addresses=["sales@example.jp"])


def test_an_answer_goes_where_reply_to_says_and_nowhere_else() -> None:
    head = f"From: {HANAKO}\r\nReply-To: orders@example.com\r\nTo: support@example.jp, boss@example.com\r\nCc: sales@example.jp"
    assert (draft_for(mail(1, head)).to, draft_for(mail(1, head)).cc) == (("orders@example.com",), ())
    everyone = draft_for(mail(1, head), reply_all=True)
    assert (everyone.to, everyone.cc) == (("orders@example.com",), ("boss@example.com",))


def test_a_web_form_that_writes_in_our_name_is_answered_to_the_customer() -> None:
    form = mail(1, f"From: support@example.jp\r\nReply-To: {HANAKO}\r\nTo: support@example.jp")
    assert draft_for(form).to == (HANAKO,)
    looping = mail(2, f"From: {HANAKO}\r\nReply-To: support@example.jp\r\nTo: support@example.jp")
    assert draft_for(looping).to == (HANAKO,)


def test_the_newest_mail_of_the_customer_is_answered_not_our_own_nor_a_robots() -> None:
    asked, ours = mail(1, f"From: {HANAKO}\r\nSubject: first"), mail(2, f"From: support@example.jp\r\nTo: {HANAKO}", outgoing=True)
    robot = mail(3, f"From: {HANAKO}\r\nAuto-Submitted: auto-replied\r\nSubject: out of office")
    assert robot.message.kind is Kind.AUTO_REPLY
    assert draft_for(asked, ours, robot).answers == "<1@x>"
    assert draft_for(ours).to == (HANAKO,)


def test_somebody_who_broke_in_gets_no_answer_by_having_written() -> None:
    asked, stranger = mail(1, f"From: {HANAKO}"), mail(2, "From: Mallory <mallory@example.net>")
    facts = tuple(
        MessageFact(stored.message_id, Revision(n), True, Kind.MAIL, "", stored.message.from_[0].address, (), "", NOW, "", new_sender=n == 2)
        for n, stored in enumerate((asked, stranger), 1)
    )
    state = Conversation(STATE.id, inbox=STATE.inbox, revision=Revision(2), messages=facts)
    found = answered_message([asked, stranger], state, [INBOX.address])
    assert found is asked
    assert draft_for(asked, stranger, state=state).to == (HANAKO,)
    everyone = draft_for(asked, stranger, state=state, reply_all=True)
    assert (everyone.to, everyone.cc) == ((HANAKO,), ())


def test_nor_does_one_of_whom_the_journal_has_not_told_yet() -> None:
    asked, stranger = mail(1, f"From: {HANAKO}"), mail(2, "From: Mallory <mallory@example.net>")
    known = MessageFact(asked.message_id, Revision(1), True, Kind.MAIL, "", asked.message.from_[0].address, (), "", NOW, "")
    state = Conversation(STATE.id, inbox=STATE.inbox, revision=Revision(1), messages=(known,))
    assert draft_for(asked, stranger, state=state).to == (HANAKO,)
    again = mail(3, f"From: {HANAKO}")
    assert draft_for(asked, stranger, again, state=state).answers == "<3@x>"


def test_the_draft_quotes_what_it_answers_under_the_signature() -> None:
    draft = draft_for(mail(1, f"From: {HANAKO}\r\nSubject: Re: Re: order", "one\ntwo"))
    assert draft.subject == "Re: order"
    assert draft.body.startswith("\n\n-- 佐藤\n\n")
    assert draft.body.endswith("> one\n> two\n")
    assert draft.seen_revision == 5


@pytest.mark.parametrize("agents", ["en", "ja"])
def test_the_line_above_a_quotation_is_in_the_customers_language_whatever_the_agents_is(agents: str, speak: Callable[[str], None]) -> None:
    speak(agents)
    japanese = mail(1, f"From: {HANAKO}", "注文した商品がまだ届きません。ご確認をお願いいたします。")
    english = mail(2, f"From: {HANAKO}", "I have ordered this three weeks ago and it is not here yet. Can you please look into it for me?")
    assert attribution(japanese) == "2026-11-24 09:00 Hanako:"
    assert attribution(english) == "On 2026-11-24 09:00, Hanako wrote:"
    assert attribution(mail(3, f"From: {HANAKO}", "4711?")) == (attribution(english) if agents == "en" else attribution(japanese)), "nobody can tell"


def test_a_conversation_without_mail_here_is_still_answered() -> None:
    state = Conversation(STATE.id, inbox=STATE.inbox, subject="order", customer_name="Doe, John", customer_address="john@example.com")
    assert draft_for(state=state).to == ('"Doe, John" <john@example.com>',)


def test_a_template_stands_above_what_was_there_and_names_what_it_could_not_fill() -> None:
    template = Template(TemplateKey("late"), "late", "{{customer}} 様\n{{unknown}}\n")
    draft, unresolved = apply_template(Draft(conversation_id=STATE.id, body="\n\nsigned"), template, {"customer": "花子"})
    assert draft.body == "花子 様\n{{unknown}}\n\nsigned"
    assert unresolved == ("unknown",)
    assert draft.template == "late"


def frozen(draft: Draft, *messages: StoredMessage):
    return freeze(draft, STATE, messages, INBOX, SATO, NOW, submission_id=SubmissionId("f" * 32), token=None, terminal="t")


def test_a_reply_bears_the_token_of_its_conversation() -> None:
    key = b"k" * 32
    state = msgspec.structs.replace(STATE, reply_token=reply_token(key, STATE.inbox, STATE.id))
    draft = Draft(conversation_id=STATE.id, to=("hanako@example.com",), subject="Re: order", body="ok")
    command = freeze(draft, state, (), INBOX, SATO, NOW, submission_id=SubmissionId("f" * 32), token=None, terminal="t")
    said = read_own_id(command.message_id)
    assert said is not None
    assert said.conversation_id == STATE.id
    assert is_ours(said, STATE.inbox, [key])
    assert f"Message-ID: {command.message_id}\r\n".encode() in command.mime.replace(b"\r\n ", b" ")


def test_the_frozen_mail_says_what_the_draft_said(tmp_path: Path) -> None:
    (tmp_path / "見積書.pdf").write_bytes(b"%PDF-1.7")
    asked = mail(1, f"From: {HANAKO}\r\nReferences: <r0@x> garbage <r0@x>\r\nSubject: order")
    draft = Draft(
        conversation_id=STATE.id,
        to=('"Doe, John" <john@example.com>', "花子 <hanako@example.com>"),
        cc=("boss@example.com",),
        bcc=("archive@example.jp", "boss@example.com"),
        subject="Re: 注文",
        body="かしこまりました。\n",
        answers="<1@x>",
        attachments=(str(tmp_path / "見積書.pdf"),),
        seen_revision=Revision(5),
    )
    command = frozen(draft, asked)
    read = email.message_from_bytes(command.mime, policy=email.policy.default)
    assert command.envelope.rcpt_to == ("john@example.com", "hanako@example.com", "boss@example.com", "archive@example.jp")
    assert command.envelope.mail_from == "support@example.jp"
    assert read["From"].addresses[0].display_name == "サポート"
    assert [one.display_name for one in read["To"].addresses] == ["Doe, John", "花子"]
    assert (read["In-Reply-To"], read["References"], read["Bcc"]) == ("<1@x>", "<r0@x> <1@x>", None)
    assert read["Message-ID"] == command.message_id
    assert read.get_body().get_content().strip() == "かしこまりました。"
    assert [part.get_filename() for part in read.iter_attachments()] == ["見積書.pdf"]
    assert (command.answers, command.seen_revision, command.conversation_id) == ("<1@x>", 5, STATE.id)


def test_a_mail_without_message_id_is_answered_without_naming_the_one_we_made_up() -> None:
    draft = Draft(conversation_id=STATE.id, to=("a@example.com",), subject="x", body="y", answers="<0123456789abcdef@missing.invalid>")
    assert b"missing.invalid" not in frozen(draft).mime


def test_a_header_cannot_be_smuggled_in_by_the_subject() -> None:
    draft = Draft(conversation_id=STATE.id, to=("a@example.com",), subject="x\r\nBcc: eve@example.net", body="y")
    with pytest.raises(ComposeError):
        frozen(draft)


def test_a_file_that_is_gone_stops_the_send() -> None:
    with pytest.raises(AttachmentUnreadable):
        frozen(Draft(conversation_id=STATE.id, to=("a@example.com",), subject="x", body="y", attachments=("/nowhere/at-all",)))


@pytest.mark.parametrize(("inbox_asks", "draft_asks", "asked"), [(False, None, False), (True, None, True), (True, False, False), (False, True, True)])
def test_a_receipt_is_asked_for_where_the_inbox_or_its_writer_wants_one(inbox_asks: bool, draft_asks: bool | None, asked: bool) -> None:
    inbox = msgspec.structs.replace(INBOX, writing=WritingSettings(receipt=inbox_asks))
    draft = msgspec.structs.replace(draft_for(mail(1, f"From: {HANAKO}")), receipt=draft_asks)
    command = freeze(draft, STATE, (), inbox, SATO, NOW, submission_id=SubmissionId("f" * 32), token=None, terminal="t")
    wanted = email.message_from_bytes(command.mime, policy=email.policy.default)["Disposition-Notification-To"]
    assert (wanted is not None, "support@example.jp" in (wanted or "")) == (asked, asked)
    assert command.envelope.mail_from == "support@example.jp"


@pytest.mark.parametrize("wish", [None, True, False])
def test_the_wish_to_be_told_of_its_arrival_goes_with_the_mail(wish: bool | None) -> None:
    draft = msgspec.structs.replace(draft_for(mail(1, f"From: {HANAKO}")), delivered=wish)
    assert frozen(draft).delivered is wish
