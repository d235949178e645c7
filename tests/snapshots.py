"""What an object is made of, as something that can be compared with what it was before."""

import dataclasses
import datetime
import types
from collections.abc import Mapping

import numpy as np

from hpcourse import Study

FLEETING = datetime.datetime | datetime.timedelta  # when something was, or how long it took


def snapshot(value, _above=()):
    """Return what a value is made of: types and content, of arrays the bytes, of objects all parts.

    Functions, modules and what matplotlib draws are only themselves; times are left out.
    """
    if id(value) in _above:
        return "itself"
    if value is None or type(value) in (bool, int, str, bytes, complex) or isinstance(value, type):
        return value
    if isinstance(value, float | np.generic):
        return type(value), repr(value)
    if isinstance(value, FLEETING):
        return type(value)
    above = (*_above, id(value))
    if isinstance(value, np.ndarray):
        content = value.tolist() if value.dtype == object else value.tobytes()
        return "array", value.dtype.str, value.shape, snapshot(content, above)
    if isinstance(value, np.random.Generator):
        return snapshot(value.bit_generator.state, above)
    if isinstance(value, np.random.RandomState):
        return snapshot(value.get_state(legacy=False), above)
    if isinstance(value, Mapping):
        return type(value), [(snapshot(k, above), snapshot(v, above)) for k, v in value.items()]
    if isinstance(value, list | tuple):
        return type(value), [snapshot(one, above) for one in value]
    if isinstance(value, set | frozenset):
        return type(value), sorted(map(repr, value))
    if hasattr(value, "get_weights") and hasattr(value, "layers"):  # a Keras model
        return type(value), snapshot(value.get_weights(), above), _optimizer(value, above)
    if type(value).__module__.startswith(("keras", "tensorflow")):
        return _tensor(value)
    if type(value).__module__.startswith("matplotlib") or isinstance(value, _OPAQUE):
        return type(value)
    if isinstance(value, Study):
        shown = "space", "searcher", "pruner", "directions", "seed", "trials"
        parts = [getattr(value, name) for name in shown]
        return type(value), snapshot([*parts, value._ledger.history.begun], above)
    if dataclasses.is_dataclass(value):  # what it has computed for itself is left out
        parts = {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}
        return type(value), snapshot(parts, above)
    if hasattr(value, "__dict__"):  # what a spy has noted is left out
        parts = {key: part for key, part in vars(value).items() if key != "calls"}
        return type(value), snapshot(parts, above)
    return type(value)


_OPAQUE = types.FunctionType | types.BuiltinFunctionType | types.MethodType | types.ModuleType


def _optimizer(model, above):
    made = getattr(model, "optimizer", None)
    return made and [snapshot(np.asarray(v.value), above) for v in made.variables]


def _tensor(value):
    return (type(value), np.asarray(value).tobytes()) if hasattr(value, "shape") else type(value)
