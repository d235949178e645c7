"""What the website is made from: notebooks, contents, addresses, logo."""

import re
import string
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
REPOSITORY, HOMEPAGE = PROJECT["urls"]["Repository"], PROJECT["urls"]["Homepage"]
NAME = REPOSITORY.removeprefix("https://github.com/")
NOTEBOOKS = sorted(
    path
    for path in (ROOT / "book").rglob("*.ipynb")
    if not {"_build", ".ipynb_checkpoints"} & set(path.parts)
)
COLAB_CELL = f"""\
# In Colab, install the course's package beside Colab's own libraries. Elsewhere this does nothing.
import sys

if "google.colab" in sys.modules:
    %pip install --quiet --no-deps git+{REPOSITORY}"""

NOT_ON_COLAB = {  # packages: their modules, and our names that load them
    "hyperopt": ("hyperopt", "hyperopt"),
    "keras-tuner": ("keras_tuner", "keras_tuner"),
    "optuna": ("optuna", "OptunaSearch|OptunaTrial|optuna"),
    "scikit-optimize": ("skopt", "BayesianSearch|gp_minimize|bayes"),
}
FOLDED = {"hide-input", "hide-cell", "remove-input", "remove-cell"}
GREEK = """alpha beta gamma delta epsilon varepsilon zeta eta theta kappa lambda mu nu xi pi rho
sigma tau phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega ell nabla"""
LETTERS = set(string.ascii_letters) | set(GREEK.split())

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])


def tracked_texts():
    """All text files that git tracks or would track, with their contents."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is no git checkout")
    texts = {}
    for name in filter(None, answer.stdout.split("\0")):
        path = ROOT / name
        if path.is_file() and path.suffix not in {".png", ".npz", ".ico"}:
            texts[name] = path.read_text(encoding="utf-8")
    assert "pyproject.toml" in texts
    return texts


@pytest.fixture(scope="module")
def texts():
    return tracked_texts()


def read(path):
    """A notebook, checked against its format."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    return notebook


@each_notebook
def test_notebook_is_stored_without_results(path):
    notebook = read(path)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert not cell.outputs, f"{path.name} has stored outputs: {cell.source[:60]}"
            assert cell.execution_count is None, f"{path.name}: {cell.source[:60]}"
        assert not cell.get("attachments"), f"{path.name} has an attached file"
    assert notebook.metadata.kernelspec.name == "python3"


@each_notebook
def test_notebook_starts_with_the_colab_cell(path):
    """It also installs what the notebook imports and Colab does not have."""
    codes = [cell for cell in read(path).cells if cell.cell_type == "code"]
    assert "remove-cell" in codes[0].metadata.tags
    imported = "\n".join(cell.source for cell in codes[1:])
    missing = [
        package
        for package, names in NOT_ON_COLAB.items()
        if re.search(rf"^\s*(from|import) {names[0]}\b", imported, re.MULTILINE)
        or re.search(rf"^from hpcourse\b[^\n(]*(\([^)]*)?\b({names[1]})\b", imported, re.MULTILINE)
    ]
    more = f"\n    %pip install --quiet {' '.join(missing)}" if missing else ""
    assert codes[0].source == COLAB_CELL + more


@each_notebook
def test_notebook_has_title_and_description(path):
    notebook = read(path)
    assert notebook.cells[0].source.startswith("# ")
    description = notebook.metadata.get("myst", {}).get("html_meta", {}).get("description", "")
    assert 50 <= len(description) <= 200, description


@each_notebook
def test_notebook_is_plain_markdown(path):
    """Roles and directives appear raw in Colab."""
    for cell in read(path).cells:
        if cell.cell_type == "markdown":
            found = re.search(r"\{[a-z:-]+\}`|^(:::|```)\s*\{", cell.source, re.MULTILINE)
            assert not found, f"{path.name}: {found.group()} in {cell.source[:60]!r}"


@each_notebook
def test_a_chapter_shows_fewer_than_200_lines_of_code(path):
    """What is folded does not count: it draws, formats or repeats."""
    shown = [
        line
        for cell in read(path).cells
        if cell.cell_type == "code" and not FOLDED & set(cell.metadata.get("tags", []))
        for line in cell.source.splitlines()
        if line.strip()
    ]
    assert 0 < len(shown) < 200


@each_notebook
def test_every_symbol_stands_on_the_page_of_notation(path):
    """Under what holds in the whole book, or in the chapter's own row."""
    everywhere, rows = (ROOT / "book" / "appendix" / "notation.md").read_text().split("## In one")
    own = [row for row in rows.splitlines() if path.relative_to(ROOT / "book").as_posix() in row]
    known = symbols(everywhere) | symbols("".join(own))
    used = symbols("\n".join(c.source for c in read(path).cells if c.cell_type == "markdown"))
    assert used <= known, f"not in book/appendix/notation.md: {sorted(used - known)}"
    assert symbols("".join(own)) <= used, f"no longer used: {sorted(symbols(''.join(own)) - used)}"


