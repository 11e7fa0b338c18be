"""Mails that answer each other, with References as mail programs mangle them."""

import hashlib
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from store.domain.ids import InboxKey, MessageId
from store.domain.message import Address, Message
from store.domain.threading import thread_key
from store.local.rows import NewMail

SUPPORT = InboxKey("support")
START = datetime(2026, 11, 24, tzinfo=UTC)


def ids(names: Sequence[str]) -> tuple[MessageId, ...]:
    return tuple(MessageId(f"<{name}@x>") for name in names)


def letter(
    name: str, *, references: Sequence[str] = (), in_reply_to: Sequence[str] = (), minute: int = 0, body: str = "", sender: str = "kyaku@example.org"
) -> NewMail:
    """A pulled mail `<name@x>`; its uid is its minute."""
    (message_id,) = ids([name])
    at = START + timedelta(minutes=minute)
    from_ = (Address("客", sender),)
    to = (Address("", "support@example.jp"),)
    message = Message(message_id, "注文について", from_, to, (), (), at, ids(in_reply_to), ids(references), body or name)
    return NewMail(
        uid=minute + 1,
        internaldate=at,
        flags=(),
        raw=b"x",
        size_bytes=1,
        message=message,
        thread_key=thread_key(SUPPORT, message_id, message.in_reply_to, message.references),
        message_id=message_id,
        content_sha256=hashlib.sha256(f"{name}{body}{references}{in_reply_to}".encode()).hexdigest(),
    )


def torn_letters(seed: int, count: int = 24) -> list[NewMail]:
    """Some threads, in which References are whole, cut, reversed, missing, in a circle, or name mails that nobody has."""
    chance = random.Random(seed)
    made: list[NewMail] = []
    paths: dict[str, list[str]] = {}
    for n in range(count):
        name = f"{chance.randrange(10**6):06d}.{n}"
        if not paths or chance.random() < 0.25:
            paths[name] = []
            mail = letter(name, minute=n)
        else:
            parent = chance.choice(list(paths))
            path = paths[name] = [*paths[parent], parent]
            mail = letter(name, minute=n, **_mangled(path, chance))
        if chance.random() < 0.15:
            continue  # nobody has it
        made.append(mail)
        if chance.random() < 0.08:
            made.append(letter(name, minute=n + 500, body="another copy", references=paths[name][:1]))
        if chance.random() < 0.04 and path_of_root(paths[name], name) != name:
            made.append(letter(path_of_root(paths[name], name), minute=n + 900, body="names its own child", references=[name]))
    return made


def path_of_root(path: Sequence[str], name: str) -> str:
    return path[0] if path else name


def _mangled(path: list[str], chance: random.Random) -> dict[str, Sequence[str]]:
    how = chance.randrange(7)
    if how == 0:
        return {"in_reply_to": path[-1:]}
    if how == 1:
        return {"references": path[-1:], "in_reply_to": path[-1:]}
    if how == 2:
        return {"references": [*path[:1], *path[-1:]]}
    if how == 3:
        return {"references": list(reversed(path))}
    if how == 4:
        return {"in_reply_to": [path[0], path[-1]]}
    return {"references": path, "in_reply_to": path[-1:]}
