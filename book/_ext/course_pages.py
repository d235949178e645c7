"""What every page of the website needs and the theme does not give."""

import platform
import re
from html import escape
from importlib.metadata import version

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.transforms import SphinxTransform

from hpcourse import compute

# path:line: SomeWarning: text, and below it the line of code that warned
WARNING = re.compile(r"^\S.*?:\d+: (\w*Warning: .*\n?)(?:  .*\n?)?", re.MULTILINE)
DESCRIPTION = "A course on tuning the hyperparameters of neural networks, with real experiments."


def describe_machine(app, config):
    """Make ``{{ machine }}`` say on what the notebooks were executed."""
    config.myst_substitutions["machine"] = (
        f"{compute.processor()}, {compute.cores()} cores, {platform.system()}, "
        f"Python {platform.python_version()}, "
        f"Keras {version('keras')} on TensorFlow {version('tensorflow')}"
    )


def describe_page(app, pagename, templatename, context, doctree):
    """Give pages that no author wrote (search, index) a description; mend the bibliography."""
    if doctree is None:
        tag = f'<meta name="description" content="{escape(DESCRIPTION)}" />'
        context["metatags"] = context.get("metatags", "") + tag
    elif "citation-list" in context.get("body", ""):
        # Sphinx calls it a list, though its children are not list items.
        context["body"] = context["body"].replace('<div role="list" class="cit', '<div class="cit')


class Notices(SphinxTransform):
    """Reduce a warning in a cell's output to what it says, without file and line of code."""

    default_priority = 200

    def apply(self):
        for node in self.document.findall(nodes.literal_block):
            if "stderr" in node["classes"]:
                text = WARNING.sub(r"\1", node.astext())
                node.rawsource = text
                node.children = [nodes.Text(text)]


class ProblemSets(Directive):
    """The table of problem sets, from their checks: chapters, parts, points, time, links."""

    def run(self):
        from hpcourse import grading

        env = self.state.document.settings.env
        env.note_reread()  # what it shows stands in other files
        repository = env.config.html_theme_options["repository_url"]
        colab = repository.replace("github.com", "colab.research.google.com/github")
        rows = []
        for number, name in enumerate(grading.names(), 1):
            each = grading.load(name)
            title = nodes.paragraph("", f"{number}. {each.title}: open in ")
            title += link("Colab", f"{colab}/blob/main/exercises/release/{name}.ipynb")
            title += nodes.Text(" or ")
            title += link("download", f"../../problem_sets/{name}.ipynb")
            numbers = [len(each.parts), each.max_points, each.minutes]
            rows.append([title, *map(str, numbers)])
        return [table(["Problem set", "Parts", "Points", "Minutes"], rows)]


def link(text, address):
    return nodes.reference("", text, refuri=address)


def table(header, rows):
    """A table of texts and nodes."""
    group = nodes.tgroup(cols=len(header))
    group += [nodes.colspec(colwidth=1) for _ in header]
    for part, content in ((nodes.thead(), [header]), (nodes.tbody(), rows)):
        for cells in content:
            row = nodes.row()
            for cell in cells:
                inline = nodes.Text(cell) if isinstance(cell, str) else cell
                block = isinstance(cell, nodes.paragraph)
                row += nodes.entry("", cell if block else nodes.paragraph("", "", inline))
            part += row
        group += part
    return nodes.table("", group)


def setup(app):
    app.connect("config-inited", describe_machine)
    app.connect("html-page-context", describe_page)
    app.add_directive("problem-sets", ProblemSets)
    app.add_transform(Notices)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
