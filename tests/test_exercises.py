"""The problem sets: solutions, stubs, wrong answers, hints, and what learners get."""

import re
import warnings
from functools import cache
from pathlib import Path

import nbformat
import numpy as np
import pytest
import submissions
from nbclient import NotebookClient
from test_site_sources import COLAB_CELL

from hpcourse import grading
from hpcourse.grading.exercise import folder, release
from hpcourse.grading.marking import mark
from hpcourse.grading.release import build, source

ROOT = Path(__file__).resolve().parents[1]
NAMES = submissions.NAMES


@cache
def rounds(name):
    """The mutants of a set in rounds: each has one of every part that has so many."""
    found = []
    for mutant in submissions.mutants(name):
        part = mutant.part
        number = sum(part in taken for taken in found)
        if number == len(found):
            found.append({})
        found[number][part] = mutant
    return found


MUTANTS = [(name, mutant) for name in NAMES for mutant in submissions.mutants(name)]
ROUNDS = [(name, number) for name in NAMES for number in range(len(rounds(name)))]

each_set = pytest.mark.parametrize("name", NAMES)


def test_the_five_sets_are_there():
    assert NAMES == ["landscapes", "schedules", "warm_restarts", "grid_random", "acquisition"]
    present = {path.parent.name for path in folder().glob("*/checks.py")}
    assert present == set(NAMES)


@each_set
def test_size(name):
    """Five graded parts or more, partial credit in each, 45 to 90 minutes, five mutants or more."""
    exercise = grading.load(name)
    assert exercise.name == name
    assert len(exercise.parts) >= 5
    assert all(len(part.points) >= 2 and part.hints for part in exercise.parts.values())
    assert 45 <= exercise.minutes <= 90
    assert len(submissions.mutants(name)) >= 5
    for chapter in exercise.chapters:
        assert (ROOT / "book" / f"{chapter}.ipynb").exists()


@each_set
def test_model_solution_gets_full_marks(name, tmp_path):
    path = submissions.write(tmp_path / "x.ipynb", name, submissions.solutions(name))
    marks = mark(grading.load(name), path)
    assert marks.points == marks.max_points == grading.load(name).max_points, marks.to_json()
    assert not marks.notes


@each_set
def test_untouched_release_gets_nothing(name):
    marks = mark(grading.load(name), release(name))
    assert marks.points == 0
    for judged in marks.parts.values():
        assert judged.messages == ["Not written yet."]


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    """Return a function that marks a round of a set, all its wrong answers in one submission."""

    @cache
    def marked(name, number):
        wrong = {part: mutant.code for part, mutant in rounds(name)[number].items()}
        path = tmp_path_factory.mktemp("mutants") / "x.ipynb"
        return mark(
            grading.load(name), submissions.write(path, name, submissions.solutions(name) | wrong)
        )

    return marked


@pytest.mark.parametrize(("name", "number"), ROUNDS)
def test_right_answers_among_wrong_ones_lose_nothing(name, number, marked):
    marks, wrong = marked(name, number), rounds(name)[number]
    for part, judged in marks.parts.items():
        assert part in wrong or judged.points == grading.load(name).parts[part].max_points, part
    assert marks.max_points - marks.points == sum(mutant.loses for mutant in wrong.values())


@pytest.mark.parametrize(
    ("name", "mutant"),
    MUTANTS,
    ids=[f"{name}-{mutant.part}-{mutant.name}" for name, mutant in MUTANTS],
)
def test_mutant_loses_its_points_and_gets_its_hint(name, mutant, marked):
    _, _, part, loses, hints = mutant
    (number,) = (n for n, wrong in enumerate(rounds(name)) if wrong.get(part) == mutant)
    judged = marked(name, number).parts[part]
    assert loses >= 1
    assert grading.load(name).parts[part].max_points - judged.points == loses, judged
    assert hints <= set(judged.hints), judged
    for hint in hints:
        assert grading.load(name).parts[part].hints[hint] in judged.messages


