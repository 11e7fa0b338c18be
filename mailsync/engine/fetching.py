"""Brings what was left at the server when somebody wants to see it: a message whole, or the bytes of one attachment."""

import re
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from types import TracebackType
from typing import Any, TypeVar

from mailsync.engine.errors import MessageGone
from mailsync.engine.puller import Puller
from mailsync.engine.reading import read_mail
from mailsync.imap.fetch import fetch_message, fetch_section
from mailsync.mime.sections import section_content
from store.domain.ids import InboxKey, MessageId
from store.local.rows import Place
from store.local.store import LocalStore

T = TypeVar("T")

SECTION = re.compile(r"[1-9]\d{0,3}(?:\.[1-9]\d{0,3}){0,40}", re.ASCII)
"""A part that the server knows too; others are numbered by us, inside of one."""


class _Telling:
    """Hands whatever the block raises to a future: it belongs to who asked, and there is nobody else to hear it."""

    def __init__(self, future: Future[Any]) -> None:
        self._future = future

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        if error is not None:
            self._future.set_exception(error)
        return True


def _carry_out(work: Callable[[], T], future: Future[T]) -> None:
    with _Telling(future):
        future.set_result(work())


def attempted(work: Callable[[], T]) -> Future[T]:
    """Do it here and now; the future holds what came of it, whatever was raised."""
    future: Future[T] = Future()
    _carry_out(work, future)
    return future


def in_background(work: Callable[[], T]) -> Future[T]:
    """Do what blocks in a thread that keeps nobody from leaving the program."""
    future: Future[T] = Future()

    def run() -> None:
        if future.set_running_or_notify_cancel():
            _carry_out(work, future)

    threading.Thread(target=run, name="fetch", daemon=True).start()
    return future


class Fetcher:
    """The fetching of one inbox; blocking, from any thread, one at a time."""

    def __init__(self, store: LocalStore, inbox: InboxKey, puller: Puller) -> None:
        self._store = store
        self._inbox = inbox
        self._puller = puller
        self._one_at_a_time = threading.Lock()

    def whole(self, message_ids: Iterable[MessageId]) -> int:
        """Complete these messages in the store; returns how many were not whole before.

        Raises:
            MessageGone: One of them lies in no mailbox any more; the others were completed.
            MadoError: The server could not be reached, or the store not be written.
        """
        completed, gone = 0, False
        with self._one_at_a_time:
            for message_id in message_ids:
                places = self._store.places(self._inbox, message_id)
                gone = gone or not (places or self._store.raw(message_id, self._inbox))
                for place in places:
                    if not place.whole:
                        done = self._complete(place)
                        completed, gone = completed + done, gone or not done
        if gone:
            raise MessageGone
        return completed

    def part(self, message_id: MessageId, part: str, content_sha256: str = "") -> bytes:
        """The decoded bytes of one attachment; from the store where the message is whole, else that section alone.

        `content_sha256` says which message is meant where several bear this Message-ID.

        Raises:
            PartMissing: The message has no such part.
            MessageGone: It is neither here nor at the server.
            MadoError: The server could not be reached.
        """
        # Here, not at the top: with it comes all that parses, and a first list needs none of that.
        from mailsync.mime.part import part_bytes

        if (raw := self._store.raw(message_id, self._inbox, content_sha256)) is not None:
            return part_bytes(raw, part)
        with self._one_at_a_time:
            for place in self._store.places(self._inbox, message_id, content_sha256):
                if SECTION.fullmatch(part) and (content := self._section(place, part)) is not None:
                    return content
        # A part inside a part, or a server that counts them otherwise: the whole message tells.
        self.whole([message_id])
        if (raw := self._store.raw(message_id, self._inbox, content_sha256)) is None:
            raise MessageGone
        return part_bytes(raw, part)

    def _complete(self, place: Place) -> bool:
        with self._puller.borrowed() as session:
            fetched = fetch_message(session, place.mailbox, place.uidvalidity, place.uid)
        return fetched is not None and self._store.complete(self._inbox, read_mail(self._inbox, fetched))

    def _section(self, place: Place, part: str) -> bytes | None:
        with self._puller.borrowed() as session:
            found = fetch_section(session, place.mailbox, place.uidvalidity, place.uid, part)
        return None if found is None else section_content(*found)
