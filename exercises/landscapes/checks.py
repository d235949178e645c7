"""Marking of the problem set on landscapes and optimizers.

Formulas are those of ``hpcourse.landscapes.descend``. Epsilon counts a little differently in the
two orders in which Adam is written (Kingma and Ba, 2015, algorithm 1 and the end of section 2);
either is right here.
"""

import numpy as np

from hpcourse.grading import Exercise

exercise = Exercise(
    "landscapes",
    title="Landscapes and optimizers",
    minutes=75,
    chapters=[
        "foundations/parameters",
        "foundations/network",
        "foundations/beale",
        "foundations/keras",
        "foundations/mnist",
        "training/optimizers_losses",
    ],
)


def any_of(value, *candidates):
    """Return the first candidate that the value is close to, or else the first."""
    try:
        given = np.asarray(value, dtype=float)
    except (TypeError, ValueError, OverflowError):
        return candidates[0]
    for other in candidates:
        if given.shape == np.shape(other) and np.allclose(given, other, rtol=1e-6, atol=1e-9):
            return other
    return candidates[0]


def items(answer, value, names):
    """Return the values that come back together; require that there are that many."""
    several = isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim)
    answer.require(
        several and len(value) == len(names),
        f"It returns {len(names)} values, in this order: {', '.join(names)}.",
    )
    return value


def signed(rng, low, high, shape):
    """Draw numbers of either sign whose sizes lie between the two."""
    return rng.uniform(low, high, shape) * rng.choice([-1.0, 1.0], shape)


# Part 1


class Recorded:
    """A polynomial of degree three in d coordinates that remembers where it was asked for."""

    def __init__(self, rng, d):
        self.d, self.asked, self.all_arrays = d, [], True
        self.cubic, self.square, self.slope = (signed(rng, 0.5, 2, d) for _ in range(3))
        self.mixed = np.triu(signed(rng, 0.5, 1.5, (d, d)), 1)

    def value(self, x):
        """Return the value at a point."""
        own = self.cubic * x**3 + self.square * x**2 + self.slope * x
        return float(own.sum() + x @ self.mixed @ x)

    def __call__(self, x):
        """Return the value at a point, and remember the point."""
        self.all_arrays &= isinstance(x, np.ndarray)
        x = np.array(x, dtype=float)
        if x.shape != (self.d,):
            raise ValueError(f"f takes one point of shape ({self.d},), got shape {x.shape}")
        self.asked.append(x)
        return self.value(x)

    def differences(self, x, plus, minus, divisor):
        """Return (f(x + plus e) - f(x - minus e)) / divisor for each coordinate's direction e."""
        rows = np.eye(self.d)
        return np.array(
            [(self.value(x + plus * e) - self.value(x - minus * e)) / divisor for e in rows]
        )


def judge_gradient(answer, value, f, x, h, what=""):
    """Judge one numerical gradient."""
    together = (f.value(x + h) - f.value(x - h)) / (2 * h)
    answer.close(
        value,
        f.differences(x, h, h, 2 * h),
        what=what or f"d = {f.d}",
        forward=any_of(value, f.differences(x, h, 0, h), f.differences(x, 0, h, h)),
        divided_by_h=f.differences(x, h, h, h),
        all_at_once=any_of(value, np.full(f.d, together), together),
    )


