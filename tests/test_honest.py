"""Honest work in odd notebooks: what Jupyter, Colab and learners make of a notebook costs no point.

Each notebook has all answers of a set, written or stored in an odd way; it gets the points of the
plain one, and where something was left out, a note that says so.
"""

import copy
import json
import re
import textwrap

import nbformat
import pytest
import submissions

from hpcourse import grading
from hpcourse.grading import marking
from hpcourse.grading.exercise import release
from hpcourse.grading.notebook import as_python, read_notebook

NAME = "schedules"
SET = grading.load(NAME)
RIGHT = submissions.solutions(NAME)
FIRST, SECOND = "exponential", "cosine"


class Notebook:
    """A set's notebook with its right answers, to be made odd."""

    def __init__(self):
        self.raw = json.loads(release(NAME).read_text(encoding="utf-8"))
        for part, code in RIGHT.items():
            self[part] = code

    @property
    def cells(self):
        return self.raw["cells"]

    def cell(self, key):
        return next(cell for cell in self.cells if cell["id"] == key)

    def __getitem__(self, key):
        return "".join(self.cell(key)["source"])

    def __setitem__(self, key, source):
        self.cell(key)["source"] = source

    def add(self, source, after=None, key="added"):
        cell = copy.deepcopy(self.cell(FIRST))
        cell |= {"source": source, "id": key, "metadata": {}}
        place = len(self.cells) if after is None else self.cells.index(self.cell(after)) + 1
        self.cells.insert(place, cell)

    def helper_out(self, key="helper"):
        """Move a part's work to a helper, which stands elsewhere; return its source."""
        helper = self[FIRST].replace(f"def {FIRST}(", f"def {key}(")
        self[FIRST] = f"def {FIRST}(*args):\n    return {key}(*args)\n"
        return helper


ODD = {}


def odd(change):
    ODD[change.__name__] = change
    return change


def first_line(text):
    def change(nb):
        nb[FIRST] = f"{text}\n{nb[FIRST]}"

    return change


for k, line in enumerate(
    [
        "%%time",
        "%%time\n# is this right?",
        "%%capture",
        "%%capture out",
        "%%timeit -n 1 -r 1",
        "%%prun",
        "%%time\n%%capture",
        "%matplotlib inline",
        "%load_ext autoreload\n%autoreload 2",
        "%config InlineBackend.figure_format = 'retina'",
        "!pip install numpy",
        "files = !ls",
        "?np",
        "np.cos?",
        "np.cos??",
        "%time np.arange(3)",
        "%time here = np.arange(3)",
        "took = %timeit -o -n 1 -r 1 np.arange(3)",
        "%%time\ntook = %timeit -o np.arange(3)\nprint(took.best, took.average)",
        "files = !ls\nprint(files.n, files.s, len(files), [f for f in files if f.endswith('?')])",
        "get_ipython().run_line_magic('matplotlib', 'inline')",
        "get_ipython().system('ls')",
        "print('a question?')\n%pwd",
        "x = (7\n% 4)\n%matplotlib inline",
        "text = '''\n%%time\n!ls\nwhy?\n'''\n%matplotlib inline",
        "#@title The answer { display-mode: 'form' }",
        "# -*- coding: utf-8 -*-",
        "from __future__ import annotations",
        "import matplotlib.pyplot as plt",
        "display(np.arange(3))",
        "assert False, 'not yet'",
        "exit",
    ]
):
    ODD[f"first line {k}"] = first_line(line)


@odd
def a_bash_cell(nb):
    nb.add("%%bash\nls | grep x", after=FIRST)
    nb.add("%%writefile notes.txt\nnot python at all", after=FIRST)
    nb.add("%%html\n<b>bold</b>")
    nb.add("%%javascript\nalert(1)")


@odd
def a_line_magic_whose_value_is_used(nb):
    nb[SECOND] = "%time HALF = 0.5\n" + nb[SECOND].replace("/ 2", "* HALF")


@odd
def a_cell_magic_around_a_helper(nb):
    nb.add("%%time\n# faster?\n" + nb.helper_out(), after="course")


@odd
def display_in_a_function(nb):
    shown = f"def {FIRST}(*args):\n    display(args)\n    return helper(*args)\n"
    nb[FIRST] = f"{nb.helper_out()}\n\n{shown}"


