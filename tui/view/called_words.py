"""Who calls whom in a comment, in one line: at the desk, in the conversation one is in, and in the terminal's own notifications."""

from collections.abc import Collection
from typing import Protocol

from store.domain.ids import GroupKey, MemberKey
from store.domain.mentions import ALL
from tui.view.gate import clean
from tui.words import _


class Calling(Protocol):
    """A comment, or what is told of one."""

    @property
    def text(self) -> str: ...
    @property
    def mentions(self) -> Collection[MemberKey]: ...
    @property
    def groups(self) -> Collection[GroupKey]: ...


def is_called(said: Calling, me: MemberKey | None) -> bool:
    """Whether it names whoever sits here, a group of theirs, or everybody."""
    return me is not None and bool({me, ALL} & set(said.mentions))


def called_words(said: Calling, by: str, me: MemberKey, number: int | None) -> str:
    """`@sato from Tanaka in #12: please look`; `number` None: in the conversation one is in. `by` is cleaned."""
    text = clean(said.text)
    named = (me, ALL, *said.groups)
    # As its writer has called us: by name, by a group's, or everybody.
    whom = next((one for one in named if f"@{one}" in text), ALL if ALL in said.mentions else me)
    rest = text.removeprefix(f"@{whom}").lstrip() or text
    if number is None:
        return _("@{whom} from {who}: {text}").format(whom=whom, who=by, text=rest)
    return _("@{whom} from {who} in #{number}: {text}").format(whom=whom, who=by, number=number, text=rest)
