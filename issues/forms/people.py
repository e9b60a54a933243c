"""The people of an application as rows of a form: a user name and a role each; an emptied row is gone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.models import User
from django.db.models import Q
from django.http import QueryDict

from issues.editing.values import MOST_MEMBERS
from issues.models import Application, ApplicationMember

SPARE = 2  # empty rows below those in use
Role = ApplicationMember.Role


@dataclass(slots=True)
class MemberRow:
    """As somebody typed it; ``problem`` is a sentence."""

    user: str = ""
    role: str = Role.OWNER.value
    problem: str = ""


class PeopleRows:
    """``data`` is what was posted, ``member`` and ``role`` as often as there are rows; None to show what is stored."""

    roles = Role.choices

    def __init__(self, application: Application | None, data: QueryDict | None, *, more: bool = False) -> None:
        self._application = application
        if data is None:
            members = application.members.with_users() if application else ()
            self.filled = [MemberRow(member.user.username, member.role) for member in members]
        else:
            pairs = zip(data.getlist("member"), data.getlist("role"), strict=False)
            self.filled = [MemberRow(name, role) for user, role in pairs if (name := user.strip())]
        self._spare = SPARE * (2 if more else 1)

    @property
    def rows(self) -> list[MemberRow]:
        return [*self.filled, *(MemberRow() for _ in range(self._spare))]

    @cached_property
    def members(self) -> dict[int, str]:
        """Roles by the key of a user. Of rows without a problem."""
        # Whoever may not sign in any more can stay, but not come.
        able = Q(is_active=True) | Q(memberships__application=self._application or 0)
        named = User.objects.filter(able, username__in=[row.user for row in self.filled])
        keys = dict(named.values_list("username", "pk"))
        members: dict[int, str] = {}
        for row in self.filled:
            row.problem = _problem(row, keys, members)
            if not row.problem:
                members[keys[row.user]] = row.role
        return members

    @property
    def is_valid(self) -> bool:
        return len(self.members) == len(self.filled)


def _problem(row: MemberRow, keys: dict[str, int], members: dict[int, str]) -> str:
    if row.user not in keys:
        return f"There is no user “{row.user[:150]}”."
    if row.role not in Role.values:
        return "Choose a role."
    if len(members) >= MOST_MEMBERS:
        return f"At most {MOST_MEMBERS} people fit."
    return f"“{row.user}” stands here twice. Keep one role." if keys[row.user] in members else ""
