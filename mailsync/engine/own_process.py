"""The command line of a process of our own beside the one that a person began."""

import sys


def own_process(module: str, *arguments: str, nice: int = 0) -> list[str]:
    """What begins `main` of a module; `nice` is added to its niceness before it imports anything, which takes longer than a key may."""
    # What is imported stays: looking through it for garbage, again and again, is a fifth of such a start.
    begin = f"import gc, os; os.nice({nice}); gc.disable(); from {module} import main; gc.freeze(); gc.enable(); main()"
    # -P: a folder named like ours in the working directory must not be imported.
    return [sys.executable, "-P", "-c", begin, *arguments]
