"""Mailings over the wire: rows arrive whole or not at all, nobody gets around an approval, and only the mail itself unsubscribes anybody."""

import pytest

from mailsync.link.errors import RequestRefused
from mailsync.link.mailing_protocol import (
    Addresses,
    AllowRequest,
    MailingDoors,
    MailingRefused,
    MailingRequest,
    MailingTold,
    RowBody,
    RowsPage,
    SuppressRequest,
)
from store.domain.approval import mailing_hash
from store.domain.ids import InboxKey, MailingId, MessageId
from store.domain.mailing import MailingRow, MailingState, digest_of
from store.domain.mailing_commands import (
    ApprovalMissing,
    ApproveMailing,
    BeginMailing,
    HandInMailing,
    MailingChanged,
    MailingStands,
    OwnMailing,
    SendBackMailing,
    StartMailing,
)
from store.domain.people import Role
from store.domain.refusals import NotAllowed
from store.domain.unsubscribing import token_of
from tests.server.server_house import Agent, Served
from tests.team.team_house import SALES, SUPPORT

ID = MailingId("a" * 24)
START = StartMailing(mailing_id=ID, inbox=InboxKey(SUPPORT), name="冬のご案内", rows=3, per_minute=600)
CLICK = b"List-Unsubscribe=One-Click"


def row(n: int, address: str = "", *, from_: str = "support@example.jp", text: bytes = b"Hello") -> RowBody:
    address = address or f"kyaku{n}@example.org"
    message_id = MessageId(f"<row{n}@example.jp>")
    mime = f"From: {from_}\r\nTo: {address}\r\nMessage-ID: {message_id}\r\n\r\n".encode() + text
    return RowBody(n, address, "", "ご案内", message_id, mime)


def digest(*rows: RowBody) -> str:
    return digest_of(MailingRow(one.n, one.address, one.name, one.subject, one.message_id, one.mime) for one in rows)


def frozen(*rows: RowBody) -> str:
    """What is approved, where no template is named."""
    return mailing_hash(InboxKey(SUPPORT), None, 0, digest(*rows))


async def asked(agent: Agent, command) -> object:
    answer = await agent.client.command_mailing(MailingRequest(command))
    return answer.refusal if isinstance(answer, MailingRefused) else answer


ROWS = (row(2), row(3), row(5))


async def handed_in(served: Served, name: str = "tanaka", role: Role = Role.AGENT, *, ask_approval: bool = False) -> Agent:
    agent = await served.member(name, role)
    start = START if not ask_approval else StartMailing(mailing_id=ID, inbox=SUPPORT, name="n", rows=3, per_minute=600, ask_approval=True)
    assert isinstance(await asked(agent, start), MailingTold)
    assert (await agent.client.add_mailing_rows(ID, RowsPage(0, ROWS))).last == 5
    assert isinstance(await asked(agent, HandInMailing(mailing_id=ID, sha256=digest(*ROWS))), MailingTold)
    return agent


async def test_rows_arrive_page_by_page_and_are_taken_only_as_a_whole(served: Served) -> None:
    agent = await served.member("tanaka")
    assert isinstance(await asked(agent, START), MailingTold)
    assert (await agent.client.add_mailing_rows(ID, RowsPage(0, ROWS[:2]))).last == 3
    assert await asked(agent, HandInMailing(mailing_id=ID, sha256=digest(*ROWS))) == MailingChanged(digest(*ROWS[:2]))
    with pytest.raises(RequestRefused, match="row 3 is the last"):
        await agent.client.add_mailing_rows(ID, RowsPage(2, ROWS[1:]))
    # The answer was lost, and the same program asks anew where it was.
    told = await asked(agent, START)
    assert isinstance(told, MailingTold)
    assert (told.last_n, told.there) == (3, 2)
    await agent.client.add_mailing_rows(ID, RowsPage(3, ROWS[2:]))
    told = await asked(agent, HandInMailing(mailing_id=ID, sha256=digest(*ROWS)))
    assert isinstance(told, MailingTold)
    assert (told.mailing.state, told.there, told.fates) == (MailingState.WAITING, 3, {"waiting": 3})
    with pytest.raises(RequestRefused, match="it was handed in, and the mailing is waiting"):
        await agent.client.add_mailing_rows(ID, RowsPage(0, ROWS))


