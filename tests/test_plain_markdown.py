"""Plain Markdown becomes numbered figures and equations, and links to the bibliography."""

import io
import sys
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

EXTENSIONS = Path(__file__).resolve().parents[1] / "book" / "_ext"
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
BIBLIOGRAPHY = """
@article{polyak1964, author={Polyak, Boris T.}, title={Some {Methods}}, journal={A Journal},
  year={1964}, doi={10.1016/0041-5553(64)90137-5}}
@misc{bergstra2012, author={Bergstra, James and Bengio, Yoshua}, title={Random Search},
  year={2012}, url={https://jmlr.org/papers/v13/bergstra12a.html}}
"""


def picture(alt="A line that rises."):
    """A code cell with a stored picture."""
    metadata = {"mystnb": {"image": {"alt": alt}}} if alt else {}
    output = new_output("display_data", {"image/png": PNG, "text/plain": "<Figure>"})
    return new_code_cell("plot()", metadata=metadata, outputs=[output])


def build(folder, *cells):
    """Build a site with one page; return the page and the warnings."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = new_notebook(
        metadata={"kernelspec": kernel},
        cells=[new_markdown_cell("# Title"), *cells],
    )
    (folder / "book" / "appendix").mkdir(parents=True)
    nbformat.write(notebook, folder / "page.ipynb")
    (folder / "works.bib").write_text(BIBLIOGRAPHY)
    (folder / "index.md").write_text(
        "# Index\n\n```{toctree}\n:numbered:\npage\nbook/appendix/bibliography\n```\n"
    )
    (folder / "book" / "appendix" / "bibliography.md").write_text(
        "# Works\n\n```{bibliography}\n:all:\n```\n"
    )
    settings = {
        "extensions": ["myst_nb", "sphinxcontrib.bibtex", "plain_markdown"],
        "bibtex_bibfiles": ["works.bib"],
        "bibtex_cite_id": "cite-{key}",
        "html_theme": "basic",
        "myst_enable_extensions": ["dollarmath"],
        "nb_execution_mode": "off",
        "numfig": True,
    }
    warnings = io.StringIO()
    with patch_docutils(folder), docutils_namespace():
        Sphinx(
            folder,
            None,
            folder / "html",
            folder / "doctrees",
            "html",
            confoverrides=settings,
            status=None,
            warning=warnings,
        ).build()
    return BeautifulSoup((folder / "html" / "page.html").read_text(), "html.parser"), (
        warnings.getvalue()
    )


@pytest.fixture(autouse=True)
def _find_extension(monkeypatch):
    monkeypatch.syspath_prepend(str(EXTENSIONS))
    yield
    for name in ("plain_markdown", "course_pages"):
        sys.modules.pop(name, None)


def test_caption_below_a_picture(tmp_path):
    text = "*Figure: what `code` and $x^2$ show.*\n\nText after it."
    page, warnings = build(tmp_path, picture(), new_markdown_cell(text))
    assert not warnings
    figure = page.find("figure")
    assert figure["id"] == "figure-page-1"
    assert figure.img["alt"] == "A line that rises."
    assert figure.select_one(".caption-number").text.strip() == "Fig. 1.1"
    caption = figure.select_one(".caption-text")
    assert caption.text.startswith("What code and ")
    assert caption.code
    assert caption.select_one(".math")
    assert "Text after it." in page.text
    assert "Figure:" not in page.text


def test_figures_are_counted(tmp_path):
    captions = [new_markdown_cell(f"*Figure: number {count}.*") for count in (1, 2)]
    page, warnings = build(tmp_path, picture(), captions[0], picture(), captions[1])
    assert not warnings
    assert [f["id"] for f in page.find_all("figure")] == ["figure-page-1", "figure-page-2"]


@pytest.mark.parametrize("text", ["*An aside.*", "*Table: numbers.*", "Figure: not in italics."])
def test_other_paragraphs_stay(tmp_path, text):
    page, warnings = build(tmp_path, picture(), new_markdown_cell(text))
    assert not warnings
    assert not page.find("figure")
    assert text.strip("*") in page.text


def test_figure_without_alternative_text_is_refused(tmp_path):
    _, warnings = build(tmp_path, picture(alt=None), new_markdown_cell("*Figure: silent.*"))
    assert "mystnb.image.alt" in warnings


def test_caption_without_figure_is_refused(tmp_path):
    code = new_code_cell("1 + 1")
    _, warnings = build(tmp_path, code, new_markdown_cell("*Figure: nothing.*"))
    assert "caption without a figure" in warnings


def test_equations_are_numbered(tmp_path):
    text = "$$\na = b\n$$\n\nand $c$ and\n\n$$\nd = e\n$$ (mine)\n\n$$\nf = g\n$$"
    page, warnings = build(tmp_path, new_markdown_cell(text))
    assert not warnings
    assert [n.text.rstrip("#¶") for n in page.select(".eqno")] == ["(1.1)", "(1.2)", "(1.3)"]
    assert page.find(id="equation-page-1")
    assert page.find(id="equation-mine")


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("https://doi.org/10.1016/0041-5553(64)90137-5", "polyak1964"),
        ("https://jmlr.org/papers/v13/bergstra12a.html", "bergstra2012"),
        ("https://www.jmlr.org/papers/v13/bergstra12a.html", "bergstra2012"),
    ],
)
def test_links_to_works_lead_to_the_bibliography(tmp_path, address, key):
    page, warnings = build(tmp_path, new_markdown_cell(f"See [the work]({address})."))
    assert not warnings
    link = page.find("a", string="the work")
    assert link["href"] == f"book/appendix/bibliography.html#cite-{key}"
    works = (tmp_path / "html" / "book" / "appendix" / "bibliography.html").read_text()
    assert f'id="cite-{key}"' in works


def test_warnings_in_outputs_say_only_what_they_mean():
    import course_pages

    text = "/folder/module.py:12: DigitsWarning: No MNIST here.\n  dataset = load()\n"
    assert course_pages.WARNING.sub(r"\1", text) == "DigitsWarning: No MNIST here.\n"
    assert course_pages.WARNING.sub(r"\1", "a line\n  and more\n") == "a line\n  and more\n"


def test_other_links_stay(tmp_path):
    page, _ = build(tmp_path, new_markdown_cell("See [this](https://example.org/x)."))
    assert page.find("a", string="this")["href"] == "https://example.org/x"
