"""Secrets a person types: at a prompt or from stdin, never on the command line, where every process of the machine can read them."""

import sys

import click

from tui.words import _


def first_line() -> str:
    """A line of stdin, without its end.

    Raises:
        click.UsageError: There is none.
    """
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise click.UsageError(_("no password on stdin"))
    return line


def secret(words: str, *, from_stdin: bool, twice: bool = False) -> str:
    """A password; at a prompt, typed twice where it is new."""
    if from_stdin:
        return first_line()
    return str(click.prompt(words, hide_input=True, err=True, confirmation_prompt=twice))


def code_at_prompt(*, from_stdin: bool) -> str | None:
    """A code of the authenticator app; None where nobody can be asked."""
    if from_stdin:
        line = sys.stdin.readline().strip()
        return line or None
    if not sys.stdin.isatty():
        return None
    return str(click.prompt(_("Code of the authenticator app, or a recovery code"), err=True)).strip()
