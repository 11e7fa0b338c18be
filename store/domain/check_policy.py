"""Which replies somebody else must read first, and who may: the team's own rules, and what of a mail they look at. Pure."""

import re
import unicodedata
from collections.abc import Collection, Sequence

import msgspec

from store.domain.approval import MOST_STAGES
from store.domain.ids import InboxKey, MemberKey
from store.domain.status import Urgency

MOST_RULES = 100
MOST_WORDS = 500
LONGEST_LIMIT_MINUTES = 60 * 24 * 31
KEY = re.compile(r"[a-z][a-z0-9_-]{0,31}", re.ASCII)
AMOUNT = re.compile(r"(?:[¥$€]\s?(\d[\d,]*))|(?:(\d[\d,]*)\s?([万億])?\s?(?:円|ドル|ユーロ|yen|usd|eur|dollars?))", re.IGNORECASE)
CHECKED_MEMBER = "checked_member"
"""Why, where it is the drafter's role that asks for it."""


class CheckRule(msgspec.Struct, frozen=True):
    """All that it names must be so for it to ask for a check; what it leaves out does not matter."""

    key: str
    stages: int = 1
    members: tuple[MemberKey, ...] = ()
    """Of these drafters; empty: of all."""
    inboxes: tuple[InboxKey, ...] = ()
    outside: bool = False
    """It goes to somebody who was not in the conversation."""
    attachments: bool = False
    words: tuple[str, ...] = ()
    """One of them stands in the subject or the text, whatever the width or case of its letters."""
    amount_over: int | None = None
    """A sum above this is named, in any currency."""
    urgency: Urgency | None = None
    """At least this."""
    first_reply: bool = False
    """Nobody of us has written there yet."""
    limit_minutes: int | None = None
    """How long it may wait for a checker."""


class CheckPolicy(msgspec.Struct, frozen=True):
    """The rules of the house. Those who lead check everywhere; `checkers` besides."""

    rules: tuple[CheckRule, ...] = ()
    checkers: tuple[MemberKey, ...] = ()
    limit_minutes: int | None = None
    """For checks that no rule with a limit of its own asks for."""


class MailFacts(msgspec.Struct, frozen=True):
    """What the server itself read in a frozen mail. `text`: subject and text together."""

    text: str
    attachments: int


class Asked(msgspec.Struct, frozen=True):
    """What a policy asks of one reply; no stages: nothing."""

    stages: int = 0
    why: tuple[str, ...] = ()
    limit_minutes: int | None = None


class Circumstances(msgspec.Struct, frozen=True):
    """What the rules look at besides the mail. `mail` None: nobody could read it, and every rule about it counts as met."""

    drafter: MemberKey
    inbox: InboxKey
    outside: bool
    urgency: Urgency
    first_reply: bool
    mail: MailFacts | None


def asked_by(policy: CheckPolicy, now: Circumstances) -> Asked:
    """The most that any of the rules asks for."""
    return _most_of(policy, [rule for rule in policy.rules if _is_met(rule, now)])


def asked_of_batch(policy: CheckPolicy, maker: MemberKey, inbox: InboxKey) -> Asked:
    """What it asks of a mailing: of thousands of texts each may meet what a rule says of a text, so only its people and inboxes count."""
    return _most_of(policy, [rule for rule in policy.rules if _is_about(rule, maker, inbox)])


def _most_of(policy: CheckPolicy, met: Sequence[CheckRule]) -> Asked:
    limits = [rule.limit_minutes for rule in met if rule.limit_minutes is not None]
    return Asked(max((rule.stages for rule in met), default=0), tuple(rule.key for rule in met), min(limits, default=policy.limit_minutes))


def _is_about(rule: CheckRule, drafter: MemberKey, inbox: InboxKey) -> bool:
    return (not rule.members or drafter in rule.members) and (not rule.inboxes or inbox in rule.inboxes)


def _is_met(rule: CheckRule, now: Circumstances) -> bool:
    return (
        _is_about(rule, now.drafter, now.inbox)
        and (not rule.outside or now.outside)
        and (not rule.first_reply or now.first_reply)
        and (rule.urgency is None or now.urgency >= rule.urgency)
        and _is_met_by_mail(rule, now.mail)
    )


def _is_met_by_mail(rule: CheckRule, mail: MailFacts | None) -> bool:
    if mail is None:
        return True
    text = folded(mail.text)
    return (
        (not rule.attachments or mail.attachments > 0)
        and (not rule.words or any(folded(word) in text for word in rule.words))
        and (rule.amount_over is None or largest_amount(mail.text) > rule.amount_over)
    )


def folded(text: str) -> str:
    """The same whatever the width or case of its letters."""
    return unicodedata.normalize("NFKC", text).casefold()


def largest_amount(text: str) -> int:
    """The largest sum that is named; 0: none."""
    found = (_number(each) for each in AMOUNT.finditer(unicodedata.normalize("NFKC", text)))
    return max(found, default=0)


def _number(found: re.Match[str]) -> int:
    digits = (found[1] or found[2]).replace(",", "")[:18]
    return int(digits) * {"万": 10_000, "億": 100_000_000}.get(found[3] or "", 1)


def problem_with_policy(policy: CheckPolicy, members: Collection[MemberKey]) -> str | None:
    """Why the team cannot have it, in words; None: it can."""
    keys = [rule.key for rule in policy.rules]
    if len(keys) > MOST_RULES or len(set(keys)) < len(keys) or not all(KEY.fullmatch(key) for key in keys):
        return f"a rule needs a key of its own, of small letters, digits, `_` or `-`; there are at most {MOST_RULES}"
    if not all(1 <= rule.stages <= MOST_STAGES for rule in policy.rules):
        return f"a check has 1 to {MOST_STAGES} stages"
    limits = [policy.limit_minutes, *(rule.limit_minutes for rule in policy.rules)]
    if not all(limit is None or 1 <= limit <= LONGEST_LIMIT_MINUTES for limit in limits):
        return f"a limit is 1 to {LONGEST_LIMIT_MINUTES} minutes"
    if any(len(rule.words) > MOST_WORDS or not all(word.strip() for word in rule.words) for rule in policy.rules):
        return f"a rule names at most {MOST_WORDS} words, none of them empty"
    named = {*policy.checkers, *(member for rule in policy.rules for member in rule.members)}
    stranger = next(iter(sorted(named - set(members))), None)
    return None if stranger is None else f"there is no member {stranger}"
