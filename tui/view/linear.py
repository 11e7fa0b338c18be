"""The desk without a screen: what was typed as an order, a conversation as a sentence. For screen readers, braille lines and paper. Pure."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.domain.status import Category
from tui.view.ages import age_words
from tui.view.commands.command import Place
from tui.view.commands.every import BY_NAME, commands_at
from tui.view.gate import clean
from tui.view.keys.keymap import KeyMap
from tui.view.rows import Reader, RowFacts
from tui.view.statuses import status_name, urgency_word
from tui.view.whens import time_at_start
from tui.words import _


@dataclass(frozen=True, slots=True)
class Order:
    """A command's name, and what stands behind it."""

    name: str
    rest: str = ""


def heard(typed: str, keys: KeyMap) -> Order | None:
    """What a line asks for: a name or a key with what stands behind it, a number to open, `/words`. Full-width letters are read. None: nothing."""
    first, _blank, rest = typed.strip().replace("\u3000", " ").partition(" ")
    word = unicodedata.normalize("NFKC", first).removeprefix(":")
    if not word:
        return None
    if word.isdecimal():
        return Order("open", word)
    if word.startswith("/"):
        return Order("search", f"{word[1:]} {rest}".strip())
    if len(word) == 1 and (found := keys.hear(word, "", Place.LIST).command) is not None:
        return Order(STEPS.get(found.name, found.name), rest.strip())
    return Order(word.lower(), rest.strip())


def row_sentence(row: RowFacts, reader: Reader, place: int | None = None) -> str:
    """`2: number 12. New, urgent. Tanaka. Subject. Nobody's. Unread. 3m.`: what the list says in columns and colours, in words."""
    customer = clean(row.customer_name or row.customer_address) or _("(no sender)")
    said = [
        _("number {n}").format(n=row.number) if row.number else _("no number yet"),
        status_name(row.status, reader.statuses),
        urgency_word(row.urgency).lstrip("! "),
        customer,
        clean(row.subject) or _("(no subject)"),
        _owner_words(row, reader),
        _("calls you") if row.mentions_me else "",
        _("unread") if row.unread else "",
        _("{who} is writing").format(who=reader.name(row.lease_by)) if row.lease_by is not None else "",
        _("you have a draft") if row.has_draft else "",
        "" if row.last_at is None else age_words(reader.now - row.last_at),
    ]
    return (f"{place}: " if place is not None else "") + ". ".join(each for each in said if each) + "."


def _owner_words(row: RowFacts, reader: Reader) -> str:
    if row.owner is None:
        return _("nobody's") if row.category is Category.OPEN else ""
    return _("yours") if row.owner == reader.me else reader.name(row.owner)


def help_sentences(keys: KeyMap) -> tuple[str, ...]:
    """Every order this desk takes, a line each."""
    lines = [
        _("a number: open that line of the list"),
        _("list QUERY: the work tray, or what a query finds"),
        _("more: the next page"),
        _("news: what happened meanwhile"),
    ]
    for command in commands_at(Place.LIST):
        if command.name in DONE_BY_VERB or command.name in DONE_HERE:
            name = f"{command.name} {command.argument}".strip()
            lines.append(f"{name} ({keys.key_of(command)}): {_(command.words)}")
    return tuple(lines)


STEPS = {"down": "next", "up": "previous"}
"""There is no line to stand on: whoever goes on is read the next conversation."""
DONE_HERE = frozenset({"next", "previous", "reply", "search", "help", "quit", "timeline"})
"""Commands of the key map that the loop does itself."""
DONE_BY_VERB = frozenset({
    "take", "assign", "hand-over", "release", "status", "done", "snooze", "urgency", "tag", "folder", "follow", "unfollow", "comment",
    "undo", "unread", "merge", "move", "sync",
})  # fmt: skip
"""Those that are a verb of the command line about the conversation that is open."""


class Unheard(ValueError):
    """An order that cannot be done; the words say why, and what can."""


def verb_of(order: Order, conversation: str, now: datetime) -> Sequence[str]:
    """The words of the command line for an order about this conversation.

    Raises:
        Unheard: It needs something more, or there is none of that name.
    """
    name, rest = order.name, order.rest
    if name == "sync":
        return ["sync"]
    if name not in DONE_BY_VERB:
        if name in BY_NAME:
            raise Unheard(_("{name} ({words}) is for the painted desk; help lists what works here.").format(name=name, words=_(BY_NAME[name].words)))
        raise Unheard(_("{name} is no command here; help lists them.").format(name=clean(name)))
    first, _blank, others = rest.partition(" ")
    if name in NEEDING and not first:
        raise Unheard(_("{name} needs: {argument}").format(name=name, argument=BY_NAME[name].argument))
    if name == "snooze":
        return _snooze(conversation, rest, now)
    return {
        "take": ["take", conversation],
        "assign": ["assign", conversation, "--to", first],
        "hand-over": ["assign", conversation, "--to", first, "--note", others],
        "release": ["assign", conversation, "--to", ""],
        "status": ["status", conversation, first, "--reason", others],
        "done": ["status", conversation, "done", "--reason", rest],
        "urgency": ["urgency", conversation, first],
        "tag": ["tag", conversation, first.removeprefix("-"), *(["--off"] if first.startswith("-") else [])],
        "folder": ["folder", conversation, "" if rest == "-" else rest],
        "follow": ["follow", conversation, *(["--member", first] if first else [])],
        "unfollow": ["follow", conversation, "--off"],
        "comment": ["comment", conversation, rest],
        "undo": ["undo", conversation],
        "unread": ["unread", conversation],
        "merge": ["merge", conversation, first.removeprefix("#")],
        "move": ["move", conversation, "--inbox", first],
    }[name]


NEEDING = frozenset({"assign", "hand-over", "status", "snooze", "urgency", "tag", "folder", "comment", "merge", "move"})


def _snooze(conversation: str, rest: str, now: datetime) -> list[str]:
    found = time_at_start(rest, now)
    if found is None or not found[1]:
        raise Unheard(_("snooze needs a time and a reason, such as: snooze tomorrow 9 asked the supplier"))
    return ["snooze", conversation, found[0].isoformat(), "--reason", found[1]]
