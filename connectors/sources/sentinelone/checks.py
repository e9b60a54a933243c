"""Validating a connection: five steps in order, each with a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from connectors.sources.base import CheckResult, CheckStep, StepState
from connectors.sources.exceptions import BadAnswer, BadRequest, SourceError, WrongHost
from connectors.sources.sentinelone.calls import RISKS
from connectors.sources.sentinelone.client import Client, Params
from connectors.sources.sentinelone.identity import Identity, identity
from connectors.sources.sentinelone.paging import first_page
from connectors.sources.sentinelone.reach import Reach, reach

TITLES = {
    "host": "Host is a SentinelOne console",
    "token": "API token works",
    "scope": "Scope found",
    "findings": "Vulnerabilities readable",
    "scanning": "Scanning is switched on",
}
NOT_A_CONSOLE = (
    "Something answers there, but it is not a SentinelOne console. Copy the address from the browser "
    "while the console is open, such as https://usea1-example.sentinelone.net."
)
Verdict = tuple[StepState, str]
OK: Verdict = (StepState.OK, "")


@dataclass
class Check:
    """One validation. ``result`` never raises for what the tenant does."""

    client: Client
    steps: list[CheckStep] = field(default_factory=list)
    who: Identity = field(default_factory=Identity)
    seen: Reach = field(default_factory=Reach)
    empty: bool = False

    def result(self) -> CheckResult:
        for code, step in self._sequence():
            self.steps.append(self._run(code, step))
        passed = {s.code for s in self.steps if s.state in (StepState.OK, StepState.WARNING)}
        return CheckResult(
            steps=tuple(self.steps),
            token_expires_at=self.who.expires_at,
            scope=self.who.scope or self.seen.scope,
            user=self.who.user,
            can_import={"host", "token", "findings"} <= passed,
        )

    def _sequence(self) -> list[tuple[str, Callable[[], Verdict]]]:
        steps = (self._host, self._token, self._scope, self._findings, self._scanning)
        return list(zip(TITLES, steps, strict=True))

    def _run(self, code: str, step: Callable[[], Verdict]) -> CheckStep:
        title = TITLES[code]
        if any(s.state is StepState.FAILED for s in self.steps):
            return CheckStep(code, title, StepState.SKIPPED, "Not tried, because an earlier step failed.")
        try:
            state, sentence = step()
        except SourceError as error:
            return CheckStep(code, title, StepState.FAILED, self.client.clean(error.sentence), error.code)
        return CheckStep(code, title, state, self.client.clean(sentence))

    def _host(self) -> Verdict:
        """Asked without the token, so that a wrong host never gets to see it."""
        try:
            answer = self.client.status()
        except BadAnswer as error:
            raise _not_a_console(error.status) from None
        data = answer.data if isinstance(answer.data, dict) else {}
        health = data.get("data")
        answers = answer.status < 300 and isinstance(health, dict) and "health" in health
        if not answers and not (answer.status == 401 and isinstance(data.get("errors"), list)):
            raise _not_a_console(answer.status)
        return OK

    def _token(self) -> Verdict:
        try:
            self.client.info()
        except (BadAnswer, BadRequest) as error:
            raise _not_a_console(error.status) from None
        self.who = identity(self.client)
        return OK

    def _scope(self) -> Verdict:
        self.seen = reach(self.client)
        warning = self.seen.expired_sentence()
        return (StepState.WARNING, warning) if warning else (StepState.OK, self.seen.sentence())

    def _findings(self) -> Verdict:
        """The only call that proves that an import will work."""
        page = first_page(self.client, RISKS, {**self.seen.params, "limit": "1", "skipCount": "true"})
        self.empty = not page.rows
        return (StepState.OK, "No vulnerability is reported there now." if self.empty else "")

    def _scanning(self) -> Verdict:
        on = _scanning_on(self.client, self.seen.params)
        if on is False:
            return StepState.WARNING, _SCANNING_OFF
        if on is None:
            return StepState.OK, _SETTINGS_UNREAD + (_EMPTY_UNREAD if self.empty else "")
        return OK


_SCANNING_OFF = (
    "Vulnerability scanning is switched off in the console, so nothing new will be found. Switch it on under "
    "Application Management, or ask the console's administrator to."
)
_SETTINGS_UNREAD = "The scan settings could not be read with this token. Imports work without them."
_EMPTY_UNREAD = " Check in the console that scanning is switched on, because no vulnerability is reported."


def _not_a_console(status: int | None) -> WrongHost:
    return WrongHost(NOT_A_CONSOLE, status=status)


def _scanning_on(client: Client, scope: Params) -> bool | None:
    try:
        on = client.settings(scope).get("vulnerabilitiesScanEnabled")
    except SourceError:
        return None
    return on if isinstance(on, bool) else None
