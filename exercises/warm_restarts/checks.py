"""Marking of the problem set on warm restarts.

Lengths of cycles and budgets are whole numbers, so that the times of restarts are exact in any
order of the additions; other times keep away from restarts.
"""

from contextlib import contextmanager
from itertools import combinations

import numpy as np

from hpcourse.grading import Exercise, Wrong

exercise = Exercise(
    "warm_restarts",
    title="Warm restarts",
    minutes=60,
    chapters=[
        "training/schedules",
        "training/batch_epochs",
        "training/initialization_activation",
        "training/regularization",
    ],
)

CLOSED = (
    "It works while cycles grow, but not for t_mul = 1: a closed formula divides by t_mul - 1 or "
    "by log(t_mul), which is 0. Treat equal cycles by themselves, or add up lengths one by one."
)
MANY = (
    "It works for a few cycles, but not for thousands of them. A list of fixed length ends too "
    "early, and a function that calls itself once for each cycle ends after about a thousand "
    "calls. A loop goes on for as long as it is needed."
)


@exercise.part(
    "When cycles start",
    points={"cycles that grow": 2, "cycles of equal length": 1},
    hints={
        "lengths": "These are the lengths of the cycles. A cycle starts where all cycles before it "
        "have passed: add their lengths up.",
        "ends": "These are the ends of the cycles. The first cycle starts at 0, each other one "
        "where the one before it ends.",
        "early": "All starts are t_mul times too late: the first cycle lasts first_cycle, and "
        "t_mul lengthens only those after it.",
        "late": "The second cycle is as long as the first here. It is already t_mul times as long.",
        "power": "This multiplies each start by t_mul to get the next. It is the lengths that "
        "grow by this factor; the starts are sums of lengths.",
        "closed": CLOSED,
    },
)
def cycle_starts(answer):
    """Cycles three to five times longer each, so that no two mistakes give the same."""
    rng = answer.rng
    with answer.criterion("cycles that grow"):
        for n in (5, 4, 3, 6, 1, 12):  # the last starts do not fit into 16 bits
            t_mul = _whole(rng, 3 if n < 12 else 4, 5)
            first = _whole(rng, 2, 7) * (t_mul - 1) + 1  # no multiple of t_mul - 1
            lengths = first * t_mul ** np.arange(n)
            starts = _sums(lengths)
            answer.close(
                answer(first, t_mul, n),
                starts,
                what=f"first_cycle = {first}, t_mul = {t_mul}, n_cycles = {n}",
                lengths=lengths,
                ends=np.cumsum(lengths),
                early=t_mul * starts,
                late=_sums([first, *lengths[:-1]]),
                power=[0, *lengths[:-1]],
            )
    grown = answer.judged.criteria["cycles that grow"] > 0
    with answer.criterion("cycles of equal length"):
        for n in (5, 3, 4):
            first = _whole(rng, 2, 15)
            starts = first * np.arange(n)
            with _said(answer, "closed", grown, "It raises ZeroDivision", "NaN or infinity"):
                answer.close(
                    answer(first, 1, n),
                    starts,
                    lengths=np.full(n, first),
                    ends=starts + first,
                    power=[0, *[first] * (n - 1)],
                    closed=np.zeros(n) if grown else None,
                )


def _whole(rng, low, high):
    """Return a whole number from low to high, both included."""
    return int(rng.integers(low, high + 1))


def _sums(lengths):
    """Return the starts of pieces of these lengths."""
    return np.cumsum(lengths) - lengths


@contextmanager
def _said(answer, hint, applies, *starts):
    """Give the hint instead of a message with one of these starts, if it applies."""
    try:
        yield
    except Wrong as wrong:
        if applies and wrong.hint is None and str(wrong).startswith(starts):
            raise answer.wrong(hint) from None
        raise


