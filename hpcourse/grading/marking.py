"""Marking a notebook: the learner's code in a sandbox, the checks here.

What is run is put together from the problem set, not from the submission: first the set's own
setup, then the submission's code except for what has the id of a cell that the set gave (setup,
checks, examples). So it does not matter what became of those cells. Inputs are drawn from a stream
that is seeded by the code itself: the same code gets the same inputs, and nobody knows them before
the code is finished. A part that ends the process costs the others nothing, who get a new one.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from hpcourse.grading.answer import Judged
from hpcourse.grading.exercise import Exercise, load, names
from hpcourse.grading.notebook import Cell, Unmarkable, read_notebook, text
from hpcourse.grading.sandbox import Died, Sandbox, best_protection

SECONDS = 60.0  # for a submission; an honest one takes one or two
TIME_IS_UP = f"the submission had taken {SECONDS:g} seconds before"


@dataclass
class Marks:
    """What a submission has earned.

    Attributes
    ----------
    exercise, submission : str
        Name of the problem set, and of the file.
    points, max_points : int
    parts : dict
        What was judged, by name of the part.
    notes : list of str
        Cells that were left out, and why.
    error : str
        Why nothing could be marked; empty otherwise.
    protection : str
        In which kind of sandbox the code ran.
    """

    exercise: str
    submission: str
    max_points: int
    points: int = 0
    parts: dict[str, Judged] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    error: str = ""
    protection: str = ""

    def to_json(self) -> str:
        """Return all of it as JSON."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False)


def mark(
    exercise: Exercise, path: str | os.PathLike, *, protection: str | None = None, salt: str = ""
) -> Marks:
    """Mark a notebook.

    Parameters
    ----------
    exercise : Exercise
        From :func:`hpcourse.grading.load`.
    path : path
        The submission.
    protection : {"bubblewrap", "limits", "process"}, optional
        By default the best that this machine has.
    salt : str
        Changes the inputs that are drawn.

    Raises
    ------
    ValueError
        For an unknown protection.
    Unmarkable
        For a file that is no notebook of this set.
    """
    protection = best_protection(protection)
    cells = _to_run(exercise, *read_notebook(path))
    content = json.dumps([exercise.name, salt, cells]).encode("utf-8", "surrogatepass")
    seed = int.from_bytes(hashlib.sha256(content).digest()[:8], "big")
    marks = Marks(exercise.name, str(path), exercise.max_points, protection=protection)
    with _Run(protection, cells, marks.notes) as run:
        for part in exercise.parts.values():
            judged = run.judge(part, seed)
            marks.parts[part.name] = judged
            marks.points += judged.points
        marks.protection = run.described or protection
    return marks


class _Run:
    """A submission's code at work; started anew when it ends, without the cell that ended it."""

    def __init__(self, protection, cells, notes):
        self.protection, self.cells, self.notes = protection, list(cells), notes
        self.end = time.monotonic() + SECONDS
        self.described = ""
        self._sandbox: Sandbox | None = None
        self._died = ""
        self._noted: set[str] = set()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if self._sandbox is not None:
            self._sandbox.close()

    def judge(self, part, seed) -> Judged:
        """Return what the part earns; one that ends a process is judged again in a fresh one."""
        used = self._sandbox is not None
        self._prepare()
        judged = part.judge(partial(self._call, part.name), seed)
        if self._died and used:
            self._prepare()
            judged = part.judge(partial(self._call, part.name), seed)
        return judged

    def _prepare(self):
        self._died = ""
        while self._sandbox is None and not self._died:
            self._start()

    def _start(self):
        """Start a process and run the cells; when one ends it, leave that one out."""
        if time.monotonic() > self.end:
            self._died = TIME_IS_UP
            return
        try:
            sandbox = Sandbox(self.protection)
        except Died as died:
            self._died = str(died)
            return
        filtered = "system calls filtered" if sandbox.filtered else "system calls not filtered"
        self.described = f"{self.protection}, {filtered}"
        for cell in self.cells:
            if time.monotonic() > self.end:
                sandbox.close()
                self._died = TIME_IS_UP
                return
            try:
                problem = sandbox.run_cell(cell.source)
            except Died as died:
                self.notes.append(f"Cell {cell.key} was left out: {died}.")
                self.cells.remove(cell)
                return
            if problem and cell.key not in self._noted:
                self._noted.add(cell.key)
                self.notes.append(f"Cell {cell.key}, line {problem[2]}: {problem[0]}: {problem[1]}")
        self._sandbox = sandbox

    def _call(self, name: str, args: Sequence) -> dict[str, Any]:
        """Call the learner's function, as an Answer wants it."""
        if self._sandbox is not None and time.monotonic() > self.end:
            self._sandbox.close()
            self._sandbox, self._died = None, TIME_IS_UP
        if self._sandbox is None:
            return {"died": self._died}
        try:
            return self._sandbox.call(name, args)
        except Died as died:
            self._sandbox, self._died = None, str(died)
            return {"died": self._died}


def _to_run(exercise: Exercise, submitted: list[Cell], claimed: str) -> list[Cell]:
    """Return the set's setup and the learner's own cells."""
    given, setup = _given(exercise)
    keys = {cell.key for cell in submitted}
    if not claimed:
        fitting = [name for name in names() if keys & set(load(name).parts)]
        claimed = exercise.name if exercise.name in fitting else "".join(fitting[:1])
    if claimed != exercise.name:
        of = f"one of {claimed[:40]!r}" if claimed else "none of its answer cells is there"
        raise Unmarkable(f"no notebook of the problem set {exercise.name!r}: {of}")
    return [*setup, *(cell for cell in submitted if cell.key not in given)]


def _given(exercise):
    """Return the keys of the cells that are not the learner's, and the setup."""
    given, setup = set(), []
    for raw in exercise.released["cells"]:
        key = raw["id"]
        if key not in exercise.parts:
            given.add(key)
        if "setup" in raw["metadata"].get("tags", []):
            setup.append(Cell(key, text(raw["source"])))
    return given, setup
