"""No single key destroys anything: it is taken back, or it asks."""

from store.domain.compensating import INVERSES
from tui.view.commands.command import WORK, Place
from tui.view.commands.every import BY_NAME, COMMANDS
from tui.view.commands.harm import ASKS, BROUGHT_BACK, HARMLESS, UNDOABLE

TYPED_ONLY = {"sent", "send-at"}
"""They have no key: what they need is typed behind their names."""


def test_whatever_changes_something_is_taken_back_or_asks() -> None:
    changing = {each.name for each in COMMANDS if each.right == WORK or "server" in each.needs}
    unknown = changing - set(UNDOABLE) - ASKS - BROUGHT_BACK - HARMLESS
    assert not unknown, f"say in tui/view/commands/harm.py what stands between one key and a regret: {sorted(unknown)}"


def test_no_command_is_in_two_of_the_tables() -> None:
    tables = (frozenset(UNDOABLE), ASKS, BROUGHT_BACK, HARMLESS)
    assert sum(map(len, tables)) == len(frozenset().union(*tables))
    assert frozenset().union(*tables) <= set(BY_NAME)


def test_what_is_said_to_be_taken_back_has_an_inverse() -> None:
    assert {event for events in UNDOABLE.values() for event in events} <= set(INVERSES)


def test_what_asks_puts_a_question_on_the_screen() -> None:
    assert {command.name for command in COMMANDS if command.asks} | TYPED_ONLY >= ASKS
    assert not any(BY_NAME[name].keys for name in TYPED_ONLY)


def test_a_mail_in_work_goes_nowhere_by_one_key_that_u_does_not_answer() -> None:
    assert all(BY_NAME[name].places == {Place.COMPOSER} for name in BROUGHT_BACK)
