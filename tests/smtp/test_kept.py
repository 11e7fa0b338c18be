"""Several mails over one connection, commands that go out together: whatever breaks, no mail is lost and none leaves twice."""

import asyncio

import pytest
from faulty_smtp import FaultySMTP

from mailsync.smtp.access import SmtpAccess
from mailsync.smtp.errors import SmtpNotUnderstood, SmtpUnreachable, SubmissionDeferred, SubmissionRefused, SubmissionUncertain
from mailsync.smtp.kept import Connections
from mailsync.smtp.options import Reporting
from mailsync.smtp.session import submit
from store.domain.outbox import Envelope, OutboxState, RecipientResult
from store.errors import MadoError
from tests.outbox.house import mail
from tests.waiting import wait_for

FROM, A, B, C = "support@example.test", "a@customer.test", "b@customer.test", "c@customer.test"
ACCEPTED, REFUSED = OutboxState.ACCEPTED, OutboxState.REFUSED


def at(server: FaultySMTP, **more: object) -> SmtpAccess:
    return SmtpAccess(**{"host": "127.0.0.1", "port": server.port, "tls": "none", "user": "", "password": None, "timeout_seconds": 10.0, **more})  # type: ignore[arg-type]


def obliging(*first: str, pipelining: bool = True) -> FaultySMTP:
    return FaultySMTP(1, moods={"obliging": 1}, first=first, pipelining=pipelining)


async def send(kept: Connections, server: FaultySMTP, n: int, *to: str, **more: object) -> tuple[RecipientResult, ...]:
    envelope = Envelope(FROM, to or (A,))
    return await kept.submit(at(server, **more), envelope, mail(f"<r{n}@desk.test>", FROM, envelope.rcpt_to[0]), Reporting())


def counted(server: FaultySMTP) -> list[int]:
    return list(server.taken.values())


@pytest.mark.parametrize("pipelining", [True, False])
async def test_mails_one_after_another_go_over_one_connection_and_no_more_than_may(pipelining: bool) -> None:
    with obliging(pipelining=pipelining) as server:
        kept = Connections(most_mails=3)
        for n in range(5):
            await send(kept, server, n)
        kept.close()
        assert (server.connections, counted(server)) == (2, [1] * 5)


async def test_a_connection_is_kept_for_the_same_login_only() -> None:
    with obliging() as server:
        kept = Connections(most_mails=10)
        await send(kept, server, 1)
        await send(kept, server, 2, user="another")
        await send(kept, server, 3)
        kept.close()
        assert server.connections == 2


async def test_an_idle_connection_is_ended() -> None:
    with obliging() as server:
        kept = Connections(most_mails=10, idle_seconds=0.0)
        await send(kept, server, 1)
        await wait_for(lambda: not kept.open, "the connection to end")
        await send(kept, server, 2)
        assert server.connections == 2
        kept.close()


BREAKS = ["cuts_mail", "cuts_greeting", "defers_mail", "defers_greeting", "closes_rcpt", "cuts_after_answer"]


@pytest.mark.parametrize("mood", BREAKS)
@pytest.mark.parametrize("pipelining", [True, False])
async def test_a_kept_connection_that_is_spent_costs_the_next_mail_nothing(mood: str, pipelining: bool) -> None:
    """Whether it ends between two mails or at the second one's first commands, that one goes over a new connection, once."""
    moods = ("cuts_after_answer",) if mood == "cuts_after_answer" else ("obliging", mood)
    with obliging(*moods, pipelining=pipelining) as server:
        kept = Connections(most_mails=10)
        assert [result.state for result in await send(kept, server, 1, A, B)] == [ACCEPTED, ACCEPTED]
        assert [result.state for result in await send(kept, server, 2, A, B)] == [ACCEPTED, ACCEPTED]
        kept.close()
        assert counted(server) == [1] * 4


@pytest.mark.parametrize(("mood", "copies"), [("cuts_dot_kept", 1), ("cuts_dot_lost", 0), ("cuts_text", 0)])
async def test_a_kept_connection_that_breaks_behind_the_text_is_never_tried_again(mood: str, copies: int) -> None:
    with obliging("obliging", mood) as server:
        kept = Connections(most_mails=10)
        await send(kept, server, 1)
        with pytest.raises(SubmissionUncertain):
            await send(kept, server, 2)
        kept.close()
        assert (server.connections, server.taken["<r2@desk.test>", A]) == (1, copies)


async def test_an_answer_too_many_is_taken_for_nobodys() -> None:
    with obliging("says_more") as server:
        kept = Connections(most_mails=10)
        await send(kept, server, 1)
        assert [(one.address, one.state) for one in await send(kept, server, 2, A, B)] == [(A, ACCEPTED), (B, ACCEPTED)]
        kept.close()
        assert counted(server) == [1] * 3


@pytest.mark.parametrize("pipelining", [True, False])
async def test_commands_that_go_out_together_bring_each_recipient_their_own_answer(pipelining: bool) -> None:
    with obliging("refuses_some", pipelining=pipelining) as server:
        results = await submit(at(server), Envelope(FROM, (A, B, C)), mail("<r@desk.test>", FROM, A))
        assert [(one.address, one.state) for one in results] == [(A, ACCEPTED), (B, REFUSED), (C, ACCEPTED)]
        assert sorted(address for _, address in server.taken) == [A, C]


async def test_more_recipients_than_go_out_together_have_each_their_answer() -> None:
    many = tuple(f"r{n}@customer.test" for n in range(130))
    with obliging() as server:
        results = await submit(at(server), Envelope(FROM, many), mail("<r@desk.test>", FROM, A))
        assert [one.address for one in results if one.state is ACCEPTED] == list(many)
        assert counted(server) == [1] * 130


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize(
    ("mood", "error"), [("refuses_mail", SubmissionRefused), ("defers_mail", SubmissionDeferred), ("closes_rcpt", SubmissionDeferred)]
)
async def test_the_servers_words_are_told_however_the_commands_go_out(mood: str, error: type[MadoError], pipelining: bool) -> None:
    with obliging(mood, pipelining=pipelining) as server:
        with pytest.raises(error, match=r"not from you|later|closing"):
            await submit(at(server), Envelope(FROM, (A, B)), mail("<r@desk.test>", FROM, A))
        assert not server.taken


async def test_a_yes_to_data_is_no_yes_to_a_text_that_was_never_sent() -> None:
    with obliging("yes_to_data") as server:
        with pytest.raises(SmtpNotUnderstood, match="Nothing was sent"):
            await submit(at(server), Envelope(FROM, (A,)), mail("<r@desk.test>", FROM, A))
        assert not server.taken


async def test_what_may_not_begin_any_more_ends_before_its_text() -> None:
    """Another server may have taken over while this one logged in."""

    def stopped() -> None:
        raise SmtpUnreachable("here", 0, "stopped")

    with obliging() as server:
        kept = Connections(most_mails=10)
        with pytest.raises(SmtpUnreachable, match="stopped"):
            await kept.submit(at(server), Envelope(FROM, (A,)), mail("<r@desk.test>", FROM, A), Reporting(), stopped)
        await send(kept, server, 2)
        kept.close()
        assert list(server.taken) == [("<r2@desk.test>", A)]


async def test_mails_at_the_same_time_never_share_a_connection() -> None:
    with FaultySMTP(1, moods={"slow": 1}) as server:
        kept = Connections(most_mails=10)
        await asyncio.gather(*(send(kept, server, n) for n in range(4)))
        kept.close()
        assert (server.connections, counted(server)) == (4, [1] * 4)
