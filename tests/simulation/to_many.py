"""Mail to many in the simulation: people begin mailings and stop them, customers want no more of it, and servers give the rows their turns."""

import random
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from store.domain.check_policy import CheckPolicy, CheckRule
from store.domain.commands import SaveCheckPolicy
from store.domain.ids import InboxKey, MailingId, MemberKey, MessageId
from store.domain.mailing import Mailing, MailingRow, MailingState, digest_of
from store.domain.mailing_commands import (
    AnyMailingCommand,
    ApproveMailing,
    BeginMailing,
    CancelMailing,
    HandInMailing,
    MailingRefusal,
    PauseMailing,
    ResumeMailing,
    SendBackMailing,
    StartMailing,
)
from store.domain.people import Member
from store.team import suppressing
from store.team.mailing_moves import move
from store.team.mailing_turns import RowRefused, end_row, running, take_turn, waits_seconds
from store.team.mailings import RowsRefused, _add_rows
from store.team.suppressing import ONE_CLICK
from store.team.values import THE_SERVER, Order
from tests.simulation.asking import CUSTOMERS
from tests.simulation.machine import INBOXES, Machine
from tests.simulation.posting import Posting

LEADER = MemberKey("mori")
WHO_MAY_BE_NAMED = (LEADER, *map(MemberKey, ("sato", "tanaka", "kubo", "ando")))
READERS = (*CUSTOMERS, "mika@example.com", "ken@example.com", "rie@example.com")
FEW, MOST = 2, 4
"""Rows of a mailing: each is a conversation more, beside those that people write in."""


class ToMany(Posting):
    """What people do about mailings, at whatever server is there; and what a server on duty does for those that run."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._mailings: list[Planned] = []
        self._again(self._somebody_mails, 8.0)
        self._again(self._somebody_wants_no_more, 60.0)
        self._again(self._others_check, 6.0)

    # People

    def _somebody_mails(self) -> None:
        """A new mailing, or something about one there is."""
        if not self.faulty:
            return
        if not self._mailings or self._chance(0.12):
            self._mailings.append(Planned(self.dice, len(self._mailings)))
        planned = self.dice.choice(self._mailings[-3:])
        self._on(self.dice.randrange(len(self.machines)), lambda machine: self._says(machine, planned) or True)

    def _says(self, machine: Machine, planned: "Planned") -> None:
        """Its maker hands it in; then anybody says anything about it."""
        kept = next((one for one in self.onlooker.mailings.known.values() if one.id == planned.id), None)
        by = self.members.get(planned.by)
        if kept is None or kept.takes_rows:
            if by is not None:
                self._hands_in(machine, by, planned)
            return
        command = self.dice.choice(about(planned, kept))
        anybody, checker = self.dice.choice(list(self.members)), self.dice.choice(WHO_MAY_BE_NAMED)
        if isinstance(command, ApproveMailing | SendBackMailing):
            who = self.members[checker if self.dice.random() < 0.8 else anybody]
        else:
            who = by if by is not None and self.dice.random() < 0.6 else self.members[anybody]
        self._told(moved(machine, who, command))

    def _others_check(self) -> None:
        """While a mailing leaves with somebody's yes, the leader names others who check, and now and then wants two for its maker's mails."""
        known = self.onlooker.mailings.known.values()
        leaving = next((one for one in known if one.state is MailingState.RUNNING and one.approvals), None)
        if not self.faulty or leaving is None or not self._chance(0.3):
            return
        rules = (CheckRule("some", stages=2, members=(leaving.by,)),) if self.dice.random() < 0.3 else ()
        order = Order(self.members[LEADER], None, SaveCheckPolicy(CheckPolicy(rules, tuple(self.dice.sample(WHO_MAY_BE_NAMED, 2)))))
        self._on(self.dice.randrange(len(self.machines)), lambda machine: machine.pen.write(partial(machine.executes, orders=(order,))) or True)

    def _hands_in(self, machine: Machine, by: Member, planned: "Planned") -> None:
        """In pages, anew each time: a server that dies in between leaves it unfinished."""
        if not isinstance(self._told(moved(machine, by, planned.start)), Mailing):
            return
        last = 0
        for row in planned.rows:
            try:
                last = machine.pen.write(partial(_add_rows, mailing_id=planned.id, actor=by, after=last, rows=(row,)))[0]
            except RowsRefused:
                # It was handed in meanwhile.
                return
        self._told(moved(machine, by, HandInMailing(mailing_id=planned.id, sha256=digest_of(planned.rows))))
        self._told(moved(machine, by, BeginMailing(mailing_id=planned.id)))

    def _told(self, decided: Mailing | MailingRefusal) -> Mailing | MailingRefusal:
        self.seen[f"mailing: {decided.state if isinstance(decided, Mailing) else type(decided).__name__}"] += 1
        return decided

    def _somebody_wants_no_more(self) -> None:
        """By the link in a mail, by a member's hand; and now and then they want it again."""
        if not self.faulty:
            return
        address = self.dice.choice(READERS)
        again = self.dice.random() < 0.4
        write = again_to(address) if again else no_more_to(address, self.dice.choice(tuple(self.members)), self.dice.random() < 0.5)
        self._on(self.dice.randrange(len(self.machines)), lambda machine: write(machine) or True)

    # Servers

    def _server_works(self, number: int) -> None:
        super()._server_works(number)
        machine = self.machines[number]
        for inbox in tuple(machine.duties) if machine is not None else ():
            self._on_duty(number, inbox, lambda one, of=inbox: give_turns(one, of) or True)


