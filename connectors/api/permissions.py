"""Roles, asked in one place for every address of the API."""

from __future__ import annotations

from rest_framework.permissions import SAFE_METHODS, IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from connectors.access import Action, may


class RolePermission(IsAuthenticated):
    """A view names what reading and what changing needs: ``read_needs`` and ``write_needs``, None for nothing."""

    message = "Your role does not allow this."

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not super().has_permission(request, view):
            return False
        name = "read_needs" if request.method in SAFE_METHODS else "write_needs"
        needed: Action | None = getattr(view, name, None)
        return needed is None or may(request.user, needed)
