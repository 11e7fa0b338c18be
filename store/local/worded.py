"""What can be found of a message and of a comment: the columns of the index, and what stands in each."""

from collections.abc import Iterator
from functools import lru_cache

from store.domain.facts import Comment
from store.domain.message import Address, Kind, Message, Protection
from store.local.normalise import codes, folded, spaced

COLUMNS = ("subject", "sender", "recipients", "copies", "text", "files", "marks")
"""`marks`: the traits of a message, each a word that nobody can type."""

TRAIT = "\ufdd0"
"""Begins a trait; a character that is none (Unicode 23.7) and that folding takes out of every text."""

SHORT = 200
"""Characters of what may be met again: who writes, writes again, most is to one of a few addresses, and a thread has one subject."""

INSERT = f"INSERT INTO words (rowid, {', '.join(COLUMNS)}) VALUES (?{', ?' * len(COLUMNS)})"  # noqa: S608 - constants of this file
INSERT_COMMENT = "INSERT INTO comment_words (rowid, text, files) VALUES (?, ?, ?)"


def words_of(message: Message) -> tuple[str, ...]:
    """The values of `COLUMNS`."""
    subject, text = folded(message.subject), folded("\n".join(_texts(message)))
    files = folded("\n".join(attachment.name for attachment in message.attachments))
    return (
        _with_numbers(subject),
        _met(_people((*message.from_, *message.reply_to))),
        _met(_people(message.to)),
        _met(_people(message.cc)),
        _with_numbers(text),
        _with_numbers(files),
        " ".join(TRAIT + trait for trait in traits_of(message)),
    )


def said_in(comment: Comment) -> str:
    """A comment as it is looked through: what it says, and a line for each of its files."""
    return "\n".join(filter(None, (comment.text, files_of(comment))))


def files_of(comment: Comment) -> str:
    """The names of its files, a line each."""
    return "\n".join(file.name for file in comment.files)


def comment_words_of(said: str, files: str) -> tuple[str, str]:
    """Text and files of a comment: of `said_in` and `files_of` it."""
    return _with_numbers(folded(said)), _with_numbers(folded(files))


def traits_of(message: Message) -> Iterator[str]:
    """What `has:` and `is:` ask of a message."""
    if message.attachments:
        yield "attachment"
    if message.invitation is not None or message.kind is Kind.CALENDAR:
        yield "invitation"
    if message.report is not None or message.kind is Kind.BOUNCE:
        yield "report"
    if message.protection is not None:
        yield "signature" if message.protection is Protection.SIGNED else "encryption"
    if message.kind is Kind.AUTO_REPLY:
        yield "auto"
    if message.kind is Kind.LIST or message.list_id:
        yield "list"


def _texts(message: Message) -> Iterator[str]:
    yield message.text
    if (invitation := message.invitation) is not None:
        yield from (invitation.summary, invitation.location)
    if (report := message.report) is not None:
        yield report.original_subject
        yield from (result.recipient for result in report.results)


def _people(addresses: tuple[Address, ...]) -> str:
    return "\n".join(dict.fromkeys(f"{one.name} {one.address}" for one in addresses))


def _with_numbers(folded_text: str) -> str:
    """Its words, and behind a word that nobody can type, so that no phrase leads over there, its numbers without hyphens."""
    numbers = codes(folded_text)
    words = _spaced(folded_text)
    return f"{words} {TRAIT} {numbers}" if numbers else words


def _spaced(folded_text: str) -> str:
    return folded_text if folded_text.isascii() else spaced(folded_text)


def _met(text: str) -> str:
    return _met_before(text) if len(text) <= SHORT else _spaced(folded(text))


@lru_cache(1_024)
def _met_before(text: str) -> str:
    return _spaced(folded(text))
