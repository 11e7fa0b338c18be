"""Where a person's text ends and the signature begins: RFC 3676's `-- `, Japanese rules with an address below, phones' footers, disclaimers."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

MOST_LINES = 18
"""Of a signature under a rule or without any mark; one under `-- ` may be longer."""
MOST_MARKED_LINES = 60
LINES_KEPT = 64
"""Of those looked through last: below each of several rules the same lines stand again."""

_DELIMITER = re.compile(r"-- ?\r?")
MOST_GREETED_LINES = 8
SHORTEST_FOOTER = 8
"""Characters that a paragraph has before it is looked through: `listinfo`."""
_SENTENCE_ENDS = ("。", "?", "？", "！", "!", "ます", "です")
_GREETING = re.compile(
    r"(?:(?:kind|best|warm|with (?:kind|best))? ?(?:regards|wishes)|(?:yours )?(?:sincerely|faithfully|truly)|cheers|many thanks"
    r"|thanks(?: and regards)?"
    r"|cordialement|bien à vous|mit freundlichen grüßen|viele grüße|liebe grüße|mfg|saludos|atentamente|cordiali saluti|敬具|以上)[,，。.! ]*",
    re.IGNORECASE,
)
_SHORT_RULE = re.compile(r"[ \t]*[-=_─━]{3,5}[ \t]*")
_SIGNS = re.compile(r"(?:\W|_){6,200}")
_KINDS_OF_SIGNS = 6
_DECORATED = re.compile(r"[ \t\u3000]*[^\w\s]{2,12}[ \u3000]?[^\n]{1,24}?[ \u3000]?[^\w\s]{2,12}[ \t\u3000]*")

_CONTACT = re.compile(
    r"\b(?:tel|fax|phone|mobile|cell|direct|e-?mail|mail|url|web|hp|https?)\b\s?[.:：/]|\b(?:tel|fax|phone|mobile)\b"
    r"|[TＴ][EＥ][LＬ]|[FＦ][AＡ][XＸ]|電話|携帯|直通|内線|〒|住所|所在地|ファックス|ＦＡＸ|メール\s?[:：]"
    r"|https?://|www\.|(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.]+|\+?\d{2,4}[-(. ]\d{2,4}[-). ]\d{3,4}"
    r"|[都道府県].{1,12}[市区町村]|(?<!\d)\d+ .{3,40}(?:street|st\.|road|rd\.|avenue|ave\.|strasse|straße)\b",
    re.IGNORECASE,
)
_COMPANY = re.compile(
    r"株式会社|有限会社|合同会社|\(株\)|（株）|㈱|㈲|財団法人|社団法人|学校法人|大学|営業部|総務部"
    r"|[^\s]{1,12}(?:部|課|支店|事業部|センター)(?:[\s\u3000]|$)"
    r"|\b(?:Ltd|Inc|Corp|GmbH|LLC|Co\.|S\.A\.|K\.K\.)(?:\b|$)",
    re.IGNORECASE,
)
_DEVICE = (
    r"(?:iphone|ipad|ipod|android|xperia|galaxy|samsung|pixel|aquos|arrows|huawei|oppo|xiaomi|nokia|blackberry|outlook|gmail|yahoo!?|windows"
    r"|proton ?mail|spark|thunderbird|line ?works|mail app|mobile|phone|docomo|au|softbank"
    r"|ドコモ|ソフトバンク|スマートフォン|スマホ|携帯(?:電話)?|ケータイ|らくらくホン|メールアプリ|タブレット)"
)
_PHONE_FOOTERS = re.compile(
    rf"(?:sent (?:from|via|with|using) .{{0,24}}\b{_DEVICE}.{{0,40}}|sent from my .{{2,30}}|sent from mail\b.{{0,30}}"
    r"|get outlook for \w+.{0,30}"
    rf"|.{{0,20}}{_DEVICE}.{{0,20}}(?:から|より|で)送信(?:されました|しました|しています|しております)?。?"
    r"|(?:outlook for (?:ios|android|mac)|(?:ios|android|mac) ?版 outlook) ?を入手.{0,40}"
    r"|(?:von meinem|gesendet mit|gesendet von|envoyé de(?:puis)?|enviado desde|enviado do|inviato da|sendt fra|skickat från|verzonden vanaf) .{2,50}"
    r"|发自我的.{2,30}|發自我的.{2,30}|從我的 ?.{2,20} ?傳送|나의 .{2,20}에서 보냄|отправлено (?:с|из) .{2,40}|wysłane z .{2,40}"
    r"|virus-free\..{0,60})",
    re.IGNORECASE,
)
_LISTED_LINK = re.compile(r"\[1\] \S")
_LINKS = re.compile(r"\[\d+\]|<https?://\S*>|https?://\S*")
_LIST_FOOTER = re.compile(
    r"(?<!_)_{10,}+.{0,400}mailing list|listinfo|to unsubscribe from this (?:group|list)|you received this message because"
    r"|このメールは\s?google グループ"
    r"|(?:配信停止|配信解除|登録解除|unsubscribe|メーリングリスト|mailing list).{0,200}(?:https?://|\[\d{1,3}\]|mailto:)",
    re.IGNORECASE,
)
_LEGAL = (
    "confidential", "intended recipient", "intended solely", "privileged", "unauthorized", "unauthorised", "disclosure", "in error", "disclaimer",
    "legally", "機密", "誤って", "誤送信", "破棄", "第三者", "開示", "名宛人", "削除して", "秘密情報", "意図しない", "お心当たり",
    "vertraulich", "irrtümlich", "confidentiel", "destinataire",
)  # fmt: skip
_LEGAL_BEGINS = re.compile(
    r"[\s*＊※【\[_-]{0,6}(?:(?:this|the|any)\b|confidential|disclaimer|important|notice|本(?:電子)?メール|この(?:電子)?メール|当メール|本通信"
    r"|本メッセージ|機密|diese|ce message)",
    re.IGNORECASE,
)


def signature_lines(lines: Sequence[str], *, first: bool) -> set[int]:
    """The numbers of the lines that are signature, among lines that are somebody's own. `first`: they begin the mail."""
    at = _delimiter(lines)
    if at is None:
        at = _ruled(lines, first=first)
    found: set[int] = set() if at is None else set(range(at, _closed(lines, at)))
    found |= _footers(lines)
    found |= _disclaimers(lines, first=first)
    if at is None:
        found |= _contacts(lines, min(found, default=len(lines)), first=first)
        found |= _below_greeting(lines, first=first)
    return _with_blanks(lines, found)


