"""Honest work in odd notebooks, as one table: what Jupyter, Colab and learners make of a notebook.

Each case changes a notebook that has all answers of a set; none may cost a point. ``ODD`` has them
by name, ``KINDS`` says of which kind each is.
"""

import copy
import json
import shutil
import textwrap
import zipfile

import submissions

from hpcourse import grading
from hpcourse.grading.exercise import release

NAME = "schedules"
SET = grading.load(NAME)
RIGHT = submissions.solutions(NAME)
FIRST, SECOND = "exponential", "cosine"


class Notebook:
    """A set's notebook with its right answers, to be made odd."""

    def __init__(self, path=None):
        self.raw = json.loads((path or release(NAME)).read_text(encoding="utf-8"))
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

    def write(self, path, encoding="utf-8"):
        """Write it; return its path."""
        path.write_text(json.dumps(self.raw, ensure_ascii=False), encoding=encoding)
        return path

    def helper_out(self, key="helper"):
        """Move a part's work to a helper, which stands elsewhere; return its source."""
        helper = self[FIRST].replace(f"def {FIRST}(", f"def {key}(")
        self[FIRST] = f"def {FIRST}(*args):\n    return {key}(*args)\n"
        return helper


ODD = {}


def odd(change):
    ODD[change.__name__] = change
    return change


KINDS = {}  # names of the cases of each kind


def kind(name):
    """Say that the cases since the last call are of a kind."""
    known = {each for names in KINDS.values() for each in names}
    KINDS.setdefault(name, []).extend(each for each in ODD if each not in known)


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


kind("magics")


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


# What only looks odd
for k, line in enumerate(
    [
        "await __import__('asyncio').sleep(0)",
        "name = input('Who are you? ')",
        "raise SystemExit('done')",
        "with open('data.csv') as file:\n    file.read()",
        "import pandas as pd, torch",
        "print('x' * 100_000)",
        "if (n := 3) > 2: print(n); m = n",
        "match 3:\n    case 3:\n        pass",
        "x = 1 + \\\n    2",
        "\f",
        '"""A text\nof two lines, is it?"""',
        "x: int = 3",
        "import random; random.seed(1)",
        "import warnings; warnings.simplefilter('error')",
        "np.seterr(all='raise')",
        "import sys; sys.setrecursionlimit(2_000)",
        "global x",
        "import logging; logging.basicConfig()",
    ]
):
    ODD[f"odd line {k}"] = first_line(line)


def indented(text):
    def change(nb):
        nb[FIRST] = textwrap.indent(nb[FIRST], text, lambda line: True)

    return change


for text in (" ", "  ", "\t\t", "        ", "  \t"):
    ODD[f"indented by {text!r}"] = indented(text)


@odd
def prompts_with_what_was_printed(nb):
    first, *rest = nb[FIRST].splitlines()
    lines = [
        f">>> {first}",
        *(f"... {line}" if line else "..." for line in rest),
        "...",
        ">>> 1 + 1",
    ]
    nb[FIRST] = "\n".join([*lines, "2"])


@odd
def an_answer_as_a_partial(nb):
    nb.add(nb.helper_out(), after="course", key="one")
    nb[FIRST] = f"import functools\n{FIRST} = functools.partial(helper)"


@odd
def an_answer_as_a_callable_object(nb):
    call = nb.helper_out("__call__").replace("(", "(self, ", 1)
    body = textwrap.indent(call, "    ")
    nb[FIRST] = f"class Rate:\n{body}\n\n\n{FIRST} = Rate()"


@odd
def an_answer_in_a_condition(nb):
    nb[FIRST] = "if True:\n" + textwrap.indent(nb[FIRST], "    ")


@odd
def an_answer_after_a_return_of_a_wrapper(nb):
    nb[FIRST] += f"\n\ndef named(f):\n    return lambda *a: f(*a)\n\n{FIRST} = named({FIRST})"


kind("forms")
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


