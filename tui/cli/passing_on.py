"""`mado forward` and `mado redirect`: a mail of a conversation to somebody else, through the lease, the check and the fence of every mail."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from store.domain.conversation import Conversation
from store.domain.draft import Draft
from store.domain.draft_kind import DraftKind
from store.domain.ids import MessageId
from store.errors import BadInput
from store.local.rows import StoredMessage
from store.local.store import LocalStore
from store.settings.settings import InboxSettings
from tui.cli.for_check import CHECK, NOTE, note_for
from tui.cli.given import existing, read_body
from tui.cli.invocation import Invocation, Verb
from tui.cli.reply import answer
from tui.cli.team import opened_store
from tui.cli.writing import HOLD_SECONDS, Wish
from tui.forwarding import forwardable, start_forward, start_redirect
from tui.words import _


class NothingToPassOn(BadInput):
    """There is no such message, or none at all, on this machine."""

    def __init__(self, name: str) -> None:
        super().__init__(_("there is no message {name} here to pass on; `mado show` lists them").format(name=name or "?"), name=name)


class DraftInTheWay(BadInput):
    """A conversation has one text in work at a time."""

    def __init__(self, conversation: str) -> None:
        super().__init__(_("{id}: another text is in work there; send it, or throw it away first").format(id=conversation), id=conversation)


@dataclass(frozen=True)
class Passing:
    """A `tui.cli.reply.Begin`: which message goes to whom, and how."""

    store: LocalStore
    kind: DraftKind
    to: tuple[str, ...]
    message: str

    def __call__(self, state: Conversation, messages: Sequence[StoredMessage], inbox: InboxSettings, name: str, signature: str) -> Draft:
        """The draft that is in work already, if it is of the same message; else a new one.

        Raises:
            NothingToPassOn, DraftInTheWay: See there.
        """
        stored = forwardable(messages, MessageId(self.message) if self.message else None)
        if stored is None:
            raise NothingToPassOn(self.message)
        earlier = self.store.draft(state.id)
        if earlier is not None and (earlier.kind, earlier.passes_on) != (self.kind, stored.message_id):
            raise DraftInTheWay(state.id)
        if self.kind is DraftKind.REDIRECT:
            return start_redirect(state, stored, inbox, to=self.to)
        return start_forward(state, stored, inbox, name, signature, to=self.to)


@click.command(cls=Verb)
@click.argument("name", metavar="ID")
@click.option("--to", metavar="ADDRESS", multiple=True, required=True, help="Whom it goes to; may be repeated.")
@click.option("--message", metavar="MESSAGE-ID", default="", help="Which message (default: the newest that came in).")
@click.option("--body", metavar="FILE|-", help="What stands above it, in UTF-8.")
@click.option("--attach", "attachments", metavar="FILE", multiple=True, help="May be repeated.")
@click.option("--send", is_flag=True, help="Send it; else it is kept as a draft.")
@click.option("--yes", "--force", "yes", is_flag=True, help="Send it although the check warns; its errors always stop it.")
@click.option("--hold", type=click.FloatRange(min=0), default=HOLD_SECONDS, show_default=True, help="Seconds in which `undo` takes it back.")
@click.option("--wait", is_flag=True, help="Return when the mail server has answered.")
@click.option("--utf-8", "utf_8", is_flag=True, help="Send in UTF-8 what the recipient's charset cannot hold.")
@CHECK
@NOTE
@click.option("--then", metavar="STATUS", default="in_progress", show_default=True, help="The status once it was accepted.")
@click.pass_obj
def forward(
    invocation: Invocation,
    /,
    *,
    name: str,
    to: tuple[str, ...],
    message: str,
    body: str | None,
    attachments: tuple[str, ...],
    send: bool,
    yes: bool,
    hold: float,
    wait: bool,
    then: str,
    utf_8: bool,
    check: bool,
    note: str,
) -> int:
    """Forward a mail with its attachments: keep a draft, --send it, or ask for its --check."""
    check_note = note_for(check=check, note=note, wait=wait)
    text = None if body is None else read_body(body)
    files = tuple(str(existing(Path(file).expanduser())) for file in attachments)
    with opened_store(invocation.home) as store:
        passing = Passing(store, DraftKind.FORWARD, to, message)
        wish = _wish(name, text, files, passing, send=send or check, yes=yes, hold=hold, wait=wait, then=then, utf_8=utf_8, check_note=check_note)
        return asyncio.run(answer(invocation, store, wish))


@click.command(cls=Verb)
@click.argument("name", metavar="ID")
@click.option("--to", metavar="ADDRESS", multiple=True, required=True, help="Whom it goes to; may be repeated.")
@click.option("--message", metavar="MESSAGE-ID", default="", help="Which message (default: the newest that came in).")
@click.option("--send", is_flag=True, help="Send it; else it is kept as a draft.")
@click.option("--yes", "--force", "yes", is_flag=True, help="Send it although the check warns; its errors always stop it.")
@click.option("--hold", type=click.FloatRange(min=0), default=HOLD_SECONDS, show_default=True, help="Seconds in which `undo` takes it back.")
@click.option("--wait", is_flag=True, help="Return when the mail server has answered.")
@CHECK
@NOTE
@click.option("--then", metavar="STATUS", default="in_progress", show_default=True, help="The status once it was accepted.")
@click.pass_obj
def redirect(
    invocation: Invocation,
    /,
    *,
    name: str,
    to: tuple[str, ...],
    message: str,
    send: bool,
    yes: bool,
    hold: float,
    wait: bool,
    then: str,
    check: bool,
    note: str,
) -> int:
    """Pass a mail on as it is, in its sender's name and with every byte of it: keep that as a draft, --send it, or ask for its --check."""
    check_note = note_for(check=check, note=note, wait=wait)
    with opened_store(invocation.home) as store:
        passing = Passing(store, DraftKind.REDIRECT, to, message)
        wish = _wish(name, None, (), passing, send=send or check, yes=yes, hold=hold, wait=wait, then=then, check_note=check_note)
        return asyncio.run(answer(invocation, store, wish))


def _wish(
    name: str,
    body: str | None,
    files: tuple[str, ...],
    passing: Passing,
    *,
    send: bool,
    yes: bool,
    hold: float,
    wait: bool,
    then: str,
    utf_8: bool = False,
    check_note: str | None = None,
) -> Wish:
    if wait and not send:
        raise click.UsageError(_("--wait waits for what --send sends"))
    return Wish(
        name=name,
        body=body,
        template=None,
        attachments=files,
        send=send,
        yes=yes,
        hold_seconds=hold,
        wait=wait,
        then_status=then,
        seen=None,
        take_over=False,
        reason="",
        utf_8=utf_8,
        begin=passing,
        check_note=check_note,
    )
