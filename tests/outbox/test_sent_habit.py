"""The copy in Sent: filed by us, or left to a provider that files it itself; never twice, never not at all."""

import pytest
from start_dovecot import Dovecot

from mailsync.server.sent_habit import CopyPatience, Deed, Habit, SentCopy, deed_of, habit_after
from tests.outbox.house import House, lying_in, mail, put

PATIENCE = CopyPatience(first_seconds=3.0, again_seconds=60.0)


@pytest.mark.parametrize(
    ("setting", "habit", "lies_there", "waited", "deed"),
    [
        ("never", Habit.UNKNOWN, False, 999, Deed.FILED),
        ("always", Habit.UNKNOWN, False, 0, Deed.APPEND),
        ("always", Habit.PROVIDER_FILES, True, 0, Deed.FILED),
        ("auto", Habit.UNKNOWN, False, 0, Deed.WAIT),
        ("auto", Habit.UNKNOWN, False, 3, Deed.APPEND),
        ("auto", Habit.UNKNOWN, True, 1, Deed.FILED),
        ("auto", Habit.PROVIDER_FILES, False, 59, Deed.WAIT),
        ("auto", Habit.PROVIDER_FILES, False, 60, Deed.APPEND),
        ("auto", Habit.WE_FILE, False, 0, Deed.APPEND),
    ],
)
def test_what_is_done_about_a_copy(setting: SentCopy, habit: Habit, lies_there: bool, waited: float, deed: Deed) -> None:
    assert deed_of(setting, habit, lies_there=lies_there, waited_seconds=waited, patience=PATIENCE) is deed


def test_what_one_copy_teaches() -> None:
    assert habit_after(Habit.UNKNOWN, Deed.FILED, lies_there=True) is Habit.PROVIDER_FILES
    assert habit_after(Habit.PROVIDER_FILES, Deed.APPEND, lies_there=False) is Habit.WE_FILE
    assert habit_after(Habit.WE_FILE, Deed.FILED, lies_there=True) is Habit.WE_FILE
    assert habit_after(Habit.UNKNOWN, Deed.WAIT, lies_there=False) is Habit.UNKNOWN


async def test_a_copy_that_the_provider_files_meanwhile_is_not_doubled(house: House, dovecot: Dovecot) -> None:
    house.waits_for_copies(seconds=60)
    reply = await house.sato_replies(await house.customer_writes("q1"))
    async with house.sending():
        accepted = await house.becomes(reply, lambda one: one.state == "accepted", "the mail server to take it")
        assert not accepted.filed
        put(dovecot, house.account, "Sent", mail(accepted.message_id, house.address, "kyaku@customer.test"))
        await house.becomes(reply, lambda one: one.filed, "the provider's copy to be seen")
    assert len(lying_in(dovecot, house.account, "Sent")) == 1


async def test_where_the_settings_say_never_nothing_is_filed(house: House, dovecot: Dovecot) -> None:
    house.with_inbox(sent_copy="never")
    reply = await house.sato_replies(await house.customer_writes("q1"))
    async with house.sending():
        await house.becomes(reply, lambda one: one.filed, "it to be done with")
    assert lying_in(dovecot, house.account, "Sent") == []


def test_each_look_waits_longer_than_the_one_before_and_none_is_late() -> None:
    looks = [0.0]
    while looks[-1] < PATIENCE.again_seconds:
        looks.append(PATIENCE.next_look(looks[-1]))
    assert looks == [0, 3, 9, 21, 45, 60]
