"""A day with every kind of secret: afterwards none lies anywhere in clear but in `secrets.json`, and none stood on a command line."""

import base64
import json
import os
import secrets
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from start_dovecot import Dovecot
from start_exim import Exim

from mailsync.link.address import Invitation
from store.clock import SystemClock
from store.domain.totp import code_of, step_at
from store.settings.settings import load_settings
from tests.line.house import Agent, House
from tests.line.seats import eventually
from tests.waiting import wait_until

KEYRING = "secrets.json"
"""What stands for the system's keyring where there is none (docs/server.md); 0600."""


class Watch:
    """Looks at every command line of the machine, again and again."""

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {}
        self.found: set[str] = set()
        self.looks = 0
        self._over = threading.Event()

    def knows(self, name: str, text: str) -> str:
        """One more secret to look for."""
        assert len(text) >= 8, name
        self.secrets[name] = text
        return text

    def look(self) -> None:
        for process in Path("/proc").iterdir():
            if process.name.isdigit() and int(process.name) != os.getpid():
                try:
                    words = (process / "cmdline").read_bytes()
                except OSError:
                    continue
                self.found |= {f"{name} on a command line" for name, text in list(self.secrets.items()) if text.encode() in words}
        self.looks += 1

    def sees_a_command_line(self) -> None:
        """The look itself can see."""
        decoy = self.knows("a decoy", f"decoy-{secrets.token_hex(9)}")
        with subprocess.Popen([sys.executable, "-c", "input()", decoy], stdin=subprocess.PIPE) as process:
            wait_until(lambda: "a decoy on a command line" in self.found, "the decoy to be seen")
            process.communicate(b"\n")

    @contextmanager
    def looking(self) -> Iterator[None]:
        def again() -> None:
            while not self._over.wait(0.02):
                self.look()

        thread = threading.Thread(target=again)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()


def spellings(text: str) -> set[bytes]:
    """A secret as it stands, and as something may have written it."""
    raw = text.encode()
    plain, url = base64.b64encode(raw), base64.urlsafe_b64encode(raw)
    return {raw, raw.hex().encode(), json.dumps(text).encode()[1:-1], plain.rstrip(b"="), url.rstrip(b"=")}


def in_clear(folder: Path, secrets_known: dict[str, str]) -> set[str]:
    """Which secret lies in which file."""
    found = set()
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        content = path.read_bytes()
        found |= {f"{name} in {path.relative_to(folder)}" for name, text in secrets_known.items() if any(each in content for each in spellings(text))}
    return found


@pytest.mark.soak
def test_after_a_days_work_no_secret_lies_anywhere_but_in_the_keyring(dovecot: Dovecot, exim: Exim, tmp_path: Path) -> None:
    watch, house = Watch(), House(dovecot, exim, password=f"mb-{secrets.token_hex(9)}")
    mailbox = watch.knows("the mailbox's password", house.support.password)
    (tmp_path / "vault").write_text(f"{mailbox}\n")
    place = house.server_home / "settings.toml"
    place.write_text(place.read_text().replace(f"echo {mailbox}", f"cat {tmp_path / 'vault'}"))
    house.mado(house.server_home, "server", "certificate", "--name", "127.0.0.1")
    with watch.looking(), house:
        homes = a_day(house, watch)
        # At work first, with all its copies, then after the server's end.
        found = in_clear(house.root, watch.secrets)
        house.mado(house.server_home, "member", "deactivate", "sato")
        house.mado(house.root / "sato", "list", expect=4)
        watch.sees_a_command_line()
    assert watch.looks > 20
    assert watch.found == {"a decoy on a command line"}
    found |= in_clear(house.root, watch.secrets)
    allowed = {each for each in found if each.rpartition("/")[2] == KEYRING}
    assert found == allowed
    for home in homes:
        assert (home / KEYRING).stat().st_mode & 0o077 == 0
    for name in ("server/team.db", "server.out", "backup.db"):
        assert (house.root / name).stat().st_size > 0
    # The look itself can see: what belongs into the keyring is there.
    assert "the mailbox's password in sato/secrets.json" in allowed
    assert "Sato's session in sato/secrets.json" in allowed


def a_day(house: House, watch: Watch) -> list[Path]:
    """Joining, a second factor, mail, a reply, logging in here and elsewhere, wrong tries, a backup."""
    server, sato, other = house.server_home, house.root / "sato", house.root / "elsewhere"
    password = watch.knows("Sato's password", f"pw-{secrets.token_hex(9)}")
    invitation = invited(house, watch, "Sato")
    house.mado(sato, "join", "-", "--password-stdin", stdin=f"{invitation}\n{password}\n")
    watch.knows("Sato's session", kept(sato, "session"))
    watch.knows("Sato's device", kept(sato, "device"))
    codes = second_factor(house, watch, sato, password)
    house.customer_writes("注文について", "お世話になります。")
    eventually(lambda: house.mado(sato, "sync", "--once", expect=None) and house.mado(sato, "list"), "the mail")
    terminal = house.opens_terminal(Agent("sato", sato))
    terminal.wait_for("注文について")
    (row,) = house.mado(sato, "list")
    house.mado(sato, "reply", row["id"], "--body", "-", "--send", "--hold", "0", "--wait", stdin="承りました。\n")
    house.leaves(terminal)
    wrong = watch.knows("a mistyped password", f"pw-{secrets.token_hex(9)}")
    url = load_settings(sato).server.url or ""
    fingerprint = Invitation.decode(invitation).fingerprint or ""
    elsewhere = ("login", "--server", url, "--fingerprint", fingerprint, "--member", "sato", "--password-stdin")
    house.mado(other, *elsewhere, stdin=f"{wrong}\n", expect=4)
    house.mado(other, *elsewhere, stdin=f"{password}\n{codes[0]}\n")
    watch.knows("Sato's second session", kept(other, "session"))
    newer = watch.knows("Sato's new password", f"pw-{secrets.token_hex(9)}")
    house.mado(other, "session", "password", "--password-stdin", stdin=f"{password}\n{newer}\n")
    house.mado(other, "join", "-", stdin=f"{invitation}\n", expect=None)
    invited(house, watch, "Mori")
    house.mado(server, "server", "backup", str(house.root / "backup.db"))
    return [server, sato, other] if (server / KEYRING).exists() else [sato, other]


def invited(house: House, watch: Watch, name: str) -> str:
    (added,) = house.mado(house.server_home, "member", "add", name)
    watch.knows(f"{name}'s invitation", added["invitation"])
    watch.knows(f"the secret in {name}'s invitation", Invitation.decode(added["invitation"]).secret)
    return added["invitation"]


def second_factor(house: House, watch: Watch, home: Path, password: str) -> list[str]:
    """Set up by the app; the recovery codes."""
    (begun,) = house.mado(home, "session", "totp", "on", "--password-stdin", stdin=f"{password}\n")
    secret = watch.knows("the second factor", begun["secret"].replace(" ", ""))
    code = code_of(base64.b32decode(secret + "=" * (-len(secret) % 8)), step_at(SystemClock().now()))
    (confirmed,) = house.mado(home, "session", "totp", "confirm", code)
    for n, each in enumerate(confirmed["codes"]):
        watch.knows(f"recovery code {n}", each)
        watch.knows(f"recovery code {n} without dashes", each.replace("-", ""))
    return list(confirmed["codes"])


def kept(home: Path, name: str) -> str:
    """A secret out of the file that stands for the keyring."""
    return str(json.loads((home / KEYRING).read_text())[name])
