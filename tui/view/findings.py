"""What the send check found, in words with the place."""

from store.domain.send_check import Finding
from tui.view.gate import clean
from tui.words import _


def finding_words(finding: Finding) -> str:
    """One sentence, with the line where that helps."""
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
