"""From whom a mail is, to everybody or passed on, with which quotation, signature and charset; and nothing that was typed becomes a header."""

import email
import email.policy
from pathlib import Path

import msgspec
import pytest

from mailsync.mime.compose import NotInCharset, OutgoingFile
from mailsync.mime.errors import ComposeError
from mailsync.mime.text.jis import NotHeld
from store.domain.commands import SubmitReply
from store.domain.draft import Carried, Draft
from store.domain.draft_kind import DraftKind
from store.domain.ids import MessageId, SubmissionId
from store.domain.message import Address, Attachment
from store.settings.kept import Kept
from store.settings.settings import WritingSettings
from tests.cli.test_writing import HANAKO, INBOX, NOW, SATO, STATE, draft_for, frozen, mail
from tui.forwarding import start_forward, start_redirect
from tui.freezing import Along, NothingToRedirect, freeze, not_held_in
from tui.identity import NotOurAddress, sender, signature_of
from tui.reply import Quoting, quote_lines, quoting_of, start_draft


def test_reply_all_leaves_out_every_address_of_ours_with_or_without_a_tag() -> None:
    inbox = msgspec.structs.replace(INBOX, addresses=("求人 <jobs@example.jp>",))
    head = (
        f"From: {HANAKO}\r\nTo: support+shop@example.jp, JOBS@example.jp, boss@example.com\r\nCc: sales@example.jp, support@example.jp.evil.example"
    )
    draft = start_draft(STATE, [mail(1, head)], inbox, "佐藤", "", reply_all=True, own_addresses=["sales@example.jp"])
    assert draft.cc == ("boss@example.com", "support@example.jp.evil.example")


def test_a_list_is_answered_where_it_says_and_reply_all_reaches_who_wrote_too() -> None:
    head = f"From: {HANAKO}\r\nReply-To: club@lists.example.org\r\nTo: club@lists.example.org\r\nList-Id: <club.lists.example.org>"
    assert draft_for(mail(1, head)).to == ("club@lists.example.org",)
    everyone = draft_for(mail(1, head), reply_all=True)
    assert (everyone.to, everyone.cc) == (("club@lists.example.org",), (HANAKO,))


def test_an_answer_comes_from_the_address_that_was_written_to_under_its_own_name() -> None:
    inbox = msgspec.structs.replace(INBOX, addresses=("求人 <jobs@example.jp>", "info@example.jp"))
    asked = mail(1, f"From: {HANAKO}\r\nTo: jobs+web@example.jp")
    draft = start_draft(STATE, [asked], inbox, "佐藤", "")
    assert draft.from_address == "jobs@example.jp"
    command = freeze(draft, STATE, [asked], inbox, SATO, NOW, submission_id=SubmissionId("f" * 32), token=None, terminal="t")
    read = email.message_from_bytes(command.mime, policy=email.policy.default)
    assert (str(read["From"]), command.envelope.mail_from) == ("求人 <jobs@example.jp>", "jobs@example.jp")
    assert sender(msgspec.structs.replace(draft, from_address="info@example.jp"), inbox, SATO).name == "サポート"
    with pytest.raises(NotOurAddress):
        freeze(
            msgspec.structs.replace(draft, from_address="boss@bank.example"),
            STATE, [asked], inbox, SATO, NOW, submission_id=SubmissionId("f" * 32), token=None, terminal="t",
        )  # fmt: skip


def test_a_quotation_stands_below_or_above_the_answer_or_not_at_all() -> None:
    asked = mail(1, f"From: {HANAKO}", "one\n> two")
    bodies = {how: start_draft(STATE, [asked], INBOX, "佐藤", "署名", quoting=how).body for how in Quoting}
    assert bodies[Quoting.ABOVE].startswith("\n\n署名\n\n")
    assert bodies[Quoting.ABOVE].endswith("> one\n>> two\n")
    assert bodies[Quoting.BELOW].endswith("> one\n>> two\n\n\n\n署名\n")
    assert bodies[Quoting.NONE] == "\n\n署名\n"
    assert (quoting_of("below"), quoting_of(None), quoting_of("sideways")) == (Quoting.BELOW, Quoting.ABOVE, Quoting.ABOVE)
    assert quote_lines(["一行目", "> 二行目", ""]) == "> 一行目\n>> 二行目\n>"


