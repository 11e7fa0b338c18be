"""One command for many conversations: those that are named, or all that a query finds; with --dry-run only said."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import TypeVar, cast

import click

from mailsync.link.keys import new_key
from mailsync.link.protocol import Refused
from mailsync.link.queue import ask_many
from store.domain.commands import AgentCommand
from store.domain.conversation import Conversation
from store.domain.foresight import Foresight
from store.domain.ids import CommandKey, ConversationId
from store.domain.query import Query, parse_query
from store.domain.refusals import UnknownConversation
from store.domain.sorting import MOST_AT_ONCE, SortingCommand
from store.domain.team_facts import names_of_statuses
from store.local.rows import PageKey, Pending
from store.local.store import LocalStore
from tui.cli.invocation import Invocation
from tui.cli.listing import line_of
from tui.cli.shapes import conversation_shape
from tui.cli.team import Team, open_team, opened_store
from tui.words import _

IDS_AT_ONCE = 2_000
Making = Callable[[ConversationId, Team], AgentCommand]
Given = TypeVar("Given", bound=Callable[..., object])


@dataclass(frozen=True)
class Which:
    """Of which conversations a verb speaks."""

    names: tuple[str, ...]
    query: str = ""
    dry_run: bool = False


def of_many(verb: Given) -> Given:
    """Give a verb `ID…`, `--query` and `--dry-run`; it gets them as one `Which`."""

    @wraps(verb)
    def given(*args: object, conversations: tuple[str, ...], query: str, dry_run: bool, **rest: object) -> object:
        if not conversations and not query:
            raise click.UsageError(_("name conversations, or say --query QUERY"))
        if conversations and query:
            raise click.UsageError(_("either name conversations, or say --query QUERY"))
        return verb(*args, which=Which(conversations, query, dry_run), **rest)

    named = click.argument("conversations", metavar="ID…", nargs=-1)(given)
    asked = click.option("--query", default="", help="All that this query finds, as in `mado list`, instead of named ones.")(named)
    said = click.option("--dry-run", is_flag=True, help="Say what would come of it for each, and change nothing.")(asked)
    return cast("Given", said)


def act_on(invocation: Invocation, named: Which | Sequence[str], make: Making) -> int:
    """Give one command for each conversation, in order; print each as `mado list` does, or why not. 1 if any was refused."""
    which = named if isinstance(named, Which) else Which(tuple(named))

    async def work() -> int:
        with opened_store(invocation.home) as store:
            if which.query:
                _query(store, which.query)  # a wrong one is said before anybody waits for a server
            async with open_team(invocation.home, store, invocation.output) as team:
                if which.query:
                    return await _found(invocation, team, which, make)
                if which.dry_run:
                    return _foretold(invocation, team, [_id(team, name) for name in which.names], make)
                return max([await _act(invocation, team, name, make) for name in which.names])

    return asyncio.run(work())


def _query(store: LocalStore, text: str) -> Query:
    return parse_query(text, me=store.me(), own_statuses=names_of_statuses(store.team()))


async def _act(invocation: Invocation, team: Team, name: str, make: Making) -> int:
    conversation_id = team.store.resolve(name)
    if conversation_id is None or not await team.known(conversation_id):
        return invocation.output.refused(UnknownConversation(conversation_id=name), id=name)
    answer = await team.ask(make(conversation_id, team))
    if isinstance(answer, Refused):
        return invocation.output.refused(answer.refusal, id=conversation_id)
    _print(invocation, team, conversation_id)
    return 0


def _print(invocation: Invocation, team: Team, conversation_id: ConversationId) -> None:
    row = team.store.row(conversation_id)
    if row is not None:
        invocation.output.row(conversation_shape(row), line_of(row, "", team.store.team()))


def _id(team: Team, name: str) -> ConversationId:
    return team.store.resolve(name) or ConversationId(name)


async def _found(invocation: Invocation, team: Team, which: Which, make: Making) -> int:
    """Read whole before the first is changed: what changes may leave the list."""
    ids = _ids(team, which.query)
    if which.dry_run:
        return _foretold(invocation, team, ids, make)
    worst = 0
    for start in range(0, len(ids), MOST_AT_ONCE):
        now = team.clock.now()
        given = [Pending(CommandKey(new_key(team.clock)), make(each, team), now) for each in ids[start : start + MOST_AT_ONCE]]
        for waiting, answer in zip(given, await ask_many(team.client, team.mirror, given), strict=True):
            if isinstance(answer, Refused):
                worst = max(worst, invocation.output.refused(answer.refusal, id=waiting.command.conversation_id))
            else:
                _print(invocation, team, waiting.command.conversation_id)
    return worst


def _ids(team: Team, text: str) -> list[ConversationId]:
    query = _query(team.store, text)
    found: dict[ConversationId, None] = {}
    key: PageKey | None = None
    while True:
        keys = team.store.ids(query, newest=key, limit=IDS_AT_ONCE)
        found.update(dict.fromkeys(each.id for each in keys))
        if len(keys) < IDS_AT_ONCE:
            return list(found)
        key = keys[-1]


def _foretold(invocation: Invocation, team: Team, ids: Sequence[ConversationId], make: Making) -> int:
    def making(state: Conversation) -> SortingCommand:
        return cast("SortingCommand", make(state.id, team))

    pieces = [ids[start : start + MOST_AT_ONCE] for start in range(0, len(ids), MOST_AT_ONCE)]
    foresight = Foresight.of([team.store.foresee(piece, making, team.clock.now()) for piece in pieces])
    changes = {command.conversation_id for command in foresight.commands}
    refused = {id_: each.first for each in foresight.hindrances for id_ in each.ids}
    worst = 0
    for id_ in ids:
        if id_ in changes or id_ in foresight.already:
            would = "change" if id_ in changes else "nothing"
            words = _("would change") if id_ in changes else _("is so already")
            row = team.store.row(id_)
            number = row.number if row is not None else None
            invocation.output.row({"id": id_, "number": number, "would": would}, f"{f'#{number}' if number else id_}  {words}")
        else:
            worst = max(worst, invocation.output.refused(refused.get(id_, UnknownConversation(conversation_id=id_)), id=id_))
    return worst
