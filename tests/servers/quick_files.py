"""Where the suite keeps its files: in memory where there is enough of it. Its kills end processes and never the machine, so no test needs a disk.

What a program wrote outlives its SIGKILL in the kernel's cache, on a disk and in memory alike; an fsync of a disk is 3 ms that show nothing more.
"""

import os
import shutil
import tempfile
from pathlib import Path

from server_process import new_folder

MEMORY = Path("/dev/shm")
LEAST_FREE_BYTES = 4 << 30
"""A container's own 64 MB would be full in a minute."""


def use_memory() -> None:
    """For this process and those it starts; a TMPDIR that somebody has chosen stays."""
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return
    # Tests write programs and start them.
    if os.statvfs(MEMORY).f_flag & os.ST_NOEXEC or shutil.disk_usage(MEMORY).free < LEAST_FREE_BYTES:
        return
    os.environ["TMPDIR"] = str(MEMORY)
    tempfile.tempdir = None


def compile_once() -> None:
    """Where Python was told to write no bytecode every `mado` would compile all anew, 0.1 to 0.4 s each: it goes into a folder of the run."""
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        os.environ.setdefault("PYTHONPYCACHEPREFIX", str(new_folder("pyc")))
