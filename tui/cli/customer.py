"""`mado customer erase` and `mado customer hold`: what the law says about a customer's data."""

import asyncio
from pathlib import Path

import click

from mailsync.link.home import client_of
from mailsync.link.local_server import reach_server
from mailsync.link.trail import Erased, ErasedLine, EraseRequest
from store.domain.commands import SetLegalHold
from store.settings.settings import load_settings
from tui.cli.invocation import Invocation, Verb
from tui.cli.many import act_on
from tui.words import _

NOT_ALL = 1
"""Exit code: something stands against erasing a conversation; the others are erased."""

GONE = frozenset({"erased", "would_erase", "already_erased"})


@click.group()
def customer() -> None:
    """Erase a customer, or keep a conversation from being erased."""


@customer.command(cls=Verb)
@click.argument("address", metavar="ADDRESS")
@click.option("--dry-run", is_flag=True, help="Only tell what would be erased.")
@click.pass_obj
def erase(invocation: Invocation, address: str, *, dry_run: bool) -> int:
    """Erase every conversation of ADDRESS in server, mirrors and drafts, for good; mail in the mailbox itself stays."""
    erased = asyncio.run(_erase(invocation.home, EraseRequest(address, dry_run)))
    for line in erased.conversations:
        shape: dict[str, object] = {"id": line.conversation_id, "number": line.number, "outcome": line.outcome, "events": line.events}
        invocation.output.row(shape, f"#{line.number}  {_outcome(line)}")
    for conversation_id in erased.named_in:
        sentence = _("{id}: names the customer, but is another's conversation: look at it yourself").format(id=conversation_id)
        invocation.output.row({"id": conversation_id, "outcome": "named_in"}, sentence)
    if not erased.conversations:
        invocation.output.message(_("No conversation of this address was found."))
    if not dry_run and not erased.swept:
        invocation.output.message(_("Old pages of the database were still being read: run it again to clear them from the file."))
    return 0 if all(line.outcome in GONE for line in erased.conversations) else NOT_ALL


@customer.command(cls=Verb)
@click.argument("conversations", metavar="ID…", nargs=-1, required=True)
@click.option("--reason", required=True, help="Why; it stands in the timeline and in the audit log.")
@click.option("--end", is_flag=True, help="It need not be kept any more.")
@click.pass_obj
def hold(invocation: Invocation, conversations: tuple[str, ...], reason: str, *, end: bool) -> int:
    """Keep conversations from erasure and retention (legal hold), or end that; for leaders."""
    return act_on(invocation, conversations, lambda id_, _team: SetLegalHold(conversation_id=id_, on=not end, reason=reason))


def _outcome(line: ErasedLine) -> str:
    match line.outcome:
        case "erased":
            return _("erased")
        case "would_erase":
            return _("would be erased ({n} events)").format(n=line.events)
        case "already_erased":
            return _("was erased before")
        case "legal_hold":
            return _("stays: it is on legal hold")
        case "lease":
            return _("stays for now: somebody is writing in it")
        case _:
            return _("stays for now: a reply is on its way")


async def _erase(home: Path, request: EraseRequest) -> Erased:
    settings = load_settings(home)
    async with client_of(home, settings, await asyncio.to_thread(reach_server, home, settings)) as client:
        return await client.erase_customer(request)
