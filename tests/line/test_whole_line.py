"""The line as the team plays it: two `mado` in real terminals, a real mailbox (TLS), a real MTA, and the customer's own mailbox."""

import re

import pytest

from tests.line.seats import FOOTER_OF_COMPOSER, HOLD_SECONDS, IS_READ, MAIL_SOON, SOON, Mail, Pair, Seat, cell_behind, cell_of, eventually

ANSWER = "お問い合わせありがとうございます。"
LONG_SECONDS = 600.0
"""Nobody who takes it back can be too late."""
AGE = re.compile(r"\b(now|\d+m)\b")


def test_from_the_first_mail_to_the_answer_of_a_finished_conversation(pair: Pair) -> None:
    """Steps 1 to 9 for one customer, in order."""
    mail = arrives(pair)
    is_written_with_a_template(pair, mail)
    is_edited_outside_while_the_lease_is_kept(pair, mail)
    is_sent_and_taken_back(pair, mail)
    is_sent_and_arrives_once(pair, mail)
    the_customer_answers(pair, mail)


def arrives(pair: Pair) -> Mail:
    """New mail shows by itself at both, the same at both, and nobody has read it for the mail server."""
    unseen = pair.house.unseen()
    mail = pair.mail("：請求書について", "お世話になります。山田です。\n請求書を再発行してください。")
    assert pair.sato.row(mail.token, "New")
    pair.tanaka.row(mail.token, r"^[ o] N +- +山田花子 ")
    assert pair.house.unseen() == unseen + 1
    listed: list[list[dict]] = []

    def is_numbered_at_both() -> bool:
        listed[:] = [pair.house.conversations(seat.agent, [f"subject:{mail.token}"]) for seat in pair.seats]
        # A mail on the screen may be found by its words a moment later.
        return all(rows and all(row["number"] for row in rows) for rows in listed)

    eventually(is_numbered_at_both, "the server's word on it at both")
    assert listed[0] == listed[1]
    assert [(row["status"], row["owner"], row["messages"]) for row in listed[0]] == [("new", None, 1)]
    return mail


def is_written_with_a_template(pair: Pair, mail: Mail) -> None:
    """Recipients, subject and quotation stand there; `^T` and a few letters; a field nobody could fill stops the send."""
    sato = pair.sato
    sato.replies(mail.token)
    for words in (f"To:      山田花子 <{pair.house.customer.name}>", f"Subject: Re: {mail.subject}", "> 請求書を再発行してください。"):
        sato.sees(re.escape(words))
    pair.tanaka.row(mail.token, "✎Sato", SOON)
    pair.tanaka.row(mail.token, "^[ o] P +Sato +山田花子 ")
    picks_a_template(sato, "会社")
    # The picker shows the text too: it is in the composer when its fields are spoken of.
    sato.sees("Still to be filled in: 会社名")
    sato.presses("C-s")
    sato.sees("The field 会社名 is empty", SOON)
    sato.presses("Escape")
    sato.sees_no_more("The field 会社名 is empty")
    sato.presses("C-k")
    sato.sees_no_more(FOOTER_OF_COMPOSER)
    pair.tanaka.row(mail.token, "^[ o] N +- ", SOON)
    sato.replies(mail.token)
    picks_a_template(sato, "返金")
    sato.sees("^山田花子 様")
    sato.sees("^担当: Sato")
    # The cursor stands at the top.
    sato.types(ANSWER)
    sato.sees(ANSWER)


def picks_a_template(seat: Seat, letters: str) -> None:
    """By a few letters."""
    seat.presses("C-t")
    seat.sees("Template")
    seat.types(letters)
    seat.sees(rf"> {letters}")
    seat.presses("Enter")
    # What is left to fill in is said in the footer's place.
    seat.sees(rf"{FOOTER_OF_COMPOSER}|Still to be filled in")


def is_edited_outside_while_the_lease_is_kept(pair: Pair, mail: Mail) -> None:
    """`^E`: the program steps aside; everybody goes on seeing who writes; what the editor left stands in the composer."""
    pair.sato.presses("C-e")
    pair.sato.sees("EDITOR IS OPEN")
    pair.tanaka.row(mail.token, "✎Sato")
    pair.tanaka.finds(mail.token)
    pair.tanaka.presses("r")
    pair.tanaka.sees("Sato is writing here", SOON)
    pair.tanaka.presses("Escape")
    pair.tanaka.sees_no_more("Sato is writing here")
    pair.editor.with_name("editor.go").touch()
    pair.sato.sees("お問い合わせまことにありがとうございます")
    pair.sato.sees(FOOTER_OF_COMPOSER)


