"""`mado new`: write first. The conversation begins when the mail is handed over; until then there is nothing but a draft."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import msgspec

from mailsync.link.errors import ServerAway
from store.domain.conversation import Conversation
from store.domain.draft import Draft
from store.domain.draft_kind import DraftKind
from store.domain.ids import ConversationId, InboxKey
from store.errors import BadInput
from store.local.rows import StoredMessage
from store.local.store import LocalStore
from store.settings.settings import InboxSettings, Settings, load_settings
from tui.cli.given import InboxNotHere, NothingWritten, existing, read_body
from tui.cli.going import Going, goes
from tui.cli.invocation import Invocation, Verb
from tui.cli.sending import queue_here, send_now
from tui.cli.team import open_team, opened_store
from tui.cli.writing import Wish, kept_or_stopped, me_here, sending_of, write
from tui.new_mail import new_conversation_id, start_new
from tui.view.trouble import problem_words
from tui.words import _


class NoSuchNewMail(BadInput):
    """No draft of a new mail is kept under that id."""

    def __init__(self, name: str) -> None:
        super().__init__(_("no new mail is kept as a draft under {name}").format(name=name), name=name)


class WhichInbox(BadInput):
    """There is more than one to write from."""

    def __init__(self) -> None:
        super().__init__(_("say from which inbox: --inbox KEY"))


@dataclass(frozen=True)
class Beginning:
    """A `tui.cli.reply.Begin`: the draft that is kept, or an empty mail; to whom and about what as the command line says."""

    earlier: Draft | None
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str | None

    def __call__(self, state: Conversation, messages: Sequence[StoredMessage], inbox: InboxSettings, name: str, signature: str) -> Draft:
        """The draft."""
        del messages
        draft = self.earlier or start_new(state.id, inbox, name, signature)
        subject = draft.subject if self.subject is None else self.subject
        return msgspec.structs.replace(draft, to=self.to or draft.to, cc=self.cc or draft.cc, subject=subject)


@click.command(cls=Verb)
@click.option("--inbox", metavar="KEY", default="", help="Which inbox it is from (default: the only one).")
@click.option("--to", metavar="ADDRESS", multiple=True, help="Whom it goes to; may be repeated.")
@click.option("--cc", metavar="ADDRESS", multiple=True, help="Who gets a copy; may be repeated.")
@click.option("--subject", metavar="TEXT", help="The subject.")
@click.option("--template", metavar="T", help="A template's key or name; its fields are filled.")
@click.option("--body", metavar="FILE|-", help="The whole text, in UTF-8.")
@click.option("--attach", "attachments", metavar="FILE", multiple=True, help="May be repeated.")
@click.option("--draft", metavar="ID", default="", help="Go on with a new mail that was kept as a draft.")
@goes("done")
@click.pass_obj
def new(
    invocation: Invocation,
    /,
    *,
    inbox: str,
    to: tuple[str, ...],
    cc: tuple[str, ...],
    subject: str | None,
    template: str | None,
    body: str | None,
    attachments: tuple[str, ...],
    draft: str,
    going: Going,
) -> int:
    """Write a new mail: keep a draft, --send it, or ask for its --check."""
    text = None if body is None else read_body(body)
    files = tuple(str(existing(Path(file).expanduser())) for file in attachments)
    with opened_store(invocation.home) as store:
        earlier = _kept_new(store, draft)
        if going.send and earlier is None and text is None and template is None:
            raise NothingWritten
        wish = Wish(draft, text, files, going, template=template, begin=Beginning(earlier, to, cc, subject))
        return asyncio.run(_new(invocation, store, wish, earlier, inbox))


def _kept_new(store: LocalStore, name: str) -> Draft | None:
    if not name:
        return None
    found = store.draft(ConversationId(name))
    if found is None or found.kind is not DraftKind.NEW:
        raise NoSuchNewMail(name)
    return found


def _inbox_for(settings: Settings, key: str, earlier: Draft | None) -> InboxKey:
    """The inbox that is meant.

    Raises:
        InboxNotHere, WhichInbox: See there.
    """
    wanted = key or (earlier.inbox if earlier is not None else "")
    keys = [inbox.key for inbox in settings.inboxes]
    if wanted:
        if wanted not in keys:
            raise InboxNotHere(wanted)
        return InboxKey(wanted)
    if len(keys) != 1:
        raise WhichInbox
    return keys[0]


async def _new(invocation: Invocation, store: LocalStore, wish: Wish, earlier: Draft | None, inbox: str) -> int:
    settings = load_settings(invocation.home)
    blank = Conversation(earlier.conversation_id if earlier is not None else new_conversation_id(), inbox=_inbox_for(settings, inbox, earlier))
    try:
        async with open_team(invocation.home, store, invocation.output) as team:
            # It may have begun: its mail was taken back, or this machine died before it was handed over.
            state = store.conversation(blank.id) or blank
            writing = write(invocation.home, store, settings, state, team.me, wish, state.revision)
            if (code := await kept_or_stopped(invocation, writing, settings, store, wish)) is not None:
                return code
            return await send_now(team, invocation.output, sending_of(writing, wish))
    except ServerAway as error:
        invocation.output.message(_("mado: {problem}").format(problem=problem_words(error)))
    me = me_here(store, settings)
    state = store.conversation(blank.id) or blank
    writing = write(invocation.home, store, settings, state, me, wish, state.revision)
    if (code := await kept_or_stopped(invocation, writing, settings, store, wish)) is not None:
        return code
    return await queue_here(store, me, invocation.output, sending_of(writing, wish))
