"""What a far mail server costs: mails over a line with 100 ms between question and answer, with and without what saves trips; part of `bench-out`.

python -m bench.out_round_trips
"""

import asyncio
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "servers"))

from fault_proxy import FaultProxy
from faulty_smtp import FaultySMTP

from bench.report import Report
from mailsync.smtp.access import SmtpAccess
from mailsync.smtp.kept import Connections
from mailsync.smtp.options import Reporting
from mailsync.smtp.session import submit
from store.domain.outbox import Envelope
from tests.outbox.house import mail

ROUND_TRIP_SECONDS = 0.1
FROM = "support@example.test"


def recipients(count: int) -> tuple[str, ...]:
    """So many."""
    return tuple(f"r{n}@customer.test" for n in range(count))


async def one(access: SmtpAccess, count: int) -> float:
    """Seconds for one mail over a connection of its own, with its goodbye."""
    began = time.perf_counter()
    await submit(access, Envelope(FROM, recipients(count)), mail(f"<one.{count}@desk.test>", FROM, "r0@customer.test"))
    return time.perf_counter() - began


async def several(access: SmtpAccess, mails: int, most_mails: int) -> float:
    """Seconds for as many mails to one recipient each, one after another."""
    kept = Connections(most_mails=most_mails)
    began = time.perf_counter()
    for n in range(mails):
        await kept.submit(access, Envelope(FROM, recipients(1)), mail(f"<{most_mails}.{n}@desk.test>", FROM, "r0@customer.test"), Reporting())
    took = time.perf_counter() - began
    kept.close()
    return took


def main() -> int:
    """The table as it goes, the JSON lines at the end."""
    report = Report("out")
    for pipelining in (False, True):
        how = "PIPELINING" if pipelining else "one by one"
        with FaultySMTP(1, moods={"obliging": 1}, pipelining=pipelining) as server, FaultProxy(server.port) as proxy:
            proxy.to_client.latency_seconds = proxy.to_server.latency_seconds = ROUND_TRIP_SECONDS / 2
            access = SmtpAccess("127.0.0.1", proxy.port, "none", "", None)
            for count in (1, 5, 20):
                report.add(f"{how}: a mail to {count}", asyncio.run(one(access, count)) / ROUND_TRIP_SECONDS, "trips")
            report.add(f"{how}: 10 mails, a connection each", asyncio.run(several(access, 10, 1)) / ROUND_TRIP_SECONDS, "trips")
            report.add(f"{how}: 10 mails over one connection", asyncio.run(several(access, 10, 50)) / ROUND_TRIP_SECONDS, "trips")
            report.add(f"{how}: sent twice", sum(count > 1 for count in server.taken.values()), "mails", 0)
    report.print_json()
    return 0


if __name__ == "__main__":
    sys.exit(main())
