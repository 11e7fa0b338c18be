"""The one line above everything: what the agent must know before the next key. Loudest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from mailsync.imap.errors import ONE_MAILBOX, LoginRefused
from store.domain.conversation import Conversation
from store.domain.ids import InboxKey, MemberKey, Seq
from store.domain.outbox import NO_REPORTS, TERMINAL_STATES, OutboxState, Submission
from store.errors import MadoError
from tui.view.ages import clock_time
from tui.view.bounced import reasons_of
from tui.view.check_words import check_words
from tui.view.gate import clean
from tui.view.keys.keymap import KeyOf
from tui.view.sending_times import sending_time
from tui.view.spans import Line, line
from tui.view.statuses import flag_words
from tui.view.trouble import problem_words
from tui.words import _

NOT_TOLD = Seq(0)
"""The server does not know this yet: it is what a waiting command will come to."""


@dataclass(frozen=True, slots=True)
class Away:
    """The server cannot be reached."""

    since: datetime
    queued: int
    ended: bool = False
    """It can, and lets this terminal in no more."""


def banner_line(
    *,
    away: Away | None,
    news: str,
    mail: str = "",
    conversation: Conversation | None,
    me: MemberKey | None,
    names: Mapping[MemberKey, str],
    home_is_gone: bool = False,
    key: KeyOf,
) -> Line | None:
    """What to show, or None: then there is no banner at all."""
    if home_is_gone and (away is None or not away.ended):
        return line(" " + gone_words(), "alarm")
    if news:
        return line(" " + news, "alarm")
    if conversation is not None and (words := conversation_words(conversation, me, names, key)):
        return line(" " + words, "notice")
    if away is not None:
        return line(" " + away_words(away), "alarm")
    if mail:
        return line(" " + mail, "alarm")
    return None


def mail_trouble_words(inbox: InboxKey, error: MadoError) -> str:
    """Which inbox gets no mail just now, and why. A refused login is said without host and user: they would push the reason out of the line."""
    if isinstance(error, LoginRefused):
        return _("No new mail for {inbox}: the login was refused (`mado doctor`, then :sync).").format(inbox=inbox)
    if isinstance(error, ONE_MAILBOX):
        # The others go on.
        mailbox = clean(str(error.facts.get("mailbox", "")))
        return _("The mailbox {mailbox} of {inbox} cannot be read (`mado doctor`).").format(mailbox=mailbox, inbox=inbox)
    return _("No new mail for {inbox}: {why}").format(inbox=inbox, why=problem_words(error))


def mail_words(failing: Mapping[InboxKey, MadoError | None], inboxes: int) -> str:
    """What the status line says of inboxes that get no mail, or not all of it; by name where others do, or where it is not the connection."""
    refused = any(isinstance(error, (LoginRefused, *ONE_MAILBOX)) for error in failing.values())
    if not failing or (len(failing) >= inboxes and not refused):
        return _("mail: no connection") if failing else ""
    first, *others = sorted(failing)
    return _("mail trouble: {inbox}").format(inbox=clean(first)) + (f" +{len(others)}" if others else "")


def away_words(away: Away) -> str:
    """Since when, and what waits."""
    if away.ended:
        return ended_words()
    at = clock_time(away.since)[:5]
    if away.queued:
        return _("Server away since {at}; {n} waiting to be sent. You can read and search.").format(at=at, n=away.queued)
    return _("Server away since {at}. Reading, searching and drafting go on.").format(at=at)


def gone_words() -> str:
    """The folder with drafts and waiting commands was removed under a running program."""
    return _("Home folder removed. What the server has is safe: send, leave, `mado join`.")


def writing_words(*, leased: bool, new: bool, away: bool) -> str:
    """What stands above a text in work as long as nothing happens to it; `new`: of a mail that begins a conversation nobody has a lease."""
    if not leased:
        return "" if new else _("Server away: nobody sees that you write. A send waits for its return.")
    return _("Server away: a send waits for its return.") if away else ""


def queued_words() -> str:
    """A command waits in the queue."""
    return _("Server away: queued, and it will be asked on its return.")


def reply_queued_words(undo: str) -> str:
    """A reply does."""
    return _("Server away: the reply waits here until it is back; {undo} takes it back.").format(undo=undo)


def ended_words() -> str:
    """Whoever was deactivated, or whose session was ended from elsewhere."""
    return _("Logged out by the server. Drafts are kept; `mado login` lets a member in.")


def open_submission(conversation: Conversation) -> Submission | None:
    """The reply that is still on its way, if there is one."""
    return next((each for each in reversed(conversation.submissions) if each.state not in TERMINAL_STATES), None)


def conversation_words(conversation: Conversation, me: MemberKey | None, names: Mapping[MemberKey, str], key: KeyOf) -> str:
    """What happens to the conversation one is in, if it needs saying."""
    if conversation.asked_by is not None and conversation.lease is not None and conversation.lease.by == me:
        return _("{who} would like to write here.").format(who=clean(names.get(conversation.asked_by, conversation.asked_by)))
    submission = open_submission(conversation)
    if submission is not None and submission.queued_seq == NOT_TOLD and submission.by == me:
        return _("Your reply waits here for the server; {undo} takes it back.").format(undo=key("undo"))
    if submission is not None:
        return _reply_words(submission, me, names, key)
    if words := check_words(conversation, me, names, key):
        return words
    if conversation.lease is not None and conversation.lease.by != me:
        by = conversation.lease.by
        return _("{who} is writing since {at}.").format(who=clean(names.get(by, by)), at=clock_time(conversation.lease.since)[:5])
    return "; ".join(flag_with_reason(conversation, flag) for flag in conversation.flags)


def flag_with_reason(conversation: Conversation, flag: str) -> str:
    """What a person should look at; where a mail server said why, for whom and why."""
    why = ""
    if flag == "refused":
        refused = [reply for reply in conversation.submissions if reply.state is OutboxState.REFUSED]
        why = (reasons_of(refused[-1].results) or held_words(refused[-1].why)) if refused else ""
    elif flag == "bounced":
        results = [result for reply in conversation.submissions for result in reply.results if result.bounced]
        why = reasons_of(results[-1:])
    return f"{flag_words(flag)}: {why}" if why else flag_words(flag)


def _reply_words(submission: Submission, me: MemberKey | None, names: Mapping[MemberKey, str], key: KeyOf) -> str:
    who = _("Your reply") if submission.by == me else _("The reply of {who}").format(who=clean(names.get(submission.by, submission.by)))
    match submission.state:
        case OutboxState.SCHEDULED:
            return _("{reply} is scheduled for {at}; {undo} takes it back, :try-now sends it now.").format(
                reply=who, at=sending_time(submission.send_at, near=False), undo=key("undo")
            )
        case OutboxState.QUEUED:
            return _("{reply} leaves at {at}.").format(reply=who, at=clock_time(submission.send_at))
        case OutboxState.HELD:
            return _("{reply} is held: {why} ({key} decides)").format(reply=who, why=held_words(submission.why), key=key("reply"))
        case OutboxState.UNKNOWN:
            return _("Nobody knows whether this reply left: see Sent, then :sent yes or :sent no.")
        case OutboxState.DEFERRED:
            return _("{reply} was deferred and is tried again at {at}: {why} (:try-now)").format(
                reply=who, at=clock_time(submission.send_at)[:5], why=reasons_of(submission.results) or held_words(submission.why)
            )
        case _state:
            return _("{reply} is being sent.").format(reply=who)


def held_words(why: str) -> str:
    """Why the fence keeps it, or what could not be done as it left."""
    known = {
        "something_new": _("something new came"),
        "imap_unreachable": _("the mailbox cannot be reached"),
        "rate_limit": _("the provider takes no more mails at this time"),
        "not_approved": _("no approval stands for what it says"),
        "sender_left": _("its writer may not send here any more"),
        NO_REPORTS: _("our mail server does not report arrivals, as was asked for"),
    }
    return known.get(why, clean(why))
