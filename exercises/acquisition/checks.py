"""Acquisition functions and a Bayesian step: the marking.

Everything is minimized, as in the chapter. Values that are only used as inputs are drawn so that
no matrix is ill-conditioned and no two mistakes give the same numbers.
"""

import numpy as np
from scipy.special import ndtr

from hpcourse.grading import Exercise, Wrong

exercise = Exercise(
    "acquisition",
    title="Acquisition functions and a Bayesian step",
    minutes=90,
    chapters=["search/bayesian_optimization", "search/tpe_and_tools"],
)


@exercise.part(
    "How alike two places are",
    points={
        "one coordinate": 1,
        "several coordinates": 2,
        "a length scale for each coordinate": 1,
    },
    hints={
        "half": "The factor ½ in the exponent is missing.",
        "root": "This takes the distance itself; the exponent has its square.",
        "multiplied": "The difference is divided by the length scale, not multiplied: a longer "
        "length scale makes places more alike.",
        "scale": "The length scale is not squared. Divide the difference by it first, then square.",
        "mean": "This averages over the coordinates. The squared distance is their sum.",
        "first": "Only the first coordinate counts here. Add up the squares over all of them.",
        "matern": "This is the chapter's Matérn kernel. This part wants the squared exponential.",
    },
)
def kernel(answer):
    """One draw has d coordinates and a length scale that is a number or an array."""
    rng = answer.rng

    def judge(d, each=False):
        n, m = rng.permutation([4, 5, 6])[:2]
        a, b = rng.random((n, d)), rng.random((m, d))
        length = rng.uniform(0.3, 0.6, d) if each else rng.uniform(0.3, 0.6)
        difference = a[:, None] - b
        scaled = difference / length
        square = (scaled**2).sum(axis=-1)
        s = np.sqrt(5 * square)
        answer.close(
            answer(a, b, length),
            np.exp(-square / 2),
            half=np.exp(-square),
            root=np.exp(-np.sqrt(square) / 2),
            multiplied=np.exp(-((difference * length) ** 2).sum(axis=-1) / 2),
            scale=np.exp(-(difference**2 / length).sum(axis=-1) / 2),
            mean=np.exp(-square / d / 2),
            first=np.exp(-(scaled[..., 0] ** 2) / 2),
            matern=(1 + s + s**2 / 3) * np.exp(-s),
        )

    with answer.criterion("one coordinate"):
        for _ in range(4):
            judge(1)
    with answer.criterion("several coordinates"):
        for d in (2, 3, 3, 4):
            judge(d)
    with answer.criterion("a length scale for each coordinate"):
        for d in (2, 2, 3):
            judge(d, each=True)


