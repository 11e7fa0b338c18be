"""How much something presses: in five steps, each told by its sign as well as by its colour."""

from datetime import UTC, datetime, timedelta

import pytest

from store.domain.waiting import span_of_wait
from tests.tui.test_rows import READER, ROW, changed, said
from tui.view.columns import columns_for
from tui.view.rows import row_spans
from tui.view.steps import Step, due_label, due_step, step_sign, step_tone, waiting_label, waiting_step
from tui.view.width import columns_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wait", "label"),
    [
        (timedelta(0), "now"), (timedelta(minutes=59), "59m"), (HOUR, ".1h"), (4 * HOUR, "-4h"), (23 * HOUR, "-23h"),
        (DAY, "=1d"), (3 * DAY, "#3d"), (400 * DAY, "#1y"),
    ],
)  # fmt: skip
def test_a_wait_grows_louder_at_one_four_and_twenty_four_hours_and_at_three_days(wait: timedelta, label: str) -> None:
    assert waiting_label(wait, waiting_step(wait)) == label
    assert columns_of(label) <= columns_for(30).age


def test_no_two_steps_have_one_sign_or_one_tone() -> None:
    assert len({step_sign(step) for step in Step}) == len({step_tone(step) for step in Step}) == 5


def test_the_row_says_how_long_the_customer_waits_and_else_how_old_its_last_mail_is() -> None:
    waits = changed(waiting_since=READER.now - 5 * HOUR)
    assert said(waits).endswith(" -5h")
    assert row_spans(waits, columns_for(100), READER)[-1].tone == "step-2"
    assert said(ROW).endswith("  4m")


@pytest.mark.parametrize(
    ("due_at", "step", "label"),
    [
        (NOON + 9 * DAY, Step.CALM, "D12-03"),
        (NOON + DAY, Step.SOON, "D.12:00"),
        (NOON + 6 * HOUR, Step.NEAR, "D-18:00"),
        (NOON + HOUR, Step.PRESSING, "D=13:00"),
        (NOON, Step.LATE, "D#now"),
        (NOON - 3 * DAY, Step.LATE, "D#3d"),
    ],
)
def test_a_due_time_is_far_tomorrow_today_nearly_there_or_past(due_at: datetime, step: Step, label: str) -> None:
    assert due_step(due_at, NOON, UTC) is step
    assert due_label(due_at, NOON, step, UTC) == label


def test_four_fifths_of_the_time_used_up_press_whatever_time_that_is() -> None:
    due_at = NOON + 2 * HOUR
    assert due_step(due_at, NOON, UTC, since=NOON - 7 * HOUR) is Step.NEAR
    assert due_step(due_at, NOON, UTC, since=NOON - 8 * HOUR) is Step.PRESSING


def test_a_due_time_stands_in_the_row_where_nobody_is() -> None:
    assert "D#2h" in said(changed(due_at=READER.now - 2 * HOUR))
    assert "D#" not in said(changed(due_at=READER.now - 2 * HOUR, present=("tanaka",)))


def test_a_house_says_its_own_steps_in_minutes_hours_and_days() -> None:
    assert [span_of_wait(text) for text in ("30m", "4h", "3d", "0h", "1w", "h")] == [timedelta(minutes=30), 4 * HOUR, 3 * DAY, None, None, None]
