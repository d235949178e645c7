"""Submissions for tests: a problem set's notebook with answers put in."""

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

from hpcourse import grading
from hpcourse._exercise import folder, release
from hpcourse._release import source

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


def mutants(name):
    """Return a set's mutants: file, code, part, points that it loses, hints that it must get."""
    found = []
    for path in sorted((folder() / name / "mutants").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        lines = ast.get_docstring(ast.parse(text)).splitlines()
        code = text.split('"""', 2)[2].strip()
        fields = dict(line.split(": ", 1) for line in lines if ": " in line)
        hints = {hint.strip() for hint in fields["hint"].split(",")}
        found.append((path, code, fields["part"], int(fields["loses"]), hints))
    return found


def nbgrader(course, command, *arguments):
    """Run a command of nbgrader's in the folder of a course; return what it prints."""
    start = "from nbgrader.apps import NbGraderApp; NbGraderApp.launch_instance()"
    # It looks for a program of the environment's.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(
        [sys.executable, "-c", start, command, *arguments],
        cwd=course,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def nbgrader_course(course, name):
    """Make a course of nbgrader's with one problem set, and what its learners get."""
    course = Path(course)
    (course / "source" / name).mkdir(parents=True)
    shutil.copy(source(name), course / "source" / name)
    (course / "nbgrader_config.py").write_text(
        "c = get_config()\nc.ClearSolutions.code_stub = {'python': 'raise NotImplementedError'}\n"
    )
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
