"""A mail that we write first, one that is forwarded, one that is redirected: by script, on a real mailbox and a real MTA."""

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from imapclient import IMAPClient
from start_dovecot import Dovecot, User
from start_exim import Exim

from tests.cli.home import Home
from tests.line.house import Agent, House
from tests.waiting import wait_until


@pytest.fixture
def house(dovecot: Dovecot, exim: Exim) -> Iterator[House]:
    with House(dovecot, exim) as house:
        yield house


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path / "home")
    yield home
    home.stop_server()


def known_here(house: House, agent: Agent) -> dict:
    """The one conversation there is, once the team and this machine both have it."""
    house.mado(agent.home, "sync", "--once")
    wait_until(lambda: (rows := house.conversations(agent)) and rows[0]["number"], "the watcher's word")
    (row,) = house.conversations(agent)
    return row


def test_a_new_mail_leaves_once_and_its_copy_and_its_answer_are_one_conversation(house: House) -> None:
    sato = house.joins("Sato")
    words = ["new", "--to", f"山田花子 <{house.customer.name}>", "--subject", "棚卸し休業のお知らせ", "--body", "-"]
    (sent,) = house.mado(sato.home, *words, "--send", "--yes", "--hold", "0", "--wait", stdin="山田様\n\nお知らせです。\n")
    assert sent["state"] == "accepted"
    (mail,) = house.customer_received(1)
    assert (mail["Message-ID"], mail["Subject"], mail["In-Reply-To"]) == (sent["message_id"], "棚卸し休業のお知らせ", None)
    assert ".mado@" in mail["Message-ID"]
    wait_until(lambda: house.mailbox(house.support, "Sent"), "the copy in Sent")
    answer = house.customer_writes("Re: 棚卸し休業のお知らせ", "承知しました。", in_reply_to=mail["Message-ID"])
    wait_until(lambda: house.conversations(sato)[0]["status"] == "new", "the answer")
    house.mado(sato.home, "sync", "--once")
    (row,) = house.conversations(sato)
    shown = house.mado(sato.home, "show", row["id"])[0]
    assert row["id"] == sent["id"]
    assert [each["type"] for each in shown["timeline"]][:2] == ["ConversationOpened", "ConversationStarted"]
    assert {each["message_id"] for each in shown["messages"]} == {mail["Message-ID"], answer}


def test_a_forward_carries_the_attachments_and_leaves_its_customer_waiting(house: House) -> None:
    asked = EmailMessage(policy=email.policy.SMTP)
    asked["From"], asked["To"], asked["Subject"] = f"山田花子 <{house.customer.name}>", house.support.name, "破損の写真"
    asked["Message-ID"] = "<photo@customer.example>"
    asked.set_content("写真をお送りします。")
    asked.add_attachment(b"\x89PNG" + bytes(range(256)), maintype="image", subtype="png", filename="箱の写真.png")
    house.deliver(asked.as_bytes())
    sato, maker = house.joins("Sato"), house.dovecot.add_user()
    row = known_here(house, sato)
    words = ["forward", row["id"], "--to", maker.name, "--body", "-", "--send", "--yes", "--hold", "0", "--wait"]
    (sent,) = house.mado(sato.home, *words, stdin="ご確認をお願いします。\n")
    assert sent["state"] == "accepted"
    (mail,) = wait_until(lambda: house.mailbox(maker), "the forwarded mail")
    assert mail["Subject"] == "Fwd: 破損の写真"
    assert (mail["In-Reply-To"], mail["References"]) == (None, "<photo@customer.example>")
    text = mail.get_body(("plain",)).get_content()
    assert text.startswith("ご確認をお願いします。")
    assert "Subject: 破損の写真" in text
    assert "写真をお送りします。" in text
    assert [(part.get_filename(), part.get_payload(decode=True)) for part in mail.iter_attachments()] == [
        ("箱の写真.png", b"\x89PNG" + bytes(range(256)))
    ]
    wait_until(lambda: house.conversations(sato)[0]["status"] == "in_progress", "the status")
    assert house.mailbox(house.customer) == []


