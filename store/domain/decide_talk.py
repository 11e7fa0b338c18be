"""What the team says to each other: comments and their threads, mentions, changes, reactions. Nothing of it ever leaves the house."""

from unicodedata import category

from store.domain.commands import AddComment, EditComment, ReactToComment, RemoveComment
from store.domain.comment_files import problem_with_files
from store.domain.context import Context, Decision
from store.domain.conversation import Comment, Conversation
from store.domain.events import CommentAdded, CommentEdited, CommentReacted, CommentRemoved
from store.domain.ids import CommentId, GroupKey, MemberKey
from store.domain.mentions import mentions_in
from store.domain.refusals import FileMissing, Malformed, NotAllowed, UnknownComment, UnknownMessage

COMMENT_AT_MOST = 100_000
"""Characters; a longer one is a file."""
EDITS_AT_MOST = 50
SIGN_AT_MOST = 16
"""Characters; an emoji is up to ten of them."""
SIGNS_AT_MOST = 20
"""Of one member on one comment."""


def find_comment(state: Conversation, comment_id: CommentId) -> Comment | None:
    """The comment of that id."""
    return next((comment for comment in state.comments if comment.id == comment_id), None)


def named_in(text: str, context: Context) -> tuple[tuple[MemberKey, ...], tuple[GroupKey, ...]]:
    """The members a text means, those of its groups too, and the groups. A member who left is not told, whatever group they are in."""
    groups = {str(group.key): group for group in context.team.living_groups()}
    names = {key: context.names.get(key, "") for key in context.members}
    names |= {MemberKey(key): group.name for key, group in groups.items() if key not in names}
    found: dict[MemberKey, None] = {}
    for name in mentions_in(text, names):
        group = groups.get(name) if name not in context.members else None
        meant = (name,) if group is None else tuple(member for member in group.members if member in context.members)
        found.update(dict.fromkeys(meant))
    return tuple(found), tuple(GroupKey(name) for name in mentions_in(text, names) if name in groups and name not in context.members)


def _problem(text: str, *, may_be_empty: bool = False) -> Malformed | None:
    if not text.strip() and not may_be_empty:
        return Malformed("a comment needs an id and a text")
    return Malformed(f"a comment has at most {COMMENT_AT_MOST} characters") if len(text) > COMMENT_AT_MOST else None


def _problem_with(command: AddComment) -> Malformed | None:
    problem = _problem(command.text if command.comment_id else "", may_be_empty=bool(command.comment_id and command.files))
    if problem is None and (wrong := problem_with_files(command.files)) is not None:
        return Malformed(wrong)
    return problem


def add_comment(state: Conversation, command: AddComment, context: Context) -> Decision:
    """Say something to the team; guests may too. The same comment twice is one."""
    if (problem := _problem_with(command)) is not None:
        return problem
    known = find_comment(state, command.comment_id)
    if known is not None:
        same = (known.by, known.text, known.files) == (context.me, command.text, command.files)
        return () if same else Malformed("this comment id is taken")
    if command.message_id is not None and all(message.message_id != command.message_id for message in state.messages):
        return UnknownMessage(command.message_id)
    answered = find_comment(state, command.reply_to) if command.reply_to is not None else None
    if command.reply_to is not None and answered is None:
        return UnknownComment(command.reply_to)
    missing = _missing(command, context)
    if missing is not None:
        return missing
    message_id = command.message_id if answered is None else answered.message_id
    # Threads are one deep: an answer to an answer stands in the same thread.
    root = None if answered is None else answered.reply_to or answered.id
    return (CommentAdded(command.comment_id, command.text, *named_in(command.text, context), message_id, root, command.files),)


def _missing(command: AddComment, context: Context) -> FileMissing | None:
    if context.files is None:
        return None
    there = context.files
    return next((FileMissing(number) for number, file in enumerate(command.files, 1) if (file.sha256, file.size_bytes) not in there), None)


def edit_comment(state: Conversation, command: EditComment, context: Context) -> Decision:
    """Say it otherwise. Whoever is named only now is told; to whoever has read it before, it is news."""
    known = find_comment(state, command.comment_id)
    if known is None:
        return UnknownComment(command.comment_id)
    if known.by != context.me:
        return NotAllowed("author")
    if (problem := _problem(command.text, may_be_empty=bool(known.files))) is not None:
        return problem
    if len(known.edits) >= EDITS_AT_MOST:
        return Malformed(f"a comment is changed at most {EDITS_AT_MOST} times")
    return () if command.text == known.text else (CommentEdited(command.comment_id, command.text, *named_in(command.text, context)),)


def remove_comment(state: Conversation, command: RemoveComment, context: Context) -> Decision:
    """Take it away; what was answered to it stays."""
    known = find_comment(state, command.comment_id)
    if known is None:
        return UnknownComment(command.comment_id)
    return (CommentRemoved(command.comment_id),) if known.by == context.me or context.leads else NotAllowed("author")


def react(state: Conversation, command: ReactToComment, context: Context) -> Decision:
    """Put a sign on a comment or take it off; guests may too. It is news to nobody."""
    known = find_comment(state, command.comment_id)
    if known is None:
        return UnknownComment(command.comment_id)
    sign = command.sign.strip()
    if not 0 < len(sign) <= SIGN_AT_MOST or any(category(letter) in {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"} for letter in sign):
        return Malformed(f"a sign is an emoji or a short word of at most {SIGN_AT_MOST} characters")
    mine = {one.sign for one in known.reactions if one.by == context.me}
    if (sign in mine) == command.on:
        return ()
    if command.on and len(mine) >= SIGNS_AT_MOST:
        return Malformed(f"nobody puts more than {SIGNS_AT_MOST} signs on one comment")
    return (CommentReacted(command.comment_id, sign, on=command.on),)
