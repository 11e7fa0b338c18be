"""How a measure is told: one table for people, one JSON line a measure for programs."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Report:
    """The measures of one bench. `mark` None: reported, no mark set."""

    bench: str
    rows: list[tuple[str, float, str, float | None]] = field(default_factory=list)

    def add(self, measure: str, value: float, unit: str, mark: float | None = None) -> None:
        """Note one figure; a mark is met at or below it."""
        self.rows.append((measure, value, unit, mark))
        verdict = "" if mark is None else f" mark {mark:g} {'met' if value <= mark else 'MISSED'}"
        print(f"  {measure:52} {value:>12.3f} {unit:8}{verdict}", flush=True)

    def print_json(self) -> None:
        """The machine's half."""
        for measure, value, unit, mark in self.rows:
            met = None if mark is None else value <= mark
            print(json.dumps({"bench": self.bench, "measure": measure, "value": round(value, 4), "unit": unit, "mark": mark, "met": met}))


def percentile(values: Sequence[float], percent: float) -> float:
    """The value below which so many percent lie; of few values, the nearest one."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(percent / 100 * (len(ordered) - 1)))]


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(values)
