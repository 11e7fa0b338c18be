"""What has happened to the conversation one is in, since it was shown: one sentence for the banner."""

from collections.abc import Mapping

from store.domain.conversation import Conversation
from store.domain.ids import MemberKey
from store.domain.status import BUILT_IN
from tui.view.attachments import with_file_names
from tui.view.gate import clean
from tui.view.statuses import Statuses, status_name
from tui.words import _


def news_words(before: Conversation, now: Conversation, me: MemberKey | None, names: Mapping[MemberKey, str], statuses: Statuses = BUILT_IN) -> str:
    """The loudest change by somebody else, or ""."""

    if now.revision <= before.revision:
        return ""
    return _mail_words(before, now) or _team_words(before, now, me, names, statuses)


def _team_words(before: Conversation, now: Conversation, me: MemberKey | None, names: Mapping[MemberKey, str], statuses: Statuses) -> str:
    heard = {comment.id for comment in before.comments}
    said = [comment for comment in now.comments if comment.id not in heard and comment.by != me]
    if said:
        return _("{who} commented: {text}").format(
            who=clean(names.get(said[-1].by, said[-1].by)), text=with_file_names(said[-1].text, said[-1].files)
        )
    given_back = now.owner is None and before.owner == me
    if now.owner not in (before.owner, me) and not given_back:
        return _("It belongs to {who} now.").format(who=clean(names.get(now.owner, now.owner))) if now.owner else _("It belongs to nobody now.")
    return _("Status: {name}").format(name=status_name(now.status, statuses)) if now.status != before.status and now.owner != me else ""


def _mail_words(before: Conversation, now: Conversation) -> str:
    known = {message.message_id for message in before.messages}
    inbound = [message for message in now.messages if message.message_id not in known and message.inbound]
    if inbound:
        return _("New mail from {who}.").format(who=clean(inbound[-1].from_name or inbound[-1].from_address))
    if "answered_outside" in now.flags and "answered_outside" not in before.flags:
        return _("Somebody has answered with another program.")
    return ""
