"""How right the send check is on its measured set, counted by code."""

from collections import Counter
from collections.abc import Collection

from store.domain.checks.table import CHECKS, check
from tests.domain.send_check_set.reading import Example, examples

PRECISION = {"error": 0.9, "warning": 0.7}
RECALL = 0.9


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
        totals = [self.row(f"all {severity}s", codes_of(severity)) for severity in PRECISION]
        return "\n".join((head, *rows, *totals, *self.slips))


def codes_of(severity: str) -> list[str]:
    return [one.code for one in CHECKS if one.severity == severity]


PARTS = {"held out": [each for each in examples() if each.held_out], "tuned on": [each for each in examples() if not each.held_out]}
