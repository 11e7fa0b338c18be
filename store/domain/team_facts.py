"""What the team has agreed on beside its conversations: its own statuses, groups, and who is away. The fold of the team's events."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from unicodedata import normalize

import msgspec

from store.domain.check_policy import CheckPolicy
from store.domain.events import AbsenceSet, AnyEvent, CheckPolicySaved, FieldSaved, GroupSaved, StatusSaved, ViewSaved, WordSaved
from store.domain.field_values import FieldValue
from store.domain.groups import Absence, Group
from store.domain.house_words import HouseWord
from store.domain.ids import GroupKey, MemberKey, StatusKey
from store.domain.saved_view import SavedView
from store.domain.status import BUILT_IN, Status

LONGEST_CHAIN = 20
"""Stand-ins of stand-ins that are followed."""


class TeamFacts(msgspec.Struct, frozen=True):
    """As of one moment of the journal."""

    own_statuses: dict[StatusKey, Status] = {}
    """Retired ones too: a conversation may still bear one."""
    groups: dict[GroupKey, Group] = {}
    absences: dict[MemberKey, Absence] = {}
    words: dict[tuple[str, str], HouseWord] = {}
    """The house's list, by inbox and word; those taken off it too."""
    fields: dict[str, FieldValue] = {}
    """The team's own merge fields, by `FieldValue.id`; none is empty."""
    check_policy: CheckPolicy = CheckPolicy()
    views: dict[str, SavedView] = {}
    """What the team shares, by `SavedView.id`; those that it shares no more too."""

    def status(self, key: StatusKey) -> Status | None:
        """A status by its key, whether it may still be chosen or not."""
        return BUILT_IN.get(key) or self.own_statuses.get(key)

    def every_status(self) -> dict[StatusKey, Status]:
        """All by their keys, built-in ones and retired ones too."""
        return {**self.own_statuses, **BUILT_IN}

    def statuses(self) -> tuple[Status, ...]:
        """Those that may be chosen, in their order."""
        every = (*BUILT_IN.values(), *self.own_statuses.values())
        return tuple(sorted((status for status in every if not status.retired), key=lambda status: (status.order, status.key)))

    def living_groups(self) -> tuple[Group, ...]:
        """Those that may be named."""
        return tuple(self.groups[key] for key in sorted(self.groups) if not self.groups[key].retired)

    def living_views(self) -> tuple[SavedView, ...]:
        """Those that everybody has, by name."""
        return tuple(self.views[key] for key in sorted(self.views) if not self.views[key].retired)

    def living_words(self) -> tuple[HouseWord, ...]:
        """Those on the list, by inbox and word."""
        return tuple(self.words[key] for key in sorted(self.words) if not self.words[key].removed)

    def absence(self, member: MemberKey, now: datetime) -> Absence | None:
        """The member's absence, while it lasts."""
        found = self.absences.get(member)
        return found if found is not None and found.lasts(now) else None

    def stand_in(self, member: MemberKey, now: datetime) -> MemberKey | None:
        """Who takes what is meant for `member` now: themselves, or the first of their stand-ins who is there; None: nobody is."""
        met: set[MemberKey] = set()
        while member not in met and len(met) < LONGEST_CHAIN:
            met.add(member)
            away = self.absence(member, now)
            if away is None:
                return member
            if away.stand_in is None:
                return None
            member = away.stand_in
        return None


def with_event(facts: TeamFacts, event: AnyEvent) -> TeamFacts:
    """The facts after one more event; the same where it says nothing of them."""
    changed: dict[str, object] = {}
    match event:
        case StatusSaved(status=status):
            changed = {"own_statuses": {**facts.own_statuses, status.key: status}}
        case GroupSaved(group=group):
            changed = {"groups": {**facts.groups, group.key: group}}
        case AbsenceSet(absence=absence):
            changed = {"absences": {**facts.absences, absence.member: absence}}
        case WordSaved(word=word):
            changed = {"words": {**facts.words, word.key: word}}
        case FieldSaved(field=field):
            kept = {name: value for name, value in facts.fields.items() if name != field.id}
            changed = {"fields": {**kept, field.id: field} if field.value else kept}
        case CheckPolicySaved(policy=policy):
            changed = {"check_policy": policy}
        case ViewSaved(view=view):
            changed = {"views": {**facts.views, view.id: view}}
        case _:
            pass
    return msgspec.structs.replace(facts, **changed) if changed else facts


def folded(events: Iterable[AnyEvent]) -> TeamFacts:
    """The facts from their events, in order."""
    facts = TeamFacts()
    for event in events:
        facts = with_event(facts, event)
    return facts


def fact_key(event: AnyEvent) -> str | None:
    """Under which name the latest event of its sort is kept, so that all of them together fold to the facts; None: it is no such event."""
    key: str | None = None
    match event:
        case StatusSaved(status=status):
            key = f"status:{status.key}"
        case GroupSaved(group=group):
            key = f"group:{group.key}"
        case AbsenceSet(absence=absence):
            key = f"absence:{absence.member}"
        case WordSaved(word=word):
            key = f"word:{word.inbox}:{word.text}"
        case FieldSaved(field=field):
            key = f"field:{field.id}"
        case CheckPolicySaved():
            key = "check_policy"
        case ViewSaved(view=view):
            key = f"view:{view.id}"
        case _:
            pass
    return key


def names_of_statuses(facts: TeamFacts) -> Mapping[str, str]:
    """The team's own statuses by everything they are called, for the query language."""
    every = facts.own_statuses.values()
    return {normalize("NFKC", name).casefold(): status.key for status in every for name in (status.key, status.name_en, status.name_ja) if name}