async def test_rows_that_were_made_anew_take_the_place_of_the_old_ones(served: Served) -> None:
    agent = await served.member("tanaka")
    await asked(agent, START)
    await agent.client.add_mailing_rows(ID, RowsPage(0, ROWS))
    others = tuple(row(one.n, text=b"Another") for one in ROWS)
    await agent.client.add_mailing_rows(ID, RowsPage(0, others))
    assert isinstance(await asked(agent, HandInMailing(mailing_id=ID, sha256=digest(*others))), MailingTold)


@pytest.mark.parametrize(
    "bad",
    [
        row(2, from_="ceo@example.com"),
        row(2, "kyaku@example.org>\r\nRCPT TO:<all@example.org"),
        RowBody(2, "kyaku@example.org", "", "s", MessageId("<other@example.jp>"), ROWS[0].mime),
        RowBody(2, "kyaku@example.org", "", "s", MessageId("<row2@example.jp>"), b"no header"),
    ],
)
async def test_a_row_that_is_no_mail_of_the_inbox_is_not_taken(served: Served, bad: RowBody) -> None:
    agent = await served.member("tanaka")
    await asked(agent, START)
    with pytest.raises(RequestRefused):
        await agent.client.add_mailing_rows(ID, RowsPage(0, (bad,)))


async def test_an_address_is_written_to_once_in_a_mailing(served: Served) -> None:
    agent = await served.member("tanaka")
    await asked(agent, START)
    with pytest.raises(RequestRefused, match="address of another row"):
        await agent.client.add_mailing_rows(ID, RowsPage(0, (row(2, "a@example.org"), row(3, "A@EXAMPLE.org"))))


async def test_another_person_approves_exactly_what_was_handed_in(served: Served) -> None:
    new = await handed_in(served, "new", Role.CHECKED)
    checker, colleague = await served.member("suzuki", Role.LEADER), await served.member("mori", Role.CHECKED)
    agent = await served.member("tanaka")
    assert await asked(new, BeginMailing(mailing_id=ID)) == ApprovalMissing()
    assert await asked(new, ApproveMailing(mailing_id=ID, sha256=frozen(*ROWS))) == OwnMailing()
    refused = await asked(colleague, ApproveMailing(mailing_id=ID, sha256=frozen(*ROWS)))
    assert type(refused).__name__ == "NotAllowed"
    assert await asked(agent, ApproveMailing(mailing_id=ID, sha256=frozen(*ROWS))) == NotAllowed("checker")
    assert await asked(checker, ApproveMailing(mailing_id=ID, sha256=frozen(*ROWS[:2]))) == MailingChanged(frozen(*ROWS))
    assert [one.mime for one in await checker.client.mailing_rows(ID)] == [one.mime for one in ROWS if one.n in (2, 5)]
    assert isinstance(await asked(checker, ApproveMailing(mailing_id=ID, sha256=frozen(*ROWS))), MailingTold)
    told = await asked(new, BeginMailing(mailing_id=ID))
    assert isinstance(told, MailingTold)
    assert (told.mailing.state, told.mailing.sender) == (MailingState.RUNNING, "new")
    assert (told.check.stages, told.check.yes, told.check.why) == (1, ("suzuki",), ("checked_member",))


async def test_what_is_sent_back_is_on_its_makers_list_to_learn_from_and_may_be_handed_in_with_other_rows(served: Served) -> None:
    new = await handed_in(served, "new", Role.CHECKED)
    checker = await served.member("suzuki", Role.LEADER)
    back = await asked(checker, SendBackMailing(mailing_id=ID, remark="敬称がありません"))
    assert isinstance(back, MailingTold)
    assert (back.mailing.state, back.mailing.remark) == (MailingState.SENT_BACK, "敬称がありません")
    (remark,) = await new.client.learning(new.member.key)
    assert (remark.by, remark.kind, remark.remark, remark.conversation_id) == ("suzuki", "mailing", "敬称がありません", "")
    better = tuple(row(one.n, one.address, text=b"Dear customer") for one in ROWS)
    assert isinstance(await asked(new, START), MailingTold)
    await new.client.add_mailing_rows(ID, RowsPage(0, better))
    assert isinstance(await asked(new, HandInMailing(mailing_id=ID, sha256=digest(*better))), MailingTold)
    assert await asked(checker, ApproveMailing(mailing_id=ID, sha256=frozen(*ROWS))) == MailingChanged(frozen(*better))
    assert isinstance(await asked(checker, ApproveMailing(mailing_id=ID, sha256=frozen(*better))), MailingTold)


