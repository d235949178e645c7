"""The built website, page by page, as a browser on a computer and on a phone sees it.

`make test` builds the site first, and runs these tests apart, one by one on two workers.
"""

import base64
import hashlib
import os
import re
import shutil
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import chapters
import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from playwright.sync_api import sync_playwright

SITE = Path(__file__).resolve().parents[1] / "_build" / "html"
CHROMIUM = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "chrome"])), None)
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Without preload axe-core does not fetch the style sheets again, from addresses that it gets wrong.
AXE = {"preload": False, "resultTypes": ["violations"]}
WIDTHS = [1280, 390]

needs_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium here: the pages' behavior in a browser is not tested"
)


def pages():
    """All pages of the site; an unbuilt site is a failure, not a skip."""
    found = sorted(
        path.relative_to(SITE).as_posix()
        for path in SITE.rglob("*.html")
        if "_static" not in path.relative_to(SITE).parts
    )
    assert "book/intro.html" in found, "the website is not built: run make book"
    return found


@pytest.fixture(scope="module")
def documents():
    """Every page, parsed."""
    return {
        page: BeautifulSoup((SITE / page).read_text(encoding="utf-8"), "html.parser")
        for page in pages()
    }


class Handler(SimpleHTTPRequestHandler):
    """Serves the site without a line per request."""

    def log_message(self, format, *args):
        pass


@pytest.fixture(scope="module")
def site():
    """The address of the site, served from this machine."""
    pages()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=SITE))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def wide_elements(page):
    """What sticks out of a page that scrolls to the side, if it does."""
    return page.evaluate(
        """() => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            const out = [...document.querySelectorAll("body *")].filter(
                e => e.getBoundingClientRect().right > width + 1);
            return [`${document.documentElement.scrollWidth} > ${width}`].concat(
                out.slice(0, 5).map(e => e.outerHTML.slice(0, 120)));
        }"""
    )


class Notes(dict):
    """What went wrong, by kind; `where` is the page that is being visited."""

    where = ""

    def add(self, kind, what):
        self.setdefault(kind, []).append(f"{self.where}: {what}")

    def watch(self, page, site):
        """Note what the browser reports about a page from now on."""

        def request(sent):
            if not sent.url.startswith((site, "data:", "blob:")):
                self.add("requests", sent.url)

        def response(answer):
            if answer.status >= 400:
                self.add("answers", f"{answer.status} {answer.url}")

        def console(message):
            if message.type in ("error", "warning"):
                self.add("console", message.text)

        page.on("request", request)
        page.on("response", response)
        page.on("console", console)
        page.on("pageerror", lambda error: self.add("console", error))


def inspect(page, theme, notes):
    """Look at a loaded page: theme, accessibility, both widths."""
    page.wait_for_timeout(200)
    page.evaluate("() => window.MathJax?.startup?.promise")
    if page.evaluate("() => document.documentElement.dataset.theme") != theme:
        notes.add("theme", f"is not {theme}")
    for violation in Axe().run(page, options=AXE).response["violations"]:
        if violation["impact"] in ("critical", "serious"):
            elements = [node["html"][:200] for node in violation["nodes"][:4]]
            notes.add("axe", f"{violation['id']} {elements}")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(50)
        if wide := wide_elements(page):
            notes.add("scrolling", f"{width} px: {wide}")


MEANINGS = {
    "requests": "requests that leave the site",
    "answers": "files that the site lacks",
    "console": "errors and warnings in the console",
    "scrolling": "pages that scroll to the side",
    "axe": "serious or critical barriers to accessibility",
    "theme": "pages that ignore the system's light or dark mode",
}


def visit_every_page(site, theme):
    """Visit every page in both widths; nothing may go wrong."""
    notes = Notes()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_context(color_scheme=theme).new_page()
        notes.watch(page, site)
        for name in pages():
            notes.where = name
            page.set_viewport_size({"width": WIDTHS[0], "height": 900})
            page.goto(site + name, wait_until="load")
            if name == "index.html":  # leads to the welcome page, which is visited too
                page.wait_for_url("**/book/intro.html")
            else:
                inspect(page, theme, notes)
        browser.close()
    assert set(notes) <= set(MEANINGS)
    lines = [f"{MEANINGS[kind]}: {what}" for kind, found in notes.items() for what in found]
    assert not lines, "\n".join(lines)


