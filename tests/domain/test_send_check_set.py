"""The send check measured: of its findings in a set of realistic mails, how many are right, and how many of the faults are found."""

from collections import Counter
from collections.abc import Collection

import pytest

from store.domain.checks.table import BY_CODE, CHECKS, check
from store.domain.finding import ERROR
from tests.domain.send_check_set.reading import Example, examples

FEWEST = 300
PRECISION = {"error": 0.9, "warning": 0.7}
RECALL = 0.9
FEWEST_TO_JUDGE_BY = 2
"""Of a check that the part of the set has fewer examples of, no share is held against the marks: one slip would be half."""


class Score:
    """Counted by code: found and expected, found for nothing, not found."""

    def __init__(self, judged: Collection[Example]) -> None:
        self.right, self.wrong, self.missed = Counter[str](), Counter[str](), Counter[str]()
        self.slips: list[str] = []
        for example in judged:
            found = {finding.code for finding in check(example.draft, example.facts)}
            self.right.update(found & example.expected)
            self.wrong.update(found - example.expected)
            self.missed.update(example.expected - found)
            self.slips += [f"{example.place} found {code}" for code in sorted(found - example.expected)]
            self.slips += [f"{example.place} missed {code}" for code in sorted(example.expected - found)]

    def precision(self, codes: Collection[str]) -> float:
        right, wrong = sum(self.right[code] for code in codes), sum(self.wrong[code] for code in codes)
        return right / (right + wrong) if right + wrong else 1.0

    def recall(self, codes: Collection[str]) -> float:
        right, missed = sum(self.right[code] for code in codes), sum(self.missed[code] for code in codes)
        return right / (right + missed) if right + missed else 1.0

    def examples_of(self, code: str) -> int:
        return self.right[code] + self.missed[code]

    def row(self, name: str, codes: Collection[str]) -> str:
        counted = [sum(each[code] for code in codes) for each in (self.right, self.wrong, self.missed)]
        return f"{name:<24}{counted[0]:>7}{counted[1]:>7}{counted[2]:>8}{self.precision(codes):>11.3f}{self.recall(codes):>8.3f}"

    def table(self) -> str:
        head = f"{'':<24}{'right':>7}{'wrong':>7}{'missed':>8}{'precision':>11}{'recall':>8}"
        rows = [self.row(one.code, [one.code]) for one in CHECKS if self.examples_of(one.code) or self.wrong[one.code]]
        totals = [self.row(f"all {severity}s", _of(severity)) for severity in PRECISION]
        return "\n".join((head, *rows, *totals, *self.slips))


def _of(severity: str) -> list[str]:
    return [one.code for one in CHECKS if one.severity == severity]


PARTS = {"held out": [each for each in examples() if each.held_out], "tuned on": [each for each in examples() if not each.held_out]}


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
        assert score.precision(_of(severity)) >= mark, f"{part}: {severity}s\n{score.table()}"
        assert score.recall(_of(severity)) >= RECALL, f"{part}: {severity}s\n{score.table()}"


def test_each_check_alone_reaches_its_mark() -> None:
    score = Score(examples())
    print(f"\nall: {len(examples())} drafts\n{score.table()}")
    for one in CHECKS:
        if score.examples_of(one.code) >= FEWEST_TO_JUDGE_BY or score.wrong[one.code] > 1:
            mark = PRECISION["error" if one.severity == ERROR else "warning"]
            assert score.precision([one.code]) >= mark, f"{one.code}\n{score.table()}"
            assert score.recall([one.code]) >= RECALL, f"{one.code}\n{score.table()}"
