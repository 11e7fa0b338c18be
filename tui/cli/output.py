"""How a verb speaks: JSON lines or lines for people on stdout, messages on stderr, and nothing that could steer a terminal."""

import os
import re
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from store.clock import SystemClock
from store.domain.query_tree import QueryError
from store.errors import MadoError
from tui.view.gate import clean
from tui.words import _

if TYPE_CHECKING:
    # A tenth of a short search, of which none is refused.
    from store.domain.refusals import AnyRefusal

REFUSED = 1
"""Exit code: the team's rules said no."""

_STEERING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]")
"""What JSON lets through and a terminal obeys or is confused by: DEL, C1 (U+009B is a CSI), bidi overrides, line separators."""


def json_line(value: object) -> str:
    """One line of JSON, safe to show on a terminal: steering characters are escaped, which changes no value."""
    return _STEERING.sub(lambda match: f"\\u{ord(match[0]):04x}", msgspec.json.encode(value).decode())


class Output:
    """Where a verb's words go. `json`: whether stdout carries objects or sentences."""

    def __init__(self, *, json: bool) -> None:
        self.json = json

    def row(self, value: Mapping[str, object], human: str | Sequence[str]) -> None:
        """One result: the object under --json, else the line or lines for people, cleaned."""
        if self.json:
            self._write(json_line(value))
            return
        for line in [human] if isinstance(human, str) else human:
            self._write(clean(line))

    def blank(self) -> None:
        """An empty line: the end of one answer of `search --stdin`."""
        self._write("")

    def raw(self, content: bytes) -> None:
        """Bytes as they are: for `show --raw` into a file or a pipe; a terminal gets them cleaned."""
        if sys.stdout.isatty():
            for line in content.decode("utf-8", "replace").splitlines():
                self._write(clean(line))
        else:
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()

    def message(self, sentence: str) -> None:
        """Something for the person, not for the program."""
        sys.stderr.write(clean(sentence) + "\n")

    def trouble(self, error: MadoError) -> None:
        """What went wrong, in one sentence; under a query the place that it is about."""
        # Start-up cost, here and below: most calls are not refused, and nothing goes wrong.
        from tui.view.trouble import problem_words

        self.message(_("mado: {problem}").format(problem=problem_words(error)))
        if isinstance(error, QueryError) and error.text:
            from tui.view.caret import caret_lines

            for line in caret_lines(error.text, error.position, error.length):
                self.message(f"  {line}")

    def refused(self, refusal: "AnyRefusal", **context: object) -> int:
        """A refusal: its name and facts as JSON, and in words; returns the exit code."""
        from tui.view.refusals import refusal_words

        return self.stopped({**msgspec.to_builtins(refusal), **context}, refusal_words(refusal, {}, SystemClock().now()))

    def stopped(self, facts: Mapping[str, object], sentence: str) -> int:
        """Anything else that is a no by rule: `facts` begin with `refused`; returns the exit code."""
        if self.json:
            self._write(json_line(facts))
        self.message(sentence)
        return REFUSED

    def refused_earlier(self, conversation_id: str, refusal: "AnyRefusal") -> None:
        """A command that had waited for the server was refused: said on stderr, for it is not what this verb was asked."""
        from tui.view.refusals import refusal_words  # start-up cost

        words = refusal_words(refusal, {}, SystemClock().now())
        self.message(_("{id}: what was queued while the server was away was refused: {words}").format(id=conversation_id, words=words))

    def _write(self, line: str) -> None:
        # Always UTF-8, whatever the locale says: RFC 8259 8.1, and scripts run with LANG=C.
        try:
            sys.stdout.buffer.write(line.encode("utf-8", "replace") + b"\n")
            sys.stdout.buffer.flush()
        except BrokenPipeError as error:
            # The reader has all it wants (`mado list | head`). Python would complain again when it flushes at its own end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(0) from error
