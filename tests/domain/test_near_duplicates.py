"""A customer who wrote to two addresses is not sent the same answer twice unawares."""

from datetime import timedelta

from store.domain.near_duplicates import SentText, near_duplicate
from tests.domain.play import CUSTOMER, ID, START

TEXT = "お問い合わせありがとうございます。ご注文の商品は本日発送いたしました。到着まで今しばらくお待ちください。"


def sent(text=TEXT, hours=1.0, to=(CUSTOMER,)) -> SentText:
    return SentText(ID, START - timedelta(hours=hours), to, text)


def test_the_same_answer_to_the_same_customer_within_a_day_is_found():
    assert near_duplicate(TEXT, [CUSTOMER.upper()], START, [sent()]) == sent()
    assert near_duplicate(TEXT.replace("本日", "昨日") + "\n\n", ["x@y.example", CUSTOMER], START, [sent()]) == sent()


def test_one_that_left_just_now_is_found_although_the_mail_servers_clock_is_ahead():
    assert near_duplicate(TEXT, [CUSTOMER], START, [sent(hours=-0.01)]) == sent(hours=-0.01)


def test_of_several_the_latest_is_named():
    assert near_duplicate(TEXT, [CUSTOMER], START, [sent(hours=5), sent(hours=2), sent(hours=3)]).at == START - timedelta(hours=2)


def test_another_customer_another_day_or_another_answer_is_none():
    assert near_duplicate(TEXT, ["other@customer.example"], START, [sent()]) is None
    assert near_duplicate(TEXT, [CUSTOMER], START, [sent(hours=24.1)]) is None
    assert near_duplicate(TEXT, [CUSTOMER], START, [sent("返品を承りました。送料は当社が負担いたしますので、着払いでお送りください。")]) is None


def test_a_short_thank_you_is_said_to_everybody():
    assert near_duplicate("ありがとうございました。", [CUSTOMER], START, [sent("ありがとうございました。")]) is None
