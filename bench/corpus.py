"""A corpus of mail to a support address, the same for the same seed: what the benchmarks and big tests read.

Japanese in five charsets, threads with holes, HTML, attachments of log-normal size, bounces, auto-replies; median about 8 kB, mean about 28 kB.
"""

import argparse
import base64
import quopri
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

START = datetime(2024, 1, 1, tzinfo=UTC)
OURS = "support@example.jp"
CHARSETS = ("iso-2022-jp", "utf-8", "shift_jis", "euc-jp", "utf-8-qp")
FAMILY = (
    "佐藤", "鈴木", "高橋", "田中", "渡辺", "伊藤", "山本", "中村", "小林", "加藤", "吉田", "山田", "佐々木",
    "山口", "松本", "井上", "木村", "林", "斎藤", "清水",
)  # fmt: skip
GIVEN = (
    "翔太", "美咲", "健一", "由美", "大輔", "直樹", "恵子", "さくら", "拓也", "陽子", "誠", "彩", "和也",
    "真由美", "隆", "千尋",
)  # fmt: skip
FIRST = (
    "Alice", "Ben", "Clara", "David", "Emma", "Frank", "Grace", "Henry", "Irene", "Jack", "Karen", "Liam", "Mona", "Noah", "Olivia",
    "Peter",
)  # fmt: skip
LAST = (
    "Smith", "Jones", "Brown", "Taylor", "Wilson", "Davies", "Evans", "Thomas", "Johnson", "Roberts", "Walker", "Wright",
)  # fmt: skip
GOODS = (
    "ドリル", "電動のこぎり", "六角レンチ", "作業手袋", "脚立", "ペンキ", "木ねじ", "丁番",
    "引き戸用レール", "延長コード", "工具箱", "水準器",
)  # fmt: skip
GOODS_EN = (
    "drill", "circular saw", "hex key set", "work gloves", "step ladder", "paint", "wood screws", "hinges", "rail", "extension cord",
    "tool box", "spirit level",
)  # fmt: skip
JAPANESE = (
    "お世話になっております。先日注文した{goods}の件でご連絡いたしました。",
    "まだ商品が届いておりません。配送状況を教えていただけますでしょうか。",
    "届いた{goods}に傷がありました。交換をお願いできますか。",
    "領収書の宛名を変更したいのですが、どのようにすればよいでしょうか。",
    "見積書を至急お送りください。数量は{count}個でお願いいたします。",
    "返品の手続きについて教えてください。注文番号は{order}です。",
    "ご返信ありがとうございました。大変助かりました。",
    "請求書の金額が①の見積もりと異なっているようです。ご確認ください。",
    "在庫はいつ頃入荷する予定でしょうか。{count}個必要です。",
    "担当の髙橋様によろしくお伝えください。",
)
ENGLISH = (
    "I ordered a {goods} last week and it has not arrived yet.",
    "Could you tell me the status of order {order}?",
    "The {goods} arrived damaged. I would like a replacement, please.",
    "Please send us a quotation for {count} pieces.",
    "Thank you for your quick answer, that solved it.",
    "When will the {goods} be back in stock?",
    "The invoice seems to be wrong: we ordered {count}, not more.",
)


def corpus(count: int, seed: int = 1) -> Iterator[bytes]:
    """Yield `count` raw messages with CRLF line ends, oldest first."""
    maker = _Maker(random.Random(seed))
    for number in range(count):
        yield maker.message(number)


