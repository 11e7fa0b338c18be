"""What one has read, and holds that end, at real terminals: marked for oneself alone, told once, also to whoever was away."""

from datetime import UTC, datetime, timedelta

from tests.line.house import Agent
from tests.line.seats import SOON, Pair, Seat, eventually

UNREAD = r"^o .*"
BACK = "↻"
IN_A_MOMENT_SECONDS = 10
"""Longer than the verb that says it may take: a time that is past is refused."""


def hold_for_a_moment(pair: Pair, agent: Agent, token: str) -> str:
    """On hold with this member as its owner, by script: the keys know no seconds."""
    eventually(lambda: len(pair.house.conversations(agent, [f"subject:{token}"])) == 1, "the mail to come")
    (row,) = pair.house.conversations(agent, [f"subject:{token}"])
    pair.house.mado(agent.home, "take", row["id"])
    until = (datetime.now(UTC) + timedelta(seconds=IN_A_MOMENT_SECONDS)).isoformat()
    pair.house.mado(agent.home, "snooze", row["id"], until, "--reason", "入荷待ち")
    return row["id"]


def test_a_mail_is_unread_to_each_until_each_has_opened_it_and_again_by_one_key(pair: Pair) -> None:
    mail = pair.mail()
    for seat in pair.seats:
        seat.sees(UNREAD + mail.token)
    pair.sato.opens(mail.token)
    pair.tanaka.row(mail.token, "◦Sato", SOON)
    pair.sato.presses("Escape")
    pair.sato.is_at_the_list()
    pair.sato.sees_no_more(UNREAD + mail.token)
    pair.tanaka.sees(UNREAD + mail.token)
    pair.sato.finds(mail.token)
    pair.sato.presses("Enter")
    pair.sato.sees("^  To: ")
    pair.sato.presses("N")
    pair.sato.sees("Unread again, for you alone")
    pair.sato.sees(UNREAD + mail.token)
    pair.sato.presses("u")
    pair.sato.sees("Taken back")
    pair.sato.sees_no_more(UNREAD + mail.token)
    pair.tanaka.presses("g", "g")
    pair.tanaka.finds(mail.token)
    pair.tanaka.presses("N")
    pair.tanaka.sees(r"Read \(u takes it back\)")
    pair.tanaka.sees_no_more(UNREAD + mail.token)


def test_who_is_called_goes_to_the_comment_by_two_keys_and_is_called_no_more(pair: Pair) -> None:
    mail = pair.mail()
    pair.tanaka.finds(mail.token)
    pair.tanaka.says(f"comment @sato {mail.token} を見てください")
    pair.sato.sees(f"^@ .*{mail.token}")
    pair.sato.sees("@sato from Tanaka in #")
    # What was said of it stands in place of the status bar until the cursor moves.
    pair.sato.presses("j", "k")
    pair.sato.sees(r"  @1\b")
    pair.sato.presses("@")
    pair.sato.sees(rf"> @ .*Tanaka: @sato {mail.token}")
    pair.sato.presses("Enter")
    pair.sato.sees(f"^ *@sato {mail.token} を見てください")
    pair.sato.presses("Escape", "Escape")
    pair.sato.is_at_the_list()
    pair.sato.sees_no_more(f"^@ .*{mail.token}")
    pair.sato.sees_no_more(r"@1 *$")


def test_a_hold_that_ends_is_told_to_its_owner_and_to_nobody_else(pair: Pair) -> None:
    mail = pair.mail()
    hold_for_a_moment(pair, pair.sato.agent, mail.token)
    pair.sato.sees(r"is back from hold, its time has come")
    pair.sato.sees(f"^{BACK} .*{mail.token}")
    pair.tanaka.row(mail.token, "Sato")
    assert "back from hold" not in pair.tanaka.screen
    assert not pair.tanaka.row(mail.token).startswith(BACK)
    pair.sato.opens(mail.token)
    pair.sato.is_at_the_list()
    pair.sato.sees_no_more(f"^{BACK} .*{mail.token}")


def test_a_customer_who_writes_ends_the_hold_and_its_owner_is_told(pair: Pair) -> None:
    mail = pair.mail()
    pair.sato.finds(mail.token)
    pair.sato.presses("i")
    pair.sato.row(mail.token, "Sato")
    pair.sato.says("snooze tomorrow 9 the supplier is asked")
    pair.sato.sees(r"On hold until")
    pair.house.customer_writes(f"Re: {mail.subject}", "いかがでしょうか。", in_reply_to=mail.message_id)
    pair.sato.sees("is back from hold, the customer wrote")


def test_whoever_was_away_is_told_once_at_the_next_start(pair: Pair) -> None:
    mail = pair.mail()
    ueda = pair.house.joins("Ueda")
    pair.house.mado(ueda.home, "sync", "--once")
    id_ = hold_for_a_moment(pair, ueda, mail.token)
    eventually(lambda: [row["id"] for row in pair.house.conversations(ueda, ["is:woken"])] == [id_], "the hold to end")
    first = Seat(pair.house, ueda, "Ueda", columns=80, rows=24)
    first.sees("is back from hold, its time has come")
    first.sees(f"^{BACK} .*{mail.token}")
    pair.house.leaves(first.terminal)
    again = Seat(pair.house, ueda, "Ueda", columns=180, rows=50)
    again.sees(f"^{BACK} .*{mail.token}")
    again.sees("^ Work tray")
    assert "is back from hold" not in again.settles()
    pair.house.leaves(again.terminal)
