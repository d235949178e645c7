"""Checks in the notebook, values that travel, marking of whole and of damaged notebooks."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import submissions

from hpcourse import grading
from hpcourse.grading import Exercise, Local, Wrong
from hpcourse.grading.answer import Answer, Part
from hpcourse.grading.command import main
from hpcourse.grading.exercise import release
from hpcourse.grading.marking import mark
from hpcourse.grading.notebook import Unmarkable, without_magics
from hpcourse.grading.runner import Unfit, decode, encode, run_cell
from hpcourse.grading.sandbox import PROTECTIONS, Died, Sandbox, _works, best_protection

ROOT = Path(__file__).resolve().parents[1]
NAME = "schedules"
EXERCISE = grading.load(NAME)
PART = next(iter(grading.load(NAME).parts))
KINDS_HERE = [kind for kind in PROTECTIONS if _works(kind)]


@pytest.fixture
def right(tmp_path):
    """A submission with all model solutions."""
    return submissions.write(tmp_path / "right.ipynb", NAME, submissions.solutions(NAME))


# Values


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        3,
        -2.5,
        "é",
        [],
        [1, [2.0, "x"]],
        (1, (2,)),
        {"a": [1], "b": {"c": None}},
        {1: 2},
        10**300,
        float("inf"),
    ],
)
def test_values_travel(value):
    back = decode(json.loads(json.dumps(encode(value))))
    assert back == value
    assert type(back) is type(value)


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((2, 0, 3)),
        np.arange(6).reshape(2, 3),
        np.array([True, False]),
        np.float32([1.5, np.nan]),
        np.array(3.0),
        np.arange(3, dtype=">i4"),
        np.uint8([255]),
        np.array([2**64 - 1], dtype=np.uint64),
    ],
)
def test_arrays_travel(array):
    back = decode(json.loads(json.dumps(encode(array))))
    np.testing.assert_array_equal(back, array)
    assert back.shape == array.shape
    assert back.dtype == array.dtype.newbyteorder("=")


def test_generators_of_random_numbers_travel_in_their_state():
    rng = np.random.default_rng(3)
    rng.random(5)
    back = decode(json.loads(json.dumps(encode(rng))))
    assert back.random() == np.random.default_rng(3).random(6)[5]


def test_numpy_numbers_become_plain():
    assert type(decode(encode(np.float64(2)))) is float
    assert type(decode(encode(np.bool_(True)))) is bool


def endless():
    while True:
        yield 1


class Endless(list):
    def __iter__(self):
        return endless()


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (endless(), "a generator"),
        (Endless(), "more than"),
        (nested(100), "lists in lists"),
        ("x" * 20_000, "a text of more"),
        (10**400, "a whole number of more"),
        ({1, 2}, "a set"),
        (object(), "an object"),
        (1j, "a complex"),
        (np.array([1j]), "an array of complex"),
        (np.array([object()]), "an array of object"),
        (np.broadcast_to(0.0, 10**12), "more than"),
        ([0] * 300_000, "more than"),
        (lambda: 1, "a function"),
        (b"x", "a bytes"),
    ],
)
def test_other_values_do_not(value, what):
    with pytest.raises(Unfit, match=what):
        encode(value)


@pytest.mark.parametrize(
    "data",
    [
        {"array": [[1, 2], [3], "float64"]},
        {"array": [[1], [1], "object"]},
        {"array": [["x"], [1], "float64"]},
        {"array": [[1.5], [1], "int64"]},
        {"array": [[1], [-1, -1], "float64"]},
        {"array": 3},
        {"tuple": 3},
        {"dict": [[1]]},
        {"dict": [[[1], 2]]},
        {"rng": {"bit_generator": "MT19937"}},
        {"function": 0},
        {"a": 1, "b": 2},
        {"pickle": "x"},
        nested(100),
        10**400,
    ],
)
def test_forged_values_are_refused(data):
    with pytest.raises(Unfit):
        decode(data)


# The check in the notebook


def test_check_tells_points_criteria_and_hint():
    _, code, part, loses, hints = submissions.mutants(NAME)[0]
    namespace = {"np": np}
    exec(submissions.cells(release(NAME))["setup"].source, namespace)
    exec(code, namespace)
    feedback = grading.check(NAME, **{part: namespace[part]})
    most = grading.load(NAME).parts[part].max_points
    assert feedback.points == most - loses
    assert repr(feedback) == str(most - loses)
    assert not feedback.passed
    for shown in (str(feedback), feedback._repr_html_()):
        assert f"{most - loses} of {most} points" in shown
        assert f"of {grading.load(NAME).max_points} points" in shown
    assert grading.load(NAME).parts[part].hints[next(iter(hints))] in str(feedback)


def test_points_so_far_count_the_last_check_of_each_part():
    namespace = {"np": np}
    exec(submissions.cells(release(NAME))["setup"].source, namespace)
    for code in submissions.solutions(NAME).values():
        exec(code, namespace)
    parts = grading.load(NAME).parts
    for name in parts:
        feedback = grading.check(NAME, **{name: namespace[name]})
    assert feedback.so_far == grading.load(NAME).max_points
    feedback = grading.check(NAME, **{PART: lambda *args: None})
    assert feedback.so_far == grading.load(NAME).max_points - parts[PART].max_points


def test_check_takes_the_part_from_the_functions_name():
    function = eval("lambda *args: None")
    function.__name__ = PART
    assert list(grading.check(NAME, part=function).judged) == [PART]


def test_check_refuses_what_it_does_not_know():
    with pytest.raises(ValueError, match="unknown problem set 'schedulse'; did you mean"):
        grading.check("schedulse", x=len)
    with pytest.raises(ValueError, match=f"unknown part of {NAME}"):
        grading.check(NAME, nonsense=len)
    with pytest.raises(ValueError, match="name the part"):
        grading.check(NAME)
    with pytest.raises(TypeError, match="is a function, got 3"):
        grading.check(NAME, **{PART: 3})


def test_html_escapes_what_learners_write():
    def answer(*args):
        raise ValueError("<script>alert(1)</script>")

    assert "<script>" not in grading.check(NAME, **{PART: answer})._repr_html_()


def test_arguments_are_copies():
    """An answer that changes its arguments does not change what is expected."""
    exercise = Exercise("x", title="X", minutes=45, chapters=[])

    @exercise.part("Doubled", points={"all": 1}, hints={})
    def doubled(answer):
        with answer.criterion("all"):
            x = np.arange(3.0)
            answer(x)
            np.testing.assert_array_equal(x, np.arange(3.0))

    def spoil(x):
        x *= 2
        return x

    assert exercise.parts["doubled"].judge(Local(spoil)).points == 1


def test_lent_functions_are_called_on_the_checks_side():
    seen = []

    def square(x):
        seen.append(x)
        return x**2

    assert Local(lambda f: f(np.float64(3)))([square]) == {"value": 9.0}
    assert seen == [3.0]
    assert type(seen[0]) is float


def test_a_check_that_fails_says_so():
    exercise = Exercise("x", title="X", minutes=45, chapters=[])

    @exercise.part("Broken", points={"all": 1}, hints={})
    def broken(answer):
        with answer.criterion("all"):
            answer(1)["no"]

    judged = exercise.parts["broken"].judge(Local(lambda x: x))
    assert judged.points == 0
    assert "cannot judge" in judged.messages[0]


def test_wrong_answers_are_described():
    def told(value, expected, **mistakes):
        exercise = Exercise("x", title="X", minutes=45, chapters=[])

        @exercise.part("X", points={"all": 1}, hints={"half": "Half."})
        def x(answer):
            with answer.criterion("all"):
                answer.close(answer(), expected, **mistakes)

        return exercise.parts["x"].judge(Local(lambda: value)).messages

    assert told(1.0, 1.0) == []
    assert told(np.float32(1), 1.0) == []
    assert told([1, 2], np.array([1.0, 2.0])) == []
    assert told(0.5, 1.0, half=0.5) == ["Half."]
    assert told(0.5, 0.5, half=0.5) == []
    assert told(None, 1.0) == ["It returns None: is the return missing?"]
    assert told(float("nan"), 1.0) == ["NaN or infinity in what it returns: nan."]
    assert told([1, 2], 1.0) == ["Expected a number, got an array of shape (2,)."]
    assert told("1", 1.0) == ["Expected numbers, got '1'."]
    assert told(["1"], [1.0]) == ["Expected numbers, got ['1']."]
    assert told([[1], [1, 2]], 1.0) == ["Expected numbers, got [[1], [1, 2]]."]
    assert told(2.0, 1.0) == ["Expected 1, got 2."]
    assert told({1}, 1.0) == ["It returns a set for x(); a plain value is wanted."]


LONG = list(range(20))
SQUARE = Part("square", "Square", {"all": 1}, {}, lambda answer: None)


@pytest.mark.parametrize(
    ("value", "expected", "said"),
    [
        ([1, 2.5], [1, 2], "Expected [1., 2.], got [1. , 2.5]."),
        (1 + 1e-12, 1.0, "Expected 1.0, got 1.000000000001."),
        ([*LONG[:19], 7], LONG, "The first difference is at [19]: expected 19, got 7."),
        (np.add(LONG, 1e-9), LONG, "The first difference is at [0]: expected 0, got 1e-09."),
        (
            [LONG, LONG[::-1]],
            [LONG, LONG],
            "The first difference is at [1, 0]: expected 0, got 19.",
        ),
        (LONG[:9], LONG, "Expected an array of shape (20,), got an array of shape (9,)."),
    ],
)
def test_numbers_say_where_they_differ_first(value, expected, said):
    answer = Answer(SQUARE, Local(abs), 0)
    with pytest.raises(Wrong) as wrong:
        answer.close(value, expected, rtol=0, atol=0)
    assert str(wrong.value) == said


@pytest.mark.parametrize(
    ("value", "expected", "said"),
    [
        ((1, 3), [1, 2], "Expected [1, 2], got [1, 3]."),
        ((*LONG[:5], 0, *LONG[6:]), LONG, "The first difference is at [5]: expected 5, got 0."),
        (LONG[:9], LONG, "Expected 20 elements, got 9."),
        (np.array(LONG), LONG[::-1], "The first difference is at [0]: expected 19, got 0."),
        ({"a": 1, "b": LONG}, {"a": 1, "b": LONG[:9]}, "The first difference is at ['b']: "),
        ({"a": LONG}, {"b": LONG}, "There is no key 'b'."),
        ({"a": LONG, 3: LONG}, {"a": LONG}, "There is a key too many, 3."),
        ([[LONG]], [[[*LONG[:19], (1,)]]], "at [0, 0, 19]: expected [1], got 19."),
        (0.1 + 0.2, 0.3, "Expected 0.3, got 0.30000000000000004."),
        (3, LONG, "Expected [0, 1, 2, 3, ... 20 in all], got 3."),
        ("a" * 200, "b" * 200, "Expected 'bbb"),
    ],
)
def test_values_say_where_they_differ_first(value, expected, said):
    answer = Answer(SQUARE, Local(abs), 0)
    with pytest.raises(Wrong) as wrong:
        answer.equal(value, expected)
    assert said in str(wrong.value)
    assert len(str(wrong.value)) < 300


def test_equal_keeps_truth_values_and_numbers_apart():
    exercise = Exercise("x", title="X", minutes=45, chapters=[])

    @exercise.part("X", points={"all": 1}, hints={})
    def x(answer):
        for value, expected in [([1, 2], (1, 2)), (2, 2.0), ({"a": [1]}, {"a": (1,)})]:
            answer.equal(value, expected)
        for value, expected in [(True, 1), (1, True), ([1], [1, 2]), ("1", 1), ({}, [])]:
            with pytest.raises(Wrong):
                answer.equal(value, expected)
        with answer.criterion("all"):
            pass

    assert exercise.parts["x"].judge(Local(len)).points == 1


# Cells and processes


def test_statements_after_a_failed_one_run():
    namespace = {}
    problem = run_cell("x = 1\n1 / 0\ny = 2", namespace)
    assert problem == ["ZeroDivisionError", "division by zero", 2]
    assert (namespace["x"], namespace["y"]) == (1, 2)


def test_without_ipython_magics_are_left_out():
    namespace = {}
    source = without_magics("%matplotlib inline\nx = 5 % 3\n!ls\nlen?")
    assert run_cell(source, namespace) is None
    assert namespace["x"] == 2


def test_given_statements_are_not_run():
    namespace = {}
    assert run_cell("x = 1\ny = 2\n1 / 0", namespace, given="x = 1\n1/0") is None
    assert "x" not in namespace
    assert namespace["y"] == 2


@pytest.mark.parametrize("kind", KINDS_HERE)
def test_calls(kind):
    with Sandbox(kind) as sandbox:
        assert sandbox.run_cell("import numpy as np\ndef f(g, x): return g(x) + x") is None
        assert sandbox.call("f", [lambda x: 10 * x, 2]) == {"value": 22}
        assert sandbox.call("f", [1, 2])["error"][0] == "TypeError"
        assert sandbox.call("g", [1]) == {"missing": True}
        sandbox.run_cell("def f(x): return (n for n in x)")
        assert sandbox.call("f", [[1]]) == {"unfit": "a generator"}
        sandbox.run_cell("def f(g, x):\n    try: g(x)\n    except ValueError as e: return str(e)")
        assert sandbox.call("f", [lambda x: 1 / x, 0]) == {"value": "division by zero"}


def test_errors_are_shown_as_plain_text():
    with Sandbox(KINDS_HERE[0]) as sandbox:
        code = "def f(): raise ValueError('\\x1b[31mred\\n\\ud800')"
        sandbox.run_cell(code)
        assert sandbox.call("f", []) == {"error": ["ValueError", " [31mred ?"]}


@pytest.mark.parametrize("kind", KINDS_HERE)
def test_time_is_limited_and_the_process_is_gone(kind):
    sandbox = Sandbox(kind, seconds=0.5)
    with pytest.raises(Died, match="took longer than"):
        sandbox.run_cell("while True: pass")
    assert sandbox._process.poll() is not None


def test_unknown_protection():
    with pytest.raises(ValueError, match="unknown protection 'bubblewrp'; did you mean"):
        best_protection("bubblewrp")


# Whole notebooks


@pytest.mark.parametrize("kind", KINDS_HERE)
def test_marks_do_not_depend_on_the_protection(kind, right):
    marks = mark(EXERCISE, right, protection=kind)
    assert marks.points == marks.max_points
    assert marks.protection.startswith(kind)


def test_the_same_submission_gets_the_same_marks(tmp_path):
    """Twenty times, one with partial credit and messages."""
    _, code, part, _, _ = submissions.mutants(NAME)[0]
    path = submissions.write(tmp_path / "x.ipynb", NAME, submissions.solutions(NAME) | {part: code})
    first = mark(EXERCISE, path).to_json()
    assert 0 < json.loads(first)["points"] < json.loads(first)["max_points"]
    assert all(mark(EXERCISE, path).to_json() == first for _ in range(19))


def edited(path, change):
    """Change a notebook's JSON; return its path."""
    notebook = json.loads(path.read_text())
    change(notebook)
    path.write_text(json.dumps(notebook))
    return path


