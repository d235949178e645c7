"""Chapters as tests: nbval executes them, claims are read from their cells, results are kept.

In ``make test`` a claim that does not hold fails its cell. With ``--record``, as ``make book`` and
``make weather`` call it, it is only recorded; what has a result already is not executed again, and
a line tells of each chapter.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

import chapters
import pytest
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, RunningKernel
from nbval.plugin import IPyNbCell, IPyNbFile, coalesce_streams

DATA = "next((v.name for v in list(globals().values()) if type(v).__name__ == 'Dataset'), '')"


def pytest_addoption(parser):
    group = parser.getgroup("chapters")
    group.addoption(
        "--record", action="store_true", help="record failed claims, execute what is new"
    )
    group.addoption("--results", default=str(chapters.RESULTS), help="where results are kept")


def pytest_configure(config):
    # Workers share the cores: if each takes them all, they are in each other's way.
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    for name in chapters.THREADS if workers > 1 else ():
        os.environ.setdefault(name, str(max(1, (os.cpu_count() or 1) // workers)))
    if config.getoption("--record") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Progress(), "chapters-progress")


def say(line):
    print(line, file=sys.stderr, flush=True)


class Progress:
    """A line for each chapter, and whatever went wrong outside of one, to standard error.

    Who calls with ``--record`` leaves out pytest's own report, which is the standard output.
    """

    def __init__(self):
        self.order = {str(path): n for n, path in enumerate(chapters.chapters(), 1)}

    def pytest_runtest_logreport(self, report):
        for name, line in report.user_properties:
            if name == "chapter" and report.when == "call":
                number = self.order.get(line["path"], 0)
                broken = f"  broke off at cell {line['error']['cell']}" if line["error"] else ""
                say(f"{number:4}  {line['title']:42}{line['seconds']:5.0f} s{broken}")
        if report.failed and report.when != "call":
            say(report.longreprtext)

    def pytest_collectreport(self, report):
        if report.failed:
            say(report.longreprtext)

    def pytest_internalerror(self, excrepr):
        say(excrepr)


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path, parent):
    collected = yield
    return [
        Chapter.from_parent(parent, path=file_path) if isinstance(each, IPyNbFile) else each
        for each in collected
    ]


def pytest_collection_modifyitems(items):
    """The longest chapters first, so that no worker waits at the end."""
    mine = [item for item in items if isinstance(item, ChapterCell)]
    positions = [n for n, item in enumerate(items) if isinstance(item, ChapterCell)]
    mine.sort(key=lambda item: (-item.parent.expected, str(item.path)))
    for position, item in zip(positions, mine, strict=True):
        items[position] = item


class ClaimFailed(Exception):
    """What a cell or the text below it claims does not hold here."""


class Kernel(RunningKernel):
    """A kernel that keeps a history: without one, a semicolon does not suppress a cell's value."""

    def execute_cell_input(self, cell_input, allow_stdin=None):
        return self.kc.execute(cell_input, allow_stdin=allow_stdin, stop_on_error=False)