def test_a_redirect_is_the_very_mail_and_its_copy_in_sent_answers_nobody(house: House) -> None:
    asked = house.customer_writes("請求について", "経理の方へお願いします。\n. 点\nFrom here\n")
    sato, accounts = house.joins("Sato"), house.dovecot.add_user()
    row = known_here(house, sato)
    (sent,) = house.mado(sato.home, "redirect", row["id"], "--to", accounts.name, "--send", "--yes", "--hold", "0", "--wait")
    assert sent["state"] == "accepted"
    wait_until(lambda: house.mailbox(accounts), "the redirected mail")
    original, received = source(house, house.support, "INBOX"), source(house, accounts, "INBOX")
    # Exim takes out the Return-Path that the first delivery put there; below it not a byte is another.
    assert original.startswith(b"Return-Path: ")
    assert received.endswith(original.partition(b"\r\n")[2])
    read = email.message_from_bytes(received, policy=email.policy.default)
    assert (read["Message-ID"], read["From"].addresses[0].addr_spec) == (asked, house.customer.name)
    assert (read["Resent-From"].addresses[0].addr_spec, read["Resent-To"]) == (house.support.name, accounts.name)
    wait_until(lambda: house.mailbox(house.support, "Sent"), "the copy in Sent")
    # What comes wakes the watcher, which else looks into Sent every half minute.
    house.customer_writes("Re: 請求について", "追伸です。", in_reply_to=asked)
    wait_until(
        lambda: any(each["type"] == "MessageArrived" and not each["inbound"] for each in timeline(house, sato, row["id"])), "the copy's arrival", 60
    )
    (told,) = [each for each in timeline(house, sato, row["id"]) if each["type"] == "MessageArrived" and not each["inbound"]]
    assert (told["message_id"], told["answered_outside"], told["from_address"]) == (sent["message_id"], False, house.support.name)
    assert house.conversations(sato)[0]["status"] == "in_progress"


def timeline(house: House, agent: Agent, conversation: str) -> list[dict]:
    # `show` says what this machine knows; `list` brings what the server does.
    house.conversations(agent)
    return house.mado(agent.home, "show", conversation)[0]["timeline"]


def source(house: House, user: User, mailbox: str) -> bytes:
    """The only mail of a mailbox, as it lies there."""
    with IMAPClient("127.0.0.1", house.dovecot.imap_port, ssl=False) as client:
        client.login(user.name, user.password)
        client.select_folder(mailbox, readonly=True)
        ((_, found),) = client.fetch(client.search(), ["BODY.PEEK[]"]).items()
        return found[b"BODY[]"]


def test_a_new_mail_written_while_the_server_is_away_leaves_when_it_is_back(house: House) -> None:
    sato = house.joins("Sato")
    house.mado(sato.home, "sync", "--once")
    house.kill_server()
    words = ["new", "--to", house.customer.name, "--subject", "offline", "--body", "-", "--send", "--yes", "--hold", "0"]
    (queued,) = house.mado(sato.home, *words, stdin="written on a train")
    assert queued["queued"] == "local"
    house.start_server()
    house.mado(sato.home, "sync", "--once")
    (mail,) = house.customer_received(1)
    assert mail["Message-ID"] == queued["message_id"]
    wait_until(lambda: (rows := house.conversations(sato)) and rows[0]["status"] == "done", "the status")
    (row,) = house.conversations(sato)
    assert (row["id"], row["number"]) == (queued["id"], 1)


def test_a_new_mail_is_a_draft_until_it_is_sent_and_leaves_nothing_at_the_server_before(home: Home) -> None:
    kept = home.mado("new", "--to", "hanako@example.com", "--subject", "First", "--body", "-", stdin="one\n")
    assert kept.code == 0, kept.err
    assert kept.rows[0]["draft"] is True
    assert home.mado("list").rows == []
    again = home.mado("new", "--draft", kept.rows[0]["id"], "--subject", "Second")
    assert (again.rows[0]["id"], again.rows[0]["subject"], again.rows[0]["body"]) == (kept.rows[0]["id"], "Second", "one\n")
    sent = home.mado("new", "--draft", kept.rows[0]["id"], "--send", "--yes", "--hold", "60")
    assert sent.code == 0, sent.err
    (row,) = home.mado("list").rows
    assert (row["id"], row["status"], row["subject"], row["number"]) == (kept.rows[0]["id"], "queued", "Second", 1)


def test_a_verb_says_what_it_cannot_pass_on(home: Home) -> None:
    home.receives(subject="Order")
    id_ = home.first()["id"]
    assert home.mado("new", "--to", "a@example.com", "--subject", "x", "--send").code == 5
    nowhere = home.mado("forward", id_, "--to", "a@example.com", "--message", "<none@x>")
    assert (nowhere.code, "no message <none@x>" in nowhere.err) == (5, True)
    assert home.mado("reply", id_, "--body", "-", stdin="half a reply").code == 0
    in_the_way = home.mado("forward", id_, "--to", "a@example.com")
    assert "another text is in work" in in_the_way.err
    assert home.mado("new", "--draft", "nothing", "--send").code == 5
