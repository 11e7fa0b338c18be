"""The program as an installed one runs: its bytecode lies on disk. A checkout may have none, or stale, and a machine may forbid to write any."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FORBIDS = "PYTHONDONTWRITEBYTECODE"


def compile_ours() -> None:
    """Bring the bytecode of our three packages up to date, as an installer does; without it every process that is measured compiles anew."""
    subprocess.run([sys.executable, "-m", "compileall", "-q", "mailsync", "store", "tui"], cwd=ROOT, check=True)


def as_installed(env: Mapping[str, str] | None = None) -> dict[str, str]:
    """An environment (default: this process's own) in which Python keeps bytecode."""
    return {key: value for key, value in (os.environ if env is None else env).items() if key != FORBIDS}
