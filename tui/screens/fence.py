"""Something new came while one wrote: what it is, and send, edit or keep."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from textual.geometry import Size

from store.domain.ids import MemberKey
from tui.opened import Opened
from tui.screens.picker import Picking
from tui.view.choosing import Choice
from tui.view.comments import Hearer, comment_lines
from tui.view.reading import conversation_lines
from tui.view.spans import Line, line
from tui.words import _, ngettext

SEND, EDIT, KEEP = "send", "edit", "keep"
MOST_LINES = 14
AROUND = 9
"""Rows a dialog needs besides what it tells: frame, title, choices, hint, and the margin above and below."""


@dataclass(frozen=True)
class Fence:
    """What the dialog shows. `new`: ids of messages and comments."""

    opened: Opened
    new: Collection[str]
    me: MemberKey | None
    names: Mapping[MemberKey, str]
    now: datetime
    why: str = ""


def fence_picking(fence: Fence, screen: Size) -> Picking:
    """What is new, as much as fits, and the three ways on, which must be in sight on a small screen too."""
    news = new_lines(fence, max(20, min(96, screen.width - 8)))
    most = min(MOST_LINES, max(1, screen.height - AROUND))
    more = len(news) - most
    detail = list(news[:most]) + ([line(_("… {n} more lines: e shows all of it").format(n=more), "quiet")] if more > 0 else [])
    title = fence.why or ngettext("{n} thing is new since you began to write", "{n} things are new since you began to write", len(fence.new)).format(
        n=len(fence.new)
    )
    choices = (
        Choice(EDIT, _("edit the reply"), letter="e"),
        Choice(SEND, _("send it all the same"), letter="s"),
        Choice(KEEP, _("keep it as a draft"), letter="k"),
    )
    return Picking(title, choices, by_letter=True, detail=(*detail, line("")))


def new_lines(fence: Fence, width: int) -> tuple[Line, ...]:
    """The new messages and comments to read."""
    messages = [each for each in fence.opened.messages if each.message_id in fence.new]
    comments = [each for each in fence.opened.conversation.comments if each.id in fence.new]
    lines = conversation_lines(messages, width, fence.now) + comment_lines(comments, width, Hearer(fence.me, fence.names, fence.now))
    return lines or (line(_("It is not in your copy of the mailbox yet; it will be in a moment."), "notice"),)
