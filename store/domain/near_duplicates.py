"""The same words to the same customer twice within a day: what a send is warned of (conversations.md, "Never two replies", rule 12). Pure."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from unicodedata import normalize

import msgspec

from store.domain.ids import ConversationId, MessageId

ALIKE = 0.9
"""From this share of the same letters on, two texts are the same."""
WITHIN = timedelta(hours=24)
LONGEST_COMPARED = 4_000
"""Letters of each text that are compared; a form letter differs in its first ones."""
SHORTEST = 30
"""Letters; `承知いたしました。ご連絡ありがとうございます。` is said to everybody, and twice a day."""


class SentText(msgspec.Struct, frozen=True):
    """A reply that left: to whom, when, and its own words, without what it quotes."""

    conversation_id: ConversationId
    at: datetime
    recipients: tuple[str, ...]
    text: str
    message_id: MessageId | None = None
    """None: it is on its way, from this very terminal."""


def near_duplicate(text: str, recipients: Collection[str], now: datetime, sent: Iterable[SentText]) -> SentText | None:
    """The latest reply of the last 24 hours to one of these recipients that is at least 90 % the same; None: there is none."""
    wanted = {address.casefold() for address in recipients}
    mine = _plain(text)
    if len(mine) < SHORTEST:
        return None
    # No upper end: the mail server's clock, which dates a copy, may be ahead of ours.
    near = [one for one in sent if one.at >= now - WITHIN and wanted & {address.casefold() for address in one.recipients}]
    return next((one for one in sorted(near, key=lambda one: one.at, reverse=True) if alike(mine, _plain(one.text))), None)


def alike(one: str, other: str) -> bool:
    """Whether two texts are at least 90 % the same; the same for both orders."""
    first, second = sorted((one[:LONGEST_COMPARED], other[:LONGEST_COMPARED]))
    if first == second:
        return True
    from difflib import SequenceMatcher  # start-up cost

    matcher = SequenceMatcher(None, first, second, autojunk=False)
    # Cheap bounds from above first: most texts differ in their very letters.
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _plain(text: str) -> str:
    """Without what the eye does not tell apart: widths, case and spacing."""
    return "".join(normalize("NFKC", text).casefold().split())
