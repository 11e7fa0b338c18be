"""A reply to an address that does not exist, through a real Exim: its bounce comes back and is told by recipient."""

from pathlib import Path

import msgspec
from start_dovecot import Dovecot, User
from start_exim import Exim

from store.domain.ids import ConversationId
from store.domain.outbox import OutboxState
from store.team.desk import TeamDesk
from tests.outbox.house import House, MovedClock, house_of
from tests.waiting import wait_for_it
from tui.view.banner import conversation_words

NOBODY = "nobody-here@example.test"


async def bounced(house: House, conversation: ConversationId) -> None:
    """Wait until the watcher has told of it."""
    await wait_for_it(lambda: house.state(conversation), lambda state: "bounced" in state.flags, "the bounce")


async def test_its_recipient_is_said_not_to_have_it_and_why(
    desk: TeamDesk, clock: MovedClock, dovecot: Dovecot, exim: Exim, account: User, tmp_path: Path
) -> None:
    exim.add_user(account)
    house = house_of(desk, clock, tmp_path, account, imap_port=dovecot.imap_port, smtp_port=exim.clear_port)
    smtp = house.settings.inboxes[0].smtp
    assert smtp is not None
    house.with_inbox(smtp=msgspec.structs.replace(smtp, user=account.name))
    conversation = await house.customer_writes("q1")
    async with house.sending():
        reply = await house.sato_replies(conversation, NOBODY, "kyaku@customer.test")
        await house.becomes(reply, lambda one: one.state is OutboxState.ACCEPTED, "Exim to take it")
        await bounced(house, conversation)
    state = await house.state(conversation)
    assert state.flags == ("bounced",)
    results = {result.address: result for result in state.submissions[0].results}
    assert (results[NOBODY].state, results[NOBODY].bounced) == (OutboxState.REFUSED, True)
    assert results["kyaku@customer.test"].state is OutboxState.ACCEPTED
    assert (state.submissions[0].state, state.status) == (OutboxState.ACCEPTED, "in_progress")
    assert NOBODY in conversation_words(state, None, {}, "u")
