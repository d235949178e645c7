"""Feedback in the cell that asks for it."""

from __future__ import annotations

from collections.abc import Callable

from hpcourse.arguments import unknown_name
from hpcourse.grading import feedback
from hpcourse.grading.answer import Judged, Local
from hpcourse.grading.exercise import Exercise, load

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
        return f"{feedback.text(self.exercise, self.judged)}\n{self._total()}"

    def _repr_html_(self) -> str:
        return f"{feedback.html(self.exercise, self.judged)}<p>{self._total()}</p>"

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
