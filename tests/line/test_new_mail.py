"""A mail that the team writes first: from the key to the customer's mailbox, and their answer in the same conversation."""

from tests.line.seats import FOOTER_OF_COMPOSER, MAIL_SOON, Pair, eventually

TOKEN = "zqnew1"


def test_a_mail_we_write_first_is_a_conversation_at_both_terminals_and_its_answer_comes_back_to_it(pair: Pair) -> None:
    sato = pair.sato
    sato.is_at_the_list()
    sato.presses("C-n")
    sato.sees(FOOTER_OF_COMPOSER)
    sato.sees("New mail")
    sato.types(f"{pair.house.customer.name}")
    sato.sees(pair.house.customer.name)
    sato.presses("Tab", "Tab")
    sato.types(f"{TOKEN} のご案内")
    sato.presses("Tab")
    sato.types("新商品のご案内です。")
    sato.sees("新商品のご案内です。")
    sato.presses("C-s")
    sato.sees("was never written to|Leaves at|Your reply has left")
    if "was never written to" in sato.screen:
        # No test before this one had a mail of this customer.
        sato.presses("s")
    sato.sees("Leaves at|Your reply has left")
    eventually(lambda: len(pair.received(TOKEN)) == 1, "the mail at the customer's")
    sato.sees("Your reply has left")
    (mail,) = pair.received(TOKEN)
    eventually(lambda: len(pair.filed(TOKEN)) == 1, "the copy in Sent")
    pair.house.customer_writes(f"Re: {TOKEN} のご案内", "興味があります。", in_reply_to=str(mail["Message-ID"]))
    pair.tanaka.is_at_the_list()
    pair.tanaka.row(TOKEN, seconds=MAIL_SOON)

    def is_one_conversation() -> bool:
        rows = pair.house.conversations(pair.tanaka.agent, [f"subject:{TOKEN}"])
        return [(row["messages"], row["inbox"]) for row in rows] == [(2, "support")]

    eventually(is_one_conversation, "both mails in one conversation")
