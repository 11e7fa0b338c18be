"""A process that changes hand-kept data until somebody kills it: `python keeping_process.py HOME NAME`."""

import itertools
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from store.settings.kept import Kept


def main(home: Path, name: str) -> None:
    kept = Kept(home)
    for number in itertools.count(1):
        kept.set_signature(name, f"{name} {number} " + "署名" * 500)
        print(number, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
