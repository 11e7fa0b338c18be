"""Find the verb, run it, and turn whatever comes out into an exit code. Verb modules are imported only when called."""

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from store.errors import MadoError, NotPermitted
from tui.cli.helping import translate_frame, translated
from tui.cli.invocation import Invocation
from tui.cli.quick import ENDED_BY_INTERRUPT
from tui.words import _

VERBS: dict[str, tuple[str, str]] = {
    "demo": ("tui.cli.demo", "demo"),
    "doctor": ("tui.cli.doctor", "doctor"),
    "sync": ("tui.cli.sync", "sync"),
    "list": ("tui.cli.listing", "list_conversations"),
    "search": ("tui.cli.search", "search"),
    "show": ("tui.cli.show", "show"),
    "eml": ("tui.cli.eml", "eml"),
    "take": ("tui.cli.actions", "take"),
    "assign": ("tui.cli.actions", "assign"),
    "status": ("tui.cli.actions", "status"),
    "urgency": ("tui.cli.actions", "urgency"),
    "merge": ("tui.cli.linking", "merge"),
    "split": ("tui.cli.linking", "split"),
    "move": ("tui.cli.linking", "move"),
    "tag": ("tui.cli.sorting", "tag"),
    "folder": ("tui.cli.sorting", "folder"),
    "due": ("tui.cli.sorting", "due"),
    "snooze": ("tui.cli.sorting", "snooze"),
    "follow": ("tui.cli.sorting", "follow"),
    "statuses": ("tui.cli.agreed", "statuses"),
    "group": ("tui.cli.agreed", "group"),
    "away": ("tui.cli.agreed", "away"),
    "comment": ("tui.cli.talking", "comment"),
    "read": ("tui.cli.reading", "read"),
    "unread": ("tui.cli.reading", "unread"),
    "react": ("tui.cli.talking", "react"),
    "next": ("tui.cli.next_best", "next_best"),
    "undo": ("tui.cli.actions", "undo"),
    "reply": ("tui.cli.reply", "reply"),
    "new": ("tui.cli.new", "new"),
    "forward": ("tui.cli.passing_on", "forward"),
    "redirect": ("tui.cli.passing_on", "redirect"),
    "checks": ("tui.cli.checking", "checks"),
    "approve": ("tui.cli.checking", "approve"),
    "check-rules": ("tui.cli.checking", "check_rules"),
    "learning": ("tui.cli.checking", "learning"),
    "sample": ("tui.cli.sample", "sample"),
    "send-back": ("tui.cli.checking", "send_back"),
    "outbox": ("tui.cli.outbox", "outbox"),
    "view": ("tui.cli.view", "view"),
    "field": ("tui.cli.field", "field"),
    "template": ("tui.cli.template", "template"),
    "check": ("tui.cli.check", "check_draft"),
    "words": ("tui.cli.words", "words"),
    "mailing": ("tui.cli.mailing_verbs", "mailing"),
    "suppress": ("tui.cli.suppress", "suppress"),
    "join": ("tui.cli.join", "join"),
    "login": ("tui.cli.join", "login"),
    "member": ("tui.cli.member", "member"),
    "session": ("tui.cli.session", "session"),
    "signature": ("tui.cli.signature", "signature"),
    "log": ("tui.cli.log", "log"),
    "customer": ("tui.cli.customer", "customer"),
    "linear": ("tui.cli.linear", "linear"),
    "server": ("tui.cli.server", "server"),
}
"""Each verb, and the module and name where it lives."""

USAGE = 2
"""The command line was not understood; nothing was done."""


class LazyVerbs(click.Group):
    """A group that imports a verb's module only when the verb is named: `mado search` must not pay for aiohttp."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Every verb, sorted."""
        return sorted(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The verb's command, or None when there is none of that name."""
        if cmd_name not in VERBS:
            return None
        module, name = VERBS[cmd_name]
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command), f"{module}.{name} is no click command"
        return translated(command)


@click.group(cls=LazyVerbs, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--home", type=click.Path(file_okay=False, path_type=Path), help="Where settings and data lie (default: $MADO_HOME).")
@click.option("--version", is_flag=True, help="Say which version this is.")
@click.pass_context
def mado(context: click.Context, home: Path | None, *, version: bool) -> None:
    """madoguchi: the desk with which a team handles its shared mailboxes."""
    context.obj = context.obj or Invocation(None)
    context.obj.explicit_home = home or context.obj.explicit_home
    if version:
        from importlib.metadata import version as version_of  # start-up cost: only this flag needs it

        click.echo(f"mado {version_of('madoguchi')}")
    elif context.invoked_subcommand is None:
        # `mado` and `mado --home DIR` alone open the terminal and never come here.
        raise click.UsageError(_("say what to do; `mado --help` lists the verbs"))


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run one command line and exit with its code."""
    sys.exit(run(argv))


def run(argv: Sequence[str] | None = None, invocation: Invocation | None = None) -> int:
    """Run one command line (without the program's name; default: sys.argv's) and return its exit code; see architecture.md.

    `invocation`: where it works and how it speaks, for whoever calls it from within.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    translated(mado)
    translate_frame()
    invocation = invocation or Invocation(None)
    try:
        result = mado.main(arguments, prog_name="mado", standalone_mode=False, obj=invocation)
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.Abort:
        return ENDED_BY_INTERRUPT
    except click.ClickException as error:
        error.show(sys.stderr)
        return USAGE
    except MadoError as error:
        return _tell(error, invocation)
    return result if isinstance(result, int) else 0


def _tell(error: MadoError, invocation: Invocation) -> int:
    """Say an error on stderr and give its exit code: the one place where branches of the tree become codes."""
    from tui.cli.output import Output  # start-up cost: only when there is something to say

    output = Output(json=False)
    if isinstance(error, NotPermitted):
        from tui.cli.ended import shut_if_over  # start-up cost: seldom

        try:
            said = shut_if_over(invocation.home, error)
        except MadoError as other:
            error, said = other, None
        if said is not None:
            output.message(_("mado: {problem}").format(problem=said))
            return error.exit_code
    output.trouble(error)
    return error.exit_code
