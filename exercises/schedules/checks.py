"""Learning-rate schedules: the marking.

Times are drawn so that the usual mistakes give clearly other rates: cosine shapes are looked at
before their middle, where a straight line and a full wave would cross them, and rates stay far
above zero where they are compared.
"""

import numpy as np

from hpcourse.grading import Exercise

exercise = Exercise(
    "schedules",
    title="Learning-rate schedules",
    minutes=60,
    chapters=["training/learning_rate", "training/schedules"],
)


@exercise.part(
    "From updates to epochs",
    points={"full batches only": 1, "a smaller last batch": 1, "several updates at once": 1},
    hints={
        "down": "The last batch of an epoch may be smaller, and it is an update too: round the "
        "number of batches up.",
        "extra": "This adds an update even where the batches come out even. Round up, and only "
        "where something is left over.",
        "samples": "This counts images as if every batch were full. The last batch of an epoch "
        "may be smaller: count updates, and divide by the updates in an epoch.",
        "whole": "These are whole epochs. Between two epochs a fraction is wanted.",
    },
)
def epochs_done(answer):
    """Remainders below and above half a batch, so that ``round`` is wrong too."""
    rng = answer.rng

    def draw(remainder):
        """Numbers of updates, of samples and of samples in a batch."""
        batch_size, full = rng.integers(30, 200), rng.integers(25, 60)
        n_samples = full * batch_size + round(remainder * batch_size)
        steps = full + (remainder > 0)
        updates = rng.integers(1, 20, 6) * steps + rng.integers(20, steps, 6)
        return updates, n_samples, batch_size, steps

    def judge(updates, n_samples, batch_size, steps, what=""):
        down = n_samples // batch_size
        _compare(
            answer,
            answer(updates, n_samples, batch_size),
            updates / steps,
            ("down", updates / down if down else None),
            ("extra", updates / (down + 1)),
            ("samples", updates * batch_size / n_samples),
            ("whole", updates // steps),
            what=what,
        )
        answer.unchanged("update")

    def one(remainder):
        updates, *others = draw(remainder)
        judge(updates[0], *others)

    with answer.criterion("full batches only"):
        for _ in range(5):
            one(0)
    with answer.criterion("a smaller last batch"):
        for low in (0.1, 0.6, 0.1, 0.6, 0.1, 0.6):
            one(low + rng.uniform(0, 0.3))
        # One image is left over; the same images in other batches; in a batch with room for more.
        batch_size, full = rng.integers(120, 200), rng.integers(25, 60)
        n_samples, update = full * batch_size + 1, rng.integers(100, 900)
        judge(update, n_samples, batch_size, full + 1, "one image is left over")
        smaller = batch_size // 2
        steps = -(-n_samples // smaller)
        judge(update, n_samples, smaller, steps, "as many images as before, smaller batches")
        larger = n_samples + rng.integers(50, 200)
        judge(rng.integers(2, 20), n_samples, larger, 1, "a batch takes more than all images")
    with answer.criterion("several updates at once"):
        for low in (0.1, 0.6, 0.1, 0.6):
            judge(*draw(low + rng.uniform(0, 0.3)))
        updates, *others = draw(0.3)
        judge(np.append(0, updates), *others, "update 0 comes first")
        judge(updates.reshape(2, 3), *others, "an array with two axes")
        judge(updates.reshape(6, 1), *others, "an array with two axes")
        judge(updates.astype(float), *others, "updates as floats")


@exercise.part(
    "Exponential decay",
    points={"at whole epochs": 2, "between two epochs": 1, "several updates at once": 1},
    hints={
        "update": "This decays per update, not per epoch: divide the number of updates by the "
        "updates in an epoch first.",
        "base": "This is decay ** epochs, which loses nine tenths an epoch where decay is 0.1. "
        "The exponential function is wanted: exp(-decay * epochs).",
        "share": "This multiplies by 1 - decay in each epoch. That is near exp(-decay) for a small "
        "decay, and not equal to it.",
        "grows": "This rate grows. The exponent is negative.",
        "whole": "This changes once an epoch only. Between two epochs it takes the fraction.",
    },
)
def exponential(answer):
    """No rate is so small that two mistakes look alike."""
    rng = answer.rng

    def judge(epochs, fractions, slowest=0.05, unit=1, what=""):
        rate, decay = rng.uniform(0.02, 0.5), rng.uniform(slowest, 0.3)
        steps = rng.integers(20, 60)
        updates = unit * (epochs * steps + fractions * rng.integers(9, steps - 3))
        done = updates / steps
        _compare(
            answer,
            answer(updates, rate, decay, steps),
            rate * np.exp(-decay * done),
            ("update", rate * np.exp(-decay * updates)),
            ("whole", rate * np.exp(-decay * (done // 1))),
            ("base", rate * decay**done),
            ("base", rate * decay ** (done // 1)),
            ("share", rate * (1 - decay) ** done),
            ("share", rate * (1 - decay) ** (done // 1)),
            ("grows", rate * np.exp(decay * done)),
            what=what,
        )
        answer.unchanged("update")

    with answer.criterion("at whole epochs"):
        for _ in range(5):
            judge(rng.integers(2, 9), 0)
        for _ in range(2):
            epochs = rng.integers(100, 150)
            judge(epochs, 0, slowest=0.15, what=f"after {epochs} epochs")
    with answer.criterion("between two epochs"):
        for epochs in (0, 1, *rng.integers(2, 9, 3)):
            judge(epochs, 1)
    with answer.criterion("several updates at once"):
        for _ in range(4):
            judge(rng.integers(0, 9, 6), np.array([1, 0, 1, 1, 1, 0]))
        judge(rng.integers(0, 9, (2, 3)), 1, what="an array with two axes")
        judge(rng.integers(0, 9, 6), 1, unit=1.0, what="updates as floats")


@exercise.part(
    "Two decays at once",
    points={
        "in the first epoch": 1,
        "at the beginning of later epochs": 2,
        "within later epochs": 1,
        "several updates at once": 1,
    },
    hints={
        "epochs": "The optimizer's own decay counts updates, not epochs. That is why the rate died "
        "so early.",
        "smooth": "The callback sets its rate once an epoch. Within an epoch its factor stays the "
        "same: take whole epochs, update // steps_per_epoch.",
        "restart": "This lets the optimizer's count begin anew with each epoch. The callback sets "
        "the rate back, not the count: it goes on to the end of the training.",
        "sum": "This adds two rates. The optimizer divides the rate that the callback has set: "
        "the two factors multiply.",
        "twice": "The learning rate is in it twice. The optimizer's own decay is a factor, "
        "1 / (1 + update_decay * update), without a rate of its own.",
        "one": "Only one of the two decays is at work here. The callback does not switch off the "
        "optimizer's own decay, nor the other way round.",
        "from_one": "This counts the update that follows as made already. t is the number of "
        "updates made before it: in the first update of all the optimizer divides by 1.",
        "early": "The callback's factor falls one update too soon. The last update of an epoch "
        "still has the factor of its epoch: it follows steps_per_epoch - 1 others.",
    },
)
def double_decay(answer):
    """Rates are compared relative to themselves: they become small."""
    rng = answer.rng

    def judge(epochs, fractions, *, steps=None, last=False, what=""):
        rate, per_epoch = rng.uniform(0.02, 0.5), rng.uniform(0.05, 0.3)
        per_update, steps = rng.uniform(0.01, 0.2), steps or rng.integers(20, 60)
        updates = epochs * steps + fractions * (steps - 1 if last else rng.integers(9, steps - 3))

        def product(callback_epochs, own_time):
            return np.exp(-per_epoch * callback_epochs) / (1 + per_update * own_time)

        whole, done = updates // steps, updates / steps
        # In the first epoch, and at the beginning of the others, some mistakes are one.
        later, within = np.any(whole > 0), np.any(updates % steps > 0)
        set_by_callback, own = np.exp(-per_epoch * whole), 1 / (1 + per_update * updates)
        _compare(
            answer,
            answer(updates, rate, per_epoch, per_update, steps),
            rate * set_by_callback * own,
            ("smooth", rate * product(done, updates)),
            ("restart", rate * product(whole, updates % steps) if within else None),
            ("epochs", rate * product(whole, whole) if later else None),
            ("epochs", rate * product(whole, done)),
            ("epochs", rate * product(done, done)),
            ("sum", rate * (set_by_callback + own)),
            ("sum", rate * (set_by_callback + own) / 2),
            ("twice", rate**2 * set_by_callback * own),
            ("one", rate * set_by_callback if later and within else None),
            ("one", rate * own),
            ("from_one", rate * product(whole, updates + 1)),
            ("from_one", rate * product((updates + 1) // steps, updates + 1)),
            ("early", rate * product((updates + 1) // steps, updates)),
            what=what,
        )
        answer.unchanged("update")

    with answer.criterion("in the first epoch"):
        for _ in range(5):
            judge(0, 1)
    with answer.criterion("at the beginning of later epochs"):
        for _ in range(5):
            judge(rng.integers(1, 9), 0)
        judge(1, 0, steps=49, what="update 49, with 49 in an epoch")  # 49 * (1 / 49) < 1
    with answer.criterion("within later epochs"):
        for _ in range(5):
            judge(rng.integers(1, 9), 1)
        for _ in range(2):
            judge(rng.integers(1, 9), 1, last=True, what="the last update of an epoch")
    with answer.criterion("several updates at once"):
        for _ in range(4):
            judge(rng.integers(1, 9, 6), np.array([1, 0, 1, 1, 0, 1]))
        judge(rng.integers(1, 9, (2, 3)), 1, what="an array with two axes")


@exercise.part(
    "When the training was over",
    points={"rates that add up to 1": 1, "rates of any size": 2, "a share met exactly": 1},
    hints={
        "index": "This is the number of the last update, counted from 0. How many updates were "
        "made by then is one more.",
        "units": "This compares a sum of rates with the share. Divide the sums by the sum of all "
        "rates first.",
        "updates": "This is a share of the number of updates. A share of the sum of their rates is "
        "wanted: updates at a high rate count for more.",
        "left": "Here the share is still to come. Wanted is how many updates have made it up.",
        "exceeded": "This waits until the share is exceeded. To reach it is enough.",
    },
)
def updates_until(answer):
    """The sum is never closer to the share than half a rate, but where it meets it exactly."""
    rng = answer.rng

    def judge(rates, share, expected, what=""):
        sums, n = np.cumsum(rates), len(rates)

        def first(reached):
            return int(np.argmax(reached)) + 1

        value = answer(rates, share)
        mistakes = [
            ("index", expected - 1),
            ("units", first(sums >= share)),
            ("updates", int(share * n)),
            ("updates", int(share * n) + 1),
            ("left", first(sums >= (1 - share) * sums[-1])),
            ("exceeded", first(sums > share * sums[-1])),
        ]
        number = isinstance(value, int | float) and not isinstance(value, bool)
        for hint, other in mistakes:
            if number and value == other != expected:
                raise answer.wrong(hint)
        answer.equal(value, expected, what=what)

    def between(rates, expected):
        """Return a share that is reached with this number of updates."""
        sums = np.cumsum(rates)
        return (sums[expected - 2] + sums[expected - 1]) / 2 / sums[-1]

    def draw(falling):
        """Rates that fall, or rise; no mistake gives the right number."""
        n = rng.integers(40, 60)
        rates = np.exp(-rng.uniform(3, 4) * np.arange(n) / n) * rng.uniform(0.8, 1, n)
        expected = n // 2 + rng.integers(3)
        if not falling:
            rates, expected = rates[::-1], n - n // 8 - rng.integers(3)
        return rates, between(rates, expected), int(expected)

    with answer.criterion("rates that add up to 1"):
        for falling in (True, False, True, False):
            rates, share, expected = draw(falling)
            judge(rates / rates.sum(), share, expected)
        # Shares a little above whole hundredths, which rounded sums reach later.
        rates = np.exp(-3 * np.arange(2000) / 2000) * rng.uniform(0.8, 1, 2000)
        rates /= rates.sum()
        expected = int(np.argmax(np.cumsum(rates) >= (rng.integers(30, 70) + 0.2) / 100)) + 1
        judge(rates, between(rates, expected), expected, "2000 updates")
    with answer.criterion("rates of any size"):
        for falling in (True, False, True, False, True):
            rates, share, expected = draw(falling)
            judge(rates * rng.uniform(3, 6), share, expected)
            answer.unchanged("rates")
        rates = rng.uniform(3, 6, 10)
        judge(rates, between(rates, 10), 10, "all updates are needed")
        rates = rng.integers(1, 9, 12)
        judge(rates, between(rates, 8), 8, "whole rates")
    with answer.criterion("a share met exactly"):
        for _ in range(8):
            # Whole numbers of quarters that add up to 16: no sum is rounded.
            n = int(rng.integers(4, 11))
            behind = rng.multinomial(48 - 3 * n, [1 / n] * n) + 3
            ahead = rng.multinomial(8, [1 / 8] * 8) + 1
            judge(np.concatenate([behind, ahead]) / 4, 0.75, n)


@exercise.part(
    "Cosine decay",
    points={
        "down to zero": 1,
        "down to a final rate": 1,
        "after the end": 1,
        "several times at once": 1,
    },
    hints={
        "full": "This is a full wave, which is up again at the end. Half a wave is wanted: the "
        "argument of the cosine goes from 0 to π.",
        "quarter": "This is a quarter of a wave, steepest at its end. Half a wave is wanted, "
        "(1 + cos(π t / T)) / 2, flat at both ends.",
        "line": "This is a straight line. The share of the time that is over goes into a cosine.",
        "added": "The final rate is added to a wave of full height, so that the first rate is too "
        "high. The wave goes from the first rate to the final one: its height is the difference.",
        "ignored": "The final rate changes nothing here.",
        "swings": "After the end the rate rises again. It stays at the final rate: limit t to the "
        "duration.",
        "zero": "After the end this is 0. The final rate stays.",
    },
)
def cosine(answer):
    """Shares of the duration that are over, before the middle and after the end."""
    rng = answer.rng

    def judge(share, final=None, *, what=""):
        duration = rng.integers(20, 2000)
        compare(share * duration, duration, final, what)

    def compare(t, duration, final=None, what=""):
        high, share = rng.uniform(0.05, 0.5), t / duration
        low = high * (rng.uniform(0.1, 0.4) if final is None else final)

        def fall(height):
            return low + (high - low) * height

        until = np.minimum(share, 1)
        wave = (1 + np.cos(np.pi * until)) / 2
        _compare(
            answer,
            answer(t, high, duration, low),
            fall(wave),
            ("full", fall((1 + np.cos(2 * np.pi * until)) / 2)),
            ("full", fall((1 + np.cos(2 * np.pi * share)) / 2)),
            ("quarter", fall(np.cos(np.pi / 2 * until))),
            ("quarter", fall(np.cos(np.pi / 2 * share))),
            ("line", fall(1 - until)),
            ("line", fall(1 - share)),
            ("added", low + high * wave),
            ("added", low + high * (1 + np.cos(np.pi * share)) / 2),
            ("zero", np.where(share > 1, 0, fall(wave))),
            ("ignored", high * wave),
            ("ignored", high * (1 + np.cos(np.pi * share)) / 2),
            ("swings", fall((1 + np.cos(np.pi * share)) / 2)),
            atol=1e-9,
            what=what,
        )
        answer.unchanged("t")

    with answer.criterion("down to zero"):
        for _ in range(5):
            judge(rng.uniform(0.15, 0.4), final=0)
    with answer.criterion("down to a final rate"):
        for _ in range(5):
            judge(rng.uniform(0.15, 0.4))
    with answer.criterion("after the end"):
        judge(0.0)  # not the final rate at all times
        for _ in range(5):
            judge(rng.uniform(1.2, 1.8))
    with answer.criterion("several times at once"):
        for _ in range(4):
            before, after = rng.uniform(0.1, 0.4, 4), rng.uniform(1.2, 1.8, 2)
            judge(rng.permutation(np.concatenate([before, after])))
        judge(rng.uniform(0.1, 0.4, (2, 3)), what="an array with two axes")
        whole = rng.permutation([1, 2, 3, 9, 10])
        compare(whole, rng.integers(6, 9) + 0.5, what="whole times, and a duration that is not")


@exercise.part(
    "A warm-up",
    points={"during the rise": 2, "after the rise": 2, "where the two meet": 1},
    hints={
        "moved": "The schedule that follows begins when the warm-up ends: it is moved by the "
        "duration. Call it with t - duration.",
        "zero": "This rises from 0. The rise starts at the initial rate.",
        "added": "The rise is added to the initial rate at its full height, and the rate jumps "
        "when it ends. Its height is the first rate of the schedule less the initial rate.",
        "aims": "The rise leads to schedule(duration), and the rate jumps when it ends. The "
        "schedule begins at time 0: the rise leads to schedule(0).",
        "scaled": "This multiplies the schedule, which goes on falling meanwhile. During the rise "
        "the rate is a straight line that leads to schedule(0).",
        "negative": "During the warm-up this calls the schedule with a negative time. It begins "
        "at time 0: call it with t - duration only when the warm-up is over.",
    },
)
def warm_up(answer):
    """The schedule that is lent falls exponentially, or rises; it has a value at any time."""
    rng = answer.rng

    def judge(share, *, rises=False, initial=None, what=""):
        top, speed, duration = rng.uniform(0.1, 0.5), rng.uniform(0.3, 1), rng.uniform(4, 40)
        start = top * (initial or rng.uniform(0.1, 0.4))
        asked = []

        def schedule(t):
            fallen = np.exp(-speed * np.asarray(t) / duration)
            asked.append(t)
            return top * (2 - fallen if rises else fallen)

        t = share * duration
        value, asked_for = answer(t, schedule, duration, start), asked.copy()
        now, at_end = schedule(t), schedule(duration)
        if share < 1:
            expected = start + (top - start) * share
            mistakes = [
                ("zero", top * share),
                ("added", start + top * share),
                ("aims", start + (at_end - start) * share),
                ("aims", at_end * share),
                ("scaled", now * share),
                ("scaled", start + (now - start) * share),
            ]
        else:
            expected = schedule(t - duration)
            mistakes = [("moved", now), ("added", start + top if share == 1 else None)]
        _compare(answer, value, expected, *mistakes, what=what)
        if any(np.any(np.asarray(each) < 0) for each in asked_for):
            raise answer.wrong("negative")

    with answer.criterion("during the rise"):
        for _ in range(5):
            judge(rng.uniform(0.2, 0.8))
        for _ in range(2):
            judge(rng.uniform(0.2, 0.8), rises=True, what="before a schedule that rises")
            above = rng.uniform(1.5, 3)
            judge(rng.uniform(0.2, 0.8), initial=above, what="down from a higher initial rate")
    with answer.criterion("after the rise"):
        for _ in range(5):
            judge(rng.uniform(1.2, 3))
        for _ in range(2):
            judge(rng.uniform(1.2, 3), rises=True, what="a schedule that rises")
            low = "a schedule that falls below the initial rate"
            judge(rng.uniform(8, 12), initial=rng.uniform(0.5, 0.9), what=low)
    with answer.criterion("where the two meet"):
        for _ in range(4):
            judge(1.0)


@exercise.part(
    "Reduce on plateau",
    points={
        "one reduction": 1,
        "several plateaus": 2,
        "restless losses": 1,
        "the lowest rate": 1,
    },
    hints={
        "late": "This waits one epoch too long. The rate falls after `patience` epochs without an "
        "improvement.",
        "shifted": "These are the rates after each epoch. A reduction becomes known when the epoch "
        "has ended, and is used from the next one on.",
        "kept": "After a reduction the count goes on, and the next reduction comes at once. Set "
        "the count back to 0 whenever the rate is lowered.",
        "total": "This counts all epochs without an improvement, also those before the last one "
        "that improved. Set the count back to 0 at each improvement.",
        "previous": "This compares with the loss of the epoch before. What counts is the lowest "
        "loss so far.",
        "floor": "The rate falls below min_learning_rate.",
        "stuck": "This does not lower the rate any more where a whole reduction would go below "
        "min_learning_rate. The last reduction leads to min_learning_rate itself.",
        "early": "This lowers the rate one epoch too early. The rate falls after `patience` epochs "
        "without an improvement, and the epoch of the lowest loss is none of them.",
        "first": "This counts the first epoch as one without an improvement. The first loss always "
        "is the lowest so far.",
        "restored": "This goes back to the first rate after an improvement. A rate that has been "
        "lowered stays low.",
        "forgotten": "Here a loss counts as an improvement though a lower one came long before. "
        "The lowest of all losses so far counts: neither time nor a reduction sets it back.",
        "tie": "A loss equal to the lowest is not lower: it is no improvement, and its epoch "
        "counts as one without.",
        "margin": "This overlooks small improvements. However little a loss is below the lowest, "
        "it is the new lowest.",
    },
)
def plateau(answer):
    """A loss equals another only where a tie is judged."""
    rng = answer.rng

    def falling(best):
        return best - np.cumsum(rng.uniform(0.02, 0.05, rng.integers(2, 5)))

    def rising(best, n):
        return best + np.cumsum(rng.uniform(0.02, 0.05, n))

    def losses_with(*stretches):
        """Losses that fall before, between and after stretches without an improvement."""
        losses = falling(3.0)
        for stretch in stretches:
            bad = stretch(losses.min())
            losses = np.concatenate([losses, bad, falling(losses.min())])
        return losses

    def judge(losses, patience, share=0.0, *, rate=None, what=""):
        rate, factor = rate or rng.uniform(0.05, 0.5), rng.uniform(0.2, 0.6)
        # The second reduction would go below the lowest rate, where there is one.
        lowest = rate * factor * (factor + share * (1 - factor)) if share else 0.0
        given = losses, rate, factor, patience, lowest
        _compare(
            answer,
            answer(losses.tolist(), *given[1:]),
            _rates(*given),
            ("late", _rates(*given, late=1)),
            ("shifted", _rates(*given, shifted=True)),
            ("kept", _rates(*given, kept=True)),
            ("total", _rates(*given, total=True)),
            # With a patience of 1 some of these are "previous" too, which loses before that.
            ("forgotten", _rates(*given, window=patience)),
            ("forgotten", _rates(*given, window=patience + 1)),
            ("forgotten", _rates(*given, reset="current")),
            ("forgotten", _rates(*given, reset="none")),
            ("previous", _rates(*given, window=1)),
            ("floor", _rates(*given[:4], 0.0)),
            ("stuck", _rates(*given, stuck=True)),
            ("early", _rates(*given, late=-1)),
            ("first", _rates(*given, first=True)),
            ("restored", _rates(*given, restored=True)),
            ("tie", _rates(*given, tie="improves")),
            ("tie", _rates(*given, tie="passes")),
            ("margin", _rates(*given, margin=1e-4)),
            what=what,
        )

    with answer.criterion("one reduction"):
        for patience in (2, 3, 4, 2, 3):
            judge(losses_with(lambda best, n=patience: rising(best, n)), patience)
        losses = losses_with(lambda best: rising(best, 2))
        judge(losses, 2, rate=1, what="a first rate of 1, a whole number")
        answer.unchanged("losses")
    with answer.criterion("several plateaus"):
        for patience in (2, 3, 4, 2, 3):
            lengths = [patience - 1, 2 * patience + 1, *rng.permutation([patience - 1, patience])]
            judge(losses_with(*(lambda best, n=n: rising(best, n) for n in lengths)), patience)
    with answer.criterion("restless losses"):
        for patience in (2, 3, 4, 2, 3):

            def up(best, n=patience):
                return rising(best, n)

            def up_and_down(best, n=patience):
                return rising(best, n)[::-1]  # never below the best

            judge(losses_with(up_and_down, up), patience)
        # A patience of 1, so that these inputs are about the lowest loss and not about the count.
        for _ in range(2):
            losses = losses_with(lambda best: rising(best, 6)[::-1])
            judge(losses, 1, what="losses that fall but stay above the lowest, patience 1")
            losses = losses_with(lambda best: np.append([best, best], rising(best, 2)))
            judge(losses, 1, what="losses equal to the lowest, patience 1")
            slow = 2 - 1e-5 * np.cumsum(rng.uniform(0.2, 0.8, 9))
            judge(slow, 2, what="losses that fall very slowly")
    with answer.criterion("the lowest rate"):
        for patience in (2, 3, 4, 2, 3):
            thrice = [lambda best, n=patience: rising(best, n)] * 3
            judge(losses_with(*thrice), patience, rng.uniform(0.2, 0.8))


def _rates(
    losses,
    rate,
    factor,
    patience,
    lowest,
    *,
    late=0,
    shifted=False,
    kept=False,
    total=False,
    stuck=False,
    first=False,
    restored=False,
    window=None,
    reset=None,
    tie=None,
    margin=0.0,
):
    """Return the rate of each epoch; the keywords are the mistakes."""
    before, after, start, waited = [], [], rate, 0
    best = losses[0] if first else np.inf
    for epoch, loss in enumerate(losses):
        before.append(rate)
        if window:
            best = min(losses[max(epoch - window, 0) : epoch], default=np.inf)
        if loss < best - margin or (loss == best and tie == "improves"):
            best = loss
            waited = waited if total else 0
            rate = start if restored else rate
        elif loss != best or tie != "passes":
            waited += 1
            if waited >= patience + late:
                lower = rate * factor
                rate = rate if stuck and lower < lowest else max(lower, lowest)
                waited = waited if kept else 0
                best = {"current": loss, "none": np.inf}.get(reset, best)
        after.append(rate)
    return np.array(after if shifted else before)


def _compare(answer, value, expected, *mistakes, atol=0.0, what=""):
    """Like ``answer.close``, with pairs as mistakes: a hint may belong to several values."""
    expected, given = np.asarray(expected), answer.numbers(value, what)
    for hint, other in mistakes:
        if other is None:
            continue
        if _same(given, other, atol) and not _same(expected, other, atol):
            raise answer.wrong(hint)
    answer.close(given, expected, atol=atol, what=what)


def _same(one, other, atol):
    other = np.asarray(other)
    return one.shape == other.shape and np.allclose(one, other, rtol=1e-6, atol=atol)
