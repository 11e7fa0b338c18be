"""Long paragraphs are broken softly and read back exactly; what others show of them is still a line of mail."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from mailsync.mime.text.columns import columns_of
from mailsync.mime.text.flowed import unflow
from mailsync.mime.text.flowing import flow, needs_flow

LONG = (
    "このたびはお問い合わせいただき、誠にありがとうございます。ご注文いただきました商品（品番M-20419）につきまして、"
    "倉庫に確認しましたところ、明日の午前中に発送できるとのことでした。"
)
TEXT = st.text(st.sampled_from("あ漢。、「」a bc>-\n\u3000👍🏽é"), max_size=400)


def test_japanese_breaks_anywhere_but_not_before_a_full_stop_and_is_whole_again() -> None:
    soft = flow(LONG)
    assert soft is not None
    lines = soft.split("\n")
    assert len(lines) > 1
    assert all(line.endswith(" ") for line in lines[:-1])
    assert not any(line.startswith(("。", "、", "）", "」")) for line in lines)
    assert all(columns_of(line) <= 76 for line in lines)
    assert unflow(soft, delsp=True) == LONG


def test_a_space_at_which_a_line_breaks_is_part_of_the_text_and_stands_before_the_one_that_is_not() -> None:
    words = "word " * 30 + "end"
    soft = flow(words)
    assert soft is not None
    assert all(re.search(r"[^ ]  $", line) for line in soft.split("\n")[:-1])
    assert unflow(soft, delsp=True) == words


def test_an_address_of_the_web_stays_whole() -> None:
    url = "https://example.jp/" + "a" * 120
    soft = flow(f"詳しくは {url} をご覧ください。" + LONG)
    assert soft is not None
    assert url in soft


def test_quotes_stay_quotes_at_their_depth_and_a_signature_is_never_joined() -> None:
    body = f"> {LONG}\n>> {LONG}\n>\n本文\n-- \n株式会社金物屋\n> -- \n> x"
    soft = flow(body)
    assert soft is not None
    assert "\n-- \n" in soft
    assert "\n> -- \n" in soft
    assert all(line.startswith("> ") for line in soft.split("\n")[:2])
    assert unflow(soft, delsp=True) == body


def test_what_only_looks_like_a_mark_is_stuffed() -> None:
    body = f" indented\n>no quotation\nFrom here\n{LONG}"
    soft = flow(body)
    assert soft is not None
    assert soft.startswith("  indented\n >no quotation\n From here\n")
    assert unflow(soft, delsp=True).split("\n")[1:3] == [">no quotation", "From here"]


def test_a_line_that_ends_in_a_blank_cannot_be_said_so_and_is_left_as_it_is() -> None:
    assert flow(f"{LONG}\n二行目 \n") is None


def test_short_lines_need_nothing() -> None:
    assert not needs_flow("山田様\n\nお世話になっております。")
    assert needs_flow(LONG)


@given(TEXT)
@settings(max_examples=300, deadline=None)
def test_whatever_is_broken_is_whole_again(body: str) -> None:
    soft = flow(body)
    if soft is not None:
        assert unflow(soft, delsp=True) == body