class Planned:
    """A mailing as its maker has it in a file: always the same rows under the same id."""

    def __init__(self, dice: random.Random, number: int) -> None:
        self.id = MailingId(f"{number:024x}")
        self.by = MemberKey(dice.choice(("mori", "sato", "tanaka", "newcomer", "leaves2")))
        self.inbox = dice.choice(INBOXES)
        readers = dice.sample(READERS, dice.randint(FEW, MOST))
        self.rows = tuple(_row(self.id, n, address) for n, address in enumerate(readers, 1))
        self.start = StartMailing(
            mailing_id=self.id,
            inbox=self.inbox,
            name="冬のご案内",
            rows=len(self.rows),
            per_minute=dice.choice((6, 60)),
            ask_approval=dice.random() < 0.3,
        )


def _row(mailing: MailingId, n: int, address: str) -> MailingRow:
    name = f"m{int(mailing, 16)}r{n}"
    # What leaves says its name, as the simulation's replies do.
    return MailingRow(n, address, "", "ご案内", MessageId(f"<{name}@example.jp>"), f"Subject: Re\r\n\r\n{name}".encode())


def about(planned: Planned, kept: Mailing) -> Sequence[AnyMailingCommand]:
    """What may be asked of it: mostly that it goes on."""
    named = {"mailing_id": planned.id}
    begin, resume, cancel = BeginMailing(**named), ResumeMailing(**named, per_minute=0), CancelMailing(**named)
    looked_at, elsewhere = ApproveMailing(**named, sha256=kept.subject.frozen_sha256), ApproveMailing(**named, sha256="0" * 64)
    back, again = SendBackMailing(**named, remark="日付が違います"), HandInMailing(**named, sha256=kept.sha256)
    match kept.state:
        case MailingState.WAITING:
            return (begin, begin, begin, begin, looked_at, looked_at, looked_at, elsewhere, back)
        case MailingState.RUNNING:
            return (begin, begin, PauseMailing(**named), PauseMailing(**named), cancel)
        case MailingState.SENT_BACK:
            return (again, again, begin, resume)
        case _:
            return (resume, resume, resume, looked_at, looked_at, back, cancel)


def moved(machine: Machine, member: Member, command: AnyMailingCommand) -> Mailing | MailingRefusal:
    """As `Mailings.move`."""
    return machine.pen.write(partial(move, actor=member, command=command, now=machine.clock.now(), epoch=machine.epoch))[0]


def no_more_to(address: str, by: MemberKey, clicked: bool) -> Callable[[Machine], object]:
    """As `Suppressing.add` and `unsubscribe`."""
    how, who = (ONE_CLICK, THE_SERVER.key) if clicked else (suppressing.MEMBER, by)
    return lambda machine: machine.pen.write(
        partial(suppressing._add, addresses=(address,), how=how, by=who, reason="", now=machine.clock.now(), where="")
    )


def again_to(address: str) -> Callable[[Machine], object]:
    """As `Suppressing.remove`, by the leader."""
    return lambda machine: machine.pen.write(partial(suppressing._remove, address=address, by=MemberKey("mori"), now=machine.clock.now(), where=""))


def give_turns(machine: Machine, inbox: InboxKey) -> None:
    """As `mailsync.server.mailing`: one row of each running mailing for which it is time."""
    for kept in machine.pen.read(running):
        now = machine.clock.now()
        if not machine.covers(inbox, kept.mailing.inbox) or waits_seconds(kept, now) > 0:
            continue
        given = {"mailing_id": kept.mailing.id, "now": now, "epoch": machine.epoch}
        try:
            machine.do_duty(inbox, partial(take_turn, address=f"{kept.mailing.inbox}@example.jp", inboxes=INBOXES, execute=machine.executes, **given))
        except RowRefused as refused:
            machine.do_duty(inbox, partial(end_row, n=refused.n, refusal=refused.refusal, **given))
