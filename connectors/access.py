"""What a signed-in user may do: four roles, kept as Django groups; a superuser is an admin.

Pages and API ask here and nowhere else. Which applications an owner sees is asked of the querysets
(``visible_to``), which use ``sees_everything`` of ``issues.access``.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


class Role(StrEnum):
    """The names of the groups, from the most to the least that they may do."""

    ADMIN = "Admin"
    ANALYST = "Analyst"
    OWNER = "Application owner"
    VIEWER = "Viewer"


class Action(StrEnum):
    MANAGE_CONNECTIONS = "manage connections"  # connect, replace token, select, delete
    SYNC = "sync"  # start and cancel imports
    SEE_CONNECTIONS = "see connections"
    TRIAGE = "triage"  # decide on issues
    MANAGE_APPLICATIONS = "manage applications"
    MANAGE_RULES = "manage rules"  # weights of severity factors


ALLOWED: dict[Role, frozenset[Action]] = {
    Role.ADMIN: frozenset(Action),
    Role.ANALYST: frozenset({Action.SYNC, Action.SEE_CONNECTIONS, Action.TRIAGE, Action.MANAGE_APPLICATIONS}),
    Role.OWNER: frozenset({Action.TRIAGE}),
    Role.VIEWER: frozenset({Action.SEE_CONNECTIONS}),
}


def role_of(user: User | AnonymousUser) -> Role | None:
    """The widest role of a user; None for a stranger and for a user who was given none. Asked once per user object."""
    if not user.is_authenticated or not user.is_active:
        return None
    known = vars(user)
    if "_role" not in known:
        known["_role"] = _widest_role(user)
    return cast("Role | None", known["_role"])


def _widest_role(user: User) -> Role | None:
    if user.is_superuser:
        return Role.ADMIN
    names = set(user.groups.values_list("name", flat=True))
    return next((role for role in Role if role in names), None)


def may(user: User | AnonymousUser, action: Action) -> bool:
    role = role_of(user)
    return role is not None and action in ALLOWED[role]
