"""How a verb speaks at the desk of sentences: what the list would show is said anew in words by whoever asked."""

from collections.abc import Mapping, Sequence

from tui.cli.output import Output


class Spoken(Output):
    """As for people, without the lines of a list: those are columns."""

    def __init__(self) -> None:
        super().__init__(json=False)

    def row(self, value: Mapping[str, object], human: str | Sequence[str]) -> None:
        """One result; a conversation is left to whoever called."""
        if "customer" not in value or "subject" not in value or not isinstance(human, str):
            super().row(value, human)
