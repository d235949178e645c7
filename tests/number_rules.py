"""Which numbers in a chapter's sentences are accounted for.

A number is the page's own (marked, see ``book/page_numbers.py``), exact (a setting or a count: a
literal of the chapter's code outside ``claim(...)`` calls), cited (in a paragraph with a link to a
work), or on the chapter's list of allowed ones, with a reason (``tests/numbers/``).
"""

import ast
import re
from pathlib import Path

import chapters
import nbformat
import page_numbers
import yaml

LISTS = Path(__file__).parent / "numbers"
NUMBER = re.compile(r"(?<![\w.,])(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?:e[-−+]?\d+)?(?![\w])")
# What is no sentence: code, formulas, marked numbers, addresses, names of works with their year.
APART = re.compile(
    r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$\n]+\$|<!--(?!=).*?-->|\]\([^)]*\)|<[^>]+>"
    r"|^\#+ [\d.]+ |^\s*\d+\. |\*\*\d+\. |\b(?:18|19|20)\d\d[ab]?\b(?=[)\];,]|\)|$)"
    r"|(?<=[(, ])(?:18|19|20)\d\d(?=[)\],;])|\b\d+(?:[-x×]\d+)+\b"
    r"|\d+ minutes to read|<summary>\d+\. (?=[A-Za-z])"
    r"|\b(?:Keras|Python|TensorFlow|scikit-learn|scikit-optimize|Optuna|NumPy|part) \d[\d.]*",
    re.DOTALL | re.MULTILINE,
)
CITED = re.compile(r"\]\(https?://")


def value(text):
    """A number as it is written, as a float."""
    return float(text.rstrip(",.").replace(",", "").replace("−", "-"))


def claims(tree):
    """The calls of ``claim`` in a cell's code."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [node for node in calls if getattr(node.func, "id", "") == "claim"]


def claimed(notebook):
    """The sentences of a chapter's claims, as they stand in its code, without quotes."""
    codes = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    found = [node.args[0] for code in codes for node in claims(chapters.parsed(code))]
    return [ast.unparse(sentence).lstrip("f").strip("\"'") for sentence in found]


def literals(notebook):
    """The numbers in a chapter's code, except what is claimed, and counts of their ranges."""
    found = set()
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        tree = chapters.parsed(cell.source)
        inside = {id(inner) for call in claims(tree) for inner in ast.walk(call)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and id(node) not in inside:
                if isinstance(node.value, int | float) and not isinstance(node.value, bool):
                    found.add(float(node.value))
                elif isinstance(node.value, str):  # a label says it too
                    found |= {value(each) for each in NUMBER.findall(node.value)}
            elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.Pow | ast.Mult):
                try:
                    found.add(float(eval(compile(ast.Expression(node), "", "eval"), {})))
                except Exception:
                    continue  # not a constant
    return found | {100 * each for each in found if each <= 1}


def allowed(path):
    """The fragments on a chapter's list, each with its reason."""
    file = LISTS / f"{path.stem}.yml"
    entries = yaml.safe_load(file.read_text()) if file.exists() else None
    return {entry["text"]: entry["reason"] for entry in entries or []}


def unaccounted(path):
    """Each number of a chapter that is none of these, with the words around it."""
    notebook = nbformat.read(path, as_version=4)
    known = literals(notebook)
    fragments = allowed(path)
    found = [
        f"on the list, but not in the text: {text!r}"
        for text in fragments
        if not any(text in source for source in sources(notebook))
    ]
    for source in sources(notebook):
        for fragment in fragments:
            source = source.replace(fragment, " ")
        for paragraph in re.split(r"\n\s*\n", APART_CODE.sub(" ", source)):
            if CITED.search(paragraph):
                continue
            text = APART.sub(" ", page_numbers.MARK.sub(" ", paragraph))
            for match in NUMBER.finditer(text):
                number = value(match.group())
                if not any(abs(number - each) <= 1e-9 * abs(each) for each in known):
                    around = text[max(0, match.start() - 50) : match.end() + 30]
                    found.append(" ".join(around.split()))
    return found


APART_CODE = re.compile(r"^```.*?^```|\$\$.*?\$\$", re.DOTALL | re.MULTILINE)


def sources(notebook):
    """The chapter's texts: Markdown cells and alternative texts."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            yield cell.source
        elif alt := cell.metadata.get("mystnb", {}).get("image", {}).get("alt"):
            yield alt
