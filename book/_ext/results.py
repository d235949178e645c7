"""Pages of chapters show what the chapter's last execution gave.

Before a chapter is parsed, its outputs are put in, each marked number becomes the value that it had
(``book/page_numbers.py``), and a notice is put where a claim did not hold or the chapter broke off.
Sphinx itself executes nothing.
"""

import re
import sys
from pathlib import Path

import nbformat
from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.transforms.post_transforms import SphinxPostTransform

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import chapters
import page_numbers
from course_pages import table


def plain(text):
    """Text in Markdown that means itself."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(text.split()))


def notice(title, lines, kind):
    """A cell with an admonition."""
    body = "\n".join(f"- {line}" for line in lines) if len(lines) > 1 else lines[0]
    source = f":::{{admonition}} {title}\n:class: {kind}\n{body}\n:::"
    return nbformat.v4.new_markdown_cell(source)


def failures(found):
    """For each cell what of it does not hold, in words."""
    lines = {}
    for each in found:
        if each["state"] == "failed":
            line = f"Claimed: {plain(each['sentence'])}. Came out: {plain(each['came_out'])}."
            lines.setdefault(each["cell"], []).append(line)
    return lines


def show(path):
    """The chapter as its page shows it."""
    notebook, measured = chapters.load(path)
    if measured is None:
        head = notice("This chapter was not executed", ["Its figures are missing."], "error")
        return put_at_top(notebook, head)
    found = chapters.checked(notebook, measured)
    values = iter(value for value, _ in measured["numbers"])
    cells = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = filled(cell.source, values)
        else:
            cell.outputs = [o for o in cell.outputs if chapters.MIME not in o.get("data", {})]
            image = cell.metadata.get("mystnb", {}).get("image", {})
            if image.get("alt"):
                image["alt"] = filled(image["alt"], values)
    lines = failures(found)
    waiting = []
    for index, cell in enumerate(notebook.cells):
        if waiting and not cell.source.startswith("*Figure: "):
            cells.append(notice("Not so on this machine", waiting, "warning"))
            waiting = []
        cells.append(cell)
        waiting += lines.get(index, [])
    if waiting:
        cells.append(notice("Not so on this machine", waiting, "warning"))
    notebook.cells = cells
    if failed := chapters.summary(found)["failed"]:
        claims = "One claim" if failed == 1 else f"{failed} claims"
        verb = "is" if failed == 1 else "are"
        text = f"{claims} of this page did not hold where it was built; each {verb} marked below."
        put_at_top(notebook, notice("Not so on this machine", [text], "warning"))
    if error := measured["error"]:
        text = f"Cell {error['cell']} failed, and what follows it was not executed."
        cause = f"```text\n{error['cause']}\n```"
        put_at_top(notebook, notice("This page broke off", [f"{text}\n\n{cause}"], "error"))
    return notebook


def filled(text, values):
    """The text with its values; as it is written where the chapter did not get so far."""
    return page_numbers.fill(text, [next(values) for _ in page_numbers.find(text)])


def put_at_top(notebook, cell):
    """Put a cell below the title."""
    heading, _, rest = notebook.cells[0].source.partition("\n")
    notebook.cells[0].source = rest.strip()
    notebook.cells[:0] = [nbformat.v4.new_markdown_cell(heading), cell]
    return notebook


def read_result(app, docname, source):
    """Replace a chapter's text by what its page shows."""
    path = Path(app.srcdir, docname).with_suffix(".ipynb")
    if path.exists():
        source[0] = nbformat.writes(show(path))


class StatusTable(nodes.General, nodes.Element):
    """Stands for the table of chapters until all titles are known."""


class ChapterStatus(Directive):
    """The table of chapters: time, data, claims."""

    def run(self):
        return [StatusTable()]


class FillStatusTable(SphinxPostTransform):
    """Make the table of chapters, in the book's order."""

    default_priority = 7

    def run(self, **kwargs):
        for placeholder in list(self.document.findall(StatusTable)):
            rows, total = [], [0.0, 0, 0]
            for path in chapters.chapters():
                notebook, measured = chapters.load(path)
                docname = path.relative_to(chapters.ROOT).with_suffix("").as_posix()
                uri = self.app.builder.get_relative_uri(self.env.docname, docname)
                name = nodes.reference("", chapters.title(notebook), refuri=uri, internal=True)
                if measured is None:
                    rows.append([name, "", "", "", "", "not executed"])
                    continue
                counts = chapters.summary(chapters.checked(notebook, measured))
                error = measured["error"]
                ran = f"no: broke off at cell {error['cell']}" if error else "yes"
                data = {"mnist": "MNIST", "digits": "digits"}.get(measured["data"], "none")
                numbers = counts["checked"], counts["held"]
                rows.append([name, f"{measured['seconds']:.0f}", data, *map(str, numbers), ran])
                total = [a + b for a, b in zip(total, (measured["seconds"], *numbers), strict=True)]
            rows.append(["All chapters", f"{total[0]:.0f}", "", *map(str, total[1:]), ""])
            header = ["Chapter", "Seconds", "Data", "Claims checked", "Held", "Ran to its end"]
            placeholder.replace_self(table(header, rows))


def setup(app):
    app.connect("source-read", read_result)
    app.add_node(StatusTable)
    app.add_directive("chapter-status", ChapterStatus)
    app.add_post_transform(FillStatusTable)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