@exercise.part(
    "Gradient from differences",
    points={"values": 2, "two evaluations a coordinate": 1, "a point of whole numbers": 1},
    hints={
        "forward": "This looks to one side only (from x to x + h). A central difference takes "
        "f at x + h and at x − h; its error is much smaller.",
        "divided_by_h": "From x − h to x + h the distance is 2h: divide by 2h, not by h.",
        "all_at_once": "This moves all coordinates at once. A partial derivative moves one of them "
        "and leaves the others where they are: one coordinate after the other.",
        "center": "This asks for f(x) itself, which a central difference does not need: two "
        "evaluations for each coordinate, 2d in all.",
        "whole_numbers": "When x is an array of whole numbers, x[i] += h cannot store 4.001 in it "
        "and rounds. Make an array of floats first: x = np.array(x, dtype=float).",
    },
)
def numerical_gradient(answer):
    """Judge values, the points that are asked for, and points of whole numbers."""
    rng = answer.rng
    with answer.criterion("values"):
        for d in (2, 3, 1, 5, 2):
            f, x, h = Recorded(rng, d), signed(rng, 0.2, 2, d), rng.uniform(0.05, 0.2)
            judge_gradient(answer, answer(f, x, h), f, x, h)
        other = Recorded(rng, d)
        judge_gradient(
            answer, answer(other, x, h), other, x, h, "another f, at the same point as before"
        )
    with answer.criterion("two evaluations a coordinate"):
        for d in (2, 4, 3):
            f, x, h = Recorded(rng, d), signed(rng, 0.2, 2, d), rng.uniform(0.05, 0.2)
            answer(f, x, h)
            if any(np.allclose(point, x, rtol=0, atol=1e-9) for point in f.asked):
                raise answer.wrong("center")
            moves = h * np.concatenate([np.eye(d), -np.eye(d)])
            found = [
                sum(np.allclose(point, x + move, rtol=0, atol=1e-9) for point in f.asked)
                for move in moves
            ]
            answer.require(
                found == [1] * (2 * d) and len(f.asked) == 2 * d,
                f"For {d} coordinates, f is to be evaluated at {2 * d} points, each coordinate "
                f"moved by h up and down by itself, each once; it was evaluated {len(f.asked)} "
                f"times, {sum(map(bool, found))} of these points among them.",
            )
            answer.require(
                f.all_arrays, f"f takes an array of shape ({d},); it was given a list of numbers."
            )
    with answer.criterion("a point of whole numbers"):
        for d in (2, 3, 2):
            f, x, h = Recorded(rng, d), rng.integers(1, 5, d), rng.uniform(0.05, 0.2)
            x = x * rng.choice([-1, 1], d)
            value = answer(f, x, h)
            if f.asked and all((point == np.round(point)).all() for point in f.asked):
                raise answer.wrong("whole_numbers")
            judge_gradient(answer, value, f, x.astype(float), h)
            answer.unchanged("f", "x")
        for d in (5, 4):  # small coordinates, so that x + h - 2 * h + h is not x
            f, x, h = Recorded(rng, d), signed(rng, 1e-6, 1e-5, d), rng.uniform(0.05, 0.2)
            answer(f, x, h)
            answer.unchanged("f", "x")


# Part 2


def draw_momentum(rng, shape):
    """Draw the arguments of a momentum step."""
    x, velocity = signed(rng, 0.5, 3, shape), signed(rng, 0.2, 1, shape)
    gradient = signed(rng, 0.5, 4, shape)
    return x, velocity, gradient, rng.uniform(0.02, 0.3), rng.uniform(0.5, 0.95)


@exercise.part(
    "A step with momentum",
    points={"velocity": 2, "position": 1, "arrays of any shape": 1},
    hints={
        "uphill": "This velocity points uphill. The gradient points where f grows, so it is "
        "subtracted: momentum · velocity − learning_rate · gradient.",
        "damped": "This multiplies the gradient by (1 − momentum), as Adam's means do. Here it "
        "counts in full: momentum · velocity − learning_rate · gradient.",
        "rate_outside": "This velocity lacks the learning rate. Some libraries multiply by it "
        "when they move the position; here it is part of the velocity.",
        "old_velocity": "The position moves by the old velocity. Compute the new one first, then "
        "move by that.",
        "stopped": "This stops where the gradient is 0. Only a share of the velocity is lost "
        "there: it is momentum · velocity, and carries on.",
        "whole_numbers": "An array of whole numbers cannot store 3.7 and keeps 3. Here x or "
        "velocity holds whole numbers: do not make the results with their type.",
    },
)
def momentum_step(answer):
    """Judge the new velocity, the new position, and arrays of other shapes."""
    rng, names = answer.rng, ("x", "velocity")

    def judge_velocity(value, x, velocity, gradient, rate, momentum):
        damped = (1 - momentum) * gradient
        right = momentum * velocity - rate * gradient
        answer.close(
            value,
            right,
            what="velocity",
            uphill=momentum * velocity + rate * gradient,
            damped=any_of(
                value,
                momentum * velocity - rate * damped,
                momentum * velocity + rate * damped,
                momentum * velocity + damped,
                momentum * velocity - damped,
            ),
            rate_outside=any_of(
                value, momentum * velocity + gradient, momentum * velocity - gradient
            ),
            stopped=None if gradient.any() else 0.0 * velocity,
            whole_numbers=np.trunc(right) if velocity.dtype.kind == "i" else None,
        )

    def judge_position(value, x, velocity, gradient, rate, momentum):
        right = x + momentum * velocity - rate * gradient
        answer.close(
            value,
            right,
            what="x",
            old_velocity=x + velocity,
            whole_numbers=np.trunc(right) if x.dtype.kind == "i" else None,
        )

    with answer.criterion("velocity"):
        for d in (1, 2, 2, 3, 4):
            arguments = draw_momentum(rng, d)
            judge_velocity(items(answer, answer(*arguments), names)[1], *arguments)
        for factor in (10 ** rng.uniform(2, 4), 0.0):  # on a wall, and where it is flat
            x, velocity, gradient, *others = draw_momentum(rng, 2)
            arguments = (x, velocity, factor * gradient, *others)
            judge_velocity(items(answer, answer(*arguments), names)[1], *arguments)
    with answer.criterion("position"):
        for d in (1, 2, 2, 3, 4):
            arguments = draw_momentum(rng, d)
            judge_position(items(answer, answer(*arguments), names)[0], *arguments)
        _, *others = draw_momentum(rng, 2)
        arguments = (signed(rng, 10, 50, 2), *others)
        judge_position(items(answer, answer(*arguments), names)[0], *arguments)
    with answer.criterion("arrays of any shape"):
        for shape in ((3, 4), (5, 1), (2, 3, 2)):
            arguments = draw_momentum(rng, shape)
            moved, velocity = items(answer, answer(*arguments), names)
            judge_velocity(velocity, *arguments)
            judge_position(moved, *arguments)
            answer.unchanged("x", "velocity", "gradient")
        for whole in ((0,), (0, 1, 2)):  # which of the arrays hold whole numbers
            arguments = list(draw_momentum(rng, 3))
            for k in whole:
                arguments[k] = rng.integers(1, 3, 3) * rng.choice([-1, 1], 3)
            moved, velocity = items(answer, answer(*arguments), names)
            judge_velocity(velocity, *arguments)
            judge_position(moved, *arguments)


