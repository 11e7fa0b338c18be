"""What is too large to be kept is brought when somebody opens it: the whole message, or one attachment of it."""

import base64
import email
import email.policy
import json
import random
import subprocess
from email.message import EmailMessage
from pathlib import Path

import pytest
from fault_proxy import FaultProxy

from mailsync.engine.errors import MessageGone
from mailsync.imap.errors import ConnectionLost
from mailsync.mime.errors import PartMissing
from store.domain.ids import MessageId
from store.domain.query import parse_query
from store.local.rows import StoredMessage
from store.local.store import LocalStore
from tests.cli.home import MADO, quiet
from tests.engine.homes import SUPPORT, every_row, inbox_at, opened
from tests.engine.test_engine import running, state_of
from tests.imap.grounds import DovecotGround, mail
from tests.waiting import wait_for

PICTURE = random.Random(1).randbytes(700_000)
PATIENCE_SECONDS = 20
SETTINGS = """
[server]
url = "http://127.0.0.1:9"
[[inbox]]
key = "support"
address = "support@example.test"
  [inbox.imap]
  host = "127.0.0.1"
  port = {port}
  tls = "none"
  user = "{user}"
  password_command = "echo pw"
"""


def mado(home: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    command = [*MADO, "--home", str(home), *words, "--json"]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=quiet(), check=False)


