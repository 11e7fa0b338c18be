"""`mado suppress`: the do-not-mail list, to whose addresses no mailing goes."""

from pathlib import Path

import click

from mailsync.link.client import TeamClient
from mailsync.link.mailing_protocol import AllowRequest, SuppressedLine, SuppressRequest
from store.domain.mailing_recipients import Recipient, read_recipients
from store.domain.mailing_sheet import read_sheet
from store.domain.send_check import address_of
from tui.cli.calling import call_server
from tui.cli.invocation import Invocation, Verb
from tui.cli.mailing import FILE, table_verb
from tui.cli.mailing_table import ASKED_AT_ONCE, TableUnreadable
from tui.cli.shapes import utc
from tui.view.gate import clean
from tui.words import _

NOT_ON_IT = 1


@click.group()
def suppress() -> None:
    """The do-not-mail list: who gets no mailing."""


@suppress.command(cls=Verb)
@click.argument("addresses", metavar="ADDRESS…", nargs=-1, required=True)
@click.option("--reason", default="", help="Why; shown in the list.")
@click.pass_obj
def add(invocation: Invocation, addresses: tuple[str, ...], reason: str) -> int:
    """Send these addresses no mailing any more."""
    bad = [text for text in addresses if address_of(text) is None]
    if bad:
        raise click.UsageError(_("{address} is no address").format(address=bad[0]))
    return _add(invocation, [address_of(text) or text for text in addresses], reason)


def _add(invocation: Invocation, addresses: list[str], reason: str) -> int:
    async def work(client: TeamClient) -> int:
        changed = 0
        for start in range(0, len(addresses), ASKED_AT_ONCE):
            changed += (await client.suppress(SuppressRequest(tuple(addresses[start : start + ASKED_AT_ONCE]), reason))).changed
        return changed

    added = call_server(invocation, work)
    invocation.output.row({"given": len(addresses), "added": added}, _("{n:,} added to the do-not-mail list").format(n=added))
    return 0


@suppress.command(cls=Verb)
@click.argument("address")
@click.pass_obj
def remove(invocation: Invocation, address: str) -> int:
    """Allow mailings to an address again; for leaders."""
    changed = call_server(invocation, lambda client: client.allow(AllowRequest(address_of(address) or address))).changed
    invocation.output.row({"removed": changed}, _("taken off the list") if changed else _("it was not on the list"))
    return 0 if changed else NOT_ON_IT


@suppress.command("list", cls=Verb)
@click.pass_obj
def list_suppressed(invocation: Invocation) -> None:
    """List who gets no mailing, since when, and by whose word."""

    async def work(client: TeamClient) -> list[SuppressedLine]:
        found: list[SuppressedLine] = []
        while page := await client.suppressed(found[-1].address_sha256 if found else ""):
            found += page
        return found

    for one in sorted(call_server(invocation, work), key=lambda line: line.at):
        shape = {"address": one.address or None, "reason": one.reason, "how": one.how, "member": one.member or None, "at": utc(one.at)}
        shape["address_sha256"] = one.address_sha256
        address = one.address or _("(erased)")
        words = f"{address}  {one.at.astimezone():%Y-%m-%d}  {_how(one)}  {clean(one.reason)}"
        invocation.output.row(shape, words.rstrip())


def _how(one: SuppressedLine) -> str:
    return {"mail": _("asked by mail"), "one_click": _("unsubscribed by a click")}.get(one.how, f"@{clean(one.member)}")


@suppress.command("import", cls=Verb)
@FILE
@click.option("--reason", default="", help="Why; shown in the list.")
@click.pass_obj
@table_verb
def import_table(invocation: Invocation, *, file: Path, reason: str) -> int:
    """Add every address of a table (CSV with a column `address` or メール)."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise TableUnreadable(file, error.strerror or type(error).__name__) from error
    found = list(read_recipients(read_sheet(raw)))
    code = _add(invocation, [one.address for one in found if isinstance(one, Recipient)], reason)
    for one in found:
        if not isinstance(one, Recipient) and one.code != "duplicate":
            invocation.output.message(_("row {row}: {words}").format(row=one.n, words=clean(one.fact or one.code)))
    return code
