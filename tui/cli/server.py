"""`mado server …`: the team's server."""

from pathlib import Path
from socket import gethostname

import click
import msgspec

from store.settings.settings import load_settings, write_settings
from tui.cli import keeping
from tui.cli.invocation import Invocation, Verb
from tui.cli.output import json_line
from tui.words import _

LINGER_SECONDS = 60.0
"""How long a terminal's own server outlives its last client."""


@click.group()
def server() -> None:
    """The team's server."""


for verb in keeping.VERBS:
    server.add_command(verb)


@server.command(cls=Verb)
@click.option("--listen", metavar="HOST:PORT", help="Take calls on a TCP port too; other machines only with a certificate.")
@click.option("--socket", type=click.Path(dir_okay=False, path_type=Path), help="Take calls on a Unix socket too, for its group (0660).")
@click.option("--group", metavar="GROUP", help="The group of that socket.")
@click.option("--database", metavar="URL", help="postgresql://… that several servers may share; default: a file in the home.")
@click.option("--own", is_flag=True, hidden=True, help="As a terminal's own server: ends 60 s after its last client.")
@click.pass_obj
def run(invocation: Invocation, *, listen: str | None, socket: Path | None, group: str | None, database: str | None, own: bool) -> None:
    """Be the server of this home until told to stop; prints one JSON line when it takes calls."""
    import uvloop  # start-up cost: `member add` needs neither

    from mailsync.server.run import serve  # start-up cost: the same

    home = invocation.home
    settings = load_settings(home)

    def ready(url: str) -> None:
        click.echo(json_line({"ready": True, "url": url}))

    linger = LINGER_SECONDS if own else None
    uvloop.run(serve(settings, home, listen=listen, socket=socket, group=group, database=database, on_ready=ready, linger_seconds=linger))


@server.command(cls=Verb)
@click.pass_obj
def openapi(_invocation: Invocation) -> None:
    """Print the OpenAPI document of the server's calls; needs no server."""
    from mailsync.server.endpoints import ENDPOINTS  # start-up cost: `member add` needs no server's code
    from mailsync.server.openapi import openapi as made  # start-up cost: the same

    click.echo(json_line(made(ENDPOINTS)))


@server.command(cls=Verb)
@click.option("--name", "names", multiple=True, metavar="HOST", help="A name or address members call it by; repeat it for more. Default: this one's.")
@click.option("--days", default=3650, show_default=True, help="How long it is good.")
@click.option("--renew", is_flag=True, help="Instead of the one that is there: members need new invitations then.")
@click.pass_obj
def certificate(invocation: Invocation, *, names: tuple[str, ...], days: int, renew: bool) -> None:
    """Make a certificate for a house without an authority of its own; invitations carry its fingerprint, and members trust that."""
    from mailsync.server.self_signed import make_certificate  # start-up cost: `run` needs none

    made = make_certificate(invocation.home, names or (gethostname(), "localhost", "127.0.0.1", "::1"), days=days, renew=renew)
    settings = load_settings(invocation.home)
    placed = msgspec.structs.replace(settings.server, tls_cert=str(made.certificate), tls_key=str(made.key))
    write_settings(invocation.home, msgspec.structs.replace(settings, server=placed))
    shape = {"certificate": str(made.certificate), "key": str(made.key), "fingerprint": made.fingerprint, "names": list(made.names)}
    words = _("made {certificate}; it counts when the server is started again. SHA-256 {fingerprint}")
    invocation.output.row(shape, words.format(certificate=made.certificate, fingerprint=made.fingerprint))
