"""A mail to two of our addresses: whoever has it before them sees that the other inbox has it too, before answering it twice."""

from datetime import timedelta
from pathlib import Path

from store.domain.ids import InboxKey
from store.domain.threading import thread_key
from store.local.rows import Cursor, NewMail
from store.settings.lock import HomeLock
from tests.mado_screen import MadoScreen
from tests.tui.home_builder import SETTINGS, HomeBuilder
from tests.tui.test_terminal import ENGLISH, shown

SALES = InboxKey("sales")


def test_the_list_and_the_mail_itself_say_which_inbox_has_it_too_also_when_it_comes_there_later(tmp_path: Path) -> None:
    builder = HomeBuilder(tmp_path / "home")
    inbox, server, rest = SETTINGS.partition("[server]")
    (builder.home / "settings.toml").write_text(inbox + inbox.replace('"support', '"sales') + server + rest)
    both, _ = builder.mails(
        [
            ("見積のお願い", "両方に送ります。", "山田 <y@x.example>", timedelta(minutes=5), "<both@x>", None),
            ("Only here", "x", "Ben <b@x.example>", timedelta(minutes=3), "<one@x>", None),
        ]
    )
    try:
        # Another program of this home fetches: the terminal sees what it stores.
        with HomeLock(builder.home, "sync"), MadoScreen(["--home", str(builder.home)], columns=80, rows=24, env=ENGLISH) as screen:
            assert "[+" not in shown(screen, "見積のお願い", "Server away")
            stored = builder.store.messages(both)[0]
            again = NewMail(
                uid=1, internaldate=stored.internaldate, flags=(), raw=None, size_bytes=stored.size_bytes, message=stored.message,
                thread_key=thread_key(SALES, stored.message_id, (), ()), message_id=stored.message_id, content_sha256=stored.content_sha256,
            )  # fmt: skip
            builder.store.commit_pull(SALES, "INBOX", [again], Cursor(1, 1))
            lines = shown(screen, "[+sales] 見積のお願い", "[+support] 見積のお願い").splitlines()
            assert "[+" not in next(line for line in lines if "Only here" in line)
            screen.press("j\r")
            shown(screen, "両方に送ります。", "[also in s")
    finally:
        builder.close()
