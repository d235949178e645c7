"""The build on small books: what is executed and when, what fails it and what does not."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import chapters
import nbformat
import pytest
import weather
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = Path(__file__).resolve().parents[1]
COLAB = "import sys  # the first cell installs the package in Colab"
HIDDEN = {"tags": ["remove-cell"]}
WEATHER = [
    new_markdown_cell("# The weather\n\nAbout 7<!--= 1 + days ± 1--> days were measured."),
    new_code_cell(COLAB, metadata=HIDDEN),
    new_code_cell("days = 7\nfrom hpcourse.claims import claim", id="days"),
    new_markdown_cell(
        "It rained on 3<!--= days - 3--> of them. Sunny: .50<!--= days / 8 ± 20%-->."
    ),
    new_code_cell(
        'claim("the sky is *green*", 0.2, low=0.5)\n'
        'claim("it is warm", [20, 25], low=15)\n'
        'claim("of MNIST only", None, low=1, applies=False)\n'
        'claim("the sea is calm", days < 3)',
        metadata=HIDDEN,
        id="claims",
    ),
    new_markdown_cell("## What follows\n\nA paragraph."),
    new_code_cell(
        "from matplotlib import pyplot as plt\ndays = 5\nplt.plot([0, days]);",
        metadata={"mystnb": {"image": {"alt": "A line that rises to 5<!--= days-->."}}},
    ),
    new_markdown_cell("*Figure: a line that ends at 5<!--= days-->, not at 9<!--= days-->.*"),
    new_code_cell('from IPython.display import clear_output\nprint("go" + "ne")\nclear_output()'),
    new_code_cell('shown = display("first", display_id=True)\nshown.update("second")'),
]
PLAIN = [
    new_markdown_cell("# Plain\n\nNothing is claimed."),
    new_code_cell(COLAB, metadata=HIDDEN),
    new_code_cell("print(6 * 7)"),
]


def write(path, cells):
    """Write a chapter; keep its kernel's name as all chapters do."""
    notebook = new_notebook(cells=[cell.copy() for cell in cells])
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "myst": {"html_meta": {"description": "A chapter of the small book."}},
        }
    )
    nbformat.write(notebook, path)


