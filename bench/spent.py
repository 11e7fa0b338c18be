"""What a command cost: wall, CPU of its whole tree, and the most memory the tree held at once."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.installed import as_installed

LOOK_SECONDS = 0.05


@dataclass(frozen=True)
class Spent:
    """Seconds and megabytes."""

    wall: float
    cpu: float
    rss_mb: float

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(self.wall + other.wall, self.cpu + other.cpu, max(self.rss_mb, other.rss_mb))


def spend(command: Sequence[str], env: Mapping[str, str] | None = None, *, codes: Sequence[int] = (0,)) -> Spent:
    """Run a command to its end; raises RuntimeError with its last words when it ends with another code."""
    began = time.perf_counter()
    process = subprocess.Popen(list(command), env=as_installed(env), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    most = 0.0
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            break
        most = max(most, tree_rss_mb(process.pid))
        time.sleep(LOOK_SECONDS)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    said = process.stderr.read() if process.stderr else b""
    if process.stderr:
        process.stderr.close()
    if process.returncode not in codes:
        raise RuntimeError(f"{command} ended with {process.returncode}: {said.decode(errors='replace')[-600:]}")
    return Spent(wall, usage.ru_utime + usage.ru_stime, max(most, usage.ru_maxrss / 1024))


def tree_rss_mb(pid: int) -> float:
    """The resident memory of a process and all below it, now."""
    total, waiting = 0.0, [pid]
    while waiting:
        one = waiting.pop()
        try:
            lines = Path(f"/proc/{one}/status").read_text("ascii").splitlines()
            total += next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)
            for task in Path(f"/proc/{one}/task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text("ascii").split()]
        except (OSError, ValueError):
            continue
    return total


def disk_mb(folder: Path) -> float:
    """What the files of a folder take, in whole blocks."""
    return sum(path.lstat().st_blocks * 512 for path in folder.rglob("*") if not path.is_symlink()) / 1e6
