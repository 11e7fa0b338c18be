"""Mails as we write them, and what everybody must read in each: Japanese and not, long and odd, with files, in every manner."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from mailsync.mime.compose import Manner, OutgoingFile, compose_redirect, compose_reply
from store.domain.ids import MessageId
from store.domain.message import Address

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone(timedelta(hours=9)))
SUPPORT = Address("株式会社金物屋 サポート窓口", "support@example.jp")
HANAKO = Address("山田 花子", "hanako@example.com")

PLAIN, FLOWED, HTML = Manner(), Manner(flowed=True), Manner(flowed=True, html=True)
JIS, JIS_FLOWED = Manner(charset="iso-2022-jp"), Manner(charset="iso-2022-jp", flowed=True)

SHORT = "山田様\n\nお世話になっております。\nご注文の件、承知いたしました。\n\n佐藤"
LONG = (
    "このたびはお問い合わせいただき、誠にありがとうございます。ご注文いただきました商品（品番M-20419）につきまして、倉庫に確認しましたところ、"
    "明日の午前中に発送できるとのことでした。"
)
QUOTED = "\n".join(
    (
        LONG,
        "",
        "-- ",
        "株式会社金物屋",
        "https://example.jp/shop?item=1&lang=ja",
        "",
        "2026-11-24 12:00 山田 花子:",
        f"> {LONG}",
        ">> 前のメール",
        ">",
        "> 以上",
    )
)
TEXTS = {
    "short": SHORT,
    "long": LONG * 4,
    "quoted": QUOTED,
    "english": "Dear Ms Yamada,\n\nThank you. " + "We will look into it and write again. " * 9 + "\n\nFrom here on:\n.\n.. two dots\n\nSato",
    "odd": '  indented\n>not a quote\nFrom 東京\n.\n\ttab\n<b>&amp;</b> "x"\n' + "長い" * 300,
    "empty": "",
}
EMOJI = "ありがとうございます😀👨‍👩‍👧‍👦🏳️‍🌈 ①㈱髙橋 𠮷野家 é ü ß Ω עברית العربية"

SUBJECTS = {
    "plain": "Re: Order M-20419",
    "japanese": "Re: ご注文の件について",
    "long": "Re: " + "とても長い件名がどこまでも続きますので、複数行に折り返されなければなりません。" * 5,
    "long-english": "Re: " + "a rather long subject that goes on and on " * 6 + "end",
    "emoji": f"Re: {EMOJI}",
    "odd": 'Re: =?utf-8?B?44GC?= "x" <y@z> \\ ; : (a) ,',
    "one-long-word": "x" * 200,
}
NAMES = {
    "comma": 'Yamada, Hanako "Hana" \\ (x)',
    "long": "株式会社とても長い名前の会社お客様相談室お問い合わせ窓口担当部門第一営業課 山田花子",
    "emoji": "花子😀",
    "latin": "Jürgen Müller-Lüdenscheidt",
    "dots": "Y. H. Yamada",
    "kana": "ヤマダ ハナコ",
}
FILES = (
    OutgoingFile("見積書.pdf", "application/pdf", b"%PDF-1.7\n" + bytes(range(256)) * 20),
    OutgoingFile("とても長い名前の見積書と請求書と納品書と領収書の控え" * 4 + ".xlsx", "application/vnd.ms-excel", b"PK\x03\x04" * 99),
    OutgoingFile('a "b" ;=\\.txt', "text/plain", b"From x\n.\nlast"),
    OutgoingFile("plain.csv", "text/csv", "番号,氏名\r\n1,花子\r\n".encode("cp932")),
    OutgoingFile("😀.png", "image/png", b"\x89PNG"),
    OutgoingFile("mail.eml", "message/rfc822", b"Subject: x\r\n\r\nhi\r\n"),
)


@dataclass(frozen=True)
class Case:
    """One mail, and what is in it."""

    name: str
    raw: bytes
    subject: str
    text: str
    from_: Address = SUPPORT
    to: tuple[Address, ...] = (HANAKO,)
    files: tuple[OutgoingFile, ...] = ()
    manner: Manner = PLAIN
    redirected: bool = field(default=False)

    @property
    def message_id(self) -> str:
        """By which it is found again; without brackets."""
        return f"{self.name}@original.example" if self.redirected else f"{self.name}.mado@example.jp"


def cases() -> Iterator[Case]:
    """All of them."""
    manners = {"plain": PLAIN, "flowed": FLOWED, "html": HTML, "jis": JIS, "jisflowed": JIS_FLOWED}
    for (text, body), (manner, how) in itertools.product(TEXTS.items(), manners.items()):
        yield written(f"{text}-{manner}", body=body, manner=how)
    for (name, subject), how in itertools.product(SUBJECTS.items(), (PLAIN, JIS)):
        if how is PLAIN or name != "emoji":
            yield written(f"subject-{name}-{how.charset}", subject=subject, manner=how)
    for (name, who), how in itertools.product(NAMES.items(), (PLAIN, JIS)):
        if how is PLAIN or name != "emoji":
            named = Address(who, "someone@example.com")
            yield written(f"name-{name}-{how.charset}", from_=Address(who, "support@example.jp"), to=(named, HANAKO, named), manner=how)
    yield written("emoji", body=EMOJI)
    yield written("emoji-html", body=EMOJI + "\n" + LONG, manner=HTML)
    for number, file in enumerate(FILES, 1):
        yield written(f"file-{number}", files=(file,))
        yield written(f"file-{number}-jis", files=(file,), manner=JIS)
    yield written("files-html", body=QUOTED, files=FILES, manner=HTML)
    yield written("files-jis", body=QUOTED, files=FILES, manner=JIS_FLOWED)
    yield written(
        "forward", subject="Fwd: ご注文", body=f"ご参考まで\n\n---------- 転送メッセージ ----------\n差出人: 花子 <a@b>\n\n{LONG}", files=FILES[:2]
    )
    yield written("many", to=tuple(Address(f"お客様{number}", f"kyaku{number}@example.com") for number in range(60)))
    for name, manner in manners.items():
        yield redirected(f"redirect-{name}", manner)


def written(
    name: str,
    *,
    subject: str = "Re: ご注文の件",
    body: str = SHORT,
    from_: Address = SUPPORT,
    to: tuple[Address, ...] = (HANAKO,),
    files: tuple[OutgoingFile, ...] = (),
    manner: Manner = PLAIN,
) -> Case:
    """A mail of ours."""
    raw = compose_reply(
        from_=from_,
        to=to,
        subject=subject,
        body=body,
        message_id=MessageId(f"<{name}.mado@example.jp>"),
        in_reply_to=(MessageId("<1@example.com>"),),
        references=tuple(MessageId(f"<{number}@example.com>") for number in range(40)),
        date=NOON,
        attachments=files,
        manner=manner,
    )
    return Case(name, raw, subject, body, from_, to, files, manner)


def redirected(name: str, manner: Manner) -> Case:
    """A customer's mail passed on as it is."""
    original = compose_reply(
        from_=HANAKO,
        to=(SUPPORT,),
        subject="お問い合わせ",
        body=QUOTED,
        message_id=MessageId(f"<{name}@original.example>"),
        date=NOON,
        attachments=FILES[:1],
        manner=manner,
    )
    raw = compose_redirect(
        original, from_=SUPPORT, to=(Address("総務", "soumu@example.jp"),), message_id=MessageId(f"<{name}.mado@example.jp>"), date=NOON
    )
    assert raw.endswith(original)
    return Case(name, raw, "お問い合わせ", QUOTED, HANAKO, (SUPPORT,), FILES[:1], manner, redirected=True)