@each_set
def test_every_wrong_answer_loses_points_and_hears_why(name):
    """Twenty and more for each part, by people who had not seen the checks."""
    exercise = grading.load(name)
    setup = submissions.cells(source(name))["setup"].source
    wrong = submissions.mutants(name, told=False)
    for part in exercise.parts:
        assert sum(mutant.part == part for mutant in wrong) >= 20
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for mutant in wrong:
            for seed in (0, 1):
                names = {"__name__": "answer"}
                exec(setup, names)
                exec(mutant.code, names)
                part = exercise.parts[mutant.part]
                judged = part.judge(grading.Local(names[mutant.part]), seed)
                assert judged.points < part.max_points, mutant.name
                assert judged.messages, mutant.name


@each_set
def test_every_hint_is_reached(name):
    reached = {(each.part, hint) for each in submissions.mutants(name) for hint in each.hints}
    parts = grading.load(name).parts
    assert reached == {(part, hint) for part in parts for hint in parts[part].hints}


def test_every_chapter_ends_with_a_link_to_its_problem_set():
    sets = [grading.load(name) for name in NAMES]
    chapters = sorted(path for path in (ROOT / "book").glob("*/*.ipynb") if path.stem[0] != ".")
    for path in chapters:
        last = nbformat.read(path, as_version=4).cells[-1].source
        assert last.startswith("## Problem set\n"), path.name
        assert "(../appendix/problem_sets.md)" in last, path.name
        name = path.relative_to(ROOT / "book").with_suffix("").as_posix()
        titles = {each.title for each in sets if name in each.chapters}
        assert titles == {each.title for each in sets if f"[{each.title}]" in last}, path.name
        assert titles or path.parent.name == "compute"  # its sets are to follow


STRANGE = [
    "None",
    "0",
    "1.0",
    "float('nan')",
    "float('inf')",
    "'text'",
    "[]",
    "[[]]",
    "{}",
    "{'a': 1}",
    "True",
    "[None, 'x']",
    "(1, 2, 3)",
    "10**300",
    "np.zeros((2, 3, 4))",
    "np.array([])",
    "[[1.0, 2.0], [3.0]]",
    "np.array([True])",
    "(None, None, None)",
    "[np.nan] * 5",
    "args[0]",
    "list(args)",
    "args[-1]",
    "(args[0], args[0], args[0])",
]


@each_set
@pytest.mark.parametrize("value", STRANGE)
def test_strange_answers_earn_little_and_break_nothing(name, value):
    """A value that has nothing to do with the question: no check fails, none gives full marks."""
    import numpy as np

    for part in grading.load(name).parts.values():
        answer = eval(f"lambda *args: {value}", {"np": np})
        judged = part.judge(grading.Local(answer), seed=1)
        assert judged.points == 0, (part.name, judged)
        assert not any("cannot judge" in message for message in judged.messages), judged


@each_set
def test_fresh_inputs_do_not_change_the_judgment(name):
    """The model solution is right whatever the inputs, in 100 streams of them."""
    namespace = {}
    exec(submissions.cells(source(name))["setup"].source, namespace)
    for code in submissions.solutions(name).values():
        exec(code, namespace)
    for part in grading.load(name).parts.values():
        for seed in range(100):
            judged = part.judge(grading.Local(namespace[part.name]), seed)
            assert judged.points == part.max_points, (part.name, seed, judged)


@each_set
def test_release_is_current(name):
    assert release(name).read_text(encoding="utf-8") == build(name), "run make exercises"


@each_set
def test_release_has_no_solutions(name):
    for part, code in submissions.solutions(name).items():
        stub = submissions.cells(release(name))[part].source
        assert "raise NotImplementedError" in stub
        assert "SOLUTION" not in stub
        hidden = code.split("### BEGIN SOLUTION")[1].split("### END SOLUTION")[0]
        lines = {line.strip() for line in hidden.splitlines() if len(line.strip()) > 20}
        text = release(name).read_text(encoding="utf-8")
        assert not [line for line in lines if line in text]