class Chapter(IPyNbFile):
    """A notebook of the book."""

    def collect(self):
        self.results = Path(self.config.getoption("--results"))
        recording = self.config.getoption("--record")
        cells = list(super().collect())
        _, measured = chapters.load(self.path, results=self.results)
        self.expected = chapters.expected_seconds(self.nb)
        if recording and measured and not measured["error"]:
            return
        self.after = chapters.evaluated_after(self.nb)
        self.marks = chapters.numbers(self.nb)
        self.values = [(None, "")] * len(self.marks)
        self.error = None
        indices = [n for n, cell in enumerate(self.nb.cells) if cell.cell_type == "code"]
        self.last = indices[-1]
        for cell, index in zip(cells, indices, strict=True):
            yield ChapterCell.from_parent(
                self,
                name=cell.name,
                cell_num=cell.cell_num,
                cell=cell.cell,
                options=cell.options,
                index=index,
            )

    def setup(self):
        self.started = time.monotonic()
        chapters.prepare_kernels()
        os.environ.update(chapters.KERNEL, HPCOURSE_CHAPTER=self.path.stem)
        self.folder = tempfile.TemporaryDirectory()  # a chapter may save files
        self.kernel = Kernel(
            CURRENT_ENV_KERNEL_NAME,
            cwd=self.folder.name,
            startup_timeout=self.config.option.nbval_kernel_startup_timeout,
        )

    def teardown(self):
        super().teardown()
        if hasattr(self, "folder"):
            self.folder.cleanup()

    def get_kernel_message(self, timeout=None, stream="iopub"):
        """nbval knows neither outputs that are cleared nor those that are changed in place."""
        while True:
            message = super().get_kernel_message(timeout, stream)
            content, outputs = message["content"], self.running.test_outputs
            if message["msg_type"] == "clear_output":
                outputs.clear()
            elif message["msg_type"] == "update_display_data":
                name = content["transient"]["display_id"]
                for output in outputs:
                    if output.get("metadata", {}).get("display_id") == name:
                        output["data"] = content["data"]
            else:
                if name := content.get("transient", {}).get("display_id"):
                    content["metadata"]["display_id"] = name
                return message

    def ask(self, expressions):
        """Values of expressions in the kernel, by name; an error of one is an error of the cell."""
        kernel = self.kernel
        message = kernel.kc.execute("", silent=True, user_expressions=expressions)
        while True:
            reply = kernel.get_message("shell", timeout=self.config.option.nbval_cell_timeout)
            if reply["parent_header"].get("msg_id") == message:
                break
        kernel.await_idle(message, 30)
        values = {}
        for name, answer in reply["content"]["user_expressions"].items():
            if answer["status"] != "ok":
                raise NumberFailed(expressions[name], answer)
            values[name] = answer["data"]["text/plain"].strip("'")
        return values

    def evaluate(self, index):
        """Evaluate the numbers that belong to this cell; -1 are those of the end."""
        wanted = {
            str(n): f"float({number.expression})"
            for n, (_, number) in enumerate(self.marks)
            if self.after[n] == index and number.expression != chapters.page_numbers.SECONDS
        }
        if wanted:
            values = self.ask(wanted | {"data": DATA})
            for n in wanted:
                self.values[int(n)] = float(values[n]), values["data"]

    def claims_of(self, index):
        """The claims of a cell, and of the numbers that were evaluated after it."""
        found = chapters.checked(self.nb, {"numbers": self.values})
        due = {index, -1} if index == self.last else {index}
        cells = [cell for cell, _ in self.marks]
        mine = {cell for cell, after in zip(cells, self.after, strict=True) if after in due}
        return [each for each in found if each["cell"] == index or each["cell"] in mine]

    def finish(self):
        """Keep the result; return what a line says of it."""
        seconds = round(time.monotonic() - self.started, 1)
        for n, (_, number) in enumerate(self.marks):
            if number.expression == chapters.page_numbers.SECONDS:
                self.values[n] = seconds, ""
        data = "" if self.error else self.ask({"data": DATA})["data"]
        measured = {
            "key": chapters.key(self.nb),
            "seconds": seconds,
            "data": data,
            "numbers": self.values,
            "error": self.error,
        }
        chapters.save(self.nb, measured, self.path, results=self.results)
        return {
            "path": str(self.path),
            "title": chapters.title(self.nb),
            "seconds": seconds,
            "error": self.error,
        }


class NumberFailed(Exception):
    """A number in the text could not be computed."""

    def __init__(self, expression, answer):
        reason = f"{answer['ename']}: {answer['evalue']}"
        super().__init__(f"the number {expression} in the text below: {reason}")


class ChapterCell(IPyNbCell):
    """A code cell, with the numbers in the text below it."""

    def __init__(self, *args, index, **kwargs):
        super().__init__(*args, **kwargs)
        self.index = index

    def runtest(self):
        chapter, chapter.running = self.parent, self
        try:
            if chapter.error:
                pytest.skip(f"the chapter broke off at cell {chapter.error['cell']}")
            self.execute()
        finally:
            if self.index == chapter.last:
                self.user_properties.append(("chapter", chapter.finish()))
        failed = [each for each in chapter.claims_of(self.index) if each["state"] == "failed"]
        if failed and not self.config.getoption("--record"):
            lines = [f"- {each['sentence']} ({each['came_out']})" for each in failed]
            raise ClaimFailed("does not hold here:\n" + "\n".join(lines))

    def execute(self):
        """Run the cell and compute what its text says; remember where the chapter broke off."""
        chapter = self.parent
        try:
            super().runtest()
            chapter.evaluate(self.index)
            if self.index == chapter.last:
                chapter.evaluate(-1)
        except BaseException as error:
            cause = str(error)
            for output in self.test_outputs or []:
                if output.output_type == "error":
                    cause = f"{output.ename}: {output.evalue}"
            chapter.error = {"cell": self.index + 1, "cause": cause, "code": self.cell.source}
            raise
        finally:
            self.cell.outputs = coalesce_streams(self.test_outputs or [])

    def repr_failure(self, excinfo):
        if isinstance(excinfo.value, ClaimFailed | NumberFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo)