class _Maker:
    """Makes one message after the other, each perhaps an answer to an earlier one."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._threads: list[tuple[str, list[str], str, str, bool]] = []  # subject, ids, name, address, japanese

    def message(self, number: int) -> bytes:
        """The message of that number; numbers must come in order."""
        roll = self._chance.random()
        date = START + timedelta(minutes=11 * number, seconds=self._chance.randrange(600))
        message_id = f"<{number:06d}.{self._chance.getrandbits(48):012x}@mail.example.com>"
        if roll < 0.02:
            return self._bounce(message_id, date)
        if roll < 0.45 and self._threads:
            thread = self._threads[-min(len(self._threads), 1 + int(self._chance.expovariate(1 / 40)))]
            references = list(thread[1])
            subject = f"Re: {thread[0]}"
        else:
            thread = self._new_thread()
            self._threads.append(thread)
            references, subject = [], thread[0]
        extra = self._thread_fields(references)
        if 0.45 <= roll < 0.48:
            extra += "Auto-Submitted: auto-replied\r\nX-Auto-Response-Suppress: All\r\n"
        elif 0.48 <= roll < 0.52:
            extra += "List-Id: <news.example.org>\r\nPrecedence: bulk\r\n"
        if self._chance.random() > 0.1:
            thread[1].append(message_id)  # else a hole: nobody will ever see this id referred to
        _, _, name, address, japanese = thread
        ours = bool(references) and self._chance.random() < 0.3
        sender, receiver = ((("サポート窓口" if japanese else "Support"), OURS), (name, address)) if ours else ((name, address), ("", OURS))
        charset = self._chance.choice(CHARSETS) if japanese else "utf-8-qp"
        head = (
            f"Return-Path: <{sender[1]}>\r\nReceived: from mail.example.com (mail.example.com [192.0.2.1])\r\n\tby mx.example.jp with ESMTPS id "
            f"{self._chance.getrandbits(40):x};\r\n\t{format_datetime(date)}\r\n"
            f"From: {_named(*sender, charset)}\r\nTo: {_named(*receiver, charset)}\r\n"
            f"Subject: {_word(subject, charset)}\r\nDate: {format_datetime(date)}\r\nMessage-ID: {message_id}\r\n{extra}MIME-Version: 1.0\r\n"
        )
        return head.encode("ascii") + self._content(self._text(japanese=japanese, quoted=bool(references)), charset, number)

    def _new_thread(self) -> tuple[str, list[str], str, str, bool]:
        japanese = self._chance.random() < 0.75
        goods = self._chance.choice(GOODS if japanese else GOODS_EN)
        if japanese:
            subject = self._chance.choice(("{g}の在庫について", "【至急】{g}の返品", "注文した{g}が届きません", "{g}の見積もり依頼", "お礼")).format(
                g=goods
            )
            name = f"{self._chance.choice(FAMILY)} {self._chance.choice(GIVEN)}"
        else:
            subject = self._chance.choice(("Question about the {g}", "{g} damaged", "Where is my {g}?", "Quotation for {g}", "Thanks")).format(
                g=goods
            )
            name = f"{self._chance.choice(FIRST)} {self._chance.choice(LAST)}"
        return (
            subject,
            [],
            name,
            f"c{self._chance.randrange(20_000):05d}@{self._chance.choice(('example.com', 'example.net', 'mail.example.org'))}",
            japanese,
        )

    @staticmethod
    def _thread_fields(references: list[str]) -> str:
        if not references:
            return ""
        kept = [references[0], *references[1:][-8:]]
        return f"In-Reply-To: {references[-1]}\r\nReferences: " + "\r\n ".join(kept) + "\r\n"

    def _text(self, *, japanese: bool, quoted: bool) -> str:
        sentences = JAPANESE if japanese else ENGLISH
        goods = GOODS if japanese else GOODS_EN

        def sentence() -> str:
            words = {"goods": self._chance.choice(goods), "count": self._chance.randrange(1, 500), "order": f"A{self._chance.randrange(10**6):06d}"}
            return self._chance.choice(sentences).format(**words)

        lines = []
        for _ in range(1 + int(self._chance.lognormvariate(3.25, 0.8))):
            lines += [sentence(), ""] if self._chance.random() < 0.3 else [sentence()]
        if quoted:
            lines += ["", *(f"> {sentence()}" for _ in range(self._chance.randrange(5, 60)))]
        return "\r\n".join(lines) + "\r\n"

    def _content(self, text: str, charset: str, number: int) -> bytes:
        plain = _text_part(text, "plain", charset)
        roll = self._chance.random()
        if roll < 0.35:
            rows = "".join(f"<tr><td>{line}</td><td>{self._chance.randrange(9999)}</td></tr>" for line in text.split("\r\n"))
            page = f'<html><body style="font-family:sans-serif"><p>{text}</p><table>{rows}</table><a href="https://shop.example.com/{number}">here</a></body></html>'
            if roll < 0.05:
                return _text_part(page, "html", charset)
            plain = _multipart("alternative", number, [plain, _text_part(page, "html", charset)])
        if self._chance.random() < 0.22:
            size = min(int(self._chance.lognormvariate(10.15, 1.4)), 4_000_000)
            name, kind = self._chance.choice(
                (("見積書.pdf", "application/pdf"), ("photo.jpg", "image/jpeg"), ("注文一覧.xlsx", "application/vnd.ms-excel"))
            )
            head = (
                f'Content-Type: {kind}; name="{_word(name, "utf-8")}"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment\r\n\r\n'
            )
            return _multipart("mixed", number + 1, [plain, head.encode() + _base64(self._chance.randbytes(size))])
        return plain

    def _bounce(self, message_id: str, date: datetime) -> bytes:
        lost = f"c{self._chance.randrange(20_000):05d}@example.net"
        head = (
            f"Return-Path: <>\r\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example.jp>\r\nTo: {OURS}\r\n"
            "Subject: Undelivered Mail Returned to Sender\r\n"
            f"Date: {format_datetime(date)}\r\nMessage-ID: {message_id}\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        )
        report = (
            "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.jp\r\n\r\n"
            f"Final-Recipient: rfc822; {lost}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        )
        parts = [_text_part(f"Your message to <{lost}> could not be delivered.\r\n", "plain", "utf-8-qp"), report.encode()]
        return head.encode() + _multipart("report; report-type=delivery-status", 7, parts)


def _codec(charset: str) -> str:
    return {"iso-2022-jp": "iso2022_jp", "shift_jis": "cp932", "euc-jp": "euc_jp"}.get(charset, "utf-8")


def _encoded(text: str, charset: str) -> bytes:
    if charset in ("iso-2022-jp", "euc-jp"):  # Python's codecs have no ① and 髙
        text = text.replace("①", "(1)").replace("髙", "高")
    return text.encode(_codec(charset), "replace")


def _word(text: str, charset: str) -> str:
    if text.isascii():
        return text
    label = charset.removesuffix("-qp")
    return f"=?{label}?B?{base64.b64encode(_encoded(text, label)).decode()}?="


def _named(name: str, address: str, charset: str) -> str:
    return f"{_word(name, charset)} <{address}>" if name else address


def _base64(raw: bytes) -> bytes:
    return base64.encodebytes(raw).replace(b"\n", b"\r\n")


def _text_part(text: str, subtype: str, charset: str) -> bytes:
    raw = _encoded(text, charset)
    label = charset.removesuffix("-qp")
    if charset == "utf-8-qp":
        encoding, raw = "quoted-printable", quopri.encodestring(raw.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    elif charset == "iso-2022-jp":
        encoding = "7bit"
    else:
        encoding, raw = "base64", _base64(raw)
    return f"Content-Type: text/{subtype}; charset={label}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode() + raw


def _multipart(subtype: str, number: int, parts: list[bytes]) -> bytes:
    mark = f"=_part_{number:08x}_{len(parts)}{subtype[:3]}"
    body = b"".join(f"--{mark}\r\n".encode() + part + b"\r\n" for part in parts)
    return f'Content-Type: multipart/{subtype}; boundary="{mark}"\r\n\r\n'.encode() + body + f"--{mark}--\r\n".encode()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description="Write a corpus as files, one a message.")
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--count", type=int, default=1_000)
    arguments.add_argument("--seed", type=int, default=1)
    asked = arguments.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    for index, raw_message in enumerate(corpus(asked.count, asked.seed)):
        (asked.folder / f"{index:06d}.eml").write_bytes(raw_message)
