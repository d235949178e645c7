"""Submissions for tests: a problem set's notebook with answers put in."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import nbformat

from hpcourse import grading
from hpcourse.grading.exercise import folder, release
from hpcourse.grading.release import source

NAMES = grading.names()


def cells(path):
    """Return a notebook's cells by id."""
    return {cell.id: cell for cell in nbformat.read(path, as_version=4).cells}


def solutions(name):
    """Return the model solutions: the code of each part's answer cell."""
    found = cells(source(name))
    return {part: found[part].source for part in grading.load(name).parts}


def write(path, name, answers=(), *, extra=()):
    """Write a submission; return its path.

    Parameters
    ----------
    answers : dict
        Code of answer cells, by part; the others stay as they were given.
    extra : sequence of str
        Code of further cells, at the end.
    """
    notebook = nbformat.read(release(name), as_version=4)
    for cell in notebook.cells:
        if cell.id in dict(answers):
            cell.source = dict(answers)[cell.id]
    notebook.cells += [nbformat.v4.new_code_cell(code) for code in extra]
    path = Path(path)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


class Mutant(NamedTuple):
    """A wrong answer that people give."""

    name: str
    code: str
    part: str
    loses: int | None  # points, where it is told
    hints: set[str]  # that it must get


def mutants(name, told=True):
    """Return a set's mutants: those of which it is told what they lose, or all.

    ``mutants/PART.py`` has a block for each: a line with its name and what people do, perhaps one
    with the points that it loses and the hints that it gets, and the code.
    """
    found = []
    for path in sorted((folder() / name / "mutants").glob("*.py")):
        for block in re.split(r"^# %% ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            head, _, code = block.partition("\n")
            meta = re.match(r"# loses (\d+), hint (.*)\n", code)
            loses = int(meta[1]) if meta else None
            hints = set(meta[2].split(", ")) if meta else set()
            code = code[meta.end() :] if meta else code
            found.append(Mutant(head.split(":")[0], code.strip(), path.stem, loses, hints))
    return [mutant for mutant in found if mutant.loses is not None or not told]


# Imports once, then runs each command that it is told and says what that printed.
NBGRADER = """
import io, json, sys
answers, sys.stdout = sys.stdout, io.StringIO()  # nbgrader takes what is there when it is imported
from nbgrader.apps import NbGraderApp
from traitlets.config import Application

for line in sys.stdin:
    status = 0
    try:
        NbGraderApp.launch_instance(json.loads(line))
    except SystemExit as end:
        status = end.code
    type(Application.instance()).clear_instance()
    print(json.dumps([status, sys.stdout.getvalue()]), file=answers, flush=True)
    sys.stdout.truncate(sys.stdout.seek(0))
"""


class Nbgrader:
    """nbgrader in the folder of a course: called with a command, it returns what that prints."""

    def __init__(self, course):
        # It looks for a program of the environment's.
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
        self.log = Path(course) / "nbgrader.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", NBGRADER],
                cwd=course,
                env=os.environ | {"PATH": path},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def __call__(self, *command):
        print(json.dumps(command), file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        assert answer, self.log.read_text()[-3000:]
        status, printed = json.loads(answer)
        assert not status, self.log.read_text()[-3000:]
        return printed

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.communicate()


def nbgrader(course, *command):
    """Run a command of nbgrader's, alone; return what it prints."""
    with Nbgrader(course) as run:
        return run(*command)


def nbgrader_stops(course, *command):
    """Run a command that may end at a submission; return whether it came to its own end."""
    try:
        nbgrader(course, *command)
    except AssertionError:
        return False
    return True


def nbgrader_source(course, name):
    """Make a course of nbgrader's with one problem set."""
    course = Path(course)
    (course / "source" / name).mkdir(parents=True)
    shutil.copy(source(name), course / "source" / name)
    (course / "nbgrader_config.py").write_text(
        "c = get_config()\nc.ClearSolutions.code_stub = {'python': 'raise NotImplementedError'}\n"
    )


def nbgrader_course(course, name):
    """Make a course of nbgrader's with one problem set, and what its learners get."""
    nbgrader_source(course, name)
    nbgrader(course, "generate_assignment", name)


def descendants(pid, command=""):
    """Return the processes that a process has started, and those that they have started.

    Parameters
    ----------
    command : str
        Only those that have this in their command line.
    """
    children = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            number, rest = entry.read_text().split(" (", 1)
            parent = rest.rsplit(")", 1)[1].split()[1]
            line = entry.with_name("cmdline").read_bytes()
        except OSError:  # it has ended
            continue
        children.setdefault(int(parent), []).append((int(number), line))
    found, waiting = set(), [pid]
    while waiting:
        new = children.get(waiting.pop(), [])
        found |= {number for number, line in new if command.encode() in line}
        waiting += [number for number, _ in new]
    return found
