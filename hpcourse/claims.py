"""What a chapter's text says of its runs, checked where the chapter runs.

A claim is a sentence that holds on machines that its author has not seen. :func:`claim` states one
beside the value that this run gave, and the bounds within which the sentence is true. A claim that
does not hold stops nothing: it is recorded in the cell's output, where the book's build and the
tests find it. What is exact (a count, a formula) is asserted plainly instead.
"""

from __future__ import annotations

import sys
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike

from hpcourse.arguments import flag, real

__all__ = ["MIME", "claim"]

MIME = "application/vnd.hpcourse.claim+json"  # the record's type among a cell's outputs


def claim(
    sentence: str,
    value: ArrayLike | None,
    *,
    low: float | None = None,
    high: float | None = None,
    spread: float | None = None,
    applies: bool = True,
) -> None:
    """Record whether a sentence holds in this run.

    Parameters
    ----------
    sentence : str
        What is claimed, as a reader would say it.
    value : float, bool or array of either
        What this run gave; of several values, each must be within the bounds. Without bounds it
        must be true. NaN is within no bounds.
    low, high : float, optional
        The bounds, themselves allowed.
    spread : float, optional
        The standard deviation of the value over seeds and numerical environments, in its own
        unit. A bound that is nearer to the value than three of them is too near: `make weather`
        lists it. Without it, `make weather` takes what it measures over its environments.
    applies : bool
        False where the sentence says nothing about this run, as of MNIST when the data are
        digits; the value is not looked at then.

    Raises
    ------
    TypeError
        For a sentence that is no text, or a value that is neither a number nor a truth.
    ValueError
        For bounds that are no numbers or cross, a number without a bound, a spread below 0.
    AssertionError
        Outside a notebook, where nobody reads the record, if the claim does not hold.

    Examples
    --------
    >>> claim("half of the seeds or more find the minimum", 0.62, low=0.5, spread=0.03)
    >>> claim("every mean is positive", [0.1, 0.3], low=0.0)
    >>> claim("momentum is faster", False)
    Traceback (most recent call last):
    ...
    AssertionError: does not hold: momentum is faster (here False, claimed True)
    """
    record = _judge(sentence, value, low, high, spread, applies)
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None and hasattr(shell, "kernel"):
        from IPython.display import publish_display_data

        publish_display_data({MIME: record, "text/plain": _words(record)})
    elif record["state"] == "failed":
        raise AssertionError(_words(record))


def _judge(sentence, value, low, high, spread, applies):
    """The claim as a record that JSON can hold."""
    if not isinstance(sentence, str) or not sentence.strip():
        raise TypeError(f"sentence must say what is claimed, got {sentence!r}")
    if isinstance(low, Real) and isinstance(high, Real) and not low <= high:
        raise ValueError(f"low must not be above high, got low={low!r} and high={high!r}")
    if isinstance(spread, Real) and not spread >= 0:
        raise ValueError(f"spread must be a standard deviation, 0 or more, got {spread!r}")
    record = {"sentence": str(sentence), "state": "not applicable"}
    for name, given in (("low", low), ("high", high), ("spread", spread)):
        given = real(name, given, optional=True)
        record[name] = None if given is None else float(given)
    if not flag("applies", applies):
        return record | {"least": None, "most": None, "logical": False}
    values = np.asarray(value)
    if values.size == 0 or values.dtype.kind not in "biuf":
        raise TypeError(f"value must be a number, a truth or an array of them, got {value!r}")
    logical = low is None and high is None
    if logical and values.dtype.kind != "b":
        raise ValueError(f"a number needs a bound: low, high or both; got {value!r} and none")
    values = values.astype(float)
    held = values == 1 if logical else ~np.isnan(values)
    if low is not None:
        held &= values >= low
    if high is not None:
        held &= values <= high
    return record | {
        "state": "held" if held.all() else "failed",
        "least": _finite(values.min()),
        "most": _finite(values.max()),
        "logical": logical,
    }


def _finite(value):
    """A number as JSON has it: NaN and infinities are texts."""
    return float(value) if np.isfinite(value) else str(float(value))


def _words(record):
    """The record in one line."""
    if record["state"] == "not applicable":
        return f"not applicable here: {record['sentence']}"
    verb = "holds" if record["state"] == "held" else "does not hold"
    return f"{verb}: {record['sentence']} ({came_out(record)})"


def came_out(record: dict) -> str:
    """What came out and what was claimed, as words for a reader.

    >>> came_out({"least": 0.21, "most": 0.21, "low": 0.5, "high": None, "logical": False})
    'here 0.21, claimed at least 0.5'
    """
    if record["logical"]:
        return f"here {bool(record['least'])}, claimed True"
    least, most = (v if isinstance(v, str) else f"{v:.4g}" for v in _ends(record))
    here = least if least == most else f"{least} to {most}"
    low, high = record["low"], record["high"]
    if low is None:
        claimed = f"at most {high:.4g}"
    elif high is None:
        claimed = f"at least {low:.4g}"
    else:
        claimed = f"{low:.4g} to {high:.4g}" if low != high else f"{low:.4g}"
    return f"here {here}, claimed {claimed}"


def _ends(record):
    return record["least"], record["most"]
