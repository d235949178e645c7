"""The chapters' results: what each depends on, where it is kept, what it says.

A chapter is executed by ``conftest.py``; its result is the executed notebook below
``_build/chapters``, with what was measured in its metadata. ``build.py`` makes the website of
these.
"""

import ast
import hashlib
import io
import os
import re
import subprocess
import sys
import tokenize
from functools import cache
from pathlib import Path

import nbformat
import page_numbers
import yaml

from hpcourse.claims import MIME, came_out

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "_build" / "chapters"
FIELD = "hpcourse"  # of the executed notebook's metadata
EXECUTIONS = ROOT / "_build" / "executions.txt"  # a line for each kernel that was started
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
THREADS += ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")
KERNEL = {  # kernels with no settings of the user's own, which start silently
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "IPYTHONDIR": str(ROOT / "_build" / "ipython"),
}


def chapters(root=ROOT):
    """The notebooks in the order of the contents."""
    contents = yaml.safe_load((root / "_toc.yml").read_text())
    files = [entry["file"] for part in contents["parts"] for entry in part["chapters"]]
    return [path for file in files if (path := (root / file).with_suffix(".ipynb")).exists()]


def title(notebook):
    """A chapter's title."""
    return notebook.cells[0].source.splitlines()[0].removeprefix("# ").strip()


def marked(notebook):
    """Where numbers are marked: (index of the cell, text), those of the alternative texts too."""
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown":
            yield index, cell.source
        elif alt := cell.metadata.get("mystnb", {}).get("image", {}).get("alt"):
            yield index, alt


def numbers(notebook):
    """All marked numbers in order, each with the index of its cell."""
    return [(index, each) for index, text in marked(notebook) for each in page_numbers.find(text)]


def expected_seconds(notebook):
    """How long the chapter says that it takes."""
    said = [each.value for _, each in numbers(notebook) if each.expression == page_numbers.SECONDS]
    return max(said, default=0)