@exercise.part(
    "The rate",
    points={
        "the first cycle": 1,
        "later, longer cycles": 2,
        "at a restart and just before": 1,
        "cycles of equal length": 1,
        "an array of times": 1,
    },
    hints={
        "wave": "The rate goes down and up again within a cycle: this is a whole wave. Half a wave "
        "ends at cos(pi).",
        "floor": "This ends at 0. The rate falls from learning_rate to final_learning_rate.",
        "over": "The rate starts above learning_rate here: the wave has to be scaled by the "
        "difference of the two rates.",
        "equal": "All cycles are as long as the first here. Each lasts t_mul times as long as the "
        "one before.",
        "total": "This puts the time since the beginning into the cosine. The time since the last "
        "restart is wanted.",
        "first": "This divides by the length of the first cycle. Divide by that of the cycle that "
        "t is in.",
        "old": "At a restart the rate is already learning_rate; here it is still the end of the "
        "old cycle. Is it < where it should be <=? And if you find the cycle with a logarithm: it "
        "is rounded, sometimes to just below a whole number.",
        "closed": CLOSED,
        "many": MANY,
        "array": "It works for a number, but not for an array: `if` and `while` need one truth "
        "value, and an array has many. Use np.where, or compute the rates one by one.",
    },
)
def sgdr(answer):
    """One draw has a time in a given cycle; shares of a cycle done are random."""
    rng = answer.rng

    def judge(t, first, t_mul):
        high = float(rng.uniform(0.1, 0.9))
        low = float(high * rng.uniform(0.1, 0.4))
        start, length = _cycle(t, first, t_mul)
        answer.close(
            answer(t, high, low, first, t_mul),
            _cosine((t - start) / length, high, low),
            equal=_cosine(t % first / first, high, low),
            total=_cosine(t / length, high, low),
            first=_cosine((t - start) / first, high, low),
            wave=_cosine(2 * (t - start) / length, high, low),
            floor=_cosine((t - start) / length, high, 0),
            over=_cosine((t - start) / length, high + low, low),
            old=low if t == start > 0 else None,
        )

    with answer.criterion("the first cycle"):
        judge(0, _whole(rng, 5, 40), 2)
        for _ in range(3):
            first = _whole(rng, 5, 40)
            judge(_within(rng, 0, first, 2), first, 2)
    with answer.criterion("later, longer cycles"):
        for t_mul in (3, 2):
            first = _whole(rng, 3, 20)
            judge(_second(rng, first), first, t_mul)
        for t_mul, i in ((2, 3), (3, 2), (4, 3)):
            first = _whole(rng, 3, 20)
            judge(_within(rng, i, first, t_mul), first, t_mul)
    grown = answer.judged.criteria["later, longer cycles"] > 0
    with answer.criterion("at a restart and just before"):
        for t_mul, i in ((2, 1), (2, 3), (3, 5), (4, 2)):
            first = _whole(rng, 3, 9)
            restart = first * sum(t_mul**k for k in range(i))
            judge(restart, first, t_mul)
            judge(restart - 0.5, first, t_mul)
    with answer.criterion("cycles of equal length"):
        for i in (1, 4, 2, 0):
            first = _whole(rng, 3, 20)
            failed = "It raises ZeroDivision", "It raises ValueError", "It raises Overflow", "NaN"
            with _said(answer, "closed", grown, *failed):
                judge(_within(rng, i, first, 1), first, 1)
        first, i = _whole(rng, 3, 20), _whole(rng, 1500, 2000)
        with _said(answer, "many", True, "It raises", "Expected", "NaN"):
            for many in (i, i + 1):  # a cosine that runs on is right in every other cycle
                judge(_within(rng, many, first, 1), first, 1)
    with answer.criterion("an array of times"):
        for t_mul, whole in ((2, False), (3, False), (2, True)):
            high, low = float(rng.uniform(0.5, 0.9)), float(rng.uniform(0.01, 0.2))
            first, n = _whole(rng, 3, 20), _whole(rng, 6, 9)
            t = [_within(rng, i, first, t_mul) for i in rng.permutation(n) % 4]
            t = np.array([*t, _second(rng, first)])
            if whole:  # times that are no restarts, as an array of integers
                t = np.array([x for x in rng.permutation(9 * first) if _cycle(x, first, 2)[0] != x])
            places = [_cycle(x, first, t_mul) for x in t]
            start, length = np.transpose(places)
            with _said(answer, "array", grown, "It raises ValueError", "It raises TypeError"):
                answer.close(
                    answer(t, high, low, first, t_mul),
                    _cosine((t - start) / length, high, low),
                    equal=_cosine(t % first / first, high, low),
                    total=_cosine(t / length, high, low),
                    first=_cosine((t - start) / first, high, low),
                    wave=_cosine(2 * (t - start) / length, high, low),
                    floor=_cosine((t - start) / length, high, 0),
                    over=_cosine((t - start) / length, high + low, low),
                )
            answer.unchanged("t")


