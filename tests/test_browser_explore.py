"""The store and the report in a real browser: no network, a silent console, search, and an accessibility checker."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

import pytest
import uvicorn
from typer.testing import CliRunner
from websockets.sync.client import ClientConnection, connect

import narra
from corpus.calendar import Quarter
from corpus.settings import open_workspace
from corpus.store import Store
from results.explore import serve
from results.explore.figures import evidence_file
from results.quarterly import compute

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--remote-debugging-port=0", "--remote-allow-origins=*",
)  # fmt: skip
HOSTILE = '<script>window.broken = 1</script><img src=x onerror="window.broken = 1">\u202e=1+1'


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo's store, with one hostile title, served as `narra explore` serves it."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    folder = tmp_path_factory.mktemp("explore") / "demo"
    done = CliRunner().invoke(narra.app, ["demo", "--no-open", str(folder)])
    assert done.exit_code == 0, done.output
    workspace = open_workspace(folder)
    quarter = Quarter.parse(narra.DEMO_QUARTER)
    with Store.open(workspace.store_path) as store:
        found = compute(store, workspace.settings, quarter)
        store._db.conn.execute("UPDATE documents SET title = ? WHERE row = 5", [HOSTILE])  # noqa: SLF001 a test's hand
        store._db.conn.commit()  # noqa: SLF001 the same
        prepared = serve.prepare(store, [], lambda _: None)
    (workspace.reports / str(quarter) / "evidence.json").write_bytes(evidence_file(quarter, found.measures))
    with serve.listening(0) as taken:
        config = uvicorn.Config(serve.application(workspace, prepared).app(), log_level="warning")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


class Page:
    """A page in the browser, driven by its own protocol."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._number = 0
        self.events: list[dict[str, Any]] = []
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv(timeout=60))
            if message.get("id") == self._number:
                assert "error" not in message, message
                return dict(message["result"])
            self.events.append(message)

    def open(self, address: str) -> None:
        self.events.clear()
        self.call("Page.navigate", url=address)
        for _ in range(300):
            if self.run("document.readyState") == "complete" and self.run("location.href") != "about:blank":
                break
            time.sleep(0.05)
        time.sleep(0.3)  # what scripts begin after loading
        self.run("1")

    def run(self, script: str) -> Any:
        done = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in done, done
        return done["result"].get("value")

    def press(self, key: str, code: str, number: int, text: str = "") -> None:
        """Press a key and let it go, whatever has the focus."""
        pressed = {"key": key, "code": code, "windowsVirtualKeyCode": number}
        self.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **pressed)
        self.call("Input.dispatchKeyEvent", type="keyUp", **pressed)

    def wait_for(self, script: str) -> Any:
        """Give what a script gives, once that is true."""
        for _ in range(200):
            if found := self.run(script):
                return found
            time.sleep(0.05)
        raise AssertionError(f"never true: {script}")

    def requested(self) -> list[str]:
        return [e["params"]["request"]["url"] for e in self.events if e["method"] == "Network.requestWillBeSent"]

    def complaints(self) -> list[str]:
        kinds = {"Runtime.exceptionThrown", "Log.entryAdded"}
        loud = [
            e
            for e in self.events
            if e["method"] == "Runtime.consoleAPICalled" and e["params"]["type"] in {"error", "warning"}
        ]
        return [json.dumps(e["params"])[:400] for e in [*loud, *(e for e in self.events if e["method"] in kinds)]]

    def violations(self) -> list[str]:
        """What axe finds serious or critical."""
        spec = find_spec("axe_playwright_python")
        assert spec is not None
        assert spec.submodule_search_locations
        script = Path(spec.submodule_search_locations[0]) / "axe.min.js"
        self.run(script.read_text(encoding="utf-8") + ";1")
        found = self.run("axe.run(document).then(r => JSON.stringify([r.violations, r.passes.length]))")
        broken, passed = json.loads(found)
        assert passed > 5, "axe checked nothing"
        return [
            f"{rule['impact']}: {rule['id']}: {[node['html'][:120] for node in rule['nodes'][:3]]}"
            for rule in broken
            if rule["impact"] in {"serious", "critical"}
        ]


