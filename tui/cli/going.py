"""How a mail that a verb writes is to go: the options which all those verbs share, folded into one value."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import click

from store.domain.ids import StatusKey
from tui.outgoing import HOLD_SECONDS
from tui.words import _

Ran = Callable[..., int]


@dataclass(frozen=True)
class Going:
    """What was asked for. `send`: it leaves this hand, by the mail server or to a checker; else it stays a draft."""

    send: bool
    yes: bool
    hold_seconds: float
    wait: bool
    then_status: StatusKey
    check_note: str | None = None
    """For whoever checks it; None: it is to be sent."""
    utf_8: bool = False
    receipt: bool | None = None
    """Whether to be told when it is opened; None: as the inbox does."""
    delivered: bool | None = None
    """Whether to be told when it has arrived; None: as the inbox does."""


_SEND = (
    click.option("--send", is_flag=True, help="Send it; else it is kept as a draft."),
    click.option("--yes", "--force", "yes", is_flag=True, help="Send it although the check warns; its errors always stop it."),
    click.option("--hold", type=click.FloatRange(min=0), default=HOLD_SECONDS, show_default=True, help="Seconds in which `undo` takes it back."),
    click.option("--wait", is_flag=True, help="Return when the mail server has answered."),
    click.option("--delivered/--no-delivered", default=None, help="Ask to be told when it has arrived, or not (default: as the inbox does)."),
)
_OF_OUR_OWN = (
    click.option("--receipt/--no-receipt", default=None, help="Ask to be told when it is opened, or not (default: as the inbox does)."),
    click.option("--utf-8", "utf_8", is_flag=True, help="Send in UTF-8 what the recipient's charset cannot hold."),
)
_CHECK = (
    click.option("--check", is_flag=True, help="Hand it to a checker instead; it is sent once they say yes."),
    click.option("--note", default="", help="What the checker should know; never mailed."),
)


def goes(then: str, *, as_it_is: bool = False) -> Callable[[Ran], Ran]:
    """The options of a verb that writes a mail; it is given `going` for them.

    `then`: the status once it was accepted. `as_it_is`: the mail is somebody else's, and nothing about its bytes can be chosen.
    """
    status = click.option("--then", metavar="STATUS", default=then, show_default=True, help="The status once it was accepted.")

    def around(verb: Ran) -> Ran:
        @wraps(verb)
        def run(**given: Any) -> int:
            own = {name: given.pop(name) for name in ("receipt", "utf_8", "delivered") if name in given}
            asked = {name: given.pop(name) for name in ("send", "yes", "hold", "wait", "check", "note", "then")}
            return verb(going=_folded(**asked, **own), **given)

        ran: Ran = run
        for option in reversed((*_SEND, *(() if as_it_is else _OF_OUR_OWN), *_CHECK, status)):
            ran = option(ran)
        return ran

    return around


def _folded(*, send: bool, yes: bool, hold: float, wait: bool, check: bool, note: str, then: str, **own: Any) -> Going:
    """Raises click.UsageError where the options contradict each other."""
    if note and not check:
        raise click.UsageError(_("--note is for the checker of --check"))
    if check and wait:
        raise click.UsageError(_("--wait does not wait for a checker"))
    if wait and not send:
        raise click.UsageError(_("--wait waits for what --send sends"))
    return Going(send or check, yes, hold, wait, StatusKey(then), note if check else None, **own)