def helper_into(key, below):
    def change(nb):
        pieces = [nb[key], nb.helper_out()]
        nb[key] = "\n\n".join(pieces if below else pieces[::-1])

    return change


for key in ("colab", "setup", "course", "epochs_done-example", f"{FIRST}-example", "cosine-check"):
    for below in (False, True):
        ODD[f"helper {'below' if below else 'above'} {key}"] = helper_into(key, below)
for key in ("plateau-check", "plateau-demo", "warm_up-demo", "updates_until-example"):
    ODD[f"helper below {key}"] = helper_into(key, True)


def copied(key, source):
    """Put work into a copy of a cell, which bears the same id and metadata."""

    def change(nb):
        copy_ = copy.deepcopy(nb.cell(key))
        copy_["source"] = nb.helper_out() if source is None else source
        nb.cells.insert(nb.cells.index(nb.cell("course")) + 1, copy_)

    return change


for key in ("setup", "course", "epochs_done-check", "plateau-demo", f"{FIRST}-example"):
    ODD[f"helper in a copy of {key}"] = copied(key, None)
    ODD[f"scribbles in a copy of {key}"] = copied(key, "x = 1  # try this?\nprint(x)")
kind("given cells")
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


def ids_from(name, metadata):
    """Give each cell another id, and metadata that some editor writes."""

    def change(nb):
        for k, cell in enumerate(nb.cells):
            was = cell.get("id")
            cell["id"] = name(k, was)
            cell["metadata"] = metadata(k, was, cell["metadata"])

    return change


def kept(k, was, metadata):
    return metadata


EDITORS = {
    "numbers": (lambda k, was: f"{k}", kept),
    "long numbers": (lambda k, was: f"{k:032x}", kept),
    "letters": (lambda k, was: "x" * (k % 64 + 1), kept),
    "one id for all": (lambda k, was: "a", kept),
    "ids of Colab beside": (lambda k, was: f"{k:x}", lambda k, was, m: {**m, "id": was}),
    "ids of VS Code": (lambda k, was: f"{k:x}", lambda k, was, m: {**m, "vscode": {}}),
    "ids moved on by one": (lambda k, was: f"{was}-1", kept),
    "only ids": (lambda k, was: was, lambda k, was, m: {}),
    "only ids of Colab": (lambda k, was: f"{k}", lambda k, was, m: {"id": was}),
    "no text as id": (lambda k, was: k, kept),
    "nothing as id": (lambda k, was: None, kept),
    "no metadata that are any": (lambda k, was: was, lambda k, was, m: []),
    "all lost, numbers": (lambda k, was: f"{k}", lambda k, was, m: {}),
    "all lost, tags": (lambda k, was: f"{k:08x}", lambda k, was, m: {"tags": ["x"]}),
}
for name, (new_id, metadata) in EDITORS.items():
    ODD[f"ids: {name}"] = ids_from(new_id, metadata)


@odd
def ids_of_two_answers_exchanged(nb):
    one, two = nb.cell(FIRST), nb.cell(SECOND)
    one["source"], two["source"] = two["source"], one["source"]


@odd
def two_answers_merged(nb):
    nb[FIRST] += "\n\n" + nb[SECOND]
    nb.cells.remove(nb.cell(SECOND))


@odd
def an_answer_split(nb):
    nb.add(f"def doubled(*args):\n    return {FIRST}(*args)", after=FIRST, key="half")
    nb.add(nb.helper_out("undoubled"), after=FIRST, key="other-half")
    nb[FIRST] += "\n# goes on below"


@odd
def half_of_the_ids_lost(nb):
    for cell in nb.cells[::2]:
        cell.pop("id")
        cell["metadata"] = {}


@odd
def an_old_format(nb):
    for cell in nb.cells:
        cell.pop("id")
    nb.raw["nbformat_minor"] = 2


@odd
def a_format_of_the_future(nb):
    nb.raw["nbformat_minor"] = 9
    for cell in nb.cells:
        cell["author"] = "me"


