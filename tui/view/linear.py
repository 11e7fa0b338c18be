"""The desk in lines, for screen readers: what a typed line asks for, and a conversation as a sentence. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from tui.view.ages import age_words
from tui.view.gate import clean
from tui.view.keys.reading import narrowed
from tui.view.rows import Reader, RowFacts
from tui.view.statuses import status_name
from tui.words import _

ABOUT_ONE = frozenset({"read", "comment", "take", "done", "status", "reply", "undo"})
"""Words that a conversation's number may follow; without one they mean the conversation that was read last."""
WORDS = ("list", "next", "read", "comment", "take", "done", "status", "reply", "search", "sync", "undo", "help", "quit")
SHORT = {"q": "quit", "?": "help", "/": "search", "n": "next", "l": "list", "open": "read", ":q": "quit", "exit": "quit"}


@dataclass(frozen=True, slots=True)
class Asked:
    """`number`: of the conversation it is about, "" where it is about none; `rest`: what stands behind."""

    word: str
    number: str = ""
    rest: str = ""


def asked(typed: str, current: str = "") -> Asked | None:
    """What a line asks for: `read 12`, `12`, `comment 12 please look`, `take`; None: nothing that is known here."""
    first, _blank, rest = typed.strip().partition(" ")
    word, rest = narrowed(first).lower().lstrip(":"), rest.strip()
    word = SHORT.get(narrowed(first).lower(), word)
    if word.lstrip("#").isdecimal() and not rest:
        return Asked("read", f"#{word.lstrip('#')}")
    if word.startswith("/") and len(word) > 1:
        return Asked("search", rest=f"{first[1:]} {rest}".strip())
    if word not in WORDS:
        fitting = [each for each in WORDS if word and each.startswith(word)]
        if len(fitting) != 1:
            return None
        word = fitting[0]
    if word not in ABOUT_ONE:
        return Asked(word, rest=rest)
    number, _blank, behind = rest.partition(" ")
    if narrowed(number).lstrip("#").isdecimal():
        return Asked(word, f"#{narrowed(number).lstrip('#')}", behind.strip())
    return Asked(word, current, rest)


def row_sentence(row: RowFacts, reader: Reader) -> str:
    """A conversation in one sentence, what asks for a look first: `Unread. 12, Smith: Invoice. New, owner Tanaka, 3h.`"""
    loud = [
        words
        for asks, words in (
            (bool(row.flags), _("Needs a look.")),
            (row.mentions_me, _("Calls you.")),
            (row.urgency > 0, _("Urgent.")),
            (row.unread, _("Unread.")),
            (row.has_draft, _("Has a draft of yours.")),
        )
        if asks
    ]
    name = str(row.number or row.id)
    customer = clean(row.customer_name or row.customer_address) or _("(no sender)")
    owner = _("owner {name}").format(name=reader.name(row.owner)) if row.owner is not None else _("nobody's")
    facts = [status_name(row.status, reader.statuses), owner]
    if row.last_at is not None:
        facts.append(age_words(reader.now - row.last_at))
    if row.lease_by is not None and row.lease_by != reader.me:
        facts.append(_("{name} is writing").format(name=reader.name(row.lease_by)))
    return " ".join([*loud, f"{name}, {customer}: {clean(row.subject) or _('(no subject)')}.", ", ".join(facts) + "."])


def change_sentences(before: Sequence[RowFacts], now: Sequence[RowFacts], reader: Reader) -> tuple[str, ...]:
    """What is new or other in a list since it was read, a sentence each."""
    known = {row.id: row for row in before}
    said = []
    for row in now:
        there = known.get(row.id)
        name = str(row.number or row.id)
        if there is None:
            said.append(_("New in the list: {row}").format(row=row_sentence(row, reader)))
        elif (there.status, there.owner) != (row.status, row.owner):
            owner = reader.name(row.owner) if row.owner is not None else _("nobody's")
            said.append(_("{n}: {status}, {owner} now.").format(n=name, status=status_name(row.status, reader.statuses), owner=owner))
        elif there.last_at != row.last_at:
            said.append(_("{n}: there is a new message.").format(n=name))
    gone = [row for row in before if row.id not in {each.id for each in now}]
    return (*said, *(_("{n} has left the list.").format(n=row.number or row.id) for row in gone))