def _cosine(share, high, low):
    return low + (high - low) * (1 + np.cos(np.pi * share)) / 2


def _cycle(t, first, t_mul):
    """Return start and length of the cycle that the time is in."""
    start, length = 0, first
    while t >= start + length:
        start, length = start + length, length * t_mul
    return start, length


def _within(rng, i, first, t_mul):
    """Return a time in cycle i, away from both ends."""
    start = first * sum(t_mul**k for k in range(i))
    return float(start + first * t_mul**i * rng.uniform(0.05, 0.95))


def _second(rng, first):
    """Return a time in the second of growing cycles for which no two mistakes give the same."""
    return float(first * (2 + rng.uniform(0.1, 0.9)))


@exercise.part(
    "Restarts of any schedule",
    points={
        "the epochs since the last restart": 2,
        "no more restarts after the last": 1,
        "restarts that never come": 1,
    },
    hints={
        "late": "The restart comes an epoch late, or an epoch of the new cycle is missing: after 3 "
        "epochs, which are those with the numbers 0, 1, 2, epoch 3 has the rate schedule(0).",
        "early": "The restart comes an epoch early. A restart after 3 epochs leaves epochs 0, 1, 2 "
        "as they are; epoch 3 is the first of the new cycle.",
        "once": "The first rate comes back for a single epoch, and then the old cycle goes on. A "
        "restart sets the time back to 0, and from there it goes on counting.",
        "never": "The time is never set back. Give the schedule the epochs since the last restart.",
        "periodic": "Restarts come at regular distances, or go on after the last one. They come "
        "after the epochs in the list, and no others.",
        "empty": "It fails when there is no restart, after = []. The first cycle starts at 0.",
        "final": "A restart after n_epochs - 1 is missing. It still comes: the last epoch has the "
        "number n_epochs - 1, and it is the first of its cycle.",
        "array": "This calls schedule with an array. It is a function of one number, and may "
        "contain an `if`: call it once for each epoch.",
        "cut": "The rates are cut to whole numbers. The first rate is the whole number 1, and an "
        "array that is made after it (np.vectorize, np.full) takes its type: make one of floats.",
        "beyond": "The number of rates is not n_epochs. A restart after n_epochs or more never "
        "comes, and must not add epochs.",
    },
)
def restarted(answer):
    """The lent schedule falls strictly, so that a rate tells the time that was asked for."""
    rng = answer.rng

    def judge(after, n, numbers_only=False):
        high, decay = float(rng.uniform(0.1, 0.9)), float(rng.uniform(0.1, 0.5))
        asked = []

        def falling(t):
            return high / (1 + decay * np.asarray(t, dtype=float))

        def whole_first(t):  # for numbers only, and its first rate is an int
            asked.append(t)
            if np.ndim(t) > 0:
                return np.array([whole_first(each) for each in t])
            return 1 if t == 0 else 1 / (1 + decay * t)

        lent = whole_first if numbers_only else falling

        def schedule(t):
            return np.array([lent(each) for each in t], dtype=float)

        def rates(restarts):
            return schedule([e - max((a for a in restarts if a <= e), default=0) for e in epochs])

        epochs = range(n)
        gaps = np.diff([0, *after]).tolist()
        on = [*after, *range(after[-1], n, gaps[-1])] if after else []
        wrong = {
            "late": [
                schedule([e - max((a for a in after if a < e), default=0) for e in epochs]),
                rates([a + 1 for a in after]),
            ],
            "early": [rates([a - 1 for a in after])],
            "once": [schedule([0 if e in after else e for e in epochs])],
            "never": [rates([])],
            "final": [rates([a for a in after if a != n - 1])],
            "cut": [np.trunc(rates(after))],
            "periodic": [rates(on), rates(range(0, n, gaps[0]) if after else [])],
        }
        asked.clear()
        value = answer(lent, after, n)
        if any(np.ndim(t) > 0 for t in asked):
            raise answer.wrong("array")
        given, expected = answer.numbers(value), rates(after)
        if given.ndim == 1 and len(given) != n and after and after[-1] >= n:
            raise answer.wrong("beyond")
        for hint, values in wrong.items():
            for value in values:
                if _same(given, value) and not _same(value, expected):
                    raise answer.wrong(hint)
        answer.close(given, expected)

    with answer.criterion("the epochs since the last restart"):
        for k in (2, 3, 2):
            gaps = rng.permutation([3, 4, 5, 7])[:k]
            after = np.cumsum(gaps).tolist()
            judge(after, after[-1] + _whole(rng, 2, min(gaps) - 1))
    right = answer.judged.criteria["the epochs since the last restart"] > 0
    with answer.criterion("no more restarts after the last"):
        for _ in range(3):
            first = _whole(rng, 3, 5)
            judge([first, 2 * first], 4 * first + _whole(rng, 1, 3))
            answer.unchanged("schedule", "after")
        judge([first, 2 * first], 4 * first + 1, numbers_only=True)
    with answer.criterion("restarts that never come"):
        for _ in range(2):
            n = _whole(rng, 8, 12)
            judge([_whole(rng, 3, 5), n, n + _whole(rng, 1, 4)], n)
            judge([_whole(rng, 3, 5), n + 1, n + _whole(rng, 3, 5)], n)
            judge([_whole(rng, 3, 5), n - 1, n], n)
            with _said(answer, "empty", right, "It raises"):
                judge([], n)


