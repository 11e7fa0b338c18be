"""Which version of its templates a reply may be sent with."""

from collections.abc import Iterable, Mapping

from store.domain.refusals import Malformed, TemplateOutdated, TemplateWithdrawn
from store.domain.template import Template, TemplateRef


def stopped_by_template(used: Iterable[TemplateRef], templates: Mapping[str, Template]) -> TemplateWithdrawn | TemplateOutdated | Malformed | None:
    """A reply is sent with the newest version of its templates, and with none that is withdrawn."""
    for one in used:
        newest = templates.get(one.key)
        if newest is None:
            return Malformed(f"there is no template `{one.key}`")
        if newest.withdrawn:
            return TemplateWithdrawn(newest.key, newest.name)
        if newest.version != one.version:
            return TemplateOutdated(newest.key, newest.name, one.version, newest.version)
    return None
