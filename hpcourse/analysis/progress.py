"""How far a search has come."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hpcourse.arguments import array, one_of


def running_best(values: ArrayLike, direction: str = "maximize") -> NDArray[np.float64]:
    """Return the best value so far after each trial.

    Parameters
    ----------
    values : array of shape (..., n_trials)
        In the order of the trials. NaN, None and infinity stand for failed trials, which are
        never the best.
    direction : {"minimize", "maximize"}
        Whether small or large values are good.

    Returns
    -------
    array of the same shape
        NaN until the first success.

    Raises
    ------
    ValueError
        For a single number, what is no array of numbers, or another direction.

    Examples
    --------
    >>> running_best([np.nan, 0.9, 0.8, np.nan, 0.95])
    array([ nan, 0.9 , 0.9 , 0.9 , 0.95])
    >>> running_best([3, 2, 4], direction="minimize")
    array([3., 2., 2.])
    """
    one_of("direction", direction, ("minimize", "maximize"))
    values = array("values", values, finite=False)
    better = np.fmin if direction == "minimize" else np.fmax
    return better.accumulate(np.where(np.isfinite(values), values, np.nan), axis=-1)
