"""A mail that comes back into the composer, taken back by its writer or taken over by its checker: it is the same mail in everything."""

from datetime import UTC, datetime

from msgspec.structs import fields, replace

from mailsync.mime.compose import compose_redirect, compose_reply
from mailsync.mime.parse import parse_message
from store.domain.check import Check
from store.domain.draft import Carried, Draft
from store.domain.draft_kind import DraftKind
from store.domain.ids import ConversationId, InboxKey, MemberKey, MessageId, Revision, StatusKey, SubmissionId
from store.domain.lease import Token
from store.domain.message import Address
from store.domain.outbox import Envelope
from store.domain.reply_events import ReplyQueued
from store.domain.template import Inserted, TemplateKey
from tui.acted import Acted, mails_last
from tui.actions.checking import draft_of
from tui.actions.replying import again
from tui.view.checking import check_lines

AT = datetime(2026, 11, 29, 9, tzinfo=UTC)
HERE = ConversationId("0" * 32)
ORIGINAL = MessageId("<asked@buyer.example>")


def test_a_mail_that_is_taken_back_is_all_it_was_but_that_nobody_has_it() -> None:
    whole = Draft(
        conversation_id=HERE, to=("a@b.example",), cc=("c@b.example",), bcc=("d@b.example",), subject="Fwd: 件", body="本文", attachments=("/a.pdf",),
        answers=ORIGINAL, seen_revision=Revision(3), then_status=StatusKey("in_progress"), template="ja/a", saved_at=AT,
        submission_id=SubmissionId("1" * 32), kind=DraftKind.FORWARD, inbox=InboxKey("support"), from_address="sales@example.jp",
        passes_on=ORIGINAL, carried=(Carried(ORIGINAL, "2", "図面.pdf", "application/pdf", 9),), inserted=(Inserted(TemplateKey("ja/a"), 1, "x"),),
        left_empty=("氏名",), receipt=True, delivered=True, utf_8=True,
    )  # fmt: skip
    assert all(getattr(whole, field.name) != field.default for field in fields(Draft)), "a field of the draft is missing here"
    assert again(whole, None) == replace(whole, submission_id=None)
    assert again(whole, Revision(5)) == replace(whole, submission_id=None, seen_revision=Revision(5))


def test_a_mail_just_sent_is_what_u_is_about_until_something_else_is_done() -> None:
    sorted_before = (Acted(HERE),)
    first, second = ((Acted(HERE, submission=SubmissionId(letter * 32)),) for letter in "12")
    assert mails_last([sorted_before, first, second]) == (*second, *first)
    assert mails_last([first, sorted_before]) == mails_last([]) == ()


def _asked(kind: DraftKind, rcpt_to: tuple[str, ...], mail_from: str) -> Check:
    message_id = MessageId("<ours@example.jp>")
    reply = ReplyQueued(
        SubmissionId("1" * 32), message_id, Token(1, 1), Revision(3), Envelope(mail_from, rcpt_to), "", StatusKey("in_progress"), AT, kind=kind
    )
    return Check(MemberKey("arai"), AT, reply, "", 1)


def test_a_forward_that_its_checker_writes_anew_is_a_forward_from_the_same_address() -> None:
    ours = Address("窓口", "sales@example.jp")
    mime = compose_reply(
        from_=ours, to=(Address("", "maker@m.example"),), subject="Fwd: 件", body="本文", message_id=MessageId("<ours@example.jp>"),
        references=(ORIGINAL,), date=AT,
    )  # fmt: skip
    draft = draft_of(_asked(DraftKind.FORWARD, ("maker@m.example", "boss@example.jp"), ours.address), parse_message(mime), HERE)
    assert (draft.kind, draft.passes_on, draft.from_address) == (DraftKind.FORWARD, ORIGINAL, ours.address)
    assert (draft.to, draft.bcc) == (("maker@m.example",), ("boss@example.jp",))


def test_a_redirect_that_its_checker_writes_anew_still_passes_on_the_mail_as_it_is() -> None:
    original = f"From: a@buyer.example\r\nTo: support@example.jp\r\nSubject: ask\r\nMessage-ID: {ORIGINAL}\r\n\r\nWhen?\r\n".encode()
    mime = compose_redirect(
        original, from_=Address("", "support@example.jp"), to=(Address("", "maker@m.example"),), message_id=MessageId("<ours@example.jp>"), date=AT
    )
    draft = draft_of(_asked(DraftKind.REDIRECT, ("maker@m.example",), "support@example.jp"), parse_message(mime), HERE)
    assert (draft.kind, draft.passes_on, draft.to) == (DraftKind.REDIRECT, ORIGINAL, ("maker@m.example",))
    assert (draft.body, draft.attachments) == ("", ())


def test_a_checker_reads_what_its_writer_wants_to_hear_of_it() -> None:
    mail = parse_message(
        compose_reply(
            from_=Address("", "sales@example.jp"), to=(Address("", "a@b.example"),), subject="件", body="本文", message_id=ORIGINAL, date=AT
        )
    )
    check = _asked(DraftKind.REPLY, ("a@b.example",), "sales@example.jp")

    def read(check: Check, *, receipt: bool) -> str:
        return "\n".join(one.text for one in check_lines(check, mail, None, (), {}, AT, 80, receipt=receipt))

    assert "A receipt is asked for" in read(check, receipt=True)
    assert "is asked for" not in read(check, receipt=False)
    for delivered, said in ((True, "A report of its arrival is asked for"), (False, "No report of its arrival is asked for")):
        assert said in read(replace(check, reply=replace(check.reply, delivered=delivered)), receipt=False)
