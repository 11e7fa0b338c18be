"""What is said once at the bottom: how long it stands in place of the status bar, and that one sees where it goes on."""

from collections.abc import Callable

from tui.screens.toast import ASIDE_SECONDS, SAID_SECONDS, Toast
from tui.view.spans import Line, Span, line, shortened


class Timer:
    """A time that comes when the test says so."""

    def __init__(self, seconds: float, call: Callable[[], None]) -> None:
        self.seconds, self._call, self.is_given_up = seconds, call, False

    def cancel(self) -> None:
        self.is_given_up = True

    def comes(self) -> None:
        if not self.is_given_up:
            self._call()


class Bar:
    """A status bar with a toast, and how often it was painted by itself."""

    def __init__(self) -> None:
        self.timers: list[Timer] = []
        self.painted = 0
        self.toast = Toast(self._paint, self._later)

    def _paint(self) -> None:
        self.painted += 1

    def _later(self, seconds: float, call: Callable[[], None]) -> Timer:
        self.timers.append(Timer(seconds, call))
        return self.timers[-1]


def test_a_notice_gives_the_bar_back_by_itself_and_is_painted_once_for_it() -> None:
    bar = Bar()
    bar.toast.say("Assigned to Ben.")
    assert [timer.seconds for timer in bar.timers] == [SAID_SECONDS]
    bar.timers[0].comes()
    assert bar.toast.line is None
    assert bar.painted == 1


def test_what_is_said_of_a_dead_key_goes_sooner_and_is_known_as_such() -> None:
    bar = Bar()
    bar.toast.say("d does nothing here", aside=True)
    assert bar.toast.is_aside
    assert bar.timers[0].seconds == ASIDE_SECONDS < SAID_SECONDS
    bar.toast.say("Assigned to Ben.")
    assert not bar.toast.is_aside


def test_a_second_sentence_has_its_own_time() -> None:
    bar = Bar()
    bar.toast.say("one")
    bar.toast.say("two")
    bar.timers[0].comes()
    assert bar.toast.line == line(" two", "notice")
    assert bar.painted == 0


def test_a_key_takes_it_away_and_nothing_is_painted_later() -> None:
    bar = Bar()
    bar.toast.say("Assigned to Ben.")
    assert bar.toast.forget()
    assert not bar.toast.forget()
    bar.timers[0].comes()
    assert bar.painted == 0


def test_what_was_amiss_stands_until_somebody_is_back_at_the_keys() -> None:
    bar = Bar()
    bar.toast.say("Queued earlier, and refused", "alarm")
    assert not bar.timers
    assert bar.toast.line == line(" Queued earlier, and refused", "alarm")


def test_a_sentence_that_is_too_long_says_that_it_goes_on() -> None:
    assert shortened(line(" Ben: it went out"), 17) == line(" Ben: it went out")
    assert shortened(line(" Ben: it went out"), 12).text == " Ben: it we…"
    assert shortened(line(" 佐藤: 届きました"), 11).text == " 佐藤: 届…"
    assert shortened(Line((Span("ab", "alarm"), Span("cd"), Span("ef"))), 4) == Line((Span("ab", "alarm"), Span("c…")))