# Part 3


def adam_means(m, s, gradient, beta_1, beta_2):
    """Return the new running means of the gradient and of its square."""
    return beta_1 * m + (1 - beta_1) * gradient, beta_2 * s + (1 - beta_2) * gradient**2


def adam_positions(x, m, s, t, rate, beta_1, beta_2, epsilon):
    """Return the new position in both orders of computation, from the new means."""
    one, two = 1 - beta_1**t, 1 - beta_2**t
    first = x - rate * (m / one) / (np.sqrt(s / two) + epsilon)
    second = x - rate * np.sqrt(two) / one * m / (np.sqrt(s) + epsilon)
    return first, second


def judge_adam_position(answer, value, what, x, m, s, t, gradient, rate, beta_1, beta_2, epsilon):
    """Judge the position after an update."""
    m, s = adam_means(m, s, gradient, beta_1, beta_2)
    settings = (rate, beta_1, beta_2, epsilon)
    shifted = adam_positions(x, m, s, t + 1, *settings)
    if t > 1:
        shifted += adam_positions(x, m, s, t - 1, *settings)
    one, two = 1 - beta_1**t, 1 - beta_2**t
    answer.close(
        value,
        any_of(value, *adam_positions(x, m, s, t, *settings)),
        what=what,
        no_correction=x - rate * m / (np.sqrt(s) + epsilon),
        t_shifted=any_of(value, *shifted),
        no_root=any_of(
            value,
            x - rate * (m / one) / (s / two + epsilon),
            x - rate * np.sqrt(two) / one * m / (s + epsilon),
        ),
        epsilon_inside=any_of(
            value,
            x - rate * (m / one) / np.sqrt(s / two + epsilon),
            x - rate * np.sqrt(two) / one * m / np.sqrt(s + epsilon),
        ),
    )


def draw_adam(rng, shape, epsilon=1e-10):
    """Draw the arguments of a later update of Adam's."""
    x, m = signed(rng, 0.5, 3, shape), signed(rng, 0.3, 1, shape)
    s, t, gradient = rng.uniform(0.5, 4, shape), int(rng.integers(2, 8)), signed(rng, 0.5, 4, shape)
    rate, beta_1, beta_2 = rng.uniform(0.05, 0.3), rng.uniform(0.6, 0.9), rng.uniform(0.93, 0.99)
    return x, m, s, t, gradient, rate, beta_1, beta_2, epsilon


