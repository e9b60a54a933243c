"""The OpenAPI schema tells of refusals as well as of answers."""

from __future__ import annotations

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers

WRONG = {
    "type": "object",
    "description": "Sentences by field, or one sentence under `detail`.",
    "additionalProperties": {},
}


class RefusalSerializer(serializers.Serializer[Any]):
    """One sentence that says why."""

    detail = serializers.CharField()


class Schema(AutoSchema):
    """A view names the verbs that may meet a conflict in ``conflicts``."""

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for code in self._refusals():
            bodies.setdefault(code, self._get_response_for_code(RefusalSerializer, code, direction=direction))  # type: ignore[no-untyped-call]
        if self.method != "DELETE":
            bodies.setdefault("400", self._get_response_for_code(WRONG, "400", direction=direction))  # type: ignore[no-untyped-call]
        return dict(sorted(bodies.items()))

    def _refusals(self) -> list[str]:
        codes = ["401", "403"]
        if "{" in self.path:
            codes.append("404")
        if self.method in getattr(self.view, "conflicts", ()):
            codes.append("409")
        return codes