def spoil_given_cells(notebook):
    for cell in notebook["cells"]:
        if cell["id"] in ("setup", "course") or cell["id"].endswith(("-check", "-example")):
            cell["source"] = "raise SystemExit('edited')"


def delete_given_cells(notebook):
    parts = grading.load(NAME).parts
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] in parts]


def double_given_cells(notebook):
    notebook["cells"] = [cell for cell in notebook["cells"] for _ in range(2)]


def reverse_cells(notebook):
    notebook["cells"] = notebook["cells"][::-1]


def as_colab_saves(notebook):
    notebook["nbformat_minor"] = 0
    for cell in notebook["cells"]:
        cell["metadata"] = {"id": cell.pop("id")}


def lines_as_lists(notebook):
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)


def without_metadata(notebook):
    notebook["metadata"] = {}


def big_output(notebook):
    text = {"output_type": "stream", "name": "stdout", "text": "x" * (50 << 20)}
    notebook["cells"][-1] |= {"cell_type": "code", "outputs": [text]}


@pytest.mark.parametrize(
    "change",
    [
        spoil_given_cells,
        delete_given_cells,
        double_given_cells,
        reverse_cells,
        as_colab_saves,
        lines_as_lists,
        without_metadata,
        big_output,
    ],
)
def test_what_became_of_the_given_cells_changes_nothing(change, right):
    marks = mark(EXERCISE, edited(right, change))
    assert marks.points == marks.max_points


