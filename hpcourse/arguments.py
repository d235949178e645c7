"""One way to refuse an argument: what was given, and what is accepted."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable
from numbers import Real


def unknown_name(kind: str, given: object, accepted: Iterable[str]) -> ValueError:
    """Make the error for a name that does not exist: what was given, the nearest, all.

    >>> raise unknown_name("optimizer", "adma", ["adam", "momentum"])
    Traceback (most recent call last):
    ...
    ValueError: unknown optimizer 'adma'; did you mean 'adam'? Accepted: adam, momentum
    """
    accepted = sorted(accepted)
    plain = {name.casefold(): name for name in accepted}
    near = difflib.get_close_matches(str(given).casefold(), plain, n=1, cutoff=0.5)
    hint = f"did you mean {plain[near[0]]!r}? " if near else ""
    return ValueError(f"unknown {kind} {given!r}; {hint}Accepted: {', '.join(accepted)}")


def is_number(value: object, kind: type = Real) -> bool:
    """Whether a value is a finite number of a kind; True and False are none."""
    return isinstance(value, kind) and not isinstance(value, bool) and math.isfinite(value)
