"""Why a mail did not arrive, as one of a few causes a person can act on (RFC 3463, and the sentences mail servers write)."""

import re
from enum import StrEnum
from functools import cache


class BounceCause(StrEnum):
    """What the sender would do differently decides where one cause ends and the next begins."""

    UNKNOWN_ADDRESS = "unknown_address"
    MAILBOX_CLOSED = "mailbox_closed"
    MAILBOX_FULL = "mailbox_full"
    TOO_LARGE = "too_large"
    BLOCKED_AS_SPAM = "blocked_as_spam"
    NOT_AUTHENTICATED = "not_authenticated"
    """SPF, DKIM or DMARC of our own domain did not satisfy the other side."""
    TOO_MANY = "too_many"
    HOST_UNKNOWN = "host_unknown"
    NOT_REACHED = "not_reached"
    LOOP = "loop"
    REFUSED_BY_POLICY = "refused_by_policy"
    TEMPORARY = "temporary"
    OTHER = "other"


_CODES = {
    "1.1": BounceCause.UNKNOWN_ADDRESS, "1.2": BounceCause.HOST_UNKNOWN, "1.3": BounceCause.UNKNOWN_ADDRESS, "1.4": BounceCause.UNKNOWN_ADDRESS,
    "1.6": BounceCause.UNKNOWN_ADDRESS, "1.8": BounceCause.REFUSED_BY_POLICY, "1.10": BounceCause.UNKNOWN_ADDRESS, "2.1": BounceCause.MAILBOX_CLOSED,
    "2.2": BounceCause.MAILBOX_FULL, "2.3": BounceCause.TOO_LARGE, "3.1": BounceCause.TEMPORARY, "3.2": BounceCause.TEMPORARY,
    "3.4": BounceCause.TOO_LARGE, "4.1": BounceCause.NOT_REACHED, "4.2": BounceCause.NOT_REACHED, "4.3": BounceCause.NOT_REACHED,
    "4.4": BounceCause.HOST_UNKNOWN, "4.6": BounceCause.LOOP, "4.7": BounceCause.NOT_REACHED, "4.14": BounceCause.LOOP,
    "7.1": BounceCause.REFUSED_BY_POLICY, "7.23": BounceCause.NOT_AUTHENTICATED, "7.24": BounceCause.NOT_AUTHENTICATED,
    "7.25": BounceCause.NOT_AUTHENTICATED, "7.26": BounceCause.NOT_AUTHENTICATED, "7.27": BounceCause.NOT_AUTHENTICATED,
    "7.28": BounceCause.TOO_MANY, "7.9": BounceCause.NOT_AUTHENTICATED, "7.20": BounceCause.NOT_AUTHENTICATED,
    "7.22": BounceCause.NOT_AUTHENTICATED,
}  # fmt: skip
"""Subject and detail of the enhanced status codes that have one meaning; the class (4 or 5) says only how long it lasts."""

_SPEAKING = frozenset({"1.1", "1.2", "1.3", "1.6", "2.1", "2.2", "2.3", "3.4", "4.6", "4.14", "7.23", "7.24", "7.25", "7.26", "7.27", "7.28"})
"""Codes that are used for what they mean. With the others servers send whatever their authors chose, so their words are asked first."""

