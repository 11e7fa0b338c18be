"""The line, step by step: what the agents do, where it is broken, and how people go on from there."""

import re
import subprocess

from store.domain.outbox import OutboxState, Submission
from store.domain.status import DONE, NEW
from tests.line.at_desk import COMPOSER, SECONDS, AtDesk
from tests.line.house import MADO, QUIET
from tests.line.play import Line, Play
from tests.line.points import BY_THE_VERB, Place, Point, Step, Victim
from tests.waiting import wait_until

HOLD_AND_MORE_SECONDS = 60
END_OF_TEXT = b"\r\n.\r\n"
SLOW_ANSWER_SECONDS = 0.25


def begin(play: Play, point: Point) -> None:
    """Play a conversation until its reply is with the server, through its point if that lies before."""
    line = play.new_line(point)
    arrive(play, line)
    comment(play, line)
    if point.step in BY_THE_VERB:
        send_by_the_verb(play, line)
        return
    open_composer(play, line)
    write(play, line)
    save(play, line)
    submit(play, line)
    hold(play, line)


def end(play: Play) -> None:
    """Play all conversations until the customer has the reply and has written again."""
    for line in play.lines:
        leave(play, line)
    for line in play.lines:
        answer(play, line)
    for line in play.lines:
        reopen(line)


# As far as the hold.


def arrive(play: Play, line: Line) -> None:
    """The customer writes; both see it."""
    line.mail = play.house.customer_writes(line.subject, f"お世話になります。{line.token} です。")
    play.strikes(line, Step.ARRIVING, lambda: line.other.id_of(line.token))
    for desk in line.desks:
        wait_until(lambda desk=desk: desk.state(line.token), f"{line.token} to reach {desk.name}", SECONDS)


def comment(play: Play, line: Line) -> None:
    """The colleague calls the writer; one who comes back and finds the comment nowhere says it again."""
    _comment(line)
    if play.strikes(line, Step.COMMENTING, line.other.store.pending) and line.point.victim is Victim.OTHER:
        line.other.is_level()
        if not line.other.comments(line.token, line.remark):
            _comment(line)
    for desk in line.desks:
        wait_until(lambda desk=desk: desk.comments(line.token, line.remark), f"the comment on {line.token} to reach {desk.name}", SECONDS)


def _comment(line: Line) -> None:
    line.other.finds(line.token)
    line.other.terminal.press("c")
    line.other.terminal.wait_for("(?m)^Comment:", SECONDS)
    line.other.terminal.type(line.remark)
    line.other.terminal.press("Enter")


def open_composer(play: Play, line: Line) -> None:
    """`r`; somebody who was killed gets their own lease again without a question."""
    line.writer.finds(line.token)
    line.writer.terminal.press("r")
    if play.strikes(line, Step.OPENING, lambda: _is_leased(line)) and line.writer_dies:
        line.writer.opens_composer(line.token)
    line.writer.terminal.wait_for(COMPOSER, SECONDS)


def _is_leased(line: Line) -> bool:
    state = line.other.state(line.token)
    return state is not None and state.lease is not None


def write(play: Play, line: Line) -> None:
    """Only what was never saved may have to be typed again."""
    line.writer.terminal.type(line.text)
    if play.strikes(line, Step.TYPING) and line.writer_dies:
        line.writer.opens_composer(line.token)
        if line.text not in line.writer.terminal.screen():
            line.writer.leaves_composer("C-k")
            line.writer.opens_composer(line.token)
            line.writer.terminal.type(line.text)
    line.writer.terminal.wait_for(re.escape(line.text), SECONDS)


def save(play: Play, line: Line) -> None:
    """What was saved by itself is offered again, letter by letter."""
    if line.point.step is not Step.SAVED:
        return
    wait_until(lambda: line.writer.has_draft(line.text), f"the draft of {line.token} to be saved", SECONDS)
    if play.strikes(line, Step.SAVED) and line.writer_dies:
        line.writer.opens_composer(line.token)
    line.writer.terminal.wait_for(re.escape(line.text), SECONDS)


def submit(play: Play, line: Line) -> None:
    """^S. One who comes back and finds the reply not handed over finds its text, and presses ^S again."""
    line.writer.terminal.press("C-s")
    struck = play.strikes(line, Step.SUBMITTING, lambda: line.writer.waits_to_send(line.token) or line.writer.submission(line.token))
    if struck and line.writer_dies:
        line.writer.is_level()
        if line.writer.submission(line.token) is None:
            line.writer.opens_composer(line.token)
            if line.text not in line.writer.terminal.screen():
                # Killed before the first of the five seconds was over: nothing of it had been saved.
                line.writer.terminal.type(line.text)
            line.writer.terminal.wait_for(re.escape(line.text), SECONDS)
            line.writer.terminal.press("C-s")