def _same(one, other):
    return np.shape(one) == np.shape(other) and np.allclose(one, other, rtol=1e-6, atol=1e-9)


@exercise.part(
    "Where to stop",
    points={
        "the number of complete cycles": 2,
        "the epoch to stop at": 1,
        "budgets that end with a cycle, or before the first": 1,
        "cycles of equal length": 1,
    },
    hints={
        "swapped": "The two values are in the wrong order: the number of cycles comes first.",
        "broken": "This counts the cycle that the budget breaks off. A cycle is complete if it "
        "ends within the budget.",
        "whole": "This compares the length of a cycle with the whole budget. The cycle has to fit "
        "into what those before it have left.",
        "equal": "This takes all cycles to be as long as the first. Each lasts t_mul times as long "
        "as the one before.",
        "budget": "This stops at the end of the budget, in the middle of a cycle. Stop where the "
        "last complete cycle ends.",
        "length": "The second value is the length of the last complete cycle. It ends after all "
        "the lengths up to its own.",
        "start": "The second value is where the last complete cycle starts, not where it ends.",
        "strict": "A cycle that ends exactly with the budget is complete. Is it < where it should "
        "be <=? And if you use a logarithm: it is rounded, sometimes to just below a whole number.",
        "closed": CLOSED,
        "many": MANY,
    },
)
def complete_cycles(answer):
    """In the first draw the next cycle is longer than the budget, in the second it is not."""
    rng = answer.rng

    def given(budget, first, t_mul):
        value = answer.numbers(answer(budget, first, t_mul))
        answer.require(value.shape == (2,), "Two numbers are wanted: how many cycles, and the end.")
        return value

    def draws():
        for t_mul, n, far in ((3, 2, 0), (2, 3, 1), (2, 4, 0), (3, 3, 1), (4, 2, 1)):
            first = _whole(rng, 1, 3) * (t_mul - 1) + 1 if t_mul > 2 else _whole(rng, 3, 9)
            ends = _ends(first, t_mul, n + 1)
            following = first * t_mul**n  # the length of the next cycle
            low, high = (following, ends[n] - 1) if far else (ends[n - 1] + 1, following - 1)
            budgets = [budget for budget in range(low, high + 1) if budget % first]
            yield int(rng.choice(budgets)), first, t_mul, n, ends, far

    with answer.criterion("the number of complete cycles"):
        for budget, first, t_mul, n, ends, far in draws():
            value = given(budget, first, t_mul)
            if _same(value, [ends[n - 1], n]):
                raise answer.wrong("swapped")
            answer.close(
                value[0],
                n,
                what=f"complete cycles in {budget} epochs",
                whole=n + 1 if far else None,
                broken=n + 1,
                equal=budget // first,
            )
    with answer.criterion("the epoch to stop at"):
        for budget, first, t_mul, n, ends, far in draws():
            value = given(budget, first, t_mul)
            if _same(value, [ends[n - 1], n]):
                raise answer.wrong("swapped")
            answer.close(
                value[1],
                ends[n - 1],
                what=f"where to stop within {budget} epochs",
                whole=ends[n] if far else None,
                broken=ends[n],
                budget=budget,
                equal=budget // first * first,
                length=first * t_mul ** (n - 1),
                start=ends[n - 2],
            )
    grown = answer.judged.criteria["the number of complete cycles"] > 0
    with answer.criterion("budgets that end with a cycle, or before the first"):
        for t_mul, n in ((2, 3), (3, 5), (3, 2)):
            first = _whole(rng, 2, 9)
            ends = [0, *_ends(first, t_mul, n + 1)]
            answer.close(
                given(ends[n], first, t_mul),
                [n, ends[n]],
                what=f"within {ends[n]} epochs",
                strict=[n - 1, ends[n - 1]],
                broken=[n + 1, ends[n + 1]],
            )
        first = _whole(rng, 4, 9)
        answer.close(
            given(first, first, 2),
            [1, first],
            what=f"within {first} epochs, exactly one cycle",
            strict=[0, 0],
            broken=[2, 3 * first],
        )
        budget = _whole(rng, 1, first - 1)
        answer.close(
            given(budget, first, 2),
            [0, 0],
            what=f"within {budget} epochs, shorter than a cycle",
            broken=[1, first],
            budget=[1, budget],
        )
    with answer.criterion("cycles of equal length"):
        if "whole" in answer.judged.hints:  # a cycle that does not grow would be counted for ever
            raise answer.wrong("whole")
        for n in (3, 5, 2):
            first = _whole(rng, 4, 9)
            budget = n * first + _whole(rng, 1, first - 1)
            failed = "It raises ZeroDivision", "It raises ValueError", "It raises Overflow", "NaN"
            with _said(answer, "closed", grown, *failed):
                value = given(budget, first, 1)
            end = n * first
            answer.close(
                value,
                [n, end],
                what=f"within {budget} epochs",
                swapped=[end, n],
                broken=[n + 1, end + first],
                budget=[n, budget],
                length=[n, first],
                start=[n, end - first],
            )
        first, n = _whole(rng, 4, 9), _whole(rng, 1500, 2500)
        budget = n * first + _whole(rng, 1, first - 1)
        with _said(answer, "many", True, "It raises", "Expected", "NaN"):
            answer.close(given(budget, first, 1), [n, n * first], what=f"within {budget} epochs")


