"""The last net under every log line: what looks like a credential is blotted out, in messages and tracebacks alike."""

from __future__ import annotations

import logging
import re

BLOT = "[redacted]"

# Long opaque tokens have no scheme in front of them when they come from a repr or a traceback.
SECRETS = re.compile(
    r"(?i:\b(?P<scheme>apitoken|bearer|basic)[\s:=]+)[^\s\"',;]+"  # Authorization: ApiToken …
    r"|\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?"  # JSON Web Tokens, whole or cut
    r"|(?<![\w-])[A-Za-z0-9]{80}(?![\w-])"  # SentinelOne's older tokens
)


def redact(text: str) -> str:
    """The text with every credential in it replaced; the authorization scheme stays, so that the line still reads."""
    return SECRETS.sub(lambda found: f"{found['scheme']} {BLOT}" if found["scheme"] else BLOT, text)


class RedactFilter(logging.Filter):
    """Redacts the message with its arguments, the traceback and the stack of each record it sees."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(_message(record)), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = redact(record.exc_text)
        if record.stack_info:
            record.stack_info = redact(record.stack_info)
        return True


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):  # arguments that do not fit; a wrong log line must not end what it tells of
        return f"{record.msg} {record.args}"
