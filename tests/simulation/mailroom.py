"""The outside of the simulation: shared mailboxes that customers write to, and an SMTP server that counts what it takes over."""

import hashlib
import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from store.domain.commands import RecordMessage
from store.domain.ids import ConversationId, InboxKey, MessageId
from store.domain.message import DeliveryResult, Kind
from store.domain.threading import thread_key
from tests.simulation.asking import CUSTOMERS
from tests.simulation.machine import INBOXES
from tests.simulation.onlooker import demand
from tests.team.team_house import SALES, SUPPORT

KINDS = (Kind.MAIL, Kind.MAIL, Kind.MAIL, Kind.MAIL, Kind.AUTO_REPLY)


class Mailroom:
    """`mailboxes`: INBOX and Sent of each inbox as its watcher sees them, in order of UID."""

    def __init__(self, dice: random.Random, now: Callable[[], datetime]) -> None:
        self._dice = dice
        self._now = now
        self.mailboxes: dict[InboxKey, list[RecordMessage]] = {inbox: [] for inbox in INBOXES}
        self.delivered: Counter[tuple[str, str]] = Counter()
        self._ids: list[tuple[MessageId, str, InboxKey]] = []
        self._filed: set[str] = set()
        self._count = 0

    def customer_writes(self) -> None:
        """A new matter, an answer to something earlier, an auto-reply, a bounce of ours, or one mail that ties two matters together."""
        dice = self._dice
        self._count += 1
        message_id = MessageId(f"<m{self._count}@example.org>")
        sender, inbox = dice.choice(CUSTOMERS), dice.choice((SUPPORT, SUPPORT, SALES))
        references: tuple[MessageId, ...] = ()
        kind, reported = dice.choice(KINDS), None
        if self._ids and dice.random() < 0.7:
            known, sender, inbox = dice.choice(self._ids[-12:])
            if dice.random() < 0.1:
                # Customers answer to whatever address they have at hand.
                inbox = dice.choice(INBOXES)
            references = (known,)
            second = dice.choice(self._ids[-12:])
            if dice.random() < 0.3 and second[1] == sender:
                references = (second[0], known)
            if known.endswith("@example.jp>") and kind is Kind.AUTO_REPLY:
                # Somebody's program says that our mail was opened (RFC 8098).
                reported = known
            if known.endswith("@example.jp>") and dice.random() < 0.15:
                kind, reported, references = Kind.BOUNCE, known, ()
        self._add(inbox, message_id, sender, references, kind=kind, reported=reported)

    def answered_elsewhere(self) -> None:
        """Somebody answered with another program: it lies in Sent."""
        if self._ids:
            self._count += 1
            known, _, inbox = self._dice.choice(self._ids[-12:])
            self._add(inbox, MessageId(f"<o{self._count}@example.jp>"), f"{inbox}@example.jp", (known,), inbound=False)

    def take_over(self, message_id: str, recipient: str) -> None:
        """The SMTP server says 250, and means it."""
        self.delivered[(message_id, recipient)] += 1
        demand(self.delivered[(message_id, recipient)] == 1, f"{message_id} is delivered to {recipient} once")

    def begin_another_life(self) -> None:
        """A backup was brought back: what a mailing sent since, and nobody filed, nobody can know of."""
        self.delivered = Counter({name: times for name, times in self.delivered.items() if not name[0].startswith("<m") or name[0] in self._filed})

    def file(self, inbox: InboxKey, message_id: MessageId, recipients: tuple[str, ...]) -> None:
        """The copy lies in Sent, once."""
        if message_id not in self._filed:
            self._filed.add(message_id)
            # Of an inbox that nobody watches any more nothing is ever seen.
            lies_in = inbox if inbox in self.mailboxes else SUPPORT
            self._add(lies_in, message_id, f"{lies_in}@example.jp", (), inbound=False, recipients=recipients)

    def _delivery(self) -> tuple[DeliveryResult, ...]:
        """What a bounce says of a recipient, who may be another one than ours; or nothing of anybody."""
        dice = self._dice
        said = DeliveryResult(dice.choice(CUSTOMERS), dice.choice(("failed", "failed", "delayed", "delivered")), "5.1.1", "unknown user")
        return (said,) if dice.random() < 0.8 else ()

    def _add(
        self,
        inbox: InboxKey,
        message_id: MessageId,
        sender: str,
        references: tuple[MessageId, ...],
        *,
        kind: Kind = Kind.MAIL,
        inbound: bool = True,
        reported: MessageId | None = None,
        recipients: tuple[str, ...] = ("support@example.jp",),
    ) -> None:
        self._ids.append((message_id, sender if inbound else self._dice.choice(CUSTOMERS), inbox))
        self.mailboxes[inbox].append(
            RecordMessage(
                conversation_id=ConversationId(""),
                inbox=inbox,
                thread_key=thread_key(inbox, message_id, (), references),
                message_id=message_id,
                content_sha256=hashlib.sha256(message_id.encode()).hexdigest(),
                inbound=inbound,
                kind=kind,
                from_name="",
                from_address=sender,
                recipients=recipients,
                subject="注文",
                date=self._now(),
                references=references,
                reported=reported,
                delivery=self._delivery() if kind is Kind.BOUNCE else (DeliveryResult(sender, "displayed"),) if reported else (),
            )
        )
