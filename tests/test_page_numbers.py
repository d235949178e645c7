"""Numbers in sentences that are the page's own: how they are marked, written, compared."""

import doctest

import page_numbers
import pytest


def test_examples():
    assert doctest.testmod(page_numbers).failed == 0


@pytest.mark.parametrize(
    ("text", "written", "expression", "tolerance"),
    [
        ("to 91.3<!--= 100 * means[1] ± 0.8-->%.", "91.3", "100 * means[1]", "0.8"),
        ("**.9727<!--= best-->**", ".9727", "best", None),
        ("3-5<!--= n ± any--> steps", "5", "n", "any"),
        ("a loss of −1.5<!--= x ± 10%-->", "−1.5", "x", "10%"),
        ("f = 2.1e-12<!--= f ± 2e-12-->", "2.1e-12", "f", "2e-12"),
        ("8,572<!--= n-->", "8,572", "n", None),
        ("if a > b: 7<!--= a if a > b else b-->", "7", "a if a > b else b", None),
    ],
)
def test_marks_are_found(text, written, expression, tolerance):
    (found,) = page_numbers.find(text)
    assert (found.written, found.expression, found.tolerance) == (written, expression, tolerance)


def test_other_comments_are_left_alone():
    assert page_numbers.find("8 <!-- a remark --> 9") == []


@pytest.mark.parametrize("text", ["about a third<!--= x-->", "7 <!--= x-->", "x 7<!--=-->"])
def test_a_mark_without_a_number_is_an_error(text):
    with pytest.raises(ValueError, match="no number before the mark"):
        page_numbers.find(text)


@pytest.mark.parametrize(
    ("value", "form", "written"),
    [
        (0.95231, "0.97", "0.95"),
        (0.95231, ".97", ".95"),
        (1.02, ".97", "1.02"),
        (12345.6, "8,572", "12,346"),
        (12345.6, "900", "12,346"),
        (12345.6, "9000", "12346"),
        (-0.04, "0.1", "0.0"),
        (-2.5, "−3.1", "−2.5"),
        (0.5, "+0.3", "+0.5"),
        (3.4e-11, "2.1e-12", "3.4e-11"),
        (float("nan"), "0.5", "nan"),
    ],
)
def test_a_value_is_written_as_the_number_is(value, form, written):
    assert page_numbers.like(value, form) == written


@pytest.mark.parametrize(
    ("mark", "value", "agrees"),
    [
        ("0.95<!--= x-->", 0.9549, True),
        ("0.95<!--= x-->", 0.9551, False),
        ("51<!--= x ± 3-->", 54, True),
        ("51<!--= x ± 3-->", 54.1, False),
        ("200<!--= x ± 10%-->", 181, True),
        ("200<!--= x ± 10%-->", 179, False),
        ("45<!--= x ± any-->", 400, True),
        ("51<!--= x ± 3-->", float("nan"), False),
    ],
)
def test_the_text_is_compared_with_the_value(mark, value, agrees):
    assert page_numbers.find(mark)[0].agrees(value) is agrees


def test_values_take_the_numbers_places():
    text = "from 74<!--= a ± 2--> to **.91<!--= b ± 2-->**, 3<!--= c--> times"
    assert page_numbers.fill(text, [75.4, 0.8, None]) == "from 75 to **.80**, 3 times"
