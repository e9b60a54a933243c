"""The editor's form as a browser without scripts sees it: read out of the page, posted as it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

URL = "/applications/mapping/"


@dataclass
class Form:
    page: str
    status: int
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: dict[str, dict[str, str | None]] = field(default_factory=dict)
    focused: str = ""

    @classmethod
    def of(cls, response: Any) -> Form:
        form = cls(" ".join(response.content.decode().split()), response.status_code)
        _Reader(form).feed(response.content.decode())
        return form

    def posted(self, button: str, **typed: str) -> dict[str, list[str]]:
        """What pressing it sends; ``typed`` by field, with "_" for its dots, such as ``_1_name``."""
        values: dict[str, list[str]] = {}
        for name, value in self.fields:
            values.setdefault(name, []).append(value)
        for name, value in typed.items():
            values[name.removeprefix("_").replace("_", ".") if name.startswith("_") else name] = [value]
        return {**values, "do": [button]}

    def value(self, name: str) -> str:
        return next(value for known, value in self.fields if known == name)

    @property
    def order(self) -> list[str]:
        """The names of the rules."""
        return [self.value(f"{n}.name") for name, n in self.fields if name == "rule"]


class _Reader(HTMLParser):
    def __init__(self, form: Form) -> None:
        super().__init__()
        self._form, self._inside, self._select = form, False, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        asked = dict(attrs)
        if tag == "form":
            self._inside = asked.get("id") == "rules"
        if "autofocus" in asked and asked.get("id"):
            self._form.focused = str(asked["id"])
        if not self._inside or ("disabled" in asked and tag == "input"):
            return
        if tag == "input" and asked.get("name"):
            self._form.fields.append((str(asked["name"]), asked.get("value") or ""))
        elif tag == "select":
            self._select = str(asked["name"])
        elif tag == "option" and "selected" in asked:
            self._form.fields.append((self._select, str(asked["value"])))
        elif tag == "button":
            self._form.buttons[str(asked["value"])] = asked

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
