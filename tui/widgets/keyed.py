"""The key map and the look in use, as widgets and dialogs find them."""

from collections.abc import Callable
from typing import Protocol, cast

from textual.message_pump import MessagePump

from tui.view.commands.command import Place
from tui.view.keys.keymap import DEFAULT, KeyMap
from tui.view.keys.reading import KeyReader
from tui.view.look import TODAYS, Look


class Keyed(Protocol):
    """The app, as far as this module asks it."""

    keys: KeyMap
    look: Look


def keys_at(pump: MessagePump) -> KeyMap:
    """The map of whoever sits here; where no app of ours shows the widget, the commands' own keys."""
    app = pump.app
    return cast("Keyed", app).keys if hasattr(app, "keys") else DEFAULT


def look_of(pump: MessagePump) -> Look:
    """How the screen looks."""
    app = pump.app
    return cast("Keyed", app).look if hasattr(app, "look") else TODAYS


def reader_for(pump: MessagePump, place: Place | Callable[[], Place]) -> KeyReader:
    """What reads its keys."""
    return KeyReader(place if callable(place) else lambda: place, lambda: keys_at(pump))
