"""Passwords, codes, waiting times and roles: the rules alone."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from store.domain.guessing import (
    FREE_AT_ACCOUNT,
    FREE_AT_PAIR,
    HALVED_EVERY,
    LONGEST_WAIT,
    failures_left,
    limits_of_login,
    limits_of_place,
    place_key,
    wait_until,
)
from store.domain.ids import InboxKey, MemberKey
from store.domain.password_rules import bad_password, prepared
from store.domain.people import InboxRole, Member, Role, acting_in, is_here, misfit, role_in, stands_over
from store.domain.totp import app_uri, code_of, is_totp, matching_step, recovery_code, step_at

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SUPPORT, SALES = InboxKey("support"), InboxKey("sales")
NAMES = ("sato", "Sato Hanako", "support@example.jp", "madoguchi")


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "123456789",
        "1234567890",
        "password1234",
        "P@ssw0rd2026!",
        "Ｐａｓｓｗｏｒｄ１２３",
        "qwertyuiop",
        "qwertyuiopasdf",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "Sato-Hanako",
        "hanako2026",
        "support@example.jp",
        "madoguchi-1",
        "パスワード2026!!",
        "letmein!!!!",
        "tab\there and there",
        "x" * 1025,
    ],
)
def test_a_password_that_is_tried_first_is_refused_and_never_repeated(password: str) -> None:
    said = bad_password(password, NAMES)
    assert said is not None
    assert password not in said


@pytest.mark.parametrize(
    "password", ["correct horse", "four words make one", "まどぐちで待つ人々へ", "zX9!kq2#Lm", "hanako likes long walks", "monitor lizard 1987"]
)
def test_a_good_password_is_taken(password: str) -> None:
    assert bad_password(password, (*NAMES, "ito")) is None


def test_a_password_is_the_same_on_every_keyboard() -> None:
    assert prepared("cafe\u0301\u3000au lait") == prepared("caf\u00e9 au lait")


# RFC 6238, appendix B: SHA-1, eight digits.
VECTORS = {59: "94287082", 1111111109: "07081804", 1111111111: "14050471", 1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130"}
SECRET = b"12345678901234567890"


@pytest.mark.parametrize(("second", "code"), VECTORS.items())
def test_codes_are_those_of_the_rfc(second: int, code: str) -> None:
    assert code_of(SECRET, second // 30, digits=8) == code


def test_a_phone_may_be_half_a_minute_off_and_a_code_works_once() -> None:
    here = step_at(NOW)
    for step in (here - 1, here, here + 1):
        assert matching_step(SECRET, code_of(SECRET, step), NOW, last_step=0) == step
    assert matching_step(SECRET, code_of(SECRET, here - 2), NOW, last_step=0) is None
    assert matching_step(SECRET, code_of(SECRET, here + 2), NOW, last_step=0) is None
    assert matching_step(SECRET, code_of(SECRET, here), NOW, last_step=here) is None
    assert matching_step(SECRET, code_of(SECRET, here - 1), NOW, last_step=here) is None
    spaced = f"{code_of(SECRET, here)[:3]} {code_of(SECRET, here)[3:]}"
    assert matching_step(SECRET, spaced, NOW, last_step=0) == here
    for nonsense in ("", "12345", "1234567", "ünïcödé", "x" * 100_000):
        assert matching_step(SECRET, nonsense, NOW, last_step=0) is None


def test_what_an_app_reads_names_member_and_house() -> None:
    uri = app_uri(SECRET, "sato", "madoguchi")
    assert uri.startswith("otpauth://totp/madoguchi:sato?secret=" + base64.b32encode(SECRET).decode().rstrip("="))
    assert not is_totp(recovery_code(b"0123456789"))
    assert len(recovery_code(b"0123456789")) == 19


def test_waiting_doubles_and_ends_and_is_forgotten() -> None:
    waits = [(wait_until(failures, NOW, FREE_AT_PAIR) - NOW).total_seconds() for failures in range(4, 18)]
    assert waits == [0, *(min(900, 2**n) for n in range(13))]
    assert wait_until(10_000, NOW, FREE_AT_PAIR) - NOW == LONGEST_WAIT
    assert failures_left(16, NOW, NOW + HALVED_EVERY) == 8
    assert failures_left(16, NOW, NOW + 10 * HALVED_EVERY) == 0
    assert failures_left(16, NOW, NOW - timedelta(days=1)) == 16


def test_a_known_device_waits_for_nobody_elses_guesses() -> None:
    key = MemberKey("sato")
    stranger = {limit.name for limit in limits_of_login(key, "192.0.2.7", device=None, known_place=False)}
    known = {limit.name for limit in limits_of_login(key, "198.51.100.1", device="abc", known_place=False)}
    assert not stranger & known
    office = {limit.name for limit in limits_of_login(key, "198.51.100.1", device=None, known_place=True)}
    assert not stranger & office
    assert f"account:{key}" in stranger
    assert (
        next(limit.free for limit in limits_of_login(key, "192.0.2.7", device=None, known_place=False) if "account" in limit.name) == FREE_AT_ACCOUNT
    )


def test_neighbours_in_one_ipv6_network_are_one_place() -> None:
    one, other = limits_of_place("2001:db8:1:2::5"), limits_of_place("2001:db8:1:2:ffff::9")
    assert one == other
    assert place_key("2001:db8:1:2::5") == place_key("2001:db8:1:2:ffff::9") != place_key("192.0.2.1")
    assert limits_of_place("2001:db8:1:3::5")[1] == one[1]
    assert limits_of_place("2001:db8:1:3::5")[0] != one[0]


def test_a_role_in_one_inbox_is_the_one_that_counts_there() -> None:
    member = Member(MemberKey("sato"), "Sato", Role.AGENT, (SUPPORT, SALES), roles=(InboxRole(SALES, Role.GUEST),))
    assert (role_in(member, SUPPORT), role_in(member, SALES), role_in(member, None)) == (Role.AGENT, Role.GUEST, Role.AGENT)
    assert acting_in(member, SALES, NOW).role is Role.GUEST
    assert acting_in(member, SUPPORT, NOW) is member


def test_an_end_date_ends_at_its_moment() -> None:
    guest = Member(MemberKey("g"), "G", Role.GUEST, ends_at=NOW)
    assert is_here(guest, NOW - timedelta(microseconds=1))
    assert not is_here(guest, NOW)
    assert not acting_in(guest, None, NOW).active


@pytest.mark.parametrize(
    "member",
    [
        Member(MemberKey("a"), "A", Role.ADMIN, (SUPPORT,)),
        Member(MemberKey("a"), "A", Role.ADMIN, ends_at=NOW),
        Member(MemberKey("a"), "A", Role.AGENT, roles=(InboxRole(SUPPORT, Role.ADMIN),)),
        Member(MemberKey("a"), "A", Role.AGENT, (SUPPORT,), roles=(InboxRole(SALES, Role.GUEST),)),
        Member(MemberKey("a"), "A", Role.AGENT, roles=(InboxRole(SALES, Role.GUEST), InboxRole(SALES, Role.LEADER))),
    ],
)
def test_nobody_is_given_a_part_of_an_admins_power_or_a_contradiction(member: Member) -> None:
    assert misfit(member) is not None


def test_nobody_ends_the_session_of_somebody_above_or_beside_their_part() -> None:
    def who(role: Role, *inboxes: InboxKey) -> Member:
        return Member(MemberKey(role), role, role, inboxes)

    for role in Role:
        assert stands_over(who(Role.ADMIN), who(role))
        assert stands_over(who(Role.LEADER), who(role)) is (role is not Role.ADMIN)
        assert not any(stands_over(who(low), who(role)) for low in (Role.AGENT, Role.CHECKED, Role.GUEST))
    assert stands_over(who(Role.LEADER, SALES), who(Role.AGENT, SALES))
    assert not stands_over(who(Role.LEADER, SALES), who(Role.AGENT, SALES, SUPPORT))
    assert not stands_over(who(Role.LEADER, SALES), who(Role.AGENT))