def symbols(text):
    """The letters in a text's formulas, Greek ones by name."""
    formulas = re.findall(r"\$\$.*?\$\$|\$[^$\n]+\$", text, re.DOTALL)
    words = r"\\(text|mathrm|operatorname)\{[^{}]*\}|\\(begin|end)\{\w+\}"
    bare = re.sub(words, " ", " ".join(formulas))
    return {
        name for name in re.findall(r"\\([A-Za-z]+)|([A-Za-z])", bare) for name in name
    } & LETTERS


def test_symbols_are_found():
    assert symbols(r"a $\mu_0 x^2$ b $$\text{c} + \alpha K \, d$$") == {
        "mu",
        "x",
        "alpha",
        "K",
        "d",
    }


@each_notebook
def test_every_caption_has_alternative_text(path):
    code = None
    for cell in read(path).cells:
        if cell.cell_type == "code":
            code = cell if "remove-cell" not in cell.metadata.get("tags", []) else code
        elif cell.source.startswith("*Figure: "):
            alt = code.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
            assert len(alt) >= 20, f"{path.name}: no alternative text for {cell.source[:60]!r}"


def test_contents_list_every_notebook():
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text())
    listed = {entry["file"] for part in contents["parts"] for entry in part["chapters"]}
    present = {path.relative_to(ROOT).with_suffix("").as_posix() for path in NOTEBOOKS}
    assert present <= listed, f"not in _toc.yml: {present - listed}"
    missing = {
        name
        for name in listed
        if not any((ROOT / name).with_suffix(end).exists() for end in (".ipynb", ".md"))
    }
    assert not missing, f"in _toc.yml, but not there: {missing}"


def test_configuration_repeats_the_addresses():
    configuration = yaml.safe_load((ROOT / "_config.yml").read_text())
    assert configuration["repository"]["url"] == REPOSITORY
    assert configuration["html"]["baseurl"] == HOMEPAGE


def wrong_addresses(text):
    """Mentions of a repository or site called like ours, at another address than ours."""
    owner, repository = NAME.split("/")
    pages = HOMEPAGE.removeprefix("https://").split("/")[0]
    wrong = []
    for match in re.finditer(
        rf"(?:github\.com|githubusercontent\.com|/github|/gh)[/:]([\w.-]+)/{repository}\b"
        rf"|([\w-]+\.github\.io)/{repository}\b",
        text,
    ):
        if match.group(1) not in (None, owner) or match.group(2) not in (None, pages):
            wrong.append(match.group())
    return wrong


def test_wrong_addresses_are_recognized():
    name = NAME.split("/")[1]
    for text in (
        f"https://github.com/someone-else/{name}",
        f"https://colab.research.google.com/github/other/{name}/blob/main/x.ipynb",
        f"https://mybinder.org/v2/gh/other/{name}/main",
        f"https://other.github.io/{name}/",
    ):
        assert wrong_addresses(text), text
    assert not wrong_addresses(f"{REPOSITORY} {HOMEPAGE} https://mybinder.org/v2/gh/{NAME}/main")


def test_the_address_is_the_same_everywhere(texts):
    wrong = {
        name: found
        for name, text in texts.items()
        if name != "tests/test_site_sources.py" and (found := wrong_addresses(text))
    }
    assert not wrong, f"pyproject.toml says {REPOSITORY}"


# Spelled in parts, so that this file does not contain them.
FOREIGN = re.compile(
    "|".join(
        [
            r"/(?:home|Users|root)/[a-z]\w*/",
            r"(?<![\w.])/" + "work/",
            r"[A-Z]:\\\\?Users\\",
            r"--(?:extra-)?index" + r"-url",
            r"files\.python" + r"hosted\.org",
            r"\bpy" + r"pi\.org\b",
            r"\b(?:pypi|registry|artifactory|nexus|mirror)s?\.[\w-]+\.(?:org|com|net|io|internal)/",
        ]
    )
)


@pytest.mark.parametrize(
    "text",
    [
        "/home/" + "someone/hpcourse/x.py",
        "/" + "work/main/hpcourse",
        "--index" + "-url https://somewhere/simple",
        "https://files.python" + "hosted.org/packages/x.whl",
        "https://py" + "pi.org/project/x/",
    ],
)
def test_foreign_text_is_recognized(text):
    assert FOREIGN.search(text)


def test_no_machine_paths_or_package_indexes(texts):
    found = {
        name: match.group()
        for name, text in texts.items()
        if name != "tests/test_site_sources.py" and (match := FOREIGN.search(text))
    }
    assert not found


def test_logo_is_what_the_code_draws(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "book"))
    import draw_logo

    for name, text in draw_logo.draw().items():
        assert (draw_logo.STATIC / name).read_text(encoding="utf-8") == text, (
            "run python book/draw_logo.py"
        )
    sys.modules.pop("draw_logo")


def test_no_scripts_among_the_static_files():
    """Jupyter Book would load each of them on every page."""
    assert not list((ROOT / "book" / "_static").rglob("*.js"))
