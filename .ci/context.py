"""Drops from a NUL-separated list of paths what a .dockerignore names and what is not there.

Knows what ours uses: names from the root, and `**/` before a pattern.
"""

import fnmatch
import os
import sys


def ignored(path: str, patterns: list[str]) -> bool:
    parts = path.split("/")
    for pattern in patterns:
        if pattern.startswith("**/"):
            if any(fnmatch.fnmatchcase(part, pattern[3:]) for part in parts):
                return True
        elif fnmatch.fnmatchcase(parts[0], pattern):
            return True
    return False


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        lines = (line.strip() for line in file)
        patterns = [line for line in lines if line and not line.startswith("#")]
    unknown = [pattern for pattern in patterns if "/" in pattern.removeprefix("**/") or pattern.startswith("!")]
    if unknown:
        sys.exit(f"context.py does not know patterns such as {unknown}")
    paths = sys.stdin.read().split("\0")
    sys.stdout.write("\0".join(path for path in paths if os.path.lexists(path) and not ignored(path, patterns)))


if __name__ == "__main__":
    main()
