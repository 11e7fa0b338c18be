"""Replacing a small file whole: after a crash at any moment it is the old one or the new one, never a part."""

import os
import tempfile
from pathlib import Path


def replace_file(path: Path, content: bytes) -> None:
    """Write, flush to the disk, rename; readable by its owner only.

    Raises:
        OSError: The old file is untouched.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # A symlinked settings file stays a link: people keep them in version control.
    path = path.resolve()
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    unfinished = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    # The new name itself must reach the disk, or a power cut brings the old file back after we said it was stored.
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
