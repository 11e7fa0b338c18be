"""Replies while the SMTP server refuses, defers, stalls and hangs up, and the team's server is killed again and again: who got what.

python -m bench.out_faults [--small] [--seed 20261128] [--only sqlite|postgresql|exim]

Real processes, sockets and databases: 1,000 replies and 100 kills with one server on SQLite, 300 and 30 with two on PostgreSQL, 200 and 20
through a real Exim into Dovecot. An agent's client hands over again, under the same key, whatever was not answered. Counted at the end: what
the SMTP server took, recipient by recipient, beside what the team is told; every unknown is then settled by a copy in Sent, a bounce, or a
person, and nothing may leave again for it.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "servers"))

from faulty_smtp import FaultySMTP
from start_dovecot import Dovecot
from start_exim import Exim
from start_postgres import Postgres

from bench.report import Report
from store.domain.outbox import OutboxState
from tests.outbox.fault_run import FaultRun, Tally
from tests.outbox.through_exim import ThroughExim, at_exim

SIZES = {"sqlite": (1000, 100), "postgresql": (300, 30), "exim": (200, 20)}
SMALL = {"sqlite": (40, 4), "postgresql": (24, 3), "exim": (16, 2)}
ON = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "exim": "Exim"}
NEVER: dict[str, Callable[[Tally], int]] = {
    "sent twice": lambda tally: tally.twice,
    "lost": lambda tally: tally.lost,
    "unknown and not shown": lambda tally: tally.unshown,
    "told otherwise than it was": lambda tally: len(tally.wrong),
    "copies in Sent doubled": lambda tally: tally.copies_twice,
    "copies in Sent missing": lambda tally: tally.copies_missing,
}
"""What may not happen."""
HAPPENED: dict[str, Callable[[Tally], int]] = {
    "replies acknowledged": lambda tally: tally.replies,
    "kill -9 of a server": lambda tally: tally.kills,
    "tries at the SMTP server": lambda tally: tally.tries,
    "unknown": lambda tally: tally.unknown,
    "… that had left": lambda tally: tally.unknown_had_left,
    "… settled by Sent": lambda tally: tally.settled_by_sent,
    "… settled by a bounce": lambda tally: tally.settled_by_bounce,
    "… settled by a person": lambda tally: tally.settled_by_person,
    **{f"in the end {state}": lambda tally, state=state: tally.states[state] for state in OutboxState},
}


@dataclass(frozen=True)
class Run:
    """One of them, and the seconds it took."""

    name: str
    tally: Tally
    seconds: float


def played(name: str, sizes: tuple[int, int], seed: int, dovecot: Dovecot) -> Run:
    """One run, from its servers to its count."""
    began = time.perf_counter()
    account = dovecot.add_user()
    if name == "exim":
        exim = Exim(dovecot)
        try:
            exim.add_user(account)
            run = FaultRun(dovecot, account, ThroughExim(exim, dovecot), seed=seed, recipients=at_exim, log_in=True)
            tally = asyncio.run(run.play(*sizes))
        finally:
            exim.close()
        return Run(name, tally, time.perf_counter() - began)
    postgres = Postgres() if name == "postgresql" else None
    try:
        with FaultySMTP(seed) as smtp:
            tally = asyncio.run(FaultRun(dovecot, account, smtp, url=postgres.new_url() if postgres else "", seed=seed).play(*sizes))
    finally:
        if postgres is not None:
            postgres.close()
    return Run(name, tally, time.perf_counter() - began)


def table(runs: list[Run]) -> None:
    """All of them side by side; what no run had is left out."""
    print(f"\n  {'':30}" + "".join(f"{ON[run.name]:>14}" for run in runs))
    for measure, count in (NEVER | HAPPENED).items():
        counts = [count(run.tally) for run in runs]
        if measure in NEVER or any(counts):
            print(f"  {measure:30}" + "".join(f"{each:>14,}" for each in counts))
    print(f"  {'seconds':30}" + "".join(f"{run.seconds:>14.0f}" for run in runs))


def tell(report: Report, run: Run) -> None:
    """The figures of one run; what may not happen has the mark 0."""
    for measure, count in NEVER.items():
        report.add(f"{ON[run.name]}: {measure}", count(run.tally), "replies", 0)
    for measure, count in HAPPENED.items():
        report.add(f"{ON[run.name]}: {measure}", count(run.tally), "replies")
    report.add(f"{ON[run.name]}: took", run.seconds, "s")
    print(f"  {ON[run.name]}: the SMTP server was " + ", ".join(f"{mood} {count}" for mood, count in sorted(run.tally.moods.items())))
    for wrong in run.tally.wrong[:20]:
        print(f"  {ON[run.name]}: {wrong}")


def main() -> int:
    """Play and print; 1: something happened that may not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--seed", type=int, default=20261128)
    parser.add_argument("--only", choices=list(SIZES))
    asked = parser.parse_args()
    report, runs = Report("out"), list[Run]()
    dovecot = Dovecot()
    try:
        for name, sizes in (SMALL if asked.small else SIZES).items():
            if asked.only in {None, name}:
                runs.append(played(name, sizes, asked.seed, dovecot))
                tell(report, runs[-1])
    finally:
        dovecot.close()
    table(runs)
    report.print_json()
    return 0 if all(run.tally.flawless() for run in runs) else 1


if __name__ == "__main__":
    sys.exit(main())
