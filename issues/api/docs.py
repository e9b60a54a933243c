"""``docs/``: the addresses of the API as a page, from the schema itself."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator

VERBS = ("get", "post", "put", "patch", "delete")


def docs(request: HttpRequest) -> HttpResponse:
    schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    addresses = [
        {"path": path, "operations": [operation(verb, verbs[verb]) for verb in VERBS if verb in verbs]}
        for path, verbs in schema["paths"].items()
    ]
    return render(request, "api/docs.html", {"title": "REST API", "addresses": addresses, "info": schema["info"]})


def operation(verb: str, said: dict[str, Any]) -> dict[str, Any]:
    """One verb of an address, as the template wants it."""
    return {
        "verb": verb.upper(),
        "description": said.get("description", ""),
        "parameters": [parameter(p) for p in said.get("parameters", ())],
        "fields": fields(said),
        "codes": ", ".join(said["responses"]),
    }


def parameter(said: dict[str, Any]) -> dict[str, str]:
    schema = said["schema"].get("items", said["schema"])
    values = ", ".join(str(value) for value in schema.get("enum", ()))
    return {"name": said["name"], "description": said.get("description", ""), "values": values or schema["type"]}


def fields(said: dict[str, Any]) -> str:
    """The name of the component that a body must be, empty without a body."""
    content = said.get("requestBody", {}).get("content", {})
    reference: str = content.get("application/json", {}).get("schema", {}).get("$ref", "")
    return reference.rsplit("/", 1)[-1]
