"""Replies that wait for a checker, for scripts: list them, read one, approve it, send it back; and which replies do."""

import asyncio
import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import click
import msgspec

from mailsync.link.protocol import CheckBody, Refused
from mailsync.mime.parse import parse_message
from store.domain.check import Check
from store.domain.check_policy import CheckPolicy, CheckRule, folded
from store.domain.commands import AgentCommand, Approve, SaveCheckPolicy, SendBack
from store.domain.conversation import Conversation
from store.domain.ids import ConversationId, MemberKey
from store.domain.query import parse_query
from store.domain.refusals import UnknownConversation, UnknownSubmission
from tui.cli.agreed import give
from tui.cli.invocation import Invocation, Verb
from tui.cli.level import catch_up_briefly
from tui.cli.shapes import utc
from tui.cli.team import Team, open_team, opened_store
from tui.view.check_words import why_words
from tui.view.gate import clean
from tui.words import _

MOST_LISTED = 1_000


def check_shape(state: Conversation, check: Check) -> dict[str, object]:
    """A check as `--json` says it."""
    return {
        "id": state.id,
        "number": state.number,
        "subject": state.subject,
        "submission_id": check.id,
        "by": check.by,
        "since": utc(check.since),
        "to": list(check.reply.envelope.rcpt_to),
        "stage": min(check.stage, check.stages),
        "stages": check.stages,
        "why": list(check.why),
        "note": check.note,
        "limit_at": utc(check.limit_at),
        "hash": check.frozen_sha256,
    }


def _line(state: Conversation, check: Check) -> str:
    stage = f"{min(check.stage, check.stages)}/{check.stages}"
    why = f"  ({why_words(check.why)})" if check.why else ""
    return f"#{state.number}  {clean(check.by)}  {stage}  {clean(state.subject)}{why}"


@click.command(cls=Verb)
@click.argument("conversation", metavar="[ID]", required=False)
@click.pass_obj
def checks(invocation: Invocation, conversation: str | None) -> int:
    """List the replies that wait for a checker; with ID, show that one as it will leave."""

    async def work() -> int:
        with opened_store(invocation.home) as store:
            async with open_team(invocation.home, store, invocation.output) as team:
                return _list(invocation, team) if conversation is None else await _show(invocation, team, conversation)

    return asyncio.run(work())


def _list(invocation: Invocation, team: Team) -> int:
    for row in team.store.page(parse_query("status:awaiting_check"), limit=MOST_LISTED).rows:
        state = team.store.conversation(row.id)
        if state is not None and state.check is not None and state.check.waits:
            invocation.output.row(check_shape(state, state.check), _line(state, state.check))
    return 0


async def _show(invocation: Invocation, team: Team, name: str) -> int:
    conversation_id = team.store.resolve(name)
    state = team.store.conversation(conversation_id) if conversation_id is not None else None
    if state is None:
        return invocation.output.refused(UnknownConversation(conversation_id=name), id=name)
    body: CheckBody = await team.client.check_text(state.id)
    message = parse_message(body.mime)
    facts = {**check_shape(state, body.check), "subject": message.subject, "text": message.text, "files": [one.name for one in message.attachments]}
    head = [_line(state, body.check), f"To: {clean(', '.join(body.check.reply.envelope.rcpt_to))}", f"Subject: {clean(message.subject)}"]
    files = [_("file: {name}").format(name=clean(one.name)) for one in message.attachments]
    hash_line = _("hash: {hash}").format(hash=body.check.frozen_sha256)
    invocation.output.row(facts, [*head, *files, hash_line, "", *clean(message.text, lines=True).split("\n")])
    return 0


Deciding = Callable[[ConversationId, Check, Conversation], AgentCommand]


def _decide(invocation: Invocation, names: tuple[str, ...], make: Deciding, said: str) -> int:
    async def work() -> int:
        with opened_store(invocation.home) as store:
            async with open_team(invocation.home, store, invocation.output) as team:
                return max([await _one(invocation, team, name, make, said) for name in names])

    return asyncio.run(work())


async def _one(invocation: Invocation, team: Team, name: str, make: Deciding, said: str) -> int:
    conversation_id = team.store.resolve(name)
    state = team.store.conversation(conversation_id) if conversation_id is not None else None
    if state is None:
        return invocation.output.refused(UnknownConversation(conversation_id=name), id=name)
    if state.check is None:
        return invocation.output.refused(UnknownSubmission(submission_id=""), id=state.id)
    answer = await team.ask(make(state.id, state.check, state))
    if isinstance(answer, Refused):
        return invocation.output.refused(answer.refusal, id=state.id)
    after = team.store.conversation(state.id) or state
    check = after.check or state.check
    invocation.output.row({**check_shape(after, check), "state": check.state}, said.format(number=after.number))
    return 0


