"""What marking costs: a hundred submissions of a set, beside nbgrader's autograding.

    python tests/benchmarks/marking.py RESULT.json [--set schedules] [--submissions 100]

The submissions are a class: model solutions, one wrong answer in each of the others in turn,
untouched notebooks, and a tenth whose function never returns, each of which takes the whole time
limit. They are marked on as many cores as there are. nbgrader runs a few of the honest ones, one
after the other as it does, demonstrations and all; it has no protection to pay for.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import nbformat

from hpcourse import compute, grading
from hpcourse.grading.exercise import release
from hpcourse.grading.grade_all import mark_all
from hpcourse.grading.sandbox import best_protection

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import submissions

ENDLESS = "def {}(*args):\n    while True:\n        pass"


def class_of(name, n):
    """Yield the answers of n submissions, and whether they are honest."""
    right, wrong = submissions.solutions(name), submissions.mutants(name)
    parts = list(right)
    for i in range(n):
        if i % 10 == 9:
            part = parts[i // 10 % len(parts)]
            yield right | {part: ENDLESS.format(part)}, False
        elif i % 10 == 8:
            yield {}, True
        elif i % 10 < 3:
            yield right, True
        else:
            _, code, part, *_ = wrong[i % len(wrong)]
            yield right | {part: code}, True


def measure(name, n, n_nbgrader):
    """Return seconds: of all with ours, and of one submission with each."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "submissions"
        place.mkdir()
        honest = []
        for i, (answers, is_honest) in enumerate(class_of(name, n)):
            submissions.write(place / f"{i:03}.ipynb", name, answers)
            honest += [answers] * is_honest
        start = time.perf_counter()
        rows = mark_all(grading.load(name), place, Path(folder) / "marks.csv")
        seconds = time.perf_counter() - start
        assert len(rows) == n
        assert not any(row["error"] for row in rows)
        alone = Path(folder) / "alone"
        alone.mkdir()
        for i, answers in enumerate(honest[:n_nbgrader]):
            submissions.write(alone / f"{i}.ipynb", name, answers)
        start = time.perf_counter()
        mark_all(
            grading.load(name), alone, Path(folder) / "alone.csv", jobs=1, show_progress_bar=False
        )
        ours = (time.perf_counter() - start) / n_nbgrader
        theirs = nbgrader(name, honest[:n_nbgrader], Path(folder) / "course") / n_nbgrader
    return {
        "submissions": n,
        "seconds": round(seconds, 1),
        "one_submission": {"hpcourse": round(ours, 2), "nbgrader": round(theirs, 2)},
    }


def nbgrader(name, handed_in, course):
    """Return the seconds that nbgrader takes to autograde these."""
    submissions.nbgrader_course(course, name)
    for i, answers in enumerate(handed_in):
        place = course / "submitted" / str(i) / name
        place.mkdir(parents=True)
        notebook = nbformat.read(course / "release" / name / f"{name}.ipynb", as_version=4)
        for cell in notebook.cells:
            cell.source = answers.get(cell.id, cell.source)
        nbformat.write(notebook, place / f"{name}.ipynb")
    began = time.perf_counter()
    submissions.nbgrader(course, "autograde", name)
    return time.perf_counter() - began


def machine():
    """What it ran on."""
    return {
        "cpu": compute.processor(),
        "cores": compute.cores(),
        "system": platform.system(),
        "protection": best_protection(),
        "python": platform.python_version(),
        "nbgrader": version("nbgrader"),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("result", type=Path)
    parser.add_argument("--set", default="schedules", choices=grading.names())
    parser.add_argument("--submissions", type=int, default=100)
    parser.add_argument("--nbgrader", type=int, default=4, help="how many nbgrader marks")
    chosen = parser.parse_args()
    assert release(chosen.set).exists()
    found = measure(chosen.set, chosen.submissions, chosen.nbgrader)
    record = {"machine": machine(), "set": chosen.set, **found}
    chosen.result.write_text(json.dumps(record, indent=1) + "\n")
    print(json.dumps(record, indent=1))


if __name__ == "__main__":
    main()