def large(number: int, text: str = "見積書をお送りします。") -> bytes:
    """A mail with a picture of 700 kB."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "鈴木 <suzuki@customer.test>", "support@example.test", f"写真 {number}"
    made["Date"], made["Message-ID"] = "Mon, 06 Jul 2026 09:00:00 +0900", f"<{number}@customer.test>"
    made.set_content(text)
    made.add_attachment(PICTURE, "image", "jpeg", filename="現場写真.jpg")
    return made.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def message_of(store: LocalStore, number: int) -> StoredMessage:
    wanted = f"<{number}@customer.test>"
    return next(one for row in every_row(store) for one in store.messages(row) if one.message_id == wanted)


async def test_the_whole_of_a_large_mail_comes_when_it_is_opened(ground: DovecotGround, tmp_path: Path) -> None:
    raw = large(1)
    ground.deliver(raw)
    ground.deliver(mail(2))
    with opened(tmp_path, inbox_at(ground.port, ground.user)) as (engine, store):
        await engine.pull_once()
        cursor, heard = store.cursor(SUPPORT, "INBOX"), []
        store.changes.subscribe(heard.append)
        conversation = next(row for row in every_row(store) if store.messages(row)[0].message_id == "<1@customer.test>")
        assert store.raw(MessageId("<1@customer.test>"), SUPPORT) is None
        assert engine.fetch_whole(conversation).result(PATIENCE_SECONDS) == 1
        assert store.raw(MessageId("<1@customer.test>"), SUPPORT) == raw
        assert not message_of(store, 1).header_only
        assert store.cursor(SUPPORT, "INBOX") == cursor
        assert heard == [frozenset({conversation})]
        assert engine.fetch_whole(conversation).result(PATIENCE_SECONDS) == 0
        assert engine.fetch_whole((SUPPORT, MessageId("<2@customer.test>"))).result(PATIENCE_SECONDS) == 0
        assert (await engine.pull_once())[0].new == 0
        assert len(store.search(parse_query("現場写真"))) == 1


async def test_one_attachment_comes_without_the_rest(ground: DovecotGround, tmp_path: Path) -> None:
    ground.deliver(large(1))
    with FaultProxy(ground.port) as proxy, opened(tmp_path, inbox_at(proxy.port, ground.user)) as (engine, store):
        await engine.pull_once()
        before = len(proxy.to_client.passed)
        assert engine.fetch_part(SUPPORT, MessageId("<1@customer.test>"), "2").result(PATIENCE_SECONDS) == PICTURE
        await wait_for(lambda: len(proxy.to_client.passed) - before > len(base64.b64encode(PICTURE)), "the proxy to count its bytes")
        assert len(proxy.to_client.passed) - before < 1.1 * len(large(1))
        assert message_of(store, 1).header_only
        with pytest.raises(PartMissing):
            engine.fetch_part(SUPPORT, MessageId("<1@customer.test>"), "7").result(PATIENCE_SECONDS)
        # Looking for it had to bring the whole.
        assert not message_of(store, 1).header_only
        ground.expunge(1)
        assert engine.fetch_part(SUPPORT, MessageId("<1@customer.test>"), "2").result(PATIENCE_SECONDS) == PICTURE


async def test_an_attachment_comes_while_the_engine_runs_and_while_it_pulls(ground: DovecotGround, tmp_path: Path) -> None:
    ground.deliver(large(1))
    with opened(tmp_path, inbox_at(ground.port, ground.user)) as (engine, store):
        async with running(engine):
            await wait_for(lambda: state_of(engine).value == "watching", "the first pull")
            first = engine.fetch_part(SUPPORT, MessageId("<1@customer.test>"), "2")
            await wait_for(first.done, "the attachment")
            assert first.result() == PICTURE
            with engine._keepers[0].fetcher._puller.borrowed():  # as a long pull would
                second = engine.fetch_whole((SUPPORT, MessageId("<1@customer.test>")))
                await wait_for(second.done, "the whole, over a connection of its own")
            assert second.result() == 1
            ground.deliver(mail(2))
            await wait_for(lambda: len(every_row(store)) == 2, "new mail, over the same connection as before")


def test_mado_show_raw_brings_the_whole_of_a_large_mail(ground: DovecotGround, tmp_path: Path) -> None:
    raw = large(1)
    ground.deliver(raw)
    (tmp_path / "settings.toml").write_text(SETTINGS.format(port=ground.port, user=ground.user))
    mado(tmp_path, "sync", "--once")
    shown = mado(tmp_path, "show", json.loads(mado(tmp_path, "list").stdout)["id"], "--raw")
    assert json.loads(shown.stdout)["raw"].encode() == raw
    assert shown.returncode == 0


async def test_what_was_deleted_at_the_server_says_so(ground: DovecotGround, tmp_path: Path) -> None:
    ground.deliver(large(1))
    inbox = inbox_at(ground.port, ground.user)
    with opened(tmp_path, inbox) as (engine, store):
        await engine.pull_once()
        ground.expunge(1)
        asked = (SUPPORT, MessageId("<1@customer.test>"))
        with pytest.raises(MessageGone):
            engine.fetch_whole(asked).result(PATIENCE_SECONDS)
        await engine.pull_once()
        with pytest.raises(MessageGone):
            engine.fetch_whole(asked).result(PATIENCE_SECONDS)
        with pytest.raises(MessageGone):
            engine.fetch_part(*asked, "2").result(PATIENCE_SECONDS)
        assert message_of(store, 1).message.text.startswith("見積書")


async def test_a_cut_line_fails_the_asking_and_not_the_next_one(ground: DovecotGround, tmp_path: Path) -> None:
    ground.deliver(large(1))
    with FaultProxy(ground.port) as proxy, opened(tmp_path, inbox_at(proxy.port, ground.user)) as (engine, store):
        await engine.pull_once()
        proxy.to_client.cut_after_bytes = len(proxy.to_client.passed) + 300_000
        asked = (SUPPORT, MessageId("<1@customer.test>"))
        with pytest.raises(ConnectionLost):
            engine.fetch_whole(asked).result(PATIENCE_SECONDS)
        assert message_of(store, 1).header_only
        assert engine.fetch_whole(asked).result(PATIENCE_SECONDS) == 1


async def test_of_two_mails_with_one_message_id_each_hands_out_its_own_file(ground: DovecotGround, tmp_path: Path) -> None:
    """A copy through a mailing list bears the same Message-ID, and other files."""
    other = PICTURE[::-1]
    copy = large(1).replace(b"Subject: ", b"X-List: yes\r\nSubject: [list] ", 1)
    made = email.message_from_bytes(copy, policy=email.policy.SMTP)
    assert isinstance(made, EmailMessage)
    (attached,) = made.iter_attachments()
    assert isinstance(attached, EmailMessage)
    attached.set_content(other, "image", "jpeg", filename="現場写真.jpg")
    ground.deliver(large(1))
    ground.deliver(made.as_bytes())
    with opened(tmp_path, inbox_at(ground.port, ground.user)) as (engine, store):
        await engine.pull_once()
        both = [one for row in every_row(store) for one in store.messages(row)]
        assert len(both) == 2

        def files() -> list[bytes]:
            asked = [engine.fetch_part(SUPPORT, one.message_id, "2", one.content_sha256) for one in both]
            return [each.result(PATIENCE_SECONDS) for each in asked]

        wanted = [other if "list" in one.message.subject else PICTURE for one in both]
        assert files() == wanted
        # Where one is here whole, it is still not the other.
        engine.fetch_whole((SUPPORT, both[0].message_id)).result(PATIENCE_SECONDS)
        assert files() == wanted
