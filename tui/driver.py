"""Textual's driver for Unix terminals, mended: pastes that hold ESC, long IME commits, a terminal that goes away, and the signals."""

import os
import selectors
import signal
import sys
import time
from codecs import getincrementaldecoder
from collections.abc import Callable
from types import FrameType
from typing import TextIO

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from tui.escaping import DELETE, ESC, WORDS, EscapeSplitter
from tui.pasting import Part, PasteSplitter
from tui.taking import Taken
from tui.view.pace import Answers, Pace
from tui.view.signals import GIVE_TITLE_BACK, KEEP_TITLE, takes_titles, titled

READ_BYTES = 64 * 1024
"""A commit of an input method, or a paste, arrives in one piece where the system lets it."""
ALTERNATE_SCREEN = "\x1b[?1049h"
ENDING = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)
"""Signals that mean: leave. ^C at the keyboard is a key and none of them."""
Handler = Callable[[int, FrameType | None], object] | int | None
"""Of a signal, as Python tells it."""
LAST_ANSWER_SECONDS = 1.5
LOOK_UP_SECONDS = 0.1
"""How often the input thread looks whether it should end."""
ESCAPE_SECONDS = 0.05
"""So long after ESC the rest of a sequence may come; then it was the key."""


class SteadyOutput:
    """The terminal as a file that never fails: once it is gone, nobody reads what we write, and an error here would stop the saving of drafts."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._gone = False

    def write(self, text: str) -> int:
        """Write, or drop it when the terminal has gone."""
        if not self._gone:
            try:
                return self._file.write(text)
            except (OSError, ValueError):
                self._gone = True
        return len(text)

    def flush(self) -> None:
        """Flush, or do nothing."""
        if not self._gone:
            try:
                self._file.flush()
            except (OSError, ValueError):
                self._gone = True

    def fileno(self) -> int:
        """The terminal's."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """Whether it is one."""
        return self._file.isatty()