class Book:
    """A book of two chapters, with the build of this one."""

    def __init__(self, root):
        self.root = root
        leave = shutil.ignore_patterns("*.ipynb", "__pycache__", "intro.md", "appendix")
        shutil.copytree(ROOT / "book", root / "book", ignore=leave)
        for name in ("_config.yml", "pyproject.toml", "requirements.lock"):
            shutil.copy(ROOT / name, root)
        for name in ("hpcourse", "exercises"):
            (root / name).symlink_to(ROOT / name)
        (root / "tests").mkdir()
        (root / "book" / "intro.md").write_text("# Welcome\n\nTo a small book.\n")
        (root / "book" / "status.md").write_text("# Status\n\n```{chapter-status}\n```\n")
        (root / "_toc.yml").write_text(
            "format: jb-book\nroot: book/intro\nparts:\n  - caption: All\n    numbered: true\n"
            "    chapters:\n      - file: book/weather_report\n      - file: book/plain\n"
            "      - file: book/status\n"
        )
        self.weather = root / "book" / "weather_report.ipynb"
        write(self.weather, WEATHER)
        write(root / "book" / "plain.ipynb", PLAIN)

    def run(self, *command):
        """Run Python in the book's folder; return the status and what was said."""
        environment = os.environ | {"HPCOURSE_RUN": "small", "PYTHONPATH": ""}
        environment.pop("PYTEST_XDIST_WORKER", None)
        done = subprocess.run(
            [sys.executable, *command],
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stdout + done.stderr

    def build(self):
        return self.run("book/build.py")

    def page(self, name):
        """What a page shows, parsed, and as text."""
        html = (self.root / "_build" / "html" / "book" / f"{name}.html").read_text()
        article = BeautifulSoup(html, "html.parser").find("article")
        return article, " ".join(article.get_text(" ").split())

    def executions(self):
        """The chapters that were executed, in order."""
        lines = (self.root / "_build" / "executions.txt").read_text().splitlines()
        return [line.split()[-1] for line in lines]


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A small book in which two claims and one number do not hold, built."""
    book = Book(tmp_path_factory.mktemp("book"))
    book.status, book.said = book.build()
    return book


def test_claims_that_fail_do_not_fail_the_build(book):
    assert book.status == 0, book.said
    assert "5 of 9 claims did not hold on this machine:" in book.said
    assert "1, The weather: the sky is *green* (here 0.2, claimed at least 0.5)" in book.said
    assert "1, The weather: the sea is calm (here False, claimed True)" in book.said
    assert "a line that ends at 5, not at 9” (here 5, claimed 9)" in book.said
    assert "of MNIST only" not in book.said


def test_the_build_names_each_chapter_and_nothing_else(book):
    lines = book.said.splitlines()
    assert lines[0] == "Executing 2 chapters, two at a time ..."
    assert {line.split()[1] for line in lines[1:3]} == {"The", "Plain"}
    assert all(line.endswith(" s") for line in lines[1:3])
    assert "Warning" not in book.said


def test_a_notice_stands_at_each_claim(book):
    article, text = book.page("weather_report")
    notices = article.select("div.admonition.warning")
    assert len(notices) == 4  # at the top, at the number, at the cell, at the caption
    assert "5 claims of this page did not hold" in notices[0].get_text()
    assert "of them. Sunny: .50”" in notices[1].get_text()
    assert "the sky is *green*" in notices[2].get_text()
    assert "the sea is calm" in notices[2].get_text()
    assert "it is warm" not in text
    assert "not at 9”" in notices[3].get_text()
    order = [text.index(words) for words in ("It rained", "the sky is *green*", "What follows")]
    assert order == sorted(order)


def test_numbers_are_those_of_the_run(book):
    article, text = book.page("weather_report")
    assert "About 6 days were measured." in text  # at the end: days is 5 by then
    assert "It rained on 4 of them. Sunny: .88." in text
    assert "A line that ends at 5, not at 5." in text
    assert article.find("img")["alt"] == "A line that rises to 5."
    assert "<!--" not in str(article)


def test_outputs_that_change_are_shown_as_they_end(book):
    _, text = book.page("weather_report")
    assert "gone" not in text
    assert "'second'" in text
    assert "matplotlib.lines" not in text, "a semicolon suppresses a cell's value"
    assert "'first'" not in text


def test_the_status_page_lists_the_chapters(book):
    article, _ = book.page("status")
    rows = [[cell.get_text() for cell in row.find_all("td")] for row in article.select("tbody tr")]
    assert rows[0][0].endswith("The weather")
    assert rows[0][2:] == ["none", "9", "4", "yes"]
    assert rows[1][2:] == ["none", "0", "0", "yes"]
    assert rows[2][3:5] == ["9", "4"]


def test_only_what_has_changed_is_executed(book):
    assert sorted(book.executions()) == ["plain", "weather_report"]
    written = (book.root / "_build" / "html" / "book" / "plain.html").stat().st_mtime_ns
    status, said = book.build()
    assert status == 0
    assert "Executing" not in said
    assert "Writing" not in said
    assert (book.root / "_build" / "html" / "book" / "plain.html").stat().st_mtime_ns == written
    assert len(book.executions()) == 2


def test_in_the_tests_a_claim_that_fails_is_a_failure(book):
    status, said = book.run("-m", "pytest", "-n", "0", "-p", "no:cacheprovider", "book")
    assert status == 1
    assert "3 failed" in said
    assert "- the text says “It rained on 3” (here 4, claimed 3)" in said
    assert "- the sky is *green* (here 0.2, claimed at least 0.5)" in said
    assert "- the sea is calm (here False, claimed True)" in said
    assert "Sunny: .50” (here .88, claimed .50 ± 20%)" in said


def test_a_cell_that_fails_fails_the_build_and_its_page_says_so(book):
    cells = [*PLAIN, new_code_cell("1 / 0"), new_code_cell("print('never')")]
    kept = (book.root / "book" / "plain.ipynb").read_text()
    write(book.root / "book" / "plain.ipynb", cells)
    try:
        status, said = book.build()
        assert status == 1
        assert "2, Plain, cell 4: ZeroDivisionError: division by zero" in said
        assert "5 of 9 claims" in said
        article, text = book.page("plain")
        assert "This page broke off" in article.select_one("div.admonition.error").get_text()
        assert "Cell 4 failed" in text
        assert text.index("This page broke off") < text.index("Nothing is claimed")
        assert "42" in text
        _, status_page = book.page("status")
        assert "no: broke off at cell 4" in status_page
        before = len(book.executions())
        assert book.build()[0] == 1, "a chapter that broke off is tried again"
        assert book.executions()[before:] == ["plain"]
    finally:
        (book.root / "book" / "plain.ipynb").write_text(kept)


def test_a_number_that_cannot_be_computed_fails_the_chapter(tmp_path):
    path = ROOT / "book" / "none.ipynb"
    cells = [*PLAIN, new_markdown_cell("Some 5<!--= missing-->.")]
    notebook = new_notebook(cells=cells)
    assert chapters.evaluated_after(notebook) == [2]
    book = Book(tmp_path)
    write(book.root / "book" / path.name.replace("none", "plain"), cells)
    status, said = book.run("-m", "pytest", "-n", "0", "book/plain.ipynb")
    assert status == 1
    assert "the number float(missing) in the text below: NameError" in said


# What a result depends on


@pytest.fixture
def tree(tmp_path):
    """A copy of the package and a chapter that uses one module of it."""
    shutil.copytree(
        ROOT / "hpcourse", tmp_path / "hpcourse", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "requirements.lock", tmp_path)
    return tmp_path


def key(tree, code="from hpcourse.schedules import TimeBased"):
    for cached in (chapters.front_doors, chapters.module, chapters.surroundings):
        cached.cache_clear()
    return chapters.key(new_notebook(cells=[new_code_cell(code)]), tree)


def change(path, before, after):
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))


def test_results_outlive_docstrings_comments_grading_and_what_is_not_used(tree):
    before = key(tree)
    change(
        tree / "hpcourse" / "schedules" / "base.py",
        '"""',
        '"""Another word. ',
    )
    change(tree / "hpcourse" / "schedules" / "base.py", "import ", "import  ")
    for path in (tree / "hpcourse").glob("*/*.py"):
        if path.parent.name in ("grading", "bayes", "training"):
            path.write_text(path.read_text() + "\nNEW = 1\n")
    assert key(tree) == before


