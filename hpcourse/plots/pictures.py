"""Images, and what was taken for what."""

from __future__ import annotations

import math
from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from hpcourse.arguments import whole
from hpcourse.plots.style import axes


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
    """
    pictures = np.asarray(pictures)
    if pictures.ndim == 2:
        side = math.isqrt(pictures.shape[1])
        if side**2 != pictures.shape[1]:
            raise ValueError(f"{pictures.shape[1]} pixels are no square picture")
        pictures = pictures.reshape(-1, side, side)
    if pictures.ndim != 3 or not pictures.size:
        raise ValueError(f"pictures is an array of n pictures, got shape {pictures.shape}")
    if len(titles) not in (0, len(pictures)):
        raise ValueError(f"there are {len(titles)} titles for {len(pictures)} pictures")
    columns = min(whole("columns", columns, 1), len(pictures))
    rows = -(-len(pictures) // columns)
    width = min(6.4 / columns, 1.2)
    height = width + (0.25 if len(titles) else 0)
    _, axes = plt.subplots(rows, columns, figsize=(width * columns, height * rows), squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    for position, (ax, picture) in enumerate(zip(axes.flat, pictures, strict=False)):
        ax.imshow(picture, cmap="gray_r", vmin=0, vmax=pictures.max())
        if len(titles):
            ax.set_title(titles[position], fontsize=12, pad=3)
    return axes


def confusion_matrix(matrix: ArrayLike, *, ax: Axes | None = None) -> Axes:
    """Draw a confusion matrix: rows are true digits, columns predictions.

    Colors show the mistakes only, darker where there are more; the diagonal, which would
    outshine them, is left gray.
    """
    matrix = np.asarray(matrix)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or len(matrix) < 2:
        raise ValueError(f"a confusion matrix is square, got shape {matrix.shape}")
    ax = axes(ax, figsize=(6.4, 5.6))
    diagonal = np.eye(len(matrix), dtype=bool)
    mistakes = np.ma.masked_where(diagonal | (matrix == 0), matrix)
    most = max(1, mistakes.max() if mistakes.count() else 1)
    ax.imshow(np.where(diagonal, 0.9, 1), cmap="gray", vmin=0, vmax=1)
    drawn = ax.imshow(mistakes, cmap="viridis_r", vmin=0, vmax=most)
    for (row, column), count in np.ndenumerate(matrix):
        if count:
            light = row == column or count < 0.55 * most
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