@odd
def plots_in_the_answer_cell(nb):
    nb[FIRST] += "\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\n"


@odd
def an_indented_cell(nb):
    nb[FIRST] = textwrap.indent(nb[FIRST], "    ")


@odd
def a_cell_indented_by_tabs(nb):
    nb[FIRST] = textwrap.indent(nb[FIRST], "\t")


@odd
def pasted_prompts(nb):
    first, *rest = nb[FIRST].splitlines()
    nb[FIRST] = "\n".join([f">>> {first}", *(f"... {line}" for line in rest)])


@odd
def pasted_prompts_of_ipython(nb):
    first, *rest = nb[FIRST].splitlines()
    nb[FIRST] = "\n".join([f"In [3]: {first}", *(f"   ...: {line}" for line in rest)])


# Given cells


@odd
def a_helper_in_a_copy_of_a_given_cell(nb):
    copied = copy.deepcopy(nb.cell(f"{FIRST}-example"))
    copied["source"] = nb.helper_out()
    nb.cells.insert(3, copied)


@odd
def a_helper_in_an_example_cell(nb):
    nb["epochs_done-example"] += "\n\n" + nb.helper_out()


@odd
def a_helper_above_a_check(nb):
    nb["epochs_done-check"] = nb.helper_out() + "\n" + nb["epochs_done-check"]


@odd
def a_helper_in_the_setup(nb):
    nb["setup"] += "\n" + nb.helper_out()


@odd
def a_helper_in_a_demo(nb):
    nb["double_decay-demo"] = nb.helper_out() + "\n" + nb["double_decay-demo"]


@odd
def an_answer_in_an_example_cell(nb):
    nb[f"{FIRST}-example"] = nb[FIRST] + "\n" + nb[f"{FIRST}-example"]
    nb[FIRST] = "# below"


@odd
def an_answer_in_a_new_cell(nb):
    nb.add(nb[FIRST], after=f"{FIRST}-check", key="0123abcd")
    nb[FIRST] = f"def {FIRST}(*args):\n    raise NotImplementedError"


@odd
def an_answer_twice(nb):
    nb.cells.insert(9, copy.deepcopy(nb.cell(FIRST)))


@odd
def all_given_cells_deleted(nb):
    nb.raw["cells"] = [cell for cell in nb.cells if cell["id"] in SET.parts]


@odd
def only_the_setup_deleted(nb):
    nb.cells.remove(nb.cell("setup"))


@odd
def given_cells_that_fail(nb):
    for cell in nb.cells:
        if cell["cell_type"] == "code" and cell["id"] not in SET.parts:
            cell["source"] = "1 / 0"


@odd
def cells_in_reverse_order(nb):
    nb.cells.reverse()


@odd
def all_answers_in_one_cell(nb):
    together = "\n\n".join(RIGHT.values())
    for part in RIGHT:
        nb[part] = "# see the last cell"
    nb.add(together)


# Ids


@odd
def ids_as_in_colab(nb):
    for cell in nb.cells:
        cell["metadata"] |= {"id": cell.pop("id"), "colab": {"base_uri": "x"}}
    nb.raw["nbformat_minor"] = 0
    nb.raw["metadata"]["colab"] = {"provenance": []}


@odd
def ids_of_nbgrader_alone(nb):
    for k, cell in enumerate(nb.cells):
        cell["id"] = f"{k:08x}"


@odd
def ids_lost_altogether(nb):
    for cell in nb.cells:
        cell.pop("id")
        cell["metadata"] = {}
    nb.raw["metadata"], nb.raw["nbformat_minor"] = {}, 4


@odd
def ids_lost_but_the_name_of_the_set(nb):
    for cell in nb.cells:
        cell.pop("id")
        cell["metadata"] = {}
    nb.raw["nbformat_minor"] = 4


@odd
def new_ids_and_no_metadata(nb):
    for k, cell in enumerate(nb.cells):
        cell["id"], cell["metadata"] = f"{k:08x}", {"vscode": {"languageId": "python"}}
    nb.raw["metadata"] = {"language_info": {"name": "python"}}


# Names that are used again


def used_again(code, after=FIRST):
    def change(nb):
        nb.add(code, after=after)

    return change


