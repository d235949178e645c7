"""Numbers in sentences that are the page's own.

Behind a number in a chapter's text, in a caption or in a figure's alternative text, an HTML comment
names the expression that it is the value of::

    Momentum takes it to 91.3<!--= 100 * means["momentum"] ± 0.8-->%.

JupyterLab, Colab and GitHub show the number as it is written; they hide the comment. When the
chapter is executed, the kernel evaluates the expression directly after the code cell before (what
stands above the chapter's first own code cell, at the end), and the website shows that value, in
the form in which the number is written. That both agree is a claim: within the tolerance behind ±,
an amount or a percentage; exactly, in the digits that are written, where there is none; ``± any``
shows the value and claims nothing, which is right for seconds. ``chapter_seconds`` is the time that
the chapter took.
"""

import re
from dataclasses import dataclass, field

NUMBER = r"(?:(?<![\w.,)])[-−+])?(?<![\w.])(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?:e[-−+]?\d+)?"
TOLERANCE = r"(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?%?|any"
MARK = re.compile(
    rf"(?P<written>{NUMBER})<!--=\s*(?P<expression>[^\n]+?)"
    rf"(?:\s*±\s*(?P<tolerance>{TOLERANCE}))?\s*-->"
)
SECONDS = "chapter_seconds"


@dataclass(frozen=True)
class Number:
    """A number in a text, and what it is the value of."""

    written: str
    expression: str
    tolerance: str | None
    before: str = field(default="", compare=False)  # the words before it

    @property
    def value(self):
        """The number that is written."""
        return float(self.written.replace(",", "").replace("−", "-"))

    def agrees(self, value):
        """Whether a value is the one that is written, within the tolerance."""
        if self.tolerance is None:
            return like(value, self.written) == self.written
        if self.tolerance == "any":
            return True
        return abs(value - self.value) <= self.allowed * (1 + 1e-9)

    @property
    def allowed(self):
        """The tolerance as an amount."""
        if self.tolerance.endswith("%"):
            return abs(self.value) * float(self.tolerance[:-1]) / 100
        return float(self.tolerance)


def find(text):
    """The numbers of a text that are marked, in order."""
    marks = []
    for match in MARK.finditer(text):
        words = " ".join(MARK.sub(r"\g<written>", text[: match.start()])[-60:].split())
        before = words.partition(" ")[2] if len(words) > 40 else words
        marks.append(Number(match["written"], match["expression"], match["tolerance"], before))
    if len(marks) != text.count("<!--="):
        wrong = MARK.sub("", text).partition("<!--=")
        raise ValueError(f"no number before the mark: ...{wrong[0][-40:]}<!--={wrong[2][:60]}")
    return marks


def fill(text, values):
    """The text with these values in the place of its marked numbers; None leaves a number."""
    values = iter(values)

    def put(match):
        value = next(values)
        return match["written"] if value is None else like(value, match["written"])

    return MARK.sub(put, text)


def like(value, form):
    """A value written as another number is: decimals, thousands, exponent, leading zero.

    >>> like(0.95231, ".97"), like(12345.6, "8,572"), like(3.4e-11, "2.1e-12"), like(-2, "−3")
    ('.95', '12,346', '3.4e-11', '−2')
    """
    mantissa, exponent, _ = form.partition("e")
    decimals = len(mantissa.partition(".")[2])
    whole = re.sub(r"\D", "", mantissa.partition(".")[0])
    if exponent:
        text = re.sub(r"e([-+])0*(\d)", r"e\1\2", f"{value:.{decimals}e}").replace("e+", "e")
    else:
        comma = "," if "," in form or len(whole) < 4 else ""
        text = f"{value:{comma}.{decimals}f}"
    if not re.search("[1-9]", text):
        text = text.lstrip("-")
    if mantissa.lstrip("+-−").startswith(".") and abs(value) < 1:
        text = text.replace("0.", ".", 1)
    if form.startswith("+") and not text.startswith("-"):
        text = "+" + text
    return text.replace("-", "−") if "−" in form else text