@pytest.mark.parametrize(
    "name", ["schedules/decays.py", "schedules/base.py", "schedules/__init__.py", "__init__.py"]
)
def test_results_end_with_the_code_that_they_reach(tree, name):
    before = key(tree)
    path = tree / "hpcourse" / name
    path.write_text(path.read_text() + "\nNEW = 1\n")
    assert key(tree) != before


def test_results_end_with_records_lock_code_and_expressions(tree):
    before = key(tree)
    (tree / "hpcourse" / "records" / "new.json").write_text("{}")
    after = key(tree)
    (tree / "requirements.lock").write_text("")
    other = new_notebook(cells=[new_markdown_cell("5<!--= 2 + 3-->")])
    same = new_notebook(cells=[new_markdown_cell("five")])
    assert len({before, after, key(tree), key(tree, "x = 1")}) == 4
    assert chapters.key(other, tree) != chapters.key(same, tree)


def test_data_that_are_gone_end_results(tree, monkeypatch):
    from hpcourse import datasets

    monkeypatch.setattr(datasets, "find", lambda: tree / "hpcourse" / "schedules" / "base.py")
    before = key(tree)
    monkeypatch.setattr(datasets, "find", lambda: None)
    assert key(tree) != before


# The weather


def result(folder, name, value, error=None):
    """A result of a chapter with one claim, in one environment."""
    output = {"sentence": "s", "state": "held" if value >= 1 else "failed", "logical": False}
    output |= {"least": value, "most": value, "low": 1.0, "high": None, "spread": None}
    cell = new_code_cell("x", id="x")
    cell.outputs = [nbformat.v4.new_output("display_data", {chapters.MIME: output})]
    notebook = new_notebook(cells=[cell])
    measured = {"key": chapters.key(notebook, folder), "numbers": [], "error": error, "seconds": 1}
    chapters.save(notebook, measured | {"data": ""}, folder / "book" / "c.ipynb", folder, name)


def gathered(tmp_path, values):
    (tmp_path / "book").mkdir()
    (tmp_path / "requirements.lock").write_text("")
    nbformat.write(new_notebook(cells=[new_code_cell("x", id="x")]), tmp_path / "book" / "c.ipynb")
    for n, value in enumerate(values):
        result(tmp_path, tmp_path / f"e{n}", value)
    folders = {f"e{n}": tmp_path / f"e{n}" for n in range(len(values))}
    return weather.gather(tmp_path / "book" / "c.ipynb", folders, tmp_path)


def test_weather_measures_the_distance_to_a_bound_in_spreads():
    def claim(value, spread=None, high=None):
        ends = {"least": value, "most": value, "low": 1.0, "high": high, "spread": spread}
        return ends | {"state": "held"}

    two = {"a": claim(1.2), "b": claim(1.4)}
    assert weather.distance(two) == pytest.approx(0.2 / (0.2 / 2**0.5))
    assert weather.distance({name: c | {"spread": 1} for name, c in two.items()}) == (
        pytest.approx(0.2)
    )
    assert weather.distance({"a": claim(2.0), "b": claim(2.0)}) == float("inf")
    assert weather.distance({"a": claim(2.0, 0.5, high=2.1), "b": claim(2.0, 0.5)}) == (
        pytest.approx(0.2)
    )


def test_weather_knows_its_environments():
    known = weather.environments()
    assert {"own choice", "Nehalem, SSE41", "oneDNN off, one thread", "busy"} <= set(known)
    with pytest.raises(SystemExit, match="unknown environment"):
        weather.main(["sunshine"])


def test_weather_gathers_what_each_environment_gave(tmp_path, monkeypatch):
    claims, broken = gathered(tmp_path, [1.5, 0.5])
    assert not broken
    assert [c["state"] for c in claims[0].values()] == ["held", "failed"]
    assert json.loads(json.dumps(claims))
