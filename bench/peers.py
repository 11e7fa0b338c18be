"""The peers a bench runs beside us: mbsync, notmuch, neomutt for mail in; neomutt, aerc, alot for the terminal. Each in its own folder."""

import shutil
import subprocess
from pathlib import Path

from bench.notmuch import Notmuch, environment
from bench.spent import Spent, spend

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
SubFolders Verbatim

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


NEOMUTT = """
set folder="imaps://127.0.0.1:{port}/"
set spoolfile="+INBOX"
set imap_user="{user}"
set imap_pass="{password}"
set ssl_force_tls=yes
set certificate_file="{ca}"
set ssl_ca_certificates_file="{ca}"
unset header_cache
unset message_cachedir
set mail_check=600
"""


class Peers:
    """mbsync, notmuch, neomutt, aerc and alot in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mail = folder / "mail"
        self.mail.mkdir(parents=True, exist_ok=True)
        self._config = folder / "notmuch-config"
        self._config.write_text(NOTMUCH.format(mail=self.mail))
        self._env = environment(self._config, ngrams=False)

    def mbsync(self, *, port: int, user: str, password: str, ca: Path) -> float:
        """One run without fsync (kinder to it than as shipped); seconds."""
        return self.mbsync_spent(port=port, user=user, password=password, ca=ca).wall

    def mbsync_spent(self, *, port: int, user: str, password: str, ca: Path) -> Spent:
        """The same, with all it cost."""
        config = self.folder / "mbsyncrc"
        version = subprocess.run(["mbsync", "--version"], capture_output=True, text=True, check=False).stdout
        # 1.5 renamed the keyword.
        ssl = "TLSType" if "1.5" in version or "1.6" in version else "SSLType"
        config.write_text(MBSYNC.format(port=port, user=user, password=password, ca=ca, mail=self.mail, ssl=ssl))
        return spend(["mbsync", "-q", "-c", str(config), "all"], self._env)

    def notmuch_new(self) -> float:
        """Index what is new; seconds."""
        return self.notmuch_spent(n_grams=False).wall

    def notmuch_spent(self, *, n_grams: bool) -> Spent:
        """The same, with all it cost. `n_grams`: so that it finds Japanese words of one or two characters."""
        return spend(["notmuch", "new", "--quiet"], environment(self._config, ngrams=n_grams))

    def index(self) -> Notmuch:
        """What it has indexed with n-grams."""
        return Notmuch(environment(self._config, ngrams=True))

    def forget_index(self) -> None:
        """Throw notmuch's index away."""
        shutil.rmtree(self.mail / ".notmuch", ignore_errors=True)

    def neomutt(self, *, port: int, user: str, password: str, ca: Path) -> tuple[list[str], dict[str, str]]:
        """The command that opens the mailbox over IMAP without any cache, and its environment."""
        config = self.folder / "neomuttrc"
        config.write_text(NEOMUTT.format(port=port, user=user, password=password, ca=ca))
        return ["neomutt", "-n", "-F", str(config)], self._env

    def alot(self) -> tuple[list[str], dict[str, str]]:
        """The command that opens alot's list, and its environment."""
        config = self.folder / "alot.conf"
        config.write_text("initial_command = 'search tag:inbox'\n")
        return ["alot", "-n", str(self._config), "-c", str(config)], self._env

    def neomutt_on_maildir(self) -> tuple[list[str], dict[str, str]]:
        """The command that opens the mailbox from the disk, with a header cache as everybody has, newest first."""
        config = self.folder / "neomuttrc-maildir"
        config.write_text(f"set folder={self.mail}\nset header_cache={self.folder}/headers\nset sort=reverse-date\nset mail_check=600\n")
        return ["neomutt", "-n", "-F", str(config), "-f", str(self.mail / "INBOX")], self._env

    def aerc(self) -> tuple[list[str], dict[str, str]]:
        """The command that opens the same Maildir with aerc, newest first without its side bar."""
        config = self.folder / "aerc"
        config.mkdir(exist_ok=True)
        # Else no subject is wide enough to be told from the next.
        (config / "aerc.conf").write_text("[ui]\nsidebar-width = 0\nsort = -r date\n")
        accounts = config / "accounts.conf"
        accounts.write_text(f"[bench]\nsource = maildir://{self.mail}\ndefault = INBOX\nfrom = Bench <support@example.test>\n")
        accounts.chmod(0o600)
        return ["aerc"], self._env | {"XDG_CONFIG_HOME": str(self.folder), "XDG_DATA_HOME": str(self.folder), "XDG_CACHE_HOME": str(self.folder)}