@exercise.part(
    "A step of Adam",
    points={"the two means": 2, "first update": 1, "later updates": 2, "tiny gradients": 1},
    hints={
        "no_correction": "The correction for the start is missing: both means begin at 0 and are "
        "too small at first. Divide m by 1 − beta_1**t and s by 1 − beta_2**t.",
        "t_shifted": "t is 1 at the first update and is passed in: the corrections are "
        "1 − beta_1**t and 1 − beta_2**t with this t, not with the one before or after.",
        "corrected_stored": "This returns the corrected means. They are for this step only; what "
        "is kept for the next update are m and s as they were before the division.",
        "no_square": "s is the running mean of the squared gradient; the square is missing.",
        "no_root": "The step is divided by the root of the mean square; the root is missing.",
        "epsilon_inside": "epsilon belongs outside of the root. Added inside, it counts as its own "
        "root, 0.0003 instead of 0.0000001, and stops all small gradients.",
    },
)
def adam_step(answer):
    """Judge the means, the first and later positions, and where epsilon is added."""
    rng, names = answer.rng, ("x", "m", "s")
    with answer.criterion("the two means"):
        for shape in (2, 1, 3, (2, 3), 2):
            arguments = draw_adam(rng, shape)
            _, m, s, t, gradient, _, beta_1, beta_2, _ = arguments
            _, new_m, new_s = items(answer, answer(*arguments), names)
            right_m, right_s = adam_means(m, s, gradient, beta_1, beta_2)
            answer.close(new_m, right_m, what="m", corrected_stored=right_m / (1 - beta_1**t))
            plain = beta_2 * s + (1 - beta_2) * gradient
            absolute = beta_2 * s + (1 - beta_2) * np.abs(gradient)
            answer.close(
                new_s,
                right_s,
                what="s",
                corrected_stored=right_s / (1 - beta_2**t),
                no_square=any_of(new_s, plain, absolute),
            )
        x, m, s, t, gradient, rate, beta_1, beta_2, epsilon = draw_adam(rng, 3)
        gradient[rng.integers(3)] = 0.0
        value = answer(x, m, s, t, gradient, rate, beta_1, beta_2, epsilon)
        _, new_m, new_s = items(answer, value, names)
        right_m, right_s = adam_means(m, s, gradient, beta_1, beta_2)
        answer.close(new_m, right_m, what="m, where one entry of the gradient is 0")
        answer.close(new_s, right_s, what="s, where one entry of the gradient is 0")
    with answer.criterion("first update"):
        for shape in (2, 3, 1):
            x, m, s, _, *others = draw_adam(rng, shape)
            arguments = (x, 0 * m, 0 * s, 1, *others)
            moved, _, _ = items(answer, answer(*arguments), names)
            judge_adam_position(answer, moved, "x at t = 1", *arguments)
            answer.unchanged("x", "m", "s", "t", "gradient")
        x, gradient = (rng.integers(1, 9, 3) * rng.choice([-1, 1], 3) for _ in range(2))
        arguments = (x, 0 * x, 0 * x, 1, gradient, *others[1:])
        moved, _, _ = items(answer, answer(*arguments), names)
        judge_adam_position(answer, moved, "x at t = 1, arrays of whole numbers", *arguments)
    with answer.criterion("later updates"):
        for shape in (2, 1, 3, (2, 3), 2):
            arguments = draw_adam(rng, shape)
            moved, _, _ = items(answer, answer(*arguments), names)
            judge_adam_position(answer, moved, f"x at t = {arguments[3]}", *arguments)
        x, _, _, _, _, *others = draw_adam(rng, 2)  # a slope that has just come to its end
        m, s, gradient = signed(rng, 1, 2, 2), rng.uniform(0.001, 0.01, 2), signed(rng, 0.1, 0.3, 2)
        arguments = (x, m, s, int(rng.integers(50, 80)), gradient, *others)
        moved, _, _ = items(answer, answer(*arguments), names)
        judge_adam_position(answer, moved, "x, a step longer than learning_rate", *arguments)
    with answer.criterion("tiny gradients"):
        for d in (2, 3, 2):
            _, _, _, t, _, _, beta_1, beta_2, _ = draw_adam(rng, d)
            x, size = signed(rng, 1, 3, d), 10 ** rng.uniform(-8, -7, d)
            m, gradient = size * rng.uniform(0.5, 1, d), size * rng.uniform(0.5, 2, d)
            epsilon, rate = rng.uniform(0.5e-7, 2e-7), rng.uniform(0.5, 1)
            arguments = (x, m, size**2, t, gradient, rate, beta_1, beta_2, epsilon)
            moved, _, _ = items(answer, answer(*arguments), names)
            judge_adam_position(answer, moved, "x, gradients of 1e-8 to 1e-7", *arguments)


# Part 4


class Bowl:
    """A bowl's gradient and a step with momentum, both remembering what they were asked."""

    def __init__(self, curvature, center, rate, momentum, velocity=0.0):
        self.curvature, self.center = curvature, center
        self.rate, self.momentum = rate, momentum
        self.asked, self.given = [], []
        self.velocity = self.first_velocity = np.zeros(len(center)) + velocity

    def slope(self, x):
        """Return the gradient at a point."""
        return self.curvature * (x - self.center)

    def gradient(self, x):
        """Return the gradient at a point, and remember the point."""
        x = np.array(x, dtype=float)
        if x.shape != self.center.shape:
            raise ValueError(f"gradient takes a point of shape {self.center.shape}, got {x.shape}")
        self.asked.append(x)
        return self.slope(x)

    def step(self, x, g):
        """Return the next point, and remember the velocity and the gradient."""
        x, g = np.array(x, dtype=float), np.array(g, dtype=float)
        if not x.shape == g.shape == self.center.shape:
            shapes = f"got {x.shape} and {g.shape}"
            raise ValueError(f"step takes a point and a gradient, both of one shape; {shapes}")
        self.given.append(g)
        self.velocity = self.momentum * self.velocity - self.rate * g
        return x + self.velocity

    def path(self, start, n_steps, low, high, *, constant=False, whole=False, last_free=False):
        """Return the right path, or a wrong one.

        That is one with the gradient of the start, with points cut to whole numbers, or with a last
        point that is not clipped.
        """
        points, velocity = [start], self.first_velocity
        for k in range(n_steps):
            slope = self.slope(start if constant else points[-1])
            velocity = self.momentum * velocity - self.rate * slope
            x = points[-1] + velocity
            x = x if last_free and k == n_steps - 1 else np.clip(x, low, high)
            points.append(np.trunc(x) if whole else x)
        return np.array(points)


