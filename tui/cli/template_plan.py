"""What an export or an import of template files comes to. What both sides have changed is a conflict, and never overwritten. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath

from store.domain.ids import TemplateKey
from store.domain.template import Template
from tui.cli.template_text import content_of, digest_of, path_of, render

INDEX = ".mado-templates"
"""Beside the files: which version of each was the newest at the server, and what it said, when they were last brought together."""

SAME, SAVE, WRITE, REMOVE, BEHIND, CONFLICT = "same", "saved", "written", "removed", "behind", "conflict"


@dataclass(frozen=True)
class Known:
    """A line of the index."""

    version: int
    digest: str
    path: PurePosixPath


@dataclass(frozen=True)
class Step:
    """What is done about one template. `now`: what the server has, `file`: what the file says; `path` where it is, or is to be."""

    done: str
    path: PurePosixPath
    now: Template | None
    file: Template | None
    gone: PurePosixPath | None = None
    """A file that is to go, because it is written elsewhere from now on."""


Files = Mapping[TemplateKey, tuple[PurePosixPath, Template]]
Index = Mapping[TemplateKey, Known]


def plan_import(files: Files, index: Index, server: Mapping[TemplateKey, Template], *, force: bool = False) -> tuple[Step, ...]:
    """One step for each file, in order of its path."""
    steps = []
    for key, (path, file) in sorted(files.items(), key=lambda one: str(one[1][0])):
        now, known = server.get(key), index.get(key)
        steps.append(Step(_for_import(now, file, known, force=force), path, now, file))
    return tuple(steps)


def _for_import(now: Template | None, file: Template, known: Known | None, *, force: bool) -> str:
    if now is not None and not now.withdrawn and content_of(now) == content_of(file):
        return SAME
    if now is None or force or (known is not None and known.version == now.version):
        return SAVE
    if known is not None and known.digest == digest_of(file):
        return BEHIND
    return CONFLICT


def plan_export(files: Files, index: Index, templates: Iterable[Template], *, force: bool = False) -> tuple[Step, ...]:
    """One step for each template in order of its key, and one for each file of ours whose template is no more."""
    living = {template.key: template for template in templates if not template.withdrawn}
    taken = {_folded(path) for key, (path, file) in files.items() if key not in living or content_of(living[key]) == content_of(file)}
    steps = []
    for key, now in sorted(living.items()):
        path, file = files.get(key, (None, None))
        if path is not None and file is not None and content_of(now) == content_of(file):
            steps.append(Step(SAME, path, now, file))
            continue
        edited = file is not None and (key not in index or index[key].digest != digest_of(file)) and not force
        if path is not None and edited:
            steps.append(Step(CONFLICT, path, now, file))
            continue
        to = path if path is not None and file is not None and path_of(file) == path_of(now) else _free(path_of(now), now, taken - {_folded(path)})
        taken.add(_folded(to))
        steps.append(Step(WRITE, to, now, file, path if path != to else None))
    ours = [(key, files[key]) for key in index if key in files and key not in living and index[key].digest == digest_of(files[key][1])]
    return (*steps, *(Step(REMOVE, path, None, file, path) for _, (path, file) in sorted(ours)))


def _free(path: PurePosixPath, template: Template, taken: set[str]) -> PurePosixPath:
    """Two names may be one on a system that does not tell `A` from `a`."""
    if _folded(path) not in taken:
        return path
    return path.with_name(f"{path.name.removesuffix('.txt')} ({sha256(template.key.encode()).hexdigest()[:8]}).txt")


def _folded(path: PurePosixPath | None) -> str:
    return str(path).casefold()


def texts(step: Step) -> tuple[str, str]:
    """What the server has and what the file says, both as a file."""
    return tuple("" if one is None else render(one, step.path) for one in (step.now, step.file))  # type: ignore[return-value]


def index_text(index: Index) -> str:
    """The index as it is written, in order of the paths."""
    lines = sorted(f"{known.path}\t{known.version}\t{known.digest}\t{key}" for key, known in index.items())
    return "# mado-templates\n" + "".join(f"{line}\n" for line in lines)


def read_index(text: str) -> dict[TemplateKey, Known]:
    """The same back; lines that cannot be read, after a merge perhaps, are as if they were not there: what they knew is asked about."""
    index: dict[TemplateKey, Known] = {}
    for line in text.splitlines():
        parts = line.split("\t")
        if len(parts) == 4 and parts[1].isascii() and parts[1].isdigit():
            index[TemplateKey(parts[3])] = Known(int(parts[1]), parts[2], PurePosixPath(parts[0]))
    return index
