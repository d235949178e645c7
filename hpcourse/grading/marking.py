"""Marking a notebook: the learner's code in a sandbox, the checks here.

What is run is put together from the problem set, not from the submission: first the set's own
setup, then the submission's code except for what the set gave (setup, checks, examples); what a
learner has written into a given cell is run. Inputs are drawn from a stream that is seeded by the
code itself: the same code gets the same inputs, and nobody knows them before the code is finished.
Each part is judged once, with the names as they were after its own cell. One that ends the process
costs the others nothing, who get a new one; it gets no second try.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any, NamedTuple

from hpcourse.grading.answer import Judged
from hpcourse.grading.exercise import Exercise, load, names
from hpcourse.grading.notebook import Cell, Read, Unmarkable, read_notebook, text
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
    cells, notes = _to_run(exercise, read_notebook(path))
    content = json.dumps([exercise.name, salt, cells]).encode("utf-8", "surrogatepass")
    seed = int.from_bytes(hashlib.sha256(content).digest()[:8], "big")
    marks = Marks(exercise.name, str(path), exercise.max_points, protection=protection)
    marks.notes += notes
    with _Run(protection, cells, list(exercise.parts), marks.notes) as run:
        for part in exercise.parts.values():
            judged = run.judge(part, seed)
            marks.parts[part.name] = judged
            marks.points += judged.points
        marks.protection = run.described or protection
    return marks


class _Run:
    """A submission's code at work; started anew when it ends, without the cell that ended it."""

    def __init__(self, protection, cells, parts, notes):
        self.protection, self.cells, self.parts = protection, list(cells), parts
        self.notes = notes
        self.end = time.monotonic() + SECONDS
        self._again = SECONDS  # at most so long may cells run that have been run before
        self._n_run = 0  # cells that have
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
        """Return what the part earns."""
        self._prepare()
        if self._sandbox is not None:
            try:
                late = self._sandbox.go_to(part.name)
            except Died as died:
                self._sandbox, self._died = None, str(died)
            else:
                if late:
                    names = ", ".join(late)
                    self.notes.append(f"Part {part.name} uses {names}, defined further down.")
        return part.judge(partial(self._call, part.name), seed)

    def _prepare(self):
        self._died = ""
        while self._sandbox is None and not self._died:
            self._start()

    def _start(self):
        """Start a process and run the cells; when one ends it, leave that one out."""
        if time.monotonic() > self.end:
            self._died = TIME_IS_UP
            return
        sandbox = Sandbox(self.protection)
        filtered = "system calls filtered" if sandbox.filtered else "system calls not filtered"
        files = "" if sandbox.closed else ", files open"
        self.described = f"{self.protection}, {filtered}{files}"
        sandbox.watch(self.parts)
        for position, cell in enumerate(self.cells):
            begun = time.monotonic()
            if begun > self.end:
                sandbox.close()
                self._died = TIME_IS_UP
                return
            try:
                problem = sandbox.run_cell(cell.source, cell.given)
            except Died as died:
                self.notes.append(f"Cell {cell.key} was left out: {died}.")
                del self.cells[position]
                self._n_run = min(self._n_run, position)
                return
            if position < self._n_run:  # what has run before is not charged for a second time
                more = min(time.monotonic() - begun, self._again)
                self.end, self._again = self.end + more, self._again - more
            self._n_run = max(self._n_run, position + 1)
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


class ToRun(NamedTuple):
    """A cell as it is run: without the statements of the one that was given."""

    key: str
    source: str
    given: str = ""


def _to_run(exercise: Exercise, read: Read) -> tuple[list[ToRun], list[str]]:
    """Return the set's setup and what the learner has written, and notes about it."""
    given, setup = _given(exercise)
    keys, claimed, notes = {cell.key for cell in read.cells}, read.claimed, list(read.notes)
    if not claimed:
        fitting = [name for name in names() if keys & set(load(name).parts)]
        claimed = exercise.name if exercise.name in fitting else "".join(fitting[:1])
    if not claimed and 2 * len(_defined(read.cells) & set(exercise.parts)) >= len(exercise.parts):
        claimed = exercise.name
        notes.append("The cells have lost their ids; the answers were found by their names.")
    if claimed != exercise.name:
        of = f"one of {claimed[:40]!r}" if claimed else "none of its answer cells is there"
        raise Unmarkable(f"no notebook of the problem set {exercise.name!r}: {of}")
    unchanged = {_bare(source) for source in given.values()}
    cells = [ToRun(*cell) for cell in setup]
    for cell in read.cells:
        if _bare(cell.written or cell.source) not in unchanged:
            cells.append(ToRun(cell.key, cell.source, given.get(cell.key, "")))
    return cells, notes


def _defined(cells: list[Cell]) -> set[str]:
    """Return the names of the functions that cells define, as far as their text shows it."""
    return {name for cell in cells for name in re.findall(r"^def (\w+)", cell.source, re.MULTILINE)}


def _bare(source: str) -> str:
    """Return a source without what editors change: ends of lines, and blanks there."""
    return "\n".join(line.rstrip() for line in source.splitlines()).strip()


def _given(exercise):
    """Return the sources of the cells that are not the learner's, by key, and the setup."""
    given, setup = {}, []
    for raw in exercise.released["cells"]:
        if raw["cell_type"] == "code" and raw["id"] not in exercise.parts:
            given[raw["id"]] = text(raw["source"])
        if "setup" in raw["metadata"].get("tags", []):
            setup.append((raw["id"], text(raw["source"])))
    return given, setup
