"""Mail to many: the trial of 10,000 rows as the command an agent types, handing them in, and the results back in the table; part of `bench-out`."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.report import Report
from bench.spent import spend
from store.domain.ids import Seq, TemplateKey
from store.domain.template import Template
from store.local.store import LocalStore

ROWS, BAD_EVERY = 10_000, 97
SETTINGS = """
[[inbox]]
key = "support"
address = "support@example.jp"
name = "サポート窓口"
  [inbox.imap]
  host = "127.0.0.1"
  port = 1
  tls = "none"
  user = "support"
  password_command = "echo none"
"""
BODY = "いつもお世話になっております。冬のご案内をお送りいたします。どうぞご利用ください。\n" * 20
TEMPLATE = Template(
    TemplateKey("news/winter"),
    "冬のご案内",
    "{{会社}} {{部署|}}\n{{customer|お客様}} 様\n\n" + BODY + "\nクーポン: {{クーポン}}\n配信停止: {{配信停止}}\n",
    subject="冬のご案内（{{customer|お客様}} 様）",
)


def make_home(folder: Path) -> Path:
    """A home with one inbox and the template."""
    home = folder / "home"
    home.mkdir()
    (home / "settings.toml").write_text(SETTINGS)
    store = LocalStore.open(home)
    store.end_snapshot(Seq(0), (), (TEMPLATE,))
    store.close()
    return home


def make_table(folder: Path) -> tuple[Path, int]:
    """10,000 rows in Shift_JIS, one in 97 without a usable address; returns how many are good."""
    good = 0
    lines = ["氏名,会社,部署,メール,クーポン"]
    for n in range(ROWS):
        bad = n % BAD_EVERY == 0
        good += not bad
        lines.append(f"山田 太郎{n},株式会社 例{n},営業部,{'アドレスなし' if bad else f'taro{n}@example.jp'},C-{n:05d}")
    path = folder / "winter.csv"
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode("cp932"))
    return path, good


def main() -> int:
    """The table as it goes, the JSON lines at the end."""
    report = Report("out")
    folder = Path(tempfile.mkdtemp(prefix="mado-bench-"))
    os.environ |= {"MADO_LANG": "en", "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    try:
        home = make_home(folder)
        table, good = make_table(folder)
        mado = [sys.executable, "-m", "tui.entry", "--home", str(home)]
        # The home's own server is up, as it is while an agent works.
        told = [json.loads(line) for line in _ran([*mado, "mailing", "check", str(table), "--template", TEMPLATE.key, "--json"])]
        report.add("bulk_rows_lost_to_other_rows", good - told[-1]["sendable"], "rows", 0)
        trial = spend([*mado, "mailing", "check", str(table), "--template", TEMPLATE.key], codes=(1,))
        report.add("bulk_dry_run_10000_wall", trial.wall, "s", 10)
        report.add("bulk_dry_run_10000_rss", trial.rss_mb, "MB")
        before = time.perf_counter()
        _ran([*mado, "mailing", "start", str(table), "--template", TEMPLATE.key, "--yes", "--no-begin", "--json"])
        report.add("bulk_trial_and_hand_in_10000_wall", time.perf_counter() - before, "s")
        before = time.perf_counter()
        _ran([*mado, "mailing", "results", str(table), "--json"])
        report.add("bulk_results_10000_wall", time.perf_counter() - before, "s")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report.print_json()
    return 0


def _ran(command: list[str]) -> list[str]:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr[-500:])
    return [line for line in done.stdout.splitlines() if line.startswith("{")]


if __name__ == "__main__":
    sys.exit(main())
