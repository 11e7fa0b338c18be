"""1,000 replies while the SMTP server refuses, defers, stalls and hangs up, and the team's server is killed 100 times: who got what.

    python -m bench.out_faults [--replies 1000] [--kills 100] [--seed 20261128] [--only sqlite|postgresql]

Real processes, sockets and databases. An agent's client hands over again, under the same key, whatever was not answered. Counted at the end:
what the SMTP server took, recipient by recipient, beside what the team is told; every unknown is then settled by a copy in Sent, a bounce,
or a person, and nothing may leave again for it.
"""

import argparse
import asyncio
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "servers"))

from faulty_smtp import FaultySMTP
from start_dovecot import Dovecot
from start_postgres import Postgres

from bench.report import Report
from tests.outbox.fault_run import FaultRun, Tally


def played(dovecot: Dovecot, asked: argparse.Namespace, url: str) -> tuple[Tally, float]:
    """One run, and the seconds it took."""
    began = time.perf_counter()
    with FaultySMTP(asked.seed) as smtp:
        tally = asyncio.run(FaultRun(dovecot, dovecot.add_user(), smtp, url=url, seed=asked.seed).play(asked.replies, asked.kills))
    return tally, time.perf_counter() - began


def tell(report: Report, on: str, tally: Tally, seconds: float) -> None:
    """The figures of one run; what may not happen has the mark 0."""
    for measure, count in (
        ("sent twice", tally.twice),
        ("lost", tally.lost),
        ("unknown and not shown", tally.unshown),
        ("told otherwise than it was", len(tally.wrong)),
        ("copies in Sent doubled", tally.copies_twice),
        ("copies in Sent missing", tally.copies_missing),
    ):
        report.add(f"{on}: {measure}", count, "replies", 0)
    report.add(f"{on}: replies acknowledged", tally.replies, "replies")
    report.add(f"{on}: kill -9 of a server", tally.kills, "kills")
    report.add(f"{on}: tries at the SMTP server", tally.tries, "")
    report.add(f"{on}: unknown", tally.unknown, "replies")
    report.add(f"{on}: … that had left", tally.unknown_had_left, "replies")
    report.add(f"{on}: … settled by Sent", tally.settled_by_sent, "replies")
    report.add(f"{on}: … settled by a bounce", tally.settled_by_bounce, "replies")
    report.add(f"{on}: … settled by a person", tally.settled_by_person, "replies")
    for state, count in sorted(tally.states.items()):
        report.add(f"{on}: in the end {state}", count, "replies")
    report.add(f"{on}: took", seconds, "s")
    print(f"  {on}: the SMTP server was " + ", ".join(f"{mood} {count}" for mood, count in sorted(tally.moods.items())))
    for wrong in tally.wrong[:20]:
        print(f"  {on}: {wrong}")


def main() -> None:
    """Play and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replies", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=20261128)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    asked = parser.parse_args()
    report = Report("out")
    dovecot = Dovecot()
    try:
        if asked.only != "postgresql":
            tell(report, "SQLite", *played(dovecot, asked, ""))
        if asked.only != "sqlite":
            postgres = Postgres()
            try:
                tell(report, "PostgreSQL, 2 servers", *played(dovecot, asked, postgres.new_url()))
            finally:
                postgres.close()
    finally:
        dovecot.close()
    report.print_json()


if __name__ == "__main__":
    main()
