"""What the team agreed on beside its conversations (`store.domain.team_facts`)."""

from store.domain.event import Event
from store.domain.field_values import FieldValue
from store.domain.groups import Absence, Group
from store.domain.saved_view import SavedView
from store.domain.status import Status


class StatusSaved(Event, frozen=True, tag=True):
    """A status of the team's own was made or changed, or is chosen no more."""

    status: Status


class GroupSaved(Event, frozen=True, tag=True):
    """A group was made or changed, or is named no more."""

    group: Group


class AbsenceSet(Event, frozen=True, tag=True):
    """Somebody is away, or back."""

    absence: Absence


class FieldSaved(Event, frozen=True, tag=True):
    """A merge field of the team's own has a value, or another one, or (empty) none."""

    field: FieldValue


class ViewSaved(Event, frozen=True, tag=True):
    """A view of the team's was made or changed, or is shared no more."""

    view: SavedView
