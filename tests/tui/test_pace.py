"""A line that is slow gets one picture for many keys, a quick one is hardly asked, a terminal that never answers is never waited for."""

from tui.view.pace import LOST_SECONDS, SMALLEST_BYTES, Answers, Pace

BYTES_A_SECOND = 960
WAY_SECONDS = 0.3


class Line:
    """A terminal at the end of a line: it answers once all that was written before the question has come through."""

    def __init__(self, bytes_a_second: float, way_seconds: float) -> None:
        self.bytes_a_second, self.way_seconds = bytes_a_second, way_seconds
        self.free_at = 0.0
        self.answers: list[float] = []
        self.shown: list[tuple[float, float]] = []
        """When each picture was painted, and when it stood on the terminal."""

    def write(self, count_bytes: int, now: float, *, asked: bool) -> None:
        self.free_at = max(self.free_at, now) + count_bytes / self.bytes_a_second
        self.shown.append((now, self.free_at + self.way_seconds))
        if asked:
            self.answers.append(self.free_at + 2 * self.way_seconds)


def play(line: Line, *, keys: int, key_seconds: float, key_bytes: int) -> tuple[int, float]:
    """The first list, then keys at that rate; how many were painted at once, and how far behind the terminal ever was."""
    pace, painted = Pace(), 0
    line.write(2_500, 0.0, asked=pace.asks(2_500, 0.0))
    for number in range(keys):
        now = 8.0 + number * key_seconds
        while line.answers and line.answers[0] <= now:
            pace.answered(line.answers.pop(0))
        if not pace.is_full(now):
            painted += 1
            line.write(key_bytes, now, asked=pace.asks(key_bytes, now))
    return painted, max(shown - at for at, shown in line.shown[1:])


def test_over_a_slow_line_many_keys_are_one_picture_and_none_is_far_behind() -> None:
    painted, latest = play(Line(BYTES_A_SECOND, WAY_SECONDS), keys=300, key_seconds=0.04, key_bytes=210)
    assert 30 < painted < 80
    assert latest < 2.0
    # Without it the last one would stand there a minute after its key.
    assert 300 * 210 / BYTES_A_SECOND > 60


def test_over_a_slow_line_a_key_at_a_time_is_painted_at_once() -> None:
    painted, latest = play(Line(BYTES_A_SECOND, WAY_SECONDS), keys=50, key_seconds=0.6, key_bytes=210)
    assert painted == 50
    assert latest < 0.6


def test_over_a_quick_line_every_key_is_painted() -> None:
    painted, latest = play(Line(1_000_000, 0.02), keys=300, key_seconds=0.03, key_bytes=210)
    assert painted == 300
    assert latest < 0.05


def test_a_long_way_alone_makes_no_line_slow() -> None:
    """By satellite: far away, but nothing queues up."""
    painted, _latest = play(Line(100_000, 0.35), keys=300, key_seconds=0.03, key_bytes=210)
    assert painted > 280


def test_a_terminal_that_never_answers_is_asked_once_and_never_waited_for() -> None:
    pace = Pace()
    asked = [pace.asks(2_500, 0.1 * number) for number in range(100)]
    assert asked.count(True) == 1
    assert not any(pace.is_full(0.1 * number) for number in range(100))


def test_a_quick_line_is_asked_again_only_behind_a_long_picture() -> None:
    pace = Pace()
    assert pace.asks(300, 0.0)
    pace.answered(0.01)
    assert not pace.asks(210, 1.0)
    assert pace.asks(2_200, 2.0)


def test_an_answer_that_was_lost_stops_nothing_for_long() -> None:
    pace = Pace()
    assert pace.asks(300, 0.0)
    pace.answered(3.0)
    assert pace.asks(SMALLEST_BYTES, 3.0)
    assert pace.is_full(5.0)
    assert not pace.is_full(3.1 + LOST_SECONDS)


def test_answers_are_no_keys_wherever_the_line_cuts_them() -> None:
    sent = "j\x1b[0nk\x1b[0n\x1b[A"
    for at in range(len(sent) + 1):
        answers = Answers()
        first, second = answers.taken_out(sent[:at], waits=True), answers.taken_out(sent[at:], waits=True)
        if sent[:at].endswith("\x1b"):
            # A lone ESC is a key: it is never held back.
            continue
        assert (first[0] + second[0], first[1] + second[1]) == ("jk\x1b[A", 2), at
