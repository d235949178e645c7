"""Every number in a chapter's sentence is the page's own, exact, cited, or allowed for a reason."""

import re

import chapters
import nbformat
import number_rules
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

CHAPTERS = chapters.chapters()


@pytest.mark.parametrize("path", CHAPTERS, ids=[path.stem for path in CHAPTERS])
def test_every_number_is_accounted_for(path):
    assert not number_rules.unaccounted(path)


@pytest.mark.parametrize("path", CHAPTERS, ids=[path.stem for path in CHAPTERS])
def test_claims_are_understood_alone(path):
    """A notice on the page and a line of the build quote a claim without those around it."""
    found = number_rules.claimed(nbformat.read(path, as_version=4))
    assert not [words for words in found if re.match(r"(and|but|nor|or|too|by far)\b", words)]
    assert not [words for words in found if len(words.split()) < 4]
    assert len(found) == len(set(found))


def test_every_list_belongs_to_a_chapter_and_gives_reasons():
    names = {path.stem for path in CHAPTERS}
    assert {path.stem for path in number_rules.LISTS.glob("*.yml")} <= names
    for path in CHAPTERS:
        for text, reason in number_rules.allowed(path).items():
            assert len(reason) > 5, text


def chapter(tmp_path, text, code="", alt=None):
    """A chapter of one sentence and one code cell."""
    cell = new_code_cell(code)
    if alt:
        cell.metadata["mystnb"] = {"image": {"alt": alt}}
    path = tmp_path / "chapter.ipynb"
    nbformat.write(new_notebook(cells=[cell, new_markdown_cell(text)]), path)
    return path


@pytest.mark.parametrize(
    "text",
    [
        "It gets 97.3% right.",
        "From .64 it falls.",
        "| a | 0.37 |\n|---|---|",
        "- about 41 steps",
        "*Figure: it ends at 0.12.*",
        "<summary>About 512</summary>",
        "In 2,041 of them.",
        "In [an article](other.ipynb) it was 31.",
    ],
)
def test_a_number_of_unknown_origin_is_found(tmp_path, text):
    assert len(number_rules.unaccounted(chapter(tmp_path, text))) == 1


def test_a_number_of_an_alternative_text_is_found(tmp_path):
    assert number_rules.unaccounted(chapter(tmp_path, "Text.", alt="It ends at 0.12."))


def test_what_a_claim_is_given_accounts_for_nothing(tmp_path):
    code = 'claim("it is more than half", share, low=0.53)'
    assert number_rules.unaccounted(chapter(tmp_path, "It is 0.53.", code))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("It gets 97.3<!--= 100 * accuracy ± 1-->% right.", ""),
        ("A rate of 0.1 and 5% dropout.", "rate, dropout = 0.1, 0.05"),
        ("It takes 640 updates.", "assert n == 640"),
        ("They got .9761 ([Stewart, 2019](https://example.org/x)).", ""),
        ("Use `x[12]` and $e^{88}$.", ""),
        ("```python\nx = 712\n```", ""),
        ("The 784-64-64-10 network of 3x3 windows.", ""),
        ("It takes about 45 minutes to read.", ""),
    ],
)
def test_numbers_of_known_origin_are_not(tmp_path, text, code):
    assert not number_rules.unaccounted(chapter(tmp_path, text, code))


def test_an_entry_of_the_list_that_is_no_longer_needed_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(number_rules, "LISTS", tmp_path)
    (tmp_path / "chapter.yml").write_text("- {text: it was 31, reason: an example}\n")
    path = chapter(tmp_path, "And it was 31.")
    assert not number_rules.unaccounted(path)
    path = chapter(tmp_path, "And it was so.")
    assert number_rules.unaccounted(path) == ["on the list, but not in the text: 'it was 31'"]
