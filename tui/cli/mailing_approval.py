"""The verbs of a mailing that somebody else must read first: approve it, send it back, ask for it again."""

import click

from mailsync.link.client import TeamClient
from store.domain.mailing_commands import ApproveMailing, HandInMailing, SendBackMailing
from tui.cli.calling import call_server
from tui.cli.invocation import Invocation, Verb
from tui.cli.mailing import NOT_ALL, ask, find, give, mailing, sure
from tui.cli.output import Output
from tui.view.gate import clean
from tui.words import _


@mailing.command(cls=Verb)
@click.argument("name", metavar="MAILING")
@click.option("--yes", is_flag=True, help="You have looked at the three mails before.")
@click.pass_obj
def approve(invocation: Invocation, name: str, *, yes: bool) -> int:
    """Look at three of its mails as they will leave, and approve exactly this."""

    async def work(client: TeamClient) -> int:
        told = await find(client, name)
        for row in await client.mailing_rows(told.mailing.id):
            tell_mail(invocation.output, row.n, row.mime)
        question = _("Approve {rows:,} mails of “{name}”?").format(rows=told.mailing.rows, name=clean(told.mailing.name))
        if not sure(question, yes=yes):
            return NOT_ALL
        # Of what was shown: were it another by now, the server says so.
        return await ask(client, invocation.output, ApproveMailing(mailing_id=told.mailing.id, sha256=told.mailing.subject.frozen_sha256))

    return call_server(invocation, work)


def tell_mail(output: Output, n: int, mime: bytes) -> None:
    """A frozen mail as its recipient reads it."""
    from mailsync.mime.parse import parse_message  # start-up cost

    message = parse_message(mime)
    to = ", ".join(f"{each.name} <{each.address}>" for each in message.to)
    shape = {"row": n, "to": [each.address for each in message.to], "subject": message.subject, "body": message.text}
    head = ["─" * 40, _("Row {n}").format(n=n), _("To: {to}").format(to=to), _("Subject: {subject}").format(subject=message.subject), ""]
    output.row(shape, [*head, *message.text.splitlines()])


@mailing.command("send-back", cls=Verb)
@click.argument("name", metavar="MAILING")
@click.option("--remark", metavar="TEXT", required=True, help="What is to be changed; its maker reads it at once.")
@click.pass_obj
def send_back(invocation: Invocation, name: str, remark: str) -> int:
    """Do not approve it: it goes back to its maker, and every yes so far is void."""
    return give(invocation, name, lambda told: SendBackMailing(mailing_id=told.mailing.id, remark=remark))


@mailing.command("ask-again", cls=Verb)
@click.argument("name", metavar="MAILING")
@click.pass_obj
def ask_again(invocation: Invocation, name: str) -> int:
    """Ask for approval of your mailing that was sent back, as it is; a changed table is handed in by `start`."""
    return give(invocation, name, lambda told: HandInMailing(mailing_id=told.mailing.id, sha256=told.mailing.sha256))
