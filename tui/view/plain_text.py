"""A message, or what a command said, as plain text. Pure."""

from collections.abc import Sequence

from store.domain.message import Address, Message
from tui.view.gate import clean
from tui.view.spans import Line, line
from tui.view.wrapping import wrap
from tui.words import _


def with_head(message: Message) -> str:
    """From, to, date and subject above the text, all of it fit for a terminal."""
    head = [
        (_("From"), _said(message.from_)),
        (_("To"), _said(message.to)),
        ("Cc", _said(message.cc)),
        (_("Date"), message.date.strftime("%Y-%m-%d %H:%M %z") if message.date else ""),
        (_("Subject"), clean(message.subject)),
    ]
    lines = [f"{name}: {value}" for name, value in head if value]
    return "\n".join([*lines, "", clean(message.text, lines=True)]).rstrip("\n") + "\n"


def _said(addresses: Sequence[Address]) -> str:
    return clean(", ".join(f"{each.name} <{each.address}>" if each.name else each.address for each in addresses))


def output_lines(text: str, notes: Sequence[str], width: int) -> tuple[Line, ...]:
    """What a command wrote, long lines wrapped; below it what there is to know of it."""
    said = clean(text, lines=True).rstrip("\n")
    lines = [line(piece) for each in said.split("\n") for piece in wrap(each, width)] if said else []
    return (*lines, *(line(piece, "notice") for note in notes for piece in wrap(note, width)))
