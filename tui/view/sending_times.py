"""When a reply leaves: a time as it is typed, in the customer's zone where their mail states one, and as it is shown."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo

from store.domain.business_hours import BusinessHours, next_opening
from store.domain.conversation import Conversation
from store.domain.events import AnyEvent
from store.domain.ids import MemberKey
from store.domain.reply_events import ReplyScheduled
from store.local.rows import StoredMessage
from tui.view.ages import clock_time
from tui.view.gate import clean
from tui.view.whens import parse_when
from tui.words import _

OPENING_WORDS = frozenset({"business", "opening", "営業開始", "翌営業日", "次の営業日", "営業時間"})


def customer_zone(written_at: datetime | None, hours: BusinessHours) -> tzinfo | None:
    """The zone of the customer's last mail; the inbox's where it states none. UTC is what many programs write that know no better."""
    if written_at is not None and written_at.utcoffset():
        return written_at.tzinfo
    return hours.zone_info()


def written_at(state: Conversation, messages: Sequence[StoredMessage]) -> datetime | None:
    """When the customer wrote last, by their own clock."""
    theirs = {fact.message_id for fact in state.messages if fact.inbound}
    return next((stored.message.date for stored in reversed(messages) if stored.message_id in theirs and stored.message.date), None)


def parse_sending_time(text: str, now: datetime, zone: tzinfo | None, hours: BusinessHours) -> datetime | None:
    """The moment meant, aware; the inbox's next opening for the words that say so; None when it cannot be read, or has passed."""
    if text.strip().lower() in OPENING_WORDS:
        return next_opening(hours, now)
    return parse_when(text, now, zone)


def no_time_words(text: str) -> str:
    """What was typed is none."""
    return _("{text} is no time ahead: say 17:30, tomorrow 9, 12-01 10:00, business.").format(text=clean(text))


def sending_time(at: datetime, *, near: bool) -> str:
    """To the second while somebody waits for it, else day, minute and offset."""
    local = at.astimezone()
    return clock_time(at) if near else f"{local:%Y-%m-%d %H:%M}"


def scheduled_words(event: AnyEvent, _names: Mapping[MemberKey, str]) -> str:
    """A chosen time, as a line of the timeline."""
    assert isinstance(event, ReplyScheduled)
    return _("sends the reply now") if event.at_once else _("the reply is scheduled for {at}").format(at=sending_time(event.send_at, near=False))
