"""notmuch over one Maildir, the peer of searching: with n-grams for Japanese, or as shipped."""

import os
import subprocess
import time
from pathlib import Path

NGRAMS = {"XAPIAN_CJK_NGRAM": "1"}


class Notmuch:
    """One index of it, in a folder of its own beside the Maildir."""

    def __init__(self, folder: Path, maildir: Path, *, ngrams: bool) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.config = folder / "notmuch-config"
        database = f"[database]\npath={folder / 'index'}\nmail_root={maildir}\n"
        self.config.write_text(database + "[user]\nname=bench\nprimary_email=support@example.jp\n[new]\ntags=inbox\n")
        (folder / "index").mkdir(exist_ok=True)
        self.env = {**os.environ, "NOTMUCH_CONFIG": str(self.config), "HOME": str(folder), **(NGRAMS if ngrams else {})}

    def run(self, *arguments: str) -> str:
        """Its output."""
        return subprocess.run(["notmuch", *arguments], env=self.env, check=True, capture_output=True, text=True).stdout

    def seconds(self, *arguments: str) -> float:
        """How long a process of it takes."""
        began = time.perf_counter()
        self.run(*arguments)
        return time.perf_counter() - began

    def found(self, query: str) -> set[str]:
        """The Message-IDs of all it finds."""
        return {f"<{line.removeprefix('id:')}>" for line in self.run("search", "--output=messages", "--exclude=false", query).splitlines()}
