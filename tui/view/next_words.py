"""Why this conversation is the next one, in a few words."""

from datetime import datetime

from store.domain.ids import MemberKey
from store.domain.next_best import Waiting, Why, placed
from tui.view.ages import age_words, day_and_time
from tui.view.statuses import urgency_word
from tui.words import _


def why_words(one: Waiting, me: MemberKey, now: datetime) -> str:
    """`yours / urgent / waiting 3h`."""
    said = {
        Why.OWN: _("yours"),
        Why.CALLED: _("you are called"),
        Why.WOKEN: _("back from hold"),
        Why.URGENT: urgency_word(one.urgency),
        Why.DUE: "" if one.due_at is None else _("due {at}").format(at=day_and_time(one.due_at, now)),
        Why.OLDEST: "" if one.last_at is None else _("waiting {age}").format(age=age_words(now - one.last_at)),
    }
    return " / ".join(words for why in placed(one, me).why if (words := said[why]))
