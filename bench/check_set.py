"""The send check on its measured set: how often it is right, what it misses, and what it costs; some seconds."""

import time
from datetime import date

from bench.report import Report, percentile
from store.domain.checks.facts import Facts
from store.domain.checks.table import check
from store.domain.draft import Draft
from store.domain.house_words import HouseWord
from store.domain.ids import ConversationId
from tests.domain.send_check_set.scoring import PARTS, PRECISION, RECALL, Score, codes_of

RUNS = 300
MARK_MS = 20.0


def measure(report: Report) -> None:
    """Note what is wrong and what is missed, as shares, for each severity and part of the set; and what 200 lines take."""
    for part, drafts in PARTS.items():
        score = Score(drafts)
        print(f"{part}: {len(drafts)} drafts\n{score.table()}")
        for severity, mark in PRECISION.items():
            report.add(f"check, {part}: {severity}s found for nothing", 1 - score.precision(codes_of(severity)), "share", 1 - mark)
            report.add(f"check, {part}: {severity}s missed", 1 - score.recall(codes_of(severity)), "share", 1 - RECALL)
    report.add("check, 200 lines beside 2,000 customers, p99", percentile(_spent(), 99), "ms", MARK_MS)


def _spent() -> list[float]:
    """Milliseconds of processor time, each; what is worked out once for all drafts is left out."""
    names = tuple(f"{one}{two} {three}" for one in "山川田村木林森高石松" for two in "田本崎野島上下中原井" for three in map(str, range(20)))
    facts = Facts(
        others=names,
        other_companies=tuple(f"株式会社試験{number}" for number in range(300)),
        words=tuple(HouseWord(f"禁止語{number}") for number in range(500)),
        said="お世話になっております。" * 3_000,
        today=date(2026, 11, 28),
        seen=frozenset(),
    )
    written = [line for each in PARTS["tuned on"] for line in each.draft.body.split("\n") if line.strip() and not line.startswith(">")]
    draft = Draft(conversation_id=ConversationId("c"), to=("a@b.example",), subject="注文", body="\n".join((*written[:150], *["> 引用です。"] * 50)))
    check(draft, facts)
    spent: list[float] = []
    for _ in range(RUNS):
        begun = time.process_time()
        check(draft, facts)
        spent.append((time.process_time() - begun) * 1_000)
    return spent


if __name__ == "__main__":
    told = Report("check")
    measure(told)
    told.print_json()
