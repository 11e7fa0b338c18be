"""The line as far as the hold, step by step: what the agents do, where it is broken, and how people go on from there."""

import re

from tests.line.at_desk import COMPOSER, SECONDS
from tests.line.play import Line, Play
from tests.line.points import BY_THE_VERB, Point, Step, Victim
from tests.line.verb import send_by_the_verb
from tests.waiting import wait_until


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


def arrive(play: Play, line: Line) -> None:
    """The customer writes; both see it."""
    line.mail = play.house.customer_writes(line.subject, f"お世話になります。{line.token} です。")
    play.strikes(line, Step.ARRIVING, lambda: line.other.id_of(line.token))
    for desk in line.desks:
        wait_until(lambda desk=desk: desk.state(line.token), f"{line.token} to reach {desk.name}", SECONDS)


def comment(play: Play, line: Line) -> None:
    """The colleague calls the writer; one who comes back and finds the comment nowhere says it again."""
    play.aims(line, Step.COMMENTING)
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
    play.aims(line, Step.OPENING)
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
        is_kept = line.writer.has_draft(line.text)
        line.writer.opens_composer(line.token)
        if not is_kept:
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
    play.aims(line, Step.SUBMITTING)
    line.writer.terminal.press("C-s")
    struck = play.strikes(line, Step.SUBMITTING, lambda: line.writer.waits_to_send(line.token) or line.writer.submission(line.token))
    if struck and line.writer_dies:
        line.writer.is_level()
        if line.writer.submission(line.token) is None:
            is_kept = line.writer.has_draft(line.text)
            line.writer.opens_composer(line.token)
            if not is_kept:
                # Killed before the first of the five seconds was over: nothing of it had been saved.
                line.writer.terminal.type(line.text)
            line.writer.terminal.wait_for(re.escape(line.text), SECONDS)
            line.writer.terminal.press("C-s")


def hold(play: Play, line: Line) -> None:
    """While it is held everybody sees that it waits."""
    for desk in line.desks:
        wait_until(lambda desk=desk: desk.submission(line.token), f"{desk.name} to see that the reply to {line.token} waits", SECONDS)
    play.strikes(line, Step.HOLDING)