def _ends(first, t_mul, n):
    return [first * sum(t_mul**k for k in range(i + 1)) for i in range(n)]


@exercise.part(
    "Where cycles end",
    points={
        "before each restart": 2,
        "at the end of the training": 1,
        "other rates, level pieces, cycles of one epoch": 1,
    },
    hints={
        "last": "The last cycle is missing. It ends with the training, where no jump follows.",
        "late": "This is an epoch late. After n epochs the next rate is rates[n]: when that has "
        "jumped, the snapshot was due after n epochs.",
        "index": "These are the indices of the last epochs, counted from 0. The numbers of epochs "
        "done are wanted: after the epoch with index 2, three are done.",
        "starts": "These are the starts of the cycles: 0 is the first, and the end of the last "
        "cycle is missing.",
        "falls": "This takes every change of the rate for a restart. Only where it rises, a cycle "
        "has ended.",
        "lowest": "This looks for the lowest rate of the whole training. Cycles of different "
        "length may end at different rates: look for the jump after each.",
        "back": "This looks for the first rate of the training. A cycle may start below it: "
        "compare each rate with the one before it.",
        "level": "This takes equal rates for a restart. A cycle may stay at a rate for some "
        "epochs; it has ended where the rate rises.",
        "little": "A restart is missing that raises the rate only a little. Any rise above the "
        "rate before is a restart, however small it is, and however high or low the rates are.",
        "single": "A cycle may be a single epoch, the first one and the last one too. Compare each "
        "rate with the one before it, from the second epoch to the last, and with no other.",
        "dip": "This looks for a rate below both of its neighbors. A cycle may stay at its last "
        "rate for some epochs; compare with the next rate only.",
    },
)
def cycle_ends(answer):
    """Cycles of different length that end at different rates."""
    rng = answer.rng

    def pieces(highs, level=False):
        """Return the rates, cycle by cycle."""
        lengths = rng.permutation([4, 5, 6, 7])[: len(highs)]
        found = []
        for length, high in zip(lengths, highs, strict=True):
            shares = 1 - np.arange(length) / length + rng.uniform(0, 0.5 / length)
            if level:  # a first piece at the high rate, a last one at a low rate, 2 epochs or more
                shares = np.where(np.arange(length) < _whole(rng, 2, length - 2), 1, shares[-1])
            found.append(high * np.r_[1, shares[1:]])
        return found

    def gentle():
        """Return cycles that fall a little and restart a little higher, ever lower."""
        found, rate = [], float(rng.uniform(0.5, 0.9))
        for length in rng.permutation([4, 5, 6, 7]):
            cycle = rate * np.cumprod(np.r_[1, rng.uniform(0.75, 0.9, length - 1)])
            found.append(cycle)
            rate = cycle[-1] * rng.uniform(1.1, 1.2)
        return found

    def judge(cycles, only_before=False, hints=None):
        rates = np.concatenate(cycles)
        n = len(rates)
        ends = np.cumsum([len(cycle) for cycle in cycles])
        given = answer.numbers(answer(rates))
        answer.require(given.ndim == 1, "A list or array of numbers of epochs is wanted.")
        inner = np.arange(1, n)
        fell, rose = rates[:-1] > rates[1:], rates[1:] > rates[:-1]
        dips = inner[rose & np.r_[False, fell[:-1]]]
        wrong = {
            "last": [ends[:-1]],
            "starts": [[0, *ends[:-1]]],
            "index": [ends - 1, ends[:-1] - 1, [*(ends[:-1] - 1), n]],
            "late": [ends + 1, ends[:-1] + 1, [*(ends[:-1] + 1), n]],
            "back": [inner[rates[1:] == rates[0]]],
            "lowest": [1 + np.flatnonzero(rates == rates.min())],
            "falls": [inner[fell | rose], inner[fell]],
            "level": [inner[~fell]],
            "dip": [dips],
        }
        listed = f"Expected {_listed(ends)}, got {_listed(given)}, for the rates {_listed(rates)}."
        if only_before:  # the end of the training is judged in a criterion of its own
            given, ends = given[given != n], ends[:-1]
            del wrong["last"]
        if hints is not None:  # others would be recognized by chance
            borders = {1, n - 1}, {1}, {n - 1}
            wrong["single"] = [dips, *([e for e in ends if e not in b] for b in borders)]
            inside = ends[ends < n]
            wrong["little"] = [list(e) for k in range(len(inside)) for e in combinations(inside, k)]
            wrong = {hint: wrong[hint] for hint in hints}
        # Where two mistakes give the same, the one that was recognized before goes first.
        for hint in sorted(wrong, key=lambda hint: hint not in answer.judged.hints):
            if not len(given) and hint not in ("last", "little"):
                continue
            for value in wrong[hint]:
                for expected in (value, [*value, n]):
                    if _same(given, expected) and not _same(expected, ends):
                        raise answer.wrong(hint)
        answer.require(given.shape == ends.shape, listed)
        answer.close(given, ends)

    with answer.criterion("before each restart"):
        for k in (3, 2, 4, 3):
            judge(pieces([float(rng.uniform(0.1, 0.9))] * k), only_before=True)
    with answer.criterion("at the end of the training"):
        for k in (3, 4):
            judge(pieces([float(rng.uniform(0.1, 0.9))] * k))
        for more in (0, 1):  # one cycle without a restart; a restart in the last epoch
            high = float(rng.uniform(0.1, 0.9))
            judge([*pieces([high]), *[[high]] * more], hints=("last", "single") if more else None)
    with answer.criterion("other rates, level pieces, cycles of one epoch"):
        for k in (3, 4):
            judge(pieces(0.9 * 0.8 ** np.arange(k)))
            judge(pieces([float(rng.uniform(0.1, 0.9))] * k, level=True))
        judge(gentle(), hints=("last", "little"))
        small = rng.uniform(1, 2) * np.array([3e-4, 2e-4, 4e-4])
        judge(pieces(small), only_before=True, hints=("little",))
        first, second = pieces([0.6, 0.9])
        judge([[0.4], first, [0.5], second], only_before=True, hints=("single",))
        judge([[0.0] * _whole(rng, 2, 4), first, second], only_before=True, hints=())
        answer.unchanged("rates")


