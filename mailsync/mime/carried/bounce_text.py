"""A bounce that is only text (qmail, Exim, sendmail, Exchange, mobile carriers, Yahoo! JAPAN): for whom and why, as far as it can be told."""

import re

from mailsync.mime.carried.report import LONGEST_REASON, one_line, returned_mail
from mailsync.mime.header.fields import Fields, parse_fields
from store.domain.message import DeliveryReport, DeliveryResult

READ_CHARACTERS = 30_000
"""Where the text of a bounce is longer, the rest is the mail it returns."""
MAX_RECIPIENTS = 50

_RETURNED = re.compile(
    r"^(?:[-=*_ >]{0,80}(?:below this line is a copy|this is a copy of|original message|unsent message|undelivered message|message header follows"
    r"|original headers?|returned message|the header of the message|copy of your message|included is a copy|the first \d+ lines of"
    r"|start of (?:the )?(?:returned|original)|your original message|return(?:ed)? message body"
    r"|元のメッセージ|元のメール|以下.{0,20}(?:ヘッダ|送信された|原文)|送信(?:した|された)メッセージ|オリジナル)[^\n]{0,120}"
    r"|Received: [^\n]{1,200}|Return-Path: [^\n]{1,200})$",
    re.IGNORECASE | re.MULTILINE,
)
_ADDRESS = re.compile(r"(?:mailto:|rfc822;)?<?\b([A-Za-z0-9][\w.!#$%&'*+/=?^`{|}~-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24})\b>?")
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<!\d)[45]\d\d[ -]")
_MACHINES = re.compile(r"(?:mailer-daemon|postmaster|mail-daemon|daemon|root|noreply|no-reply)@|^[\w.+-]{25,}@", re.IGNORECASE)
_DELAYED = re.compile(
    r"warning message only|do not need to (?:resend|retransmit)|will (?:be )?(?:retried|continue to|keep trying)|still being retried|"
    r"has not yet been delivered|delayed|遅延|再送を続け|まだ配信されて",
    re.IGNORECASE,
)
_TALK = re.compile(r"^\s*(?:>>>|<<<|\.\.\.)")
_ANNOUNCED = re.compile(
    r"following (?:recipient|address|destination)|not (?:be )?delivered to|had (?:permanent fatal errors|delivery problems)"
    r"|failed to these recipients"
    r"|(?:次|以下)の(?:受信者|あて先|宛先|アドレス)",
    re.IGNORECASE,
)
_ADVICE = re.compile(r"^\s*(?:for (?:further|more)|please |if you |contact |詳し|お手数)", re.IGNORECASE)


def read_bounce_text(text: str, fields: Fields, returned: Fields | None) -> DeliveryReport:
    """Recipients and reasons out of a bounce's text.

    `fields`: its header, for X-Failed-Recipients and for the addresses that are ours. `returned`: the header of the mail that came back as
    a part of its own; otherwise it is looked for at the end of the text.
    """
    head = text[:READ_CHARACTERS].replace("\r\n", "\n")
    cut = _RETURNED.search(head)
    said = head[: cut.start()] if cut else head
    if returned is None and cut is not None:
        returned = _fields_in(text[cut.start() : cut.start() + READ_CHARACTERS])
    ours = _addresses(fields, "to") | _addresses(fields, "from") | _addresses(fields, "delivered-to")
    failed = [address.lower() for address in _ADDRESS.findall(fields.text("x-failed-recipients"))]
    announced = _ANNOUNCED.search(said)
    behind = said[announced.end() :] if announced else ""
    wanted = list(dict.fromkeys(failed)) or _candidates(behind, ours) or _candidates(said, ours)
    said = behind if announced and all(address in behind.lower() for address in wanted) else said
    action = "delayed" if _DELAYED.search(said) or _DELAYED.search(fields.text("subject")) else "failed"
    results = [_result(said, address, wanted, action) for address in wanted[:MAX_RECIPIENTS]]
    message_id, subject = returned_mail(returned)
    return DeliveryReport(tuple(results), message_id, subject)


def _addresses(fields: Fields, name: str) -> set[str]:
    return {found.lower() for raw in fields.values.get(name, []) for found in _ADDRESS.findall(raw.decode("latin-1"))}


def _candidates(said: str, ours: set[str]) -> list[str]:
    found = dict.fromkeys(address.lower() for address in _ADDRESS.findall(said))
    others = [address for address in found if address not in ours]
    return [address for address in others if not _MACHINES.search(address)] or others[:1]


def _result(said: str, address: str, all_: list[str], action: str) -> DeliveryResult:
    at = said.lower().find(address)
    reason = _reason(said, at, len(address), [other for other in all_ if other != address]) if at != -1 else _whole(said)
    status = _STATUS.search(reason)
    return DeliveryResult(address, action, status[1] if status else "", reason)


def _reason(said: str, at: int, length: int, others: list[str]) -> str:
    """What follows the address up to the next empty line or recipient; where that says nothing, what a server answered anywhere."""
    following = said[at + length :]
    lower = following.lower()
    stop = min((found for other in others if (found := lower.find(other)) != -1), default=len(following))
    following = following[:stop].lstrip(">:) \t").lstrip()
    paragraphs = re.split(r"\n[ \t]*\n", following[:LONGEST_REASON])
    line_start = said.rfind("\n", 0, at) + 1
    before = said[line_start:at].strip(" <('\"")
    for paragraph in paragraphs[:3]:
        if any(character.isalnum() for character in paragraph) and not _ADVICE.match(paragraph):
            sentence = one_line(_without_talk(paragraph))
            if _says_why(sentence) or not before:
                return sentence
            break
    around = one_line(_without_talk(said[line_start : at + length + len(paragraphs[0])]))
    if _says_why(_ADDRESS.sub("", around)):
        return around
    answered = next((line for line in said.split("\n") if _REPLY.search(line) or _STATUS.search(line)), "")
    return one_line(answered.strip(" <>")) or _whole(said)


def _without_talk(paragraph: str) -> str:
    """A transcript's marks say nothing to a person."""
    return "\n".join(_TALK.sub("", line) for line in paragraph.split("\n") if not line.lstrip().startswith(">>>"))


def _says_why(sentence: str) -> bool:
    # An ideograph says as much as a few letters.
    return any(character.isalpha() for character in sentence) and sum(3 if character >= "\u3041" else 1 for character in sentence) > 8


def _whole(said: str) -> str:
    """The first paragraph that is more than a greeting or an address."""
    paragraphs = [one_line(paragraph) for paragraph in re.split(r"\n[ \t]*\n", said[:LONGEST_REASON])]
    return next((paragraph for paragraph in paragraphs if _REPLY.search(paragraph) or _STATUS.search(paragraph)), "") or next(
        (paragraph for paragraph in paragraphs if len(_ADDRESS.sub("", paragraph)) > 20), ""
    )


def _fields_in(tail: str) -> Fields | None:
    """The header of the returned mail, which stands in the text after the line that announces it."""
    lines = tail.split("\n")
    for start, line in enumerate(lines[:40]):
        if re.match(r"(?:Received|Return-Path|Message-ID|From|Date|Subject|To|MIME-Version|DKIM-Signature|X-[\w-]+): ", line.strip(), re.IGNORECASE):
            block = "\n".join(piece[1:] if piece.startswith(" ") and ":" in piece[:30] else piece for piece in lines[start:])
            fields = parse_fields(block.split("\n\n", 1)[0].encode("utf-8", "replace"))
            return fields if "message-id" in fields.values or "subject" in fields.values else None
    return None
