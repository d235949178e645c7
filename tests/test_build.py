"""When the book's build uses stored results, and when it discards them."""

import importlib.util
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "book" / "build.py"


@pytest.fixture
def build(tmp_path, monkeypatch):
    """The build script, at work in a small tree of its own."""
    specification = importlib.util.spec_from_file_location("build_script", SCRIPT)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    for name in ("ROOT", "BUILD", "KEYS", "HTML", "EXTRA"):
        monkeypatch.setattr(
            module, name, tmp_path / getattr(module, name).relative_to(SCRIPT.parents[1])
        )
    for name in (
        "hpcourse/landscapes.py",
        "requirements.lock",
        "_config.yml",
        "_toc.yml",
        "book/references.bib",
        "book/intro.md",
        "book/_ext/plain_markdown.py",
        "mnist.npz",
        "_build/.jupyter_cache/result",
        "_build/.doctrees/page",
        "_build/html/page.html",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    monkeypatch.setattr(module, "__file__", str(tmp_path / "_toc.yml"))
    from hpcourse import datasets

    monkeypatch.setattr(datasets, "find", lambda: tmp_path / "mnist.npz")
    module.KEYS.write_text(module.json.dumps(module.current_keys()))
    return module


def kept(build):
    """Which products are left after the check that precedes a build."""
    build.discard_outdated(build.current_keys())
    names = {"results": ".jupyter_cache", "pages": ".doctrees", "site": "html"}
    return {what for what, name in names.items() if (build.BUILD / name).exists()}


def test_nothing_is_discarded_when_nothing_changed(build):
    assert kept(build) == {"results", "pages", "site"}
    assert kept(build) == {"results", "pages", "site"}


@pytest.mark.parametrize("name", ["hpcourse/landscapes.py", "requirements.lock", "mnist.npz"])
def test_results_are_discarded_when_what_they_depend_on_changes(build, name):
    (build.ROOT / name).write_text("changed")
    assert kept(build) == set()


def test_results_are_discarded_when_the_data_are_gone(build, monkeypatch):
    from hpcourse import datasets

    monkeypatch.setattr(datasets, "find", lambda: None)
    assert kept(build) == set()


@pytest.mark.parametrize("name", ["_toc.yml", "book/references.bib", "book/intro.md"])
def test_pages_are_written_again_when_the_site_changes(build, name):
    (build.ROOT / name).write_text("changed")
    assert kept(build) == {"results"}


def test_results_of_an_unknown_state_are_discarded(build):
    build.KEYS.unlink()
    assert kept(build) == set()


def test_a_failed_build_is_tried_again(build, monkeypatch, capsys):
    report = build.HTML / "reports" / "book" / "chapter.err.log"

    def fail():
        report.parent.mkdir(parents=True)
        report.write_text("ZeroDivisionError: in the third cell")
        return 1

    monkeypatch.setattr(build, "prepare_extra", lambda: None)
    monkeypatch.setattr(build, "run_jupyter_book", fail)
    assert build.main() == 1
    assert not (build.BUILD / ".doctrees").exists()
    written = capsys.readouterr().err
    assert "ZeroDivisionError" in written
    assert written.splitlines()[-1].startswith("The book was not built")
