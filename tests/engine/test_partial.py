"""A large mail comes without its attachments' bodies, and reads like the whole one: the same text, names, hash and thread."""

import random
from email.message import EmailMessage
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from mailsync.engine.reading import outline, read_mail
from mailsync.imap import bodies
from mailsync.imap.partial import LONGEST_READABLE_BYTES, TEXTS
from mailsync.imap.pull import Fetched, Pull
from mailsync.imap.session import MailSession
from mailsync.mime.bodies import LONGEST_FILE_BYTES
from mailsync.mime.structure import TEXT_TYPES
from store.domain.query import parse_query
from store.local.rows import NewMail
from tests.engine.homes import SUPPORT, every_row, inbox_at, opened
from tests.imap.grounds import DovecotGround, mail

NOISE = random.Random(7).randbytes(90_000)


def letter(*, subject: str = "見積書", **fields: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "鈴木 <suzuki@customer.test>", "support@example.test", subject
    made["Date"], made["Message-ID"] = "Mon, 06 Jul 2026 09:00:00 +0900", "<large@customer.test>"
    made["References"] = "<first@customer.test>"
    for name, value in fields.items():
        made[name.replace("_", "-")] = value
    made.set_content("お世話になっております。\n" * 20, charset="iso-2022-jp")
    return made


def plain_with_pdf() -> EmailMessage:
    made = letter()
    made.add_attachment(NOISE, "application", "pdf", filename="御見積書.pdf")
    return made


def html_with_pictures_and_a_sheet() -> EmailMessage:
    made = letter()
    made.add_alternative("<p>こんにちは <img src='cid:logo'></p>", subtype="html")
    made.get_payload()[1].add_related(NOISE, "image", "png", cid="<logo>")
    made.add_attachment(NOISE[:50_001], "application", "vnd.ms-excel", filename="注文一覧.xlsx")
    return made


def html_alone_with_a_file() -> EmailMessage:
    made = letter()
    made.set_content("<table><tr><td>品名</td><td>数量</td></tr></table>", subtype="html")
    made.add_attachment(NOISE, "image", "jpeg", filename="a b.jpg")
    return made


def a_small_mail_forwarded_beside_a_file() -> EmailMessage:
    made = letter()
    made.add_attachment(letter(subject="転送"))
    made.add_attachment(NOISE, "application", "pdf", filename="御見積書.pdf")
    return made


def a_large_mail_forwarded() -> EmailMessage:
    made, inner = letter(), letter(subject="転送")
    inner.add_attachment(NOISE * 9, "application", "pdf", filename="御見積書.pdf")
    made.add_attachment(inner)
    made.add_attachment(NOISE, "image", "png", filename="a.png")
    return made


def an_invitation_with_a_plan() -> EmailMessage:
    made = letter()
    made.add_alternative("BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n", subtype="calendar")
    made.add_attachment(NOISE, "application", "pdf", filename="plan.pdf")
    return made


def a_large_csv() -> EmailMessage:
    made = letter()
    made.add_attachment("品番,数量\r\n" * 20_000, filename="在庫.csv", subtype="csv")
    return made


def nothing_but_a_file() -> EmailMessage:
    made = letter()
    made.set_content(NOISE, "application", "zip", filename="all.zip")
    return made


def nothing_but_attached_texts() -> EmailMessage:
    made = letter()
    made.set_content("報告書です。\n" * 20, filename="report.txt", disposition="attachment")
    made.add_attachment("ログ\n" * 20_000, filename="all.log")
    return made


LARGE = (
    plain_with_pdf,
    html_with_pictures_and_a_sheet,
    html_alone_with_a_file,
    a_small_mail_forwarded_beside_a_file,
    an_invitation_with_a_plan,
    a_large_csv,
    nothing_but_a_file,
    nothing_but_attached_texts,
)


def crlf(made: EmailMessage) -> bytes:
    return made.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def fetched_from(ground: DovecotGround, keep_bytes: int = bodies.KEEP_BYTES) -> list[Fetched]:
    with MailSession.open(ground.access()) as session:
        pull = Pull(session, set, keep_bytes, outline)
        return [each for step in pull.run("INBOX", None, stored_messages=0) for each in step.fetched]


def read_both(ground: DovecotGround, raw: bytes) -> tuple[NewMail, NewMail, Fetched]:
    ground.deliver(raw)
    (partial,), (whole,) = fetched_from(ground), fetched_from(ground, 10**9)
    assert whole.raw == raw
    return read_mail(SUPPORT, partial), read_mail(SUPPORT, whole), partial


@pytest.mark.parametrize("make", LARGE, ids=lambda make: make.__name__)
def test_without_its_attachments_it_reads_like_the_whole(ground: DovecotGround, make) -> None:
    raw = crlf(make())
    partial, whole, fetched = read_both(ground, raw)
    assert fetched.header_only
    assert partial.raw is None
    assert len(fetched.raw) < 20_000 < len(raw)
    assert (partial.content_sha256, partial.thread_key, partial.message_id) == (whole.content_sha256, whole.thread_key, whole.message_id)
    for theirs, ours in zip(whole.message.attachments, partial.message.attachments, strict=True):
        assert abs(theirs.size_bytes - ours.size_bytes) <= 3 or ours.content_type.startswith(("text/", "message/"))
    ours = msgspec.structs.replace(partial.message, attachments=whole.message.attachments)
    assert ours == whole.message
    assert len(partial.message.attachments) >= 1


def test_what_may_stand_for_a_text_is_the_same_to_the_parser() -> None:
    assert (TEXTS, LONGEST_READABLE_BYTES) == (TEXT_TYPES, LONGEST_FILE_BYTES)


def test_what_a_large_mail_says_and_its_files_names_are_found(ground: DovecotGround, tmp_path: Path) -> None:
    ground.deliver(crlf(plain_with_pdf()))
    ground.deliver(mail(2))
    with opened(tmp_path, inbox_at(ground.port, ground.user)) as (engine, store):
        (report, _) = await_pull(engine)
        assert report.new == 2
        for words in ("お世話になって", "御見積書", "has:attachment"):
            assert {hit.message_id for hit in store.search(parse_query(words))} == {"<large@customer.test>"}, words
        assert store.count(parse_query("has:attachment")) == 1
        stored = next(one for row in every_row(store) for one in store.messages(row) if one.header_only)
        assert not stored.message.warnings


def await_pull(engine):
    import asyncio

    return asyncio.run(engine.pull_once())


def test_a_large_text_without_attachments_comes_whole(ground: DovecotGround) -> None:
    raw = mail(1, "last orders\r\n" + "x" * 400_000)
    ground.deliver(raw)
    (fetched,) = fetched_from(ground)
    assert (fetched.raw, fetched.header_only) == (raw, False)


def test_a_large_forwarded_mail_comes_whole_for_its_text_is_read(ground: DovecotGround) -> None:
    raw = crlf(a_large_mail_forwarded())
    ground.deliver(raw)
    (fetched,) = fetched_from(ground)
    assert (fetched.raw, fetched.header_only) == (raw, False)


def test_a_mail_whose_parts_our_parser_finds_elsewhere_comes_whole(ground: DovecotGround) -> None:
    # Dovecot takes a multipart without a boundary for one part; we guess it.
    raw = crlf(plain_with_pdf())
    boundary = raw.split(b'boundary="')[1].split(b'"')[0]
    raw = raw.replace(b' boundary="' + boundary + b'"', b" x=y")
    ground.deliver(raw)
    (fetched,) = fetched_from(ground)
    assert (fetched.raw, fetched.header_only) == (raw, False)


def test_what_nobody_can_hold_in_memory_comes_by_its_beginning(ground: DovecotGround, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "WHOLE_BYTES", 100_000)
    raw = mail(2, "last orders\r\n" + "x" * 400_000)
    ground.deliver(mail(1))
    ground.deliver(raw)
    ground.deliver(mail(3))
    fetched = {each.uid: each for each in fetched_from(ground)}
    assert [fetched[uid].header_only for uid in (1, 2, 3)] == [False, True, False]
    read = read_mail(SUPPORT, fetched[2])
    assert read.raw is None
    assert read.size_bytes == len(raw)
    assert read.message.text.startswith("last orders")
    assert "larger" in read.message.warnings[-1]


def test_small_and_large_come_in_the_order_of_the_mailbox(ground: DovecotGround, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "SPAN_BYTES", 30_000)
    for number in range(1, 31):
        ground.deliver(mail(number) if number % 3 else crlf(plain_with_pdf()))
    with MailSession.open(ground.access()) as session:
        steps = list(Pull(session, set, bodies.KEEP_BYTES, outline).run("INBOX", None, stored_messages=0))
    uids = [[each.uid for each in step.fetched] for step in steps]
    assert sorted(uid for some in uids for uid in some) == list(range(1, 31))
    assert [step.covered.lowest_uid for step in steps if step.fetched] == [min(some) for some in uids if some]
    assert all(min(earlier) > max(later) for earlier, later in pairwise(uids) if earlier and later)