def _listed(numbers):
    """Return a row of numbers as a short text."""
    more = ", ..." if len(numbers) > 30 else ""
    return ", ".join(f"{x:.3g}" for x in numbers[:30]) + more or "none"


@exercise.part(
    "The ensemble",
    points={"the accuracy of each snapshot": 2, "the accuracy of the ensemble": 3},
    hints={
        "axis": "The axes are mixed up. A class is chosen along the last axis, snapshots are "
        "averaged along the first, and an accuracy is a mean over the images.",
        "pooled": "This is one accuracy over all snapshots. One for each is wanted: average over "
        "the images only.",
        "accuracies": "This averages the accuracies: that is how good a snapshot is on average. "
        "The ensemble averages the probabilities and then chooses a class.",
        "votes": "This lets each snapshot choose a class, and they vote. The ensemble averages "
        "the probabilities first, so that a snapshot that is sure counts more.",
        "classes": "This averages the chosen digits as if they were measurements: between a 3 and "
        "a 9 it finds a 6. Average the probabilities.",
    },
)
def snapshot_ensemble(answer):
    """First a cube, in which axes that are mixed up still give a number."""
    rng = answer.rng
    shapes = ((8, 8, 8), (3, 60, 5), (4, 50, 6), (5, 40, 4))

    def accuracies_and_ensemble(probabilities, labels):
        value = answer(probabilities, labels)
        fine = isinstance(value, list | tuple) and len(value) == 2
        answer.require(fine, "Two things are wanted: the accuracies, and that of the ensemble.")
        return value

    with answer.criterion("the accuracy of each snapshot"):
        for shape in shapes:
            probabilities, labels = _predictions(rng, shape)
            right = probabilities.argmax(axis=2) == labels
            given = answer.numbers(accuracies_and_ensemble(probabilities, labels)[0])
            for other in (right.mean(axis=0), *_crossed(probabilities, labels)[:1]):
                if _same(given, other):
                    raise answer.wrong("axis")
            if given.ndim == 0 and _same(given, right.mean()):
                raise answer.wrong("pooled")
            answer.close(given, right.mean(axis=1), what="accuracies")
        probabilities, labels = rng.dirichlet(np.ones(4), size=(1, 30)), rng.integers(4, size=30)
        right = probabilities.argmax(axis=2) == labels
        given = accuracies_and_ensemble(probabilities, labels)[0]
        answer.close(given, right.mean(axis=1), what="accuracies of a single snapshot")
    with answer.criterion("the accuracy of the ensemble"):
        for shape in shapes:
            probabilities, labels = _predictions(rng, shape)
            right, mistakes = _mistakes(probabilities, labels)
            given = answer.numbers(accuracies_and_ensemble(probabilities, labels)[1])
            if any(_same(given, other) for other in _crossed(probabilities, labels)[1:]):
                raise answer.wrong("axis")
            answer.close(given, right, what="the ensemble", **mistakes)
            answer.unchanged("probabilities", "labels")


