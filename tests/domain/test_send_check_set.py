"""The send check measured: of its findings in a set of realistic mails, how many are right, and how many of the faults are found."""

import pytest

from store.domain.checks.table import BY_CODE, CHECKS
from store.domain.finding import ERROR
from tests.domain.send_check_set.reading import examples
from tests.domain.send_check_set.scoring import PARTS, PRECISION, RECALL, Score, codes_of

FEWEST = 300
FEWEST_TO_JUDGE_BY = 2
"""Of a check that the part of the set has fewer examples of, no share is held against the marks: one slip would be half."""


def test_the_set_is_large_half_of_it_clean_and_a_third_held_out() -> None:
    every = examples()
    assert len(every) >= FEWEST
    assert sum(not example.expected for example in every) * 2 >= len(every)
    assert sum(example.held_out for example in every) * 3 >= len(every)
    assert {code for example in every for code in example.expected} <= set(BY_CODE)


@pytest.mark.parametrize("part", list(PARTS))
def test_findings_are_right_and_faults_are_found(part: str) -> None:
    score = Score(PARTS[part])
    print(f"\n{part}: {len(PARTS[part])} drafts\n{score.table()}")
    for severity, mark in PRECISION.items():
        assert score.precision(codes_of(severity)) >= mark, f"{part}: {severity}s\n{score.table()}"
        assert score.recall(codes_of(severity)) >= RECALL, f"{part}: {severity}s\n{score.table()}"


def test_each_check_alone_reaches_its_mark() -> None:
    score = Score(examples())
    print(f"\nall: {len(examples())} drafts\n{score.table()}")
    for one in CHECKS:
        if score.examples_of(one.code) >= FEWEST_TO_JUDGE_BY or score.wrong[one.code] > 1:
            mark = PRECISION["error" if one.severity == ERROR else "warning"]
            assert score.precision([one.code]) >= mark, f"{one.code}\n{score.table()}"
            assert score.recall([one.code]) >= RECALL, f"{one.code}\n{score.table()}"