def draw_descent(rng, d, velocity=0.0):
    """Draw a bowl, a start to its one side, and a border close to its center on the other."""
    side = rng.choice([-1.0, 1.0], d)
    center = signed(rng, 0.5, 2, d)
    start, border = center - side * rng.uniform(3, 5, d), center + side * rng.uniform(0.3, 0.6, d)
    behind = start - side * rng.uniform(0.5, 1, d)
    rate, momentum = rng.uniform(0.08, 0.12), rng.uniform(0.8, 0.9)
    bowl = Bowl(rng.uniform(0.8, 1.5, d), center, rate, momentum, velocity)
    return bowl, start, np.minimum(border, behind), np.maximum(border, behind)


def judge_path(answer, value, bowl, start, n_steps, low, high):
    """Judge a path."""
    path, far = bowl.path(start, n_steps, low, high), np.full(len(start), 1e9)
    free = bowl.path(start, n_steps, -far, far)
    answer.close(
        value,
        path,
        what=f"{n_steps} steps",
        no_start=path[1:],
        one_short=path[:-1],
        no_clipping=free,
        clipped_at_end=any_of(
            value, np.clip(free, low, high), np.vstack([free[:-1], np.clip(free[-1], low, high)])
        ),
        last_not_clipped=bowl.path(start, n_steps, low, high, last_free=True),
        stopped=None if bowl.slope(start).any() else np.tile(start, (n_steps + 1, 1)),
        start_gradient=bowl.path(start, n_steps, low, high, constant=True),
        whole_numbers=bowl.path(start, n_steps, low, high, whole=True)
        if start.dtype.kind == "i"
        else None,
    )


@exercise.part(
    "The descent",
    points={"path": 2, "kept within the bounds": 2, "one gradient a step": 1},
    hints={
        "no_start": "The start is missing: a path of n_steps steps has n_steps + 1 points, and the "
        "first one is the start.",
        "one_short": "One step is missing: n_steps steps give n_steps + 1 points, start included.",
        "no_clipping": "This path leaves the bounds. Clip each new point with "
        "np.clip(x, low, high).",
        "clipped_at_end": "This clips after the descent. Clip each new point before you go on: the "
        "next gradient belongs to the clipped point.",
        "start_gradient": "This uses the gradient of the start in every step. Ask for the gradient "
        "at each point anew.",
        "last_not_clipped": "The last point of this path is outside of the bounds. Clip each new "
        "point at once, the last one too.",
        "stopped": "This stops where the gradient is 0. A rule with a velocity carries on from "
        "there: make all n_steps updates.",
        "whole_numbers": "When the start is an array of whole numbers, an array of its type cannot "
        "store 3.7 and keeps 3. Make the path an array of floats.",
    },
)
def descend(answer):
    """Judge paths in wide and in narrow bounds, and where the gradient is asked for."""
    rng = answer.rng
    with answer.criterion("path"):
        for d in (2, 1, 3, 2):
            bowl, start, _, _ = draw_descent(rng, d)
            far, n_steps = np.full(d, 1e3), int(rng.integers(5, 15))
            value = answer(bowl.gradient, bowl.step, start, n_steps, -far, far)
            judge_path(answer, value, bowl, start, n_steps, -far, far)
            answer.unchanged("gradient", "step", "start", "n_steps", "low", "high")
        far = np.full(2, 1e3)
        whole, _, _, _ = draw_descent(rng, 2)
        flat, _, _, _ = draw_descent(rng, 2, velocity=signed(rng, 0.3, 1, 2))
        short, start, _, _ = draw_descent(rng, 2)
        starts = (rng.integers(1, 5, 2) * rng.choice([-1, 1], 2), flat.center, start)
        for bowl, start, n_steps in zip((whole, flat, short), starts, (7, 6, 0), strict=True):
            value = answer(bowl.gradient, bowl.step, start, n_steps, -far, far)
            judge_path(answer, value, bowl, start, n_steps, -far, far)
    with answer.criterion("kept within the bounds"):
        for d in (2, 1, 3, 2):
            bowl, start, low, high = draw_descent(rng, d)
            n_steps = int(rng.integers(18, 25))
            value = answer(bowl.gradient, bowl.step, start, n_steps, low, high)
            judge_path(answer, value, bowl, start, n_steps, low, high)
        for d in (1, 2):  # the last step leads out of the bounds
            bowl, start, low, high = draw_descent(rng, d)
            free = bowl.path(start, 25, low, high)
            n_steps = int(np.flatnonzero(((free == low) | (free == high)).any(axis=1))[:2][-1])
            value = answer(bowl.gradient, bowl.step, start, n_steps, low, high)
            judge_path(answer, value, bowl, start, n_steps, low, high)
        bowl, start, low, high = draw_descent(rng, 2)  # each coordinate has one bound only
        right = bowl.center > start
        low, high = np.where(right, -np.inf, low), np.where(right, high, np.inf)
        value = answer(bowl.gradient, bowl.step, start, 20, low, high)
        judge_path(answer, value, bowl, start, 20, low, high)
    with answer.criterion("one gradient a step"):
        for d in (2, 3):
            bowl, start, _, _ = draw_descent(rng, d)
            far, n_steps = np.full(d, 1e3), int(rng.integers(5, 15))
            answer(bowl.gradient, bowl.step, start, n_steps, -far, far)
            answer.require(
                len(bowl.asked) == n_steps,
                f"{n_steps} steps take {n_steps} gradients; it asked for {len(bowl.asked)}.",
            )
            answer.require(
                np.allclose(bowl.asked, bowl.path(start, n_steps, -far, far)[:-1]),
                "The gradient is to be asked for at the points of the path, in their order.",
            )
        bowl, start, low, high = draw_descent(rng, 2)  # the bounds keep it from the center
        middle, side = (start + bowl.center) / 2, np.sign(bowl.center - start)
        low, high = np.where(side > 0, low, middle), np.where(side > 0, middle, high)
        answer(bowl.gradient, bowl.step, start, 15, low, high)
        returned = bowl.slope(np.array(bowl.asked).reshape(-1, 2))
        answer.require(
            all(np.isclose(returned, g).all(axis=1).any() for g in bowl.given),
            "step is to be given the gradients as gradient returns them, at a bound too.",
        )


