"""A random sample of sent mail for quality checks: drawn by a hash of a seed, so that nobody chooses and everybody can draw it again."""

import math
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import TypeVar

from store.domain.ids import SubmissionId

T = TypeVar("T")


def drawn(seed: str, ids: Iterable[SubmissionId]) -> list[SubmissionId]:
    """All of them in the order in which a seed draws them; mail that is sent later changes nothing in the order of the others."""
    return sorted(ids, key=lambda one: (sha256(f"{seed}\0{one}".encode()).digest(), one))


def how_many(there: int, *, count: int | None, share: float | None) -> int:
    """How many of so many: `count` of them, or a share (0 to 1), rounded up."""
    wanted = math.ceil(there * share) if share is not None else (count or 0)
    return max(0, min(there, wanted))


def first_of(ordered: Sequence[T], *, count: int | None, share: float | None) -> Sequence[T]:
    """The sample."""
    return ordered[: how_many(len(ordered), count=count, share=share)]
