"""A newcomer's reply from the first key to the customer: handed to a leader, sent back with a remark, changed, approved; at two terminals."""

from tests.line.seats import HOLD_SECONDS, Pair, Seat, eventually

REMARK = "宛名がありません。"


def test_a_newcomers_reply_is_sent_back_changed_approved_and_reaches_the_customer(pair: Pair) -> None:
    newcomer = Seat(pair.house, pair.house.joins("Shin", role="checked"), "Shin", columns=80, rows=24)
    leader = Seat(pair.house, pair.house.joins("Mori", role="leader"), "Mori", columns=120, rows=36)
    newcomer.holds(HOLD_SECONDS)
    mail = pair.mail()
    for seat in (newcomer, leader):
        seat.has(mail.token)
    newcomer.replies(mail.token)
    newcomer.types("ご連絡ありがとうございます。")
    newcomer.sees("ご連絡ありがとうございます。")
    newcomer.presses("C-s")
    newcomer.sees("Waits for a check")
    leader.opens(mail.token)
    leader.sees("A reply of Shin waits for a check")
    leader.presses("y")
    leader.sees("y approve, x send back")
    leader.sees("Shin asks for a check")
    leader.sees("ご連絡ありがとうございます。")
    leader.presses("x")
    leader.sees("^What is to be changed")
    leader.presses("Enter")
    leader.sees("^A remark is needed")
    leader.types(REMARK)
    leader.presses("Enter")
    leader.sees("Sent back")
    newcomer.sees(f"Mori sent your reply back: {REMARK}")
    newcomer.replies(mail.token)
    newcomer.types("花子様、")
    newcomer.sees("花子様、ご連絡ありがとうございます。")
    newcomer.presses("C-s")
    newcomer.sees("Waits for a check")
    leader.opens(mail.token)
    leader.sees("A reply of Shin waits for a check")
    leader.presses("y")
    leader.sees(r"\{\+花子様、\+\}ご連絡")
    leader.presses("y")
    leader.sees("Approved: it is on its way")
    eventually(lambda: bool(pair.received(mail.token)), "the one reply")
    (got,) = pair.received(mail.token)
    assert "花子様、ご連絡ありがとうございます。" in got.get_body().get_content()
    for seat in (newcomer, leader):
        pair.house.leaves(seat.terminal)