# Part 5


def draw_path(rng, inside, minimizer, tolerance, diagonal=False):
    """Draw a path whose points lie within the tolerance where it is so wanted, and clearly."""
    d, n = len(minimizer), len(inside)
    directions = rng.normal(size=(n, d))
    factors = np.where(inside, rng.uniform(0.1, 0.8, n), rng.uniform(2, 6, n))
    if diagonal:  # each coordinate is within the tolerance, the distance is not
        directions = np.where(np.array(inside)[:, None], directions, signed(rng, 1, 1, (n, d)))
        factors = np.where(inside, factors, rng.uniform(1.1, 1.3, n))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    return minimizer + tolerance * factors[:, None] * directions


def runs(*lengths):
    """Return truth values in runs of these lengths, the first outside."""
    return [bool(k % 2) for k, length in enumerate(lengths) for _ in range(length)]


@exercise.part(
    "Arriving for good",
    points={
        "there for good": 2,
        "not there at the end": 1,
        "there from the start": 1,
        "distance": 1,
    },
    hints={
        "first_entry": "This is when the path comes within the tolerance for the first time. It "
        "leaves again later; count the steps after which it stays.",
        "left_again": "This path comes within the tolerance and leaves it again. At its end it is "
        "outside, so the answer is None.",
        "one_early": "This is the last point outside the tolerance. The path arrives one step "
        "later.",
        "coordinates": "Here each coordinate by itself is within the tolerance, and the distance "
        "is not: take the root of the sum of the squared differences.",
        "strict": "A point whose distance equals the tolerance is within it: at most, not less.",
    },
)
def steps_to_arrive(answer):
    """Judge paths that come, go and stay."""
    rng = answer.rng

    def draw():
        d = int(rng.integers(2, 4))
        return signed(rng, 0.5, 3, d), rng.uniform(0.01, 0.3)

    def length():
        return int(rng.integers(2, 6))

    with answer.criterion("there for good"):
        for _ in range(8):
            minimizer, tolerance = draw()
            inside = runs(length(), length(), length(), length())
            path, first = draw_path(rng, inside, minimizer, tolerance), inside.index(True)
            last = len(inside) - inside[::-1].index(False)
            value = answer(path, minimizer, tolerance)
            answer.equal(value, last, first_entry=first, one_early=last - 1)
    with answer.criterion("not there at the end"):
        for lengths in ((length(), length(), length()), (length() + 4,), (2, 1, 1)):
            minimizer, tolerance = draw()
            inside = runs(*lengths)
            path = draw_path(rng, [*inside, True], minimizer, tolerance)
            value = answer(path, minimizer, tolerance)
            answer.require(
                value is not None and not isinstance(value, str),
                "It returns None for a path that is within the tolerance at its end.",
            )
            value = answer(path[:-1], minimizer, tolerance)
            if True in inside:
                answer.equal(value, None, left_again=inside.index(True))
            answer.equal(value, None, what="a path that is outside the tolerance at its end")
    with answer.criterion("there from the start"):
        for _ in range(3):
            minimizer, tolerance = draw()
            inside = [True] * (length() + 3)
            path = draw_path(rng, inside, minimizer, tolerance)
            answer.equal(answer(path, minimizer, tolerance), 0, what="a path that never leaves")
            before = draw_path(rng, [False, False], minimizer, tolerance)
            value = answer.numbers(answer(np.vstack([before, path]), minimizer, tolerance))
            answer.require(
                value.shape == () and value > 0, "A path that starts far away does not arrive at 0."
            )
    with answer.criterion("distance"):
        n, m = int(rng.integers(2, 9)), length()
        minimizer, tolerance = signed(rng, 0.5, 3, 3), rng.uniform(0.01, 0.3)
        path = draw_path(rng, [True] * (n + m), minimizer, tolerance)
        path[:, 2] = minimizer[2] + tolerance * np.where(runs(n, m), 0.1, 2.5)
        value = answer(path, minimizer, tolerance)
        only = "at first, only the third coordinate is far away"
        answer.equal(value, n, what=only, one_early=n - 1)
        for _ in range(6):  # so that no number is right by luck
            minimizer, tolerance = draw()
            n, m = int(rng.integers(2, 9)), length()
            path = draw_path(rng, runs(n, m), minimizer, tolerance, diagonal=True)
            answer.equal(answer(path, minimizer, tolerance), n, coordinates=0, one_early=n - 1)
            answer.unchanged("path", "minimizer")
        n, m = int(rng.integers(2, 9)), length()
        minimizer, tolerance = rng.integers(-8, 9, 2) / 4, float(rng.integers(1, 5)) / 4
        distance = tolerance * np.where(runs(n, m), 0.5, 2.0)
        distance[n] = tolerance  # exactly: all these numbers are whole ones divided by 8
        path = minimizer + distance[:, None] * np.eye(2)[rng.integers(2)]
        answer.equal(answer(path, minimizer, tolerance), n, strict=n + 1)