def is_sent_and_taken_back(pair: Pair, mail: Mail) -> None:
    """`^S`, and `u` in the hold: it is in the composer again, and has not left."""
    pair.sato.holds(LONG_SECONDS)
    pair.sato.presses("C-s")
    pair.sato.sees("Leaves at .*u takes it back")
    pair.tanaka.row(mail.token, "^[ o] Q", SOON)
    pair.sato.presses("u")
    pair.sato.sees(FOOTER_OF_COMPOSER)
    pair.sato.sees("お問い合わせまことにありがとうございます")
    pair.tanaka.row(mail.token, "^[ o] P.*✎Sato", SOON)
    assert pair.received(mail.token) == []
    pair.sato.holds(HOLD_SECONDS)


def is_sent_and_arrives_once(pair: Pair, mail: Mail) -> None:
    """The hold over, the customer has one mail that answers theirs, and one copy lies in Sent; both see it done."""
    pair.sato.presses("C-s")
    pair.sato.sees("Leaves at|Your reply has left")
    for seat in pair.seats:
        seat.is_at_the_list()
        seat.finds(mail.token)
    pair.tanaka.row(mail.token, "^[ o] D")
    pair.sato.row(mail.token, "Done")
    pair.sato.presses("u")
    pair.sato.sees("Your last mail has left: it cannot be taken back")
    eventually(lambda: bool(pair.received(mail.token) and pair.filed(mail.token)), "the mail and its copy")
    # Both are told of the copy: neither waits for the next look at Sent.
    eventually(lambda: all(len(pair.shown(seat, mail.token)["messages"]) == 2 for seat in pair.seats), "the copy at both desks", 2 * SOON)
    (got,), (copy,) = pair.received(mail.token), pair.filed(mail.token)
    assert str(got["Subject"]) == f"Re: {mail.subject}"
    assert got["In-Reply-To"] == mail.message_id
    assert str(got["References"]).split() == [mail.message_id]
    assert pair.house.support.name in str(got["From"])
    text = got.get_body().get_content()
    for words in ("お問い合わせまことにありがとうございます。", "山田花子 様", "担当: Sato", "> 請求書を再発行してください。"):
        assert text.count(words) == 1, text
    assert (copy["Message-ID"], copy.get_body().get_content()) == (got["Message-ID"], text)
    for seat in pair.seats:
        whole = pair.shown(seat, mail.token)
        assert [each["state"] for each in whole["submissions"]] == ["cancelled", "accepted"]
        assert (whole["status"], whole["owner"], whole["lease"]) == ("done", "sato", None)


def the_customer_answers(pair: Pair, mail: Mail) -> None:
    """It is back in the tray, and who had it stands in brackets."""
    (got,) = pair.received(mail.token)
    before = str(got["Message-ID"])
    for seat in pair.seats:
        seat.is_at_the_list()
        seat.sees_no_more(mail.token)
    pair.house.customer_writes(f"Re: {mail.subject}", "まだ届きません。", in_reply_to=before, references=f"{mail.message_id} {before}")
    for seat in pair.seats:
        seat.row(mail.token, r"\(Sato\)", MAIL_SOON)
    # Its line may have come from the server before the mail itself.
    eventually(lambda: len(pair.shown(pair.tanaka, mail.token)["messages"]) == 3, "the third mail itself")
    whole = pair.shown(pair.tanaka, mail.token)
    assert (whole["status"], whole["owner"], whole["suggested_owner"]) == ("new", None, "sato")


def test_japanese_columns_align_whatever_stands_before_them(pair: Pair) -> None:
    """Subjects begin, and ages end, in one column; half-width kana, circled numbers and emoji shift nothing."""
    names = ("山田花子", "Bob", "㈱北野製作所①", "ﾔﾏﾀﾞ ﾊﾅｺ", "日本語のとても長い名前の会社の担当者", "José 🎉")
    for index, name in enumerate(names):
        pair.house.customer_writes(f"zqcol{index}", "x", sender=f'"{name}" <c{index}@example.test>')
    for seat in pair.seats:
        rows = [seat.row(f"zqcol{index}", seconds=MAIL_SOON) for index in range(len(names))]
        assert len({cell_of(row, "zqcol") for row in rows}) == 1, "\n".join(rows)
        # On a slow machine the first of them are a minute old by now.
        assert len({cell_behind(row, AGE) for row in rows}) == 1, "\n".join(rows)


