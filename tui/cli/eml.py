"""`mado eml`: parse mail files, or say which of them belong together; needs no home and no server."""

import hashlib
import os
from datetime import datetime
from pathlib import Path

import click
import msgspec

from mailsync.mime.parse import parse_message
from store.clock import SystemClock
from store.domain.message import Message
from store.domain.thread_roots import threads_of
from store.domain.threading import synthetic_message_id
from tui.cli.invocation import Invocation, Verb
from tui.cli.shapes import message_shape
from tui.view.attachments import size_words
from tui.view.gate import clean
from tui.view.mail_extras import invitation_words, protection_words, report_words
from tui.view.message_head import address_words
from tui.view.overheard import in_own_words
from tui.view.system_words import system_words
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
            problem = _("{file} cannot be read: {problem}").format(file=name, problem=system_words(error.strerror or type(error).__name__))
            message, code = _unreadable(problem), BAD_INPUT
            invocation.output.message(_("mado: {problem}").format(problem=problem))
        else:
            message = _with_id(parse_message(raw), raw) if thread else parse_message(raw)
        if thread:
            parsed.append(message)
        else:
            invocation.output.row(message_shape(message), _lines(message, SystemClock().now()))
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


def _lines(message: Message, now: datetime) -> list[str]:
    """All of a message for a person: who and what, what it carries, what had to be guessed, its files, its text."""
    senders = address_words(message.from_)
    lines = [f"{senders}  {message.subject}"]
    lines += [f"  {word}: {address_words(who)}" for word, who in ((_("To"), message.to), (_("Cc"), message.cc)) if who]
    if message.date is not None:
        lines.append(f"  {message.date:%Y-%m-%d %H:%M %z}")
    if message.invitation is not None:
        lines += [f"  {words}" for words in invitation_words(message.invitation, now)]
    if message.report is not None:
        lines += [f"  {words}" for words in report_words(message.report)]
    if message.protection is not None:
        lines.append(f"  {protection_words(message.protection)}")
    if message.list_id:
        lines.append("  " + _("Mailing list: {name}").format(name=message.list_id))
    lines += [f"  ! {in_own_words(warning)}" for warning in message.warnings]
    lines += [f"  [{each.name or _('(no name)')}  {each.content_type}  {size_words(each.size_bytes)}]" for each in message.attachments]
    return [*lines, "", *clean(message.text, lines=True).split("\n"), ""]
