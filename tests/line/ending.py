"""The end of the line: the reply leaves, a person settles what nobody knows, the customer answers."""

import time

from store.domain.outbox import OutboxState, Submission
from store.domain.status import DONE, NEW
from tests.line.at_desk import SECONDS, AtDesk
from tests.line.play import Line, Play
from tests.line.points import Step
from tests.line.verb import END_OF_TEXT, of, reply_at_once
from tests.waiting import wait_until

HOLD_AND_MORE_SECONDS = 120
LOGGED_SECONDS = 10.0


def end(play: Play) -> None:
    """Play all conversations until the customer has the reply and has written again."""
    for line in play.lines:
        leave(play, line)
    for line in play.lines:
        answer(play, line)
    for line in play.lines:
        reopen(line)


OVER = (OutboxState.ACCEPTED, OutboxState.UNKNOWN, OutboxState.DEFERRED)


def leave(play: Play, line: Line) -> None:
    """It leaves by itself; what nobody knows, and what the mail server put off, a person decides. Then a copy lies in Sent."""
    reply = wait_until(lambda: line.writer.sees(line.token, *OVER), f"the reply to {line.token} to leave", HOLD_AND_MORE_SECONDS)
    if reply.state is OutboxState.UNKNOWN:
        settle(play, line, reply)
    elif reply.state is OutboxState.DEFERRED:
        # Its next try is a minute away; nothing of it has left, so it can be taken back, and sent again.
        assert not has_left(play, reply)
        play.house.mado(line.writer.agent.home, "undo", of(line))
        reply_at_once(play, line)
    for desk in line.desks:
        wait_until(
            lambda desk=desk: (now := desk.sees(line.token, OutboxState.ACCEPTED)) and now.filed,
            f"{desk.name} to see the reply to {line.token} sent and filed",
            SECONDS,
        )
        wait_until(lambda desk=desk: (state := desk.state(line.token)) and state.status == DONE, f"{line.token} to be done at {desk.name}", SECONDS)


def has_left(play: Play, reply: Submission) -> bool:
    """Whether the mail server took it: its own log says so before it answers, and nothing is in the log whose end never went over the wire."""
    heard = bytes(play.smtp.to_server.passed)
    begins = heard.find(reply.message_id.encode())
    if begins < 0 or END_OF_TEXT not in heard[begins:]:
        return False
    # The end may be another mail's that went at the same time.
    until = time.monotonic() + LOGGED_SECONDS
    wait_until(lambda: _is_logged(play, reply) or time.monotonic() > until, "the mail server to have read what it got", SECONDS)
    return _is_logged(play, reply)


def _is_logged(play: Play, reply: Submission) -> bool:
    return f"id={reply.message_id[1:-1]}" in play.exim.log.read_text(errors="replace")


def settle(play: Play, line: Line, unknown: Submission) -> None:
    """Nobody sends it again by itself: both are shown that its fate is unknown, the writer asks the customer, and says so."""
    play.played.unknown += 1
    for desk in line.desks:
        wait_until(lambda desk=desk: (state := desk.state(line.token)) and "unknown" in state.flags, f"{desk.name} to be warned", SECONDS)
    left = has_left(play, unknown)
    if left:
        wait_until(lambda: received(play, line), f"{line.token} at the customer", SECONDS)
    assert len(received(play, line)) == int(left)
    assert unknown.attempts == 1
    line.writer.finds(line.token)
    line.writer.terminal.press("Enter")
    line.writer.terminal.wait_for("Nobody knows whether this reply left", SECONDS)
    line.writer.says("sent yes" if left else "sent no")
    decided = OutboxState.ACCEPTED if left else OutboxState.CANCELLED
    wait_until(lambda: line.writer.sees(line.token, decided), "the decision to be taken", SECONDS)
    line.writer.terminal.press("Escape")
    if not left:
        wait_until(lambda: line.writer.has_draft(line.text), f"the text of {line.token} to be a draft again", SECONDS)
        reply_at_once(play, line)


def received(play: Play, line: Line) -> list[object]:
    """The replies in the customer's own mailbox."""
    return [mail for mail in play.house.mailbox(play.house.customer) if line.token in str(mail["Subject"])]


def answer(play: Play, line: Line) -> None:
    """The customer answers what they got."""
    (mail,) = wait_until(lambda: received(play, line), f"{line.token} at the customer", SECONDS)
    before = str(mail["Message-ID"])
    play.house.customer_writes(f"Re: {line.subject}", "まだ届きません。", in_reply_to=before, references=f"{mail['References']} {before}")
    play.strikes(line, Step.ANSWERING)


def reopen(line: Line) -> None:
    """It is back in everybody's tray, and who had it is suggested."""
    for desk in line.desks:
        wait_until(lambda desk=desk: _is_reopened(line, desk), f"{line.token} to be open again at {desk.name}", SECONDS)


def _is_reopened(line: Line, desk: AtDesk) -> bool:
    state = desk.state(line.token)
    return state is not None and (state.status, state.owner, state.suggested_owner) == (NEW, None, line.writer.agent.key)
