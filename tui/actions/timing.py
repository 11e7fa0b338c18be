"""When a reply that was handed over leaves: at another time, or now."""

from store.domain.business_hours import BusinessHours
from store.domain.commands import ScheduleReply
from tui.actions.carrying import carry_out
from tui.actions.port import Desk
from tui.view.banner import open_submission
from tui.view.sending_times import customer_zone, no_time_words, parse_sending_time, sending_time, written_at
from tui.words import _


async def send_at(desk: Desk, argument: str) -> None:
    """Another time for a reply that waits: `:send-at 明日9時`, in the customer's zone; `:send-at 営業開始` for the inbox's next opening."""
    opened = await desk.read(desk.row.id) if desk.row else None
    submission = open_submission(opened.conversation) if opened else None
    if opened is None or submission is None:
        desk.say(_("No reply of this conversation waits to be sent."))
        return
    text = argument.strip() or await desk.ask_line(_("Send it when? "))
    if not text:
        return
    inbox = desk.session.inbox(opened.row.inbox)
    hours = inbox.hours if inbox is not None else BusinessHours()
    at = parse_sending_time(text, desk.session.clock.now(), customer_zone(written_at(opened.conversation, opened.messages), hours), hours)
    if at is None:
        desk.say(no_time_words(text), "alarm")
        return
    said = _("The reply leaves at {at} ({theirs} at the customer's); {undo} takes it back.")
    command = ScheduleReply(conversation_id=opened.row.id, submission_id=submission.id, send_at=at)
    await carry_out(desk, command, said=said.format(at=sending_time(at, near=False), theirs=f"{at:%H:%M}", undo=desk.session.undo_key))


async def try_now(desk: Desk, _argument: str) -> None:
    """A scheduled or deferred reply leaves now, instead of at its time."""
    row = desk.row
    conversation = desk.session.store.conversation(row.id) if row else None
    submission = open_submission(conversation) if conversation else None
    if row is None or submission is None:
        desk.say(_("No reply of this conversation waits to be sent."))
        return
    await carry_out(desk, ScheduleReply(conversation_id=row.id, submission_id=submission.id), said=_("It is tried now."))
