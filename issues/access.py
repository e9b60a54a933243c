"""Which rows a signed-in user sees. Every queryset that a page or the API shows goes through ``visible_to``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.access import Role, role_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


def sees_everything(user: User | AnonymousUser) -> bool:
    """Admins, analysts and viewers see all applications; everybody else only those they are a member of."""
    return role_of(user) in (Role.ADMIN, Role.ANALYST, Role.VIEWER)


def member_key(user: User | AnonymousUser) -> int:
    """For looking up memberships; a stranger's key is nobody's, where None would match what has no member."""
    return user.pk or 0