def test_an_own_cell_may_hold_a_helper(tmp_path):
    """And names defined twice mean what they mean in Python: the last one counts."""
    answers = submissions.solutions(NAME)
    code = answers[PART]
    answers[PART] = f"def {PART}(*args):\n    return None"
    path = submissions.write(tmp_path / "x.ipynb", NAME, answers, extra=[code])
    assert mark(EXERCISE, path).points == grading.load(NAME).max_points


def test_a_syntax_error_costs_one_part(tmp_path):
    answers = submissions.solutions(NAME) | {PART: "def oops(:"}
    marks = mark(EXERCISE, submissions.write(tmp_path / "x.ipynb", NAME, answers))
    most = grading.load(NAME)
    assert marks.points == most.max_points - most.parts[PART].max_points
    assert any("SyntaxError" in note for note in marks.notes)


def test_a_cell_that_does_not_end_costs_one_part(tmp_path, monkeypatch):
    monkeypatch.setattr(Sandbox.__init__, "__defaults__", (1.0,))
    answers = submissions.solutions(NAME) | {PART: "while True: pass"}
    marks = mark(EXERCISE, submissions.write(tmp_path / "x.ipynb", NAME, answers))
    most = grading.load(NAME)
    assert marks.points == most.max_points - most.parts[PART].max_points
    assert marks.notes == [f"Cell {PART} was left out: it took longer than 1 seconds."]


