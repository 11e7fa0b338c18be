"""The list of what the send check found: from each line to its place in the text, the reason and the remedy below it."""

from collections.abc import Sequence

from textual.screen import Screen
from textual.widgets import Input, TextArea

from store.domain.finding import Finding, has_errors
from tui.screens.asking import answer_of
from tui.screens.picker import Picker, Picking
from tui.view.choosing import Choice
from tui.view.editing import addresses_in
from tui.view.findings import explanation, finding_words, place_words, severity_words
from tui.view.spans import Line, line
from tui.view.wrapping import wrap
from tui.words import _

SEND = "send"
BACK = "back"


async def shown(screen: "Screen[object]", findings: Sequence[Finding], *, sending: bool) -> Finding | str | None:
    """Show them: the one to jump to, `SEND` (only where nothing stops it), or back."""
    found = {str(number): finding for number, finding in enumerate(findings)}
    may_send = sending and not has_errors(findings)
    ways = [Choice(SEND, _("send it all the same"), letter="s")] if may_send else []
    choices = (*(_choice(key, finding) for key, finding in found.items()), *ways, Choice(BACK, _("back to the text"), letter="b"))

    def preview(choice: Choice, width: int) -> tuple[Line, ...]:
        return _explained(found[choice.key], width) if choice.key in found else ()

    title = _("Before it goes out") if sending else _("The check")
    picked = await answer_of(screen, Picker(Picking(title, choices, by_letter=True, preview=preview)))
    return found.get(picked, picked) if picked is not None else None


def _choice(key: str, finding: Finding) -> Choice:
    return Choice(key, f"{severity_words(finding.severity)} {place_words(finding)}  {finding_words(finding)}")


def _explained(finding: Finding, width: int) -> tuple[Line, ...]:
    """The whole sentence, which the list may cut, why it matters and what to do."""
    reason, remedy = explanation(finding.code)
    said = (*wrap(finding_words(finding), width), *wrap(reason, width))
    return (*(line(piece) for piece in said), *(line(piece, "notice") for piece in wrap(remedy, width, first="→ ", rest="  ")))


def jump_to(screen: "Screen[object]", finding: Finding) -> None:
    """The cursor to the place; a field that is not on this screen leaves it where it was."""
    if finding.where in {"body", "attachments"}:
        body = screen.query_one("#body", TextArea)
        body.focus()
        if finding.where == "body":
            body.move_cursor((finding.line - 1, finding.column - 1), center=True)
        return
    for field in screen.query(f"#field-{finding.where}").results(Input):
        field.focus()
        before = addresses_in(field.value)[: finding.line - 1] if finding.where != "subject" else ()
        field.cursor_position = field.value.find(addresses_in(field.value)[len(before)]) if before else finding.column - 1
