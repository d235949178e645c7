"""Many small networks trained at once."""

from __future__ import annotations

import copy
import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence

import keras
import numpy as np
from keras import ops
from numpy.typing import ArrayLike, NDArray

from hpcourse.arguments import functions, whole, wholes
from hpcourse.training.batched import compiled, epoch_inputs, prepare
from hpcourse.training.configurations import complete, learning_rates, samples
from hpcourse.training.models import layer_seed, mlp, seeded
from hpcourse.training.rules import state_of

_PIECE = 2**20  # a layer's outputs that are computed at once when scoring


class Population:
    """K fully connected networks, trained at once on the same batches.

    Each member is the network :func:`mlp` of its configuration, with the same initial
    weights, and follows the path that it would take alone in Keras: softmax output,
    cross-entropy, and Keras's update rules and layers with their default constants. A member
    whose loss becomes infinite or NaN does not disturb the others.

    "The same path" is as exact as 32-bit arithmetic. Where a neuron's sum lies within
    rounding error of the kink of ReLU, two correct computations may take different slopes,
    and a large learning rate can make that difference grow.

    Parameters
    ----------
    configurations : sequence of dict
        One for each member; what is not set takes the default (in parentheses).

        ``learning_rate``
            Positive number, or a schedule: any function of the number of updates made,
            such as those of :mod:`hpcourse.schedules` that count updates or Keras's (the
            optimizer's: 0.01 for SGD, 0.0025 for the schedule-free one, 0.001 for the others).
        ``optimizer``
            ``"sgd"``, ``"rmsprop"``, ``"adam"``, ``"adamw"``, ``"muon"`` or
            ``"schedulefreeadamw"`` (``"sgd"``); their formulas and sources stand in
            :mod:`hpcourse.training.rules`. As in Keras, Muon updates the kernels of all layers,
            and Adam all else.
        ``momentum``, ``nesterov``
            Number in [0, 1), and whether in Nesterov's form; for SGD (0, False) and Muon
            (0.95, True).
        ``beta_1``, ``beta_2``, ``epsilon``
            Numbers in [0, 1), [0, 1) and above 0, for Adam, AdamW, what Muon leaves to Adam, and
            schedule-free AdamW (0.9, 0.999, 1e-7, and 1e-8 for the last).
        ``rho``, ``epsilon``
            The same for RMSprop (0.9, 1e-7).
        ``warmup_steps``
            Updates in which the rate of schedule-free AdamW rises to its full value (0).
        ``weight_decay``
            λ, 0 or more: every weight w loses λ · learning rate · w in each update, apart from
            its gradient; with any optimizer (0.004 for AdamW and Muon, 0 for the others).
        ``clipnorm``, ``global_clipnorm``, ``clipvalue``
            Bound, above 0, of the norm of each variable's gradient, of the norm of all together,
            or of each of its values; one of the three at most (None).
        ``ema_momentum``
            μ in (0, 1): the member is scored by the moving averages a ← μ a + (1 - μ) w of its
            weights, as after Keras's ``fit`` with ``use_ema`` (None).
        ``lr_factors``
            Factors of the learning rate, 0 or more, one for each layer, the last included, as
            μP [1]_ asks for (None).
        ``units``
            Neurons of each hidden layer, equally many layers in all members (64, 64).
        ``activation``, ``initializer``
            One of ``ACTIVATIONS`` for the hidden layers, one of ``INITIALIZERS`` for the
            weights of all layers (``"relu"``, ``"glorot_uniform"``).
        ``normalization``, ``residual``
            ``"batch"``, ``"layer"`` or None, and whether a hidden layer's input is added to its
            output where both are equally wide (None, False); see
            :mod:`hpcourse.training.layers`.
        ``dropout``
            Share of a hidden layer's outputs set to zero in training, in [0, 1): one
            number, or one for each hidden layer (0).
        ``l2``
            Factor of the squared weights added to the loss, 0 or more (0).
        ``seed``
            Fixes the initial weights (the population's seed: members differ in nothing
            but what their configurations say).
    input_shape : sequence of int
        Shape of one input; inputs of more than one axis are flattened.
    n_classes : int
        Number of classes, at least 2.
    seed : int
        Fixes the order of the batches, dropout, and initial weights without own seed.

    Attributes
    ----------
    configurations : list of dict
        The complete configurations. Between calls of :meth:`fit` you may change their numbers
        (learning rates, momentum, dropout, L2 and so on); training goes on with the new values.
    weights : list of arrays
        Kernels (K, outputs, inputs) and biases (K, outputs, 1) of all layers, then γ and β of the
        hidden ones if a member has a normalization.
    epochs, updates : int
        Epochs and updates made so far.

    Raises
    ------
    ValueError
        For no configurations, an unknown key or name (the message suggests the nearest), a value
        out of its range or for another optimizer, a schedule that counts epochs, or members of
        different depth.

    Notes
    -----
    ``evaluate``, ``predict``, ``to_keras`` and ``val_loss`` use the averages of members with
    ``ema_momentum``; training goes on from the weights themselves, so that two calls of ``fit``
    are as good as one. (Keras's ``fit`` overwrites the weights by the averages at its end.)

    Schedule-free AdamW is scored at the weights (1 - β₁) z + β₁ x, as in Keras; its paper scores
    at the average x. It equals Keras's on JAX; on TensorFlow, that of Keras 3.15 computes
    something else: it takes the new z for the old one and, when ``fit`` builds it, starts z at 0.

    References
    ----------
    .. [1] G. Yang et al., "Tensor programs V: tuning large neural networks via zero-shot
       hyperparameter transfer", 2022.

    Examples
    --------
    >>> from hpcourse import datasets
    >>> data = datasets.load_digits().flat()
    >>> population = Population([{"learning_rate": rate} for rate in (0.001, 0.01, 0.1)])
    >>> history = population.fit(data.x_train, data.y_train, epochs=5, batch_size=32)
    >>> history["accuracy"].shape, int(history["accuracy"][-1].argmax())
    ((5, 3), 2)
    >>> population.predict(data.x_val).shape
    (3, 300, 10)

    Any rules and layers side by side:

    >>> rivals = [
    ...     {"optimizer": "adamw", "weight_decay": 0.1},
    ...     {"optimizer": "muon", "learning_rate": 0.01, "normalization": "layer"},
    ...     {"optimizer": "sgd", "momentum": 0.9, "clipnorm": 1.0, "residual": True},
    ... ]
    >>> history = Population(rivals).fit(data.x_train, data.y_train, epochs=2)
    >>> history["loss"].shape
    (2, 3)
    """

    def __init__(
        self,
        configurations: Sequence[Mapping],
        input_shape: Sequence[int] = (784,),
        n_classes: int = 10,
        seed: int = 0,
    ):
        self.input_shape = wholes("input_shape", input_shape, 1, least=1)
        self.n_classes, self.seed = whole("n_classes", n_classes, 2), whole("seed", seed)
        self.configurations = complete(configurations, self.seed)
        self._units = [params["units"] for params in self.configurations]
        depths = sorted({len(units) for units in self._units})
        if len(depths) > 1:
            raise ValueError(
                f"a population has members of one depth, got {depths} hidden layers; "
                "train_all trains configurations of different depth"
            )
        self.epochs = self.updates = 0
        self.weights = [ops.convert_to_tensor(weight) for weight in self._initial_weights()]
        self._normalizations = self._read("normalization")
        scales, self._state = self._start_normalization()  # the state: what updates go on from
        self.weights += scales

    def __len__(self) -> int:
        """Number of members, K."""
        return len(self.configurations)

    def _sizes(self, i):
        return [math.prod(self.input_shape), *self._units[i], self.n_classes]

    def _initial_weights(self):
        widest = np.max([self._sizes(i) for i in range(len(self))], axis=0)
        for layer, shape in enumerate(itertools.pairwise(widest.tolist())):
            kernel, made = np.zeros((len(self), *shape[::-1]), "float32"), {}
            for i, params in enumerate(self.configurations):
                n_in, n_out = self._sizes(i)[layer : layer + 2]
                key = params["initializer"], layer_seed(params["seed"], layer), n_in, n_out
                if key not in made:
                    drawn = seeded(*key[:2])((n_in, n_out))
                    made[key] = ops.convert_to_numpy(drawn).T
                kernel[i, :n_out, :n_in] = made[key]
            yield kernel
            yield np.zeros((len(self), shape[1], 1), "float32")

    def _read(self, key):
        return [params[key] for params in self.configurations]

    def _start_normalization(self):
        """Return gamma and beta of all hidden layers, and the moving averages."""
        kinds, ones = set(self._normalizations), []
        for layer in range(len(self._units[0]) if kinds != {None} else 0):
            width = np.array([units[layer] for units in self._units])[:, None, None]
            real = np.arange(self.weights[2 * layer].shape[1])[:, None] < width
            ones.append(ops.convert_to_tensor(real.astype("float32")))
        zeros = [ops.zeros_like(each) for each in ones]
        moving: dict[str, list] = {"moving_mean": zeros, "moving_variance": ones}
        scales = [part for pair in zip(ones, zeros, strict=True) for part in pair]
        return scales, moving if "batch" in kinds else {}

    def _prepare(self):
        self.configurations = complete(self.configurations, self.seed)
        fixed = {"units are": self._units, "normalization is": self._normalizations}
        for what, values in fixed.items():
            if self._read(what.split()[0]) != values:
                raise ValueError(f"{what} fixed when a population is made")
        return prepare(self.configurations, self.weights)

    def fit(
        self,
        x: ArrayLike,
        y: ArrayLike,
        epochs: int = 1,
        batch_size: int = 128,
        validation_data: tuple[ArrayLike, ArrayLike] | None = None,
        callbacks: Iterable[Callable[[Population, int, dict[str, NDArray]], bool | None]] = (),
    ) -> dict[str, NDArray]:
        """Train all members, and go on where an earlier call stopped.

        The order of the samples in epoch e is the permutation drawn from ``(seed, e)``, as
        in :class:`hpcourse.training.Batches`; the last batch may be smaller.

        Parameters
        ----------
        x : array of n inputs
            Of ``input_shape``, or flattened; finite.
        y : array of n whole numbers from 0 to n_classes - 1
            The classes.
        epochs, batch_size : int
            At least 1.
        validation_data : (x, y), optional
            Scored after every epoch, and not trained on.
        callbacks : sequence of functions
            Each is called as ``callback(population, epoch, logs)`` after every epoch, with
            the epoch's number from 0 and its row of the history; if one returns True,
            training stops.

        Returns
        -------
        dict of arrays of shape (epochs, K)
            ``loss`` and ``accuracy`` as Keras reports them (means over the epoch, before
            each update, in training mode, L2 included), ``val_loss`` and ``val_accuracy``
            where there are validation data, and ``learning_rate`` of the epoch's last update.

        Raises
        ------
        ValueError
            Before any training, for data of another shape, NaN, labels that are not
            classes, callbacks that are no such functions, or a schedule with rates that are
            negative or not finite.
        """
        x, y, validation_data = self._all_data(x, y, validation_data)
        epochs, batch_size = whole("epochs", epochs, 1), whole("batch_size", batch_size, 1)
        callbacks = functions("callbacks", callbacks, "population", "epoch", "logs")
        plan, settings = self._prepare()
        n, batch_size = len(x), min(batch_size, len(x))
        steps = math.ceil(n / batch_size)
        rates = learning_rates(
            self.configurations, np.arange(self.updates, self.updates + epochs * steps)
        )
        x, y = ops.convert_to_tensor(x), ops.convert_to_tensor(y)
        train, _ = compiled(plan)
        self._state = state_of(plan, self.weights, self._state)
        history: dict[str, list] = {}
        for past in range(epochs):
            rate = np.stack([r[past * steps : (past + 1) * steps] for r in rates], axis=1)
            order = np.random.default_rng((self.seed, self.epochs)).permutation(n)
            epoch = epoch_inputs(
                plan, self.configurations, rate, order, batch_size, self.updates, self.seed
            )
            self.weights, self._state, *totals = train(
                settings, self.weights, self._state, x, y, epoch
            )
            self.epochs, self.updates = self.epochs + 1, self.updates + steps
            loss, accuracy = (ops.convert_to_numpy(value) / n for value in totals)
            logs = {"loss": loss, "accuracy": accuracy, "learning_rate": rate[-1]}
            if validation_data is not None:
                scores = self._score(plan, settings, *validation_data)[1]
                logs |= {f"val_{key}": value for key, value in scores.items()}
            for key, value in logs.items():
                history.setdefault(key, []).append(value)
            stops = [callback(self, self.epochs - 1, logs) for callback in callbacks]
            if any(isinstance(stop, bool | np.bool_) and stop for stop in stops):
                break
        return {key: np.array(values) for key, values in history.items()}

    def _all_data(self, x, y, validation_data):
        """Return the data of a training, checked, those for validation as a pair or None."""
        if validation_data is not None:
            if not isinstance(validation_data, tuple | list) or len(validation_data) != 2:
                raise ValueError(
                    f"validation_data is a pair (x, y) or None, got {validation_data!r}"
                )
            validation_data = self._data(*validation_data, "validation ")
        return *self._data(x, y), validation_data

    def _data(self, x, y, kind=""):
        """Return data as float32 (n, inputs) and int32 (n,), or say what is wrong with them."""
        x, y = self._inputs(x, kind), samples(f"{kind}y", y)
        if y.shape != (len(x),):
            raise ValueError(
                f"{kind}y holds one number for each of the {len(x)} samples of x, "
                f"got {y.dtype} of shape {y.shape}"
            )
        wrong = ~((y >= 0) & (y < self.n_classes) & (y == np.floor(y)))  # NaN is wrong too
        if wrong.any():
            raise ValueError(
                f"{kind}y holds classes, whole numbers from 0 to {self.n_classes - 1}, "
                f"got {y[wrong][0]}"
            )
        return x, y.astype("int32")

    def _inputs(self, x, kind=""):
        x = samples(f"{kind}x", x)
        n_inputs = math.prod(self.input_shape)
        if x.shape[1:] not in (self.input_shape, (n_inputs,)) or not len(x):
            expected = ", ".join(map(str, ("n", *self.input_shape)))
            raise ValueError(f"{kind}x has shape {x.shape}, expected ({expected}) with n from 1")
        with np.errstate(over="ignore"):
            x = x.reshape(len(x), n_inputs).astype("float32", copy=False)
        if not np.isfinite(x).all():
            raise ValueError(
                f"{kind}x contains NaN or infinity, got them in an array of shape {x.shape}"
            )
        return x

    def _score(self, plan, settings, x, y):
        """Return probabilities, and loss and accuracy; in pieces that fit the cache."""
        widest = max(weight.shape[1] for weight in self.weights)
        rows = min(len(x), max(64, _PIECE // (len(self) * widest)))
        probabilities = np.empty((len(self), len(x), self.n_classes), "float32")
        sums = np.zeros((2, len(self)))
        _, score = compiled(plan)
        weights = self._scored(plan.ema)
        moving = {key: self._state[key] for key in self._state if key.startswith("moving_")}
        for start in range(0, len(x), rows):
            chosen = np.arange(start, start + rows)
            counts = (chosen < len(x)).astype("float32")
            chosen = np.minimum(chosen, len(x) - 1)
            data = map(ops.convert_to_tensor, (x[chosen], y[chosen], counts))
            piece, *scores = score(settings, weights, moving, *data)
            piece = ops.convert_to_numpy(piece).transpose(0, 2, 1)
            probabilities[:, start : start + rows] = piece[:, : len(x) - start]
            sums += [ops.convert_to_numpy(value) for value in scores]
        return probabilities, dict(zip(("loss", "accuracy"), sums / len(x), strict=True))

    def _scored(self, averaged):
        """Return the weights that members are scored by: averages where they have them."""
        return (averaged and self._state.get("ema")) or self.weights

    def evaluate(self, x: ArrayLike, y: ArrayLike) -> dict[str, NDArray]:
        """Return ``loss`` (L2 included) and ``accuracy``, arrays of shape (K,)."""
        x, y = self._data(x, y)
        plan, settings = self._prepare()
        return self._score(plan, settings, x, y)[1]

    def predict(self, x: ArrayLike) -> NDArray:
        """Return the probabilities of the classes, shape (K, n, n_classes)."""
        x = self._inputs(x)
        plan, settings = self._prepare()
        return self._score(plan, settings, x, np.zeros(len(x), "int32"))[0]

    def select(self, indices: ArrayLike) -> Population:
        """Return a new population of some members, with their weights and optimizer state.

        Parameters
        ----------
        indices : sequence of int, or of K bool
            A member may be taken more than once; negative numbers count from the last.

        Raises
        ------
        ValueError
            For anything else, and where no member is selected.
        """
        chosen = self._members("indices", indices)
        new = copy.copy(self)
        new.configurations = [dict(self.configurations[i]) for i in chosen]
        new._units = [self._units[i] for i in chosen]
        new.weights = [ops.take(weight, chosen, axis=0) for weight in self.weights]
        new._normalizations = [self._normalizations[i] for i in chosen]
        new._state = {
            key: [ops.take(part, chosen, axis=0) for part in parts]
            for key, parts in self._state.items()
        }
        return new

    def _members(self, name, given):
        """Return the numbers of the members that indices select."""
        k = len(self)
        try:
            chosen = np.atleast_1d(np.arange(k)[given])
        except (IndexError, TypeError, ValueError):
            chosen = np.empty(0)
        if chosen.ndim != 1 or not len(chosen) or given is True or given is False:
            raise ValueError(
                f"{name} selects members by whole numbers from {-k} to {k - 1}, or by {k} True "
                f"and False, at least one, got {given!r}"
            )
        return chosen

    def copy_weights(self, source: ArrayLike, target: ArrayLike) -> None:
        """Give members the weights and the optimizer state of others; configurations stay.

        Parameters
        ----------
        source, target : int, or equally long sequences of int
            ``target[j]`` becomes a copy of ``source[j]``, as that was before the call; of one
            source, all targets do.

        Raises
        ------
        ValueError
            For members of different units, optimizers or normalizations, members that do not
            exist, or another number of them.
        """
        origin = np.arange(len(self))
        copies, targets = self._members("source", source), self._members("target", target)
        if len(copies) not in (1, len(targets)):
            raise ValueError(
                f"source has one member, or one for each of {len(targets)} of target, "
                f"got {source!r}"
            )
        origin[targets] = copies
        for i, j in enumerate(origin):
            for key in ("units", "optimizer", "normalization"):
                if self.configurations[i][key] != self.configurations[j][key]:
                    raise ValueError(
                        f"member {j} has {key} {self.configurations[j][key]!r}, "
                        f"member {i} {self.configurations[i][key]!r}; weights cannot be copied"
                    )
        copied = self.select(origin)
        self.weights, self._state = copied.weights, copied._state

    def to_keras(self, i: int) -> keras.Model:
        """Return member i as a Keras model of its own, not yet compiled.

        Parameters
        ----------
        i : int
            From 0 to K - 1; negative numbers count from the last.
        """
        i = whole("i", i, -len(self), len(self) - 1)
        params = self.configurations[i]
        names = ("units", "activation", "initializer", "dropout", "l2", "seed")
        model = mlp(
            **{name: params[name] for name in (*names, "normalization", "residual")},
            input_shape=self.input_shape,
            n_classes=self.n_classes,
        )
        sizes, depth = self._sizes(i), len(self._units[i]) + 1
        scored = self._scored(params["ema_momentum"] is not None)
        weights = [ops.convert_to_numpy(weight)[i] for weight in scored]
        moving = [self._state.get(key, []) for key in ("moving_mean", "moving_variance")]
        made = []
        for layer, (n_in, n_out) in enumerate(itertools.pairwise(sizes)):
            made.append(weights[2 * layer][:n_out, :n_in].T)
            kind = params["normalization"] if layer < depth - 1 else None
            more = [weights[2 * layer + 1]] if kind != "batch" else []
            if kind:
                more += weights[2 * (depth + layer) : 2 * (depth + layer + 1)]
            if kind == "batch":
                more += [ops.convert_to_numpy(parts[layer])[i] for parts in moving]
            made += [part[:n_out, 0] for part in more]
        model.set_weights(made)
        return model


def train_all(
    configurations: Sequence[Mapping],
    x: ArrayLike,
    y: ArrayLike,
    epochs: int = 1,
    batch_size: int = 128,
    validation_data: tuple[ArrayLike, ArrayLike] | None = None,
    *,
    input_shape: Sequence[int] = (784,),
    n_classes: int = 10,
    seed: int = 0,
) -> dict[str, NDArray]:
    """Train any configurations, in one population for each batch size and depth.

    Parameters
    ----------
    configurations : sequence of dict
        As for :class:`Population`; each may also set ``batch_size``.
    x, y, epochs, batch_size, validation_data
        As for :meth:`Population.fit`.
    input_shape, n_classes, seed
        As for :class:`Population`.

    Returns
    -------
    dict of arrays of shape (epochs, K)
        One history, as from :meth:`Population.fit`, in the order of the configurations.

    Raises
    ------
    ValueError
        Before any training, for what :class:`Population` and :meth:`Population.fit` refuse.

    Examples
    --------
    >>> from hpcourse import datasets
    >>> data = datasets.load_digits().flat()
    >>> configurations = [{"batch_size": 32}, {"units": (32,)}, {"batch_size": 256}]
    >>> train_all(configurations, data.x_train, data.y_train, epochs=2)["loss"].shape
    (2, 3)
    """
    epochs, batch_size = whole("epochs", epochs, 1), whole("batch_size", batch_size, 1)
    every = complete(configurations, whole("seed", seed), batch_size=batch_size)
    groups: dict[tuple[int, int], list[int]] = {}
    for i, params in enumerate(every):
        groups.setdefault((params.pop("batch_size"), len(params["units"])), []).append(i)
    populations = {}
    for (size, _), members in groups.items():  # all errors come before any training
        made = Population([every[i] for i in members], input_shape, n_classes, seed)
        n = len(made._all_data(x, y, validation_data)[0])
        learning_rates(made.configurations, np.arange(epochs * math.ceil(n / size)))
        populations[size, tuple(members)] = made
    history: dict[str, NDArray] = {}
    for (size, members), population in populations.items():
        part = population.fit(x, y, epochs, size, validation_data)
        for key, values in part.items():
            history.setdefault(key, np.empty((epochs, len(every))))[:, members] = values
    return history