async def test_a_mailing_is_nobodys_business_in_another_inbox(served: Served) -> None:
    await handed_in(served)
    stranger = await served.member("sales", inboxes=(SALES,))
    assert await stranger.client.mailings() == []
    for method, path in (("GET", "rows"), ("GET", "doors"), ("GET", "results")):
        status, _ = await served.raw(method, f"/v1/mailings/{ID}/{path}", session=stranger.session)
        assert status == 403
    taken = await served.raw(
        "POST", "/v1/mailings", session=stranger.session, body=b'{"command":{"type":"BeginMailing","mailing_id":"%b"}}' % ID.encode()
    )
    assert taken[0] == 403
    assert await asked(await served.member("other"), START) == MailingStands("waiting")


# Unsubscribing


@pytest.fixture
async def doors(served: Served) -> MailingDoors:
    agent = await handed_in(served)
    return await agent.client.mailing_doors(ID)


async def listed(served: Served) -> list[tuple[str, str]]:
    async with served.admin as admin:
        return [(one.address, one.how) for one in await admin.suppressed()]


async def test_one_click_takes_the_mails_recipient_off_and_twice_is_once(served: Served, doors: MailingDoors) -> None:
    path = "/v1/unsubscribe/" + token_of(doors.key, ID, 3)
    for _ in range(2):
        status, page = await served.raw("POST", path, body=CLICK)
        assert status == 200
        assert "配信を停止しました" in page.decode()
    assert await listed(served) == [("kyaku3@example.org", "one_click")]


async def test_a_visit_changes_nothing_and_shows_what_to_press(served: Served, doors: MailingDoors) -> None:
    path = "/v1/unsubscribe/" + token_of(doors.key, ID, 3)
    status, page = await served.raw("GET", path)
    assert status == 200
    assert f'action="{path}"' in page.decode()
    for body in (b"", b"List-Unsubscribe=Maybe"):
        assert (await served.raw("POST", path, body=body))[0] == 400
    assert (await served.raw("GET", "/v1/unsubscribe/%22%3E%3Cscript%3E"))[1].count(b"<script") == 0
    assert await listed(served) == []


async def test_a_forged_token_unsubscribes_nobody(served: Served, doors: MailingDoors) -> None:
    good = token_of(doors.key, ID, 3)
    other_row = good[:25] + f"{2:08x}" + good[33:]
    other_mailing = token_of(doors.key, MailingId("b" * 24), 3)
    nobodys = token_of(b"guessed" * 4, ID, 3)
    for forged in (other_row, other_mailing, nobodys, good[:-1] + ("0" if good[-1] != "0" else "1"), "x", "u" * 65):
        assert (await served.raw("POST", f"/v1/unsubscribe/{forged}", body=CLICK))[0] == 404, forged
    assert await listed(served) == []


async def test_the_list_is_kept_by_people_too_and_only_a_leader_takes_one_off(served: Served) -> None:
    agent, leader = await served.member("tanaka"), await served.member("chief", Role.LEADER)
    assert (await agent.client.suppress(SuppressRequest(("Taro@Example.org", "b@example.org"), "電話で申し出"))).changed == 2
    assert (await agent.client.suppress(SuppressRequest(("taro@example.org",)))).changed == 0
    assert (await agent.client.suppressed_among(Addresses(("TARO@example.org", "c@example.org")))).addresses == ("TARO@example.org",)
    status, _ = await served.raw("POST", "/v1/suppressed/allow", session=agent.session, body=b'{"address":"b@example.org"}')
    assert status == 403
    assert (await leader.client.allow(AllowRequest("B@example.org"))).changed == 1
    assert await listed(served) == [("Taro@Example.org", "member")]