_WORDS: dict[BounceCause, tuple[str, ...]] = {
    BounceCause.MAILBOX_FULL: (
        r"over ?quota|quota (?:is )?(?:exceeded|full)|exceed\w* (?:\w+ ){0,3}quota|mailbox (?:is )?(?:over)?full|mailbox size limit",
        r"mailbox exceed|insufficient (?:system )?storage|storage (?:limit|space)|not enough (?:storage|space)|user (?:has )?(?:too many|exhausted)",
        r"容量[^。\n]{0,20}(?:超|不足|いっぱい)|メールボックス[^。\n]{0,20}(?:いっぱい|一杯|満杯|超)",
    ),
    BounceCause.TOO_LARGE: (
        r"(?:message|mail|attachment|size)[^.\n]{0,30}(?:too (?:big|large)|exceeds?[^.\n]{0,30}(?:size|maximum|limit))",
        r"size (?:limit )?exceed|too large|(?:サイズ|大き)[^。\n]{0,20}(?:超|上限|制限|すぎ)",
    ),
    BounceCause.NOT_AUTHENTICATED: (r"\bspf\b|\bdkim\b|\bdmarc\b|unauthenticated|sender authentication|reverse dns|ptr record|送信ドメイン認証",),
    BounceCause.TOO_MANY: (
        r"too many (?:\w+ ){0,3}(?:messages|mails?|recipients|connections|e-?mails)|rate.?limit|throttl|greylist|receiving mail at a rate",
        r"(?:通|宛先)[^。\n]{0,15}(?:多すぎ|制限)",
    ),
    BounceCause.BLOCKED_AS_SPAM: (
        r"spam|junk mail|unsolicited|blacklist|blocklist|block list|\brbl\b|dnsbl|spamhaus|barracuda|proofpoint|reputation",
        r"banned sending ip|virus|malware|迷惑メール|ウイルス|ウィルス",
    ),
    BounceCause.MAILBOX_CLOSED: (
        r"(?:mailbox|account|user|recipient|address)[^.\n]{0,30}(?:disabled|inactive|suspended|deactivated|closed|locked|discontinued|expired)",
        r"no longer (?:in use|active|accept|available|valid)|停止|休止|廃止|解約",
    ),
    BounceCause.UNKNOWN_ADDRESS: (
        r"(?:user|recipient|mailbox|address|account|rcpt)[^.\n]{0,40}(?:unknown|not (?:be )?found|unavailable|invalid|unrouteable)",
        r"(?:user|recipient|mailbox|address|account|rcpt)[^.\n]{0,40}(?:does ?n.?t exist|does not exist|not exist|not known|not listed|not a known)",
        r"unknown (?:user|recipient|address|local|mailbox|account|or illegal)|invalid (?:recipient|mailbox|address|user)|no mailbox|user not",
        r"no such (?:user|recipient|mailbox|address|person|account|name)|not our customer|nosuchuser|recipnotfound|unrouteable address",
        r"bad (?:destination mailbox )?address|does ?n.?t have an? [^\n]{0,60} account",
        r"(?:アドレス|ユーザー?|宛先|あて先|受信者|メールボックス)[^。\n]{0,40}(?:存在し|見つか|みつか|不明|間違|誤|ありません|無効)",
    ),
    BounceCause.HOST_UNKNOWN: (
        r"(?:host|domain|hostname)[^.\n]{0,60}(?:unknown|not found|does ?n.?t exist|does not exist|invalid)|unknown host|no such (?:host|domain)",
        r"name (?:service error|or service not known)|nxdomain|couldn.?t find any host|unable to (?:resolve|look ?up)|mx lookup|null ?mx|no mx",
        r"domain name|ドメイン[^。\n]{0,20}(?:存在し|見つか|みつか|不明)",
    ),
    BounceCause.LOOP: (r"mail loop|loops? back|too many hops|hop count|routing loop|loop detected|ループ",),
    BounceCause.REFUSED_BY_POLICY: (
        r"polic(?:y|ies)|not permitted|not allowed|not authorized|denied|prohibited|refused to talk|relay|rejected|blocked|banned",
        r"administrat|permission|受信拒否|拒否|許可されていません",
    ),
    BounceCause.NOT_REACHED: (
        r"tim(?:ed?|e) ?-?out|connection (?:refused|reset|lost|dropped)|connect to|no route|unreachable|could not be reached",
        r"not able to connect|lost connection|(?:retry|delivery) (?:time|attempt|timeout)[^.\n]{0,20}(?:exceed|expire)|too long",
        r"message expired|not been able|接続でき|応答がありません",
    ),
    BounceCause.TEMPORARY: (r"temporar|try again|tried again|later|deferred|一時的",),
}
"""Where two would fit the earlier is meant: `mailbox full` is more than `refused`."""
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<!\d)([45]\d\d)[ -]")
_REPLIES = {"552": BounceCause.MAILBOX_FULL, "553": BounceCause.UNKNOWN_ADDRESS, "551": BounceCause.UNKNOWN_ADDRESS, "523": BounceCause.TOO_LARGE}
BUSY = "4.2.1"
"""By its table a mailbox that is closed; Gmail and others send it when too much comes at once, and time helps."""
READ_CHARACTERS = 4_000
"""Of what a server said; the cause stands at the beginning."""


@cache
def _patterns() -> tuple[tuple[BounceCause, re.Pattern[str]], ...]:
    # Start-up cost: most lists show no bounce.
    return tuple((cause, re.compile("|".join(patterns), re.IGNORECASE)) for cause, patterns in _WORDS.items())


def bounce_reason(status: str, reason: str) -> BounceCause:
    """The cause behind an enhanced status code and what the other server said; either may be "".

    A code that servers use for what it means decides; else their words do, then the code, then the reply code of SMTP.
    """
    reason = reason[:READ_CHARACTERS]
    found = _STATUS.search(status) or _STATUS.search(reason)
    code = f"{found[2]}.{found[3]}" if found else ""
    if found and found[0] == BUSY:
        code = ""
    if code in _SPEAKING:
        return _CODES[code]
    said = next((cause for cause, pattern in _patterns() if pattern.search(reason)), None)
    if said is not None:
        return said
    if code in _CODES:
        return _CODES[code]
    reply = _REPLY_CODE.search(reason)
    if reply is not None and reply[1] in _REPLIES:
        return _REPLIES[reply[1]]
    if code.startswith("7."):
        return BounceCause.REFUSED_BY_POLICY
    temporary = found[1] == "4" if found else reply is not None and reply[1].startswith("4")
    return BounceCause.TEMPORARY if temporary else BounceCause.OTHER
