"""The peers a bench runs beside us: mbsync and notmuch for the sync, alot for the terminal. Each in folders of its own, configured as shipped."""

import os
import subprocess
import time
from pathlib import Path

MBSYNC = """
FSync no

IMAPStore remote
Host localhost
Port {port}
User {user}
Pass {password}
{ssl} IMAPS
CertificateFile {ca}

MaildirStore local
Path {mail}/
Inbox {mail}/INBOX

Channel all
Far :remote:
Near :local:
Patterns INBOX Sent
Create Near
SyncState *
"""

NOTMUCH = """
[database]
path={mail}
[user]
name=bench
primary_email=support@example.test
[new]
tags=inbox
"""


class Peers:
    """mbsync, notmuch and alot in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mail = folder / "mail"
        self.mail.mkdir(parents=True, exist_ok=True)
        self._env = {**os.environ, "NOTMUCH_CONFIG": str(folder / "notmuch-config"), "HOME": str(folder)}
        (folder / "notmuch-config").write_text(NOTMUCH.format(mail=self.mail))

    def mbsync(self, *, port: int, user: str, password: str, ca: Path) -> float:
        """One run without fsync (kinder to it than as shipped); seconds."""
        config = self.folder / "mbsyncrc"
        version = subprocess.run(["mbsync", "--version"], capture_output=True, text=True, check=False).stdout
        # 1.5 renamed the keyword.
        ssl = "TLSType" if "1.5" in version or "1.6" in version else "SSLType"
        config.write_text(MBSYNC.format(port=port, user=user, password=password, ca=ca, mail=self.mail, ssl=ssl))
        began = time.perf_counter()
        subprocess.run(["mbsync", "-q", "-c", str(config), "all"], check=True, env=self._env)
        return time.perf_counter() - began

    def notmuch_new(self) -> float:
        """Index what is new; seconds."""
        began = time.perf_counter()
        subprocess.run(["notmuch", "new", "--quiet"], check=True, env=self._env, capture_output=True)
        return time.perf_counter() - began

    def alot(self) -> tuple[list[str], dict[str, str]]:
        """The command that opens alot's list, and its environment."""
        config = self.folder / "alot.conf"
        config.write_text("initial_command = 'search tag:inbox'\n")
        return ["alot", "-n", str(self.folder / "notmuch-config"), "-c", str(config)], self._env
