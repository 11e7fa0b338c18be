"""What must be true after everything, whoever was killed meanwhile: compared with the mailboxes themselves, by the standard library."""

import sqlite3
from collections import Counter
from contextlib import closing
from email.message import EmailMessage

from imapclient import IMAPClient

from store.domain.ids import InboxKey
from tests.line.at_desk import SECONDS, AtDesk
from tests.line.play import Line, Play
from tests.waiting import wait_until

SUPPORT = InboxKey("support")


def check_accounts(play: Play) -> None:
    """Every promise of the line."""
    for desk in play.desks:
        desk.is_level()
    customers, sent = play.house.mailbox(play.house.customer), play.house.mailbox(play.house.support, "Sent")
    for line in play.lines:
        check_one_reply(line, customers, sent)
        check_team(line)
    assert len(customers) == len(sent) == len(play.lines)
    play.played.compared += len(customers) + len(sent)
    for desk in play.desks:
        check_nothing_left_over(desk)
        for mailbox in ("INBOX", "Sent"):
            play.played.compared += check_same_as_the_mailbox(play, desk, mailbox)
    first, second = (play.house.conversations(desk.agent) for desk in play.desks)
    assert first == second
    assert len(first) == len(play.lines)
    assert play.house.unseen() == 2 * len(play.lines), "somebody marked the customer's mail as read"
    with closing(sqlite3.connect(f"file:{play.house.server_home / 'team.db'}?mode=ro", uri=True)) as database:
        assert database.execute("SELECT count(*) FROM conversations WHERE leased").fetchone() == (0,)


def check_one_reply(line: Line, customers: list[EmailMessage], sent: list[EmailMessage]) -> None:
    """One mail at the customer, the same one in Sent, and it answers what they wrote, with the text that was typed."""
    (mail,) = (mail for mail in customers if line.token in str(mail["Subject"]))
    (copy,) = (mail for mail in sent if line.token in str(mail["Subject"]))
    assert mail["Message-ID"] == copy["Message-ID"]
    assert mail["In-Reply-To"] == line.mail
    assert str(mail["References"]).split() == [line.mail]
    body = mail.get_body()
    assert body is not None
    assert body.get_content().count(line.text) == 1, body.get_content()


def check_team(line: Line) -> None:
    """Both desks say the same of the conversation, and the colleague's comment stands there once."""
    # The watcher may see the customer's answer before our own copy in Sent.
    for desk in line.desks:
        wait_until(lambda desk=desk: (state := desk.state(line.token)) and len(state.messages) == 3, f"{line.token} whole at {desk.name}", SECONDS)
    mine, theirs = (desk.state(line.token) for desk in line.desks)
    assert mine == theirs
    assert mine is not None
    assert [comment.text for comment in mine.comments] == [line.remark]
    assert mine.comments[0].mentions == (line.writer.agent.key,)
    assert (mine.lease, mine.claim, mine.flags) == (None, None, ())
    assert sorted(message.inbound for message in mine.messages) == [False, True, True]


def check_nothing_left_over(desk: AtDesk) -> None:
    """No draft of a mail that has left, no command that waits for ever."""
    assert desk.store.pending() == ()
    wait_until(lambda: not desk.store.drafts(), f"{desk.name}'s drafts to be dropped", SECONDS)


def check_same_as_the_mailbox(play: Play, desk: AtDesk, mailbox: str) -> int:
    """The store holds what the mailbox holds, byte for byte; returns how many mails that are."""
    with IMAPClient("127.0.0.1", play.house.dovecot.imap_port, ssl=False) as client:
        client.login(play.house.support.name, play.house.support.password)
        client.select_folder(mailbox, readonly=True)
        there = client.fetch(client.search(), ["BODY.PEEK[]"])
    wait_until(lambda: desk.store.uids(SUPPORT, mailbox) == set(there), f"{desk.name} to have all of {mailbox}", SECONDS)
    ids = [line_id for row in play.lines if (line_id := desk.id_of(row.token))]
    stored = [message for found in ids for message in desk.store.messages(found)]
    raws = Counter(desk.store.raw(message.message_id, SUPPORT) for message in stored if message.mailbox == mailbox)
    assert raws == Counter(bytes(mail[b"BODY[]"]) for mail in there.values())
    return len(there)
