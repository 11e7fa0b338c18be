"""`mado reply`: draft an answer, or send it through the same lease, checks and fence as the screen."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import click

from mailsync.link.errors import ServerAway
from store.domain.conversation import Conversation
from store.domain.fence import news_since
from store.domain.ids import ConversationId, MemberKey, Revision
from store.domain.refusals import UnknownConversation
from store.local.store import LocalStore
from store.settings.settings import Settings, load_settings
from tui.cli.given import existing, read_body
from tui.cli.going import Going, goes
from tui.cli.invocation import Invocation, Verb
from tui.cli.sending import queue_here, send_now
from tui.cli.team import Team, open_team, opened_store
from tui.cli.writing import Wish, kept_or_stopped, me_here, sending_of, write
from tui.view.trouble import problem_words
from tui.words import _


@dataclass(frozen=True)
class Known:
    """What was on this machine when the command started: nobody can have seen more."""

    revision: Revision
    messages: frozenset[str]


@click.command(cls=Verb)
@click.argument("name", metavar="ID")
@click.option("--template", metavar="T", help="A template's key or name; its fields are filled.")
@click.option("--field", "given", metavar="NAME=VALUE", multiple=True, help="Fill a merge field; an empty value takes it out. May be repeated.")
@click.option("--body", metavar="FILE|-", help="The whole text, in UTF-8.")
@click.option("--attach", "attachments", metavar="FILE", multiple=True, help="May be repeated.")
@click.option("--at", metavar="TIME", help="Send it then, in the customer's zone: `tomorrow 9`, 明日9時, or 営業開始 for the inbox's next opening.")
@click.option("--seen", type=click.IntRange(min=0), metavar="REVISION", help="The revision you have read (default: this machine's when it starts).")
@click.option("--take-over", is_flag=True, help="Write although a lease is held: your own on another terminal, or, with --reason, a colleague's.")
@click.option("--reason", default="", help="Why a colleague's lease is broken.")
@goes("done")
@click.pass_obj
def reply(
    invocation: Invocation,
    /,
    *,
    name: str,
    template: str | None,
    given: tuple[str, ...],
    body: str | None,
    attachments: tuple[str, ...],
    at: str | None,
    seen: int | None,
    take_over: bool,
    reason: str,
    going: Going,
) -> int:
    """Answer the customer: keep a draft, --send it, or ask for its --check."""
    if at and not going.send:
        raise click.UsageError(_("--at is about what --send sends"))
    text = None if body is None else read_body(body)
    files = tuple(str(existing(Path(file).expanduser())) for file in attachments)
    fields = tuple((each.partition("=")[0], each.partition("=")[2]) for each in given)
    wish = Wish(name, text, files, going, template=template, fields=fields, seen=seen, take_over=take_over, reason=reason, at=at)
    with opened_store(invocation.home) as store:
        return asyncio.run(answer(invocation, store, wish))


async def answer(invocation: Invocation, store: LocalStore, wish: Wish) -> int:
    """Do what is asked for about the conversation that is named: at the server, or, while that is away, here."""
    settings = load_settings(invocation.home)
    known = known_here(store, wish.name)
    try:
        async with open_team(invocation.home, store, invocation.output) as team:
            conversation_id = store.resolve(wish.name)
            if conversation_id is None or not await team.heard(conversation_id):
                return invocation.output.refused(UnknownConversation(conversation_id=wish.name), id=wish.name)
            return await _with_team(invocation, team, conversation_id, wish, known)
    except ServerAway as error:
        invocation.output.message(_("mado: {problem}").format(problem=problem_words(error)))
    return await _without_team(invocation, store, settings, wish, known)


def known_here(store: LocalStore, name: str) -> Known:
    """What could be read here before anything was asked of the server."""
    conversation_id = store.resolve(name)
    if conversation_id is None:
        return Known(Revision(0), frozenset())
    state = store.conversation(conversation_id)
    messages = frozenset(stored.message_id for stored in store.messages(conversation_id))
    return Known(state.revision if state else Revision(0), messages)


def seen_revision(wish: Wish, known: Known, now: Conversation, me: MemberKey) -> Revision:
    """What the sender has seen: as told, else what was here at the start.

    Mail that lay here could be read, though the server spoke of it only later.
    """
    if wish.seen is not None:
        return Revision(wish.seen)
    return now.revision if known.messages.issuperset(news_since(now, known.revision, me)) else known.revision


async def _with_team(invocation: Invocation, team: Team, conversation_id: ConversationId, wish: Wish, known: Known) -> int:
    state = team.store.conversation(conversation_id)
    assert state is not None, "known() has seen it"
    writing = write(invocation.home, team.store, team.settings, state, team.me, wish, seen_revision(wish, known, state, team.me.key))
    if (code := await kept_or_stopped(invocation, writing, team.settings, team.store, wish)) is not None:
        return code
    return await send_now(team, invocation.output, sending_of(writing, wish))


async def _without_team(invocation: Invocation, store: LocalStore, settings: Settings, wish: Wish, known: Known) -> int:
    """The server is away: a draft is kept all the same, and a send waits here and passes the fence later."""
    conversation_id = store.resolve(wish.name)
    row = store.row(conversation_id) if conversation_id else None
    if conversation_id is None or row is None:
        return invocation.output.refused(UnknownConversation(conversation_id=wish.name), id=wish.name)
    state = store.conversation(conversation_id) or Conversation(conversation_id, inbox=row.inbox, subject=row.subject)
    me = me_here(store, settings)
    writing = write(invocation.home, store, settings, state, me, wish, Revision(wish.seen if wish.seen is not None else known.revision))
    if (code := await kept_or_stopped(invocation, writing, settings, store, wish)) is not None:
        return code
    return await queue_here(store, me, invocation.output, sending_of(writing, wish))
