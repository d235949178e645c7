"""What marking costs: a hundred submissions of a set, beside nbgrader's autograding.

    python tests/benchmarks/marking.py RESULT.json [--set schedules] [--submissions 100]
        [--against COMMIT]

The submissions are a class: model solutions, one wrong answer in each of the others in turn,
untouched notebooks, and a tenth whose function never returns, each of which takes the whole time
limit. They are marked on as many cores as there are; honest rows have to be right under each
protection, also when the program is killed and started again. ``--against`` marks the same folder
with the package as it was at a commit, in turn with this one's. nbgrader runs a few of the honest
ones, one after the other as it does, demonstrations and all; it has no protection to pay for.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import nbformat

from hpcourse import compute, grading
from hpcourse.grading import marking
from hpcourse.grading.exercise import release
from hpcourse.grading.grade_all import mark_all
from hpcourse.grading.sandbox import PROTECTIONS, _works, best_protection

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


ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def at_commit(commit):
    """A folder with the repository as it was at a commit."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "old"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(place), commit], check=True)
        try:
            yield place
        finally:
            subprocess.run([*git, "remove", "--force", str(place)], check=True)


def grade_all(root, name, place, table, protection, kill_at=None):
    """Mark a folder by the program of a checkout; return the seconds. Kill it at so many rows."""
    code = "import sys; from hpcourse.grading.__main__ import main; sys.exit(main())"
    if (root / "hpcourse" / "grading" / "command.py").exists():
        code = "from hpcourse.grading.command import script; script()"
    command = [sys.executable, "-c", code, "grade-all", name, str(place), "--csv", str(table)]
    environment = os.environ | {"PYTHONPATH": str(root)}
    begun = time.perf_counter()
    process = subprocess.Popen(
        [*command, "--protection", protection],
        env=environment,
        cwd=table.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while kill_at and process.poll() is None:
        if table.exists() and table.read_bytes().count(b"\n") > kill_at:
            process.kill()
        time.sleep(0.01)
    assert process.wait() in (0, -9)
    return time.perf_counter() - begun


def right(name, n, folder):
    """Return how many honest rows are right under each protection, interrupted and resumed.

    What they have to get is what each earns when it is marked alone, in this process.
    """
    place = folder / "class"
    place.mkdir()
    exercise = grading.load(name)
    honest = []
    for i, (answers, is_honest) in enumerate(class_of(name, n)):
        path = submissions.write(place / f"{i:03}.ipynb", name, answers)
        honest += [path] * is_honest
    wanted = {path.name: str(marking.mark(exercise, path).points) for path in honest}
    found = {}
    for protection in filter(_works, PROTECTIONS):
        table = folder / f"{protection}.csv"
        grade_all(ROOT, name, place, table, protection, kill_at=n // 3)
        kept = table.read_text(encoding="utf-8").splitlines()[1:]
        grade_all(ROOT, name, place, table, protection)
        text = table.read_text(encoding="utf-8")
        rows = {row["submission"]: row["points"] for row in csv.DictReader(text.splitlines())}
        assert len(rows) == n
        assert set(kept) <= set(text.splitlines()), "a row was lost or marked twice"
        found[protection] = sum(rows[key] == points for key, points in wanted.items())
    return {"honest": len(wanted), "right": found}


def beside(name, n, commit, rounds, folder):
    """Return seconds for the folder now and at a commit, the least of alternating rounds."""
    place = folder / "beside"
    place.mkdir()
    for i, (answers, _) in enumerate(class_of(name, n)):
        submissions.write(place / f"{i:03}.ipynb", name, answers)
    least = {"now": float("inf"), "then": float("inf")}
    with at_commit(commit) as old:
        for k in range(rounds):
            for which, root in (("now", ROOT), ("then", old)):
                table = folder / f"{which}{k}.csv"
                seconds = grade_all(root, name, place, table, best_protection())
                least[which] = min(least[which], seconds)
    ratio = least["now"] / least["then"]
    return {
        "commit": commit,
        **{k: round(v, 1) for k, v in least.items()},
        "ratio": round(ratio, 2),
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
    parser.add_argument("--against", metavar="COMMIT", help="mark with this one's package too")
    parser.add_argument("--rounds", type=int, default=2, help="of now and then")
    chosen = parser.parse_args()
    assert release(chosen.set).exists()
    with tempfile.TemporaryDirectory() as folder:
        found = right(chosen.set, chosen.submissions, Path(folder))
        if chosen.against:
            n, place = chosen.submissions, Path(folder)
            found["beside"] = beside(chosen.set, n, chosen.against, chosen.rounds, place)
    if chosen.nbgrader:
        found |= measure(chosen.set, chosen.submissions, chosen.nbgrader)
    record = {"machine": machine(), "set": chosen.set, **found}
    chosen.result.write_text(json.dumps(record, indent=1) + "\n")
    print(json.dumps(record, indent=1))


if __name__ == "__main__":
    main()
