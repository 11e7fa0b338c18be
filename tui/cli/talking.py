"""What the team says to each other, for scripts: comment, answer, change, take back, react."""

import sys
from pathlib import Path

import click

from mailsync.link.keys import new_key
from store.domain.commands import AddComment, AgentCommand, EditComment, ReactToComment, RemoveComment
from store.domain.ids import CommentId, ConversationId, MessageId
from tui.cli.invocation import Invocation, Verb
from tui.cli.many import act_on
from tui.cli.team import Team
from tui.view.file_names import safe_name
from tui.words import _


@click.command(cls=Verb)
@click.argument("conversation", metavar="ID")
@click.argument("text", metavar="TEXT|-", default="")
@click.option("--on", "message", metavar="MESSAGE", help="The Message-ID of the mail it is about.")
@click.option("--answer", "answered", metavar="COMMENT", help="The comment it answers.")
@click.option("--edit", "edited", metavar="COMMENT", help="Change that comment of one's own to TEXT.")
@click.option("--remove", "removed", metavar="COMMENT", help="Take that comment away.")
@click.option("--attach", "paths", metavar="FILE", multiple=True, type=click.Path(path_type=Path), help="Put a file to it; may be given again.")
@click.pass_obj
def comment(
    invocation: Invocation,
    conversation: str,
    text: str,
    message: str | None,
    answered: str | None,
    edited: str | None,
    removed: str | None,
    paths: tuple[Path, ...],
) -> int:
    """Say something to the team; `@name` is a mention; `-` reads stdin."""
    said = sys.stdin.buffer.read().decode("utf-8", "replace").rstrip("\n") if text == "-" else text
    if not said.strip() and removed is None and not paths:
        raise click.UsageError(_("the comment is empty"))
    if paths and (edited is not None or removed is not None):
        raise click.UsageError(_("files are put to a new comment only"))

    def make(id_: ConversationId, team: Team) -> AgentCommand:
        if removed is not None:
            return RemoveComment(conversation_id=id_, comment_id=CommentId(removed))
        if edited is not None:
            return EditComment(conversation_id=id_, comment_id=CommentId(edited), text=said)
        comment_id = CommentId(new_key(team.clock))
        files = [team.store.waiting_files.put(comment_id, path, safe_name(path.name)) for path in paths]
        return AddComment(
            conversation_id=id_,
            comment_id=comment_id,
            text=said,
            message_id=MessageId(message) if message else None,
            reply_to=CommentId(answered) if answered else None,
            # Given twice, it is one.
            files=tuple({file.sha256: file for file in files}.values()),
        )

    return act_on(invocation, [conversation], make)


@click.command(cls=Verb)
@click.argument("conversation", metavar="ID")
@click.argument("comment_id", metavar="COMMENT")
@click.argument("sign")
@click.option("--off", is_flag=True, help="Take it off.")
@click.pass_obj
def react(invocation: Invocation, conversation: str, comment_id: str, sign: str, *, off: bool) -> int:
    """Put a sign on a comment: an emoji or a short word."""
    named = CommentId(comment_id)
    return act_on(invocation, [conversation], lambda id_, _team: ReactToComment(conversation_id=id_, comment_id=named, sign=sign, on=not off))