def test_the_keys_of_the_list(pair: Pair) -> None:
    """`j k gg G ^D ^U Enter / ? : q` and the three views."""
    for number in range(12):
        pair.house.customer_writes(f"zqkey{number:02}", f"本文{number:02}")
    tanaka = pair.tanaka
    listed: list[dict] = []

    def are_numbered() -> bool:
        listed[:] = pair.house.conversations(tanaka.agent, ["subject:zqkey*"])
        return len(listed) == 12 and all(row["number"] for row in listed)

    # By then nothing that comes from the server changes their order.
    eventually(are_numbered, "twelve mails")
    order = [row["subject"] for row in listed]
    tanaka.terminal.resize(80, 9)
    try:
        walks(tanaka, order)
        tanaka.presses("?")
        tanaka.sees("What works here")
        tanaka.presses("Escape")
        tanaka.sees_no_more("What works here")
        tanaka.says("all")
        tanaka.sees("There is no command all")
        for key, words in (("2", "Mine"), ("3", "All"), ("1", "Work tray")):
            tanaka.presses(key)
            tanaka.sees(f"^ {words} ")
    finally:
        tanaka.terminal.resize(80, 24)


def walks(seat: Seat, order: list[str]) -> None:
    """Up and down the list; which conversation the cursor is on, `Enter` says."""
    seat.presses("/")
    seat.sees("^/")
    seat.types("subject:zqkey*")
    seat.presses("Enter")
    seat.sees(r"^ search: .* 12\b")
    # Eight lines fit. A page keeps the cursor's line on the screen: the tenth is the seventh of the last page, which begins at the fifth.
    for keys, at in ((("j",), 1), (("j", "j"), 3), (("k",), 2), (("C-d",), 2 + 8), (("C-u",), 10 - 4), (("G",), 11), (("g", "g"), 0)):
        seat.presses(*keys)
        seat.settles()
        seat.presses("Enter")
        seat.sees(f"^  {order[at]}")
        seat.presses("Escape")
        seat.sees_no_more(IS_READ)


def test_q_leaves_with_a_clean_terminal(pair: Pair) -> None:
    """And with the exit code of success."""
    third = Seat(pair.house, pair.tanaka.agent, "Tanaka again", columns=80, rows=24)
    third.sees("^ Work tray")
    third.presses("q")
    eventually(lambda: third.terminal.exit_status() is not None, "the end")
    assert third.terminal.exit_status() == 0
    assert third.screen.strip() == ""


@pytest.mark.parametrize("while_reading", [False, True])
def test_a_comment_calls_a_colleague_until_they_have_opened_it(pair: Pair, *, while_reading: bool) -> None:
    """Within a second `@` stands at Tanaka's line, and goes when it is read; who reads it already has seen it."""
    mail = pair.mail()
    pair.tanaka.opens(mail.token) if while_reading else pair.tanaka.is_at_the_list()
    pair.sato.finds(mail.token)
    pair.sato.presses("c")
    pair.sato.sees("^Comment:")
    pair.sato.types(f"@tanaka {mail.token} を見てください")
    pair.sato.presses("Enter")
    if while_reading:
        pair.tanaka.sees("@tanaka from Sato|@ Sato", SOON)
        pair.tanaka.sees("1 comment")
    else:
        pair.tanaka.row(mail.token, "^@ ", SOON)
        pair.tanaka.sees(f"@tanaka from Sato in #[0-9]+: {mail.token}", SOON)
        pair.tanaka.opens(mail.token)
        pair.tanaka.sees(f"@tanaka {mail.token}")
    pair.tanaka.is_at_the_list()
    pair.tanaka.row(mail.token, "^  ")
    assert re.match("[ o] ", pair.sato.row(mail.token)), "no mention: that is for Tanaka"
    (comment,) = pair.shown(pair.tanaka, mail.token)["comments"]
    assert (comment["by"], comment["mentions"]) == ("sato", ["tanaka"])
