"""Every call Sightline can make to a console. What is not in this list can't be sent."""

from __future__ import annotations

from dataclasses import dataclass

BASE = "/web/api/v2.1"


@dataclass(frozen=True, slots=True)
class Call:
    """``noun``: what it reads, as a sentence about a failure names it."""

    method: str
    path: str
    noun: str
    limit: int = 0  # the most rows of one page that the console allows
    permission: str = ""  # as the console's role editor calls it

    @property
    def url_path(self) -> str:
        return BASE + self.path


STATUS = Call("GET", "/system/status", "the health of the console")
INFO = Call("GET", "/system/info", "the version of the console")
USER = Call("GET", "/user", "the user of the token", permission="Users: view")
TOKEN_DETAILS = Call("POST", "/users/api-token-details", "the expiry of the token")  # a pure look-up, despite POST
ACCOUNTS = Call("GET", "/accounts", "accounts", limit=1000, permission="Accounts: view")
SITES = Call("GET", "/sites", "sites", limit=1000, permission="Sites: view")
GROUPS = Call("GET", "/groups", "groups", limit=300, permission="Groups: view")
AGENTS = Call("GET", "/agents", "endpoints", limit=1000, permission="Endpoints: view")
RISKS = Call(
    "GET", "/application-management/risks", "vulnerabilities", limit=1000, permission="Applications Page: viewRisks"
)
SETTINGS = Call("GET", "/application-management/settings", "the scan settings", permission="Applications Page: view")

CALLS = (STATUS, INFO, USER, TOKEN_DETAILS, ACCOUNTS, SITES, GROUPS, AGENTS, RISKS, SETTINGS)
