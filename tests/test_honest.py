"""Honest work in odd notebooks: what Jupyter, Colab and learners make of a notebook costs no point.

Each notebook has all answers of a set, written or stored in an odd way; it gets the points of the
plain one, and where something was left out, a note that says so.
"""

import json
import re

import attacks
import nbformat
import pytest
from odd_notebooks import (
    FILES,
    FIRST,
    KINDS,
    ODD,
    SECOND,
    SET,
    Notebook,
    nbgrader_points,
    unexplained,
)

from hpcourse.grading import marking, notebook
from hpcourse.grading.notebook import as_python, parse, read_notebook


def marked(nb, tmp_path, encoding="utf-8"):
    path = tmp_path / "x.ipynb"
    path.write_text(json.dumps(nb.raw, ensure_ascii=False), encoding=encoding)
    return marking.mark(SET, path)


@pytest.mark.parametrize("name", ODD)
def test_odd_notebooks_get_the_marks_of_the_plain_one(name, tmp_path, monkeypatch):
    """Read in this process, which saves time; ``make attack`` reads them as marking does."""
    monkeypatch.setattr(marking, "read_notebook", lambda path: parse(path.read_bytes()))
    nb = Notebook()
    ODD[name](nb)
    marks = marked(nb, tmp_path)
    lost = {part: judged.messages for part, judged in marks.parts.items() if judged.messages}
    assert not lost, marks.notes
    assert marks.points == SET.max_points


@pytest.mark.parametrize("name", FILES)
def test_odd_files_are_read(name, tmp_path):
    found = attacks.strike("honest: files", name, attacks.HERE[0], tmp_path)
    assert found[:3] == (0, 0, 0), found.why


def test_there_are_enough_odd_notebooks():
    assert len(ODD) == sum(map(len, KINDS.values())) >= 70
    assert min(len(names) for kind, names in KINDS.items() if kind != "files' contents") >= 20
    assert len(FILES) >= 20


# Of each kind some, and some for which there is a reason; ``make attack`` compares all of them.
COMPARED = ["first line 1", "a_bash_cell", "an_indented_cell", "a_helper_in_a_copy_of_a_given_cell"]
COMPARED += ["a_helper_in_the_setup", "ids_as_in_colab", "ids_lost_altogether", "used again 1"]


def test_nbgrader_gives_the_same_points_or_there_is_a_reason(tmp_path):
    theirs = nbgrader_points(tmp_path, COMPARED)
    assert not unexplained(theirs)
    assert set(theirs) == set(COMPARED)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8"])
def test_a_mark_of_the_byte_order(encoding, tmp_path):
    assert marked(Notebook(), tmp_path, encoding).points == SET.max_points


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("ids_lost_altogether", "lost their ids; the answers were found by their names"),
        ("a_helper_further_down", f"Part {FIRST} uses helper, defined further down"),
        ("a_constant_further_down", f"Part {SECOND} uses TWO, defined further down"),
        ("a_bash_cell", "%%bash is not run"),
    ],
)
def test_what_was_done_is_said(name, note, tmp_path):
    nb = Notebook()
    ODD[name](nb)
    assert any(note in each for each in marked(nb, tmp_path).notes)


def test_what_is_too_long_is_said(tmp_path):
    nb = Notebook()
    nb[FIRST] += "\n# " + 1_000_000 * "x"
    marks = marked(nb, tmp_path)
    assert any(f"Cell {FIRST} was left out: more than 1,000,000" in note for note in marks.notes)
    assert marks.points == SET.max_points - SET.parts[FIRST].max_points


def test_slow_cells_and_an_endless_answer(tmp_path):
    """Each new process repeats the cells, which costs the other parts no time."""
    nb = Notebook()
    for k in range(3):
        nb.add("import time\ntime.sleep(4)", key=f"slow{k}")
    nb[FIRST] = f"def {FIRST}(*args):\n    while True:\n        pass"
    marks = marked(nb, tmp_path)
    assert marks.points == SET.max_points - SET.parts[FIRST].max_points


def test_the_last_function_of_a_name_counts(tmp_path):
    """As in a notebook that was run from top to bottom."""
    nb = Notebook()
    nb.add(f"def {FIRST}(*args):\n    return 0.0")
    assert marked(nb, tmp_path).parts[FIRST].points == 0


def test_a_part_that_ends_its_process_gets_no_second_try(tmp_path):
    """What it was asked before could tell it what to answer now."""
    nb = Notebook()
    calls = "import os\nCALLS = []\n"
    ends = "    CALLS.append(1)\n    if len(CALLS) > 2:\n        os._exit(1)\n"
    helper = nb.helper_out()
    nb[FIRST] = f"{calls}{helper}\ndef {FIRST}(*args):\n{ends}    return helper(*args)"
    marks = marked(nb, tmp_path)
    assert marks.parts[FIRST].messages
    assert marks.parts[FIRST].points < SET.parts[FIRST].max_points
    rest = [judged.points for part, judged in marks.parts.items() if part != FIRST]
    assert sum(rest) == SET.max_points - SET.parts[FIRST].max_points


@pytest.mark.parametrize(
    "source",
    [
        "x = 1\n%time y = x",
        "%%time\nx = 1",
        "files = !ls",
        "x?",
        "  x = 1\n  y = 2",
        ">>> x = 1\n>>> y = 2",
        "x = (5\n% 3)\n!ls",
    ],
)
def test_lines_stay_where_they_are(source):
    python, _ = as_python(source)
    wanted = [line for line in source.splitlines() if not line.startswith("%%")]
    assert len(python.rstrip("\n").splitlines()) >= len(wanted)
    for k, line in enumerate(source.splitlines()):
        if re.fullmatch(r"[>. ]*[xy] = \d", line):
            assert python.splitlines()[k].strip() == line.strip(">. ")


def test_without_ipython_magics_are_left_out_and_it_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("hpcourse.grading.notebook._ipython", lambda: "")
    nb = Notebook()
    nb[FIRST] = "%matplotlib inline\n!ls\n" + nb[FIRST]
    nb[SECOND] = "%%time\n" + nb[SECOND]
    marks = marked(nb, tmp_path)
    assert marks.points == SET.max_points
    assert any("IPython is not installed" in note for note in marks.notes)


@pytest.mark.parametrize(
    ("asks", "found"),
    [
        ("import IPython\n\nn = hasattr(IPython, 'made')", "n = False"),
        ("from IPython import made as n", "n = True"),
    ],
)
def test_the_transformer_is_loaded_without_the_shell_unless_it_asks_for_it(
    asks, found, tmp_path, monkeypatch
):
    core = tmp_path / "IPython" / "core"
    core.mkdir(parents=True)
    (core.parent / "__init__.py").write_text("made = True\n")
    (core / "__init__.py").touch()
    code = "class TransformerManager:\n    transform_cell = lambda self, source: f'n = {n}'"
    (core / "inputtransformer2.py").write_text(f"{asks}\n\n\n{code}\n")
    monkeypatch.setattr(notebook, "_ipython", lambda: str(tmp_path))
    path = tmp_path / "x.ipynb"
    cell = nbformat.v4.new_code_cell("%magic", id="a")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    assert [cell.source for cell in read_notebook(path).cells] == [found]


def test_reading_gives_python(tmp_path):
    path = tmp_path / "x.ipynb"
    cell = nbformat.v4.new_code_cell("%matplotlib inline\nx = !ls", id="a")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    (found,), claimed, notes = read_notebook(path)
    assert (found.key, claimed, notes) == ("a", "", [])
    assert found.source.splitlines()[1] == "x = get_ipython().getoutput('ls')"
    assert found.written == cell.source