@exercise.part(
    "What is expected, and how surely",
    points={"mean": 2, "standard deviation": 2, "noise": 1},
    hints={
        "level": "The mean of the values is subtracted but not added back.",
        "prior": "The values go in with their mean. Subtract it first, and add it to the result: "
        "far from all trials the mean is to be that of the values, not 0.",
        "standardized": "This is in units of the standardized values. Multiply by their standard "
        "deviation again.",
        "variance": "This is a variance, or has its unit. The square root is wanted, times the "
        "standard deviation of the values.",
        "sample": "This divides by n - 1. Take np.std as it comes, which divides by n.",
        "covariance": "This is a whole matrix of covariances. Only its diagonal is wanted: one "
        "deviation for each new point.",
        "swapped": "The deviation comes first here. Return the mean, then the deviation.",
        "noise": "The noise changes nothing here. Add it to the diagonal of the kernel of the "
        "tried points.",
        "everywhere": "This adds the noise to all entries of the matrix. Only its diagonal gets "
        "it: noise * np.eye(n).",
    },
)
def posterior(answer):
    """Points on a line, about 1 apart, and length scales below that."""
    rng = answer.rng

    def draw():
        n, m = rng.permutation([4, 5, 6])[:2]
        x = np.arange(n) + rng.uniform(-0.15, 0.15, n)
        new = rng.integers(n - 1, size=m) + rng.uniform(0.3, 0.7, m)
        length = rng.uniform(0.6, 0.8)
        values = rng.uniform(10, 20) + rng.uniform(3, 6) * rng.permutation(np.linspace(-1, 1, n))
        tried, across = (np.exp(-(((x - p[:, None]) / length) ** 2) / 2) for p in (x, new))
        return tried, across, values

    def predict(tried, across, values, noise):
        inverse = np.linalg.inv(tried + noise)
        level, scale = values.mean(), values.std()
        known = across @ inverse
        mean = level + known @ (values - level)
        return mean, scale * np.sqrt(1 - (known * across).sum(axis=1))

    def both(value):
        return _two(value, "the mean and the standard deviation")

    with answer.criterion("mean"):
        for _ in range(4):
            tried, across, values = draw()
            mean, deviation = predict(tried, across, values, 0.0)
            weights = across @ np.linalg.inv(tried)
            level, scale = values.mean(), values.std()
            answer.close(
                both(answer(tried, across, values, 0.0))[0],
                mean,
                what="mean",
                level=weights @ (values - level),
                prior=weights @ values,
                standardized=weights @ (values - level) / scale,
                swapped=deviation,
            )
    with answer.criterion("standard deviation"):
        for _ in range(4):
            tried, across, values = draw()
            mean, deviation = predict(tried, across, values, 0.0)
            given = both(answer(tried, across, values, 0.0))[1]
            if _shape(given) == (len(across), len(across)):
                raise answer.wrong("covariance")
            scale = values.std()
            if _same(given, deviation**2 / scale):
                raise answer.wrong("variance")
            answer.close(
                given,
                deviation,
                what="deviation",
                variance=deviation**2,
                standardized=deviation / scale,
                sample=deviation / scale * values.std(ddof=1),
                swapped=mean,
            )
    with answer.criterion("noise"):
        for _ in range(4):
            tried, across, values = draw()
            noise = rng.uniform(0.2, 0.5)
            eye = np.eye(len(tried))
            mean, _ = predict(tried, across, values, noise * eye)
            without = predict(tried, across, values, 0.0)
            everywhere = predict(tried, across, values, noise)
            given = both(answer(tried, across, values, noise))
            answer.close(given[0], mean, what="mean", noise=without[0], everywhere=everywhere[0])
            for hint, (_, other) in (("noise", without), ("everywhere", everywhere)):
                if _same(given[1], other):
                    raise answer.wrong(hint)


@exercise.part(
    "Expected improvement",
    points={"formula": 2, "at least xi better": 1, "where the deviation is zero": 2},
    hints={
        "maximize": "This is the improvement for maximization. Here lower is better: an "
        "improvement is best - mean.",
        "density": "The second term, with the normal density, is missing. Without it a mean above "
        "the best would be worth less than nothing.",
        "scale": "The density is not multiplied by the standard deviation.",
        "constant": "The density lacks its constant: it is exp(-u²/2) divided by the root of 2π.",
        "xi": "xi has the wrong sign. It makes the target harder to reach: best - xi.",
        "ignored": "xi changes nothing here. An improvement counts from best - xi on.",
        "nan": "Where the standard deviation is zero, this divides by zero. Treat those places "
        "by themselves.",
        "certain": "Where the standard deviation is zero, the value is certain: the improvement is "
        "best - mean where that is positive, and only otherwise 0.",
    },
)
def expected_improvement(answer):
    """Moderate arguments of the normal distribution, so that no term is negligible."""
    rng = answer.rng

    def draw():
        deviation = rng.uniform(0.5, 2, 6)
        best = rng.uniform(2, 8)
        return best - deviation * rng.uniform(-1.2, 1.2, 6), deviation, best

    def expected(mean, deviation, best):
        u = (best - mean) / deviation
        return deviation * (u * ndtr(u) + _density(u))

    with answer.criterion("formula"):
        for _ in range(4):
            mean, deviation, best = draw()
            u = (best - mean) / deviation
            answer.close(
                answer(mean, deviation, best, 0.0),
                expected(mean, deviation, best),
                maximize=expected(-mean, deviation, -best),
                density=deviation * u * ndtr(u),
                scale=deviation * u * ndtr(u) + _density(u),
                constant=deviation * (u * ndtr(u) + np.exp(-(u**2) / 2)),
            )
    with answer.criterion("at least xi better"):
        for _ in range(4):
            mean, deviation, best = draw()
            xi = rng.uniform(0.3, 0.8)
            answer.close(
                answer(mean, deviation, best, xi),
                expected(mean, deviation, best - xi),
                xi=expected(mean, deviation, best + xi),
                ignored=expected(mean, deviation, best),
                maximize=expected(-mean, deviation, -best - xi),
            )
    with answer.criterion("where the deviation is zero"):
        for _ in range(4):
            mean, deviation, best = draw()
            known = rng.permutation(6)[:5]
            deviation[known] = 0
            mean[known] = best + np.array([-1, -1, 0, 1, 1]) * rng.uniform(0.3, 1, 5)
            value = answer(mean, deviation, best, 0.0)
            if _has_nan(value):
                raise answer.wrong("nan")
            given = answer.numbers(value)
            shape = "Expected an array with one number for each mean."
            answer.require(given.shape == mean.shape, shape)
            answer.close(
                given[known],
                np.maximum(best - mean[known], 0),
                what="deviation zero",
                atol=1e-5,
                certain=np.zeros(5),
                maximize=np.maximum(mean[known] - best, 0),
            )


