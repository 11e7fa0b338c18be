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
from tui.cli.given import existing, read_body
from tui.cli.going import Going, goes
from tui.cli.invocation import Invocation, Verb
from tui.cli.reply import answer
from tui.cli.team import opened_store
from tui.cli.writing import Wish
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
@goes("in_progress")
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
    going: Going,
) -> int:
    """Forward a mail with its attachments: keep a draft, --send it, or ask for its --check."""
    text = None if body is None else read_body(body)
    files = tuple(str(existing(Path(file).expanduser())) for file in attachments)
    with opened_store(invocation.home) as store:
        wish = Wish(name, text, files, going, begin=Passing(store, DraftKind.FORWARD, to, message))
        return asyncio.run(answer(invocation, store, wish))


@click.command(cls=Verb)
@click.argument("name", metavar="ID")
@click.option("--to", metavar="ADDRESS", multiple=True, required=True, help="Whom it goes to; may be repeated.")
@click.option("--message", metavar="MESSAGE-ID", default="", help="Which message (default: the newest that came in).")
@goes("in_progress", as_it_is=True)
@click.pass_obj
def redirect(invocation: Invocation, /, *, name: str, to: tuple[str, ...], message: str, going: Going) -> int:
    """Pass a mail on as it is, in its sender's name and with every byte of it: keep that as a draft, --send it, or ask for its --check."""
    with opened_store(invocation.home) as store:
        wish = Wish(name, None, (), going, begin=Passing(store, DraftKind.REDIRECT, to, message))
        return asyncio.run(answer(invocation, store, wish))
