"""Homes, Maildirs and notmuch's indexes of a size, made once in a folder: those that are whole already are taken as they are."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import Pool
from pathlib import Path

from bench import filling, short_mails
from bench.corpus import START, corpus
from bench.mailbox import mails_in
from bench.notmuch import Notmuch
from mailsync.mime.parse import parse_message
from store.local.rows import NewMail

SEED = 7
BATCH = 500


@dataclass(frozen=True)
class Filled:
    """What a run of `bench.search` reads. `corpus` is a folder that `bench.sync --corpus` has filled; None: the mails are made anew."""

    folder: Path
    mails: int
    conversations: int
    peer_conversations: int
    """Short mails in notmuch's index; 0: no notmuch at all."""
    corpus: Path | None = None

    def make(self) -> None:
        """Whatever is missing; ours beside the peer's, for notmuch indexes on one core."""
        with ProcessPoolExecutor(1) as beside:
            peers = beside.submit(self._make_peers)
            if self.mails:
                self.corpus_home()
            if self.conversations:
                self.short_home()
            peers.result()

    def _make_peers(self) -> None:
        if not self.peer_conversations:
            return
        if self.mails:
            self.corpus_peer(ngrams=True)
            self.corpus_peer(ngrams=False)
        if self.conversations:
            self.short_peer()

    def corpus_home(self) -> Path:
        """A home with the corpus, every mail a conversation of its own."""
        return self._once(f"home-corpus{self.mails}", self._fill_corpus)

    def corpus_peer(self, *, ngrams: bool) -> Notmuch:
        """notmuch over the same mails."""
        maildir = self._once(f"maildir-corpus{self.mails}", lambda maildir: filling.fill_maildir(maildir, self._sources()))
        return self._indexed(f"notmuch_{'ngrams' if ngrams else 'as_shipped'}{self.mails}", maildir, ngrams=ngrams)

    def short_home(self) -> Path:
        """A home of short mails."""
        return self._once(f"home-short{self.conversations}", lambda home: short_mails.fill_home(home, self.conversations))

    def short_peer(self) -> Notmuch:
        """notmuch over as many of them as were asked for."""
        count = self.peer_conversations
        maildir = self._once(f"maildir-short{count}", lambda maildir: short_mails.fill_maildir(maildir, count))
        return self._indexed(f"notmuch_short{count}", maildir, ngrams=True)

    def _fill_corpus(self, home: Path) -> None:
        with Pool(2) as workers:
            filling.fill_home(home, workers.imap(_new_mail, enumerate(self._sources(), 1), chunksize=50), BATCH).close()

    def _sources(self) -> Iterator[bytes]:
        if self.corpus is None:
            yield from corpus(self.mails, SEED)
            return
        for path in mails_in(self.corpus / str(self.mails)):
            yield path.read_bytes().replace(b"\n", b"\r\n")

    def _indexed(self, name: str, maildir: Path, *, ngrams: bool) -> Notmuch:
        def index(folder: Path) -> None:
            Notmuch.beside(folder, maildir, ngrams=ngrams).run("new", "--quiet")

        return Notmuch.beside(self._once(name, index), maildir, ngrams=ngrams)

    def _once(self, name: str, make: Callable[[Path], None]) -> Path:
        path = self.folder / name
        mark = path.with_name(f"{name}.whole")
        if not mark.exists():
            began = time.perf_counter()
            make(path)
            mark.touch()
            print(f"  made {name} in {time.perf_counter() - began:.0f} s", flush=True)
        return path


def _new_mail(numbered: tuple[int, bytes]) -> NewMail:
    number, raw = numbered
    return filling.pulled(number, START + timedelta(minutes=11 * number), parse_message(raw), raw)
