"""`mado signature`: what stands below a member's mails, kept in this home."""

import click

from store.settings.kept import Kept
from store.settings.settings import load_settings
from tui.cli.given import InboxNotHere, read_body
from tui.cli.invocation import Invocation, Verb
from tui.identity import EVERY_INBOX


@click.command(cls=Verb)
@click.option(
    "--inbox", metavar="KEY", default=EVERY_INBOX, help="For this inbox alone, instead of the house's (default: above the house's, everywhere)."
)
@click.option("--body", metavar="FILE|-", help="Set it to this text, in UTF-8; an empty one takes it away.")
@click.pass_obj
def signature(invocation: Invocation, /, *, inbox: str, body: str | None) -> int:
    """Show or set the signature of your own."""
    if inbox and all(known.key != inbox for known in load_settings(invocation.home).inboxes):
        raise InboxNotHere(inbox)
    kept = Kept(invocation.home)
    if body is not None:
        kept.set_signature(inbox, read_body(body).rstrip("\n"))
    text = kept.signature(inbox)
    invocation.output.row({"inbox": inbox or None, "signature": text}, text.split("\n"))
    return 0
