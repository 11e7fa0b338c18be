"""What an attempt comes to: who is asked for again, when, and when it ends."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mailsync.server.outbox_plan import RETRY_AFTER, SETTLED, Patience, envelope_left, judge
from mailsync.smtp.errors import SmtpUnreachable, SubmissionDeferred, SubmissionRefused, SubmissionUncertain
from store.domain.ids import MemberKey, MessageId, Revision, StatusKey, SubmissionId
from store.domain.lease import Token
from store.domain.outbox import TERMINAL_STATES, Envelope, OutboxState, RecipientResult, Submission

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
A, B, C = "a@customer.test", "b@customer.test", "c@customer.test"
AWAY = SmtpUnreachable("mail.example.test", 465, "nobody listens")


def submission(*results: RecipientResult) -> Submission:
    return Submission(
        id=SubmissionId("s1"),
        message_id=MessageId("<r1@example.test>"),
        by=MemberKey("sato"),
        token=Token(1, 1),
        seen_revision=Revision(1),
        envelope=Envelope("support@example.test", (A, B, C)),
        mime_sha256="",
        then_status=StatusKey("done"),
        state=OutboxState.SENDING,
        send_at=NOW,
        results=results,
    )


def said(address: str, code: int) -> RecipientResult:
    state = {2: OutboxState.ACCEPTED, 4: OutboxState.DEFERRED, 5: OutboxState.REFUSED}[code // 100]
    return RecipientResult(address, state, code, "words")


def judged(answer, *before: RecipientResult, attempt: int = 1, patience: Patience | None = None):
    return judge(submission(*before), answer, attempt=attempt, now=NOW, patience=patience or Patience())


def test_taken_for_everybody_is_accepted() -> None:
    assert judged((said(A, 250), said(B, 250), said(C, 250))).state is OutboxState.ACCEPTED


def test_one_deferred_recipient_keeps_the_reply_in_work_for_that_one_alone() -> None:
    verdict = judged((said(A, 250), said(B, 550), said(C, 451)))
    assert (verdict.state, verdict.retry_at) == (OutboxState.DEFERRED, NOW + timedelta(minutes=1))
    assert envelope_left(submission(*verdict.results)).rcpt_to == (C,)


def test_the_second_attempt_is_added_to_what_the_first_achieved() -> None:
    verdict = judged((said(C, 250),), said(A, 250), said(B, 550), said(C, 451), attempt=2)
    assert verdict.state is OutboxState.PARTLY_ACCEPTED
    assert [result.code for result in verdict.results] == [250, 550, 250]
    assert "b@customer.test: 550 words" in verdict.why


def test_refused_by_everybody_is_refused() -> None:
    assert judged(SubmissionRefused("no", tuple(said(each, 550) for each in (A, B, C)))).state is OutboxState.REFUSED


def test_a_server_out_of_reach_is_tried_again_ever_more_slowly() -> None:
    waits = [judged(AWAY, attempt=attempt).retry_at for attempt in range(1, 9)]
    assert waits == [NOW + wait for wait in (*RETRY_AFTER, RETRY_AFTER[-1], RETRY_AFTER[-1])]
    assert "nobody listens" in judged(AWAY).why


def test_a_broken_line_after_the_text_is_unknown_and_never_tried_again() -> None:
    verdict = judged(SubmissionUncertain("?", (RecipientResult(A, OutboxState.UNKNOWN, 0, ""), said(B, 550))))
    assert (verdict.state, verdict.retry_at) == (OutboxState.UNKNOWN, None)


def test_after_days_it_is_given_up_and_said_so() -> None:
    verdict = judged(SubmissionDeferred("later", (said(A, 451),)), said(B, 250), attempt=3, patience=Patience(most_attempts=3))
    assert verdict.state is OutboxState.PARTLY_ACCEPTED
    assert {result.address: result.state for result in verdict.results} == {A: OutboxState.REFUSED, B: OutboxState.ACCEPTED, C: OutboxState.REFUSED}
    assert "given up" in verdict.why


@given(st.lists(st.tuples(st.sampled_from((A, B, C)), st.sampled_from((250, 451, 550))), max_size=12))
def test_nobody_who_has_it_is_ever_asked_for_again(answers: list[tuple[str, int]]) -> None:
    before: tuple[RecipientResult, ...] = ()
    for attempt, (address, code) in enumerate(answers, 1):
        left = envelope_left(submission(*before)).rcpt_to
        assert not {result.address for result in before if result.state in SETTLED} & set(left)
        if address not in left:
            continue
        results = tuple(said(each, code if each == address else 451) for each in left)
        verdict = judged(results, *before, attempt=attempt)
        assert (verdict.retry_at is None) == (verdict.state in TERMINAL_STATES)
        assert [result.address for result in verdict.results] == [each for each in (A, B, C) if each in {r.address for r in verdict.results}]
        before = verdict.results
        if verdict.state in TERMINAL_STATES:
            return
