"""Why a message is in its conversation, in words."""

from collections.abc import Sequence

from store.domain.ids import InboxKey
from store.domain.thread_evidence import By, ThreadEvidence
from tui.view.gate import clean
from tui.words import _


def evidence_words(evidence: ThreadEvidence) -> str:
    """A few words without an end mark: `by References #3`."""
    words = {
        By.SAME_ID: _("same Message-ID as another"),
        By.REFERENCES: _("by References #{n}"),
        By.IN_REPLY_TO: _("by In-Reply-To #{n}"),
        By.REPORT: _("by the mail it reports on"),
        By.OTHER_ID: _("by its former Message-ID"),
        By.NAMED_BY: _("named by another message"),
        By.OWN_ID: _("by the signed id of our reply"),
        By.NUMBER: _("by [#{n}] in the subject"),
        By.HINT: _("by {id}, from a participant"),
        By.NEW: _("a new conversation"),
        By.FOLLOW_UP: _("a follow-up"),
        By.BY_HAND: _("moved by hand"),
    }
    return words[evidence.by].format(n=evidence.n, id=clean(evidence.id.partition(":")[0]))


def also_in_words(inboxes: Sequence[InboxKey]) -> str:
    """That a mail came to other inboxes of ours too; "" where it did not."""
    return _("also in {inboxes}").format(inboxes=clean(", ".join(inboxes))) if inboxes else ""
