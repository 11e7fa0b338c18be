"""An inbox whose login needs more than a password, and one whose login fails, beside others that work."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from start_dovecot import Dovecot
from token_stub import TokenStub

from mailsync.engine.reports import SyncState
from mailsync.imap.errors import MailboxMissing, TokenRefused
from mailsync.oauth.errors import RenewalRefused
from store.domain.ids import InboxKey
from store.settings.secrets import Secret, Secrets
from store.settings.settings import InboxSettings
from tests.engine.homes import SUPPORT, every_row, inbox_at, opened
from tests.engine.test_engine import running, state_of
from tests.imap.grounds import DovecotGround, mail
from tests.waiting import wait_for


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


@pytest.fixture
def provider() -> Iterator[TokenStub]:
    with TokenStub() as tokens:
        yield tokens


@pytest.fixture
def ground(provider: TokenStub) -> Iterator[DovecotGround]:
    server = Dovecot(introspection_url=provider.url)
    yield DovecotGround(server)
    server.close()


def by_token(ground: DovecotGround, key: str = "support", **more: object) -> InboxSettings:
    inbox = inbox_at(ground.port, ground.user, key=key)
    return msgspec.structs.replace(inbox, imap=msgspec.structs.replace(inbox.imap, password_command="", **more))


def renewing(ground: DovecotGround, provider: TokenStub, key: str = "support", auth: str = "oauthbearer") -> InboxSettings:
    return by_token(ground, key, auth=auth, token_url=provider.token_url, client_id="mado")


@pytest.mark.parametrize("auth", ["xoauth2", "oauthbearer"])
async def test_mail_comes_in_with_a_token_that_renews_itself(ground: DovecotGround, provider: TokenStub, tmp_path: Path, auth: str) -> None:
    ground.deliver(mail(1))
    provider.refreshable["first"] = ground.user
    secrets = Secrets(tmp_path)
    secrets.put("imap:support", Secret("first"))
    with opened(tmp_path, renewing(ground, provider, auth=auth)) as (engine, store):
        assert [report.error for report in await engine.pull_once()] == [None, None]
        # The provider withdraws the token early: the next login is refused once, and the one after it has a new token.
        provider.valid.clear()
        ground.deliver(mail(2))
        assert [report.error for report in await engine.pull_once()] == [None, None]
        assert len(every_row(store)) == 2
    assert len(provider.asked) == 2
    stored = secrets.get("imap:support")
    assert stored is not None
    assert stored.reveal() in provider.refreshable


async def test_a_token_command_is_run_again_once_when_its_token_is_refused(ground: DovecotGround, provider: TokenStub, tmp_path: Path) -> None:
    ground.deliver(mail(1))
    provider.valid["second"] = ground.user
    command = tmp_path / "token"
    # Every run prints the next line.
    command.write_text(f"#!/bin/sh\necho x >> {tmp_path}/runs\ncase $(wc -l < {tmp_path}/runs) in 1) echo first;; *) echo second;; esac\n")
    command.chmod(0o755)
    with opened(tmp_path, by_token(ground, auth="xoauth2", token_command=str(command))) as (engine, _):
        assert [report.error for report in await engine.pull_once()] == [None, None]
        assert (tmp_path / "runs").read_text().count("x") == 2
        provider.valid.clear()
        reports = await engine.pull_once()
        assert isinstance(reports[0].error, TokenRefused)
        assert (tmp_path / "runs").read_text().count("x") == 4


async def test_a_withdrawn_token_stops_no_other_inbox_and_says_so(ground: DovecotGround, provider: TokenStub, tmp_path: Path) -> None:
    ground.deliver(mail(1))
    Secrets(tmp_path).put("imap:sales", Secret("withdrawn"))
    with opened(tmp_path, renewing(ground, provider, "sales"), inbox_at(ground.port, ground.user)) as (engine, store):
        async with running(engine):
            await wait_for(lambda: state_of(engine) is SyncState.WATCHING, "the good inbox")
            await wait_for(lambda: state_of(engine, "sales") is SyncState.FAILED, "the failure on the status line")
            assert isinstance(engine.status.inboxes[InboxKey("sales")].error, RenewalRefused)
            await wait_for(lambda: every_row(store), "the mail")


async def test_a_mailbox_that_is_missing_stops_no_other_of_its_inbox(ground: DovecotGround, tmp_path: Path) -> None:
    ground.deliver(mail(1))
    inbox = msgspec.structs.replace(inbox_at(ground.port, ground.user), mailboxes=("Inobx", "INBOX"))
    with opened(tmp_path, inbox) as (engine, store):
        reports = {report.mailbox: report for report in await engine.pull_once()}
        assert isinstance(reports["Inobx"].error, MailboxMissing)
        assert "did you mean INBOX" in str(reports["Inobx"].error)
        assert (reports["INBOX"].new, reports["INBOX"].error, reports["Sent"].error) == (1, None, None)
        assert len(store.uids(SUPPORT, "INBOX")) == 1
