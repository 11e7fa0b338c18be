"""What a message is made of: its raw source, all its headers, and reading it again in another charset."""

import asyncio
from collections.abc import Sequence

from store.local.rows import StoredMessage
from tui.actions.port import Desk
from tui.fetching import source_of
from tui.screens.picker import Picking
from tui.screens.shown_mail import Here
from tui.view.choosing import Choice
from tui.view.gate import clean
from tui.view.headers import header_lines
from tui.view.highlight import Findings, find_in_lines
from tui.view.matching import words_matcher
from tui.view.source import SourceLines
from tui.view.spans import Line
from tui.words import _

AS_IT_SAYS = "-"


class RawPages:
    """The source, byte for byte."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    def lines(self, width: int) -> Sequence[Line]:
        """All of it."""
        return SourceLines(self._raw, width)

    def find(self, lines: Sequence[Line], words: str) -> Findings:
        """As the bytes stand there."""
        return lines.find(words) if isinstance(lines, SourceLines) else Findings()


class HeaderPages:
    """Everything the header says, decoded."""

    def __init__(self, desk: Desk, stored: StoredMessage, raw: bytes | None) -> None:
        self._stored, self._raw, self._now = stored, raw, desk.session.clock.now()

    def lines(self, width: int) -> Sequence[Line]:
        """All of it."""
        return header_lines(self._stored, self._raw, width, self._now)

    def find(self, lines: Sequence[Line], words: str) -> Findings:
        """As it is read."""
        return find_in_lines(lines, words_matcher(words))


async def raw(desk: Desk, _argument: str) -> None:
    """The source of the message one is at."""
    here = await desk.mail.here()
    if here is None or here.message is None:
        return
    source = await source_of_message(desk, here.message)
    if source is None:
        desk.say(_("The raw source is not on this machine."), "alarm")
    else:
        desk.show_page(_title(_("Raw source"), here), RawPages(source))


async def headers(desk: Desk, _argument: str) -> None:
    """All headers of the message one is at, and every remark on it."""
    here = await desk.mail.here()
    if here is not None and here.message is not None:
        desk.show_page(_title(_("Headers and remarks"), here), HeaderPages(desk, here.message, await source_of_message(desk, here.message)))


async def charset(desk: Desk, argument: str) -> None:
    """Read the message one is at in another charset, picked or named; `-`: as it says itself."""
    from mailsync.mime.text.charset import CHARSETS_TO_OFFER
    from mailsync.mime.text.charset_labels import chosen_charset

    here = await desk.mail.here()
    if here is None or here.message is None:
        return
    label = argument.strip()
    if not label:
        offered = tuple(Choice(each, _(words), each) for each, words in CHARSETS_TO_OFFER)
        label = await desk.choose(Picking(_("Read it in"), (Choice(AS_IT_SAYS, _("as it says itself")), *offered))) or ""
    if not label:
        return
    if label == AS_IT_SAYS:
        desk.mail.read_as(here.message, "", None)
        return
    if chosen_charset(label) is None:
        desk.say(_("There is no charset {charset}.").format(charset=clean(label)), "alarm")
        return
    source = await source_of_message(desk, here.message)
    if source is None:
        desk.say(_("The raw source is not on this machine."), "alarm")
        return
    await _read_in(desk, here.message, source, label)


async def _read_in(desk: Desk, stored: StoredMessage, source: bytes, label: str) -> None:
    from mailsync.mime.parse import parse_message

    message = await asyncio.to_thread(lambda: parse_message(source, charset=label))
    desk.mail.read_as(stored, label, message)
    desk.say(_("Read in {charset}; {key} and - goes back.").format(charset=clean(label), key=desk.session.keys.shown("charset")))


async def source_of_message(desk: Desk, stored: StoredMessage) -> bytes | None:
    """Its raw source, fetched where it is too large to be kept; None: it cannot be had."""
    return await source_of(desk.session, stored, lambda: desk.say(_("Fetching the whole message from the mailbox …")))


def _title(words: str, here: Here) -> str:
    count = len(here.messages)
    return words if count == 1 else _("{page} of message {n} of {count}").format(page=words, n=here.current + 1, count=count)
