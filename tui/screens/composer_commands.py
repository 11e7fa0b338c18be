"""The composer's commands by their names. A new one is a row here, a row in `tui.view.commands`, and a module that does it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from tui.screens.composer_files import attach, attach_received, detach
from tui.screens.composer_house import ask_for_delivery, ask_for_receipt, choose_from, choose_quoting, is_meant
from tui.screens.composer_leaving import discard, leave
from tui.screens.composer_menu import MENU, ask_for_bcc, find, pick_command
from tui.screens.composer_port import Writer
from tui.screens.composer_quoting import context_down, context_up, into_conversation, quote_answered
from tui.screens.composer_scheduling import send_later
from tui.screens.editor import write_outside
from tui.screens.templates import insert_by_code, insert_template


@dataclass(frozen=True, slots=True)
class Deed:
    """What a command does. `asks`: it may put a question, for which keys typed meanwhile are kept. `reading`: also once nothing can be sent.

    `leaves`: it may take the composer away, or change the text; what is typed behind it is for what there is then, a second Esc too.
    """

    do: Callable[[Writer], Awaitable[None]]
    asks: bool = False
    reading: bool = False
    leaves: bool = False


BY_CODE = "short-code"


async def _send(writer: Writer) -> None:
    if await is_meant(writer):
        await writer.sending.send()


async def _request_check(writer: Writer) -> None:
    if await is_meant(writer):
        await writer.sending.request_check()


async def _check(writer: Writer) -> None:
    await writer.sending.check()


DEEDS: Mapping[str, Deed] = {
    "send": Deed(_send, asks=True),
    "check": Deed(_check, asks=True),
    "request-check": Deed(_request_check, asks=True),
    "template": Deed(insert_template, asks=True),
    BY_CODE: Deed(insert_by_code, leaves=True),
    "send-later": Deed(send_later, asks=True),
    "editor": Deed(write_outside, asks=True),
    "attach-file": Deed(attach, asks=True),
    "attach-received": Deed(attach_received, asks=True),
    "detach": Deed(detach, asks=True),
    "bcc": Deed(ask_for_bcc),
    "from": Deed(choose_from, asks=True),
    "receipt": Deed(ask_for_receipt),
    "delivered": Deed(ask_for_delivery),
    "quoting": Deed(choose_quoting, asks=True, reading=True),
    "find-in-text": Deed(find, asks=True, reading=True),
    "conversation": Deed(into_conversation, reading=True),
    "conversation-down": Deed(context_down, reading=True),
    "conversation-up": Deed(context_up, reading=True),
    "quote": Deed(quote_answered),
    MENU: Deed(pick_command, asks=True, reading=True),
    "leave": Deed(leave, reading=True, leaves=True),
    "discard": Deed(discard, reading=True, leaves=True),
}
