"""Why a conversation is where it is, looks as it does, and is whose it is."""

import re
from datetime import timedelta

import msgspec

from store.domain.conversation import Conversation
from store.domain.events import LeaseTaken, OwnerChanged, Recorded, StatusChanged
from store.domain.facts import Follower
from store.domain.ids import Revision, Seq
from store.domain.lease import Lease, Token
from store.domain.people import SERVER
from store.domain.query import parse_query
from store.domain.status import DONE, HOLD, IN_PROGRESS, NEW, Category, Urgency
from tests.tui.home_builder import NOON, SATO, TANAKA, HomeBuilder
from tests.tui.test_rows import ROW
from tui.explained import place_of
from tui.view.explaining import explained
from tui.view.keys.keymap import DEFAULT
from tui.view.known import Known, Part, Place

HOUR = timedelta(hours=1)
NAMES = {SATO: "佐藤", TANAKA: "Tanaka"}
TRAY = Place("Work tray", (Part("is:tray", holds=True),), 0)


def known(place: Place | None = TRAY, *events: tuple[str, object], state: Conversation | None = None, **row: object) -> Known:
    timeline = [Recorded(Seq(n), NOON - HOUR, by, ROW.id, event) for n, (by, event) in enumerate(events, 1)]
    return Known(msgspec.structs.replace(ROW, **row), state or Conversation(ROW.id), timeline, (), place, SATO, NAMES, NOON, DEFAULT.shown)


def answer(topic: str, of: Known) -> str:
    return "\n".join(sentence for each in explained(of) if each.topic == topic for sentence in each.sentences)


def test_it_says_which_parts_of_the_view_are_true_of_it_and_what_makes_them_so() -> None:
    said = answer("here", known(Place("Mine", (Part("is:mine", holds=True), Part("tag:vip", holds=False)), None), owner=SATO, status=IN_PROGRESS))
    assert "not in “Mine” (any more)" in said
    assert "+ is:mine  (its owner is 佐藤, and its status is In progress)" in said
    assert "- tag:vip" in said


def test_it_says_how_many_stand_above_it_and_what_the_order_is() -> None:
    assert "at the top: the newest mail comes first" in answer("here", known())
    assert "3 stand above it" in answer("here", known(Place("Work tray", (Part("is:tray", holds=True),), 3)))


def test_it_says_why_it_is_red() -> None:
    said = answer("looks", known(urgency=Urgency.URGENT, waiting_since=NOON - 5 * HOUR))
    assert "status is New (`N`).\nNew and nobody's: that is the loudest colour." in said
    assert "! urgent" in said
    assert "(5h), for the first mail that nobody has answered: step 3 of 5, near (`-`)" in said
    assert "The next step begins" in said
    assert "Nobody waits for an answer" in answer("looks", known())


def test_it_says_the_sum_behind_a_due_time_until_it_is_done() -> None:
    late = known(due_at=NOON - 2 * HOUR)
    assert "2h ago: step 5 of 5, late (`#`)" in answer("looks", late)
    assert "due" not in answer("looks", known(due_at=NOON - 2 * HOUR, status=DONE, category=Category.DONE))


def test_it_says_whose_it_is_since_when_and_by_whose_hand() -> None:
    said = answer("owner", known(TRAY, (TANAKA, OwnerChanged(None, SATO, by_hand=True, instead_of=TANAKA)), owner=SATO))
    assert re.search(r"Its owner is 佐藤, since .*\d\d:\d\d, by Tanaka\.", said)
    assert "meant for Tanaka, who is away" in said
    assert "nobody's, and was since it began" in answer("owner", known())
    followed = Conversation(ROW.id, followers=(Follower(SATO, TANAKA),))
    assert "佐藤 follows it, by the word of Tanaka." in answer("owner", known(state=followed))


def test_it_says_who_has_the_right_to_reply_and_from_whom_it_was_taken() -> None:
    token = Token(1, 2)
    state = Conversation(ROW.id, lease=Lease(TANAKA, token, NOON - HOUR, Revision(1), "t"), asked_by=SATO)
    taken = LeaseTaken(TANAKA, token, Revision(1), "t", broken_from=SATO, reason="急ぎ")
    said = answer("writing", known(TRAY, (TANAKA, taken), state=state, present=(TANAKA, SATO)))
    assert "Tanaka has the right to reply since" in said
    assert "taken over from 佐藤: 急ぎ" in said
    assert "佐藤 would like to write here." in said
    assert "Looking at it: 佐藤." in said


def test_it_says_until_when_it_is_on_hold_and_who_is_told() -> None:
    held = known(state=Conversation(ROW.id, held_by=TANAKA), status=HOLD, category=Category.WAITING, wake_at=NOON + HOUR)
    assert "Tanaka is told then." in answer("waits", held)


def test_a_status_that_came_by_itself_names_the_rule() -> None:
    said = answer("looks", known(TRAY, (SERVER, StatusChanged(DONE, NEW, reason="customer_wrote"))))
    assert "by the server (the customer wrote)" in said


def test_nothing_a_customer_wrote_steers_the_page() -> None:
    evil = known(Place("x\x1b[2J", (Part("tag:\x1b]0;x\x07", holds=True),), 0), tags=("\x1b[31m",), subject="\x1b[2J")
    assert "\x1b" not in "".join(sentence for each in explained(evil) for sentence in (each.question, *each.sentences))


def test_the_parts_of_a_query_are_asked_of_the_store_one_by_one(tmp_path) -> None:
    builder = HomeBuilder(tmp_path / "home")
    row = builder.store.row(builder.mail("納期"))
    assert row is not None
    place = place_of(builder.store, row.id, parse_query("is:tray owner:none subject:納期 -has:comment tag:vip"), "x")
    assert [(part.text, part.holds) for part in place.parts] == [
        ("is:tray", True), ("owner:none", True), ("subject:納期", True), ("-has:comment", True), ("tag:vip", False),
    ]  # fmt: skip
    assert place.above is None
    assert place_of(builder.store, row.id, parse_query(""), "All").above == 0
    builder.store.close()