def _delimiter(lines: Sequence[str]) -> int | None:
    for at in range(len(lines) - 1, max(-1, len(lines) - MOST_MARKED_LINES), -1):
        if _DELIMITER.fullmatch(lines[at]) and (lines[at].rstrip("\r") == "-- " or len(lines) - at <= MOST_LINES):
            return at
    return None


def _is_rule(line: str) -> bool:
    """Six signs of a kind or a pattern of them: `━━━━━━`, `*-*-*-*`, `☆━━━━☆`, `_______`."""
    signs = line[:204].strip(" \t\r\u3000")
    return _SIGNS.fullmatch(signs) is not None and len(set(signs) - {" ", "\u3000"}) <= _KINDS_OF_SIGNS


def _is_sentence(line: str) -> bool:
    """Whether a line ends like one; `Acme Ltd.` does not."""
    line = line.rstrip()
    return line.endswith(_SENTENCE_ENDS) or (line.endswith(".") and line.count(" ") >= 4)


@lru_cache(LINES_KEPT)
def _reaches(line: str) -> bool:
    """Whether a line says how to reach somebody."""
    return _CONTACT.search(line[:200]) is not None


@lru_cache(LINES_KEPT)
def _is_of_company(line: str) -> bool:
    """Whether a line names a company or a part of one."""
    return _COMPANY.search(line[:200]) is not None


def _ruled(lines: Sequence[str], *, first: bool) -> int | None:
    """A rule near the end below which somebody's address stands."""
    end = _last(lines)
    for at in range(max(0, end - MOST_LINES), end):
        decorated = len(lines[at]) < 80 and at + 1 < end and _DECORATED.fullmatch(lines[at]) is not None
        if not (_is_rule(lines[at]) or _SHORT_RULE.fullmatch(lines[at][:20]) or decorated):
            continue
        if first and not any(line.strip() for line in lines[:at]):
            continue
        below = lines[at + 1 : end]
        if _says_who(below):
            return at
    return None


def _says_who(lines: Sequence[str]) -> bool:
    """Whether these lines are a person's card and no text: a way to reach them, and short lines."""
    filled = [line for line in lines if line.strip() and not _is_rule(line)]
    if not filled:
        return False
    contacts = sum(_reaches(line) for line in filled)
    companies = sum(_is_of_company(line) for line in filled)
    prose = sum(line.rstrip().endswith(("。", "ます", "。」", "です")) or len(line) > 90 for line in filled)
    listed = bool(_LIST_FOOTER.search(" ".join(filled)[:2_000]))
    return (contacts + companies > 0 and prose * 3 <= len(filled) + 2) or listed


