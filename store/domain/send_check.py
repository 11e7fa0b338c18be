"""The send check: what is wrong with a draft, found before anybody is written to. Errors stop the send, warnings are asked about once."""

from collections.abc import Collection

from store.domain.checks.explained import EXPLAINED
from store.domain.checks.facts import Facts
from store.domain.checks.recipients import NAMED, address_of
from store.domain.checks.table import BY_CODE, CHECKS, Check, check, explain
from store.domain.draft import Draft
from store.domain.finding import ERROR, WARNING, Finding, has_errors

__all__ = [
    "BY_CODE",
    "CHECKS",
    "ERROR",
    "NAMED",
    "SAID_BEFORE",
    "SENTENCES",
    "WARNING",
    "Check",
    "Facts",
    "Finding",
    "address_of",
    "check",
    "check_draft",
    "explain",
    "has_errors",
]

SAID_BEFORE = "said_before"
"""`words`: who (a member's name, "" for somebody outside the desk), when (ISO 8601), and the conversation (`#12`, or its id)."""

SENTENCES = {code: explained.sentence for code, explained in EXPLAINED.items()}
"""The codes, and what each says in English."""


def check_draft(draft: Draft, own_addresses: Collection[str]) -> tuple[Finding, ...]:
    """What can be said of a draft by itself; `check` says more, with the facts around it."""
    return check(draft, Facts(own_addresses=frozenset(own_addresses)))
