"""Takes whatever looks like a token out of text that goes into an exception, a log or a page."""

from __future__ import annotations

import re

HIDDEN = "[hidden]"
# The scheme word of an Authorization header with what follows, and JSON web tokens wherever they stand.
TOKEN_LIKE = re.compile(
    r"\b(ApiToken|Bearer|Basic)([\s:=]+)[^\s\"'<>,;]{6,}|\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,2}=*",
    re.IGNORECASE,
)


def redact(text: str, *secrets: str) -> str:
    """``text`` without the given secrets and without anything of a token's shape."""
    for secret in secrets:
        if len(secret) >= 4:  # a shorter one would blank half of the sentence and protect nothing
            text = text.replace(secret, HIDDEN)
    return TOKEN_LIKE.sub(lambda m: f"{m[1]}{m[2]}{HIDDEN}" if m[1] else HIDDEN, text)