@exercise.part(
    "Two rivals",
    points={"probability of improvement": 1, "at least xi better": 1, "confidence bound": 2},
    hints={
        "worse": "This is the probability of a value above the best. An improvement is a value "
        "below it.",
        "density": "This is the normal density. A probability comes from the distribution "
        "function, ndtr.",
        "xi": "xi has the wrong sign. It makes the target harder to reach, so the probability "
        "falls.",
        "ignored": "xi changes nothing in the probability. What has to be beaten is best - xi.",
        "pessimist": "This is the far end of the band, the upper bound. An optimist subtracts the "
        "deviation from the mean: mean - kappa * deviation.",
        "sign": "This is the lower bound itself. Turn its sign, so that larger is better for both "
        "scores.",
    },
)
def rival_scores(answer):
    """As for the expected improvement."""
    rng = answer.rng

    def draw():
        deviation = rng.uniform(0.5, 2, 6)
        best = rng.uniform(2, 8)
        mean = best - deviation * rng.uniform(0.2, 1.2, 6) * rng.choice([-1, 1], 6)
        return mean, deviation, best

    def both(value):
        return _two(value, "the probability of improvement and the turned bound")

    with answer.criterion("probability of improvement"):
        for _ in range(4):
            mean, deviation, best = draw()
            u = (best - mean) / deviation
            answer.close(
                both(answer(mean, deviation, best, 0.0, 2.0))[0],
                ndtr(u),
                what="probability",
                worse=ndtr(-u),
                density=_density(u),
            )
    with answer.criterion("at least xi better"):
        for _ in range(4):
            mean, deviation, best = draw()
            xi = rng.uniform(0.3, 0.8)
            answer.close(
                both(answer(mean, deviation, best, xi, 2.0))[0],
                ndtr((best - xi - mean) / deviation),
                what="probability",
                xi=ndtr((best + xi - mean) / deviation),
                ignored=ndtr((best - mean) / deviation),
                worse=ndtr((mean - best + xi) / deviation),
                density=_density((best - xi - mean) / deviation),
            )
    with answer.criterion("confidence bound"):
        for _ in range(4):
            mean, deviation, best = draw()
            kappa = rng.uniform(0.5, 3)
            given = both(answer(mean, deviation, best, 0.0, kappa))[1]
            if _same(given, mean + kappa * deviation):
                raise answer.wrong("pessimist")
            answer.close(
                given,
                kappa * deviation - mean,
                what="bound",
                pessimist=-(mean + kappa * deviation),
                sign=mean - kappa * deviation,
            )


