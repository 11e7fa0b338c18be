"""settings.toml: what is right is read, what is wrong is named with its key and its remedy."""

from pathlib import Path

import pytest

from store.errors import BadInput
from store.settings.errors import AlreadyRunning, SettingsError
from store.settings.lock import HomeLock
from store.settings.settings import ImapSettings, InboxSettings, Settings, add_inbox, home_folder, load_settings, settings_path, write_settings

GOOD = """
member = "sato"
# our server
[server]
url = "http://127.0.0.1:8642"        # or a socket
ca_file = "house.pem"

[[inbox]]
key = "support"
address = "support@example.jp"
mailboxes = ["INBOX", "問い合わせ"]
  [inbox.imap]
  host = "imap.example.jp"
  port = 993
  tls = "implicit"
  ca_file = ""
  user = "{member}"
  password_command = "pass show support"
  share_password = true
  [inbox.smtp]
  host = "smtp.example.jp"
"""

WRONG = {
    'port = 993->port = "993"': ("inbox[0].imap.port", "must be a whole number, without quotes, not a text"),
    "port = 993->port = 0": ("inbox[0].imap.port", "must be a port from 1 to 65535, not 0"),
    "port = 993->prot = 993": ("inbox[0].imap.prot", "is not a setting"),
    'tls = "implicit"->tls = "maybe"': ("inbox[0].imap.tls", 'must be "implicit", "starttls" or "none", not'),
    'tls = "implicit"->tls = "none"': ("inbox[0].imap.tls", "in the open to imap.example.jp"),
    'host = "imap.example.jp"->': ("inbox[0].imap.host", "is missing; add it"),
    'host = "imap.example.jp"->host = "imap example"': ("inbox[0].imap.host", "must be the name of the mail server"),
    'key = "support"->key = "Support Desk"': ("inbox[0].key", "must be a short word"),
    'address = "support@example.jp"->address = "support"': ("inbox[0].address", "must be a mail address"),
    'mailboxes = ["INBOX", "問い合わせ"]->mailboxes = "INBOX"': ("inbox[0].mailboxes", "must be a list"),
    'mailboxes = ["INBOX", "問い合わせ"]->mailboxes = []': ("inbox[0].mailboxes", "at least one mailbox"),
    "share_password = true->share_password = 1": ("inbox[0].imap.share_password", "must be true or false"),
    'url = "http://127.0.0.1:8642"->url = "desk"': ("server.url", "must look like"),
    'ca_file = "house.pem"->tls_cert = "a.pem"': ("server.tls_cert", "belong together"),
    'user = "{member}"->auth = "xoauth2"': ("inbox[0].imap.token_command", "is needed"),
    'user = "{member}"->auth = "xoauth2"\n  token_url = "https://login.example.jp/token"': ("inbox[0].imap.client_id", "is needed with `token_url`"),
    'user = "{member}"->token_url = "http://login.example.jp/token"': ("inbox[0].imap.token_url", "only on this machine"),
    'user = "{member}"->proxy = "proxy.example.jp:1080"': ("inbox[0].imap.proxy", "must look like"),
    'user = "{member}"->connections = 0': ("inbox[0].imap.connections", "must be from 1 to 20, not 0"),
    'host = "imap.example.jp"\n  port = 993\n  tls = "implicit"->host = "localhost"\n  tls = "none"\n  proxy = "http://p:1"': (
        "inbox[0].imap.tls",
        "in the open through the proxy",
    ),
    '[inbox.smtp]->[inbox.smtp]\n  auth = "xoauth2"': ("inbox[0].smtp.token_command", 'where `imap.auth` is "password"'),
    'member = "sato"->member = "sato': ("", "is no valid TOML"),
    "[inbox.smtp]->[inbox.pop3]": ("inbox[0].pop3", "is not a setting"),
    '[server]->[list]\nwaiting_steps = ["1h", "4h", "2h", "3d"]\n[server]': ("list.waiting_steps", "each longer than the one before"),
    '[server]->[list]\nwaiting_steps = ["1h", "4h", "soon", "3d"]\n[server]': ("list.waiting_steps", "four lengths of time"),
}


def written(home: Path, text: str) -> Path:
    home.mkdir(exist_ok=True)
    settings_path(home).write_text(text, encoding="utf-8")
    return home


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, GOOD))
    (inbox,) = settings.inboxes
    assert (settings.member, settings.server.url) == ("sato", "http://127.0.0.1:8642")
    assert (inbox.key, inbox.mailboxes, inbox.sent) == ("support", ("INBOX", "問い合わせ"), None)
    assert (inbox.imap.user_for("tanaka"), inbox.imap.share_password, inbox.imap.auth) == ("tanaka", True, "password")
    assert inbox.smtp is not None
    assert (inbox.smtp.port, inbox.smtp.tls) == (465, "implicit")