kind("ids")
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
        "exec('np = 3')",
        "globals().update(dict.fromkeys(['np', 'math'], 3))",
        "class math:\n    pass",
        "from math import *",
    ]
):
    ODD[f"spoiled at the end {k}"] = used_again(code, after=None)


for k, code in enumerate(
    [
        f"import numpy as {FIRST}",
        f"with open('x') as {FIRST}:\n    pass",
        f"try:\n    1 / 0\nexcept ZeroDivisionError as {FIRST}:\n    pass",
        f"[{FIRST} := 3]",
        f"{FIRST}, x = 1, 2",
        f"def {FIRST}_too():\n    return {FIRST}(1, 0.1, 0.1, 10)",
        f"rates = [{FIRST}(k, 0.1, 0.1, 10) for k in range(3)]",
    ]
):
    ODD[f"used again, too {k}"] = used_again(code)


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


kind("names used again")
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


kind("files' contents")


# Files by how they come in: each puts one submission into a folder.
FILES = {}
for name in [
    "A.IPYNB",
    "a.ipynb.json",
    "a.IPYNB.TXT",
    "a.Ipynb",
    "a b.ipynb",
    "ü.ipynb",
    "a (1).ipynb",
]:
    FILES[name] = lambda place, content, name=name: (place / name).write_bytes(content)
for name in [
    "-a.ipynb",
    "a.ipynb.ipynb",
    "a.b.c.ipynb",
    "a_LATE_1_2_x-1.ipynb",
    "~a.ipynb",
    "%.ipynb",
]:
    FILES[name] = lambda place, content, name=name: (place / name).write_bytes(content)


def zipped(name="z.zip", inside="a.ipynb", method=zipfile.ZIP_DEFLATED, more=(), before=b""):
    """A zip with one submission, and other files."""

    def put(place, content):
        (place / name).parent.mkdir(exist_ok=True)
        with zipfile.ZipFile(place / name, "w", method) as packed:
            packed.comment = b"from the platform"
            packed.writestr(inside, content)
            for each in more:
                packed.writestr(each, b"x")
        (place / name).write_bytes(before + (place / name).read_bytes())

    return put


FILES |= {
    "zip": zipped(),
    "ZIP": zipped("Z.ZIP"),
    "zip in a folder": zipped("folder/z.zip"),
    "zip, stored": zipped(method=zipfile.ZIP_STORED),
    "zip by bzip2": zipped(method=zipfile.ZIP_BZIP2),
    "zip by lzma": zipped(method=zipfile.ZIP_LZMA),
    "zip with folders": zipped(inside="Ada_1_assignsubmission_file/a.ipynb"),
    "zip with letters": zipped(inside="Übung/é 学.ipynb"),
    "zip of a Mac": zipped(more=["__MACOSX/._a.ipynb", "__MACOSX/a.ipynb", ".DS_Store"]),
    "zip with the ways of Windows": zipped(inside="Ada\\a.ipynb"),
    "zip with other files": zipped(more=["data.csv", "a.py", "a.html", "figure.png"]),
    "zip that unpacks itself": zipped(before=b"#!/bin/sh\n"),
    "zip, endings in capitals": zipped(inside="A.IPYNB"),
}


