"""Which templates have changed since this home's person was told of it last; told once, in whichever terminal looks first."""

import msgspec

from store.domain.ids import ConversationId
from store.domain.template import Template
from store.local.files import Files
from store.local.people import load_templates
from store.sqlite.connection import Connection

_TOLD = "templates_told"
_versions = msgspec.json.Decoder(dict[str, int]).decode


class TemplateNews:
    """What was told last is kept where the drafts are: it outlives the cache."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._may_have_changed = True
        files.changes.subscribe(self._heard)

    def _heard(self, ids: frozenset[ConversationId]) -> None:
        # Nothing named: members, templates, what the team agreed on.
        self._may_have_changed = self._may_have_changed or not ids

    def take(self) -> tuple[Template, ...]:
        """Templates with a version nobody was told of here, withdrawn ones too; nothing the first time, when all of them are new."""
        if not self._may_have_changed:
            return ()
        self._may_have_changed = False
        templates = [one for one in self._files.read(load_templates) if one.name]
        now = {str(one.key): one.version for one in templates}

        def work(connection: Connection) -> dict[str, int] | None:
            said: str | None = connection.value("SELECT value FROM fact WHERE key = ?", (_TOLD,))
            before = _versions(said) if said is not None else None
            if before != now and (before is not None or now):
                connection.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (_TOLD, msgspec.json.encode(now).decode()))
            return before

        before = self._files.keep(work)
        return () if before is None else tuple(one for one in templates if one.version > before.get(str(one.key), 0))
