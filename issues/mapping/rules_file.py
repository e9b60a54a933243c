"""Mapping rules in a file that somebody brings: JSON as the export and the API write it."""

from __future__ import annotations

import json
from typing import Any

from django.core.files.base import File

from issues.mapping.reading import place
from issues.mapping.rules import BadRules, Rule, parse

LARGEST = 1_000_000  # bytes
MOST_SAID = 20


class BadFile(Exception):
    """``sentences`` say what is wrong with the file called ``name``."""

    def __init__(self, name: str, sentences: list[str]) -> None:
        self.name, self.sentences = name, sentences[:MOST_SAID]
        self.more = max(0, len(sentences) - MOST_SAID)
        super().__init__(" ".join(sentences))


def read_file(file: File[bytes] | None) -> tuple[list[Rule], str]:
    """The rules and the name of the file."""
    if file is None:
        raise BadFile("", ["Choose a file first."])
    name = str(file.name or "the file")[:100]
    if (file.size or 0) > LARGEST:
        raise BadFile(name, ["It is larger than 1 MB. Rules are a few kilobytes."])
    data = _json(name, file.read())
    if isinstance(data, dict) and "rules" not in data:
        raise BadFile(name, ["There is no list called “rules” in it."])
    try:
        return parse(data), name
    except BadRules as error:
        raise BadFile(name, [f"{place(where)}{sentence}" for where, sentence in error.problems]) from None


def _json(name: str, content: bytes) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise BadFile(name, [f"It is not JSON: line {error.lineno}, column {error.colno} can't be read."]) from None
    except (UnicodeDecodeError, RecursionError):
        raise BadFile(name, ["It is not JSON in UTF-8."]) from None