def evaluated_after(notebook):
    """For each marked number the code cell after which it is evaluated; -1 is the last."""
    codes = [index for index, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    own = codes[1] if len(codes) > 1 else len(notebook.cells)  # the first is Colab's
    return [
        -1 if index < own else max(code for code in codes if code <= index)
        for index, _ in numbers(notebook)
    ]


def prepare_kernels():
    """Write the kernels' settings: a silent start that is counted."""
    profile = Path(KERNEL["IPYTHONDIR"]) / "profile_default"
    (profile / "startup").mkdir(parents=True, exist_ok=True)
    (profile / "ipython_kernel_config.py").write_text("c.IPKernelApp.log_level = 40\n")
    (profile / "startup" / "count.py").write_text(
        "import os\n"
        f"with open({str(EXECUTIONS)!r}, 'a') as file:\n"
        "    file.write(os.environ.get('HPCOURSE_RUN', '') + ' '\n"
        "               + os.environ.get('HPCOURSE_CHAPTER', 'unknown') + '\\n')\n"
        "del file, os\n"
    )


def execute(python, paths, results=RESULTS, variables=None):
    """Execute chapters two at a time; standard output has a line for each."""
    command = [python, "-m", "pytest", "-n", "2", "--record", f"--results={results}"]
    command += ["-p", "no:cacheprovider", *map(str, paths)]
    environment = os.environ | (variables or {})
    quiet = {"stdout": subprocess.DEVNULL, "stderr": sys.stdout}
    subprocess.run(command, cwd=ROOT, env=environment, **quiet)


# What a result depends on


def plain(path):
    """A module's lines without docstrings, comments and spaces, the same on every Python."""
    source = path.read_text()
    lines = source.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    for node in ast.walk(ast.parse(source)):
        documented = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        if documented and ast.get_docstring(node, clean=False) is not None:
            first, last = node.body[0].lineno - 1, node.body[0].end_lineno
            lines[first:last] = [""] * (last - first)
    indents = (len(line) - len(line.lstrip()) for line in lines)
    words = (" ".join(line.split()) for line in lines)
    return "\n".join(f"{n} {text}" for n, text in zip(indents, words, strict=True) if text)


def parsed(source):
    """A cell's code as a tree; IPython's commands do nothing in it."""
    return ast.parse(re.sub(r"^( *)[%!].*", r"\1pass", source, flags=re.MULTILINE))


def imported(tree):
    """Dotted names that code may import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value  # for import_module


@cache
def front_doors(root):
    """Where the names that the package and its rooms hand out come from."""
    found = {}
    for path in (root / "hpcourse").rglob("__init__.pyi"):
        package = ".".join(path.parent.relative_to(root).parts)
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    found[f"{package}.{alias.name}"] = f"{package}.{node.module}.{alias.name}"
    return found


def package_files(tree, root):
    """The package's files that code imports: modules, and the packages that they are in."""
    found, doors = set(), front_doors(root)
    for name in imported(tree):
        if not re.fullmatch(r"hpcourse(\.\w+)*", name):
            continue
        while name in doors:
            name = doors[name]
        path = root
        for part in name.split("."):
            path = path / part
            found |= {path.with_suffix(".py"), path / "__init__.py"}
    return set(filter(Path.is_file, found))


@cache
def module(path, root):
    """A module's content, and the package's files that it imports."""
    return plain(path), package_files(ast.parse(path.read_text()), root)


def used(tree, root):
    """Every file of the package that code can reach by its imports."""
    reached, waiting = set(), package_files(tree, root)
    while waiting:
        path = waiting.pop()
        reached.add(path)
        waiting |= module(path, root)[1] - reached
    return reached


@cache
def surroundings(root):
    """What every result depends on: the records, the locked environment, the data."""
    from hpcourse import datasets

    files = [root / "requirements.lock"]
    files += (root / "hpcourse" / "records").glob("*.json")
    files += (root / "hpcourse" / "records").glob("*.npz")
    if data := datasets.find():
        files.append(Path(data))
    contents = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    return [f"{name} {content}" for name, content in sorted(contents.items())]


def key(notebook, root=ROOT):
    """What a chapter's result depends on, as one hash.

    Its code, the expressions in its text, the code of the package that it reaches (not docstrings,
    not what it does not import), records, locked versions, data.
    """
    codes = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    try:
        files = used(parsed("\n".join(codes)), root)
    except SyntaxError:  # the kernel will say so
        files = set()
    parts = [*codes, *(each.expression for _, each in numbers(notebook)), *surroundings(root)]
    parts += [f"{path.relative_to(root)} {module(path, root)[0]}" for path in sorted(files)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


# Results


def result_path(path, root=ROOT, results=RESULTS):
    """Where a chapter's result is kept."""
    return Path(results) / Path(path).relative_to(root / "book")


def load(path, root=ROOT, results=RESULTS):
    """The chapter as it stands, with the outputs of its last execution if those are its own."""
    notebook = nbformat.read(path, as_version=4)
    kept = result_path(path, root, results)
    if not kept.exists():
        return notebook, None
    executed = nbformat.read(kept, as_version=4)
    measured = executed.metadata[FIELD]
    if measured["key"] != key(notebook, root):
        return notebook, None
    codes = (cell for cell in executed.cells if cell.cell_type == "code")
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = next(codes).outputs
    return notebook, measured


def save(notebook, measured, path, root=ROOT, results=RESULTS):
    """Keep an executed notebook and what was measured, all of it or nothing."""
    kept = result_path(path, root, results)
    kept.parent.mkdir(parents=True, exist_ok=True)
    notebook.metadata[FIELD] = measured
    part = kept.with_suffix(f".{os.getpid()}.part")
    nbformat.write(notebook, part)
    part.replace(kept)


def checked(notebook, measured):
    """Every claim of a chapter in order: those of its cells, and that its numbers are as written.

    Each is a dict with ``cell`` (its index), ``sentence``, ``state`` ("held", "failed" or
    "not applicable") and ``came_out``; a number has ``expression`` too.
    """
    found = []
    for index, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if record := output.get("data", {}).get(MIME):
                found.append({"cell": index, "came_out": "", **record})
                if record["state"] != "not applicable":
                    found[-1]["came_out"] = came_out(record)
    for (index, number), (value, data) in zip(numbers(notebook), measured["numbers"], strict=True):
        if number.tolerance == "any" or value is None:
            continue
        state = "held" if number.agrees(value) else "failed"
        shown = page_numbers.like(value, number.written)
        within = "" if number.tolerance is None else f" ± {number.tolerance}"
        found.append(
            {
                "cell": index,
                "sentence": f"the text says “{number.before} {number.written}”",
                "expression": number.expression,
                "state": "not applicable" if data == "digits" else state,
                "came_out": f"here {shown}, claimed {number.written}{within}",
                "least": value,
                "most": value,
                "low": number.value - number.allowed if number.tolerance else None,
                "high": number.value + number.allowed if number.tolerance else None,
                "spread": None,
            }
        )
    return sorted(found, key=lambda each: each["cell"])


def summary(found):
    """A chapter's claims in numbers."""
    states = [each["state"] for each in found]
    return {
        "checked": len(states) - states.count("not applicable"),
        "held": states.count("held"),
        "failed": states.count("failed"),
    }
