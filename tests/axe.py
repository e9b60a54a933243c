"""The rules of accessibility, asked in the browser: ``assert faults(page) == ""``."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def faults(page: Page) -> str:
    """What axe finds, as a report; empty when all is well.

    It is told not to fetch stylesheets again: it looks for imported ones beside the page and not beside their sheet.
    What keeps the rules is not described, which would be a megabyte for a page of the queue.
    """
    found = Axe().run(page, options={"preload": False, "resultTypes": ["violations"]})
    return str(found.generate_report()) if found.violations_count else ""
