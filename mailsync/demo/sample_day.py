"""One working day's mail at support@ of an invented hardware shop, and the days before: about 150 mails, the same for the same seed."""

import hashlib
import random
import struct
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from mailsync.demo.letters import Letter
from mailsync.demo.stories import SHOP_EN, SHOP_JA, SUPPORT, Story, Turn
from mailsync.demo.stories_en import NEWS, STORIES_EN
from mailsync.demo.stories_ja import STORIES_JA
from mailsync.demo.stories_ja_answered import ANSWERED_JA
from mailsync.demo.stories_short import FAMILY, GIVEN, GOODS, QUESTIONS, THANKS, answered
from mailsync.mime.compose import OutgoingFile

JAPAN = timezone(timedelta(hours=9))
ORDERS = 34
"""Order forms of the web shop in the days shown."""
SHORT_QUESTIONS = 18


@dataclass(frozen=True)
class Delivered:
    """A mail as it lies in a mailbox. `at` is aware, in UTC or any zone."""

    raw: bytes
    at: datetime


@dataclass(frozen=True)
class SampleDay:
    """What lies in INBOX and in Sent when the desk opens, each oldest first."""

    inbox: tuple[Delivered, ...]
    sent: tuple[Delivered, ...]


def sample_day(now: datetime, seed: int = 1) -> SampleDay:
    """The mailboxes as of `now` (aware); nothing in them is younger."""
    maker = _Maker(now.astimezone(JAPAN), random.Random(seed))
    for story in (*STORIES_JA, *ANSWERED_JA, *STORIES_EN, *NEWS):
        maker.tell(story)
    for number in range(ORDERS):
        maker.tell(maker.order(number))
    for _ in range(SHORT_QUESTIONS):
        maker.tell(maker.short_question())
    maker.bounce()
    return SampleDay(_by_time(maker.inbox), _by_time(maker.sent))


def _by_time(mails: list[Delivered]) -> tuple[Delivered, ...]:
    return tuple(sorted(mails, key=lambda mail: mail.at))


class _Maker:
    """Turns stories into mails."""

    def __init__(self, now: datetime, chance: random.Random) -> None:
        self._now = now
        self._chance = chance
        self.inbox: list[Delivered] = []
        self.sent: list[Delivered] = []

    def tell(self, story: Story) -> None:
        """Put a story's mails where they belong."""
        ours = SHOP_JA if not story.subject.isascii() or not story.text.isascii() else SHOP_EN
        domain = story.who.rpartition("@")[2].rstrip(">")
        chain: list[str] = []
        turns = (Turn(story.hours_ago, story.text), *story.later)
        for step, turn in enumerate(turns):
            hours_ago, text, by = turn.hours_ago, turn.text, turn.by
            at = self._now - timedelta(hours=hours_ago)
            digest = hashlib.sha256(f"{story.who}{story.subject}{step}{at:%Y%m%d%H%M}".encode()).hexdigest()[:20]
            letter = Letter(
                from_=ours if by else story.who,
                to=story.who if by else SUPPORT,
                subject=story.subject if not step or story.subject.startswith("Re: ") else f"Re: {story.subject}",
                text=text,
                date=at,
                message_id=f"<{digest}@{'example.jp' if by else domain}>",
                form="utf-8" if by or (story.form == "html" and step) else story.form,
                references=tuple(chain),
                extra=story.extra,
                files=tuple(file(name) for name in story.files) if not step else (),
            )
            chain.append(letter.message_id)
            (self.sent if by else self.inbox).append(Delivered(letter.raw(), at))

    def order(self, number: int) -> Story:
        """What the web shop's order form sends."""
        name, address = self.person()
        lines = [f"{goods}  × {self._chance.randint(1, 12)}" for goods in self._chance.sample(GOODS, self._chance.randint(1, 4))]
        text = (
            f"オンラインショップより注文がありました。\n\n注文番号:M-{20_430 + number}\nお名前:{name} 様\n\n" + "\n".join(lines) + "\n\n"
            f"お支払い:{self._chance.choice(('クレジットカード', '代金引換', '銀行振込'))}\n"
            f"備考:{self._chance.choice(('なし', 'なし', '置き配希望', '午前中着を希望', '領収書をお願いします', '不在時は宅配ボックスへ'))}"
        )
        form = self._chance.choice(("utf-8", "iso-2022-jp"))
        return Story(f"{name} <{address}>", f"【ご注文】M-{20_430 + number} {name} 様", self._chance.uniform(0.2, 70), text, form)

    def short_question(self) -> Story:
        """A question with the answer it got, and sometimes thanks."""
        name, address = self.person()
        subject, text, answer = self._chance.choice(QUESTIONS)
        goods = self._chance.choice(GOODS)
        hours_ago = self._chance.uniform(20, 100)
        form = self._chance.choice(("utf-8", "iso-2022-jp", "shift_jis"))
        story = Story(f"{name} <{address}>", subject.format(goods=goods), hours_ago, text.format(goods=goods, name=name), form)
        if self._chance.random() < 0.35:
            return story
        family = name.split(" ")[0]
        return answered(story, family, answer.format(goods=goods), self._chance.choice(THANKS) if self._chance.random() < 0.25 else "")

    def person(self) -> tuple[str, str]:
        """A name and an address nobody has."""
        name = f"{self._chance.choice(FAMILY)} {self._chance.choice(GIVEN)}"
        return name, f"customer{self._chance.randrange(1_000, 10_000)}@{self._chance.choice(('example.com', 'example.net', 'example.org'))}"

    def bounce(self) -> None:
        """A reply of ours that could not be delivered."""
        at = self._now - timedelta(hours=25.7)
        lost = "chihiro@example.org"
        text = (
            f"This is the mail system at mx.example.jp.\n\nYour message could not be delivered to <{lost}>:\n"
            "552 5.2.2 mailbox is full (in reply to RCPT TO command)\n\nThe first lines of your message follow below.\n"
        )
        extra = ("Return-Path: <>", "Auto-Submitted: auto-replied", f"X-Failed-Recipients: {lost}")
        letter = Letter(
            from_="Mail Delivery System <MAILER-DAEMON@mx.example.jp>",
            to=SUPPORT,
            subject="Undelivered Mail Returned to Sender",
            text=text,
            date=at,
            message_id="<bounce-1@mx.example.jp>",
            extra=extra,
        )
        self.inbox.append(Delivered(letter.raw(), at))


def file(name: str) -> OutgoingFile:
    """An attachment of that name with something in it that opens."""
    if name.endswith(".png"):
        return OutgoingFile(name, "image/png", _png(int(hashlib.sha256(name.encode()).hexdigest()[:2], 16)))
    if name.endswith(".csv"):
        return OutgoingFile(name, "text/csv", "品名,数量\r\nスチール工具箱 大,30\r\nスチール工具箱 小,50\r\n六角レンチセット,80\r\n".encode("cp932"))
    return OutgoingFile(name, "application/pdf", _pdf(name))


def _png(tint: int) -> bytes:
    """A small picture: a slope of colour."""
    width = height = 64
    rows = b"".join(b"\x00" + bytes(value for x in range(width) for value in (tint, x * 4 % 256, y * 4 % 256)) for y in range(height))

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def _pdf(title: str) -> bytes:
    """One page with a line on it."""
    stream = f"BT /F1 18 Tf 72 720 Td ({title.encode('ascii', 'replace').decode('ascii')}) Tj ET".encode("ascii")
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 6\n0000000000 65535 f \n" + table + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(out)
