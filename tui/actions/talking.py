"""Talking to the team: comments and their threads, signs, changing and removing one's own, and asking for a lease."""

from collections.abc import Sequence
from datetime import datetime

from store.domain.commands import AddComment, AskForLease, EditComment, ReactToComment, RemoveComment
from store.domain.conversation import Comment
from store.domain.ids import CommentId, ConversationId, MessageId
from tui.actions.attaching import ask_path
from tui.actions.carrying import carry_out
from tui.actions.port import Desk
from tui.actions.saying import Saying
from tui.screens.picker import Picking
from tui.view.choosing import Choice
from tui.view.comments import version_lines
from tui.view.gate import clean
from tui.view.highlight import Findings, find_in_lines
from tui.view.hints import NO_HINT, offers_hint
from tui.view.matching import words_matcher
from tui.view.mentioning import of_people
from tui.view.spans import Line
from tui.view.width import shorten
from tui.words import _

SIGNS = ("👍", "✅", "👀", "🙏", "❓", "🎉", "OK")
SAID_COLUMNS = 40


async def comment(desk: Desk, argument: str) -> None:
    """Say something to the team; Tab completes a name after @."""
    row = desk.row
    if row is not None:
        await _say(desk, row.id, argument, _("Comment: "))


async def memo(desk: Desk, argument: str) -> None:
    """The same about the message one is at."""
    row, here = desk.row, await desk.mail.here()
    if row is None or here is None or here.message is None:
        return
    label = _("On message {n} of {count}: ").format(n=here.current + 1, count=len(here.messages))
    await _say(desk, row.id, argument, label, message_id=MessageId(here.message.message_id))


async def answer(desk: Desk, argument: str) -> None:
    """Answer the comment under the cursor; it stands in its thread."""
    row, at = desk.row, _comment_here(desk)
    if row is not None and at is not None:
        who = clean(desk.session.names.get(at.by, at.by))
        await _say(desk, row.id, argument, _("To {who}: ").format(who=who), reply_to=at.id)


async def _say(
    desk: Desk, conversation_id: ConversationId, argument: str, label: str, *, message_id: MessageId | None = None, reply_to: CommentId | None = None
) -> None:
    saying = Saying(desk, label)
    await _finish(desk, saying, conversation_id, argument or await saying.ask(), message_id=message_id, reply_to=reply_to)


async def attach(desk: Desk, argument: str) -> None:
    """A comment with a file: first which, then what there is to say about it."""
    row = desk.row
    if row is None:
        return
    saying = Saying(desk, _("Comment: "))
    if await saying.attach(argument or await ask_path(desk, _("File: "), "") or ""):
        await _finish(desk, saying, row.id, await saying.ask())


async def _finish(
    desk: Desk,
    saying: Saying,
    conversation_id: ConversationId,
    text: str | None,
    *,
    message_id: MessageId | None = None,
    reply_to: CommentId | None = None,
) -> None:
    if text is None or not (text.strip() or saying.files):
        return
    command = AddComment(
        conversation_id=conversation_id,
        comment_id=saying.comment_id,
        text=text.strip(),
        message_id=message_id,
        reply_to=reply_to,
        files=saying.files,
    )
    await carry_out(desk, command, said=_("Commented."))


async def _ask_text(desk: Desk, label: str, initial: str = "") -> str | None:
    """A line in which names are completed; while one is typed, those that fit stand below."""
    complete = of_people(desk.session.members, desk.session.team.living_groups())

    def typed(text: str) -> None:
        offers = complete(text, len(text))
        desk.hint(offers_hint(offers, -1) if offers else NO_HINT)

    return await desk.ask_line(label, initial=initial, complete=complete, typed=typed, hinting=True)


def _comment_here(desk: Desk) -> Comment | None:
    at = desk.mail.talk.current
    if at is None:
        desk.say(_("There is no comment here."))
    return at


async def react(desk: Desk, argument: str) -> None:
    """Put a sign on the comment under the cursor; one of one's own that is there already goes off."""
    row, at = desk.row, _comment_here(desk)
    if row is None or at is None:
        return
    mine = {each.sign for each in at.reactions if each.by == desk.session.me}
    sign = argument.strip() or await _pick_sign(desk, at, mine)
    if not sign:
        return
    said = _("{sign} is off again.") if sign in mine else _("{sign} stands there ({undo} takes it back).")
    command = ReactToComment(conversation_id=row.id, comment_id=at.id, sign=sign, on=sign not in mine)
    await carry_out(desk, command, said=said.format(sign=clean(sign), undo=desk.session.undo_key))


async def _pick_sign(desk: Desk, at: Comment, mine: set[str]) -> str | None:
    signs = dict.fromkeys((*SIGNS, *(each.sign for each in at.reactions)))
    choices = tuple(Choice(each, clean(each), _("takes it off") if each in mine else "") for each in signs)
    title = _("Sign for: {text}").format(text=_begin(at))
    return await desk.choose(Picking(title, choices, making=lambda typed: Choice(typed, clean(typed), _("new"))))


async def edit(desk: Desk, argument: str) -> None:
    """Say it otherwise; what it said before stays readable."""
    row, at = desk.row, _comment_here(desk)
    if row is None or at is None:
        return
    if at.by != desk.session.me:
        desk.say(_("Only whoever wrote it may do this."), "alarm")
        return
    text = argument or await _ask_text(desk, _("Change to: "), at.text.replace("\n", " "))
    if text is not None and (text.strip() or at.files) and text.strip() != at.text:
        words = _("Changed; {versions} shows what it said before ({undo} takes it back).")
        said = words.format(versions=desk.session.keys.shown("versions"), undo=desk.session.undo_key)
        await carry_out(desk, EditComment(conversation_id=row.id, comment_id=at.id, text=text.strip()), said=said)


async def remove(desk: Desk, _argument: str) -> None:
    """Take the comment under the cursor away."""
    row, at = desk.row, _comment_here(desk)
    if row is None or at is None:
        return
    yes = Choice("yes", _("take it away"), letter="y")
    picked = await desk.choose(Picking(_("Take away: {text}").format(text=_begin(at)), (yes, Choice("no", _("keep it"), letter="n")), by_letter=True))
    if picked == "yes":
        said = _("The comment is gone ({undo} brings it back).").format(undo=desk.session.undo_key)
        await carry_out(desk, RemoveComment(conversation_id=row.id, comment_id=at.id), said=said)


def _begin(at: Comment) -> str:
    return shorten(clean(at.text or " ".join(file.name for file in at.files)), SAID_COLUMNS)


class VersionPages:
    """What a comment has said."""

    def __init__(self, comment: Comment, now: datetime) -> None:
        self._comment, self._now = comment, now

    def lines(self, width: int) -> Sequence[Line]:
        """All of it."""
        return version_lines(self._comment, width, self._now)

    def find(self, lines: Sequence[Line], words: str) -> Findings:
        """As it is read."""
        return find_in_lines(lines, words_matcher(words))


async def versions(desk: Desk, _argument: str) -> None:
    """What the comment under the cursor said before."""
    at = _comment_here(desk)
    if at is not None and at.edits:
        desk.show_page(_("What this comment has said"), VersionPages(at, desk.session.clock.now()))
    elif at is not None:
        desk.say(_("It was never changed."))


async def ask(desk: Desk, _argument: str) -> None:
    """Ask whoever writes to let go."""
    row = desk.row
    if row is not None:
        await carry_out(desk, AskForLease(conversation_id=row.id), said=_("Asked. It stands for a minute."))
