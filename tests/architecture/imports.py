"""Who imports whom, read from the syntax trees: nothing is executed, and imports inside functions count as well."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("config", "connectors", "issues")


class Import(NamedTuple):
    importer: str  # dotted name of the module
    imported: str  # dotted name, down to what ``from x import y`` may name
    place: str  # file:line
    lazy: bool  # inside a function, or for types only


def sources(*packages: str) -> list[Path]:
    return [path for package in packages for path in sorted((ROOT / package).rglob("*.py"))]


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> Iterator[Import]:
    tree = ast.parse(path.read_text(), str(path))
    lazy = {id(node) for block in ast.walk(tree) if _is_lazy(block) for node in ast.walk(block)}
    for node in ast.walk(tree):
        for name in _names(node):
            yield Import(dotted(path), name, f"{path.relative_to(ROOT)}:{node.lineno}", id(node) in lazy)  # type: ignore[attr-defined]


def all_imports() -> list[Import]:
    return [found for path in sources(*PACKAGES) for found in imports(path)]


def inside(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def _is_lazy(node: ast.AST) -> bool:
    if isinstance(node, ast.If):
        return "TYPE_CHECKING" in ast.dump(node.test)
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
