"""What the send check found, in words with the place."""

from datetime import datetime

from store.domain.send_check import SAID_BEFORE, Finding
from tui.view.gate import clean
from tui.words import _


def finding_words(finding: Finding) -> str:
    """One sentence, with the line where that helps."""
    if finding.code == SAID_BEFORE:
        return _said_before(*finding.words)
    fact = clean(finding.words[0]) if finding.words else ""
    words = {
        "unresolved_field": _("The field {fact} in line {line} is not filled in."),
        "no_recipient": _("Nobody is written to."),
        "bad_address": _("{fact} is no address."),
        "to_ourselves": _("It goes to nobody but ourselves."),
        "empty_subject": _("The subject is empty."),
        "empty_body": _("There is no text."),
    }
    return words.get(finding.code, clean(finding.sentence)).format(fact=fact, line=finding.line)


def _said_before(who: str, when: str, conversation: str) -> str:
    """With the day: within 24 hours is often yesterday."""
    at = f"{datetime.fromisoformat(when).astimezone():%m-%d %H:%M}"
    if not who:
        return _("Much the same was sent to this customer on {at}, past the desk ({conversation}).").format(at=at, conversation=clean(conversation))
    return _("{name} sent this customer much the same on {at} ({conversation}).").format(name=clean(who), at=at, conversation=clean(conversation))
