"""What a mail of ours takes from the one it answers or passes on: subject and quoted text. Pure."""

import re
from collections.abc import Iterable

from store.domain.message import Message

_REPLY_MARK = re.compile(r"\s*(?:re|ｒｅ|ＲＥ|Ｒｅ|返信|回复|答复|回覆|aw|sv|antw)\s*(?:[\[(^]?\d{1,3}[\])]?)?\s*[:\uff1a]\s*", re.IGNORECASE)
_FORWARD_MARK = re.compile(r"\s*(?:fwd?|ｆｗｄ?|ＦＷＤ?|Ｆｗｄ?|転送|转发|轉寄|wg|tr)\s*[:\uff1a]\s*", re.IGNORECASE)


def reply_subject(subject: str) -> str:
    """`Re: ` once in front, whatever marks of a reply stood there before; `Fwd:` stays."""
    return f"Re: {_without(_REPLY_MARK, subject)}".rstrip()


def forward_subject(subject: str) -> str:
    """`Fwd: ` once in front; `Re:` stays."""
    return f"Fwd: {_without(_FORWARD_MARK, subject)}".rstrip()


def is_forward(subject: str) -> bool:
    """Whether a subject says first of all that the mail passes another one on; an answer to such a mail says `Re:` before it."""
    return _FORWARD_MARK.match(subject) is not None


def _without(marks: re.Pattern[str], subject: str) -> str:
    rest = subject.strip()
    while (mark := marks.match(rest)) is not None:
        rest = rest[mark.end() :]
    return rest


def quote(message: Message, attribution: str) -> str:
    """The text of a message quoted line by line under a line that says whose it is."""
    return f"{attribution}\n{quote_lines(message.text.rstrip().split(chr(10)))}"


def quote_lines(lines: Iterable[str]) -> str:
    """Some lines, each marked as quoted once more."""
    return "\n".join(">" + line if line.startswith(">") else f"> {line}".rstrip() for line in lines)
