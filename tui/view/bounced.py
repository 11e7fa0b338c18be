"""Why a recipient did not get a mail of ours, in one sentence with the other server's own words behind it."""

from collections.abc import Mapping, Sequence

from store.domain.bounce_reason import bounce_reason
from store.domain.events import AnyEvent
from store.domain.ids import MemberKey
from store.domain.message import DELAYED
from store.domain.outbox import OutboxState, RecipientResult
from store.domain.reply_events import DeliveryTold, ReceiptCame, ReplyBounced
from tui.view.gate import clean
from tui.view.mail_extras import cause_words
from tui.words import _

LONGEST_SAID = 160
"""Characters of a server's words in a list of events; the mail itself has them all."""


def reason_of(result: RecipientResult) -> str:
    """For whom, what that means, and what the server said."""
    said = clean(f"{result.code or ''} {result.reply}".strip())
    if not said:
        return clean(result.address)
    why = cause_words(bounce_reason("", said))
    return _("{who}: {why} (“{said}”)").format(who=clean(result.address), why=why, said=said[:LONGEST_SAID])


def reasons_of(results: Sequence[RecipientResult]) -> str:
    """Of everybody who did not get it."""
    return "; ".join(reason_of(result) for result in results if result.state is not OutboxState.ACCEPTED)


def delivery_words(event: AnyEvent, _names: Mapping[MemberKey, str]) -> str:
    """A mail server's report, as a line of the timeline."""
    assert isinstance(event, DeliveryTold)
    words = {
        "delivered": _("our reply has arrived for {who}"),
        "relayed": _("our reply was passed on for {who} to a mail server that reports no further"),
        "expanded": _("our reply was passed on by {who} to several people"),
        DELAYED: _("our reply to {who} is delayed; their mail server is still being tried"),
    }
    return words.get(event.action, _("a report about our reply to {who}")).format(who=clean(event.recipient))


def receipt_words(event: AnyEvent, _names: Mapping[MemberKey, str]) -> str:
    """A receipt, as a line of the timeline."""
    assert isinstance(event, ReceiptCame)
    words = _("{who} opened our reply") if event.displayed else _("{who} deleted our reply unopened")
    return words.format(who=clean(event.recipient))


def bounced_words(event: AnyEvent, _names: Mapping[MemberKey, str]) -> str:
    """A bounce, as a line of the timeline."""
    assert isinstance(event, ReplyBounced)
    return _("our reply came back: {why}").format(why=reasons_of(event.results))
