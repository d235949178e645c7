"""What people do: they build the grid as one array, in which numbers beside texts become texts.

part: grid
loses: 2
hint: texts
"""

import numpy as np


def grid(values):
    axes = np.meshgrid(*values.values(), indexing="ij")
    rows = np.stack(axes, axis=-1).reshape(-1, len(values))
    return [dict(zip(values, row.tolist(), strict=True)) for row in rows]
