"""Graded problem sets: instant feedback for learners, marks for instructors.

In a problem set's notebook, :func:`check` judges an answer at once:

>>> from hpcourse.grading import check
>>> def exponential(epoch, learning_rate, decay):
...     return learning_rate * decay**epoch
>>> print(check("schedules", exponential=exponential))  # doctest: +SKIP

It runs in the learner's own process and so proves nothing to anybody else. What counts is

.. code-block:: text

    python -m hpcourse.grading grade schedules notebook.ipynb
    python -m hpcourse.grading grade-all schedules submissions/ --csv marks.csv

where the learner's code runs in a process that is shut off from everything
(:mod:`hpcourse._sandbox`) and the checks stay outside of it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from hpcourse import _feedback
from hpcourse._exercise import Answer, Exercise, Judged, Local, Part, Wrong, load, names
from hpcourse._sandbox import KINDS
from hpcourse._validation import unknown_name

__all__ = ["Answer", "Exercise", "Feedback", "Part", "Wrong", "check", "load", "main", "names"]

_so_far: dict[str, dict[str, int]] = {}  # points of the parts checked in this process


class Feedback:
    """What :func:`check` found; a notebook shows it, ``print`` writes it as text.

    Its plain representation is its points, which is what nbgrader reads as partial credit.

    Attributes
    ----------
    points, max_points : int
        Of the parts that were checked.
    so_far : int
        Points of all parts of the set that were checked in this process, the last check of each.
    judged : dict
        What was judged, by name of the part.
    """

    def __init__(self, exercise: Exercise, judged: dict[str, Judged], so_far: int):
        self.exercise, self.judged, self.so_far = exercise, judged, so_far
        self.points = sum(each.points for each in judged.values())
        self.max_points = sum(exercise.parts[name].max_points for name in judged)

    @property
    def passed(self) -> bool:
        """Whether these are all points."""
        return self.points == self.max_points

    def __repr__(self) -> str:
        return str(self.points)

    def __str__(self) -> str:
        return f"{_feedback.text(self.exercise, self.judged)}\n{self._total()}"

    def _repr_html_(self) -> str:
        return f"{_feedback.html(self.exercise, self.judged)}<p>{self._total()}</p>"

    def _total(self):
        return f"So far {self.so_far} of {self.exercise.max_points} points."


def check(exercise: str, /, **parts: Callable) -> Feedback:
    """Judge answers to a problem set: which criteria they meet, points so far, what to mend.

    Parameters
    ----------
    exercise : str
        One of :func:`names`.
    **parts : function
        Answers, by the name of the part: ``check("schedules", cosine=cosine)``. With
        ``part=cosine`` the part is the one that the function is named after.

    Returns
    -------
    Feedback

    Raises
    ------
    ValueError
        For an unknown set or part, or none; the message suggests the nearest.
    TypeError
        For an answer that is no function.
    """
    found = load(exercise)
    if not parts:
        raise ValueError(f"name the part to check, one of {', '.join(found.parts)}")
    if "part" in parts and "part" not in found.parts:
        function = parts.pop("part")
        parts[getattr(function, "__name__", repr(function))] = function
    for name, function in parts.items():
        if name not in found.parts:
            raise unknown_name(f"part of {exercise}", name, found.parts)
        if not callable(function):
            raise TypeError(f"{name} is a function, got {function!r}")
    judged = {name: found.parts[name].judge(Local(function)) for name, function in parts.items()}
    last = _so_far.setdefault(exercise, {})
    last.update({name: each.points for name, each in judged.items()})
    return Feedback(found, judged, sum(last.values()))


def main(arguments: Sequence[str] | None = None) -> int:
    """Mark from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m hpcourse.grading", description="Mark problem sets of the course."
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
            "--protection", choices=KINDS, help="default: the best that this machine has"
        )
    make = commands.add_parser("build", help="make the learners' notebooks from the sources")
    make.add_argument("--check", action="store_true", help="write nothing, say what is outdated")
    chosen = parser.parse_args(arguments)
    try:
        return {"grade": _grade, "grade-all": _grade_all, "build": _build}[chosen.command](chosen)
    except (ValueError, RuntimeError, OSError) as error:
        print(f"{parser.prog} {chosen.command}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped. What was marked is kept; the same command goes on.", file=sys.stderr)
        return 130


def _grade(chosen):
    from hpcourse import _marking

    if chosen.json and not chosen.json.absolute().parent.is_dir():
        raise ValueError(f"--json: there is no folder {chosen.json.parent}")
    exercise = load(chosen.name)
    marks = _marking.mark(chosen.name, chosen.notebook, kind=chosen.protection, salt=chosen.salt)
    print(_feedback.text(exercise, marks.parts))
    for note in marks.notes:
        print(note)
    print(f"{marks.points} of {marks.max_points} points ({marks.protection})")
    if chosen.json:
        chosen.json.write_text(marks.to_json() + "\n", encoding="utf-8")
    return 0


def _grade_all(chosen):
    from hpcourse import _grade_all

    rows = _grade_all.grade_all(
        chosen.name,
        chosen.folder,
        chosen.csv,
        kind=chosen.protection,
        salt=chosen.salt,
        jobs=chosen.jobs,
    )
    failed = [row for row in rows if row["error"]]
    for row in failed:
        print(f"{row['submission']}: {row['error']}", file=sys.stderr)
    kinds = ", ".join(sorted({row["protection"] for row in rows if row["protection"]}))
    print(f"{len(rows) - len(failed)} marked, {len(failed)} not markable: {chosen.csv} ({kinds})")
    return 0


def _build(chosen):
    from hpcourse import _release

    changed = _release.build_all(check=chosen.check)
    for name in changed:
        print(f"{name}: {'outdated' if chosen.check else 'written'}")
    return int(chosen.check and bool(changed))


if __name__ == "__main__":
    sys.exit(main())
