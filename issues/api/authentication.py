"""``Authorization: Bearer <token>``: what scripts send instead of a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from issues.models import ApiToken

if TYPE_CHECKING:
    from django.contrib.auth.models import User

REFUSED = "This token is not valid. It may have run out; make a new one."


class TokenAuthentication(BaseAuthentication):
    """A wrong token is an error even where a session would do: the caller meant to use it."""

    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, token = get_authorization_header(request).partition(b" ")
        if scheme.lower() != self.keyword.lower().encode():
            return None
        found = ApiToken.objects.valid(token.strip().decode("latin-1"))
        if found is None:
            raise AuthenticationFailed(REFUSED)
        return found.user, found

    def authenticate_header(self, request: Request) -> str:
        return self.keyword


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes it; drf-spectacular finds the class by its existence."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A token from `manage.py api_token USER`."}
