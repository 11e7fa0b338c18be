"""Checks that are told of when they happen: to checkers what waits for them, to a drafter what became of theirs."""

from dataclasses import dataclass

from store.domain.asked_checks import may_read_checks
from store.domain.check import Check, CheckState
from store.domain.context import LEADING
from store.domain.conversation import Conversation
from store.domain.ids import ConversationId, SubmissionId
from store.domain.query import parse_query
from store.local.store import LocalStore
from tui.session import Session
from tui.view.gate import clean
from tui.words import _

AWAITING = "status:awaiting_check"
MOST = 200
"""Looked at; more wait for a checker who is not told one by one any more."""


@dataclass(frozen=True)
class Waiting:
    """A check, with its conversation."""

    number: int
    conversation_id: ConversationId
    check: Check


def waiting_checks(store: LocalStore) -> tuple[Waiting, ...]:
    """What waits for a checker now; blocking."""
    states = [store.conversation(row.id) for row in store.page(parse_query(AWAITING), limit=MOST).rows]
    return tuple(_waiting(state, state.check) for state in states if state is not None and state.check is not None and state.check.waits)


def _waiting(state: Conversation, check: Check) -> Waiting:
    return Waiting(state.number, state.id, check)


class CheckNotices:
    """Remembers what waited at the last look; what stood at the first is no news."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[SubmissionId, Waiting] | None = None

    def news(self, now: tuple[Waiting, ...]) -> str:
        """The newest thing to say, or ""."""
        before, self._known = self._known, {one.check.id: one for one in now}
        if before is None:
            return ""
        mine = [one for one in before.values() if one.check.by == self._session.me and one.check.id not in self._known]
        said = [words for one in mine if (words := self._became(one))]
        fresh = [one for one in now if one.check.id not in before and one.check.by != self._session.me and self._checks(one)]
        late = [one for one in now if one.check.overdue and self._leads(one) and not _was_late(before.get(one.check.id))]
        if late:
            said.append(_("#{number}: the check of a reply is past its time limit ({key} lists them).").format(number=late[-1].number, key=self._key))
        if not said and fresh:
            who = self._session.names.get(fresh[-1].check.by, fresh[-1].check.by)
            words = _("A reply of {who} in #{number} waits for a check ({key} lists them).")
            return words.format(who=clean(who), number=fresh[-1].number, key=self._key)
        return said[-1] if said else ""

    @property
    def _key(self) -> str:
        return self._session.keys.shown("view-checks")

    def _leads(self, one: Waiting) -> bool:
        return self._session.role_at(self._session.store.row(one.conversation_id)) in LEADING

    def _checks(self, one: Waiting) -> bool:
        session = self._session
        return may_read_checks(session.role_at(session.store.row(one.conversation_id)), session.me, session.store.team().check_policy)

    def _became(self, one: Waiting) -> str:
        state = self._session.store.conversation(one.conversation_id)
        check = state.check if state is not None else None
        if check is None or check.id != one.check.id or check.ended_by in {None, self._session.me}:
            return ""
        who = clean(self._session.names.get(check.ended_by, check.ended_by) if check.ended_by else "")
        match check.state:
            case CheckState.SENT_BACK:
                return _("#{number}: {who} sent your reply back: {remark}").format(number=one.number, who=who, remark=clean(check.remark))
            case CheckState.APPROVED:
                return _("#{number}: {who} approved your reply.").format(number=one.number, who=who)
            case CheckState.EDITED:
                return _("#{number}: {who} writes your reply anew.").format(number=one.number, who=who)
            case _:
                return ""


def _was_late(before: Waiting | None) -> bool:
    return before is not None and before.check.overdue
