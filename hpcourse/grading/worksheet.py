"""Marks into the table that a learning platform has given out for them: Moodle's, Canvas's.

Moodle's is the grading worksheet of an assignment with offline grading: it has the columns
``Identifier`` ("Participant 12345"), ``Grade``, ``Maximum Grade``, ``Grade can be changed`` and,
perhaps, ``Feedback comments``; what its import needs beside them, ``Last modified (grade)``, stays.
Its submissions come in folders "NAME_12345_assignsubmission_file". Canvas's is the
exported gradebook: ``Student``, ``ID``, ``Section`` and a column for each assignment, with a row of
"Points Possible"; its submissions come as files "name_12345_67890_file.ipynb".
"""

from __future__ import annotations

import csv
import io
import os
import re
from pathlib import Path

_MOODLE = re.compile(r"(?:^|[_/])(?:Participant_)?(\d+)_assignsubmission_")
_CANVAS = re.compile(r"(?:^|/)[^_/]*(?:_LATE)?_(\d+)_\d+_[^/]*$", re.IGNORECASE)


def fill(
    marks: str | os.PathLike, worksheet: str | os.PathLike, column: str | None = None
) -> tuple[str, list[str]]:
    """Return a platform's table with the marks in it, and what has found no place there.

    Points are scaled where the platform's maximum is another one. A submission that could not be
    marked leaves its place as it was, and so does one whose grade is locked. Of several submissions
    of one person the best counts.

    Parameters
    ----------
    marks : path
        The table that ``hpcourse-grade grade-all`` has written.
    worksheet : path
        The table of the platform, as downloaded.
    column : str, optional
        For Canvas, the assignment's column, or how its name begins.

    Returns
    -------
    tuple of (str, list of str)
        The table as text, in the columns that it had, and sentences about submissions without a
        place or without marks.

    Raises
    ------
    ValueError
        For a table that is neither, or a column that is not there.
    """
    given = Path(worksheet).read_text(encoding="utf-8")
    mark_of_order, given = ("\ufeff", given[1:]) if given[:1] == "\ufeff" else ("", given)
    first = given.partition("\n")[0]  # where a comma is in numbers, tables have semicolons
    delimiter = ";" if first.count(";") > first.count(",") else ","
    rows = [row for row in csv.reader(io.StringIO(given), delimiter=delimiter) if row]
    header = rows[0] if rows else []
    rows = [row + [""] * (len(header) - len(row)) for row in rows]
    if {"Identifier", "Grade"} <= set(header):
        pattern, key, grade = _MOODLE, header.index("Identifier"), header.index("Grade")
    elif {"Student", "ID"} <= set(header):
        pattern, key, grade = _CANVAS, header.index("ID"), _assignment(header, column)
    else:
        raise ValueError(
            f"{worksheet} is neither Moodle's grading worksheet nor Canvas's gradebook: it has the "
            f"columns {', '.join(header[:8])}"
        )
    places = {found[0]: row for row in rows[1:] if (found := re.findall(r"\d+", row[key]))}
    possible = next((row[grade] for row in rows[1:] if "Points Possible" in row[0]), "")
    said: list[str] = []
    best: dict[str, tuple[int, str]] = {}
    with Path(marks).open(encoding="utf-8", newline="") as file:
        for mark in csv.DictReader(file):
            name, found = mark["submission"], pattern.search(mark["submission"])
            row = places.get(found[1]) if found else None
            if row is None:
                said.append(f"{name}: nobody in the table has its number")
            elif mark["error"]:
                said.append(f"{name}: not marked, {mark['error']}")
            elif "Grade can be changed" in header and _locked(row, header):
                said.append(f"{name}: its grade cannot be changed, says the table")
            elif found and best.get(found[1], (-1, ""))[0] >= int(mark["points"]):
                said.append(f"{name}: left out for {best[found[1]][1]} of the same person")
            else:
                if found and found[1] in best:
                    said.append(f"{best[found[1]][1]}: left out for {name} of the same person")
                if found:
                    best[found[1]] = int(mark["points"]), name
                most = possible
                if "Maximum Grade" in header:
                    most = row[header.index("Maximum Grade")]
                row[grade] = _scaled(mark, most)
                if "Feedback comments" in header:
                    text = f"{mark['points']} of {mark['max_points']} points"
                    row[header.index("Feedback comments")] = text
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return mark_of_order + out.getvalue(), said


def _locked(row: list[str], header: list[str]) -> bool:
    """Whether Moodle would not take a grade, since it was overridden or locked."""
    return row[header.index("Grade can be changed")].strip().lower() == "no"


def _assignment(header: list[str], column: str | None) -> int:
    """Return which column an assignment has in Canvas's table."""
    fitting = [k for k, name in enumerate(header) if name == column]
    if not fitting:
        fitting = [k for k, name in enumerate(header) if column and name.startswith(column)]
    if len(fitting) != 1:
        raise ValueError(f"column is the beginning of one of {', '.join(header)}; got {column!r}")
    return fitting[0]


def _scaled(mark: dict[str, str], most: str) -> str:
    """Return points as the platform counts them."""
    points, own = int(mark["points"]), int(mark["max_points"])
    try:
        share = float(most.replace(",", ".")) / own
    except ValueError:  # no maximum is given
        share = 1.0
    return f"{points * share:.2f}".rstrip("0").rstrip(".")