def test_paths_count_from_the_file_and_not_from_where_one_stands(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, GOOD))
    assert settings.server.ca_file == str(tmp_path / "house.pem")
    assert settings.inboxes[0].imap.ca_file == ""


def test_sent_may_be_named_beside_the_host(tmp_path: Path) -> None:
    assert load_settings(written(tmp_path, GOOD.replace("port = 993", 'sent = "送信済み"'))).inboxes[0].sent == "送信済み"


def test_an_empty_home_has_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path) == Settings()


@pytest.mark.parametrize("change", WRONG)
def test_what_is_wrong_is_named_with_file_key_and_remedy(tmp_path: Path, change: str) -> None:
    before, _, after = change.partition("->")
    assert before in GOOD
    key, problem = WRONG[change]
    with pytest.raises(SettingsError) as caught:
        load_settings(written(tmp_path, GOOD.replace(before, after, 1)))
    assert caught.value.key == key
    assert problem in str(caught.value)
    assert str(settings_path(tmp_path)) in str(caught.value)
    assert caught.value.exit_code == BadInput.exit_code == 5


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1"])
def test_tls_may_be_left_out_on_this_machine_only(tmp_path: Path, host: str) -> None:
    text = GOOD.replace('tls = "implicit"', 'tls = "none"').replace('"imap.example.jp"', f'"{host}"')
    assert load_settings(written(tmp_path, text)).inboxes[0].imap.tls == "none"


def test_two_inboxes_cannot_have_one_key(tmp_path: Path) -> None:
    again = GOOD[GOOD.index("[[inbox]]") :]
    with pytest.raises(SettingsError, match="twice"):
        load_settings(written(tmp_path, GOOD + again))


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    settings_path(tmp_path).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match=r"settings\.toml: cannot be read"):
        load_settings(tmp_path)


def test_writing_keeps_what_its_owner_wrote_around_it(tmp_path: Path) -> None:
    home = written(tmp_path, GOOD)
    before = load_settings(home)
    add_inbox(home, InboxSettings(key="sales", address="sales@example.jp", imap=ImapSettings(host="imap.example.jp", user="sales")))
    text = settings_path(home).read_text(encoding="utf-8")
    assert "# our server" in text
    assert "# or a socket" in text
    assert 'password_command = "pass show support"' in text
    after = load_settings(home)
    assert [inbox.key for inbox in after.inboxes] == ["support", "sales"]
    assert after.inboxes[0] == before.inboxes[0]
    add_inbox(home, InboxSettings(key="sales", address="sales@example.jp", imap=ImapSettings(host="other.example.jp", user="sales")))
    assert [inbox.imap.host for inbox in load_settings(home).inboxes] == ["imap.example.jp", "other.example.jp"]


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path / "one", GOOD))
    write_settings(tmp_path / "two", settings)
    assert load_settings(tmp_path / "two") == settings
    write_settings(tmp_path / "one", settings)
    assert load_settings(tmp_path / "one") == settings
    write_settings(tmp_path / "one", Settings(member="sato"))
    assert load_settings(tmp_path / "one") == Settings(member="sato")


def test_nothing_wrong_is_written(tmp_path: Path) -> None:
    wrong = InboxSettings(key="a b", address="x@y", imap=ImapSettings(host="h"))
    with pytest.raises(SettingsError):
        add_inbox(tmp_path, wrong)
    with pytest.raises(SettingsError):
        write_settings(tmp_path, Settings(inboxes=(wrong,)))
    assert not settings_path(tmp_path).exists()


def test_a_broken_file_is_not_overwritten(tmp_path: Path) -> None:
    home = written(tmp_path, "member = ")
    with pytest.raises(SettingsError):
        write_settings(home, Settings())
    assert settings_path(home).read_text() == "member = "


def test_the_home_is_where_one_was_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", "/home/sato")
    monkeypatch.delenv("MADO_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    assert home_folder() == Path("/home/sato/.local/share/madoguchi")
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert home_folder() == Path("/data/madoguchi")
    monkeypatch.setenv("MADO_HOME", "~/desk")
    assert home_folder() == Path("/home/sato/desk")
    assert home_folder(tmp_path) == tmp_path


def test_a_second_one_in_a_home_is_told_who_is_first(tmp_path: Path) -> None:
    import os

    with HomeLock(tmp_path, "server"):
        with pytest.raises(AlreadyRunning) as caught:
            HomeLock(tmp_path, "server").take()
        assert caught.value.pid == os.getpid()
        with HomeLock(tmp_path, "engine"):
            pass
    with HomeLock(tmp_path, "server"):
        pass
