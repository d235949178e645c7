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
    chapters=["search/bayesian_optimization", "search/tpe_and_tools", "search/case_study"],
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
        compare(a, b, length)

    def compare(a, b, length, what=""):
        d = a.shape[1]
        difference = a[:, None] - b
        scaled = difference / length
        square = (scaled**2).sum(axis=-1)
        s = np.sqrt(5 * square)
        answer.close(
            answer(a, b, length),
            np.exp(-square / 2),
            what=what,
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
        compare(rng.random((1, 1)), rng.random((4, 1)), rng.uniform(0.3, 0.6), "one point in a")
        compare(rng.random((4, 1)), rng.random((1, 1)), rng.uniform(0.3, 0.6), "one point in b")
    with answer.criterion("several coordinates"):
        for d in (2, 3, 3, 4):
            judge(d)
        length = rng.uniform(0.3, 0.6)
        for what in ("as many points in b as in a", "the same shapes again, other points"):
            compare(rng.random((5, 2)), rng.random((5, 2)), length, what)
        a, away = rng.random((4, 2)), rng.normal(size=(5, 2))
        away *= (rng.uniform(4.5, 5.5, 5) / np.linalg.norm(away, axis=1))[:, None]
        compare(a, a[0] + length * away, length, "points far apart")
    with answer.criterion("a length scale for each coordinate"):
        for d in (2, 2, 3):
            judge(d, each=True)
            answer.unchanged("a", "b", "length_scale")
        a, b = rng.integers(-3, 4, (4, 2)), rng.integers(-3, 4, (5, 2))
        compare(a, b, rng.uniform(1, 3, 2), "points of whole numbers")


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
        "squared": "This squares the noise. It is a variance already: add it as it is.",
        "unit": "This changes the unit of the noise. It is meant for the standardized values, "
        "whose variance is 1: add it as it is.",
        "new_value": "The noise is counted in the deviation as well. It belongs only to the "
        "diagonal of the kernel of the tried points.",
    },
)
def posterior(answer):
    """Points on a line, about 1 apart, and length scales below that."""
    rng = answer.rng

    def draw(n=None, m=None):
        if n is None:
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
        return mean, scale * np.sqrt(np.maximum(1 - (known * across).sum(axis=1), 0))

    def both(value):
        return _two(value, "the mean and the standard deviation")

    with answer.criterion("mean"):
        for whole in (False, False, False, False, True):
            tried, across, values = draw()
            if whole:
                values = rng.permutation(40)[: len(values)]
            mean, deviation = predict(tried, across, values, 0.0)
            weights = across @ np.linalg.inv(tried)
            level, scale = values.mean(), values.std()
            answer.close(
                both(answer(tried, across, values, 0.0))[0],
                mean,
                what="mean of whole numbers" if whole else "mean",
                level=weights @ (values - level),
                prior=weights @ values,
                standardized=weights @ (values - level) / scale,
                swapped=deviation,
            )
            if not whole:
                answer(tried, across, values, 0.1)
                answer.unchanged("k_tried", "k_new", "values")
    with answer.criterion("standard deviation"):
        for n, m in ((None, None),) * 4 + ((5, 5), (4, 1)):
            tried, across, values = draw(n, m)
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
                what=f"deviation, {n} tried and {m} new" if n else "deviation",
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
            across[-1] = tried[0]  # where the variance is less than the noise
            mean, deviation = predict(tried, across, values, noise * eye)
            without = predict(tried, across, values, 0.0)
            everywhere = predict(tried, across, values, noise)
            given = both(answer(tried, across, values, noise))
            scale = values.std()
            for power in (-2, -1, 1, 2):
                if _same(given[0], predict(tried, across, values, noise * scale**power * eye)[0]):
                    raise answer.wrong("unit")
            answer.close(
                given[0],
                mean,
                what="mean with noise",
                noise=without[0],
                everywhere=everywhere[0],
                squared=predict(tried, across, values, noise**2 * eye)[0],
            )
            for hint, (_, other) in (("noise", without), ("everywhere", everywhere)):
                if _same(given[1], other):
                    raise answer.wrong(hint)
            if answer.judged.criteria["standard deviation"]:  # a mistake there costs nothing here
                answer.close(
                    given[1],
                    deviation,
                    what="deviation with noise",
                    new_value=np.sqrt(deviation**2 + scale**2 * noise),
                )


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
        "certain_xi": "Where the standard deviation is zero, xi is forgotten. There, too, an "
        "improvement counts from best - xi on.",
        "any": "One standard deviation of zero decides for all places here. The rule for zero "
        "holds only where it is zero.",
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
        mean, deviation = rng.integers(-5, 6, 6), rng.integers(1, 4, 6)
        best = float(rng.integers(-2, 3))
        answer.close(
            answer(mean, deviation, best, 0.0),
            expected(mean, deviation, best),
            what="whole numbers",
        )
        _, deviation, best = draw()
        mean = best - deviation * rng.permutation([-4, -2.5, 2.5, 4, 8, 20]) * rng.uniform(1, 1.2)
        answer.close(
            answer(mean, deviation, best, 0.0),
            expected(mean, deviation, best),
            what="means far from the best",
        )
        mean, deviation, best = draw()
        small = rng.permutation([0.1, 0.01, 1e-3, 1e-4, 2e-5, 2e-5])
        mean, deviation = best + (mean - best) * small, deviation * small
        answer.close(
            answer(mean, deviation, best, 0.0),
            expected(mean, deviation, best),
            what="small deviations",
            rtol=1e-3,
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
            *known, other = rng.permutation(6)
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
            answer.unchanged("mean", "deviation")
            # From here on, what a mistake in the criteria above would change.
            if answer.judged.criteria["formula"]:
                answer.close(
                    given[other],
                    expected(mean[other], deviation[other], best),
                    what="deviation above zero beside zeros",
                    any=max(best - mean[other], 0),
                )
            if answer.judged.criteria["at least xi better"]:
                xi = rng.uniform(0.3, 0.8)
                answer.close(
                    answer.numbers(answer(mean - xi, deviation, best, xi))[known],
                    np.maximum(best - mean[known], 0),
                    what="deviation zero, with xi",
                    atol=1e-5,
                    certain_xi=np.maximum(best + xi - mean[known], 0),
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
        "bound_xi": "xi is in the bound here. It belongs to the probability only; the bound is "
        "mean - kappa * deviation.",
    },
)
def rival_scores(answer):
    """As for the expected improvement."""
    rng = answer.rng

    def draw(sign=1):
        deviation = rng.uniform(0.5, 2, 6)
        best = sign * rng.uniform(2, 8)
        mean = best - deviation * rng.uniform(0.2, 1.2, 6) * rng.choice([-1, 1], 6)
        return mean, deviation, best

    def both(value):
        return _two(value, "the probability of improvement and the turned bound")

    with answer.criterion("probability of improvement"):
        for sign in (1, 1, 1, -1, -1):
            mean, deviation, best = draw(sign)
            u = (best - mean) / deviation
            answer.close(
                both(answer(mean, deviation, best, 0.0, 2.0))[0],
                ndtr(u),
                what="probability" if sign > 0 else "probability, values below zero",
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

        def judge(mean, deviation, best, xi, kappa, what="bound"):
            given = both(answer(mean, deviation, best, xi, kappa))[1]
            if kappa > 0 and _same(given, mean + kappa * deviation):
                raise answer.wrong("pessimist")
            answer.close(
                given,
                kappa * deviation - mean,
                what=what,
                pessimist=-(mean + kappa * deviation),
                sign=mean - kappa * deviation,
                bound_xi=kappa * deviation - mean - xi,
            )
            answer.unchanged("mean", "deviation")

        for _ in range(4):
            judge(*draw(), 0.0, rng.uniform(0.5, 3))
        for _ in range(2):
            judge(*draw(), rng.uniform(0.3, 0.8), rng.uniform(0.5, 3))
        judge(*draw(), 0.0, 0.0, "bound, kappa 0")
        mean, deviation = rng.integers(2, 9, 6), rng.uniform(0.5, 2, 6)
        judge(mean, deviation, 5.0, 0.0, rng.uniform(0.5, 3), "bound, means of whole numbers")


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
        "positive": "This takes the median of the positive distances only. The best value has its "
        "distance too, 0: take the median of all.",
        "half": "Just half of the values are the best here, and the median of all distances is not "
        "0. Divide by 1 only when it is.",
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
                positive=lens(d, np.median(d[d > 0])),
            )
        for values, what in (
            (rng.permutation(100)[:7] ** 2, "whole numbers"),
            (-draw(8), "values below zero"),
            (3e-9 * draw(7), "values of about 1e-8"),
        ):
            d = distances(values)
            answer.close(answer(values), lens(d, np.median(d)), what=what)
    with answer.criterion("failed trials"):
        for n, shift in ((7, 0), (8, 0), (9, 0), (10, 0), (8, -1000)):
            values = draw(n) + shift
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
                what="failed trials, values below zero" if shift else "failed trials",
                before=lens(d, np.median(rest)),
                mean=lens(d, d.mean()),
                raw=None if shift else lens(d, np.median(finite)),
                positive=lens(d, np.median(d[d > 0])),
            )
            answer.unchanged("values")
    with answer.criterion("most values alike"):
        for n in (5, 6, 7, 9):
            values = np.full(n, rng.uniform(2, 6))
            values[:2] += rng.uniform(1, 9, 2)
            values = rng.permutation(values)
            d = distances(values)
            expected = lens(d, 1)
            value = answer(values)
            without_log_of_zero(value)
            if _has_nan(value):
                raise answer.wrong("flat")
            answer.close(
                value,
                expected,
                what="most values alike",
                reversed=-expected,
                positive=lens(d, np.median(d[d > 0])),
            )
        for n in (4, 6):
            d = rng.permutation(np.append(np.zeros(n // 2), rng.uniform(3, 9, n // 2)))
            answer.close(
                answer(d + rng.integers(2, 6)),
                lens(d, np.median(d)),
                what="half of the values alike",
                half=lens(d, 1),
            )


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
        "near": "This leaves out a point that is only near a tried one. Two points are the same "
        "when all of their coordinates are.",
        "order": "This leaves out a point that has the coordinates of a tried one in another "
        "order. Compare the first with the first, the second with the second.",
    },
)
def next_point(answer):
    """The score is a wave over the points, so that it may be asked for any of them.

    For the second criterion the points lie on a grid. Tried are the best one or two and, for the
    next best, a neighbor in each coordinate. For the first one no tried point is so near the best
    of the others that a mistake of the second criterion would matter.
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
            reordered = np.sort(candidates)[:, None] == np.sort(tried)
            for hint, left_out in (
                ("coordinate", same.any(axis=(1, 2))),
                ("coordinate", same.any(axis=1).all(axis=1)),
                ("order", reordered.all(axis=2).any(axis=1)),
                ("near", apart(candidates, tried).min(axis=1) < 0.05),
            ):
                rest = np.flatnonzero(~left_out)
                if len(rest) and _same(given, candidates[rest[scores[rest].argmax()]]):
                    raise answer.wrong(hint)
        answer.close(given, expected, rtol=1e-9)

    def apart(candidates, tried):
        return np.linalg.norm(candidates[:, None] - tried, axis=-1)

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
            beside = True
            while beside:
                candidates, acquisition, order = scored(lambda d=d: rng.random((9, d)), 1)
                tried = np.concatenate([candidates[order[3:5]], rng.random((1, d))])
                distances = apart(candidates, tried)
                beside = distances[order[0]].min() < 0.1 or order[0] in distances.argmin(axis=0)
            judge(candidates, acquisition, tried, np.delete(order, [3, 4]))
    with answer.criterion("no point twice"):
        grid = np.stack(np.meshgrid(np.linspace(0, 1, 6), [0.1, 0.3, 0.5, 0.7, 0.9]), axis=-1)
        for number, sign in enumerate((1, 1, -1, -1)):
            candidates, acquisition, order = scored(
                lambda: rng.permutation(grid.reshape(-1, 2)), sign
            )
            n = rng.integers(1, 3)
            same = candidates[order[n + 1 :]] == candidates[order[n]]
            beside = [rng.choice(order[n + 1 :][column]) for column in same.T]
            places = [*order[:n], *beside]
            tried = candidates[rng.permutation(places)]
            judge(candidates, acquisition, tried, np.setdiff1d(order, places))
            answer.unchanged("candidates", "tried")
            if not number:
                again = answer(candidates, tried, acquisition)
                answer.close(again, candidates[order[n]], what="the same question again", rtol=1e-9)
        candidates, acquisition, order = scored(lambda: rng.permutation(grid.reshape(-1, 2)), 1)
        best = candidates[order[0]]
        judge(candidates, acquisition, best[None, ::-1], order)
        judge(candidates, acquisition, best[None] + [1e-3, -1e-3], order)
        twice = rng.permutation(np.concatenate([candidates, candidates[order[:2]]]))
        tried = candidates[order[:2]]
        untried = np.flatnonzero(apart(twice, tried).min(axis=1) > 0)
        judge(twice, acquisition, tried, untried)
        whole, acquisition, order = scored(
            lambda: rng.permutation(np.stack(np.meshgrid(range(5), range(4)), -1).reshape(-1, 2)),
            1,
        )
        judge(whole.astype(float), acquisition, whole[order[:2]], order[2:])
        # The only new point has the lowest score and comes last, and all scores are huge.
        candidates, acquisition, order = scored(lambda: rng.permutation(grid.reshape(-1, 2)), -1)
        candidates = candidates[order]
        judge(candidates, lambda p: 1e9 * acquisition(p), candidates[:-1], np.array([29]))


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
        "unused": "This asks for a suggestion that is never evaluated. Ask only while there are "
        "fewer than n_trials evaluations.",
        "remembered": "This uses values of an earlier call. Each call has an objective of its own.",
        "failed": "Failed trials are missing in what is returned. A value that is NaN or infinity "
        "counts and stays.",
    },
)
def bayesian_search(answer):
    """What the objective and the suggestions are called with is recorded here."""
    rng = answer.rng

    def draw(whole=False):
        d = int(rng.integers(1, 4))
        start = rng.random((int(rng.integers(3, 5)), d))
        if whole:
            start = rng.permutation(60)[: start.size].reshape(start.shape)
        suggestions = (1000 if whole else 1) * rng.random((300, d))
        return start, len(start) + int(rng.integers(4, 7)), suggestions

    def run(start, n_trials, suggestions, special=()):
        """Search; ``special`` has what the objective returns for some suggestions, in a dict, or
        is "whole" for whole numbers at the start.
        """
        d = start.shape[1]
        weights = rng.uniform(1, 3, d)
        evaluated, told, points = [], [], []

        def value_at(point):
            value = float(np.cos(3 * point) @ weights)
            if special == "whole":
                return round(10 * value) if (point == start).all(axis=1).any() else value
            for k, failure in dict(special).items():
                if np.array_equal(point, suggestions[k]):
                    return failure
            return value

        def objective(point):
            point = _floats(point)
            if point is None or point.shape != (d,):
                raise ValueError("objective takes one point, an array of shape (d,)")
            if len(evaluated) >= 200:
                raise ValueError("objective was called more than 200 times")
            value = value_at(point)
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
        return evaluated, told, points, value

    with answer.criterion("n_trials evaluations, no point twice"):
        task = draw()
        tasks = [draw(), draw(), task, task, draw(whole=True)]
        for number, (start, n_trials, suggestions) in enumerate(tasks):
            evaluated, told, points, _ = run(start, n_trials, suggestions)
            n = len(evaluated)
            if len(points) < n:
                raise answer.wrong("again")
            if n == n_trials + len(start):
                raise answer.wrong("more")
            if n == n_trials + 1:
                raise answer.wrong("extra")
            if number == 3 and n < n_trials:
                raise answer.wrong("remembered")
            answer.require(n == n_trials, f"Expected {n_trials} evaluations, got {n}.")
            wanted = np.concatenate([start, suggestions[: n - len(start)]])
            answer.require(
                len(told) >= n - len(start) and np.array_equal(evaluated, wanted),
                "Evaluate the points of the start in their order, then each suggestion as it is.",
            )
            if len(told) > n - len(start):
                raise answer.wrong("unused")
    with answer.criterion("suggest knows every trial so far"):
        for _ in range(3):
            start, n_trials, suggestions = draw()
            _, told, points, _ = run(start, n_trials, suggestions)
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
        for special in ((), (), (), "whole", {0: np.nan, 2: np.inf}):
            start, n_trials, suggestions = draw()
            _, _, points, value = run(start, n_trials, suggestions, special)
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
            failed = ~np.isfinite(values)
            if failed.any() and y.shape == (n - failed.sum(),):
                raise answer.wrong("failed")
            answer.close(x, known, what="points")
            answer.unchanged("objective", "start")
            if failed.any() and y.shape == (n,):
                kept = np.array_equal(y[failed], values[failed], equal_nan=True)
                answer.require(kept, "The value of a failed trial, NaN or infinity, stays.")
                y, values = y[~failed], values[~failed]
            what = "values, whole numbers at the start" if special == "whole" else "values"
            answer.close(y, values, what=what)


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
