"""Key maps that people's fingers know from other programs, as data: what differs from the commands' own keys."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Preset:
    """`keys`: by the name of a command, all its keys. Another command whose own key is among them loses that key, and keeps its name.

    `counts`: digits before a key say how often; keys that are one digit stand behind `g` then.
    """

    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    counts: bool = False


MUTT = Preset(
    keys={
        "top": ("g g", "=", "home"),
        "bottom": ("G", "end"),
        "page-down": ("space", "z", "ctrl+f", "ctrl+d", "pagedown"),
        "page-up": ("-", "Z", "ctrl+b", "ctrl+u", "pageup"),
        "fold": ("S",),
        "done": ("d",),
        "take": ("i",),
        "open": ("v", "o"),
        "folder": ("s",),
        "status": ("e",),
        "reply-all": ("L", "R"),
        "new": ("m",),
        "memo": ("p",),
        "forward": ("f",),
        "redirect": ("b",),
        "snooze": ("%",),
        "headers": ("h",),
        "sync": ("$",),
        "search": ("/", "l"),
        "next-match": ("n", ">"),
        "send": ("ctrl+s", "ctrl+x"),
        "next-best": ("Q",),
        "mark-range": ("V",),
        "close": ("q",),
        "quit": ("ctrl+q",),
    },
    counts=True,
)
"""mutt's and vim's: `d` is done, `m` a new mail, `v` the attachments, `5j` five lines down, `q` closes what is open."""

GMAIL = Preset(
    keys={
        "enter": ("enter", "o"),
        "back": ("escape", "u"),
        "undo": ("z",),
        "undo-more": ("Z",),
        "fold": (";",),
        "open": ("O",),
        "reply-all": ("a",),
        "assign": ("@",),
        "hand-over": ("A",),
        "new": ("c",),
        "comment": ("m",),
        "memo": ("M",),
        "move": (),
        "next-message": ("n", "]"),
        "previous-message": ("p", "["),
        "follow": ("s", "*"),
        "status": ("S",),
        "tag": ("l",),
        "unread": ("U", "N"),
        "view-tray": ("g i", "1"),
        "view-mine": ("g m", "2"),
        "view-all": ("g a", "3"),
        "view-checks": ("g c", "4"),
        "next-best": ("Q",),
        "top": ("g g", "home"),
    },
)
"""Gmail's: `c` a new mail, `e` done, `a` reply to all, `u` back to the list, `z` undo, `g i` the work tray."""

PRESETS: Mapping[str, Preset] = {"default": Preset(), "mutt": MUTT, "gmail": GMAIL}
