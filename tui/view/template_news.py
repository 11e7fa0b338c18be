"""What is said of templates that have changed since one was told last."""

from collections.abc import Sequence

from store.domain.template import Template
from tui.view.gate import clean
from tui.words import _, ngettext


def template_words(changed: Sequence[Template]) -> str:
    """One sentence; the name where it is one, else how many; "" for none."""
    if not changed:
        return ""
    if len(changed) > 1:
        words = ngettext("{n} template has changed (mado template list).", "{n} templates have changed (mado template list).", len(changed))
        return words.format(n=len(changed))
    one = changed[0]
    if one.withdrawn:
        return _("The template {name} was withdrawn.").format(name=clean(one.name))
    if one.version == 1:
        return _("New template: {name}.").format(name=clean(one.name))
    return _("The template {name} has a new version ({version}).").format(name=clean(one.name), version=one.version)
