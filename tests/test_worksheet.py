"""Marks in the tables of learning platforms, with the columns that these document."""

import csv

import pytest

from hpcourse.grading.command import main
from hpcourse.grading.worksheet import fill

MARKS = """\
submission,points,max_points,error
Ada Lovelace_101_assignsubmission_file/schedules.ipynb,24,30,
all.zip/Participant_102_assignsubmission_file/schedules.ipynb,30,30,
Eve_103_assignsubmission_file_/x.ipynb,0,30,cut off
Nobody_999_assignsubmission_file/x.ipynb,1,30,
notes/other.ipynb,2,30,
"""
MOODLE = """\
\ufeffIdentifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed",\
"Last modified (submission)","Last modified (grade)","Feedback comments"
"Participant 101","Ada, Lovelace",a@example.org,"Submitted for grading",,100.00,Yes,x,-,
"Participant 102",Bob,b@example.org,"Submitted for grading",,100.00,Yes,x,-,
"Participant 103",Eve,e@example.org,"Submitted for grading",50,100.00,Yes,x,-,late
"""
CANVAS_MARKS = """\
submission,points,max_points,error
lovelaceada_101_555_schedules.ipynb,24,30,
bob_LATE_102_556_schedules-1.ipynb,15,30,
"""
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Schedules (77),Grids (78),Final Score
    Points Possible,,,,,60,10,(read only)
"Lovelace, Ada",101,S1,ada,One,,5,
Bob,102,S2,bob,One,,6,
Eve,103,S3,eve,Two,1,7,
"""


@pytest.fixture
def files(tmp_path):
    def write(marks, worksheet):
        (tmp_path / "marks.csv").write_text(marks, encoding="utf-8")
        (tmp_path / "sheet.csv").write_text(worksheet, encoding="utf-8")
        return tmp_path / "marks.csv", tmp_path / "sheet.csv"

    return write


def table(text, delimiter=","):
    return list(csv.DictReader(text.lstrip("\ufeff").splitlines(), delimiter=delimiter))


def test_moodles_grading_worksheet(files):
    text, said = fill(*files(MARKS, MOODLE))
    ada, bob, eve = table(text)
    assert (ada["Identifier"], ada["Grade"], ada["Full name"]) == (
        "Participant 101",
        "80",
        "Ada, Lovelace",
    )
    assert ada["Feedback comments"] == "24 of 30 points"
    assert bob["Grade"] == "100"
    assert (eve["Grade"], eve["Feedback comments"]) == ("50", "late"), "what was not marked stays"
    assert list(ada) == next(csv.reader([MOODLE.lstrip("\ufeff").splitlines()[0]]))
    assert [sentence.split(":")[0].split("/")[0] for sentence in said] == [
        "Eve_103_assignsubmission_file_",
        "Nobody_999_assignsubmission_file",
        "notes",
    ]


def test_canvas_gradebook(files):
    text, said = fill(*files(CANVAS_MARKS, CANVAS), "Schedules")
    possible, ada, bob, eve = table(text)
    assert possible["Schedules (77)"] == "60"
    assert [row["Schedules (77)"] for row in (ada, bob, eve)] == ["48", "30", "1"]
    assert [row["Grids (78)"] for row in (ada, bob, eve)] == ["5", "6", "7"]
    assert not said


def test_the_columns_stay_as_the_platforms_have_documented_them(files):
    """Also the rows above people, such as Canvas's with what is posted by hand."""
    posted = CANVAS.replace("    Points", ",,,,,Manual Posting,,\n    Points", 1) + "\n"
    for given, marks, column in ((MOODLE, MARKS, None), (posted, CANVAS_MARKS, "Schedules (77)")):
        text, _ = fill(*files(marks, given), column)
        before, after = (list(csv.reader(x.splitlines())) for x in (given.strip(), text))
        assert after[0] == before[0]
        assert len(after) == len(before)
        places = {
            before[0].index(name)
            for name in ("Grade", column, "Feedback comments")
            if name in before[0]
        }
        for one, other in zip(before, after, strict=True):
            assert len(one) == len(other)
            assert {k for k in range(len(one)) if one[k] != other[k]} <= places


def test_semicolons_and_decimal_commas(files):
    text, _ = fill(*files(MARKS, MOODLE.replace(",", ";").replace("100.00", "100,00")))
    assert [row["Grade"] for row in table(text, ";")] == ["80", "100", "50"]


def test_a_locked_grade_stays(files):
    text, said = fill(*files(MARKS, MOODLE.replace("100.00,Yes", "100.00,No", 1)))
    assert table(text)[0]["Grade"] == ""
    assert any("Ada" in each and "cannot be changed" in each for each in said)


def test_the_best_of_several_counts(files):
    marks = MARKS + "Ada Lovelace_101_assignsubmission_file/schedules-1.ipynb,27,30,\n"
    text, said = fill(*files(marks, MOODLE))
    assert table(text)[0]["Grade"] == "90"
    assert any("left out for" in each and each.startswith("Ada") for each in said)


@pytest.mark.parametrize("column", [None, "Nothing", "S"])
def test_a_column_that_is_not_one(files, column):
    with pytest.raises(ValueError, match="column is the beginning of one of"):
        fill(*files(CANVAS_MARKS, CANVAS), column)


def test_another_table_is_refused(files):
    with pytest.raises(ValueError, match=r"neither Moodle's.*columns a, b"):
        fill(*files(MARKS, "a,b\n1,2\n"))


def test_from_the_command_line(files, tmp_path, capsys):
    marks, sheet = files(MARKS, MOODLE)
    out = tmp_path / "filled.csv"
    assert main(["fill", str(marks), str(sheet), "--to", str(out)]) == 0
    assert table(out.read_text(encoding="utf-8"))[0]["Grade"] == "80"
    assert "nobody in the table has its number" in capsys.readouterr().err
