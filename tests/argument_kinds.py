"""Kinds of arguments: from one declaration, what is refused and what is welcome.

A declaration of a parameter, ``whole(1)`` for instance, gives about ten wrong values and NumPy's
forms of a right one. ``public_calls`` declares every public parameter, ``test_arguments`` gives
what a declaration says to the function that it is about.
"""

import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np


class Blank:
    """What no function takes: an object of it, and the class itself."""

    def __repr__(self):
        return "Blank()"


ANYTHING = {
    "an object": Blank(),
    "a class": Blank,
    "None": None,
    "a number": 3,
    "a text": "three",
    "bytes": b"three",
    "NaN": math.nan,
    "infinity": math.inf,
    "True": True,
    "a complex number": 3j,
    "a list": [Blank()],
    "an empty list": [],
    "a dict": {"blank": Blank()},
    "an empty dict": {},
    "a function": len,
}
DICTS, LISTS = ("a dict", "an empty dict"), ("a list", "an empty list")


@dataclass(frozen=True)
class Kind:
    """What a parameter accepts.

    Attributes
    ----------
    wrong : dict
        Values that are refused, by what they are.
    forms : tuple of functions
        Each makes another form of a right value, or raises where it has none.
    called : str
        What an error calls the parameter where that is not its name.
    raises : exception classes
        What refuses a wrong value.
    spread : bool
        Whether the values are keyword arguments, those of ``**kwargs``.
    right : dict
        Further values that are accepted, by what they are.
    """

    wrong: dict[str, Any]
    forms: tuple = ()
    called: str = ""
    raises: tuple = (ValueError,)
    spread: bool = False
    right: dict[str, Any] = field(default_factory=dict)

    def but(self, *accepted, **more):
        """The same kind where these values are accepted, or not looked at, and others are not."""
        wrong = {k: v for k, v in self.wrong.items() if k not in accepted}
        return replace(self, wrong=wrong | more.pop("wrong", {}), **more)


def kind(*accepted, near=None, optional=False, **more):
    """A kind that refuses anything but what is accepted, and what is near to it."""
    left_out = {*accepted, *(["None"] if optional else [])}
    wrong = {name: value for name, value in ANYTHING.items() if name not in left_out}
    return Kind(wrong | (near or {}), **more)


def whole(low=0, high=None, optional=False, **more):
    near = {"below": low - 1, "a half": low + 1.5, "NumPy's half": np.float64(low + 1.5)}
    near |= {"a float": float(low + 1), "its text": str(low + 1), "in a list": [low + 1]}
    near |= {} if high is None else {"above": high + 1}
    return kind("a number", near=near, optional=optional, forms=WHOLES, **more)


WHOLES = (np.int64, np.int32, np.uint8)


def real(low=None, high=None, *, above=None, below=None, optional=False, **more):
    ends = [end for end in (low, high, above, below) if end is not None]
    if len(ends) == 2:
        inside = sum(ends) / 2
    else:
        inside = sum(ends) + (-0.5 if high is not None or below is not None else 0.5)
    near = {"its text": str(inside), "in a list": [inside], "NumPy's NaN": np.float32("nan")}
    near["minus infinity"] = -math.inf
    near |= {} if low is None else {"below": low - 0.5, "just below": np.nextafter(low, -math.inf)}
    near |= (
        {} if high is None else {"above": high + 0.5, "just above": np.nextafter(high, math.inf)}
    )
    near |= {} if above is None else {"at the lower end": above, "below the lower end": above - 1}
    near |= {} if below is None else {"at the upper end": below, "above the upper end": below + 1}
    return kind("a number", near=near, optional=optional, forms=(np.float64, _single), **more)


def _single(value):
    assert np.float32(value) == value  # or it is another number
    return np.float32(value)


def flag(**more):
    near = {"1": 1, "0": 0, "its text": "True", "in a list": [True], "NumPy's 1": np.int64(1)}
    return kind("True", near=near, forms=(np.bool_,), **more)


def one_of(names, optional=False, case=True, **more):
    first = sorted(names)[0]
    near = {"nothing": "", "one letter off": f"{first[:-1]}~", "in a list": [first]}
    near |= {"one letter more": f"{first}s", "bytes of it": first.encode()}
    near |= {"in the other case": first.swapcase()} if case else {}
    return kind(near=near, optional=optional, forms=(np.str_,), **more)


def text(optional=False, **more):
    return kind(
        "a text", near={"in a list": ["three"]}, optional=optional, forms=(np.str_,), **more
    )


def wholes(low=0, least=0, optional=False, **more):
    near = {"a half in it": [low + 1, low + 1.5], "True in it": [True], "below": [low + 1, low - 1]}
    near |= {"a text in it": [str(low + 1)], "NaN in it": [math.nan], "None in it": [None]}
    near |= {"lists in it": [[low + 1]], "a table": np.array([[low + 1]]), "a set": {low + 1}}
    near |= {"a float in it": [float(low + 1)], "digits": f"{low + 1}", "keys": {low + 1: low + 1}}
    accepted = ["an empty list"] if not least else []
    return kind(*accepted, near=near, optional=optional, forms=(list, tuple, np.array), **more)


def instance(*near, optional=False, **more):
    """An object of a class of ours; ``near`` are what may be mistaken for one."""
    near = {f"near {i}": value for i, value in enumerate(near)}
    return kind(near=near, optional=optional, **more)


def function(*accepted, optional=False, **more):
    """A function; one of C has no signature, so it is accepted unless it is seen to fit not."""
    near = {"in a list": [len], "its name": "len"}
    return kind("a function", *accepted, near=near, optional=optional, **more)


def functions(**more):
    near = {
        "a number in it": [3],
        "a class in it": [Blank],
        "None in it": [None],
        "a name": ["len"],
        "one that takes nothing": [lambda: None],
    }
    return kind("an empty list", "an empty dict", near=near, **more)


def mapping(*accepted, near=None, optional=False, **more):
    near = {"pairs": [("a", 1)], "names": ["a"]} | (near or {})
    return kind(*accepted, near=near, optional=optional, **more)


def numbers(*accepted, near=None, optional=False, like=None, **more):
    """An array of finite numbers of some shape; where it is ``like`` this one, of that alone."""
    near = {
        "texts": ["a", "b"],
        "of several lengths": [[1, 2], [3]],
        "None in it": [None, None],
    } | (near or {})
    if like is not None:
        near["texts of numbers"] = np.asarray(like).astype(str).tolist()
        near["complex numbers"] = (np.asarray(like) + 1j).tolist()
    return kind(*accepted, near=near, optional=optional, forms=(_list, np.asarray), **more)


def _list(value):
    return np.asarray(value).tolist()


def path(optional=False, **more):
    return kind("a text", "bytes", near={"in a list": ["here"]}, optional=optional, **more)


def generator(optional=False, **more):
    near = {"its class": np.random.Generator, "the old one": np.random.RandomState(0)}
    near |= {"bits": np.random.PCG64(0), "a module": np.random}
    return kind(near=near, optional=optional, **more)


def random_state(**more):
    near = {"below": -1, "a half": 2.5, "its text": "0", "its class": np.random.RandomState}
    return kind("a number", near=near, optional=True, forms=(np.int64,), **more)


def keywords(near, each=None, **more):
    """The arguments of ``**kwargs``, each a dict of them; ``each`` has kinds of some, by name."""
    wrong = {
        f"{what} as {name}": {name: value}
        for name, of in (each or {}).items()
        for what, value in of.wrong.items()
    }
    return Kind(wrong | near, spread=True, **more)
