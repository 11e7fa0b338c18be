"""What others decide while one writes: a colleague is deactivated, the server is restarted, conversations become one and part again."""

import re

from tests.line.seats import FOOTER_OF_COMPOSER, SOON, Pair, Seat, eventually

AWAY = "Server away since"


def test_a_colleague_deactivated_in_the_middle_of_a_reply_is_out_and_the_next_one_writes(pair: Pair) -> None:
    mail = pair.mail()
    kato = Seat(pair.house, pair.house.joins("Kato"), "Kato")
    kato.sees("^ Work tray")
    # A new home fills: the team knows of the mail before it is fetched.
    eventually(lambda: bool(pair.house.conversations(kato.agent, [f"text:{mail.token}"])), "the mail in the new home")
    text = f"{mail.token} を承りました。"
    kato.replies(mail.token)
    kato.types(text)
    kato.sees(text)
    pair.tanaka.row(mail.token, "✎Kato")
    (ended,) = pair.house.mado(pair.house.server_home, "member", "deactivate", "kato")
    # Within a second: nobody writes there any more, and whoever is out reads why, and can send nothing.
    pair.tanaka.row(mail.token, "^ +N +- ", SOON)
    kato.sees("Logged out by the server", SOON)
    assert (ended["leases"], ended["passwords"]) == (1, ["support"])
    kato.presses("C-s")
    kato.types("消えない")
    kato.settles()
    assert "Leaves at" not in kato.screen
    assert "消えない" not in kato.screen
    assert pair.received(mail.token) == []
    pair.tanaka.replies(mail.token)
    pair.tanaka.types("私が承ります。")
    pair.tanaka.presses("C-s")
    eventually(lambda: bool(pair.received(mail.token)), "the one reply")
    assert "私が承ります。" in pair.received(mail.token)[0].get_body().get_content()
    # His text is still his, and nothing of it leaves.
    kato.presses("Escape")
    kato.sees("Kept as a draft")
    kato.sees("Logged out")
    kato.presses("r")
    kato.sees(text)
    pair.house.leaves(kato.terminal)
    assert len(pair.received(mail.token)) == 1


def test_the_server_is_restarted_under_two_who_write_and_both_replies_leave_once(pair: Pair) -> None:
    mails = [pair.mail(), pair.mail()]
    for seat, mail in zip(pair.seats, mails, strict=True):
        seat.replies(mail.token)
        seat.types(f"{seat.name}: {mail.token} の返事")
        seat.sees(f"{seat.name}: {mail.token}")
    pair.house.stop_server()
    for seat in pair.seats:
        seat.sees("Server away: a send waits")
    pair.house.start_server()
    for seat, mail in zip(pair.seats, mails, strict=True):
        seat.sees_no_more("Server away", 30)
        # The right to reply outlived the restart.
        seat.types("。再起動の後")
        seat.sees("再起動の後")
        seat.presses("C-s")
        seat.sees_no_more(FOOTER_OF_COMPOSER)
        eventually(lambda mail=mail: len(pair.received(mail.token)) == 1, "the reply")
    for seat, mail in zip(pair.seats, mails, strict=True):
        (got,) = pair.received(mail.token)
        assert re.search(rf"{seat.name}: {mail.token} の返事.*再起動の後", got.get_body().get_content(), re.DOTALL)
