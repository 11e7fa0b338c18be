"""What a trial of a mailing shows of its letters."""

from store.domain.mailing_letters import Letter
from store.domain.mailing_recipients import Recipient
from store.domain.mailing_report import Report


def letter(n: int, body: str = "本文", *, fallback: bool = False) -> Letter:
    return Letter(Recipient(n, f"c{n}@example.jp", "", {}), "件名", body, (), fallback)


def shown(*letters: Letter) -> list[int]:
    report = Report()
    for one in letters:
        report.take(one)
    return [one.recipient.n for one in report.examples]


def test_three_letters_are_shown_where_there_are_three() -> None:
    assert shown(letter(1), letter(2), letter(3), letter(4)) == [1, 2, 3]
    assert shown(letter(1), letter(2)) == [1, 2]


def test_the_longest_and_one_with_something_that_stands_in_come_before_the_next_ones() -> None:
    assert shown(letter(1), letter(2), letter(3), letter(4, "長い本文です"), letter(5, fallback=True)) == [1, 4, 5]
    assert shown(letter(1, "長い本文です"), letter(2), letter(3), letter(4, fallback=True)) == [1, 4, 2]
