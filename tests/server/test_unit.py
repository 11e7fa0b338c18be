"""The systemd unit of docs/ is one that systemd takes, and what it starts is a server that ends as it says."""

import configparser
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from server_process import new_folder

from tests.server.server_child import ROOT, Child

UNIT = ROOT / "docs/mado-server.service"
MADO = Path(sys.executable).parent / "mado"


def service() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(UNIT, "utf-8")
    return parser["Service"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not on this machine: the unit was not verified here")
def test_systemd_takes_the_unit_without_a_word(tmp_path: Path) -> None:
    # The program is where this tree has it; nothing else is changed.
    here = tmp_path / UNIT.name
    text = UNIT.read_text("utf-8")
    assert "/usr/local/bin/mado " in text
    here.write_text(text.replace("/usr/local/bin/mado ", f"{MADO} "), "utf-8")
    ran = subprocess.run(["systemd-analyze", "verify", "--man=no", str(here)], capture_output=True, text=True, timeout=60, check=False)
    about_it = [line for line in (ran.stdout + ran.stderr).splitlines() if UNIT.name in line or str(tmp_path) in line]
    assert about_it == []
    assert ran.returncode == 0, ran.stderr
    here.write_text(here.read_text("utf-8").replace("LockPersonality=yes", "LockPersonalty=yes"), "utf-8")
    wrong = subprocess.run(["systemd-analyze", "verify", "--man=no", str(here)], capture_output=True, text=True, timeout=60, check=False)
    assert "LockPersonalty" in wrong.stdout + wrong.stderr, "a verification that finds nothing wrong in anything is none"


def test_what_the_unit_starts_serves_and_ends_in_time_with_nothing_to_restart() -> None:
    said = service()
    home = new_folder("unit")
    program, *arguments = shlex.split(said["ExecStart"])
    assert program == "/usr/local/bin/mado"
    assert arguments == ["--home", "/srv/mado", "server", "run"]
    assert said["ReadWritePaths"] == "/srv/mado"
    child = Child(home)
    assert child.url
    second = Child(home)
    code, _words = second.ended()
    assert str(code) in said["RestartPreventExitStatus"].split()
    began = time.monotonic()
    child.process.send_signal(signal.Signals[said["KillSignal"]])
    assert child.process.wait(int(said["TimeoutStopSec"])) == 0
    assert time.monotonic() - began < int(said["TimeoutStopSec"])
    child._end()
