"""What the reading pane, the comments, the timeline and the banner say."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

import msgspec
import pytest

from mailsync.imap.errors import ConnectionLost, LoginRefused, MailboxMissing
from store.domain.approval import Approval, Subject, SubjectKind
from store.domain.comment_files import CommentFile
from store.domain.conversation import Absorbed, Comment, Conversation
from store.domain.events import AnyEvent, ConversationEvent, LeaseTaken, OwnerChanged, Recorded, ReplyOutcome, ReplyQueued, UrgencyChanged
from store.domain.ids import CommentId, ConversationId, InboxKey, MemberKey, MessageId, Revision, Seq, SubmissionId
from store.domain.lease import Lease, Token
from store.domain.message import Address, Attachment, Message
from store.domain.outbox import Envelope, OutboxState, RecipientResult, Submission
from store.domain.people import SERVER
from store.domain.refusals import AnyRefusal, LeaseHeld
from store.domain.status import DONE, Urgency
from store.domain.thread_evidence import NEW, ThreadEvidence
from tests.tui.home_builder import NOON, SATO, TANAKA
from tui.view.attachments import numbered_on_comments
from tui.view.banner import Away, away_words, banner_line, mail_trouble_words, mail_words
from tui.view.comments import Hearer, comment_lines, nothing_said_lines
from tui.view.keys.keymap import DEFAULT
from tui.view.news import news_words
from tui.view.reading import body_lines, conversation_lines, first_lines
from tui.view.refusals import outbox_words, refusal_words
from tui.view.timeline import event_words, timeline_lines

NAMES = {SATO: "佐藤", TANAKA: "Tanaka"}


@dataclass(frozen=True)
class Mail:
    message: Message
    outgoing: bool = False
    internaldate: datetime = NOON
    evidence: ThreadEvidence = NEW


def mail(text: str = "こんにちは", **what: object) -> Mail:
    message = Message(MessageId("<1@x>"), "件名", (Address("山田", "y@x.example"),), (), (), (), NOON, (), (), text)
    return Mail(msgspec.structs.replace(message, **what))


def text_of(mails: list[Mail], width: int = 80) -> str:
    return "\n".join(line.text for line in conversation_lines(mails, width, NOON))


def test_a_quotation_of_many_lines_is_folded_and_opened_by_z() -> None:
    text = "answer\n" + "> quoted\n" * 6
    folded = "\n".join(line.text for line in body_lines(text, 80))
    assert "quoted" not in folded.replace("6 quoted lines (z opens them)", "")
    assert "\n".join(line.text for line in body_lines(text, 80, unfolded=True)).count("> quoted") == 6


def test_a_short_quotation_stays() -> None:
    assert "> is it blue?" in "\n".join(line.text for line in body_lines("> is it blue?\nyes", 80))


def test_a_quotation_keeps_its_mark_on_every_wrapped_line() -> None:
    lines = body_lines("> " + "word " * 30, 40)
    assert len(lines) > 2
    assert all(line.text.startswith("> ") for line in lines)


@pytest.mark.parametrize("rule", ["-- ", "━━━━━━━━━━━━━━━━", "=================="])
def test_a_signature_is_dimmed(rule: str) -> None:
    lines = body_lines(f"text\n\n{rule}\nAcme Ltd.\nTel 03", 80)
    assert lines[0].spans[0].tone == ""
    assert lines[-1].spans[0].tone == "signature"


def test_an_answer_between_short_quotations_is_read_with_them() -> None:
    shown = "\n".join(line.text for line in body_lines("> blue?\nyes\n\n> large?\nno\n", 80))
    assert shown == "> blue?\nyes\n\n> large?\nno"


def test_the_old_mail_below_outlooks_header_is_folded_without_any_prefix() -> None:
    old = "-----Original Message-----\nFrom: A <a@x>\nSent: Monday\nTo: B\nSubject: c\n\nold words"
    shown = "\n".join(line.text for line in body_lines(f"new words\n\n{old}", 80))
    assert "new words" in shown
    assert "6 quoted lines" in shown
    assert "old words" not in shown


def test_a_mail_that_is_nothing_but_a_quotation_stays_open() -> None:
    assert "four" in "\n".join(line.text for line in body_lines("> one\n> two\n> three\n> four\n> five", 80))


def test_what_is_passed_on_stays_open_and_what_is_answered_does_not() -> None:
    head = "From: A <a@x>\nDate: Mon, 23 Nov 2026 at 09:00\nSubject: c\nTo: B <b@x>\n\nthe invoice\n> an older mail"
    for above in ("", "FYI\n\n"):
        assert text_of([mail(f"{above}---------- Forwarded message ---------\n{head}")]).endswith(head)
        assert text_of([mail(f"{above}{head}", subject="FW: c")]).endswith(head)
    assert "the invoice" not in text_of([mail(f"FYI\n\n{head}", subject="Re: FW: c")])
    assert "the invoice" not in text_of([mail(f"FYI\n\n{head}", subject="RE：c")])


def test_what_a_form_was_filled_in_with_stays_open() -> None:
    form = "以下のお問い合わせがありました。\n差出人: 山田\n宛先: info@x\n日時: 2026年12月1日 10:00\n件名: 在庫\n\n在庫はありますか。"
    assert text_of([mail(form)]).endswith(form)


def test_a_sum_under_a_rule_is_no_signature() -> None:
    lines = body_lines("order\n\n==========\nsum 3,000\n==========\n\nthank you", 80)
    assert not [line for line in lines if line.spans[0].tone == "signature"]


def test_reading_begins_at_the_last_message() -> None:
    mails = [mail("first"), mail("second")]
    lines = conversation_lines(mails, 80, NOON)
    assert first_lines(mails, lines) > 0
    assert lines[first_lines(mails, lines)].mark == "message:1"


def test_a_mail_that_could_not_be_read_says_so_and_where_its_source_is() -> None:
    assert ":raw" in text_of([mail("", unparsed=True)])


def test_attachments_are_listed_with_their_sizes() -> None:
    assert "[1] 見積.pdf  application/pdf, 14 kB" in text_of([mail(attachments=(Attachment("見積.pdf", "application/pdf", 14_200, "2"),))])


@pytest.mark.parametrize("width", [10, 24, 40, 80, 200])
def test_no_line_is_wider_than_its_pane(width: int) -> None:
    busy = mail("長い文章。" * 60 + "\n> " + "q" * 300, cc=(Address("佐々木" * 9, "s@x.example"),), warnings=("guessed " * 20,))
    assert all(line.columns <= max(width, 24) for line in conversation_lines([busy], width, NOON))


def test_nothing_from_outside_steers_the_terminal_while_reading() -> None:
    nasty = mail("\x1b[2J\x9b", subject="\x07", from_=(Address("\x1b]0;x\x07", "\x1b@x"),), attachments=(Attachment("\x1bname", "a/b\x1b", 1, "2"),))
    assert not [each for each in text_of([nasty]) if each != "\n" and (ord(each) < 32 or 0x7F <= ord(each) < 0xA0)]


@pytest.mark.parametrize("name", ["support@bank.example " * 20, "山田" * 100])
def test_no_name_pushes_its_address_off_the_line(name: str) -> None:
    assert "<x@evil.example>" in text_of([mail(from_=(Address(name, "x@evil.example"),))])
    assert ".evil.example>" in text_of([mail(from_=(Address(name, f"support@bank.example.{'a' * 90}.evil.example"),))])


def test_no_subject_pushes_the_text_out_of_sight() -> None:
    assert text_of([mail("the text", subject="件名" * 60_000)]).splitlines().index("the text") < 12


def test_no_name_pushes_what_a_file_is_off_the_line() -> None:
    shown = text_of([mail(attachments=(Attachment("見積書.pdf" + " " * 200 + ".exe", "application/pdf", 9, "2"),))], 60)
    assert re.search(r"\[1\] 見積書\.pdf.*\.exe\b", shown)


def test_a_mail_of_a_million_lines_is_cut_and_says_where_the_rest_is() -> None:
    lines = body_lines("x\n" * 1_000_000, 80)
    assert len(lines) < 300_000
    assert ":raw" in lines[-1].text


def comment(text: str, *mentions: str) -> Comment:
    return Comment(CommentId("c"), Revision(1), Seq(1), TANAKA, NOON, text, tuple(mentions))


def test_a_comment_that_calls_me_is_marked_in_letters_too() -> None:
    lines = comment_lines([comment("@sato please", SATO)], 60, Hearer(SATO, NAMES, NOON))
    assert lines[0].text.startswith("@ Tanaka")
    assert not comment_lines([comment("fine")], 60, Hearer(SATO, NAMES, NOON))[0].text.startswith("@")


def example(kind: type) -> object:
    """A value of a struct with something in every field that must be given."""
    given = {}
    for field in msgspec.structs.fields(kind):
        if field.required:
            given[field.name] = EXAMPLES.get(f"{kind.__name__}.{field.name}", EXAMPLES.get(field.name, "x"))
    return kind(**given)


EXAMPLES = {
    "at": NOON, "since": NOON, "send_at": NOON, "date": NOON, "seen_revision": Revision(1), "revision": Revision(1), "number": 7, "inbound": True,
    "idle": False, "may_take_over": True, "new": ("<1@x>",), "state": OutboxState.SENDING, "sent": True, "attempt": 1, "has_text": True,
    "until": NOON, "recipients": (), "by": TANAKA, "owner": TANAKA, "token": Token(1, 1), "UrgencyChanged.after": 1, "UrgencyChanged.before": 0,
    "DueSet.before": None, "DueSet.after": NOON,
    "envelope": Envelope("a@x.example", ("b@x.example",)),
    "CheckRequested.reply": ReplyQueued(
        SubmissionId("s"), MessageId("<1@x>"), Token(1, 1), Revision(1), Envelope("a@x.example", ("b@x.example",)), "0" * 64, DONE, NOON
    ),
    "CheckApproved.approval": Approval(Subject(SubjectKind.REPLY, "s", "0" * 64), TANAKA, NOON),
    "ReplyBounced.results": (RecipientResult("b@x.example", OutboxState.REFUSED, 0, "5.1.1 no such user", bounced=True),),
}  # fmt: skip


@pytest.mark.parametrize("kind", get_args(ConversationEvent), ids=lambda kind: kind.__name__)
def test_every_event_has_words_on_the_timeline(kind: type) -> None:
    assert event_words(example(kind), NAMES)


def test_the_timeline_names_who_and_when() -> None:
    from store.domain.events import OwnerChanged

    lines = timeline_lines([Recorded(Seq(1), NOON, SATO, ConversationId("a"), OwnerChanged(None, TANAKA))], 80, names=NAMES, now=NOON)
    assert "佐藤" in lines[0].text
    assert "Tanaka" in lines[0].text


@pytest.mark.parametrize("kind", get_args(AnyRefusal), ids=lambda kind: kind.__name__)
def test_every_refusal_is_said_in_words(kind: type) -> None:
    words = refusal_words(example(kind), NAMES, NOON)
    assert len(words) > 15
    assert kind.__name__ not in words


@pytest.mark.parametrize("state", OutboxState)
def test_every_state_of_the_outbox_has_words(state: OutboxState) -> None:
    assert outbox_words(state)


def test_who_writes_is_named_with_the_time() -> None:
    held = LeaseHeld(TANAKA, NOON, idle=False, may_take_over=False)
    assert refusal_words(held, NAMES, NOON.replace(minute=7)) == "Tanaka has been writing for 7m."


CONVERSATION = Conversation(ConversationId("a"), revision=Revision(3))


def banner(**what: object) -> str:
    facts = {"away": None, "news": "", "conversation": None, "me": SATO, "names": NAMES, "key": DEFAULT.shown} | what
    line = banner_line(**facts)
    return line.text if line else ""


def test_there_is_no_banner_when_all_is_well() -> None:
    assert banner(conversation=CONVERSATION) == ""


def test_the_banner_says_since_when_the_server_is_away_and_what_waits() -> None:
    assert "2 waiting" in banner(away=Away(NOON, 2))


def test_the_banner_says_who_writes_in_the_conversation_one_reads() -> None:
    lease = Lease(TANAKA, Token(1, 1), NOON, Revision(3), "t")
    assert "Tanaka is writing" in banner(conversation=msgspec.structs.replace(CONVERSATION, lease=lease))
    mine = msgspec.structs.replace(lease, by=SATO)
    assert banner(conversation=msgspec.structs.replace(CONVERSATION, lease=mine)) == ""


def test_a_refused_login_is_said_before_host_and_user_could_push_it_out_of_the_line() -> None:
    words = mail_trouble_words(InboxKey("support"), LoginRefused("imap.a-long-provider.example", "support@a-long-company.example", "no"))
    assert "login was refused" in words[:60]


def test_a_mailbox_that_has_vanished_is_named_and_the_inbox_is_not_called_dead() -> None:
    gone = MailboxMissing("imap.a-long-provider.example", "Orders", problem="there is none of this name")
    assert mail_trouble_words(InboxKey("support"), gone) == "The mailbox Orders of support cannot be read (`mado doctor`)."
    assert mail_words({InboxKey("support"): gone}, 1) == "mail trouble: support"


def test_the_status_line_names_the_inbox_that_gets_no_mail_where_others_do() -> None:
    sales, support, away = InboxKey("sales"), InboxKey("support"), ConnectionLost("imap.example", "hung up")
    assert mail_words({}, 2) == ""
    assert mail_words({sales: LoginRefused("imap.example", "sales", "no")}, 2) == "mail trouble: sales"
    assert mail_words({support: away, sales: away}, 3) == "mail trouble: sales +1"
    assert mail_words({support: away, sales: away}, 2) == "mail: no connection"


def test_what_waits_for_the_server_is_said_within_eighty_columns() -> None:
    assert "12 waiting to be sent" in away_words(Away(NOON, 12))[:78]


def test_a_colleagues_request_for_my_lease_is_told() -> None:
    mine = Lease(SATO, Token(1, 1), NOON, Revision(3), "t")
    assert "Tanaka would like to write" in banner(conversation=msgspec.structs.replace(CONVERSATION, lease=mine, asked_by=TANAKA))


def test_news_are_what_others_did_not_what_i_did() -> None:
    said = msgspec.structs.replace(CONVERSATION, revision=Revision(4), comments=(comment("look"),))
    assert news_words(CONVERSATION, said, SATO, NAMES) == "Tanaka commented: look"
    calling = msgspec.structs.replace(comment("@sato look"), mentions=(SATO,))
    assert news_words(CONVERSATION, msgspec.structs.replace(said, comments=(calling,)), SATO, NAMES) == "@sato from Tanaka: look"
    assert news_words(CONVERSATION, said, TANAKA, NAMES) == ""
    assert news_words(said, said, SATO, NAMES) == ""


def test_what_the_team_tells_of_a_conversation_for_the_first_time_is_no_news() -> None:
    unknown = Conversation(CONVERSATION.id)
    known = msgspec.structs.replace(CONVERSATION, comments=(comment("look"),), owner=TANAKA)
    assert news_words(unknown, known, SATO, NAMES) == ""
    assert news_words(CONVERSATION, msgspec.structs.replace(known, revision=Revision(4)), SATO, NAMES) == "Tanaka commented: look"


def test_everything_a_colleague_does_where_one_reads_is_said_in_a_word() -> None:
    def said(event: AnyEvent, by: MemberKey = TANAKA, **now: object) -> str:
        after = msgspec.structs.replace(CONVERSATION, revision=Revision(4), **now)
        return news_words(CONVERSATION, after, SATO, NAMES, happened=[Recorded(Seq(1), NOON, by, CONVERSATION.id, event)])

    reply = Submission(
        SubmissionId("s"), MessageId("<r@x>"), TANAKA, Token(1, 1), Revision(1), Envelope("a@x", ("b@x",)), "", DONE, OutboxState.ACCEPTED, NOON
    )
    assert said(UrgencyChanged(Urgency.NORMAL, Urgency.URGENT)) == "Tanaka: urgency: ! urgent"
    assert said(OwnerChanged(None, SATO), owner=SATO) == "It is yours now."
    assert said(OwnerChanged(None, SATO), SATO, owner=SATO) == ""
    assert said(ReplyOutcome(SubmissionId("s"), OutboxState.ACCEPTED), SERVER, submissions=(reply,)) == "The reply of Tanaka has left."
    assert said(LeaseTaken(TANAKA, Token(1, 1), Revision(3), "t")) == "", "the banner says so as long as it lasts"
    joined = Absorbed(Seq(9), CONVERSATION.id, 12, (), (), (), CONVERSATION.standing())
    other = Conversation(ConversationId("b"), number=15, revision=Revision(2), absorbed=(joined,))
    assert news_words(CONVERSATION, other, SATO, NAMES) == "#12 is part of #15 now."


def test_the_files_of_a_comment_stand_below_it_with_their_size_and_what_may_run_is_marked() -> None:
    files = (CommentFile("見積.pdf", 14_200, "a" * 64), CommentFile("x\x1b[2J\u202efdp.exe", 812, "b" * 64))
    said = msgspec.structs.replace(comment(""), files=files)
    shown = [each.text for each in comment_lines([said], 60, Hearer(SATO, NAMES, NOON, files=numbered_on_comments([said], 3)))]
    assert shown[1:] == ["  [3] 見積.pdf  14 kB", "  [4] x[2J[RLO]fdp.exe  812 B  ⚠ may run something"]
    # Where they cannot be opened, they are named all the same.
    assert [each.text for each in comment_lines([said], 60, Hearer(SATO, NAMES, NOON))][1] == "  - 見積.pdf  14 kB"


def test_whoever_goes_to_comments_that_are_not_there_is_told_how_the_first_is_written() -> None:
    assert [each.text for each in nothing_said_lines("c", 80)] == ["c writes the first comment; @ and a name calls somebody."]
    assert len(nothing_said_lines("c", 30)) == 2
    assert "yet" in nothing_said_lines("", 80)[0].text, "where no key writes one"