@exercise.part(
    "A lens for the values",
    points={"formula": 2, "failed trials": 1, "most values alike": 1},
    hints={
        "zero": "This is the logarithm of zero at the best value, whose distance is 0. Take "
        "log(1 + v).",
        "reversed": "The order is reversed: the best value is to stay the lowest.",
        "mean": "This divides by the mean of the distances. One wall moves a mean as far as you "
        "like; take the median.",
        "raw": "The median is that of the distances to the best, not of the values.",
        "failed": "NaN or infinity is left. Replace failed trials first, NaN and infinity alike "
        "(np.isfinite tells), by the worst of the finite values.",
        "failed_best": "A failed trial comes out as good as the best. It counts as the worst "
        "finite value, which is the largest.",
        "dropped": "The failed trials are left out. Each value has its place in what is returned.",
        "before": "The median leaves out the failed trials. Replace them first, then take it of "
        "all.",
        "flat": "The median distance is 0 when more than half of the values are the best. Divide "
        "by 1 then.",
    },
)
def warp(answer):
    """Values over several orders of magnitude, above a best one that is not 0."""
    rng = answer.rng

    def draw(n):
        steps = np.cumsum(rng.uniform(0.4, 0.8, n - 1))
        return rng.permutation(rng.uniform(2, 6) + np.append(0, 0.1 * np.exp(steps)))

    def distances(values):
        return values - values.min()

    def lens(d, scale):
        return np.log1p(d / scale)

    def without_log_of_zero(value):
        numbers = _floats(value)
        if numbers is not None and np.isneginf(numbers).any():
            raise answer.wrong("zero")

    with answer.criterion("formula"):
        for n in (7, 8, 9, 10):
            values = draw(n)
            d = distances(values)
            expected = lens(d, np.median(d))
            value = answer(values)
            without_log_of_zero(value)
            answer.close(
                value,
                expected,
                reversed=-expected,
                mean=lens(d, d.mean()),
                raw=lens(d, np.median(values)),
            )
    with answer.criterion("failed trials"):
        for n in (7, 8, 9, 10):
            values = draw(n)
            finite = values.copy()
            failed = rng.permutation(n)[:3]
            finite[failed] = values[np.setdiff1d(np.arange(n), failed)].max()
            values[failed] = rng.permutation([np.nan, np.inf, rng.choice([np.nan, np.inf])])
            d = distances(finite)
            expected = lens(d, np.median(d))
            value = answer(values)
            without_log_of_zero(value)
            if _has_nan(value):
                raise answer.wrong("failed")
            given = answer.numbers(value)
            if given.shape == (n - 3,):
                raise answer.wrong("dropped")
            if _same(given, -expected):
                raise answer.wrong("reversed")
            best = given.shape == (n,) and (given[failed] <= given.min() + 1e-12).all()
            if best and np.ptp(given) > 1e-6:
                raise answer.wrong("failed_best")
            rest = np.delete(d, failed)
            answer.close(
                given,
                expected,
                before=lens(d, np.median(rest)),
                mean=lens(d, d.mean()),
                raw=lens(d, np.median(finite)),
            )
    with answer.criterion("most values alike"):
        for n in (5, 6, 7, 9):
            values = np.full(n, rng.uniform(2, 6))
            values[:2] += rng.uniform(1, 9, 2)
            values = rng.permutation(values)
            expected = lens(distances(values), 1)
            value = answer(values)
            without_log_of_zero(value)
            if _has_nan(value):
                raise answer.wrong("flat")
            answer.close(value, expected, reversed=-expected)


