"""notmuch over one Maildir, the peer of searching: with n-grams for Japanese, or as shipped."""

import os
import subprocess
import time
from pathlib import Path
from typing import Self

NGRAMS = {"XAPIAN_CJK_NGRAM": "1"}


def environment(config: Path, *, ngrams: bool) -> dict[str, str]:
    """What a process of it reads; Xapian asks for the n-grams there."""
    return {**os.environ, "NOTMUCH_CONFIG": str(config), "HOME": str(config.parent), **(NGRAMS if ngrams else {})}


class Notmuch:
    """An index of it, that `env` leads to."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env = env

    @classmethod
    def beside(cls, folder: Path, maildir: Path, *, ngrams: bool) -> Self:
        """One in a folder of its own beside the Maildir."""
        folder.mkdir(parents=True, exist_ok=True)
        config = folder / "notmuch-config"
        database = f"[database]\npath={folder / 'index'}\nmail_root={maildir}\n"
        config.write_text(database + "[user]\nname=bench\nprimary_email=support@example.jp\n[new]\ntags=inbox\n")
        (folder / "index").mkdir(exist_ok=True)
        return cls(environment(config, ngrams=ngrams))

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