class MadoDriver(LinuxDriver):
    """What the stock driver does, and: a bracketed paste is one event whatever it holds; end of file and the signals leave in order."""

    def __init__(self, app: "App[object]", *, debug: bool = False, mouse: bool = False, size: tuple[int, int] | None = None) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        assert sys.__stderr__ is not None
        self._file = SteadyOutput(sys.__stderr__)  # type: ignore[assignment] # Textual declares TextIO and uses write, flush, fileno, isatty
        self._taken: Taken | None = getattr(app, "taken", None)
        self._in_alternate_screen = False
        self._title = ""
        self._leaving: Callable[[], None] = getattr(app, "leave_in_order", app.exit)
        self._paint_anew: Callable[[], None] = getattr(app, "paint_anew", lambda: None)
        self._pace: Pace = getattr(app, "pace", Pace())
        self._answered: Callable[[int, float], None] = getattr(app, "line_answered", lambda _count, _at: None)
        self._answers = Answers()
        for number in ENDING:
            signal.signal(number, self._told_to_end)

    def start_application_mode(self) -> None:
        """Take the terminal, at the start and after every `fg` and editor."""
        taken, self._taken = self._taken, None
        self._in_alternate_screen = taken is not None
        LinuxDriver.start_application_mode(self)  # type: ignore[no-untyped-call] # Textual leaves it without types
        self._hear_of_sizes(signal.getsignal(signal.SIGWINCH))
        if taken is not None:
            # As it was before the splash, not as we found it now.
            self.attrs_before = taken.attributes
            taken.hand_over()
        else:
            # Nothing is known of what stands on it.
            self._loop.call_soon_threadsafe(self._paint_anew)
        if self._title:
            self.tell(KEEP_TITLE + titled(self._title))

    def _hear_of_sizes(self, textuals: Handler) -> None:
        """Also of one that is as before when it is asked for: it was smaller in between, and what stood beyond is gone. Textual says nothing then."""

        def is_another(number: int, frame: FrameType | None) -> None:
            if callable(textuals):
                textuals(number, frame)
            if not self._loop.is_closed():
                self._loop.call_soon_threadsafe(self._paint_anew)

        signal.signal(signal.SIGWINCH, is_another)

    def stop_application_mode(self) -> None:
        """Give the terminal back, with the title it had."""
        if self._title:
            self.tell(GIVE_TITLE_BACK)
        super().stop_application_mode()

    def entitle(self, words: str) -> None:
        """Give the terminal a title; "" is none, and the terminal's own comes back."""
        before, self._title = self._title, words if takes_titles(os.environ.get("TERM", "")) else ""
        if self._title and self._title != before:
            self.tell(("" if before else KEEP_TITLE) + titled(self._title))
        elif before and not self._title:
            self.tell(GIVE_TITLE_BACK)

    def tell(self, sequence: str) -> None:
        """Write what is no picture: a bell, a notification. While another program has the terminal it is not written."""
        if self._writer_thread is not None:
            super().write(sequence)

    def disable_input(self) -> None:
        """Leave the terminal; what it still has to answer over a slow line is waited for, or the shell would get it as if it were typed."""
        until = time.monotonic() + LAST_ANSWER_SECONDS
        while self._pace.answers and self._answers.count < self._pace.count_asked and time.monotonic() < until:
            # The input thread counts them.
            self.exit_event.wait(LAST_ANSWER_SECONDS / 50)
        LinuxDriver.disable_input(self)

    def write(self, data: str) -> None:
        """To the terminal; the alternate screen is not entered twice: terminals clear it then, and the first list stands on it."""
        if data == ALTERNATE_SCREEN and self._in_alternate_screen:
            return
        super().write(data)

    @staticmethod
    def let_signals_end_us() -> None:
        """Everything is saved, and nothing is left to be asked: the next one ends the program at once."""
        for number in ENDING:
            signal.signal(number, signal.SIG_DFL)

    def _told_to_end(self, *_: object) -> None:
        self._leave()

    def _leave(self) -> None:
        """Ask the app, on its own thread, to save everything and end."""
        loop = self._loop
        if not loop.is_closed():
            loop.call_soon_threadsafe(self._leaving)

    def run_input_thread(self) -> None:
        """Read the terminal until told to stop, or until it is gone."""
        selector = selectors.SelectSelector()
        selector.register(self.fileno, selectors.EVENT_READ)
        parser = XTermParser(self._debug)
        splitter, escapes = PasteSplitter(), EscapeSplitter(frozenset(ANSI_SEQUENCES_KEYS))
        decode = getincrementaldecoder("utf-8")("replace").decode
        try:
            while not self.exit_event.is_set():
                if selector.select(ESCAPE_SECONDS if escapes.is_waiting else LOOK_UP_SECONDS):
                    data = self._read()
                    if data is None:
                        self._leave()
                        return
                    self._hear(parser, escapes, splitter.feed(decode(data)))
                else:
                    self._press(parser, escapes.waited())
        finally:
            selector.close()

    def _read(self) -> bytes | None:
        """What was typed; None: the terminal has gone. The stock driver reads the end of file again and again, at full speed."""
        try:
            return os.read(self.fileno, READ_BYTES) or None
        except InterruptedError:
            return b""
        except OSError:
            return None

    def _hear(self, parser: XTermParser, escapes: EscapeSplitter, parts: tuple[Part, ...]) -> None:
        for part in parts:
            if part.is_pasted:
                self.process_message(events.Paste(part.text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")))
                continue
            keys, count = self._answers.taken_out(part.text, waits=self._pace.waits)
            if count and not self._loop.is_closed():
                # The moment it came: the loop may have other things to do first.
                self._loop.call_soon_threadsafe(self._answered, count, time.monotonic())
            self._press(parser, escapes.feed(keys))

    def _press(self, parser: XTermParser, tokens: tuple[str, ...]) -> None:
        for token in tokens:
            if token == ESC:
                self.process_message(events.Key("escape", ESC))
            elif token[0] == ESC and token[1:] in WORDS:
                # Without a character: a text that knows nothing of the key would insert it.
                self.process_message(events.Key(f"alt+{'backspace' if token[1:] == DELETE else token[1:]}", None))
            else:
                self._parse(parser, token)

    def _parse(self, parser: XTermParser, token: str) -> None:
        for event in parser.feed(token):
            # The parser saw empty brackets only.
            if not isinstance(event, events.Paste):
                self.process_message(event)
