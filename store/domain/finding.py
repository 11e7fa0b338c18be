"""What the send check found: one place in a draft, and what is wrong there."""

from collections.abc import Collection

import msgspec

from store.domain.checks.explained import EXPLAINED

ERROR = "error"
WARNING = "warning"


class Finding(msgspec.Struct, frozen=True):
    """One thing found. `where` is `to cc bcc subject body attachments`; `line` and `column` count from 1, in letters of the text as it is written.

    In a field of addresses, and among the attachments, `line` is which one. `words` are the facts for `code`'s sentence.
    """

    code: str
    severity: str
    line: int
    column: int
    where: str
    words: tuple[str, ...] = ()
    length: int = 0
    """Letters from `column` on that it is about; 0: a place, or the whole field."""

    @property
    def sentence(self) -> str:
        """What is wrong, in English."""
        return filled(EXPLAINED[self.code].sentence, self.words)


def filled(sentence: str, words: tuple[str, ...]) -> str:
    """A sentence of `EXPLAINED`, in whatever language, with the facts in it: `{fact}` is the first, `{second}` and `{third}` the others."""
    fact, second, third = (*words, "", "", "")[:3]
    return sentence.format(fact=fact, second=second, third=third)


def has_errors(findings: Collection[Finding]) -> bool:
    """Whether the send stops."""
    return any(finding.severity == ERROR for finding in findings)