@exercise.part(
    "The next point",
    points={"highest score": 2, "no point twice": 2},
    hints={
        "minimum": "This is the candidate with the lowest score. The score says how much a trial "
        "is worth: take the highest.",
        "index": "This is the place of the point in a list. Return the point itself.",
        "score": "This is the score of the point. Return the point itself.",
        "tried": "This point was tried already. Leave the tried ones out.",
        "zero": "This point was tried already. Scores can be negative, so a score of 0 does not "
        "rule it out; leave it out, or give it -np.inf.",
        "coordinate": "This leaves out points that share only some coordinate with a tried one. "
        "Two points are the same when all of their coordinates are.",
    },
)
def next_point(answer):
    """The score is a wave over the points, so that it may be asked for any of them.

    For the second criterion the points lie on a grid. Tried are the best one or two and, for the
    next best, a neighbor in each coordinate.
    """
    rng = answer.rng

    def wave(d, sign):
        directions = rng.uniform(-3, 3, (d, 4))
        shifts = rng.uniform(0, 6, 4)

        def acquisition(points):
            points = _floats(points)
            if points is None or points.ndim == 0 or points.shape[-1] != d:
                raise ValueError("acquisition takes points, an array of shape (k, d)")
            return np.sin(points @ directions + shifts).sum(axis=-1) + 5 * sign

        return acquisition

    def judge(candidates, acquisition, tried, untried):
        scores = acquisition(candidates)
        order = untried[np.argsort(-scores[untried])]
        expected = candidates[order[0]]
        value = answer(candidates, tried, acquisition)
        given = answer.numbers(value)
        if given.ndim == 0:
            if _same(given, scores[order[0]]):
                raise answer.wrong("score")
            if float(given).is_integer() and 0 <= given < len(candidates):
                raise answer.wrong("index")
        if given.shape == expected.shape and not _same(given, expected):
            if (given == tried).all(axis=1).any():
                raise answer.wrong("tried" if scores.max() > 0 else "zero")
            if _same(given, candidates[order[-1]]):
                raise answer.wrong("minimum")
            same = candidates[:, None] == tried  # (candidates, tried, coordinates)
            for left_out in (same.any(axis=(1, 2)), same.any(axis=1).all(axis=1)):
                rest = np.flatnonzero(~left_out)
                if len(rest) and _same(given, candidates[rest[scores[rest].argmax()]]):
                    raise answer.wrong("coordinate")
        answer.close(given, expected, rtol=1e-9)

    def scored(make, sign):
        """Draw until no two scores are so close that rounding could decide."""
        while True:
            candidates = make()
            acquisition = wave(candidates.shape[1], sign)
            order = np.argsort(-acquisition(candidates))
            if np.diff(np.sort(acquisition(candidates))).min() > 1e-4:
                return candidates, acquisition, order

    with answer.criterion("highest score"):
        for d in (1, 2, 2, 3):
            candidates, acquisition, order = scored(lambda d=d: rng.random((9, d)), 1)
            tried = np.concatenate([candidates[order[3:5]], rng.random((1, d))])
            judge(candidates, acquisition, tried, np.delete(order, [3, 4]))
    with answer.criterion("no point twice"):
        grid = np.stack(np.meshgrid(np.linspace(0, 1, 6), [0.1, 0.3, 0.5, 0.7, 0.9]), axis=-1)
        for sign in (1, 1, -1, -1):
            candidates, acquisition, order = scored(
                lambda: rng.permutation(grid.reshape(-1, 2)), sign
            )
            n = rng.integers(1, 3)
            same = candidates[order[n + 1 :]] == candidates[order[n]]
            beside = [rng.choice(order[n + 1 :][column]) for column in same.T]
            places = [*order[:n], *beside]
            tried = candidates[rng.permutation(places)]
            judge(candidates, acquisition, tried, np.setdiff1d(order, places))


