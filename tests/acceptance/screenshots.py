"""The README's pictures, made from the demo: ``python -m tests.acceptance.screenshots [FOLDER]``."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

from tests.chromium import QUIET

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs/screenshots"
QUEUE = "/issues/?source_tool=SentinelOne&sort=-last_seen"
LOWERED = "/issues/?change=lowered&vendor_severity=high&sort=-endpoints"
PAGES = {
    "overview": "/",
    "queue": QUEUE,
    "issue": LOWERED,
    "applications": "/applications/",
    "application": "/applications/payments-api/",
    "endpoints": "/applications/payments-api/?view=endpoints",
    "compliance": "/applications/payments-api/?view=compliance",
    "fixes": "/fixes/",
    "connectors": "/connectors/",
    "severity": "/severity/",
}
THEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
WIDTHS = {"": (1440, 900), "-768": (768, 1024), "-390": (390, 844)}


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    data = tempfile.mkdtemp(prefix="sightline-pictures-")
    demo = subprocess.Popen(
        [sys.executable, "-u", "manage.py", "demo", "--bind", "127.0.0.1:0", "--data-dir", data],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        address, password = _started(demo)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
            for theme in THEMES:
                for suffix, size in WIDTHS.items():
                    _take(browser, folder, address, password, theme, suffix, size)
            browser.close()
    finally:
        demo.terminate()
        demo.wait(30)
        shutil.rmtree(data)


def _started(demo: subprocess.Popen[str]) -> tuple[str, str]:
    """Address and password, once the first import is over."""
    said = ""
    for line in demo.stdout or ():
        said += line
        if "First import: succeeded" in line:
            break
    address, password = re.search(r"http://\S+", said), re.search(r"password (\S+)$", said, re.MULTILINE)
    if address is None or password is None:
        raise RuntimeError(f"The demo did not start:\n{said}")
    return address[0].rstrip("/"), password[1]


def _take(
    browser: Browser,
    folder: Path,
    address: str,
    password: str,
    theme: Literal["light", "dark"],
    suffix: str,
    size: tuple[int, int],
) -> None:
    context = browser.new_context(
        base_url=address, color_scheme=theme, viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto("/accounts/login/")
    page.get_by_label("Username").fill("demo")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{address}/")
    _settle(page)
    for name, path in PAGES.items():
        page.goto(path)
        if name == "issue":
            _open_first(page)
        page.screenshot(path=folder / f"{name}{suffix}-{theme}.png")
    for name, act in ACTS.items():
        act(page)
        page.screenshot(path=folder / f"{name}{suffix}-{theme}.png")
    context.close()


def _settle(page: Page) -> None:
    """Trends and fixes are added up within a minute after an import."""
    page.goto("/applications/")
    for _ in range(45):
        if page.locator("svg.spark").count():
            return
        page.wait_for_timeout(2_000)
        page.reload()
    raise RuntimeError("No trend was drawn.")


def _other_weights(page: Page) -> None:
    """What other weights would do, before anything is saved."""
    page.goto("/severity/")
    page.get_by_label("Weight of Exploitation improbable").fill("-2.6")
    page.get_by_label("Weight of Exploited in the wild").fill("2.0")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("table").first.wait_for()


def _other_rules(page: Page) -> None:
    """What moves when sites decide before tags, before anything is saved."""
    page.goto("/applications/mapping/")
    for _ in range(2):
        page.get_by_role("button", name="Move “Site” up").click()
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("heading", name="What would move").wait_for()


def _other_context(page: Page) -> None:
    """What another priority and environment would do to the severities of an application."""
    page.goto("/applications/payments-api/edit/")
    page.get_by_label("Business priority").select_option("5")
    page.get_by_label("Environment").select_option("development")
    page.get_by_role("button", name="Preview effects").click()
    page.get_by_role("table").first.wait_for()
    page.get_by_role("heading", name="What severities depend on").evaluate("heading => heading.scrollIntoView()")


def _ticked(page: Page) -> None:
    """The queue with what can be done about three issues."""
    page.goto(QUEUE)
    for box in page.locator("tbody input[type=checkbox]").all()[:3]:
        box.check()


ACTS: dict[str, Callable[[Page], None]] = {
    "what-if": _other_weights,
    "mapping": _other_rules,
    "effects": _other_context,
    "decide": _ticked,
}


def _open_first(page: Page) -> None:
    page.goto(page.locator("table a[href^='/issues/']").first.get_attribute("href") or "/issues/")


if __name__ == "__main__":
    main()
