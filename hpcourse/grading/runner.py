"""The process in which a learner's code runs, and how values travel between it and the marking.

This file is run as a script by an isolated Python that sees NumPy and SciPy and nothing of the
course. It reads requests from its standard input, one line of JSON each, and answers on its
standard output; a learner's code finds both closed. Requests are

    {"id": ..., "parts": [...]}                       watch out for these functions
    {"id": ..., "cell": source, "given": source}      run a cell, without what is given
    {"id": ..., "part": name}                         go to the names as they were for this one
    {"id": ..., "call": name, "args": [...]}          call a function

and answers ``{"id": ..., "value": ...}`` or ``{"id": ..., "error": [type, message]}``. While a
function runs, ``{"id": ..., "ask": k, "args": [...]}`` calls the k-th function that the marking
has lent as an argument; that function never comes here.

Values are JSON: numbers, texts, None and lists as they are, everything else as an object with one
key that says what it is (:func:`encode`). Nothing is ever unpickled.
"""

from __future__ import annotations

import ast
import builtins
import json
import re
import signal
import sys
import types

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


def changed(args, before):
    """Return the positions of arguments that are not as they were; generators may change.

    Parameters
    ----------
    args : list
        As they are now.
    before : list
        As :func:`encode` made them.
    """
    found = []
    for k, (arg, was) in enumerate(zip(args, before, strict=True)):
        if isinstance(was, dict) and ("rng" in was or "function" in was):
            continue
        try:
            same = json.dumps(encode(arg, [])) == json.dumps(was)
        except Exception:  # it has become something that cannot travel
            same = False
        if not same:
            found.append(k)
    return found


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


class Nothing(list):
    """What a command would have given: no lines, no texts, no numbers."""

    n = s = nlstr = spstr = ""

    def __getattr__(self, name):
        return [] if name in ("l", "list", "p", "paths", "timings", "all_runs") else 0.0


class Shell:
    """Stands in for IPython's shell: what is to be timed runs once, commands do not run."""

    def __init__(self, namespace):
        self.user_ns = namespace

    def __getattr__(self, name):
        return lambda *args, **kwargs: None

    def run_line_magic(self, name, line="", *args, **kwargs):
        """Run the statement of a magic that runs one; others do nothing."""
        if name not in ("time", "timeit", "prun", "memit"):
            return Nothing()
        code = re.sub(r"^(\s*-([nrp]\s*\d+|[a-z]+)\s+)*", "", line).strip()
        try:
            value = eval(compile(code, "<cell>", "eval"), self.user_ns)
        except SyntaxError:
            exec(compile(code, "<cell>", "exec"), self.user_ns)
            return Nothing()
        return value if name == "time" else Nothing()

    magic = line_magic = run_line_magic

    def run_cell_magic(self, name, line="", cell="", *args, **kwargs):
        """Run the body of a magic that runs it; others do nothing."""
        if name in ("time", "timeit", "prun", "memit", "capture"):
            exec(compile(cell, "<cell>", "exec"), self.user_ns)
        return Nothing()

    def run_cell(self, source="", *args, **kwargs):
        """Run code as a cell."""
        return run_cell(str(source), self.user_ns)

    def getoutput(self, *args, **kwargs):
        """Return no lines."""
        return Nothing()


def _known(given):
    """Return what tells the statements of a cell that was given; with magics, it is run whole."""
    try:
        return {ast.dump(part) for part in ast.parse(given).body}
    except SyntaxError:
        return set()


def run_cell(source, namespace, given=""):
    """Run the statements of a cell one by one; return what went wrong in the first that failed.

    A statement that fails (a plot without a screen, a call of a function yet to be written) does
    not keep those after it from running. Statements that are in ``given`` too are left out.
    """
    try:
        known = _known(given) if given else set()
        body = ast.parse(source).body
        statements = [part for part in body if not known or ast.dump(part) not in known]
    except Exception as error:  # also a null byte, or brackets a hundred deep
        return [*explain(error), getattr(error, "lineno", None) or 1]
    problem = None
    for statement in statements:
        try:
            exec(compile(ast.Module([statement], []), "<cell>", "exec"), namespace)
        except BaseException as error:
            problem = problem or [*explain(error), statement.lineno]
    return problem


class Moments:
    """The names of a notebook as they were after each answer's own cell.

    A later cell may use a name again (``kernel = kernel(x, x)``, ``for np in ...``); the answer is
    judged with what there was when it had been written. What a function needs and was not there
    yet is taken from the end of the notebook.
    """

    def __init__(self, namespace, parts):
        self.namespace, self.parts = namespace, parts
        self.then, self.end = {}, None

    def look(self):
        """Keep the names of this moment for the parts whose function is new."""
        for name in self.parts:
            function = self.namespace.get(name)
            if callable(function) and self.then.get(name, {}).get(name) is not function:
                self.then[name] = dict(self.namespace)

    def go_to(self, part):
        """Let the names be those of a part; return those that are from further down."""
        if self.end is None:
            self.end = dict(self.namespace)
        then = self.then.get(part, self.end)
        later = {k: v for k, v in self.end.items() if not (k in then or hasattr(builtins, k))}
        self.namespace.clear()
        self.namespace.update({**later, **then})
        late, waiting, seen = [], [then.get(part)], set()
        while waiting:
            code = getattr(waiting.pop(), "__code__", None)
            codes = [code] if isinstance(code, types.CodeType) and id(code) not in seen else []
            while codes:
                code = codes.pop()
                seen.add(id(code))
                codes += [part for part in code.co_consts if isinstance(part, types.CodeType)]
                names = [name for name in code.co_names if name in self.namespace]
                late += [name for name in names if name in later and name not in late]
                waiting += [self.namespace[name] for name in names]
        return late


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

    moments = Moments(namespace, [])
    for line in source:
        request = parse(line)
        number = request["id"]
        if set_timer:
            set_timer(signal.ITIMER_PROF, seconds)
        try:
            if "parts" in request:
                moments = Moments(namespace, request["parts"])
                answer = {"value": None}
            elif "cell" in request:
                answer = {"value": run_cell(request["cell"], namespace, request["given"])}
                moments.look()
            elif "part" in request:
                answer = {"value": moments.go_to(request["part"])}
            else:
                answer = {"missing": True}
                if callable(function := namespace.get(request["call"])):
                    args = [decode(a, lambda k, n=number: lend(n, k)) for a in request["args"]]
                    answer = {"value": encode(function(*args))}
                    answer["changed"] = changed(args, request["args"])
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

    here = os.path.dirname(os.path.abspath(__file__))
    sys.path.insert(0, here)
    import confine

    sys.path.remove(here)
    scratch, limits, seconds = sys.argv[2], json.loads(sys.argv[3]), float(sys.argv[4])
    readable = json.loads(sys.argv[5])
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.chdir(scratch)
    closed = bool(readable) and confine.keep_to(readable)
    confined = confine.confine(limits)
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    sys.argv = [""]
    namespace = vars(module)
    shell = Shell(namespace)
    namespace |= {"get_ipython": lambda: shell, "display": lambda *args, **kwargs: None}
    sink.write(json.dumps({"ready": confined, "closed": closed}).encode() + b"\n")
    sink.flush()
    serve(source, sink, namespace, seconds)
    os._exit(0)


if __name__ == "__main__":
    main()
