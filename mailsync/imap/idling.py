"""IDLE (RFC 2177): waits until the server tells of something, whoever else wants the thread, and whatever the machine does meanwhile."""

from collections.abc import Callable

from mailsync.imap.channel import CRLF, Channel, Interrupt
from mailsync.imap.errors import CommandRefused
from mailsync.imap.responses import Completed, Continue, Exists, Expunged, MessageData, Response, Vanished
from mailsync.imap.sleep import LOOK_SECONDS, has_slept
from store.clock import Clock

AFTER_SLEEP_SECONDS = 5.0
"""How long a server may take to answer after a sleep before its connection counts as dead."""
STALL_SECONDS = 1.0
"""A server that takes longer to end IDLE keeps what it has just told to itself; another connection may be quicker."""
SHORTEST_SECONDS = 5.0
"""An IDLE that the server itself ends sooner is none."""
NEWS = (Exists, Expunged, Vanished, MessageData)


def wait_in_idle(
    channel: Channel, host: str, clock: Clock, *, seconds: float, interrupt: Interrupt | None, on_stall: Callable[[], None] = lambda: None
) -> bool:
    """Wait for news of the open mailbox: True with news, or after a sleep of this machine; False when time is up or on an interrupt.

    `on_stall` is called where there is news, and the server does not let us out to see to it.

    Raises:
        CommandRefused: The server does not want to.
        ConnectionLost: It hung up, or did not answer at the end.
    """
    tag = channel.start("IDLE")
    # What the server still had to say comes before its "+": mail that arrived between the last look and now is told here, and never again.
    early: list[Response] = []
    while not isinstance(response := channel.next(), Continue):
        if isinstance(response, Completed) and response.tag == tag:
            raise CommandRefused(host, "IDLE", response.text)
        early.append(response)
    news, slept = tells(early), False
    until = clock.monotonic() + seconds
    while not (news or slept) and (left := until - clock.monotonic()) > 0:
        began, step_seconds = clock.monotonic(), min(left, LOOK_SECONDS)
        if channel.wait(step_seconds, interrupt):
            told = list(channel.arrived())
            if (over := next((each for each in told if isinstance(each, Completed) and each.tag == tag), None)) is not None:
                return _ended(over, host, lasted_seconds=clock.monotonic() - until + seconds)
            news = tells(told)
        elif interrupt is not None and interrupt.clear():
            break
        slept = has_slept(clock, began, step_seconds)
    with channel.hurried(AFTER_SLEEP_SECONDS if slept else float("inf")):
        channel.send(b"DONE" + CRLF)
        if news and not channel.wait(STALL_SECONDS):
            on_stall()
        before, done = channel.finish(tag)
    if done.kind != "OK":
        raise CommandRefused(host, "IDLE", done.text)
    return news or slept or tells(before)


def _ended(over: Completed, host: str, *, lasted_seconds: float) -> bool:
    """The server has left IDLE by itself: there may be news. One that does so at once would be asked without end."""
    if over.kind != "OK" or lasted_seconds < SHORTEST_SECONDS:
        raise CommandRefused(host, "IDLE", over.text)
    return True


def tells(responses: list[Response]) -> bool:
    """Whether any of them means that a mailbox is not as it was."""
    return any(isinstance(response, NEWS) for response in responses)
