"""`mado linear`: the desk in sentences, for screen readers and braille lines."""

import click

from tui.cli.invocation import Invocation, Verb


@click.command(cls=Verb)
@click.pass_obj
def linear(invocation: Invocation) -> int:
    """Work at the desk in sentences, one after the other: for screen readers. `MADO_LINEAR=1 mado` does the same."""
    # Start-up cost: engine and link, for this verb alone.
    import readline  # noqa: F401 - gives `input` its editing keys and its history

    from tui.linear.desk import LinearDesk
    from tui.session import open_session

    return LinearDesk(open_session(invocation.home)).run()