# The first test and the last one, so that each worker has one of them: they take the longest.
@needs_browser
def test_pages_in_a_browser_in_light(site):
    visit_every_page(site, "light")


def pictures(notebook):
    """Hashes of the pictures that a chapter's page has to show."""
    for cell in notebook.cells:
        if "remove-cell" not in cell.metadata.get("tags", []):
            for output in cell.get("outputs", []):
                if picture := output.get("data", {}).get("image/png"):
                    yield hashlib.sha256(base64.b64decode(picture)).hexdigest()


@pytest.mark.parametrize("path", chapters.chapters(), ids=lambda path: path.stem)
def test_the_page_shows_what_the_one_execution_gave(path, documents):
    notebook, measured = chapters.load(path)
    assert measured, "not executed as it stands"
    assert not measured["error"]
    page = path.relative_to(chapters.ROOT).with_suffix(".html").as_posix()
    shown = {
        hashlib.sha256((SITE / page).parent.joinpath(image["src"]).read_bytes()).hexdigest()
        for image in documents[page].select("article img")
        if image["src"].endswith(".png")
    }
    assert set(pictures(notebook)) <= shown
    if run := os.environ.get("HPCOURSE_RUN"):  # make test: nothing was executed again
        lines = [line.split() for line in chapters.EXECUTIONS.read_text().splitlines()]
        assert [line for line in lines if line[0] == run].count([run, path.stem]) == 1
        assert [run, "unknown"] not in lines


def test_every_image_says_what_it_shows(documents):
    silent = [
        f"{page}: {str(image)[:120]}"
        for page, document in documents.items()
        for image in document.find_all("img")
        if not (image.get("alt") or "").strip()
    ]
    assert not silent


def test_every_page_has_title_description_and_canonical_link(documents):
    for page, document in documents.items():
        description = document.find("meta", attrs={"name": "description"})
        assert document.title.text.strip(), page
        assert description, f"{page} has no description"
        assert 40 <= len(description["content"]) <= 200, f"{page}: {description['content']}"
        canonical = document.find("link", rel="canonical")
        assert canonical, f"{page} has no canonical link"
        assert canonical["href"].startswith("https://"), page


def test_descriptions_differ(documents):
    written = [
        document.find("meta", attrs={"name": "description"})["content"]
        for page, document in documents.items()
        if page.startswith("book/")
    ]
    assert len(set(written)) == len(written)


def test_internal_links_and_anchors_resolve(documents):
    anchors = {
        page: {node["id"] for node in document.find_all(id=True)}
        for page, document in documents.items()
    }
    broken = []
    for page, document in documents.items():
        for link in document.find_all("a", href=True):
            address, anchor = urldefrag(urljoin(page, link["href"]))
            if urlsplit(address).scheme:
                continue
            target = unquote(urlsplit(address).path)
            if not (SITE / target).is_file() or (
                anchor and target in anchors and unquote(anchor) not in anchors[target]
            ):
                broken.append(f"{page}: {link['href']}")
    assert not broken


def test_captioned_figures_are_numbered(documents):
    for page, document in documents.items():
        for caption in document.select("figure figcaption"):
            assert caption.select_one(".caption-number"), f"{page}: {caption.text}"
        assert not [p for p in document.find_all("em") if p.text.startswith("Figure: ")], page


def test_pages_show_no_log_lines(documents):
    """A reader sees what a cell says, not what a library logs while it computes."""
    log = re.compile(r"^(WARNING|INFO|ERROR):|^[IWE]0000 |absl::|tensorflow/core", re.MULTILINE)
    for page, document in documents.items():
        for output in document.select(".cell_output"):
            found = log.search(output.text)
            assert not found, f"{page}: {output.text[found.start() :][:120]}"


def test_sitemap_lists_every_page(documents):
    sitemap = (SITE / "sitemap.xml").read_text()
    for page in documents:
        assert page.startswith("book/") == (f"/{page}</loc>" in sitemap), page


@needs_browser
def test_pages_in_a_browser_in_dark(site):
    visit_every_page(site, "dark")
