"""From a problem set's source to what learners get: nbgrader's work.

Needs ``hpcourse[grading]`` and the repository.
"""

from __future__ import annotations

from pathlib import Path

from hpcourse.grading.exercise import Exercise, folder, load, names, release

STUB = "raise NotImplementedError"


def source(name: str) -> Path:
    """Return the notebook that a problem set is made from, solutions included."""
    return folder() / name / f"{name}.ipynb"


def build(name: str) -> str:
    """Return the notebook that learners get, as the text of its file.

    Raises
    ------
    ValueError
        For a source that does not fit to its checks; the message says what is missing.
    """
    import nbformat
    from nbgrader.preprocessors import ClearOutput, ClearSolutions, ComputeChecksums, LockCells
    from traitlets.config import Config

    exercise = load(name)
    notebook = nbformat.read(source(name), as_version=4)
    _check(exercise, notebook)
    notebook.cells = [cell for cell in notebook.cells if not _ours(cell)]
    config = Config()
    config.ClearSolutions.code_stub = {"python": STUB}
    for step in (ClearSolutions, LockCells, ClearOutput, ComputeChecksums):
        notebook, _ = step(config=config).preprocess(notebook, {})
    nbformat.validate(notebook)
    return nbformat.writes(notebook) + "\n"


def _ours(cell) -> bool:
    """Whether a cell checks the set itself, which is nothing for learners."""
    return "remove-cell" in cell.metadata.get("tags", []) and cell.id != "colab"


def build_all(*, check: bool = False) -> list[str]:
    """Write the releases of all problem sets; return the names of those that have changed.

    Parameters
    ----------
    check : bool
        Write nothing.
    """
    if not source(names()[0]).exists():
        raise FileNotFoundError("the sources of the problem sets are in the repository only")
    changed = []
    for name in names():
        text, path = build(name), release(name)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            changed.append(name)
            if not check:
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8")
    return changed


def _check(exercise: Exercise, notebook) -> None:
    """Raise an error for a source that lacks what each part needs."""
    cells = {cell.id: cell for cell in notebook.cells}

    def need(fulfilled, what):
        if not fulfilled:
            raise ValueError(f"{exercise.name}: {what}")

    need(notebook.metadata.get("hpcourse") == {"exercise": exercise.name}, "metadata.hpcourse")
    setup = [cell.id for cell in notebook.cells if "setup" in cell.metadata.get("tags", [])]
    need(setup == ["setup"], f"one cell has the id and the tag setup, got {setup}")
    for cell in notebook.cells:
        marked = cell.metadata.get("nbgrader", {"grade_id": cell.id})
        need(marked["grade_id"] == cell.id, f"cell {cell.id} has the grade_id {marked['grade_id']}")
        graded = marked.get("grade") or marked.get("solution")
        own = cell.id.removesuffix("-check") in exercise.parts
        need(own or not graded, f"cell {cell.id} is graded and belongs to no part")
    for name, part in exercise.parts.items():
        for key in (name, f"{name}-text", f"{name}-example", f"{name}-expected", f"{name}-check"):
            need(key in cells, f"there is no cell {key}")
        answer, checked = cells[name], cells[f"{name}-check"]
        need("### BEGIN SOLUTION" in answer.source, f"cell {name} has no solution")
        need(answer.metadata.nbgrader.solution, f"cell {name} is no solution cell of nbgrader's")
        call = f'check("{exercise.name}", {name}={name})'
        need(checked.source == call, f"cell {name}-check is {call}")
        points = checked.metadata.nbgrader.get("points")
        need(
            points == part.max_points,
            f"cell {name}-check has {points} points, its part has {part.max_points}",
        )
        need(
            f"({part.max_points} points)" in cells[f"{name}-text"].source, f"points of {name}-text"
        )