def test_a_signature_is_the_members_own_above_the_houses_or_their_own_for_the_inbox_alone(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    writing = WritingSettings(signature="株式会社金物屋\n担当: {{agent}}\n")
    inbox = msgspec.structs.replace(INBOX, writing=writing)
    assert signature_of(kept, INBOX, "佐藤") == "佐藤"
    assert signature_of(kept, inbox, "佐藤") == "株式会社金物屋\n担当: 佐藤"
    kept.set_signature("", "佐藤 一郎")
    assert signature_of(kept, inbox, "佐藤") == "佐藤 一郎\n株式会社金物屋\n担当: 佐藤"
    kept.set_signature("support", "サポート 佐藤")
    separated = msgspec.structs.replace(inbox, writing=msgspec.structs.replace(writing, separator=True))
    assert signature_of(kept, separated, "佐藤") == "-- \nサポート 佐藤"


HOSTILE = ("x\r\nBcc: eve@example.net", "x\nBcc: eve@example.net", "x\rBcc: eve@example.net", "a\x00b", "a\x85b", "a\u2028b", "a\u2029b", "a\x1bb")


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_was_typed_or_received_becomes_a_header(text: str, tmp_path: Path) -> None:
    plain = Draft(conversation_id=STATE.id, to=("a@example.com",), subject="x", body="y")
    with pytest.raises(ComposeError):
        frozen(msgspec.structs.replace(plain, subject=text))
    # What others wrote is made harmless before it is a draft's.
    message = msgspec.structs.replace(mail(1, f"From: {HANAKO}").message, subject=text, from_=(Address(text, "hanako@example.com"),))
    asked = msgspec.structs.replace(mail(1, f"From: {HANAKO}"), message=message)
    for draft in (draft_for(asked), start_forward(STATE, asked, INBOX, "佐藤", "", to=("b@example.com",))):
        read = email.message_from_bytes(frozen(draft, asked).mime, policy=email.policy.default)
        assert (read["Bcc"], len(read.get_all("To"))) == (None, 1)
    if "\x00" not in text:
        path = tmp_path / text.replace("/", "")
        path.write_bytes(b"x")
        with pytest.raises(ComposeError):
            frozen(msgspec.structs.replace(plain, attachments=(str(path),)))
    typed = msgspec.structs.replace(plain, to=(f"Eve {text} <eve@example.net>",))
    try:
        command = frozen(typed)
    except ComposeError:
        return
    read = email.message_from_bytes(command.mime, policy=email.policy.default)
    assert (read["Bcc"], command.envelope.rcpt_to) == (None, ("eve@example.net",))


def test_a_forward_quotes_the_headers_and_names_what_it_carries() -> None:
    asked = mail(1, f"From: {HANAKO}\r\nTo: support@example.jp\r\nSubject: Fwd: 写真", "写真です")
    file = Attachment("箱.png", "image/png", 4, "2")
    asked = msgspec.structs.replace(asked, message=msgspec.structs.replace(asked.message, attachments=(file,)))
    draft = start_forward(STATE, asked, INBOX, "佐藤", "署名", to=("maker@example.net",))
    assert (draft.subject, draft.kind, draft.passes_on, draft.answers) == ("Fwd: 写真", DraftKind.FORWARD, "<1@x>", None)
    assert (draft.then_status, draft.carried) == ("in_progress", (Carried(MessageId("<1@x>"), "2", "箱.png", "image/png", 4),))
    assert f"From: {HANAKO}\n" in draft.body
    assert draft.body.endswith("\n\n写真です\n")
    command = freeze(
        draft, STATE, [asked], INBOX, SATO, NOW, submission_id=SubmissionId("f" * 32), token=None, terminal="t",
        along=Along(files=(OutgoingFile("箱.png", "image/png", b"\x89PNG"),)),
    )  # fmt: skip
    read = email.message_from_bytes(command.mime, policy=email.policy.default)
    assert (command.kind, read["In-Reply-To"], read["References"]) == (DraftKind.FORWARD, None, "<1@x>")
    assert [part.get_filename() for part in read.iter_attachments()] == ["箱.png"]


def test_a_redirect_is_the_mail_itself_below_one_block_of_resent_fields() -> None:
    asked = mail(1, f"From: {HANAKO}")
    draft = start_redirect(STATE, asked, INBOX, to=("総務 <soumu@example.jp>",))
    original = b"From: hanako@example.com\r\nSubject: x\r\nMessage-ID: <1@x>\r\n\r\n\xe3\x81\x82 raw \x80\r\n"

    def redirected(along: Along) -> SubmitReply:
        return freeze(
            draft, STATE, [asked], INBOX, SATO, NOW, submission_id=SubmissionId("f" * 32), token=None, terminal="t", along=along
        )  # fmt: skip

    command = redirected(Along(original=original))
    assert command.mime.endswith(f"Resent-Message-ID:\r\n {command.message_id}\r\n".encode() + original) or command.mime.endswith(
        f"Resent-Message-ID: {command.message_id}\r\n".encode() + original
    )
    assert command.mime.startswith(b"Resent-From: ")
    assert command.envelope.rcpt_to == ("soumu@example.jp",)
    with pytest.raises(NothingToRedirect):
        redirected(Along())
    with pytest.raises(ComposeError):
        redirected(Along(original=original.replace(b"\r\n", b"\n")))


def test_what_an_old_host_cannot_read_goes_in_utf_8_only_when_its_writer_says_so() -> None:
    inbox = msgspec.structs.replace(INBOX, writing=WritingSettings(iso_2022_jp_domains=("old.example.jp",)))
    draft = Draft(conversation_id=STATE.id, to=("a@old.example.jp",), subject="件名", body="ご注文\n①番")
    said = {"submission_id": SubmissionId("f" * 32), "token": None, "terminal": "t"}
    assert not_held_in(draft, inbox) == (NotHeld("①", 2, 1),)
    with pytest.raises(NotInCharset):
        freeze(draft, STATE, (), inbox, SATO, NOW, **said)
    assert b"charset=utf-8" in freeze(msgspec.structs.replace(draft, utf_8=True), STATE, (), inbox, SATO, NOW, **said).mime
    holds = msgspec.structs.replace(draft, body="ご注文")
    assert b"charset=iso-2022-jp" in freeze(holds, STATE, (), inbox, SATO, NOW, **said).mime
    elsewhere = msgspec.structs.replace(draft, to=("a@new.example.jp",))
    assert not_held_in(elsewhere, inbox) == ()
    assert b"charset=utf-8" in freeze(elsewhere, STATE, (), inbox, SATO, NOW, **said).mime
