"""Chapters in plain Markdown, richer pages.

A chapter reads well where only Markdown is rendered, as in Colab. On the website, the pages made
from notebooks get more out of the same text:

- A paragraph in italics that starts with ``Figure:`` and directly follows a code cell becomes the
  numbered caption of the figure that the cell draws. The figure's alternative text is written in
  the code cell's metadata, ``{"mystnb": {"image": {"alt": "..."}}}``.
- A displayed equation gets a label and with it a number.
- A link to the DOI or URL of an entry in the bibliography leads to that entry.

All of it happens in the parsed page, never in the notebook: the execution cache stays valid when a
caption changes.
"""

import re
from pathlib import Path

from docutils import nodes
from pybtex.database import parse_file
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

BIBLIOGRAPHY = "book/appendix/bibliography"
CAPTION = "Figure: "
logger = logging.getLogger(__name__)


def is_notebook(env):
    """Whether the page that is being read comes from a notebook."""
    return env.doc2path(env.docname).endswith(".ipynb")


def address(uri):
    """An address without the differences that lead to the same page."""
    return re.sub(r"^https?://(www\.|dx\.)?", "", uri or "").rstrip("/").lower()


def is_caption(node):
    """Whether a node is a paragraph in italics that starts with ``Figure:``."""
    return (
        isinstance(node, nodes.paragraph)
        and len(node.children) == 1
        and isinstance(node[0], nodes.emphasis)
        and node.astext().startswith(CAPTION)
    )


class FigureCaptions(SphinxTransform):
    """Make a figure of a code cell's image and the caption below it."""

    default_priority = 200

    def apply(self):
        if not is_notebook(self.env):
            return
        page = self.env.docname.rsplit("/", 1)[-1]
        for count, paragraph in enumerate(list(self.document.findall(is_caption)), start=1):
            cell = paragraph.previous_sibling()
            bundles = [
                node
                for node in (cell.findall(nodes.container) if cell is not None else [])
                if node.get("nb_element") == "mime_bundle" and any(node.findall(nodes.image))
            ]
            if not bundles:
                logger.warning("caption without a figure above it", location=paragraph)
                continue
            images = [image for bundle in bundles for image in bundle.findall(nodes.image)]
            if not all(image.get("alt") for image in images):
                logger.warning(
                    "figure without alternative text: set mystnb.image.alt in the cell's metadata",
                    location=paragraph,
                )
            self.wrap(bundles[-1], paragraph, f"figure-{page}-{count}")

    def wrap(self, bundle, paragraph, name):
        """Put the output and its caption into one figure."""
        paragraph.parent.remove(paragraph)
        words = paragraph[0].children
        start = words[0].astext().removeprefix(CAPTION)
        words[0] = nodes.Text(start[:1].upper() + start[1:])
        caption = nodes.caption("", "", *words)
        caption.source, caption.line = paragraph.source, paragraph.line
        figure = nodes.figure("", names=[name])
        bundle.replace_self(figure)
        figure += [bundle, caption]
        self.document.note_explicit_target(figure, figure)


class EquationNumbers(SphinxTransform):
    """Label every displayed equation that has no label."""

    default_priority = 200

    def apply(self):
        if not is_notebook(self.env):
            return
        domain = self.env.get_domain("math")
        equations = [
            node
            for node in self.document.findall(nodes.math_block)
            if not node.get("label") and not node.get("nowrap")
        ]
        for count, node in enumerate(equations, start=1):
            label = f"{self.env.docname}-{count}".replace("/", "-")
            domain.note_equation(self.env.docname, label, location=node)
            node["label"], node["docname"] = label, self.env.docname
            node["number"] = domain.get_equation_number_for(label)
            identifier = nodes.make_id(f"equation-{label}")
            target = nodes.target("", "", ids=[identifier], names=[identifier])
            self.document.note_explicit_target(target)
            node.replace_self([target, node])


class Citations(SphinxPostTransform):
    """Let links to works in the bibliography lead to their entries there."""

    default_priority = 700

    def run(self, **kwargs):
        if not is_notebook(self.env) or self.env.docname == BIBLIOGRAPHY:
            return
        to_bibliography = self.app.builder.get_relative_uri(self.env.docname, BIBLIOGRAPHY)
        for link in self.document.findall(nodes.reference):
            if entry := self.config.bibliography_links.get(address(link.get("refuri"))):
                key, title = entry
                link["refuri"] = f"{to_bibliography}#cite-{key}"
                link["reftitle"] = title
                link["internal"] = True


def read_bibliography(app, config):
    """Collect the addresses of all works in the bibliography."""
    links = config.bibliography_links = {}
    for file in config.bibtex_bibfiles:
        for key, entry in parse_file(Path(app.srcdir) / file).entries.items():
            title = entry.fields["title"].replace("{", "").replace("}", "")
            if doi := entry.fields.get("doi"):
                links[address(f"https://doi.org/{doi}")] = (key, title)
            if url := entry.fields.get("url"):
                links[address(url)] = (key, title)


def setup(app):
    app.add_config_value("bibliography_links", {}, "")
    app.connect("config-inited", read_bibliography)
    app.add_transform(FigureCaptions)
    app.add_transform(EquationNumbers)
    app.add_post_transform(Citations)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
