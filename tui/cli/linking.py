"""What joins and parts conversations, for scripts: merge, split, move. `mado undo` takes each of them back."""

import click

from store.domain.commands import MergeConversations, MoveToInbox, SplitConversation
from store.domain.ids import ConversationId, InboxKey, MessageId
from tui.cli.invocation import Invocation, Verb
from tui.cli.many import Which, act_on, of_many


@click.command(cls=Verb)
@click.argument("into", metavar="INTO")
@click.argument("conversations", metavar="ID…", nargs=-1, required=True)
@click.option("--reason", default="", help="Why, where one of them belongs to a colleague.")
@click.pass_obj
def merge(invocation: Invocation, into: str, conversations: tuple[str, ...], reason: str) -> int:
    """Make conversations one; the lowest number survives, the others lead to it."""
    worst = 0
    for other in conversations:
        wanted = ConversationId(other)
        worst = max(worst, act_on(invocation, [into], lambda id_, _team: MergeConversations(conversation_id=id_, other=wanted, reason=reason)))  # noqa: B023
    return worst


@click.command(cls=Verb)
@click.argument("conversation", metavar="ID")
@click.argument("messages", metavar="MESSAGE…", nargs=-1, required=True)
@click.option("--reason", default="", help="Why, where one of them belongs to a colleague.")
@click.pass_obj
def split(invocation: Invocation, conversation: str, messages: tuple[str, ...], reason: str) -> int:
    """Make a conversation of its own out of these messages (their Message-IDs)."""
    named = tuple(MessageId(one) for one in messages)
    return act_on(invocation, [conversation], lambda id_, _team: SplitConversation(conversation_id=id_, messages=named, reason=reason))


@click.command(cls=Verb)
@of_many
@click.option("--inbox", metavar="KEY", required=True, help="The inbox it is to belong to.")
@click.option("--reason", default="", help="Why, where one of them belongs to a colleague.")
@click.pass_obj
def move(invocation: Invocation, which: Which, inbox: str, reason: str) -> int:
    """Move conversations to another inbox."""
    return act_on(invocation, which, lambda id_, _team: MoveToInbox(conversation_id=id_, inbox=InboxKey(inbox), reason=reason))
