"""Images, and what was taken for what."""

from __future__ import annotations

import math
from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from hpcourse.arguments import array, whole
from hpcourse.plots.style import axes, drawable


def images(pictures: ArrayLike, titles: Sequence[object] = (), *, columns: int = 10) -> np.ndarray:
    """Draw gray pictures side by side, dark on white, and return their Axes.

    Parameters
    ----------
    pictures : array of shape (n, height, width) or (n, height * width)
        All on one scale from 0 (white) to the largest value (black). Rows of pixels are
        taken to be square pictures.
    titles : sequence of n labels, optional
        One above each picture.
    columns : int
        Pictures in a row.

    Returns
    -------
    array of Axes, of shape (rows, columns)
        Those after the last picture are empty.

    Raises
    ------
    ValueError
        For other shapes, what is no finite number, and another number of titles.
    """
    pictures = _numbers("pictures", pictures)
    if pictures.ndim == 2:
        side = math.isqrt(pictures.shape[1])
        if side**2 != pictures.shape[1]:
            raise ValueError(f"pictures are square, got rows of {pictures.shape[1]} pixels")
        pictures = pictures.reshape(-1, side, side)
    if pictures.ndim != 3 or not pictures.size:
        raise ValueError(f"pictures is an array of n pictures, got shape {pictures.shape}")
    if isinstance(titles, str) or not isinstance(titles, Sequence | np.ndarray):
        raise ValueError(f"titles is a sequence with one for each picture, got {titles!r}")
    if len(titles) not in (0, len(pictures)):
        raise ValueError(f"titles has one for each of {len(pictures)} pictures, got {len(titles)}")
    columns = min(whole("columns", columns, 1), len(pictures))
    rows = -(-len(pictures) // columns)
    width = min(6.4 / columns, 1.2)
    height = width + (0.25 if len(titles) else 0)
    most = pictures.max() if pictures.max() > 0 else 1
    _, axes = plt.subplots(rows, columns, figsize=(width * columns, height * rows), squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    for position, (ax, picture) in enumerate(zip(axes.flat, pictures, strict=False)):
        ax.imshow(picture, cmap="gray_r", vmin=0, vmax=most)
        if len(titles):
            ax.set_title(titles[position], fontsize=12, pad=3)
    return axes


def _numbers(name, given):
    """Return an array of finite numbers, whole ones as they are."""
    checked = array(name, given)
    same = np.asarray(given)
    return same if same.dtype.kind in "iuf" else checked


def confusion_matrix(matrix: ArrayLike, *, ax: Axes | None = None) -> Axes:
    """Draw a confusion matrix: rows are true digits, columns predictions.

    Colors show the mistakes only, from nearly white for a single one to dark for the most; the
    diagonal, which would outshine them, is left gray.

    Parameters
    ----------
    matrix : array of shape (n, n)
        Numbers from 0, n from 2: how often the class of a row was taken for that of a column.
    ax : Axes, optional
        To draw on; by default on a new figure.

    Raises
    ------
    ValueError
        For another shape, and what is no number from 0.
    """
    matrix = _numbers("matrix", matrix)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or len(matrix) < 2:
        raise ValueError(f"matrix, a confusion matrix, is square, got shape {matrix.shape}")
    if matrix.min() < 0:
        raise ValueError(f"matrix holds numbers from 0, got {matrix.min():g}")
    ax = axes(ax, figsize=(6.4, 5.6))
    diagonal = np.eye(len(matrix), dtype=bool)
    mistakes = np.ma.masked_where(diagonal | (matrix == 0), drawable(matrix))
    most = max(1, mistakes.max() if mistakes.count() else 1)
    ax.imshow(np.where(diagonal, 0.9, 1), cmap="gray", vmin=0, vmax=1)
    # White is none. A map that begins with a bright color would make single mistakes glow.
    drawn = ax.imshow(mistakes, cmap="Blues", vmin=0, vmax=most)
    for (row, column), count in np.ndenumerate(matrix):
        if count:
            light = row == column or count < 0.65 * most
            ax.text(
                column,
                row,
                f"{count:,}",
                ha="center",
                va="center",
                color="black" if light else "white",
                fontsize=11 if row != column else 9,
            )
    ax.set(xlabel="predicted", ylabel="true", xticks=range(len(matrix)), yticks=range(len(matrix)))
    ax.grid(False)
    whole = mpl.ticker.MaxNLocator(integer=True)
    ax.figure.colorbar(drawn, ax=ax, label="mistakes", shrink=0.85, ticks=whole)
    return ax
