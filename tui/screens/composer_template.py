"""A template put into the text, picked with a preview merged for this customer."""

from store.domain.template import Template
from tui.screens.asking import answer_of
from tui.screens.composer_port import Writer
from tui.screens.picker import Picker, Picking
from tui.view.choosing import Choice
from tui.view.spans import Line
from tui.words import _


async def insert_template(writer: Writer) -> None:
    """Pick one; it comes above the text."""
    composing = writer.composing
    templates: dict[str, Template] = {template.key: template for template in composing.templates()}
    if not templates:
        writer.say(_("The team has no templates yet: mado template import."))
        return
    fields = composing.merge_fields()

    def preview(choice: Choice, width: int) -> tuple[Line, ...]:
        return writer.sending.template_preview(templates[choice.key], fields, width)

    choices = tuple(Choice(template.key, template.name, template.key) for template in templates.values())
    picked = await answer_of(writer.screen, Picker(Picking(_("Template"), choices, preview=preview)))
    if picked is not None and not composing.read_only:
        unresolved = composing.insert_template(templates[picked])
        if unresolved:
            writer.say(_("Still to be filled in: {names}").format(names=", ".join(unresolved)), "alarm")
