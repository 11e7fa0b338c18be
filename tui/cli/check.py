"""`mado check`: the send check over a draft, like a compiler over a source file."""

from pathlib import Path

import click
import msgspec

from store.domain.conversation import Conversation
from store.domain.draft import Draft
from store.domain.finding import ERROR
from store.domain.ids import ConversationId, InboxKey
from store.domain.send_check import CHECKS, Check, explain
from store.errors import BadInput
from store.local.rows import StoredMessage
from store.local.store import LocalStore
from store.settings.settings import load_settings
from tui.cli.checked import Checked, finding_shape, findings_of
from tui.cli.given import read_body
from tui.cli.hit_shapes import Shape
from tui.cli.invocation import Invocation, Verb
from tui.cli.level import catch_up_briefly
from tui.cli.output import REFUSED
from tui.cli.team import opened_store
from tui.view.editing import Misread, from_file, misread_words
from tui.view.findings import compiler_lines, explanation
from tui.words import _


class DraftMisread(BadInput):
    """The file begins with headers, and one of its lines is none."""

    def __init__(self, misread: Misread) -> None:
        super().__init__(misread_words(misread.line, misread.row), line=misread.line)


class NothingToCheck(BadInput):
    """Neither a file nor a conversation with a draft."""

    def __init__(self, name: str) -> None:
        super().__init__(f"`{name}` is no file, and no conversation with a draft here", name=name)


class NoSuchCheck(BadInput):
    """A code that no check has."""

    def __init__(self, code: str) -> None:
        super().__init__(f"there is no check `{code}`; `mado check --list` names them", code=code)


@click.command("check", cls=Verb)
@click.argument("name", metavar="FILE|ID|-", required=False)
@click.option("--to", "answers", metavar="ID", help="The conversation that the file answers.")
@click.option("--inbox", default="", help="The inbox that a file would be sent from (default: the conversation's, or the first).")
@click.option("--errors", "only_errors", is_flag=True, help="Say errors only; warnings do not count.")
@click.option("--explain", "code", metavar="CODE", help="Say why a finding matters and what to do.")
@click.option("--list", "listing", is_flag=True, help="List every check.")
@click.pass_obj
def check_draft(
    invocation: Invocation, /, *, name: str | None, answers: str | None, inbox: str, only_errors: bool, code: str | None, listing: bool
) -> int:
    """Check a draft before it is sent: a file with a block of headers, or a conversation's draft."""
    if listing:
        return _list(invocation)
    if code is not None:
        return _explain(invocation, code)
    if name is None:
        raise click.UsageError(_("say what to check: a file, a conversation, or -"))
    with opened_store(invocation.home) as store:
        catch_up_briefly(invocation.home, store, invocation.output)
        settings = load_settings(invocation.home)
        checked = _found(store, name, answers, InboxKey(inbox) or next((each.key for each in settings.inboxes), InboxKey("")))
        findings = findings_of(invocation.home, store, settings, checked)
    told = [finding for finding in findings if finding.severity == ERROR or not only_errors]
    for finding in told:
        invocation.output.row(finding_shape(finding), compiler_lines(finding, checked.draft))
    return REFUSED if told else 0


def _found(store: LocalStore, name: str, answers: str | None, inbox: InboxKey) -> Checked:
    if name != "-" and not Path(name).expanduser().is_file():
        conversation_id = store.resolve(name)
        draft = store.draft(conversation_id) if conversation_id is not None else None
        if conversation_id is None or draft is None:
            raise NothingToCheck(name)
        return Checked(draft, *_conversation(store, conversation_id, inbox))
    edited = from_file(read_body(name))
    if isinstance(edited, Misread):
        raise DraftMisread(edited)
    answered = store.resolve(answers) if answers is not None else None
    if answers is not None and answered is None:
        raise NothingToCheck(answers)
    conversation, messages = _conversation(store, answered or ConversationId(""), inbox)
    draft = Draft(conversation_id=conversation.id, to=edited.to, cc=edited.cc, bcc=edited.bcc, subject=edited.subject, body=edited.body)
    return Checked(draft, conversation, messages)


def _conversation(store: LocalStore, conversation_id: ConversationId, inbox: InboxKey) -> tuple[Conversation, tuple[StoredMessage, ...]]:
    row = store.row(conversation_id) if conversation_id else None
    state = (store.conversation(conversation_id) if conversation_id else None) or Conversation(conversation_id, inbox=row.inbox if row else inbox)
    return state, store.messages(conversation_id) if conversation_id else ()


def _list(invocation: Invocation) -> int:
    for one in CHECKS:
        invocation.output.row(_check_shape(one), f"{one.severity:<8} {one.code:<24} {explanation(one.code)[0]}")
    return 0


def _explain(invocation: Invocation, code: str) -> int:
    one = explain(code)
    if one is None:
        raise NoSuchCheck(code)
    invocation.output.row(_check_shape(one), [f"{one.severity} {one.code}", *explanation(code)])
    return 0


def _check_shape(one: Check) -> Shape:
    return {"code": one.code, "severity": one.severity, **msgspec.to_builtins(one.explained)}
