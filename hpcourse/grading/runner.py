"""The process in which a learner's code runs, and how values travel between it and the marking.

This file is run as a script by an isolated Python that sees NumPy and SciPy and nothing of the
course. It reads requests from its standard input, one line of JSON each, and answers on its
standard output; a learner's code finds both closed. Requests are

    {"id": ..., "cell": source}                       run a cell
    {"id": ..., "call": name, "args": [...]}          call a function

and answers ``{"id": ..., "value": ...}`` or ``{"id": ..., "error": [type, message]}``. While a
function runs, ``{"id": ..., "ask": k, "args": [...]}`` calls the k-th function that the marking
has lent as an argument; that function never comes here.

Values are JSON: numbers, texts, None and lists as they are, everything else as an object with one
key that says what it is (:func:`encode`). Nothing is ever unpickled.
"""

from __future__ import annotations

import ast
import json
import signal
import sys

if __name__ == "__main__":
    sys.path.append(sys.argv[1])

import numpy as np

MAX_ITEMS = 50_000  # numbers, texts and containers in a value
MAX_KEYS = 1_000  # of a dict: whole numbers can be chosen so that each collides with all others
MAX_DEPTH = 20
DTYPES = {"bool", *(f"{sign}int{8 << k}" for sign in ("", "u") for k in range(4))}
DTYPES |= {"float16", "float32", "float64"}
MAX_TEXT = 10_000  # characters
MAX_BYTES = 4 << 20  # of all messages with which one request is answered
SHORTEST = 300  # characters of an error that are shown


class Unfit(Exception):
    """A value that cannot travel; says what it is, as the learner is told."""


def encode(value, functions=None):
    """Return a value as JSON can hold it, or raise :class:`Unfit`.

    Parameters
    ----------
    value : None, bool, number, str, list, tuple, dict, array, generator of random numbers
        Containers of such values; arrays of numbers and truth values.
    functions : list, optional
        Where functions are kept that are lent; without it they are unfit.

    Examples
    --------
    >>> encode((1, np.array([[1.5, 2.0]])))
    {'tuple': [1, {'array': [[1.5, 2.0], [1, 2], 'float64']}]}
    """
    left = MAX_ITEMS

    def put(x, depth):
        nonlocal left
        left -= 1
        if left < 0:
            raise Unfit(f"more than {MAX_ITEMS:,} values")
        if depth > MAX_DEPTH:
            raise Unfit(f"lists in lists, more than {MAX_DEPTH} deep")
        if isinstance(x, np.generic):
            x = x.item()
        if x is None or type(x) in (bool, float):
            return x
        if type(x) is int:
            if abs(x) >= 1 << 1024:
                raise Unfit("a whole number of more than 300 digits")
            return x
        if type(x) is str:
            if len(x) > MAX_TEXT:
                raise Unfit(f"a text of more than {MAX_TEXT:,} characters")
            return x
        if isinstance(x, list | tuple):
            items = [put(item, depth + 1) for item in x]
            return items if isinstance(x, list) else {"tuple": items}
        if isinstance(x, dict):
            if len(x) > MAX_KEYS:
                raise Unfit(f"a dict of more than {MAX_KEYS:,} keys")
            return {"dict": [[put(k, depth + 1), put(v, depth + 1)] for k, v in x.items()]}
        if isinstance(x, np.ndarray):
            if x.dtype.kind == "f" and x.dtype.name not in DTYPES:
                x = x.astype(np.float64)
            if x.dtype.name not in DTYPES:
                raise Unfit(f"an array of {x.dtype.name}")
            left -= extent(x.shape)
            if left < 0:
                raise Unfit(f"more than {MAX_ITEMS:,} values")
            return {"array": [x.ravel().tolist(), list(x.shape), x.dtype.name]}
        if isinstance(x, np.random.Generator):
            return {"rng": json.loads(json.dumps(x.bit_generator.state, default=int))}
        if functions is not None and callable(x):
            functions.append(x)
            return {"function": len(functions) - 1}
        raise Unfit(described(x))

    return put(value, 0)


def decode(data, lend=None):
    """Return the value that :func:`encode` made JSON of, or raise :class:`Unfit`.

    The data may come from anywhere: whatever is not as described is refused.

    Examples
    --------
    >>> decode({"tuple": [1, {"array": [[1.5, 2.0], [1, 2], "float64"]}]})
    (1, array([[1.5, 2. ]]))
    """
    left = MAX_ITEMS

    def take(x, depth):
        nonlocal left
        left -= 1
        if left < 0 or depth > 2 * MAX_DEPTH:
            raise Unfit("too large a value")
        if x is None or type(x) in (bool, float):
            return x
        if type(x) is int and abs(x) < 1 << 1024:
            return x
        if type(x) is str and len(x) <= MAX_TEXT:
            return x
        if type(x) is list:
            return [take(item, depth + 1) for item in x]
        if type(x) is dict and len(x) == 1:
            ((kind, content),) = x.items()
            if kind == "tuple" and type(content) is list:
                return tuple(take(item, depth + 1) for item in content)
            if kind == "dict" and type(content) is list:
                pairs = [take(pair, depth + 1) for pair in content]
                short = len(pairs) <= MAX_KEYS
                if short and all(type(pair) is list and len(pair) == 2 for pair in pairs):
                    return dict(pairs)
            if kind == "array" and type(content) is list and len(content) == 3:
                flat, shape, dtype = content
                left -= max(len(flat), extent(shape))
                kinds = {"boo": (bool,), "int": (int,), "uin": (int,), "flo": (int, float)}
                fits = left >= 0 and dtype in DTYPES
                if not fits or any(type(n) not in kinds[dtype[:3]] for n in flat):
                    raise Unfit("an array of something else than it says")
                return np.array(flat, dtype=dtype).reshape(shape)
            if kind == "rng":
                bits = np.random.PCG64()
                bits.state = content
                return np.random.Generator(bits)
            if kind == "function" and lend is not None:
                return lend(content)
        raise Unfit("what is no value")

    try:
        return take(data, 0)
    except Unfit:
        raise
    except Exception as error:  # whatever else is wrong with it
        raise Unfit("what is no value") from error