def nbgrader_points(course, names):
    """Return what nbgrader's autograding gives these cases, by part; None where it stops at one.

    Cells that draw and train are left out, which are neither graded nor what is odd.
    """
    from nbgrader.api import Gradebook, MissingEntry

    submissions.nbgrader_source(course, NAME)
    path = course / "source" / NAME / f"{NAME}.ipynb"
    source = json.loads(path.read_text(encoding="utf-8"))
    for cell in source["cells"]:
        if cell["id"].endswith(("-demo", "-train", "colab")):
            cell["source"] = "pass"
        if cell["id"] == "course":
            cell["source"] = "from hpcourse.grading import check"
    path.write_text(json.dumps(source), encoding="utf-8")
    found, waiting = {}, {f"s{k:03}": name for k, name in enumerate(names)}
    submissions.nbgrader(course, "generate_assignment", NAME)
    for student, name in waiting.items():
        notebook = Notebook(course / "release" / NAME / f"{NAME}.ipynb")
        ODD[name](notebook)
        place = course / "submitted" / student / NAME
        place.mkdir(parents=True)
        notebook.write(place / f"{NAME}.ipynb")
    while waiting:  # what it stops at is taken away, so that it goes on with the others
        done = submissions.nbgrader_stops(course, "autograde", NAME)
        there = {path.name for path in (course / "autograded").glob("*")}
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
            for student in sorted(set(waiting) & there):
                try:
                    marks = gradebook.find_submission(NAME, student).notebooks[0].grades
                    found[waiting.pop(student)] = {
                        grade.name.removesuffix("-check"): int(grade.score) for grade in marks
                    }
                except (MissingEntry, IndexError):
                    found[waiting.pop(student)] = None
        if done:
            found |= dict.fromkeys(waiting.values())
            break
        if waiting:
            student = min(waiting)
            found[waiting.pop(student)] = None
            shutil.rmtree(course / "submitted" / student)
    return found


# Why nbgrader gives fewer points than ours; a star stands for any ending.
REASONS = {
    "its cell is run as one: what fails keeps the answer below from being defined": [
        "first line 30",
        *(f"odd line {k}" for k in (1, 2, 3, 4)),
    ],
    "what %%timeit runs defines nothing": ["first line 4"],
    "np.seterr holds for its checks too, which run in the same process": ["odd line 14"],
    "it puts its own given cells in the place of the learner's, and a helper there is gone": [
        "a_helper_above_a_check",
        "a_helper_in_the_setup",
        "helper above setup",
        "helper below setup",
        "helper above course",
        "helper below course",
        "helper above cosine-check",
        "helper below cosine-check",
        "helper below plateau-check",
    ],
    "its checks are run where they stand, and what they need stands further down": [
        "a_helper_in_a_demo",
        f"helper below {FIRST}-example",
        "helper below plateau-demo",
        "helper below warm_up-demo",
        "helper below updates_until-example",
        "an_answer_in_a_new_cell",
        "ids_of_two_answers_exchanged",
        "cells_in_reverse_order",
        "all_answers_in_one_cell",
        "a_helper_further_down",
        "a_constant_further_down",
    ],
    "it does not put back given cells that were deleted": [
        "all_given_cells_deleted",
        "only_the_setup_deleted",
    ],
    "it stops at two cells of one id": [
        "an_answer_twice",
        *(
            f"{what} in a copy of {key}"
            for key in ("setup", "course", "epochs_done-check")
            for what in ("helper", "scribbles")
        ),
    ],
    "it knows cells by its metadata alone, which are lost": [
        "ids_lost*",
        "new_ids_and_no_metadata",
        "ids: only ids*",
        "ids: all lost*",
        "half_of_the_ids_lost",
    ],
    "it stops at a file that is no valid notebook": [
        "ids: no text as id",
        "ids: nothing as id",
        "ids: no metadata that are any",
    ],
    "its check is run after the cell that uses the name again": [
        *(f"used again {k}" for k in (0, 1, 2, 3)),
        *(f"used again, too {k}" for k in (0, 2, 3, 4)),
    ],
}
MOST = {name: part.max_points for name, part in SET.parts.items()}


def reason(name):
    """Return why nbgrader gives an odd notebook fewer points than ours, or None."""
    for why, names in REASONS.items():
        if any(
            name == each or (each.endswith("*") and name.startswith(each[:-1])) for each in names
        ):
            return why
    return None


def unexplained(theirs):
    """Return where nbgrader's points differ from ours without a reason, or the reverse."""
    wrong = []
    for name, points in theirs.items():
        why = reason(name)
        if points != MOST and why is None:
            wrong.append(f"{name}: nbgrader gives {points}, without a reason")
        if points == MOST and why is not None:
            wrong.append(f"{name}: nbgrader gives all points, though {why}")
    return wrong
