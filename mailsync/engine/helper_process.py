"""The process that reads mail beside the one with the screen: batches in by standard input, prepared batches out, until the input ends."""

import struct
import sys
from typing import IO

import msgspec

from mailsync.engine.reading import read_mail
from mailsync.imap.pull import Fetched
from store.domain.ids import InboxKey
from store.local.codec import without_surrogates
from store.local.intake import Prepared, prepare

LENGTH = struct.Struct("!Q")


class Batch(msgspec.Struct, frozen=True, array_like=True):
    """Mails of one inbox."""

    inbox: InboxKey
    fetched: list[Fetched]


_batch_writer = msgspec.msgpack.Encoder()
_batch_reader = msgspec.msgpack.Decoder(Batch)
_prepared_writer = msgspec.msgpack.Encoder()
_prepared_reader = msgspec.msgpack.Decoder(list[Prepared])


def pack_batch(batch: Batch) -> bytes:
    """What the helper is sent."""
    return _batch_writer.encode(batch)


def unpack_prepared(packed: bytes) -> list[Prepared]:
    """What it answers."""
    return _prepared_reader.decode(packed)


def send(stream: IO[bytes], packed: bytes) -> None:
    """Write a length and as many bytes."""
    stream.write(LENGTH.pack(len(packed)))
    stream.write(packed)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """Read what `send` wrote; None when the stream ends, also in the middle."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    length: int = LENGTH.unpack(head)[0]
    packed = stream.read(length)
    return packed if len(packed) == length else None


def prepare_batch(inbox: InboxKey, fetched: list[Fetched]) -> list[Prepared]:
    """Read, compress and fold; the same here and in the process that asks."""
    return [prepare(read_mail(inbox, each)) for each in fetched]


def pack_prepared(prepared: list[Prepared]) -> bytes:
    """What the asker is answered."""
    try:
        return _prepared_writer.encode(prepared)
    except UnicodeEncodeError:  # Lone surrogates, which no wire can carry and the store would replace as well.
        return _prepared_writer.encode([_mended(one) for one in prepared])


def _mended(one: Prepared) -> Prepared:
    mail = msgspec.structs.replace(one.mail, message=without_surrogates(one.mail.message))
    return msgspec.structs.replace(one, mail=mail)


def main() -> None:
    """Serve one asker."""
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    while (packed := receive(asked)) is not None:
        batch = _batch_reader.decode(packed)
        del packed
        send(answers, pack_prepared(prepare_batch(batch.inbox, batch.fetched)))
