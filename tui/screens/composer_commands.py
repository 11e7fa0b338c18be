"""The composer's commands by their names. A new one is a row here, a row in `tui.view.keymap`, and a module that does it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from tui.screens.composer_leaving import discard, leave
from tui.screens.composer_port import Writer
from tui.screens.editor import write_outside
from tui.screens.templates import insert_template


@dataclass(frozen=True, slots=True)
class Deed:
    """What a command does. `asks`: it may put a question, for which keys typed meanwhile are kept. `reading`: also once nothing can be sent."""

    do: Callable[[Writer], Awaitable[None]]
    asks: bool = False
    reading: bool = False


async def _send(writer: Writer) -> None:
    await writer.sending.send()


async def _check(writer: Writer) -> None:
    await writer.sending.check()


DEEDS: Mapping[str, Deed] = {
    "send": Deed(_send, asks=True),
    "check": Deed(_check, asks=True),
    "template": Deed(insert_template, asks=True),
    "editor": Deed(write_outside, asks=True),
    "leave": Deed(leave, reading=True),
    "discard": Deed(discard, reading=True),
}