def notebook_bytes(**changes):
    notebook = json.loads(release(NAME).read_text())
    return json.dumps(notebook | changes).encode()


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "an empty file"),
        (b" \n", "an empty file"),
        (b"print('hello')", "no notebook, or one that was cut off"),
        (notebook_bytes()[:-500], "no notebook, or one that was cut off"),
        (notebook_bytes().replace(b"Problem set", b"Probl\xe9m set"), "not UTF-8 at byte"),
        (b"[1, 2]", "JSON of something else"),
        (b'{"a": 1}', "JSON of something else"),
        (notebook_bytes(nbformat=3), "a notebook of format 3"),
        (notebook_bytes(cells=None), "a notebook without cells"),
        (notebook_bytes(cells=[]), None),
        (notebook_bytes(cells=[], metadata={}), "none of its answer cells is there"),
        (notebook_bytes(metadata={"hpcourse": {"exercise": "landscapes"}}), "'landscapes'"),
        (b"[" * 200_000, "too deep"),
        (notebook_bytes(cells=[{"cell_type": "code", "source": ""}] * 2001), "2001 cells of code"),
        (notebook_bytes(cells=[None, 3, {}, {"cell_type": "code", "source": {}}]), None),
    ],
)
def test_files_that_are_no_notebook_of_the_set(content, what, tmp_path):
    path = tmp_path / "x.ipynb"
    path.write_bytes(content)
    if what is None:
        assert mark(EXERCISE, path).points == 0
    else:
        with pytest.raises(Unmarkable, match=what):
            mark(EXERCISE, path)


