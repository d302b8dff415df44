"""`python -m microcities.locale compile | collect | check`."""

import sys

from microcities.locale.catalogue import catalogue_paths, collect, compile_all, faults


def main(verb: str) -> int:
    """Run one verb; 1 when `check` finds something."""
    if verb == "compile":
        compile_all()
        return 0
    if verb == "collect":
        for path in catalogue_paths():
            added, removed = collect(path)
            print(f"{path.parent.parent.name}: {added} new, {removed} gone")
        return 0
    found = [words for path in catalogue_paths() for words in faults(path)]
    print("\n".join(found) or "All strings are translated.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