def hold(play: Play, line: Line) -> None:
    """While it is held everybody sees that it waits."""
    for desk in line.desks:
        wait_until(lambda desk=desk: desk.submission(line.token), f"{desk.name} to see that the reply to {line.token} waits", SECONDS)
    play.strikes(line, Step.HOLDING)


# From the hold on, by the verb, which need not wait 20 seconds.


def send_by_the_verb(play: Play, line: Line) -> None:
    """`mado reply --send` beside the open terminals."""
    if line.point.victim is Victim.VERB:
        kill_the_verb(play, line)
        return
    sent_before, connected_before = len(play.smtp.to_server.passed), play.smtp.connections
    if line.point.step is Step.SENDING:
        hinder(play, line)
    reply_at_once(play, line)
    if line.point.victim is Victim.MAIL_LINE:
        cuts = play.smtp.to_client if line.point.place in {Place.GREETING, Place.ANSWER} else play.smtp.to_server
        wait_until(lambda: cuts.cut_on is None and cuts.cut_after_bytes is None, "the cut", SECONDS)
        play.break_now(line)
    elif line.point.place in {Place.GREETING, Place.ENVELOPE}:
        play.strikes(line, Step.SENDING, lambda: play.smtp.connections > connected_before, sure=True)
    else:
        play.strikes(line, Step.SENDING, lambda: END_OF_TEXT in play.smtp.to_server.passed[sent_before:], sure=True)
    play.smtp.to_client.latency_seconds, play.smtp.to_client.stalled = 0.0, False
    play.strikes(line, Step.ACCEPTED, lambda: line.writer.sees(line.token, OutboxState.ACCEPTED), sure=True)
    play.strikes(line, Step.FILED, lambda: (reply := line.writer.submission(line.token)) and reply.filed, sure=True)


def hinder(play: Play, line: Line) -> None:
    """Make the talk with the mail server slow enough to be killed in its middle, or cut it there."""
    to_client, to_server = play.smtp.to_client, play.smtp.to_server
    if line.point.victim is not Victim.MAIL_LINE:
        to_client.stalled = line.point.place is Place.GREETING
        to_client.latency_seconds = SLOW_ANSWER_SECONDS
        return
    match line.point.place:
        case Place.GREETING:
            to_client.cut_after_bytes = 0
        case Place.ENVELOPE:
            to_server.cut_on = re.compile(rb"RCPT TO")
        case Place.TEXT:
            to_server.cut_on = re.compile(rb"Subject: ")
        case Place.ANSWER:
            to_client.cut_on, to_client.cut_beyond = re.compile(rb"250 OK id="), -len("250 OK id=")


def reply_at_once(play: Play, line: Line) -> None:
    """The whole way of a script that is in a hurry."""
    play.house.mado(line.writer.agent.home, "reply", of(line), "--body", "-", "--send", "--hold", "0", "--take-over", stdin=line.text)


def of(line: Line) -> str:
    """Its id, as a script would have it."""
    found = line.writer.id_of(line.token)
    assert found is not None
    return found


def kill_the_verb(play: Play, line: Line) -> None:
    """Kill the script itself; whoever comes back hands over what waits, and sends again only what never was."""
    home = line.writer.agent.home
    words = [*MADO, "--home", str(home), "reply", of(line), "--body", "-", "--send", "--hold", "0.3", "--wait", "--json"]
    with subprocess.Popen(
        ["env", *(f"{key}={value}" for key, value in QUIET.items()), *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as verb:
        assert verb.stdin is not None
        verb.stdin.write(line.text.encode())
        verb.stdin.close()
        play.strikes(line, Step.SENDING, lambda: verb.poll() is not None)
        verb.kill()
    play.house.mado(home, "outbox")
    line.writer.is_level()
    if line.writer.submission(line.token) is None:
        reply_at_once(play, line)


# The end.

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
    """Whether the mail server got all of it, read from the wire."""
    heard = bytes(play.smtp.to_server.passed)
    begins = heard.find(reply.message_id.encode())
    return begins >= 0 and END_OF_TEXT in heard[begins:]


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
