"""What a problem set is made of: parts, criteria with points, hints.

A set's ``checks.py`` makes one :class:`Exercise` and gives it a function for each part. That
function gets an :class:`Answer`, which it calls like the learner's function, with fresh inputs from
``answer.rng``, and judges what comes back:

>>> from hpcourse.grading import Local
>>> exercise = Exercise("doubling", title="Doubling", minutes=45, chapters=["intro"])
>>> @exercise.part(
...     "Twice as much",
...     points={"numbers": 2, "zero": 1},
...     hints={"square": "This squares x; twice x is wanted."},
... )
... def double(answer):
...     with answer.criterion("numbers"):
...         x = answer.rng.uniform(3, 9)
...         answer.close(answer(x), 2 * x, square=x**2)
...     with answer.criterion("zero"):
...         answer.close(answer(0.0), 0.0)
>>> exercise.parts["double"].judge(Local(lambda x: x**2), seed=0)
Judged(points=1, criteria={'numbers': 0, 'zero': 1}, hints=['square'], messages=['This squares \
x; twice x is wanted.'])
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from importlib import util
from pathlib import Path

from hpcourse.arguments import one_of
from hpcourse.grading.answer import Answer, Part

HERE = Path(__file__).resolve().parent


class Exercise:
    """A problem set.

    Parameters
    ----------
    name : str
        That of its folder.
    title : str
        What learners read above it.
    minutes : int
        How long it takes, 45 to 90.
    chapters : sequence of str
        The chapters that it belongs to, as in ``_toc.yml`` without ``book/``.

    Attributes
    ----------
    parts : dict of Part
        By the name of the function that the learner writes, in order.
    """

    def __init__(self, name: str, *, title: str, minutes: int, chapters: Sequence[str]):
        self.name, self.title, self.minutes = name, title, minutes
        self.chapters = tuple(chapters)
        self.parts: dict[str, Part] = {}

    @property
    def max_points(self) -> int:
        """All points of the set."""
        return sum(part.max_points for part in self.parts.values())

    @cached_property
    def released(self) -> dict:
        """The notebook that learners get, as its file has it."""
        return json.loads(release(self.name).read_text(encoding="utf-8"))

    def part(
        self, title: str, *, points: Mapping[str, int], hints: Mapping[str, str]
    ) -> Callable[[Callable[[Answer], None]], Callable[[Answer], None]]:
        """Make a decorated check, named like the learner's function, a part of the set.

        Parameters
        ----------
        title : str
            What learners read above it.
        points : dict
            Of each criterion: what it looks at, in a few words.
        hints : dict
            Keys and texts of the mistakes that the check recognizes.
        """

        def register(check):
            name = check.__name__
            self.parts[name] = Part(name, title, dict(points), dict(hints), check)
            return check

        return register


def folder() -> Path:
    """Return where the problem sets are: in the installed package, or in the repository."""
    packaged = HERE / "exercises"
    return packaged if packaged.is_dir() else HERE.parents[1] / "exercises"


def release(name: str) -> Path:
    """Return the notebook of a problem set that learners get."""
    return folder() / "release" / f"{name}.ipynb"


def names() -> list[str]:
    """Return the names of the problem sets, in the order of the course."""
    return [name for name in ORDER if (folder() / name / "checks.py").is_file()]


ORDER = ("landscapes", "schedules", "warm_restarts", "grid_random", "acquisition")


def load(name: str) -> Exercise:
    """Return a problem set.

    Raises
    ------
    ValueError
        For a name that is none; the message suggests the nearest.
    """
    one_of("problem set", name, names())
    module_name = f"hpcourse_exercise_{name}"
    if module_name not in sys.modules:
        spec = util.spec_from_file_location(module_name, folder() / name / "checks.py")
        assert spec is not None
        assert spec.loader is not None
        module = util.module_from_spec(spec)
        spec.loader.exec_module(module)
        sys.modules[module_name] = module
    return sys.modules[module_name].exercise