def _predictions(rng, shape):
    """Return probabilities and labels for which all mistakes give different accuracies."""
    snapshots, images, classes = shape
    while True:
        labels = rng.integers(classes, size=images)
        logits = rng.normal(size=shape) + rng.normal(size=shape[1:])
        logits[:, np.arange(images), labels] += 1.5
        # Some are surer than others, which a vote does not count.
        sure = np.exp(logits * rng.uniform(0.5, 3, (snapshots, images, 1)))
        probabilities = sure / sure.sum(axis=2, keepdims=True)
        right, mistakes = _mistakes(probabilities, labels)
        values = [right, *mistakes.values(), *_crossed(probabilities, labels)[1:]]
        apart = min(abs(a - b) for i, a in enumerate(values) for b in values[:i]) > 1e-3
        others = _others(probabilities, labels) if images > 40 else []
        if apart and all(abs(right - other) > 1e-3 for other in others):
            return probabilities, labels


def _mistakes(probabilities, labels):
    """Return the accuracy of the ensemble, and what comes out for mistakes."""
    chosen = probabilities.argmax(axis=2)
    votes = np.array([(chosen == c).sum(axis=0) for c in range(probabilities.shape[2])])
    return (probabilities.mean(axis=0).argmax(axis=1) == labels).mean(), {
        "accuracies": (chosen == labels).mean(),
        "votes": (votes.argmax(axis=0) == labels).mean(),
        "classes": (chosen.mean(axis=0).round() == labels).mean(),
    }