# Part 6

CRITERIA = ("robustness", "convergence", "precision", "performance")


def four(steps, distances, n_steps, *, middle=np.median):
    """Return the four criteria; convergence and precision are None where nobody arrives."""
    arrived = np.array([k is not None for k in steps])
    all_steps = np.array([n_steps if k is None else k for k in steps], dtype=float)
    some = arrived.any()
    return {
        "robustness": arrived.mean(),
        "convergence": middle(all_steps[arrived]) if some else None,
        "precision": middle(np.asarray(distances)[arrived]) if some else None,
        "performance": all_steps.mean(),
    }


def draw_runs(rng, n, n_arrived, tolerance=0.1):
    """Draw steps (None where a start does not arrive) and final distances of n starts."""
    n_steps = int(rng.integers(200, 600))
    arrived = rng.permutation(np.arange(n) < n_arrived)
    needed = np.cumsum(np.arange(1, 19)) * n_steps // 200  # all different, more small ones
    needed = rng.permutation(needed)[:n].tolist()
    steps = [k if here else None for k, here in zip(needed, arrived, strict=True)]
    near, away = tolerance * rng.uniform(0.05, 0.9, n) ** 3, rng.uniform(1, 5, n)
    return steps, np.where(arrived, near, away), n_steps


@exercise.part(
    "Four criteria",
    points={
        "robustness": 1,
        "convergence and precision": 2,
        "performance": 1,
        "nobody arrives, or somebody at once": 1,
    },
    hints={
        "count": "This is how many starts arrive. Robustness is their share: divide by the number "
        "of starts.",
        "over_all": "This counts all starts. Convergence and precision look only at the starts "
        "that arrive.",
        "mean": "This is the mean; convergence and precision are medians.",
        "giving_up": "This leaves out the starts that do not arrive, and so rewards giving up. In "
        "the performance each of them counts as n_steps.",
        "zero": "A start that arrives after 0 steps has arrived. Python takes 0 for false in "
        "`if k`; ask `if k is not None`.",
        "last_step": "A start that arrives with its last step has arrived: its steps are n_steps. "
        "Only None says that a start has not arrived.",
        "by_distance": "A small final distance does not say which starts have arrived; the steps "
        "do. Take the distances of those whose steps are not None.",
        "equal_steps": "Here two starts take equally many steps. Each start counts by itself, with "
        "its own distance.",
    },
)
def four_criteria(answer):
    """Judge each criterion, and the two cases at the edge."""
    rng = answer.rng

    def results(steps, distances, n_steps):
        value = answer(steps, distances, n_steps)
        answer.require(
            isinstance(value, dict) and set(value) == set(CRITERIA),
            f"It returns a dict with these keys: {', '.join(CRITERIA)}.",
        )
        return value

    def draw():
        n = int(rng.integers(8, 15))
        return draw_runs(rng, n, int(rng.integers(4, n - 2)))

    with answer.criterion("robustness"):
        for _ in range(5):
            drawn = draw()
            n_arrived = sum(k is not None for k in drawn[0])
            right = four(*drawn)["robustness"]
            answer.close(results(*drawn)["robustness"], right, what="robustness", count=n_arrived)
        steps, distances, n_steps = draw()
        right = four(steps, distances, n_steps)["robustness"]
        floats = [None if k is None else float(k) for k in steps]
        value = results(floats, distances, n_steps)["robustness"]
        answer.close(value, right, what="robustness, numbers of steps like 40.0")
        k = next(k for k, needed in enumerate(steps) if needed is not None)
        steps[k] = n_steps
        value = results(steps, distances, n_steps)["robustness"]
        last_step = right - 1 / len(steps)
        answer.close(value, right, what="robustness, one with the last step", last_step=last_step)
    with answer.criterion("convergence and precision"):
        for n_even in (0, 0, 0, 0, 4):
            steps, distances, n_steps = draw_runs(rng, 9, n_even) if n_even else draw()
            if n_even:  # a median that is no whole number
                *_, middle, above, _ = sorted(k for k in steps if k is not None)
                steps[steps.index(above)] += (middle + above + 1) % 2
            value, right = results(steps, distances, n_steps), four(steps, distances, n_steps)
            filled = [n_steps if k is None else k for k in steps]
            everybody = four(filled, distances, n_steps)
            means = four(steps, distances, n_steps, middle=np.mean)
            for key in ("convergence", "precision"):
                answer.close(
                    value[key], right[key], what=key, over_all=everybody[key], mean=means[key]
                )
        few, some, many = sorted(rng.choice(np.arange(10, 190), 3, replace=False).tolist())
        near, middle, away = rng.uniform(0.2, 0.5), rng.uniform(0.6, 0.9), rng.uniform(1, 2)
        close = rng.uniform(0.005, 0.05, 2)  # to the minimum, and yet they have not arrived
        distances = np.array([near, close[0], away, middle, close[1]])
        value = results([few, None, many, some, None], distances, 200)["precision"]
        smallest = [np.median(np.sort(distances)[:k]) for k in (3, 2, 1)]
        answer.close(
            value,
            middle,
            what="precision, where two end close by that do not arrive",
            by_distance=any_of(value, *smallest),
        )
        distances[[1, 4]] = 5.0, 6.0
        value = results([few, None, many, few, None], distances, 200)
        for key, right, merged in (
            ("convergence", few, (few + many) / 2),
            ("precision", middle, any_of(value["precision"], near, (middle + away) / 2)),
        ):
            answer.close(value[key], right, what=f"{key}, equal steps", equal_steps=merged)
    with answer.criterion("performance"):
        for _ in range(5):
            steps, distances, n_steps = draw()
            right = four(steps, distances, n_steps)["performance"]
            arrived = [k for k in steps if k is not None]
            value = results(steps, distances, n_steps)["performance"]
            answer.close(
                value,
                right,
                what="performance",
                giving_up=any_of(value, np.mean(arrived), np.median(arrived)),
            )
            answer.unchanged("steps", "distances")
    with answer.criterion("nobody arrives, or somebody at once"):
        for _ in range(3):
            steps, distances, n_steps = draw_runs(rng, 8, 5)
            k = next(k for k, needed in enumerate(steps) if needed is not None)
            falsy = [None if i == k else needed for i, needed in enumerate(steps)]
            steps[k] = 0
            value, right = results(steps, distances, n_steps), four(steps, distances, n_steps)
            mistaken = four(falsy, distances, n_steps)
            for key in CRITERIA:
                answer.close(
                    value[key], right[key], what=f"{key}, with 0 steps", zero=mistaken[key]
                )
        steps, distances, n_steps = draw_runs(rng, 6, 0)
        value = results(steps, distances, n_steps)
        answer.close(value["robustness"], 0.0, what="robustness when nobody arrives")
        answer.close(value["performance"], n_steps, what="performance when nobody arrives")
        for key in ("convergence", "precision"):
            is_nan = isinstance(value[key], float) and np.isnan(value[key])
            answer.require(value[key] is None or is_nan, f"Where nobody arrives, {key} is None.")
