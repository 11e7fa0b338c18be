"""`mado member add` at the server's home: one line to hand over."""

import json
import os
import subprocess
from datetime import UTC, datetime, timedelta

from server_process import new_folder

from mailsync.link.address import Invitation
from tests.mado_forks import run_verb
from tests.server.server_child import Child


def mado(*arguments: str) -> subprocess.CompletedProcess[str]:
    return run_verb(arguments, env=os.environ)


def test_an_admin_invites_a_member_with_one_line() -> None:
    home = new_folder("cli")
    (home / "settings.toml").write_text('[server]\nlisten = "127.0.0.1:0"\n')
    child = Child(home)
    ran = mado("--home", str(home), "member", "add", "Sato Hanako", "--role", "leader", "--json")
    assert ran.returncode == 0, ran.stderr
    (line,) = ran.stdout.splitlines()
    said = json.loads(line)
    assert (said["member"], said["role"]) == ("sato-hanako", "leader")
    assert Invitation.decode(said["invitation"]).url == child.url
    days = datetime.fromisoformat(said["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=6, hours=23) < days <= timedelta(days=7)
    again = mado("--home", str(home), "member", "add", "Sato Hanako")
    assert again.returncode == 5
    assert again.stdout == ""
    assert "@sato-hanako" in again.stderr
    child.stop()


def test_a_wrong_listening_address_is_one_sentence_and_nothing_is_changed() -> None:
    home = new_folder("cli")
    ran = mado("--home", str(home), "server", "run", "--listen", "0.0.0.0:8642")
    assert (ran.returncode, ran.stdout) == (5, "")
    assert len(ran.stderr.splitlines()) == 1
    assert "tls_cert" in ran.stderr
    assert not (home / "team.db").exists()