@exercise.part(
    "The loop",
    points={
        "n_trials evaluations, no point twice": 1,
        "suggest knows every trial so far": 2,
        "returns every trial": 1,
    },
    hints={
        "more": "This makes n_trials evaluations after the start. The start counts: n_trials is "
        "the number of all.",
        "extra": "This makes one evaluation too many: n_trials is the number of all, with the "
        "start.",
        "again": "This evaluates a point a second time. A training may take hours: keep each value "
        "the first time.",
        "forgets": "suggest is told only of the start, each time. Add each new point and its value "
        "before the next suggestion.",
        "best": "This returns the best trial only. All trials are wanted, in their order.",
        "only_new": "The trials of the start are missing in what is returned.",
    },
)
def bayesian_search(answer):
    """What the objective and the suggestions are called with is recorded here."""
    rng = answer.rng

    def run():
        d = int(rng.integers(1, 4))
        start = rng.random((int(rng.integers(3, 5)), d))
        n_trials = len(start) + int(rng.integers(4, 7))
        suggestions = rng.random((300, d))
        weights = rng.uniform(1, 3, d)
        evaluated, told, points = [], [], []

        def objective(point):
            point = _floats(point)
            if point is None or point.shape != (d,):
                raise ValueError("objective takes one point, an array of shape (d,)")
            if len(evaluated) >= 200:
                raise ValueError("objective was called more than 200 times")
            value = float(np.cos(3 * point) @ weights)
            evaluated.append(point)
            if not any(np.array_equal(point, other) for other, _ in points):
                points.append((point, value))
            return value

        def suggest(x, y):
            if len(told) >= 200:
                raise ValueError("suggest was called more than 200 times")
            told.append((_floats(x), _floats(y), len(points)))
            return suggestions[len(told) - 1]

        value = answer(objective, start, suggest, n_trials)
        return start, n_trials, suggestions, evaluated, told, points, value

    with answer.criterion("n_trials evaluations, no point twice"):
        for _ in range(3):
            start, n_trials, suggestions, evaluated, told, points, _ = run()
            n = len(evaluated)
            if len(points) < n:
                raise answer.wrong("again")
            if n == n_trials + len(start):
                raise answer.wrong("more")
            if n == n_trials + 1:
                raise answer.wrong("extra")
            answer.require(n == n_trials, f"Expected {n_trials} evaluations, got {n}.")
            wanted = np.concatenate([start, suggestions[: n - len(start)]])
            answer.require(
                len(told) >= n - len(start) and np.array_equal(evaluated, wanted),
                "Evaluate the points of the start in their order, then each suggestion.",
            )
    with answer.criterion("suggest knows every trial so far"):
        for _ in range(3):
            start, n_trials, _, _, told, points, _ = run()
            few = "suggest is called once for each trial after the start."
            answer.require(len(told) >= n_trials - len(start), few)
            for x, y, n in told:
                form = "suggest takes the points, shape (n, d), and their values, shape (n,)."
                answer.require(x is not None and y is not None and x.ndim == 2, form)
                if n > len(start) and len(x) == len(start):
                    raise answer.wrong("forgets")
                known, values = map(np.array, zip(*points[:n], strict=True))
                answer.require(x.shape == known.shape and y.shape == values.shape, form)
                answer.require(
                    np.allclose(x, known) and np.allclose(y, values),
                    "suggest takes all points evaluated so far and their values, in order.",
                )
    with answer.criterion("returns every trial"):
        for _ in range(3):
            start, n_trials, _, _, _, points, value = run()
            x, y = map(_floats, _two(value, "the points and their values"))
            if x is None or y is None:
                raise Wrong("Expected an array of points and one of values.")
            known, values = map(np.array, zip(*points, strict=True)) if points else ([], [])
            n = len(values)
            answer.require(n > len(start), "Evaluate the start, then suggestions, n_trials in all.")
            if y.shape in ((), (1,)):
                raise answer.wrong("best")
            if y.shape == (n - len(start),):
                raise answer.wrong("only_new")
            answer.close(x, known, what="points")
            answer.close(y, values, what="values")


def _density(u):
    return np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi)


def _floats(value):
    """Return a copy as an array of floats, NaN and infinity included, or None."""
    if not isinstance(value, int | float | list | tuple | np.ndarray):
        return None
    try:
        return np.array(value, dtype=float)
    except (TypeError, ValueError, OverflowError):
        return None


def _shape(value):
    array = _floats(value)
    return None if array is None else array.shape


def _has_nan(value):
    """Say whether there are numbers of which some are NaN or infinite."""
    array = _floats(value)
    return array is not None and not np.isfinite(array).all()


def _same(value, expected):
    array = _floats(value)
    expected = np.asarray(expected, dtype=float)
    return (
        array is not None
        and array.shape == expected.shape
        and bool(np.allclose(array, expected, rtol=1e-6, atol=1e-9))
    )


def _two(value, what):
    """Return the two things of a pair."""
    if isinstance(value, np.ndarray):
        value = list(value) if value.ndim else None
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise Wrong(f"Expected two things, {what}: return a, b.")
    return value
