"""Draw the course's logo and icon: the Beale function's contours and a descent to its minimum.

    python book/draw_logo.py

The files are committed; a test draws them again and compares.
"""

from pathlib import Path

import numpy as np
from contourpy import contour_generator

STATIC = Path(__file__).parent / "_static"
LEVELS = np.geomspace(0.02, 60_000, 13)
X_RANGE, Y_RANGE = (-0.9, 4.5), (-2.2, 3.2)
SIZE = 100  # the drawing is a square of this many units
BLUE, ORANGE = "#2e86c1", "#d55e00"
WORD = "#5b7d95"  # readable on white and on the dark theme's background


def beale(x, y):
    """Beale's function, minimum 0 at (3, 0.5)."""
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


def descent(start=(-0.4, -1.6), rate=0.01, momentum=0.88, steps=300):
    """Positions of gradient descent with momentum, its steps clipped where the walls are steep."""
    point, velocity, positions = np.array(start), np.zeros(2), []
    for _ in range(steps):
        positions.append(point)
        x, y = point
        gradient = sum(
            2 * (c - x + x * y**k) * np.array([y**k - 1, k * x * y ** (k - 1)])
            for k, c in ((1, 1.5), (2, 2.25), (3, 2.625))
        )
        velocity = momentum * velocity - rate * gradient / max(1, np.linalg.norm(gradient) / 5)
        point = point + velocity
    return np.array(positions)


def to_drawing(points):
    """Coordinates of the drawing, y downward."""
    x = (points[:, 0] - X_RANGE[0]) / (X_RANGE[1] - X_RANGE[0]) * SIZE
    y = (Y_RANGE[1] - points[:, 1]) / (Y_RANGE[1] - Y_RANGE[0]) * SIZE
    return np.column_stack([x, y])


def path(points, every=1, **attributes):
    """An SVG path through points, rounded so that every machine writes the same text."""
    rounded = [f"{x:.1f} {y:.1f}" for x, y in points[::every]]
    kept = [p for i, p in enumerate(rounded) if i == 0 or p != rounded[i - 1]]
    extra = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    return f'<path d="M{"L".join(kept)}"{extra}/>' if len(kept) > 1 else ""


def landscape(levels, line_width):
    """The contour lines, the descent and the minimum."""
    x, y = np.linspace(*X_RANGE, 301), np.linspace(*Y_RANGE, 301)
    lines = contour_generator(x, y, np.log(beale(*np.meshgrid(x, y)) + 1e-12))
    contours = [
        path(to_drawing(line), every=3) for level in levels for line in lines.lines(np.log(level))
    ]
    walk = to_drawing(descent())
    cx, cy = to_drawing(np.array([[3.0, 0.5]]))[0]
    return "\n".join(
        [
            f'<g fill="none" stroke="{BLUE}" stroke-width="{line_width}">',
            *filter(None, contours),
            "</g>",
            path(walk, fill="none", stroke=ORANGE, stroke_width=line_width + 1.5),
            f'<circle cx="{cx:.0f}" cy="{cy:.0f}" r="{3 * line_width}" fill="{ORANGE}"/>',
        ]
    )


def svg(width, height, title, body):
    """A complete SVG file."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'role="img" aria-label="{title}">\n<title>{title}</title>\n{body}\n</svg>\n'
    )


def draw():
    """The files' names and their text."""
    frame = '<clipPath id="frame"><rect width="100" height="100" rx="14"/></clipPath>\n'
    word = (
        f'<text x="118" y="67" font-family="Helvetica, Arial, sans-serif" font-size="54" '
        f'font-weight="600" fill="{WORD}">hpcourse</text>'
    )
    full = f'{frame}<g clip-path="url(#frame)">\n{landscape(LEVELS, 1.5)}\n</g>\n{word}'
    icon = f'{frame}<g clip-path="url(#frame)">\n{landscape([0.3, 6, 60, 1000], 4)}\n</g>'
    return {
        "logo.svg": svg(370, SIZE, "hpcourse", full),
        "favicon.svg": svg(SIZE, SIZE, "hpcourse", icon),
    }


if __name__ == "__main__":
    STATIC.mkdir(exist_ok=True)
    for name, text in draw().items():
        (STATIC / name).write_text(text, encoding="utf-8")
