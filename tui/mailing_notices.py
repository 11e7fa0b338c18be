"""Mailings that are told of when it happens: to who checks what waits for them, to its maker what became of theirs."""

from collections.abc import Mapping, Sequence

from store.domain.asked_checks import may_read_checks
from store.domain.events import MailingMoved, Recorded
from store.domain.ids import MemberKey
from store.domain.mailing import Mailing
from store.domain.mailing_check import MailingCheck, Today, check_of
from store.domain.people import role_in, sees
from tui.view.gate import clean
from tui.view.mailing_words import missing_words
from tui.words import _


def mailing_news(heard: Sequence[tuple[Recorded, MailingMoved]], me: MemberKey | None, today: Today, names: Mapping[MemberKey, str]) -> str:
    """The newest thing to say to this person, or ""; of each mailing what happened to it last."""
    newest = {moved.mailing.id: (one, moved) for one, moved in heard}
    said = [words for one, moved in newest.values() if one.by != me and (words := _words(one.by, moved, me, today, names))]
    return said[-1] if said else ""


def _words(by: MemberKey, moved: MailingMoved, me: MemberKey | None, today: Today, names: Mapping[MemberKey, str]) -> str:
    mailing, check = moved.mailing, check_of(moved.mailing, today)
    name = clean(mailing.name)
    if mailing.by != me:
        waits = check.waits and moved.how in {"handed_in", "approved", "paused"} and _checks(mailing, check, me, today)
        who = clean(names.get(mailing.by, mailing.by))
        return _("“{name}”, a mailing of {who}, waits for your approval (:mailing).").format(name=name, who=who) if waits else ""
    match moved.how:
        case "sent_back":
            words = _("“{name}”: {who} sent your mailing back: {remark}")
            return words.format(name=name, who=clean(names.get(by, by)), remark=clean(mailing.remark))
        case "approved" if check.waits:
            words = _("“{name}”: {who} approved your mailing; stage {n} of {m} waits.")
            return words.format(name=name, who=clean(names.get(by, by)), n=check.stage, m=check.stages)
        case "approved":
            return _("“{name}”: {who} approved your mailing.").format(name=name, who=clean(names.get(by, by)))
        case "paused" if mailing.why:
            return _("“{name}” has paused: {reason}").format(name=name, reason=missing_words(mailing.why))
        case _:
            return ""


def _checks(mailing: Mailing, check: MailingCheck, me: MemberKey | None, today: Today) -> bool:
    """Whether one's own yes would bring it further."""
    member = today.member(me)
    if member is None or member.key in check.yes or not sees(member, mailing.inbox):
        return False
    return may_read_checks(role_in(member, mailing.inbox), member.key, today.policy)
