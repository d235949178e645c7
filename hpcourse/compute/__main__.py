"""Measure what small networks cost here, from the command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from hpcourse.compute.devices import measure


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the measurement from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m hpcourse.compute", description="Measure what small networks cost here."
    )
    parser.add_argument("--save", type=_path, metavar="FILE", help="write the record as JSON")
    parser.add_argument("--name", help="what to call the device")
    parser.add_argument(
        "--members", type=int, nargs="+", default=[1, 4, 16, 64, 256, 1024], metavar="K"
    )
    parser.add_argument("--images", type=int, default=5120, metavar="N", help="in an epoch")
    chosen = parser.parse_args(arguments)
    if chosen.save and not chosen.save.parent.is_dir():
        parser.error(f"--save: there is no folder {chosen.save.parent}")
    try:
        record = measure(
            chosen.members,
            n_images=chosen.images,
            name=chosen.name,
            progress=lambda line: print(line, file=sys.stderr),
        )
    except ValueError as error:
        parser.error(str(error))
    print(record)
    if chosen.save:
        record.save(chosen.save)
        print(f"\nSaved as {chosen.save}")
    return 0


def _path(text: str) -> Path:
    """Return a path that stays the same wherever the working directory goes."""
    return Path(text).absolute()


if __name__ == "__main__":
    sys.exit(main())
