"""`mado log show` and `mado log verify`: what was done, by whom and from where, and the proof that none of it was changed."""

import asyncio
from datetime import datetime
from pathlib import Path

import click

from mailsync.link.home import client_of
from mailsync.link.local_server import reach_server
from mailsync.link.trail import KeptHead, LogLine, LogRequest, LogVerified, VerifyRequest
from store.domain.audit import BadHead, read_head
from store.errors import BadInput
from store.settings.settings import load_settings
from tui.cli.actions import Moment
from tui.cli.invocation import Invocation, Verb
from tui.cli.log_file import verify_file
from tui.cli.output import Output
from tui.cli.team import opened_store
from tui.words import _

DAMAGED = 1
"""Exit code: something in the log is not as it was written."""


class BadHeadGiven(BadInput):
    """A text given with --head."""


@click.group()
def log() -> None:
    """The audit log: who did what, when, from where."""


@log.command(cls=Verb)
@click.argument("words", metavar="[QUERY]…", nargs=-1)
@click.option("--since", type=Moment(), help="Nothing older than this.")
@click.option("--limit", type=click.IntRange(1, 2000), default=200, show_default=True)
@click.pass_obj
def show(invocation: Invocation, words: tuple[str, ...], since: datetime | None, limit: int) -> None:
    """List the newest entries that hold every word: a member, a kind of event, an address, a conversation's id."""
    # A conversation goes by any of its names, as everywhere.
    with opened_store(invocation.home) as store:
        wanted = tuple((store.resolve(word) or word) if word.startswith("#") else word for word in words)
    lines = asyncio.run(_show(invocation.home, LogRequest(tuple(part for word in wanted for part in word.split()), since, limit)))
    for line in lines:
        invocation.output.row(_shape(line), _sentence(line))


@log.command(cls=Verb)
@click.option("--head", "heads", multiple=True, metavar="N:HASH", help="A head kept elsewhere, which the log must still hold; may be repeated.")
@click.option("--file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Prove a database or a backup without a server.")
@click.pass_obj
def verify(invocation: Invocation, heads: tuple[str, ...], file: Path | None) -> int:
    """Prove that no entry was changed, dropped, added, moved or cut off; 1 with the first bad place."""
    for head in heads:
        try:
            read_head(head)
        except BadHead as error:
            raise BadHeadGiven(_("{text} is no head of an audit log: it reads number:hash").format(text=repr(head[:80]))) from error
    verified = verify_file(file, heads) if file is not None else asyncio.run(_verify(invocation.home, heads))
    return _tell(invocation.output, verified)


async def _show(home: Path, request: LogRequest) -> list[LogLine]:
    settings = load_settings(home)
    async with client_of(home, settings, await asyncio.to_thread(reach_server, home, settings)) as client:
        return await client.log_show(request)


async def _verify(home: Path, given: tuple[str, ...]) -> LogVerified:
    settings = load_settings(home)
    async with client_of(home, settings, await asyncio.to_thread(reach_server, home, settings)) as client:
        epoch = (await client.me()).epoch
        with opened_store(home) as store:
            heads = (*(KeptHead(seen.epoch, seen.head) for seen in store.traces.heads()), *(KeptHead(epoch, head) for head in given))
            verified = await client.log_verify(VerifyRequest(heads))
            while not verified.done:
                verified = await client.log_verify(VerifyRequest(heads, verified.head, verified.events, verified.erased))
            if verified.bad_n is None:
                store.traces.keep_head(verified.epoch, verified.head)
        return verified


PROBLEMS = {
    "gap": lambda: _("an entry is missing"),
    "order": lambda: _("events are in another order"),
    "changed_entry": lambda: _("the entry was changed, moved or put in"),
    "changed_payload": lambda: _("what it tells of was changed"),
    "missing_event": lambda: _("the event it tells of is gone"),
    "unlisted_event": lambda: _("the journal has an event of which the log knows nothing"),
    "cut_off": lambda: _("the log was cut off here"),
    "other_head": lambda: _("the log was written anew: this entry is not the one that was seen before"),
}
"""What can be wrong (`store.domain.audit_walk.Place`), in words."""


def _tell(output: Output, verified: LogVerified) -> int:
    shape: dict[str, object] = {
        "intact": verified.bad_n is None,
        "head": verified.head,
        "epoch": verified.epoch,
        "events": verified.events,
        "erased": verified.erased,
        "bad": None if verified.bad_n is None else {"entry": verified.bad_n, "problem": verified.problem, "seq": verified.seq},
        "lost": [one.head for one in verified.lost],
    }
    if verified.bad_n is None:
        output.row(shape, [_("The log holds. Keep this head to prove it later:"), verified.head])
    else:
        problem = PROBLEMS.get(verified.problem, lambda: verified.problem)()
        sentence = _("Entry {n}: {problem}. Everything before it holds.").format(n=verified.bad_n, problem=problem)
        output.row(shape, sentence)
    if verified.lost:
        output.message(_("{n} heads kept here are not in this log: a backup from before them was restored.").format(n=len(verified.lost)))
    return 0 if verified.bad_n is None else DAMAGED


def _shape(line: LogLine) -> dict[str, object]:
    return {
        "entry": line.n,
        "at": line.at,
        "what": line.what,
        "who": line.who,
        "conversation_id": line.conversation_id,
        "seq": line.seq,
        "from": line.where,
        "facts": line.facts,
        "erased": line.erased,
    }


def _sentence(line: LogLine) -> str:
    facts = "  ".join(f"{name}={value}" for name, value in line.facts.items() if name != "remains")
    return "  ".join(filter(None, (f"{line.n:>7}  {line.at:%Y-%m-%d %H:%M:%S}Z", f"@{line.who}", line.what, line.conversation_id, line.where, facts)))
