"""The lines by which a quotation is known: its prefix, who is said to have written it, the headers that stand above it. Pure."""

import re
from collections.abc import Sequence
from functools import lru_cache

ATTRIBUTION_LINES = 3
"""A long attribution is wrapped over so many lines at most."""

QUOTED = re.compile(r"[ \t\u3000]{0,3}(?:[>＞](?!-{2,})[ \u3000]?)+")
"""The prefix of a quoted line; `＞` is what Japanese hands type. An arrow `-->` is none."""

_DAY = (
    r"(?:\d{4}\s?[年/.\-년]\s?\d{1,2}\s?[月/.\-월]\s?\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}"
    r"|\d{1,2}\.? (?:\w{3,9}\.?|de \w{3,10} de),? \d{4}|\w{3,9}\.? \d{1,2},? \d{4})"
)
_SAID = (
    r"(?:wrote|writes|schrieb|schreef|a écrit|escribió|escreveu|ha scritto|skrev|napisał\(?a?\)?|написал\(?а?\)?|写道|寫道|님이 작성"
    r"|(?:さん|様|氏|)?(?:が|は)?書きました|のメール|さんのメッセージ|さんからのメッセージ|さんの発言|の発言)"
)
_ATTRIBUTIONS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf".{{0,400}}{_SAID}\s?[:：。]?\s*",
        rf"(?:Am|Op|Le|El|Il|Den|Em)\b.{{0,200}}{_DAY}.{{0,300}}[:：]\s*",
        rf"[(<「\[-]{{0,5}}\s?(?:On |At |Date: )?.{{0,40}}{_DAY}.{{0,300}}[:：]\s*",
        r".{0,200}(?:さん|様|氏)(?:から|より|の).{0,200}(?:メール|メッセージ)\s?[:：]\s*",
        r".{0,40}<[^<>@\s]{1,200}@[^<>\s]{1,200}>\s?(?:さん|様|氏)?\s?[:：]\s*",
        r"(?:In message |In article )?<[^<>\s]{1,200}>.{0,40}の(?:記事|メール)(?:で|において).{0,100}",
        r"[\"「].{1,200}[\"」]の中で[、,].{0,200}",
    )
)
_SURE = re.compile(rf"(?=.{{0,300}}{_DAY})(?=.{{0,400}}(?:@|\d\d?[:時]\d\d)).{{0,400}}{_SAID}\s?[:：]\s*", re.IGNORECASE)
"""An attribution that is believed although no prefixed line follows: it names a day and an address or a time."""
_CONTINUED = re.compile(r"(?:On|At|Am|Le|El|Il|In (?:article|message))\b|[(<「\"]|.{0,40}\d{4}", re.IGNORECASE)
_NAMES_A_DAY = re.compile(_DAY)
_SENTENCE_ENDS = ("。", ".", "!", "?", "！", "？")
_ENDS_LIKE_ONE = re.compile(r"(?:[:：。、,]|wrote|writes)\s*$", re.IGNORECASE)

_ORIGINAL = re.compile(
    r"[ \t>]*[-－─━=＝_*]{2,}\s*(?:original (?:message|mail|appointment)|元のメッセージ|元のメール|元メール|オリジナル ?メッセージ|返信元メッセージ"
    r"|引用元|ursprüngliche nachricht|message d'origine|mensaje original|原始邮件|原始郵件|원본 ?메시지|original[- ]nachricht)\s*[-－─━=＝_*]{2,}\s*",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"[ \t]*[-－─━=＝_*]{2,}\s*(?:forwarded (?:message|mail|by .{1,120})|転送(?:(?:された|元の?)?(?:メッセージ|メール)|者.{1,120})"
    r"|weitergeleitete nachricht|message transféré|mensaje reenviado|mensagem encaminhada|messaggio inoltrato|пересылаемое сообщение"
    r"|转发(?:的)?邮件|轉寄的?郵件|전달된 ?메시지)\s*[-－─━=＝_*]{2,}\s*",
    re.IGNORECASE,
)
_FORWARDED_BELOW = re.compile(
    r"[ \t]*(?:begin forwarded message|転送された(?:メッセージ|メール)|anfang der weitergeleiteten nachricht|début du message (?:transféré|réexpédié)"
    r"|inicio del mensaje reenviado|inizio messaggio inoltrato|开始转发的邮件|forwarded by .{1,120})\s?[:：]?\s*",
    re.IGNORECASE,
)
"""Words that a person may write, too: believed when a header follows."""
_BAR = re.compile(r"[ \t]*(?:_{10,}|[─━-]{10,})[ \t]*")
_FROM = "from|差出人|送信者|送信元|von|de|発信者|发件人|寄件者|보낸 ?사람|from\\(差出人\\)"
_WHEN = "sent|date|送信日時|送信日|日時|日付|受信日時|送信時刻|gesendet|datum|envoyé|fecha|enviado|发送时间|日期|寄件日期|보낸 ?날짜"
_TO = "to|宛先|宛て先|an|à|para|收件人|收件者|받는 ?사람"
_SUBJECT = "subject|件名|題名|betreff|objet|asunto|assunto|主题|主旨|제목"
_OTHER = "cc|bcc|reply-to|importance|attachments|重要度|添付ファイル|返信先|抄送|副本|참조|priority"
_NAMED = ("by", "when", "to", "subject")
_HEADER = re.compile(
    rf"[ \t>]*[*_]{{0,2}}(?:(?P<by>{_FROM})|(?P<when>{_WHEN})|(?P<to>{_TO})|(?P<subject>{_SUBJECT})|(?:{_OTHER}))"
    r"\s?[*_]{0,2}\s?[:：][*_]{0,2}(?:\s.*|\S.*|)",
    re.IGNORECASE,
)
_HEADER_LINES = 14
_CLOCK = re.compile(r"\d\s?[:：時时시h]\s?\d\d")
_OF_AN_ATTACHED_MAIL = re.compile(r"Date: \d{4}-\d\d-\d\d \d\d:\d\d [+-]\d{4}")
"""As `mailsync.mime.carried.attached` writes it above an attached mail, which is new to whoever reads it."""
_INTRODUCES = re.compile(
    r"(?:ありました|届きました|受け付けました|受付けました|受信しました|送信されました)[。.：:]?\s*$|\b(?:following|as follows)\b", re.IGNORECASE
)
"""What a form that was filled in says above its fields, which are new to whoever reads them."""
_MAY_BEGIN = re.compile(r"[ \t>]*[-－─━=＝_*]{2}|[Ff]orwarded by |[^:：]*[:：]")


