"""All checks of the send check, and the check itself: a draft and the facts around it come to findings. Pure."""

from collections.abc import Callable, Iterator

import msgspec

from store.domain.checks import attachments, dates, language, people, recipients, remnants, subject, wording
from store.domain.checks.draft_text import DraftText
from store.domain.checks.explained import EXPLAINED, Explained
from store.domain.checks.facts import Facts
from store.domain.draft import Draft
from store.domain.draft_kind import DraftKind
from store.domain.finding import ERROR, WARNING, Finding

Look = Callable[[Draft, DraftText, Facts], Iterator[Finding]]


class Check(msgspec.Struct, frozen=True):
    """One check: its code, which never changes, how bad it is, and the function that looks (some look for several codes at once)."""

    code: str
    severity: str
    look: Look

    @property
    def explained(self) -> Explained:
        """What it says, why, and the remedy."""
        return EXPLAINED[self.code]


CHECKS: tuple[Check, ...] = (
    Check("no_recipient", ERROR, recipients.addresses),
    Check("bad_address", ERROR, recipients.addresses),
    Check("to_ourselves", WARNING, recipients.addresses),
    Check("new_address", WARNING, recipients.new_addresses),
    Check("visible_to_others", WARNING, recipients.together),
    Check("reply_all_surprise", WARNING, recipients.together),
    Check("hidden_copy", WARNING, recipients.together),
    Check("empty_subject", WARNING, subject.subject),
    Check("subject_changed", WARNING, subject.subject),
    Check("empty_body", ERROR, subject.body),
    Check("unresolved_field", ERROR, remnants.unresolved),
    Check("template_remnant", ERROR, remnants.remnants),
    Check("other_customer", ERROR, people.other_customer),
    Check("other_name", WARNING, people.other_names),
    Check("honorific_missing", WARNING, people.honorifics),
    Check("honorific_doubled", WARNING, people.honorifics),
    Check("company_honorific", WARNING, people.honorifics),
    Check("wrong_weekday", ERROR, dates.wrong_days),
    Check("impossible_date", ERROR, dates.wrong_days),
    Check("forbidden_word", ERROR, wording.house_words),
    Check("careless_word", WARNING, wording.house_words),
    Check("other_language", WARNING, language.other_language),
    Check("charset_cannot_hold", WARNING, subject.charset),
    Check("attachment_missing", ERROR, attachments.missing),
    Check("attachment_gone", ERROR, attachments.files),
    Check("attachment_empty", WARNING, attachments.files),
    Check("attachment_executable", ERROR, attachments.files),
    Check("attachment_dangerous", WARNING, attachments.files),
    Check("attachments_too_large", ERROR, attachments.too_large),
    Check("said_before", WARNING, subject.said_before),
)
"""In the order of the composer."""

BY_CODE = {check.code: check for check in CHECKS}
_LOOKS: tuple[Look, ...] = tuple(dict.fromkeys(check.look for check in CHECKS))
_RECIPIENTS = frozenset({"to", "cc", "bcc"})
_FIELDS = ("to", "cc", "bcc", "subject", "body", "attachments")


def check(draft: Draft, facts: Facts) -> tuple[Finding, ...]:
    """Everything found, errors first, each sort in the order of the composer: recipients, subject, text from the top, attachments."""
    text = DraftText(draft, facts.signature)
    found = dict.fromkeys(finding for look in _LOOKS for finding in look(draft, text, facts))
    if draft.kind is DraftKind.REDIRECT:
        # Subject, text and files are another's, and nothing can be changed in them.
        return tuple(sorted((finding for finding in found if finding.where in _RECIPIENTS), key=_rank))
    return tuple(sorted(found, key=_rank))


def explain(code: str) -> Check | None:
    """The check of this code; None: there is none."""
    return BY_CODE.get(code)


def _rank(finding: Finding) -> tuple[bool, int, int, int]:
    return finding.severity != ERROR, _FIELDS.index(finding.where), finding.line, finding.column
