"""From a console's refusal to the error that names its cause and the way out.

One status has several causes: 403 is a missing permission, a wrong scope or a missing licence,
and only the text tells them apart, when it is there at all.
"""

from __future__ import annotations

from typing import Any

from connectors.sources.exceptions import (
    BadAnswer,
    BadRequest,
    CursorExpired,
    ModuleMissing,
    PermissionMissing,
    SourceError,
    TokenRefused,
)
from connectors.sources.http import Answer
from connectors.sources.redact import redact
from connectors.sources.sentinelone.calls import RISKS, Call

LICENCE_WORDS = ("licen", "not available for the scope", "sku", "not enabled", "add-on", "subscription", "module")
SCOPE_WORDS = ("scope level", "site users", "global admin", "valid account id")
NO_MODULE = (
    "This console offers no vulnerabilities to the token ({status}). Ask SentinelOne or your reseller "
    "whether the account has the vulnerability management module, and check that the role includes {permission}."
)


def refusal(call: Call, answer: Answer, *, with_cursor: bool = False, token: str = "") -> SourceError:
    """The error for any answer that is not 2xx."""
    said, status = _said(answer, token), answer.status
    if status == 401:
        return TokenRefused(
            "SentinelOne refused the API token (401): it is wrong, revoked or has run out. "
            "Generate a new one in the console and replace it.",
            status=status,
        )
    if status == 403:
        return _forbidden(call, said)
    if call is RISKS and status in (404, 501):
        return ModuleMissing(NO_MODULE.format(status=status, permission=call.permission), status=status)
    if status == 404:
        return BadAnswer(f"The console does not know the address for {call.noun} (404).", status=status)
    if status == 400 and with_cursor:
        return CursorExpired(f"The console no longer knows the position in {call.noun}{said}.", status=status)
    return BadRequest(f"The console refuses the question for {call.noun} ({status}){said}.", status=status)


def not_for_this_token(call: Call) -> PermissionMissing:
    """A 401 from a token that works elsewhere: consoles answer so for features the role lacks."""
    return PermissionMissing(f"The API token works, but may not read {call.noun} (401). {_ask_for(call)}", status=401)


def _forbidden(call: Call, said: str) -> SourceError:
    folded = said.lower()
    if any(word in folded for word in SCOPE_WORDS):
        sentence = f"The API token's scope does not cover {call.noun}{said}. Use a token made for the wanted scope."
        return PermissionMissing(sentence, status=403)
    if call is RISKS and any(word in folded for word in LICENCE_WORDS):
        return ModuleMissing(NO_MODULE.format(status=403, permission=call.permission) + said, status=403)
    sentence = f"The API token may not read {call.noun} (403){said}. {_ask_for(call)}"
    if call is RISKS:
        sentence += " The same answer comes when the account has no vulnerability management licence."
    return PermissionMissing(sentence, status=403)


def _ask_for(call: Call) -> str:
    role = f"the permission “{call.permission}”" if call.permission else "the Viewer role"
    return f"Give its user {role} for the account or site."


def _said(answer: Answer, token: str) -> str:
    """ ": “the console's own words”", cut and redacted. ``params`` is left out: it may echo what was sent."""
    errors = answer.data.get("errors") if isinstance(answer.data, dict) else None
    words = [_words(e) for e in errors if isinstance(e, dict)] if isinstance(errors, list) else []
    text = redact("; ".join(w for w in words if w), token)
    return f": “{text[:200]}”" if text else ""


def _words(error: dict[str, Any]) -> str:
    return next((v.strip() for v in (error.get("detail"), error.get("title")) if isinstance(v, str) and v.strip()), "")
