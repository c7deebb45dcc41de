"""What all checks have in common: they collect what is wrong, and tell all of it."""

import sys

_wrong = []


def wrong(where, what):
    """Something is not as it should be."""
    _wrong.append(f"{where}: {what}")


def finish():
    """Tells what was found, and ends accordingly."""
    for line in _wrong:
        print(line)
    sys.exit(1 if _wrong else 0)
