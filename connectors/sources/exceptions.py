"""Why a source could not be read. Each error is a sentence for a person and a code for a script.

SourceError
├── Unreachable          name, TLS, time-out, connection cut, 5xx for too long
├── NotAllowed           the host guard refused the address
├── WrongHost            something answers there, but it is not the product's console
├── TokenRefused         the token is wrong, revoked or has run out
├── PermissionMissing    the token works but may not do this
├── ModuleMissing        the console has no vulnerability module or no licence for it
├── RateLimited          asked to wait longer than a step lasts
├── CursorExpired        the walk has to begin again
├── BadAnswer            JSON cut short, wrong shape, too large
├── BadRequest           the console refuses the question (400)
├── ReaderEnded          our own process that reads was killed or could not start
└── BrokenRecord         one row lacks what every row must have
"""

from __future__ import annotations


class SourceError(Exception):
    """``permanent``: trying again without a person changing something can't help."""

    code = "source_error"
    permanent = False

    def __init__(self, sentence: str, *, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
        self.retry_after = retry_after  # seconds, when the source said how long


class Unreachable(SourceError):
    code = "unreachable"


class NotAllowed(SourceError):
    code = "not_allowed"
    permanent = True


class WrongHost(SourceError):
    code = "wrong_host"
    permanent = True


class TokenRefused(SourceError):
    code = "token_refused"
    permanent = True


class PermissionMissing(SourceError):
    code = "permission_missing"
    permanent = True


class ModuleMissing(SourceError):
    code = "module_missing"
    permanent = True


class RateLimited(SourceError):
    code = "rate_limited"


class CursorExpired(SourceError):
    code = "cursor_expired"


class BadAnswer(SourceError):
    code = "bad_answer"


class BadRequest(SourceError):
    code = "bad_request"
    permanent = True


class ReaderEnded(SourceError):
    code = "reader_ended"

    def __init__(self) -> None:
        super().__init__("The process that reads from the source ended without a word. What it had read is kept.")


class BrokenRecord(SourceError):
    code = "broken_record"
    permanent = True
