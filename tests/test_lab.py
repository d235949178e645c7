"""A learner's way through a problem set, in JupyterLab, in a browser: hint, correction, points."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import nbformat
import pytest
import submissions
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from playwright.sync_api import sync_playwright
from test_site import ARGUMENTS, CHROMIUM, needs_browser

from hpcourse import grading
from hpcourse.grading.exercise import release

NAME = "schedules"
SCREENSHOTS = Path(__file__).resolve().parents[1] / "_build" / "screenshots"
SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},  # all cells are on the page
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}


@pytest.fixture
def lab(tmp_path):
    """The address of a JupyterLab whose folder has the release of a problem set."""
    work, settings = tmp_path / "work", tmp_path / "settings"
    work.mkdir()
    shutil.copy(release(NAME), work)
    for name, content in SETTINGS.items():
        path = settings / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root"]
    command += ["--ip=127.0.0.1", f"--port={port}", "--IdentityProvider.token="]
    folders = {"JUPYTERLAB_SETTINGS_DIR": settings, "JUPYTER_CONFIG_DIR": tmp_path / "config"}
    folders |= {"IPYTHONDIR": tmp_path / "ipython", "JUPYTER_RUNTIME_DIR": tmp_path / "runtime"}
    environment = os.environ | {name: str(path) for name, path in folders.items()}
    log = (tmp_path / "lab.log").open("w")
    server = subprocess.Popen(command, cwd=work, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}/lab"
    while True:
        assert server.poll() is None, (tmp_path / "lab.log").read_text()
        try:
            urllib.request.urlopen(f"{address}/api/settings", timeout=5).close()
            break
        except OSError:
            time.sleep(0.2)
    yield f"{address}/tree/{NAME}.ipynb", work / f"{NAME}.ipynb"
    server.terminate()
    server.wait()
    log.close()


@needs_browser
def test_a_learner_gets_a_hint_mends_the_answer_and_sees_the_points(lab):
    address, path = lab
    order = [cell.id for cell in nbformat.read(path, as_version=4).cells]
    _, wrong, part, loses, hints = submissions.mutants(NAME)[0]
    exercise = grading.load(NAME)
    most = exercise.parts[part].max_points
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(120_000)
        page.goto(address)
        cells = page.locator(".jp-Notebook .jp-Cell")
        page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()

        def run(cell_id):
            """Run a cell; return its output when it is there."""
            cell = cells.nth(order.index(cell_id))
            prompt = cell.locator(".jp-InputPrompt")
            for _ in range(60):  # a key pressed while the page is still being built is lost
                cell.locator(".jp-Editor").click()
                page.keyboard.press("Control+Enter")
                with suppress(PlaywrightTimeout):
                    prompt.filter(has_text=re.compile(r"\[[*\d]+\]:")).wait_for(timeout=2000)
                    break
            prompt.filter(has_text=re.compile(r"\[\d+\]:")).wait_for()
            page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()
            return cell.locator(".jp-OutputArea")

        def write(code):
            """Put code into the answer's cell, as if pasted, and run it."""
            editor = cells.nth(order.index(part)).locator(".cm-content")
            editor.click()
            page.keyboard.press("Control+a")
            page.keyboard.insert_text(code)
            run(part)

        def check(name):
            output = run(f"{part}-check")
            output.scroll_into_view_if_needed()
            page.screenshot(path=SCREENSHOTS / f"lab-{name}.png")
            return output.inner_text()

        run("setup")
        run("course")
        run(part)
        assert "Not written yet." in check("1-untouched")
        write(wrong)
        shown = check("2-hint")
        assert f"not yet, {most - loses} of {most} points" in shown
        assert exercise.parts[part].hints[next(iter(hints))] in shown
        write(submissions.solutions(NAME)[part])
        shown = check("3-points")
        assert f"passed, {most} of {most} points" in shown
        assert f"So far {most} of {exercise.max_points} points." in shown
        browser.close()
