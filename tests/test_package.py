"""The package as a whole: what importing it costs, what it contains, what its parts may use."""

import ast
import importlib
import inspect
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import hpcourse

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "hpcourse"
FILES = sorted(PACKAGE.rglob("*.py"))
ROOMS = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in FILES} - {"__init__"}
FRAMEWORKS = {"tensorflow", "keras", "jax", "torch", "matplotlib"}

# The floors of the house, from the ground up: nothing is used upward, or in a circle on one floor.
FLOORS = [
    {"arguments", "claims"},
    {"records", "datasets", "schedules"},
    {"landscapes", "search"},
    {"bayes", "tabular", "analysis", "training"},
    {"bridges", "compute", "plots"},
]
ASIDE = {"grading": {"arguments"}}  # stands beside them
# The one place in which a library is spoken.
SPOKEN_IN = {"skopt": {"bayes/surrogates.py", "bayes/drop_in.py"}, "optuna": {"bridges/optuna.py"}}


def named(path):
    """A file's place in the package."""
    return path.relative_to(PACKAGE).as_posix()


def room(module):
    """The room of a module of the package: the first name after the package's."""
    return module.split(".")[1]


def imports(path):
    """Every module that a file imports, those inside of functions too, by their full names."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{named(path)} has a relative import"
            if node.module == "hpcourse":
                yield from (f"hpcourse.{alias.name}" for alias in node.names)
            else:
                yield node.module


def loaded(statement):
    """Modules loaded, and seconds of processor time taken, by a statement in a new process."""
    code = (
        "import json, sys, time; t = time.process_time(); "
        f"{statement}; "
        "print(json.dumps([time.process_time() - t, sorted(sys.modules)]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "statement",
    [
        "import hpcourse",
        *(f"from hpcourse import {name}" for name in ("datasets", "landscapes", "schedules")),
        *(f"from hpcourse import {name}" for name in ("records", "analysis", "grading", "compute")),
        *(f"from hpcourse import {name}" for name in ("Study, Space, TPESearch", "load_table")),
        "from hpcourse import KerasClassifier, SearchCV",
    ],
)
def test_what_needs_no_framework_loads_none(statement):
    _, modules = loaded(statement)
    assert not FRAMEWORKS & set(modules)


def test_a_network_loads_no_figures():
    _, modules = loaded("from hpcourse import Population, mlp, training")
    assert "hpcourse.plots" not in modules  # Keras itself loads matplotlib


def test_import_hpcourse_is_quick():
    """0.3 s are promised; processor time hardly depends on what else runs."""
    assert min(loaded("import hpcourse")[0] for _ in range(5)) < 0.3


def test_the_front_door_hands_out_what_it_names():
    """Each name twice, after every module has been imported: no module takes a function's place."""
    for path in FILES:
        if path.stem not in ("__main__", "__init__"):
            importlib.import_module("hpcourse." + named(path)[:-3].replace("/", "."))
    for _ in range(2):
        for name in hpcourse.__all__:
            found = getattr(hpcourse, name)
            assert inspect.ismodule(found) == (name in ROOMS), name
            assert found.__name__ == (f"hpcourse.{name}" if name in ROOMS else name)
    assert set(hpcourse.__all__) <= set(dir(hpcourse))
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = hpcourse.no_such_name


def test_type_checkers_see_what_the_front_doors_hand_out():
    for stub in PACKAGE.rglob("__init__.pyi"):
        name = ".".join(stub.parent.relative_to(ROOT).parts)
        body = ast.parse(stub.read_text()).body
        listed = next(ast.literal_eval(n.value) for n in body if isinstance(n, ast.Assign))
        assert sorted(listed) == sorted(importlib.import_module(name).__all__)


def test_no_file_bears_the_name_of_a_public_function():
    public = {*hpcourse.__all__} - ROOMS
    for name in ROOMS - {"arguments"}:
        public |= set(getattr(importlib.import_module(f"hpcourse.{name}"), "__all__", ()))
    assert not {path.stem for path in FILES} & public
    assert not [named(path) for path in FILES if path.stem[0] == "_" and path.stem[1] != "_"]