def extent(shape):
    """Return what an array costs to look at: its size, where a dimension of 0 counts as 1.

    >>> extent((2, 3)), extent((20_000_000, 0))
    (6, 20000000)
    """
    total = 1
    for n in shape:
        total *= max(int(n), 1)
        if total > MAX_ITEMS:
            break
    return total


def described(x):
    """Say in a few words what a value is that cannot travel.

    >>> described(n for n in range(3)), described({1, 2})
    ('a generator', 'a set')
    """
    name = getattr(type(x), "__name__", "object")
    name = name if isinstance(name, str) else "object"
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name[:60]}"


def parse(line):
    """Return the message in a line of bytes, or None for what is none."""
    try:
        message = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError, MemoryError):
        return None
    return message if isinstance(message, dict) else None


# From here on: what happens in the process.


class Shell:
    """Stands in for IPython's shell: magics do nothing."""

    def __getattr__(self, name):
        return lambda *args, **kwargs: None


def run_cell(source, namespace):
    """Run the statements of a cell one by one; return what went wrong in the first that failed.

    A statement that fails (a plot without a screen, a call of a function yet to be written) does
    not keep those after it from running.
    """
    try:
        try:
            tree = ast.parse(source)
        except SyntaxError:
            tree = ast.parse(without_magics(source))
    except Exception as error:  # also a null byte, or brackets a hundred deep
        return [*explain(error), getattr(error, "lineno", None) or 1]
    problem = None
    for statement in tree.body:
        try:
            exec(compile(ast.Module([statement], []), "<cell>", "exec"), namespace)
        except BaseException as error:
            problem = problem or [*explain(error), statement.lineno]
    return problem


def without_magics(source):
    """Return the source with IPython's magics and shell commands left out.

    >>> without_magics("%matplotlib inline\\nx = 1\\n!ls")
    'pass\\nx = 1\\npass'
    """
    lines = source.split("\n")
    if lines[0].startswith("%%"):
        lines[0] = "pass"
    out = []
    for line in lines:
        start = line.lstrip()
        magic = start.startswith(("%", "!")) or (start.startswith("?") or start.endswith("?"))
        out.append(line[: len(line) - len(start)] + "pass" if magic else line)
    return "\n".join(out)


def explain(error):
    """Return the type and the message of an exception, as plain short texts."""
    try:
        message = str(error)
    except BaseException:
        message = ""
    if not isinstance(message, str):
        message = ""
    if len(message) > SHORTEST:
        message = message[:SHORTEST] + " ..."
    name = getattr(type(error), "__name__", "Exception")
    return [str(name)[:60], message.encode("utf-8", "replace").decode("utf-8")]


def serve(source, sink, namespace, seconds):
    """Answer requests until there are no more, each in so many seconds of processor time."""
    set_timer = getattr(signal, "setitimer", None)  # not on Windows; ends the process
    send_line, flush, dumps, exit_ = sink.write, sink.flush, json.dumps, Stop

    def send(message):
        send_line(dumps(message).encode("utf-8") + b"\n")
        flush()

    def lend(number, k):
        def lent(*args):
            send({"id": number, "ask": k, "args": [encode(a) for a in args]})
            answer = parse(source.readline())
            if answer is None:
                raise exit_
            if "error" in answer:
                raise ValueError(answer["error"])
            return decode(answer["value"])

        return lent

    for line in source:
        request = parse(line)
        number = request["id"]
        if set_timer:
            set_timer(signal.ITIMER_PROF, seconds)
        try:
            if "cell" in request:
                answer = {"value": run_cell(request["cell"], namespace)}
            else:
                answer = {"missing": True}
                if callable(function := namespace.get(request["call"])):
                    args = [decode(a, lambda k, n=number: lend(n, k)) for a in request["args"]]
                    answer = {"value": encode(function(*args))}
        except exit_:
            return
        except Unfit as unfit:
            answer = {"unfit": str(unfit)}
        except BaseException as error:
            answer = {"error": explain(error)}
        send({"id": number} | answer)


class Stop(BaseException):
    """The marking has gone."""


def main():
    """Give up what a learner's code must not have, then serve."""
    import os
    import types

    here = os.path.dirname(os.path.abspath(__file__))
    sys.path.insert(0, here)
    import confine

    sys.path.remove(here)
    scratch, limits, seconds = sys.argv[2], json.loads(sys.argv[3]), float(sys.argv[4])
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.chdir(scratch)
    confined = confine.confine(limits)
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    sys.argv = [""]
    namespace = vars(module)
    namespace["get_ipython"] = Shell
    sink.write(json.dumps({"ready": confined}).encode() + b"\n")
    sink.flush()
    serve(source, sink, namespace, seconds)
    os._exit(0)


if __name__ == "__main__":
    main()