for k, code in enumerate(
    [
        f"{FIRST} = {FIRST}(np.arange(5), 0.1, 0.1, 10)",
        f"{FIRST} = 3",
        f"for {FIRST} in [1, 2]:\n    print({FIRST})",
        f"del {FIRST}",
        f"class {FIRST}_:\n    {FIRST} = 1",
    ]
):
    ODD[f"used again {k}"] = used_again(code)
    ODD[f"used again at the end {k}"] = used_again(code, after=None)
for k, code in enumerate(
    [
        "for np in range(3):\n    pass",
        "import math as np",
        "np = None",
        "del np, math",
        "abs = sum = min = max = len = range = None",
        "list = [1, 2]; float = 3.0; int = 4",
        "globals().clear()",
        "class math:\n    pass",
        "from math import *",
    ]
):
    ODD[f"spoiled at the end {k}"] = used_again(code, after=None)


@odd
def a_helper_that_is_replaced_later(nb):
    nb.add(nb.helper_out(), after="course", key="one")
    nb.add("def helper(*args):\n    return 0", key="other")


@odd
def a_helper_further_down(nb):
    nb.add(nb.helper_out())


@odd
def a_constant_further_down(nb):
    nb[SECOND] = nb[SECOND].replace("/ 2", "/ TWO")
    nb.add("TWO = 2")


# Files


@odd
def ends_of_lines_of_windows(nb):
    for cell in nb.cells:
        cell["source"] = "".join(cell["source"]).replace("\n", "\r\n")


@odd
def sources_as_lists(nb):
    for cell in nb.cells:
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)


@odd
def blanks_at_the_ends_of_lines(nb):
    for cell in nb.cells:
        cell["source"] = "".join(cell["source"]).replace("\n", "  \n") + "\n\n"


@odd
def outputs_counts_and_attachments(nb):
    for k, cell in enumerate(nb.cells):
        if cell["cell_type"] == "code":
            output = {"output_type": "stream", "name": "stdout", "text": "x" * 10_000}
            cell |= {"execution_count": k, "outputs": [output]}
            cell["metadata"] |= {"collapsed": True, "scrolled": False, "tags": ["a", "b"]}
        else:
            cell["attachments"] = {"image.png": {"image/png": "aGVsbG8="}}
    nb.raw["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}


@odd
def raw_and_empty_cells(nb):
    for key in ("one", "two"):
        nb.add("", after=FIRST, key=key)
    nb.cell("one")["cell_type"] = "raw"


@odd
def a_large_cell(nb):
    nb[FIRST] += "\nTABLE = [" + "0.123456, " * 20_000 + "]\n"


@odd
def letters_of_many_languages(nb):
    nb[FIRST] = "# Übung: η₀ · e^(−λt) 学习率 🙂\nη = 1.0\n" + nb[FIRST]


@odd
def an_answer_with_type_hints_and_decorators(nb):
    nb[FIRST] = "import functools\n\n\n@functools.wraps(print)\n" + nb[FIRST]


@odd
def an_answer_as_a_lambda(nb):
    nb.add(nb.helper_out(), after="course", key="one")
    nb[FIRST] = f"{FIRST} = lambda *args: helper(*args)"


def marked(nb, tmp_path, encoding="utf-8"):
    path = tmp_path / "x.ipynb"
    path.write_text(json.dumps(nb.raw, ensure_ascii=False), encoding=encoding)
    return marking.mark(SET, path)


@pytest.mark.parametrize("name", ODD)
def test_odd_notebooks_get_the_marks_of_the_plain_one(name, tmp_path):
    nb = Notebook()
    ODD[name](nb)
    marks = marked(nb, tmp_path)
    lost = {part: judged.messages for part, judged in marks.parts.items() if judged.messages}
    assert not lost, marks.notes
    assert marks.points == SET.max_points


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


def test_reading_gives_python(tmp_path):
    path = tmp_path / "x.ipynb"
    cell = nbformat.v4.new_code_cell("%matplotlib inline\nx = !ls", id="a")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    (found,), claimed, notes = read_notebook(path)
    assert (found.key, claimed, notes) == ("a", "", [])
    assert found.source.splitlines()[1] == "x = get_ipython().getoutput('ls')"
    assert found.written == cell.source
