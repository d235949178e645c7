"""The package as a whole: what importing it costs, what it contains."""

import ast
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted(path.stem for path in (ROOT / "hpcourse").glob("[a-z]*.py"))
LIGHT = ["datasets", "landscapes", "schedules", "space"]  # NumPy and SciPy only


def imported(statement):
    """Modules loaded, and seconds of processor time taken, by a statement in a new process."""
    code = (
        "import json, sys, time; t = time.process_time(); "
        f"{statement}; "
        "print(json.dumps([time.process_time() - t, sorted(sys.modules)]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "statement", ["import hpcourse", *(f"import hpcourse.{name}" for name in LIGHT)]
)
def test_light_imports_load_no_framework(statement):
    _, modules = imported(statement)
    assert not {"tensorflow", "keras", "jax", "torch", "matplotlib", "sklearn"} & set(modules)


def test_import_hpcourse_is_quick():
    """Half a second is promised; processor time hardly depends on what else runs."""
    assert min(imported("import hpcourse")[0] for _ in range(3)) < 0.5


def test_modules_use_only_those_above_them():
    """The package's order, from the foundation up; a module imports only earlier ones."""
    order = ["__init__", "claims", "_validation", "_formulas", "landscapes"]
    order += ["_keras_schedules", "_register_with_keras", "schedules"]
    order += [
        "_dimensions",
        "space",
        "_trial",
        "_storage",
        "study",
        "_tpe",
        "search",
        "_gaussian_process",
        "_proposals",
        "_surrogates",
        "bayes",
        "tabular",
        "optuna_bridge",
    ]
    order += ["datasets", "_style", "_curves", "_study_plots", "plots", "training", "models"]
    order += ["sklearn_search", "_batched", "_configs", "population", "devices"]
    order += ["_runner", "_exercise", "_confine", "_sandbox", "_notebook", "_marking", "_feedback"]
    order += ["_grade_all", "_release", "grading"]
    assert set(order) == {path.stem for path in (ROOT / "hpcourse").glob("*.py")}
    for name in order:
        tree = ast.parse((ROOT / "hpcourse" / f"{name}.py").read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("hpcourse."):
                assert order.index(node.module.split(".")[1]) < order.index(name)


def test_public_things_are_documented():
    for name in MODULES:
        tree = ast.parse((ROOT / "hpcourse" / f"{name}.py").read_text())
        assert ast.get_docstring(tree), name
        for node in tree.body:
            public = isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_"
            assert not public or ast.get_docstring(node), f"{name}.{node.name}"


def code_lines(path):
    """Lines that hold code: neither blank, nor comment, nor part of a docstring."""
    source = path.read_text()
    lines = {n for n, text in enumerate(source.splitlines(), 1) if text.strip()}
    lines -= {n for n, text in enumerate(source.splitlines(), 1) if text.strip()[0:1] == "#"}
    for node in ast.walk(ast.parse(source)):
        documented = isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        if documented and ast.get_docstring(node):
            lines -= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return len(lines)


def test_modules_stay_small():
    """A module is readable in one sitting, the package in an afternoon."""
    sizes = {path.stem: code_lines(path) for path in (ROOT / "hpcourse").glob("*.py")}
    assert max(sizes.values()) <= 280, sizes
    assert sum(sizes.values()) < 6500


def test_the_lock_is_complete_and_names_no_index():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lock = (ROOT / "requirements.lock").read_text()
    locked = {line.split("==")[0] for line in lock.splitlines() if "==" in line}
    extras = project["optional-dependencies"]
    wanted = project["dependencies"] + [name for extra in extras.values() for name in extra]
    names = {name.split(">")[0].split("=")[0] for name in wanted if "hpcourse[" not in name}
    assert names <= locked
    assert "://" not in lock
    assert "--" not in lock