@each_set
def test_notebook_is_stored_as_it_should_be(name):
    for path in (source(name), release(name)):
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert not any(cell.outputs or cell.execution_count for cell in code)
        assert code[0].source.startswith(COLAB_CELL)
        text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
        exercise = grading.load(name)
        assert f"# Problem set: {exercise.title}" in text
        assert f"{len(exercise.parts)} parts, {exercise.max_points} points" in text
        assert f"about {exercise.minutes} minutes" in text
        assert not re.search(r"\{[a-z:-]+\}`|^(:::|```) *\{", text, re.MULTILINE)


def shown(cell):
    """What a cell prints or shows, as text."""
    outputs = [
        output.text if output.output_type == "stream" else output.data.get("text/plain", "")
        for output in cell.outputs
    ]
    return "".join(outputs).strip()


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """The cells of each set's notebook, run in one kernel: imports take longer than most of them.

    What one notebook has named is gone in the next.
    """
    notebooks = {name: nbformat.read(source(name), as_version=4) for name in NAMES}
    cells = {name: notebook.cells for name, notebook in notebooks.items()}
    together = notebooks[NAMES[0]]
    together.cells = []
    for name in NAMES:
        together.cells += [nbformat.v4.new_code_cell("%reset -f"), *cells[name]]
    place = {"metadata": {"path": tmp_path_factory.mktemp("notebooks")}}
    NotebookClient(together, timeout=300, allow_errors=True, resources=place).execute()
    return cells


@each_set
def test_notebook_runs_and_shows_what_it_expects(name, executed):
    """With the model solutions, on the data at hand: outputs as announced, all points."""
    for cell in executed[name]:
        errors = [each for each in cell.get("outputs", []) if each.output_type == "error"]
        assert not errors, "\n".join(errors[0].traceback)
    found = {cell.id: cell for cell in executed[name]}
    for part in grading.load(name).parts.values():
        expected = found[f"{part.name}-expected"].source.split("```")[1].strip()
        assert shown(found[f"{part.name}-example"]) == expected
        assert shown(found[f"{part.name}-check"]) == str(part.max_points)


def test_nbgrader_takes_the_same_sources(tmp_path):
    """Generate, hand in, autograde as nbgrader does it: full, partial and no credit."""
    from nbgrader.api import Gradebook

    name = "acquisition"  # whose notebook needs no Keras
    submissions.nbgrader_source(tmp_path, name)
    with submissions.Nbgrader(tmp_path) as nbgrader:
        nbgrader("generate_assignment", name)
        given = submissions.cells(tmp_path / "release" / name / f"{name}.ipynb")
        assert [key for key in given if not key.endswith("-assert")] == [
            *submissions.cells(release(name))
        ]

        right = submissions.solutions(name)
        _, code, part, loses, _ = next(
            mutant
            for mutant in submissions.mutants(name)
            if mutant[3] < grading.load(name).parts[mutant[2]].max_points
        )
        handed_in = {"right": right, "wrong": right | {part: code}, "untouched": {}}
        for student, answers in handed_in.items():
            place = tmp_path / "submitted" / student / name
            place.mkdir(parents=True)
            notebook = nbformat.read(tmp_path / "release" / name / f"{name}.ipynb", as_version=4)
            wanted = grading.load(name).parts
            keep = {"setup", "course", *wanted, *(f"{each}-check" for each in wanted)}
            notebook.cells = [cell for cell in notebook.cells if cell.id in keep]
            for cell in notebook.cells:
                cell.source = answers.get(cell.id, cell.source)
            nbformat.write(notebook, place / f"{name}.ipynb")
        nbgrader("autograde", name)

        most = grading.load(name).max_points
        # What the Validate button does with two of them, before they are handed in.
        verdicts = {
            "right": "Success! Your notebook passes",
            "wrong": "VALIDATION FAILED ON 1 CELL",
        }
        for student, verdict in verdicts.items():
            notebook = tmp_path / "submitted" / student / name / f"{name}.ipynb"
            assert verdict in nbgrader("validate", str(notebook))

    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as gradebook:
        scores = {student: gradebook.find_submission(name, student).score for student in handed_in}
    assert scores == {"right": most, "wrong": most - loses, "untouched": 0}
