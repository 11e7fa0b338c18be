"""`mado eml`: parse mail files, or say which of them belong together; needs no home and no server."""

import hashlib
import os
from pathlib import Path

import click
import msgspec

from mailsync.mime.parse import parse_message
from store.domain.message import Message
from store.domain.thread_roots import threads_of
from store.domain.threading import synthetic_message_id
from tui.cli.invocation import Invocation, Verb
from tui.cli.shapes import message_shape
from tui.words import _

BAD_INPUT = 5


@click.command(cls=Verb)
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--thread", is_flag=True, help="Say which messages form a conversation.")
@click.pass_obj
def eml(invocation: Invocation, files: tuple[Path, ...], *, thread: bool) -> int:
    """Parse files: one object each, in their order, also for one that cannot be read."""
    code = 0
    parsed: list[Message] = []
    for file in files:
        try:
            raw = file.read_bytes()
        except OSError as error:
            name = os.fsencode(file).decode("utf-8", "replace")
            problem = _("{file} cannot be read: {problem}").format(file=name, problem=error.strerror or type(error).__name__)
            message, code = _unreadable(problem), BAD_INPUT
            invocation.output.message(_("mado: {problem}").format(problem=problem))
        else:
            message = _with_id(parse_message(raw), raw) if thread else parse_message(raw)
        if thread:
            parsed.append(message)
        else:
            invocation.output.row(message_shape(message), _lines(message))
    if thread:
        groups = threads_of(parsed)
        invocation.output.row({"conversations": groups}, [" ".join(group) for group in groups])
    return code


def _with_id(message: Message, raw: bytes) -> Message:
    """A mail without Message-ID is a conversation too, under the name the desk gives it."""
    if message.message_id is not None:
        return message
    return msgspec.structs.replace(message, message_id=synthetic_message_id(hashlib.sha256(raw).hexdigest()))


def _unreadable(problem: str) -> Message:
    return Message(
        message_id=None,
        subject="",
        from_=(),
        to=(),
        cc=(),
        reply_to=(),
        date=None,
        in_reply_to=(),
        references=(),
        text="",
        warnings=(problem,),
        unparsed=True,
    )


def _lines(message: Message) -> list[str]:
    senders = ", ".join(f"{who.name} <{who.address}>" if who.name else who.address for who in message.from_)
    return [f"{senders}  {message.subject}", *(f"  {warning}" for warning in message.warnings)]