def test_rooms_use_only_the_floors_below():
    assert {*ASIDE, *set().union(*FLOORS)} == ROOMS
    assert ROOMS - {"arguments"} <= set(hpcourse.__all__)
    height = {name: floor for floor, names in enumerate(FLOORS) for name in names}
    used = {name: set() for name in ROOMS}
    for path in FILES:
        own = named(path).split("/")[0].removesuffix(".py")
        if path == PACKAGE / "__init__.py":
            continue
        for module in imports(path):
            if module.split(".")[0] != "hpcourse" or room(module) == own:
                continue
            allowed = ASIDE.get(own) or {name for name in height if height[name] <= height[own]}
            assert room(module) in allowed, f"{named(path)} imports {module}"
            used[own].add(room(module))
    while leaves := {name for name, uses in used.items() if not uses & set(used)}:
        used = {name: uses for name, uses in used.items() if name not in leaves}
    assert not used, "rooms of one floor use each other in a circle"


def test_files_do_not_import_each_other_in_circles():
    """What one file imports, directly or not, does not import it."""
    files = {named(path)[:-3].replace("/", "."): path for path in FILES}
    files = {name.removesuffix(".__init__"): path for name, path in files.items()}
    graph = {
        name: {m[9:] for m in imports(path) if m[9:] in files} - {name}
        for name, path in files.items()
        if name != "__init__"
    }
    while leaves := {name for name, uses in graph.items() if not uses & set(graph)}:
        graph = {name: uses for name, uses in graph.items() if name not in leaves}
    assert not graph


def test_a_library_is_spoken_in_one_place():
    for library, places in SPOKEN_IN.items():
        found = {
            named(p) for p in FILES for module in imports(p) if module.split(".")[0] == library
        }
        assert found == places, library


def test_public_things_are_documented():
    for path in FILES:
        tree = ast.parse(path.read_text())
        assert ast.get_docstring(tree), named(path)
        for node in tree.body:
            public = isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_"
            assert not public or ast.get_docstring(node), f"{named(path)}: {node.name}"


def parameters(docstring):
    """The entries of a docstring's parameters, each with its description."""
    section = re.search(
        r"^Parameters\n-+\n(.*?)(?=^\w[\w ]*\n---|\Z)", docstring, re.DOTALL | re.MULTILINE
    )
    entry, text = "", ""
    for line in [*(section.group(1).splitlines() if section else ()), "end"]:
        if line and line[0] != " ":
            if entry:
                yield entry, text.strip()
            entry, text = line, ""
        else:
            text += line + "\n"


def test_every_parameter_is_described():
    found = 0
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                for entry, text in parameters(ast.get_docstring(node) or ""):
                    found += 1
                    assert text, f"{named(path)}: {node.name} says nothing of {entry!r}"
    assert found > 250


SEARCHER = """
from collections.abc import Sequence
import numpy as np
from hpcourse import Float, Space, Study, Trial
from hpcourse.search import Searcher

class Mine(Searcher):
    def suggest(self, {arguments}) -> dict[str, float]:
        return {{"x": 0.5}}

Study(Space(x=Float(0, 1)), Mine())
"""
RIGHT = "space: Space, trials: Sequence[Trial], rng: np.random.Generator"
WRONG = "rng: np.random.Generator, trials: Sequence[Trial]"


@pytest.mark.parametrize(("arguments", "status"), [(RIGHT, 0), (WRONG, 1)])
def test_the_type_checker_refuses_a_wrong_searcher(arguments, status, tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(SEARCHER.format(arguments=arguments))
    command = [sys.executable, "-m", "mypy", "--cache-dir", "_build/mypy", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == status, done.stdout
    assert ("incompatible with supertype" in done.stdout) == bool(status)


def test_a_study_refuses_a_wrong_searcher():
    exec(SEARCHER.format(arguments=RIGHT), {})
    with pytest.raises(ValueError, match=r"suggest\(space, trials, rng\) .* with suggest\(rng"):
        exec(SEARCHER.format(arguments=WRONG), {})


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


def test_files_stay_small():
    """A file is read in one sitting."""
    sizes = {named(path): code_lines(path) for path in FILES}
    assert max(sizes.values()) <= 300, sizes


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
