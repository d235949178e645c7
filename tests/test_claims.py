"""Claims: what holds, what does not, what is refused."""

import numpy as np
import pytest

from hpcourse.claims import _judge, came_out, claim


def judge(value, low=None, high=None, spread=None, applies=True):
    return _judge("it holds", value, low, high, spread, applies)


@pytest.mark.parametrize(
    ("value", "bounds", "state"),
    [
        (0.5, {"low": 0.5}, "held"),
        (0.5, {"high": 0.5}, "held"),
        (0.49, {"low": 0.5, "high": 1}, "failed"),
        ([0.6, 0.4], {"low": 0.5}, "failed"),
        (np.array([0.6, 0.7]), {"low": 0.5}, "held"),
        (np.int64(3), {"low": 3, "high": 3}, "held"),
        (np.nan, {"low": 0}, "failed"),
        (np.inf, {"low": 0}, "held"),
        (True, {}, "held"),
        (np.bool_(False), {}, "failed"),
        ([True, False], {}, "failed"),
    ],
)
def test_states(value, bounds, state):
    assert judge(value, **bounds)["state"] == state


def test_what_does_not_apply_is_not_looked_at():
    assert judge(None, low=1, applies=False)["state"] == "not applicable"
    claim("of MNIST only", None, low=1, applies=False)


@pytest.mark.parametrize(
    ("error", "match", "arguments"),
    [
        (ValueError, "needs a bound", {"value": 0.5}),
        (TypeError, "a number, a truth", {"value": "0.5", "low": 0}),
        (TypeError, "a number, a truth", {"value": [], "low": 0}),
        (TypeError, "a number, a truth", {"value": None, "low": 0}),
        (ValueError, "low must not be above high", {"value": 1, "low": 2, "high": 1}),
        (ValueError, "low must not be above high", {"value": 1, "low": np.nan, "high": 1}),
        (ValueError, "spread must be", {"value": 1, "low": 0, "spread": -1}),
    ],
)
def test_what_is_refused(error, match, arguments):
    with pytest.raises(error, match=match):
        judge(**arguments)


def test_a_claim_says_something():
    with pytest.raises(TypeError, match="sentence"):
        claim("", True)


def test_outside_a_notebook_a_claim_that_fails_is_an_error():
    claim("one is at least nought", 1, low=0)
    with pytest.raises(AssertionError, match=r"one is two \(here 1, claimed 2\)"):
        claim("one is two", 1, low=2, high=2)


@pytest.mark.parametrize(
    ("value", "bounds", "words"),
    [
        (0.21, {"low": 0.5}, "here 0.21, claimed at least 0.5"),
        (0.21, {"high": 0.1}, "here 0.21, claimed at most 0.1"),
        ([0.21, 3], {"low": 0, "high": 1}, "here 0.21 to 3, claimed 0 to 1"),
        (np.nan, {"low": 0}, "here nan, claimed at least 0"),
        (False, {}, "here False, claimed True"),
    ],
)
def test_words(value, bounds, words):
    assert came_out(judge(value, **bounds)) == words
