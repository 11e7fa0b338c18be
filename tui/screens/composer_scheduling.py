"""Sending from the composer at a chosen time: in the customer's zone where their mail states one, or at the inbox's next opening."""

from tui.screens.composer_asking import line_typed
from tui.screens.composer_house import is_meant
from tui.screens.composer_port import Writer
from tui.view.completing import of_words
from tui.view.sending_times import customer_zone, no_time_words, parse_sending_time, written_at
from tui.view.whens import offered_words
from tui.widgets.prompt import Question
from tui.words import _


async def send_later(writer: Writer) -> None:
    """As ^S does, check and fence and all, but it leaves then."""
    typed = await line_typed(writer, Question(_("Send it when? "), complete=of_words(offered_words())))
    if typed is None or not typed.strip():
        return
    composing = writer.composing
    opened, hours = composing.opened, composing.inbox.hours
    zone = customer_zone(written_at(opened.conversation, opened.messages), hours)
    at = parse_sending_time(typed, composing.session.clock.now(), zone, hours)
    if at is None:
        writer.say(no_time_words(typed), "alarm")
    elif await is_meant(writer):
        await writer.sending.send(at)