def test_things_that_are_no_file(tmp_path, right):
    (tmp_path / "link.ipynb").symlink_to(right)
    os.mkfifo(tmp_path / "fifo.ipynb")
    for name in ("link", "fifo"):
        with pytest.raises(Unmarkable, match="no regular file"):
            mark(EXERCISE, tmp_path / f"{name}.ipynb")
    with pytest.raises(Unmarkable, match="no regular file"):
        mark(EXERCISE, tmp_path)
    with pytest.raises(Unmarkable, match="cannot be read: No such file"):
        mark(EXERCISE, tmp_path / "missing.ipynb")


# The command line


def test_grade_from_the_command_line(right, tmp_path, capsys):
    out = tmp_path / "marks.json"
    best = ["--protection", KINDS_HERE[0]]
    assert main(["grade", NAME, str(right), "--json", str(out), *best]) == 0
    marks = json.loads(out.read_text())
    assert marks["points"] == marks["max_points"]
    assert marks["parts"].keys() == grading.load(NAME).parts.keys()
    assert f"{marks['points']} of {marks['max_points']} points" in capsys.readouterr().out


def test_errors_from_the_command_line(tmp_path, capsys):
    assert main(["grade", "schedulse", "x.ipynb"]) == 2
    assert "did you mean 'schedules'" in capsys.readouterr().err
    best = ["--protection", KINDS_HERE[0]]
    assert main(["grade", NAME, str(tmp_path / "x.ipynb"), *best]) == 2
    assert "No such file" in capsys.readouterr().err
    assert main(["grade", NAME, "x.ipynb", "--json", str(tmp_path / "no" / "x")]) == 2
    assert "there is no folder" in capsys.readouterr().err


def test_the_wheel_checks_and_marks_alone(tmp_path, right):
    """What Colab installs: the package without the repository, and no Keras, IPython, nbgrader."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    alone = tmp_path / "alone"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(alone)
        names = archive.namelist()
    assert "hpcourse/grading/exercises/release/schedules.ipynb" in names
    assert not [
        name for name in names if "mutants" in name or name.endswith("/schedules/schedules")
    ]
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from hpcourse import grading\n"
        "from hpcourse.grading.exercise import folder\n"
        "from hpcourse.grading.command import main\n"
        "assert str(folder()).startswith(sys.argv[1])\n"
        f"print(grading.check({NAME!r}, {PART}=lambda *args: None))\n"
        "assert not {'keras', 'tensorflow', 'IPython', 'nbgrader'} & set(sys.modules)\n"
        f"sys.exit(main(['grade', {NAME!r}, sys.argv[2], '--protection', {KINDS_HERE[0]!r}]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(alone), str(right)], capture_output=True, text=True
    )
    most = grading.load(NAME).max_points
    assert done.returncode == 0, done.stderr
    assert f"{most} of {most} points" in done.stdout
