"""A home is emptied for an ending that is its own member's, of its own team as it is today; in every doubt it is not."""

from datetime import UTC, datetime, timedelta

import pytest

from store.domain.ending import Ending, is_sure
from store.domain.ids import MemberKey
from store.domain.people import Member

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
SATO = Member(MemberKey("sato"), "Sato")


def sure(ending: Ending, *, me: Member | None = SATO, epoch: int | None = 3) -> bool:
    return is_sure(ending, me, epoch, NOW)


def test_who_was_deactivated_in_this_epoch_leaves_nothing_behind() -> None:
    assert sure(Ending(SATO.key, 3, by_date=False))
    assert sure(Ending(SATO.key, 3, by_date=False), me=Member(SATO.key, "Suzuki")), "a name is no key"


@pytest.mark.parametrize(
    ("ending", "me", "epoch"),
    [
        (Ending(MemberKey("mori"), 3, by_date=False), SATO, 3),
        (Ending(SATO.key, 2, by_date=False), SATO, 3),
        (Ending(SATO.key, 3, by_date=False), SATO, 2),
        (Ending(SATO.key, 3, by_date=False), SATO, None),
        (Ending(SATO.key, 3, by_date=False), None, 3),
    ],
    ids=["another member", "an ending out of a backup", "restored since this home looked", "never level", "nobody knows who sits here"],
)
def test_an_ending_of_another_member_or_another_epoch_removes_nothing(ending: Ending, me: Member | None, epoch: int | None) -> None:
    assert not sure(ending, me=me, epoch=epoch)


@pytest.mark.parametrize(("ends_at", "believed"), [(NOW, True), (NOW - timedelta(days=1), True), (NOW + timedelta(seconds=1), False), (None, False)])
def test_a_date_is_believed_where_this_home_was_told_the_same_and_its_own_clock_says_so(ends_at: datetime | None, believed: bool) -> None:
    ending = Ending(SATO.key, 3, by_date=True)
    assert sure(ending, me=Member(SATO.key, "Sato", ends_at=ends_at)) is believed