@pytest.fixture(scope="module")
def page(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    assert CHROMIUM is not None
    assert address
    profile = tmp_path_factory.mktemp("profile")
    browser = subprocess.Popen(
        [CHROMIUM, *OPTIONS, f"--user-data-dir={profile}", "about:blank"], stderr=subprocess.DEVNULL
    )
    try:
        told = profile / "DevToolsActivePort"
        for _ in range(300):
            if told.exists() and len(told.read_text().splitlines()) > 1:
                break
            time.sleep(0.1)
        with urlopen(f"http://127.0.0.1:{told.read_text().splitlines()[0]}/json") as listed:
            target = next(t for t in json.load(listed) if t["type"] == "page")
        with connect(target["webSocketDebuggerUrl"], max_size=None) as socket:
            yield Page(socket)
    finally:
        browser.terminate()
        browser.wait(20)


PAGES = ("/", "/narra/search?words=%EC%95%84%EC%84%B8%EC%95%88&before=", "/narra/texts", "/narra/figures", "/narra")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_quietly_and_from_here_alone(page: Page, address: str, path: str) -> None:
    page.open(address + path)
    assert page.run("document.querySelector('h1').innerText")
    assert page.requested()
    assert [url for url in page.requested() if not url.startswith((address, "data:"))] == []
    assert [said for said in page.complaints() if "favicon" not in said] == []


def test_somebody_types_a_word_and_gets_its_texts(page: Page, address: str) -> None:
    page.open(address)
    page.run("document.getElementById('words').focus()")
    page.call("Input.insertText", text="태국")
    for kind in ("keyDown", "keyUp"):
        page.call("Input.dispatchKeyEvent", type=kind, key="Enter", code="Enter", windowsVirtualKeyCode=13, text="\r")
    for _ in range(100):
        if "search?" in str(page.run("location.href")) and page.run("document.readyState") == "complete":
            break
        time.sleep(0.05)
    assert f"words={quote('태국')}" in page.run("location.href")
    words = page.run("[...document.querySelectorAll('td.col-words')].map(cell => cell.innerText)")
    assert len(words) > 5
    assert all("«태국»" in found for found in words)


def test_a_figure_leads_to_three_real_sentences_in_two_clicks(page: Page, address: str) -> None:
    page.open(f"{address}/narra/figures?quarter=2026Q3")
    page.run(
        "[...document.querySelectorAll('td.col-figure a')]"
        ".find(a => a.innerText == 'attention-korea-ASEAN-documents').click()"
    )
    for _ in range(100):
        if "/evidence" in str(page.run("location.href")) and page.run("document.readyState") == "complete":
            break
        time.sleep(0.05)
    sentences = page.run("[...document.querySelectorAll('td.col-words')].map(cell => cell.innerText)")
    assert len([s for s in sentences if "«" in s]) >= 3


@pytest.mark.parametrize("path", ["/narra/texts?row=5", "/narra/search?words=onerror&before="])
def test_a_hostile_title_stays_text(page: Page, address: str, path: str) -> None:
    page.open(address + path)
    assert page.run("typeof window.broken") == "undefined"
    assert "<script>window.broken" in page.run("document.querySelector('td.col-title').innerText")


REPORT = f"/reports/{narra.DEMO_QUARTER}/report.html"
TAB = ("Tab", "Tab", 9)
ENTER = ("Enter", "Enter", 13, "\r")
SPACE = (" ", "Space", 32, " ")


def test_series_of_a_chart_are_hidden_and_shown_again(page: Page, address: str) -> None:
    page.open(address + REPORT)
    points = "document.querySelectorAll('[data-chart=members] .mark-symbol.role-mark path').length"
    page.wait_for("!document.querySelector('figure:has([data-chart=members]) [data-choices]').hidden")
    all_of_them = page.wait_for(points)
    page.run("document.querySelector('figure:has([data-chart=members]) [data-choices] button').focus()")
    page.press(*SPACE)
    page.wait_for(f"{points} < {all_of_them}")
    assert page.run(points) > 0
    assert page.run("document.activeElement.getAttribute('aria-pressed')") == "false"
    page.press(*SPACE)
    page.wait_for(f"{points} == {all_of_them}")
    assert page.complaints() == []


def test_the_keyboard_alone_leads_from_a_figure_to_its_sentences(page: Page, address: str) -> None:
    page.open(address + REPORT)
    for _ in range(60):
        page.press(*TAB)
        if str(page.run("document.activeElement.getAttribute('href')")).startswith("#evidence-"):
            break
    target = page.run("document.activeElement.getAttribute('href').slice(1)")
    assert page.run("getComputedStyle(document.activeElement).outlineStyle") == "solid"  # one sees where one is
    page.press(*ENTER)
    page.wait_for(f"location.hash == '#{target}'")
    page.wait_for(f"document.getElementById('{target}').closest('details').open")
    assert page.run(f"document.querySelectorAll('#{target} blockquote mark').length") >= 3
    page.press(*TAB)  # and on from there, not from the top of the page
    page.wait_for(f"document.getElementById('{target}').closest('details').contains(document.activeElement)")


def test_nothing_is_for_the_mouse_alone(page: Page, address: str) -> None:
    page.open(address + REPORT)
    passed_over = "[...document.querySelectorAll('a[href], button, summary')].filter(one => one.tabIndex < 0).length"
    assert page.run(passed_over) == 0
    assert page.run("document.querySelectorAll('[onclick], [role=button]:not(button)').length") == 0


@pytest.mark.parametrize("path", ["/", f"/reports/{narra.DEMO_QUARTER}/report.html"])
def test_axe_finds_nothing_serious(page: Page, address: str, path: str) -> None:
    page.call("Page.setBypassCSP", enabled=True)  # the report's policy would keep the checker out too
    page.open(address + path)
    assert page.violations() == []
