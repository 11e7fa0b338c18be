"""A reply sent by `mado reply` beside the open terminals: its hold can be short, so the line can be broken in the middle of sending."""

import re
import subprocess

from store.domain.outbox import OutboxState
from tests.line.at_desk import SECONDS
from tests.line.house import MADO, QUIET
from tests.line.play import Line, Play
from tests.line.points import LATE, Place, Step, Victim
from tests.waiting import wait_until

END_OF_TEXT = b"\r\n.\r\n"
SLOW_ANSWER_SECONDS = 0.25


def send_by_the_verb(play: Play, line: Line) -> None:
    """`mado reply --send` beside the open terminals."""
    if line.point.victim is Victim.VERB:
        kill_the_verb(play, line)
        return
    if line.point.step is Step.SENDING and line.point.place is Place.GREETING:
        # A connection that was kept from the last reply has said its greeting.
        play.smtp.cut_now("reset")
    sent_before, connected_before = len(play.smtp.to_server.passed), play.smtp.connections
    if line.point.step is Step.SENDING:
        hinder(play, line)
    elif line.point.step is Step.FILED and line.point.place in LATE:
        play.imap.to_client.latency_seconds = SLOW_ANSWER_SECONDS / 2
    reply_at_once(play, line)
    if line.point.victim is Victim.MAIL_LINE:
        cuts = play.smtp.to_client if line.point.place in {Place.GREETING, Place.ANSWER} else play.smtp.to_server
        wait_until(lambda: cuts.cut_on is None and cuts.cut_after_bytes is None, "the cut", SECONDS)
        play.break_now(line)
    elif line.point.place is Place.GREETING:
        play.strikes(line, Step.SENDING, lambda: play.smtp.connections > connected_before, sure=True)
    elif line.point.place is Place.ENVELOPE:
        play.strikes(line, Step.SENDING, lambda: len(play.smtp.to_server.passed) > sent_before, sure=True)
    else:
        play.strikes(line, Step.SENDING, lambda: END_OF_TEXT in play.smtp.to_server.passed[sent_before:], sure=True)
    play.smtp.to_client.latency_seconds, play.smtp.to_client.stalled = 0.0, False
    play.strikes(line, Step.ACCEPTED, lambda: line.writer.sees(line.token, OutboxState.ACCEPTED), sure=True)
    if line.point.step is Step.FILED:
        strike_while_filing(play, line)


def strike_while_filing(play: Play, line: Line) -> None:
    """Early: when all of it is written down. Late: when the copy lies in Sent and the server has not heard so yet."""
    if line.point.place not in LATE:
        play.strikes(line, Step.FILED, lambda: _is_filed(line), sure=True)
        return
    with play.watching("Sent") as lies_there:
        play.strikes(line, Step.FILED, lambda: lies_there(line.token), sure=True)
    play.imap.to_client.latency_seconds = 0.0


def _is_filed(line: Line) -> bool:
    reply = line.writer.submission(line.token)
    return reply is not None and reply.filed


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