def is_attribution(lines: Sequence[str]) -> bool:
    """Whether these lines, together, say who wrote what is quoted below them."""
    if not _ENDS_LIKE_ONE.search(lines[-1]):
        return False
    text = " ".join(line.strip() for line in lines)
    return len(text) <= 500 and any(pattern.fullmatch(text) for pattern in _ATTRIBUTIONS)


def is_sure_attribution(line: str) -> bool:
    """Whether the line alone proves that what follows is somebody else's."""
    return bool(_ENDS_LIKE_ONE.search(line)) and len(line) <= 500 and _SURE.fullmatch(line.strip()) is not None


def may_begin_attribution(line: str) -> bool:
    """Whether a wrapped attribution may begin here: it looks like one and no sentence ends in it."""
    return _CONTINUED.match(line.strip()) is not None and not line.rstrip().endswith(_SENTENCE_ENDS)


def names_a_day(line: str) -> bool:
    """Whether a line says when; an attribution that does is whole."""
    return _NAMES_A_DAY.search(line[:400]) is not None


def may_begin_old_mail(line: str) -> bool:
    """A cheap look, before `original_message` and `is_sure_attribution`, which no other line passes: it names something or begins with a rule."""
    return _MAY_BEGIN.match(line) is not None


def original_message(lines: Sequence[str], at: int) -> int | None:
    """Where the old mail's text begins when `lines[at]` begins its header as Outlook and its kin write it; None when it does not."""
    first = lines[at]
    marked = _ORIGINAL.fullmatch(first) is not None
    barred = not marked and len(first) < 200 and _BAR.fullmatch(first) is not None
    start = at
    if marked or barred:
        start = at + 1
        # Below a bar of another kind the header must follow at once: the bar may be the end of a signature.
        blanks = 2 if marked or "_" in first else 0
        while start < len(lines) and start <= at + blanks and not lines[start].strip():
            start += 1
    end, named = _header_block(lines, start)
    if marked:
        return end
    # A form's fields and a traveller's From, To and Date are somebody's own words: a program names the minute and the subject, too.
    if not {"by", "when", "clock", "subject"} <= named or not ("to" in named or (barred and "_" in first)):
        return None
    return None if _is_introduced(lines, at) else end


def begins_forwarded(lines: Sequence[str], at: int) -> bool:
    """Whether `lines[at]` says that another mail is passed on below it."""
    first = lines[at]
    if len(first) > 300:
        return False
    if _FORWARDED.fullmatch(first):
        return True
    below = (line for line in lines[at + 1 : at + 5] if line.strip() and not (len(line) < 300 and _ORIGINAL.fullmatch(line)))
    return _FORWARDED_BELOW.fullmatch(first) is not None and _names(next(below, "")) is not None


def _is_introduced(lines: Sequence[str], at: int) -> bool:
    """Whether the line above, a blank one between them or none, announces what follows."""
    above = next((line for line in reversed(lines[max(0, at - 2) : at]) if line.strip()), "")
    return _INTRODUCES.search(above[-200:]) is not None


def _header_block(lines: Sequence[str], start: int) -> tuple[int, set[str]]:
    """Where a block of `From: …` lines ends, and what it names."""
    named: set[str] = set()
    end = start
    for at in range(start, min(len(lines), start + _HEADER_LINES)):
        line = lines[at]
        if (found := _names(line)) is not None:
            named |= found
            end = at + 1
        elif not line.strip():
            if end in (start, at - 1):
                break  # nothing before it, or two blank lines
        elif end == start or end < at or not line.startswith((" ", "\t", "\u3000")):
            break
        else:
            end = at + 1
    return end, named


@lru_cache(4 * _HEADER_LINES)
def _names(line: str) -> frozenset[str] | None:
    """What a line of a header names; None: it is none. Kept, for of many headers without a text each line is looked at from those above it."""
    found = _HEADER.fullmatch(line) if len(line) < 2_000 else None
    if found is None:
        return None
    clock = {"clock"} if found["when"] and _CLOCK.search(line[:200]) and _OF_AN_ATTACHED_MAIL.fullmatch(line) is None else set()
    return frozenset({key for key in _NAMED if found[key]} | clock)
