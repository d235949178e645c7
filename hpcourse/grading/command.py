"""The program ``hpcourse-grade``: mark from the command line."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from hpcourse.grading import feedback, marking, release
from hpcourse.grading.confine import hide_command, hide_memory
from hpcourse.grading.exercise import load, names
from hpcourse.grading.grade_all import mark_all
from hpcourse.grading.sandbox import PROTECTIONS, best_protection
from hpcourse.grading.worksheet import fill


def main(arguments: Sequence[str] | None = None) -> int:
    """Mark from the command line."""
    parser = argparse.ArgumentParser(
        prog="hpcourse-grade", description="Mark problem sets of the course."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    one = commands.add_parser("grade", help="mark one notebook")
    one.add_argument("name", metavar="NAME", help=f"one of {', '.join(names())}")
    one.add_argument("notebook", type=Path)
    one.add_argument("--json", type=Path, metavar="FILE", help="write the marks as JSON")
    several = commands.add_parser(
        "grade-all", help="mark all notebooks below a folder; started again, it goes on"
    )
    several.add_argument("name", metavar="NAME", help=f"one of {', '.join(names())}")
    several.add_argument("folder", type=Path)
    several.add_argument("--csv", type=Path, metavar="FILE", required=True, help="table of marks")
    several.add_argument("--jobs", type=int, metavar="N", help="at once (default: one a core)")
    for command in (one, several):
        command.add_argument("--salt", default="", help="changes the inputs that are drawn")
        command.add_argument(
            "--protection", choices=PROTECTIONS, help="default: the best that this machine has"
        )
    into = commands.add_parser("fill", help="put marks into the table of Moodle or Canvas")
    into.add_argument("csv", type=Path, metavar="MARKS", help="table of marks from grade-all")
    into.add_argument("worksheet", type=Path, help="the platform's table, as downloaded")
    into.add_argument("--column", metavar="NAME", help="Canvas: how the assignment's begins")
    into.add_argument("--to", type=Path, metavar="FILE", required=True, help="the filled table")
    make = commands.add_parser("build", help="make the learners' notebooks from the sources")
    make.add_argument("--check", action="store_true", help="write nothing, say what is outdated")
    chosen = parser.parse_args(arguments)
    try:
        run = {"grade": _grade, "grade-all": _grade_all, "fill": _fill, "build": _build}
        return run[chosen.command](chosen)
    except (ValueError, RuntimeError, OSError) as error:
        print(f"{parser.prog} {chosen.command}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped. What was marked is kept; the same command goes on.", file=sys.stderr)
        return 130


def _protection(chosen):
    """Return the protection to mark with; root, who may do anything, has to choose a weak one."""
    found = best_protection(chosen.protection)
    root = getattr(os, "geteuid", lambda: 1)() == 0
    if chosen.protection is None and root and found != "bubblewrap":
        raise RuntimeError(
            "root marks with bubblewrap, which does not work here: install it, mark as an ordinary "
            f"user, or say --protection {found} to mark nevertheless"
        )
    return found


def _grade(chosen):
    if chosen.json and not chosen.json.absolute().parent.is_dir():
        raise ValueError(f"--json: there is no folder {chosen.json.parent}")
    exercise = load(chosen.name)
    marks = marking.mark(
        exercise, chosen.notebook, protection=_protection(chosen), salt=chosen.salt
    )
    if chosen.json:
        content = marks.to_json().encode("utf-8", "backslashreplace")
        chosen.json.write_bytes(content + b"\n")
    print(feedback.text(exercise, marks.parts))
    for note in marks.notes:
        print(note)
    print(f"{marks.points} of {marks.max_points} points ({marks.protection})")
    return 0


def _grade_all(chosen):
    rows = mark_all(
        load(chosen.name),
        chosen.folder,
        chosen.csv,
        protection=_protection(chosen),
        salt=chosen.salt,
        jobs=chosen.jobs,
    )
    failed = [row for row in rows if row["error"]]
    for row in failed:
        print(f"{row['submission']}: {row['error']}", file=sys.stderr)
    kinds = ", ".join(sorted({row["protection"] for row in rows if row["protection"]}))
    print(f"{len(rows) - len(failed)} marked, {len(failed)} not markable: {chosen.csv} ({kinds})")
    return 0


def _fill(chosen):
    table, said = fill(chosen.csv, chosen.worksheet, chosen.column)
    chosen.to.write_text(table, encoding="utf-8", newline="")
    for sentence in said:
        print(sentence, file=sys.stderr)
    return 0


def _build(chosen):
    changed = release.build_all(check=chosen.check)
    for name in changed:
        print(f"{name}: {'outdated' if chosen.check else 'written'}")
    return int(chosen.check and bool(changed))


def script() -> None:
    """Run as a program of its own, whose memory and command line are nobody's business."""
    arguments = sys.argv[1:]
    hide_memory()
    hide_command()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(main(arguments))
