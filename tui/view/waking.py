"""What is said of holds that have ended."""

from collections.abc import Sequence
from typing import Protocol

from tui.view.gate import clean
from tui.words import _, ngettext

NAMED = 5
"""More numbers than these are in the list, which `is:woken` shows."""


class Woke(Protocol):
    """`store.local.waking.Woke`."""

    @property
    def number(self) -> int: ...
    @property
    def subject(self) -> str: ...
    @property
    def customer(self) -> str: ...
    @property
    def why(self) -> str: ...


def wake_words(woken: Sequence[Woke]) -> str:
    """One sentence; "" where nothing has ended."""
    if not woken:
        return ""
    if len(woken) == 1:
        one = woken[0]
        subject = clean(one.subject) or _("(no subject)")
        return _("#{number} is back from hold, {why}: {customer}, {subject}").format(
            number=one.number, why=_why(one.why), customer=clean(one.customer), subject=subject
        )
    numbers = " ".join(f"#{one.number}" for one in woken[:NAMED]) + (" …" if len(woken) > NAMED else "")
    words = ngettext(
        "{n} conversation is back from hold: {numbers} (/is:woken lists it)",
        "{n} conversations are back from hold: {numbers} (/is:woken lists them)",
        len(woken),
    )
    return words.format(n=len(woken), numbers=numbers)


def _why(why: str) -> str:
    return {"wake_time": _("its time has come"), "customer_wrote": _("the customer wrote"), "bounced": _("a mail of ours came back")}.get(why, why)
