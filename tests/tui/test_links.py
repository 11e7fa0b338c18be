"""Links are numbered, shown whole, and never open by themselves."""

from collections.abc import Callable

import pytest

from tui.view.links import Link, host_of, link_lines, links_in, warnings_of


def targets(text: str) -> list[str]:
    return [each.target for each in links_in([text])]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See https://example.jp/a?b=1&c=2.", ["https://example.jp/a?b=1&c=2"]),
        ("詳細はこちら：https://example.jp/注文/4711。よろしく", ["https://example.jp/注文/4711"]),
        ("「https://example.jp/」をご覧ください", ["https://example.jp/"]),
        ("(see http://example.jp/wiki/A_(b))", ["http://example.jp/wiki/A_(b)"]),
        ("<https://example.jp/x> or mailto:sales@example.jp, please", ["https://example.jp/x", "mailto:sales@example.jp"]),
        ("https://example.jp https://example.jp", ["https://example.jp"]),
        ("javascript:alert(1) file:///etc/passwd ftp://example.jp data:text/html,x", []),
        ("http:// https:///x mailto:nobody mailto:@", []),
        ("HTTPS://EXAMPLE.JP/X", ["HTTPS://EXAMPLE.JP/X"]),
    ],
)
def test_an_address_is_found_without_the_sentence_around_it(text: str, found: list[str]) -> None:
    assert targets(text) == found


def test_they_are_numbered_in_their_order_over_all_texts() -> None:
    assert [(each.number, each.host) for each in links_in(["https://a.example", "x https://b.example/ https://a.example"])] == [
        (1, "a.example"),
        (2, "b.example"),
    ]


def test_what_steers_a_terminal_is_no_part_of_an_address() -> None:
    assert targets("https://example.jp/\x1b]0;x\x07a") == ["https://example.jp/]0;xa"]


def test_who_is_behind_a_name_that_only_looks_right_is_said(speak: Callable[[str], None]) -> None:
    speak("en")
    assert host_of("https://mybank.example@evil.example/login") == "evil.example"
    assert len(warnings_of(Link(1, "https://mybank.example@evil.example/login"))) == 1
    assert host_of("https://аpple.com/").startswith("xn--")
    assert warnings_of(Link(1, "https://аpple.com/")) == ("Its name has letters that may only look like others.",)
    assert len(warnings_of(Link(1, "http://192.0.2.1/"))) == 2
    assert warnings_of(Link(1, "https://example.jp/")) == warnings_of(Link(1, "mailto:a@example.jp")) == ()


def test_all_of_a_long_address_is_shown_with_where_it_leads() -> None:
    link = Link(3, "https://example.jp/" + "a" * 300)
    said = "".join(each.text for each in link_lines(link, 40))
    assert link.target in said
    assert all(each.columns <= 40 for each in link_lines(link, 40))


def test_a_mail_full_of_addresses_takes_no_time_and_no_room() -> None:
    assert len(links_in([f"https://example.jp/{number} " for number in range(2_000)])) == 500
