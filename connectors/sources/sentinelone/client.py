"""The calls of the console's API as methods: raw JSON out, no meaning beyond paging and refusals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.sources.exceptions import BadAnswer, SourceError, TokenRefused
from connectors.sources.http import Answer, JsonSession
from connectors.sources.redact import redact
from connectors.sources.sentinelone import calls
from connectors.sources.sentinelone.calls import Call
from connectors.sources.sentinelone.refusals import not_for_this_token, refusal

Params = Mapping[str, str]


class Client:
    """One tenant with one token. Every method may raise a ``SourceError``."""

    def __init__(self, session: JsonSession, token: str, *, page_rows: int = 1000) -> None:
        self._session = session
        self._token = token
        self._page_rows = page_rows

    def limit(self, call: Call) -> str:
        """How many rows of a list to ask for at once."""
        return str(min(call.limit, self._page_rows))

    def status(self) -> Answer:
        """The one call without the token, so that it proves the host before the token is sent there."""
        return self._session.get(calls.STATUS.url_path, auth=False)

    def info(self) -> Mapping[str, Any]:
        return self._object(calls.INFO)

    def user(self) -> Mapping[str, Any]:
        return self._object(calls.USER)

    def settings(self, scope: Params) -> Mapping[str, Any]:
        return self._object(calls.SETTINGS, scope)

    def token_details(self) -> Mapping[str, Any]:
        """``createdAt`` and ``expiresAt``. The token travels in the body here."""
        answer = self._session.post(calls.TOKEN_DETAILS.url_path, {"data": {"apiToken": self._token}})
        return self._data_object(calls.TOKEN_DETAILS, self._accepted(calls.TOKEN_DETAILS, answer))

    def page(self, call: Call, params: Params) -> dict[str, Any]:
        """The whole envelope of one page: ``data`` and ``pagination``."""
        answer = self._session.get(call.url_path, params)
        if answer.status == 401:
            self.info()  # raises when the token is dead; one that lives is worth another try
            answer = self._session.get(call.url_path, params)
        return self._accepted(call, answer, with_cursor="cursor" in params)

    def _object(self, call: Call, params: Params | None = None) -> Mapping[str, Any]:
        return self._data_object(call, self._accepted(call, self._session.get(call.url_path, params)))

    def _data_object(self, call: Call, envelope: Mapping[str, Any]) -> Mapping[str, Any]:
        data = envelope["data"]
        if not isinstance(data, dict):
            raise BadAnswer(f"The answer about {call.noun} is not in the shape that SentinelOne documents.")
        return data

    def _accepted(self, call: Call, answer: Answer, *, with_cursor: bool = False) -> dict[str, Any]:
        if answer.status == 401 and call is not calls.INFO:
            raise self._after_401(call)
        if answer.status >= 300:
            raise refusal(call, answer, with_cursor=with_cursor, token=self._token)
        if not isinstance(answer.data, dict) or "data" not in answer.data:
            raise BadAnswer(f"The answer about {call.noun} has no data in it.", status=answer.status)
        return answer.data

    def _after_401(self, call: Call) -> SourceError:
        """Consoles send 401 for forbidden features too, so the token is asked for once more elsewhere."""
        try:
            self.info()
        except TokenRefused as error:
            return error.with_traceback(None)
        return not_for_this_token(call)

    def clean(self, text: str) -> str:
        """``text`` without anything of a token's shape."""
        return redact(text, self._token)
