"""Submissions for tests: a problem set's notebook with answers put in."""

import ast
import json
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
