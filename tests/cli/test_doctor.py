"""`mado doctor` looks at each mailbox of each inbox, whatever is wrong with the one before."""

from pathlib import Path

from server_process import free_port
from start_dovecot import Dovecot, User

from tests.cli.home import Home

INBOX = """
[[inbox]]
key = "{key}"
address = "{key}@example.jp"
mailboxes = {mailboxes}
  [inbox.imap]
  host = "127.0.0.1"
  port = {port}
  tls = "none"
  user = "{user}"
  {more}
"""


def test_a_missing_mailbox_is_named_with_what_there_is_instead(dovecot: Dovecot, account: User, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    port, login = dovecot.imap_port, 'password_command = "echo pw"'
    settings = INBOX.format(key="support", mailboxes='["INBOX", "Arkive"]', port=port, user=account.name, more=login)
    settings += INBOX.format(key="sales", mailboxes='["INBOX"]', port=port, user=account.name, more='password_command = "echo wrong"')
    settings += INBOX.format(key="info", mailboxes='["INBOX"]', port=free_port(), user=account.name, more=login)
    settings += INBOX.format(key="orders", mailboxes='["INBOX"]', port=port, user=account.name, more='auth = "xoauth2"\n  token_command = "echo old"')
    (home.path / "settings.toml").write_text(settings)
    said = home.mado("doctor")
    assert said.code == 5
    found: dict[str, list[tuple[str, str]]] = {}
    for row in said.rows:
        found.setdefault(row["check"], []).append((row["level"], row["words"]))
    levels = [level for level, _ in found["imap support"]]
    assert levels == ["ok", "error", "warning"]
    sound, missing, names = (words for _, words in found["imap support"])
    assert "INBOX 0" in sound
    assert "Sent is Sent" in sound
    assert "login by SCRAM-SHA-256, without TLS" in sound
    assert "did you mean Archive?" in missing
    assert {"Archive", "INBOX", "Sent"} <= set(names.partition(": ")[2].split(", "))
    assert found["imap sales"][0][0] == found["imap info"][0][0] == found["imap orders"][0][0] == "error"
    assert "refused the login" in found["imap sales"][0][1]
    assert "is not listening" in found["imap info"][0][1]
    # This Dovecot has nobody to ask about tokens: its own trouble, and no wrong token.
    assert "takes no logins now" in found["imap orders"][0][1]
    assert "Traceback" not in said.err
