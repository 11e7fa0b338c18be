"""What a verb does that hears that access has ended, with a real server: over TLS the home is emptied, over plain http nothing is removed."""

import json
import os
from pathlib import Path

import pytest
from server_process import new_folder

from store.domain.draft import Draft
from store.domain.ids import ConversationId
from store.local.store import LocalStore
from store.local.wiping import MARK, OWN_WORDS
from tests.mado_forks import run_verb
from tests.server.server_child import Child


def mado(home: Path, *arguments: str, stdin: str | None = None) -> tuple[int, list[dict], str]:
    env = {**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring", "MADO_LANG": "en"}
    done = run_verb(["--home", str(home), *arguments, "--json"], env=env, stdin=stdin)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def joined(server: Path, home: Path) -> None:
    code, rows, err = mado(server, "member", "add", home.name)
    assert code == 0, err
    assert mado(home, "join", "-", stdin=rows[0]["invitation"])[0] == 0
    # The mirror is level, and something is written that no server has.
    assert mado(home, "statuses")[0] == 0
    store = LocalStore.open(home)
    assert store.me() == home.name
    store.save_draft(Draft(conversation_id=ConversationId("c1"), body="my own words"))
    store.close()


@pytest.mark.parametrize("verb", [("list",), ("session", "list"), ("sync", "--once")], ids=" ".join)
def test_a_verb_empties_the_home_over_tls_and_keeps_what_was_written(verb: tuple[str, ...]) -> None:
    server, home = new_folder("server"), new_folder("homes") / "sato"
    assert mado(server, "server", "certificate", "--name", "127.0.0.1")[0] == 0
    child = Child(server, "--listen", "127.0.0.1:0")
    try:
        joined(server, home)
        assert mado(server, "member", "deactivate", "sato")[0] == 0
        code, _rows, err = mado(home, *verb)
        again = mado(home, *verb)
    finally:
        child.stop()
    assert code == 4
    assert "You are no member of this team any more. Its mail was removed from this machine." in err
    assert "What you wrote and had not sent is in" in err
    assert "my own words" in (home / OWN_WORDS).read_text()
    assert (home / MARK).exists()
    assert not (home / "cache").exists()
    assert (again[0], "access to the team has ended" in again[2]) == (4, True)


def test_over_plain_http_every_verb_says_it_and_nothing_is_removed() -> None:
    server, home = new_folder("server"), new_folder("homes") / "sato"
    child = Child(server, "--listen", "127.0.0.1:0")
    try:
        joined(server, home)
        assert mado(server, "member", "deactivate", "sato")[0] == 0
        for verb, code in ((("list",), 0), (("session", "list"), 4), (("sync", "--once"), 4)):
            said = mado(home, *verb)
            assert (said[0], "nothing was removed from this machine" in said[2]) == (code, True), said
    finally:
        child.stop()
    store = LocalStore.open(home)
    assert [draft.body for draft in store.drafts()] == ["my own words"]
    store.close()
    assert not (home / MARK).exists()