def _others(probabilities, labels):
    """Return the accuracies of other ways to combine the snapshots."""
    p = probabilities
    accuracies = (p.argmax(axis=2) == labels).mean(axis=1)
    votes = np.eye(p.shape[2])[p.argmax(axis=2)]
    together = votes.sum(axis=0)
    tied = together == together.max(axis=1, keepdims=True)
    odds = np.exp(p)
    ways = (
        np.tensordot(accuracies, p, axes=1),
        (odds / odds.sum(axis=2, keepdims=True)).mean(axis=0),
        p.prod(axis=0),
        p.max(axis=0),
        np.median(p, axis=0),
        p[0] + p[-1],
        np.tensordot(np.arange(1, len(p) + 1), p, axes=1),
        (votes * p).sum(axis=0),
        np.where(tied, p.mean(axis=0), -1),
    )
    return [(way.argmax(axis=1) == labels).mean() for way in ways]


def _crossed(probabilities, labels):
    """Return what comes out where axes are mixed up: accuracies, and two for the ensemble."""
    if len(set(probabilities.shape)) > 1:
        return []
    return [
        (probabilities.argmax(axis=1) == labels).mean(axis=1),
        (probabilities.mean(axis=0).argmax(axis=0) == labels).mean(),
        (probabilities.mean(axis=1).argmax(axis=1) == labels).mean(),
    ]