@click.command(cls=Verb)
@click.argument("conversations", metavar="ID…", nargs=-1, required=True)
@click.option("--hash", "frozen", metavar="HASH", default="", help="Approve only if the reply is the one of this hash (`mado checks ID`).")
@click.pass_obj
def approve(invocation: Invocation, conversations: tuple[str, ...], frozen: str) -> int:
    """Approve a reply that waits for a check; after the last stage it is sent."""

    def make(id_: ConversationId, check: Check, state: Conversation) -> Approve:
        known = frozen or check.frozen_sha256
        return Approve(conversation_id=id_, submission_id=check.id, frozen_sha256=known, seen_revision=state.revision)

    return _decide(invocation, conversations, make, _("#{number}: approved"))


@click.command(cls=Verb)
@click.argument("conversation", metavar="ID")
@click.option("--remark", required=True, help="What is to be changed; its writer reads it.")
@click.option("--kind", default="", help="Of which sort that is, for counting.")
@click.pass_obj
def send_back(invocation: Invocation, conversation: str, remark: str, kind: str) -> int:
    """Send a reply that waits for a check back to its writer, with a remark."""

    def make(id_: ConversationId, check: Check, _state: Conversation) -> SendBack:
        return SendBack(conversation_id=id_, submission_id=check.id, remark=remark, kind=kind)

    return _decide(invocation, (conversation,), make, _("#{number}: sent back"))


@click.command(cls=Verb)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.pass_obj
def check_rules(invocation: Invocation, file: Path | None) -> int:
    """Show which replies need a check and who checks; with FILE (TOML), a leader says so anew."""
    if file is not None:
        return give(invocation, SaveCheckPolicy(_policy_in(file)), "check-rules")
    with opened_store(invocation.home) as store:
        catch_up_briefly(invocation.home, store, invocation.output)
        policy = store.team().check_policy
    lines = [_("who leads checks, and: {who}").format(who=", ".join(policy.checkers) or "-")]
    lines += [f"{rule.key}  {rule.stages}  {_told(rule)}" for rule in policy.rules]
    invocation.output.row(msgspec.to_builtins(policy), lines)
    return 0


def _told(rule: CheckRule) -> str:
    """What a rule names beside its key and stages, as its file does."""
    told = {name: value for name, value in msgspec.to_builtins(rule).items() if name not in {"key", "stages"} and value not in (None, False, [])}
    return clean(", ".join(f"{name} = {value}" for name, value in told.items()))


def _policy_in(file: Path) -> CheckPolicy:
    try:
        return msgspec.convert(tomllib.loads(file.read_text("utf-8")), CheckPolicy, strict=True)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise click.UsageError(_("{file} is no list of rules: {problem}").format(file=file, problem=clean(str(error)))) from error


@click.command(cls=Verb)
@click.argument("member", required=False)
@click.option("--search", "words", default="", help="Only remarks with these words.")
@click.option("--count", is_flag=True, help="How many of each kind, instead of the remarks.")
@click.pass_obj
def learning(invocation: Invocation, member: str | None, words: str, *, count: bool) -> int:
    """List what checkers said when they sent your replies back; a leader names another MEMBER."""

    async def work() -> int:
        with opened_store(invocation.home) as store:
            async with open_team(invocation.home, store, invocation.output) as team:
                who = MemberKey(member.removeprefix("@").lower()) if member else team.me.key
                found = [one for one in await team.client.learning(who) if folded(words) in folded(one.remark)]
        if count:
            for kind, times in Counter(one.kind for one in found).most_common():
                invocation.output.row({"kind": kind or None, "count": times}, f"{times:>5}  {clean(kind) or '-'}")
            return 0
        for one in found:
            # Of a mailing that was sent back there is no conversation.
            where = f"#{one.number}" if one.conversation_id else "-"
            named = {"number": one.number or None, "id": one.conversation_id or None}
            facts = {**named, "by": one.by, "at": utc(one.at), "kind": one.kind or None, "remark": one.remark}
            invocation.output.row(facts, f"{one.at.astimezone():%Y-%m-%d}  {where}  {clean(one.by)}  {clean(one.kind)}  {clean(one.remark)}")
        return 0

    return asyncio.run(work())
