"""What learners are shown of a judgment: as text, in a notebook, as a page."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

from hpcourse.grading.answer import Judged
from hpcourse.grading.exercise import Exercise

if TYPE_CHECKING:
    from hpcourse.grading.marking import Marks

PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
body {{ font: 17px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 42em; padding: 0 1em }}
</style>
</head>
<body>
<h1>{title}</h1>
<p>{summary}</p>
{body}
</body>
</html>
"""


def text(exercise: Exercise, judged: Mapping[str, Judged]) -> str:
    """Return the judgments of parts as lines of text."""
    lines = []
    for name, each in judged.items():
        lines.append(_headline(exercise, name, each))
        lines += [f"  {_mark(points)} {what}" for what, points in each.criteria.items()]
        lines += [f"  {message}" for message in each.messages]
    return "\n".join(lines)


def html(exercise: Exercise, judged: Mapping[str, Judged]) -> str:
    """Return the judgments of parts as HTML that needs no style sheet."""
    boxes = []
    for name, each in judged.items():
        passed = each.points == exercise.parts[name].max_points
        items = "".join(
            f"<li>{_mark(points)} {escape(what)}</li>" for what, points in each.criteria.items()
        )
        messages = "".join(
            f'<p style="margin: 0.6em 0"><b>{escape(message)}</b></p>' for message in each.messages
        )
        boxes.append(
            f'<div style="border-left: 4px solid {"#00795a" if passed else "#d55e00"}; '
            f'margin: 1em 0; padding: 0.1em 1em"><p>{escape(_headline(exercise, name, each))}</p>'
            f'<ul style="list-style: none; margin: 0; padding: 0">{items}</ul>{messages}</div>'
        )
    return "".join(boxes)


def page(exercise: Exercise, marks: Marks) -> str:
    """Return the page of a learner: points, criteria, hints, and cells that were left out."""
    if marks.error:
        summary = f"This file could not be marked. {marks.error}"
    else:
        summary = f"{marks.points} of {marks.max_points} points."
    body = html(exercise, marks.parts)
    if marks.notes:
        notes = "".join(f"<li>{escape(note)}</li>" for note in marks.notes)
        body += f"<h2>Cells that did not run to their end</h2><ul>{notes}</ul>"
    return PAGE.format(title=escape(exercise.title), summary=escape(summary), body=body)


def _mark(points):
    return "✓" if points else "✗"


def _headline(exercise, name, judged):
    part = exercise.parts[name]
    passed = "passed" if judged.points == part.max_points else "not yet"
    return f"{part.title}: {passed}, {judged.points} of {part.max_points} points"