def _closed(lines: Sequence[str], start: int) -> int:
    """Where a signature ends: with its region, or at a second rule like the first below which text goes on."""
    end = _last(lines)
    if _DELIMITER.fullmatch(lines[start]):
        return end
    for at in range(start + 1, end):
        if _is_rule(lines[at]) and lines[at].strip()[:1] == lines[start].strip()[:1] and _says_who(lines[start + 1 : at]):
            below = [line for line in lines[at + 1 : end] if line.strip()]
            if below and not _says_who(below) and not all(_PHONE_FOOTERS.fullmatch(line.strip()[:200]) for line in below):
                return at + 1
    return end


def _footers(lines: Sequence[str]) -> set[int]:
    """What phones and mail apps write below every mail."""
    return {
        at
        for at in range(max(0, len(lines) - 40), len(lines))
        if 4 < len(lines[at]) < 160 and _PHONE_FOOTERS.fullmatch(_LINKS.sub("", lines[at]).strip(" \t\r*_-[]()（）\u3000"))
    }


def _disclaimers(lines: Sequence[str], *, first: bool) -> set[int]:
    """Legal paragraphs and a list's footer below a text."""
    found: set[int] = set()
    begin, last = _first(lines), _last(lines)
    for start, end in _paragraphs(lines):
        if first and start == begin:
            continue
        text = " ".join(lines[start:end])[:4_000].lower()
        if len(text) < SHORTEST_FOOTER:
            continue
        legal = sum(word in text for word in _LEGAL)
        footer = end - start <= 12 and end >= last - 12 and _LIST_FOOTER.search(text) is not None
        begins = _LEGAL_BEGINS.match(text) is not None
        if legal >= 5 or (begins and legal >= 3) or (begins and legal >= 2 and end >= last - 14) or footer:
            found.update(range(start, end))
    return found


def _contacts(lines: Sequence[str], end: int, *, first: bool) -> set[int]:
    """The last paragraph before `end`, when it is a person's card without any mark."""
    begin = _first(lines)
    paragraphs = [span for span in _paragraphs(lines[:end]) if not (first and span[0] == begin)]
    if not paragraphs:
        return set()
    start, stop = paragraphs[-1]
    card = lines[start:stop]
    if _LISTED_LINK.match(card[0]):
        return set()  # the list of a page's links
    if not 2 <= len(card) <= 12 or any(len(line) > 60 or _is_sentence(line) for line in card):
        return set()
    contacts = sum(_reaches(line) for line in card)
    companies = sum(_is_of_company(line) for line in card)
    named = len(card) <= 6 and not any((":" in line or "：" in line) and not _reaches(line) for line in card) and not _reaches(card[0])
    if (contacts >= 2 and contacts + companies >= 3) or (named and contacts and companies):
        return set(range(start, stop))
    return set()


def _below_greeting(lines: Sequence[str], *, first: bool) -> set[int]:
    """The name, and what else is short, below `Best regards` and its kin at the end."""
    end = _last(lines)
    for at in range(max(1 if first else 0, end - MOST_GREETED_LINES - 1), end - 1):
        if len(lines[at]) <= 60 and _GREETING.fullmatch(lines[at].strip()):
            below = [line for line in lines[at + 1 : end] if line.strip()]
            if all(len(line) <= 60 and not _is_sentence(line) for line in below):
                return {number for number in range(at + 1, end) if lines[number].strip()}
    return set()


def _paragraphs(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The spans of lines between blank ones."""
    start: int | None = None
    for at, line in enumerate(lines):
        if line.strip():
            start = at if start is None else start
        elif start is not None:
            yield start, at
            start = None
    if start is not None:
        yield start, len(lines)


def _first(lines: Sequence[str]) -> int:
    return next((at for at, line in enumerate(lines) if line.strip()), 0)


def _last(lines: Sequence[str]) -> int:
    """Behind the last line that says anything."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    return end


def _with_blanks(lines: Sequence[str], found: set[int]) -> set[int]:
    """Blank lines between two lines of a signature are part of it."""
    filled = sorted(found)
    for before, after in pairwise(filled):
        if not any(line.strip() for line in lines[before + 1 : after]):
            found.update(range(before + 1, after))
    return found
