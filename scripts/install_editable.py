"""Put this checkout into the environment that runs us: a path file, a distribution's metadata and the `mado` command.

What `pip install -e .` does, without a build backend: that one is no run-time requirement and stays out of the run-time lock.
"""

import sys
import sysconfig
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = """#!{python}
import sys
from {module} import {function}
sys.exit({function}())
"""


def main() -> None:
    """Write the path file, the metadata and the commands; running it again changes nothing."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    site = Path(sysconfig.get_path("purelib"))
    (site / "_madoguchi.pth").write_text(f"{ROOT}\n", "utf-8")
    info = site / f"{project['name']}-{project['version']}.dist-info"
    for old in site.glob(f"{project['name']}-*.dist-info"):
        if old != info:
            for file in old.iterdir():
                file.unlink()
            old.rmdir()
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n", "utf-8")
    (info / "INSTALLER").write_text("madoguchi\n", "utf-8")
    (info / "top_level.txt").write_text("mailsync\nstore\ntui\n", "utf-8")
    entries = "".join(f"{name} = {target}\n" for name, target in project["scripts"].items())
    (info / "entry_points.txt").write_text(f"[console_scripts]\n{entries}", "utf-8")
    records = [f"{info.name}/{name},,\n" for name in ("METADATA", "INSTALLER", "top_level.txt", "entry_points.txt", "RECORD")]
    (info / "RECORD").write_text("_madoguchi.pth,,\n" + "".join(records), "utf-8")
    for name, target in project["scripts"].items():
        module, function = target.split(":")
        command = Path(sysconfig.get_path("scripts")) / name
        command.write_text(SCRIPT.format(python=sys.executable, module=module, function=function), "utf-8")
        command.chmod(0o755)


if __name__ == "__main__":
    main()
