"""What each path answers."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from hmac import compare_digest

import orjson

from connectors.sources.simulator import agents, answers, clock, paging, parameters, world
from connectors.sources.simulator.answers import Answer, Refused, bad_request
from connectors.sources.simulator.asking import Asked, read_query
from connectors.sources.simulator.tenant import SimulatedTenant

ROOT = "/web/api/v2.1"
SCAN = ROOT + "/application-management/scan"


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    query: list[tuple[str, str]]
    authorization: str = ""
    body: bytes = b""


def respond(tenant: SimulatedTenant, request: Request) -> Answer:
    """The console's answer, before any fault."""
    open_to_all = OPEN.get((request.method, request.path.removeprefix(ROOT)))
    handler = open_to_all or CLOSED.get((request.method, request.path.removeprefix(ROOT)))
    if handler is None or not request.path.startswith(ROOT):
        return answers.not_found()
    if not open_to_all and not _authorized(tenant, request.authorization):
        return answers.unauthorized()
    try:
        return handler(tenant, request)
    except Refused as refused:
        return refused.answer


def _authorized(tenant: SimulatedTenant, header: str) -> bool:
    scheme, _, token = header.partition(" ")
    return scheme.lower() in ("apitoken", "bearer") and compare_digest(token.strip().encode(), tenant.token.encode())


def _asked(tenant: SimulatedTenant, request: Request, accepts: parameters.Accepts) -> Asked:
    return read_query(request.query, accepts, clock.to_ms(tenant.now))


def _only(request: Request, *names: str) -> None:
    unknown = [name for name, _ in request.query if name not in names]
    if unknown:
        raise bad_request(f"dict_values({unknown!r}): Unknown field")


def status(_: SimulatedTenant, request: Request) -> Answer:
    _only(request)
    return answers.ok({"health": "ok"})


def info(_: SimulatedTenant, request: Request) -> Answer:
    _only(request)
    return answers.ok({"version": "S-25.1.2", "build": "84", "patch": "2", "release": "S",
                       "latestAgentVersion": "24.1.5.277"})  # fmt: skip


def _token_times(tenant: SimulatedTenant) -> dict[str, str]:
    return {
        "createdAt": clock.text(clock.to_ms(tenant.epoch) - 10 * clock.DAY_MS, 217),
        "expiresAt": clock.text(clock.to_ms(tenant.token_expires), 217),
    }


def user(tenant: SimulatedTenant, request: Request) -> Answer:
    _only(request, "accountIds", "groupIds", "siteIds", "tenant")
    own = tenant.world
    scope = {"tenant": ("", "Global"), "account": (own.account_ids[0], world.ACCOUNTS[0]),
             "site": (own.site_ids[0], world.SITES[0].name)}[tenant.token_scope]  # fmt: skip
    role = {"id": scope[0], "name": scope[1], "accountName": world.ACCOUNTS[0], "roleId": own.owner_id,
            "roleName": "Viewer", "roles": ["Viewer"]}  # fmt: skip
    roles = [role] if scope[0] else []
    return answers.ok({
        "id": own.owner_id, "email": "sightline@larkfield.example", "fullName": "Sightline import",
        "scope": tenant.token_scope, "scopeRoles": roles,
        "lowestRole": "Viewer", "apiToken": _token_times(tenant), "twoFaEnabled": False, "source": "mgmt",
        "dateJoined": clock.text(clock.to_ms(tenant.epoch) - 300 * clock.DAY_MS, 4), "canGenerateApiToken": False,
    })  # fmt: skip


def token_details(tenant: SimulatedTenant, request: Request) -> Answer:
    try:
        given = orjson.loads(request.body)["data"]["apiToken"]
        known = compare_digest(given.encode(), tenant.token.encode())
    except (ValueError, KeyError, TypeError, AttributeError):
        raise bad_request("data: Missing data for required field.") from None
    if not known:
        raise bad_request("apiToken: Invalid token")
    return answers.ok(_token_times(tenant))


def _agents_by_site(tenant: SimulatedTenant) -> Counter[int]:
    found: Counter[int] = Counter()
    for group, count in tenant.endpoints_by_group().items():
        found[world.groups()[group].site] += count
    return found


def accounts(tenant: SimulatedTenant, request: Request) -> Answer:
    if tenant.token_scope == "site":  # noqa: S105 - a scope, no secret
        return answers.forbidden("Action is not allowed to site users")
    rows = tenant.world.account_rows(_agents_by_site(tenant))
    visible = rows if tenant.token_scope == "tenant" else rows[:1]  # noqa: S105
    return paging.listed(visible, _asked(tenant, request, parameters.ACCOUNTS))


def sites(tenant: SimulatedTenant, request: Request) -> Answer:
    rows = tenant.world.site_rows(_agents_by_site(tenant))
    visible = [rows[n] for n in sorted(tenant.visible_sites)]
    total = {"activeLicenses": sum(row["activeLicenses"] for row in visible), "totalLicenses": 0}
    return paging.listed(visible, _asked(tenant, request, parameters.SITES), wrap="sites", allSites=total)


def groups(tenant: SimulatedTenant, request: Request) -> Answer:
    rows = tenant.world.group_rows(tenant.endpoints_by_group())
    visible = []
    for group, row in zip(world.groups(), rows, strict=True):
        if group.site in tenant.visible_sites:
            account = tenant.world.account_ids[world.SITES[group.site].account]
            visible.append({**row, "accountId": account})
    return paging.listed(visible, _asked(tenant, request, parameters.GROUPS), hidden="accountId")


def agent_list(tenant: SimulatedTenant, request: Request) -> Answer:
    asked = _asked(tenant, request, parameters.AGENTS)
    found = _matching_agents(tenant, asked)
    start = paging.position(asked)
    start = asked.skip if start is None else start
    page = [] if asked.count_only else [tenant.agent(n) for n in found[start : start + asked.limit]]
    after = start + asked.limit if page and start + asked.limit < len(found) else None
    pagination = paging.envelope(asked, after, len(found))
    return Answer(body=orjson.dumps({"data": page, "pagination": pagination}), here=paging.another(asked.mark, start))


def _matching_agents(tenant: SimulatedTenant, asked: Asked) -> array[int]:
    mark = (asked.mark, tenant.visible_sites)
    found = tenant.agent_positions(mark)
    if found is None:
        positions = tenant.visible_endpoints()
        if "isDecommissioned" not in asked.names:
            positions = [n for n in positions if not tenant.endpoints.get(n).decommissioned]
        if asked.checks or asked.spans:
            positions = [n for n in positions if asked.matches(tenant.agent(n))]
        if asked.sort_by:
            keys = {n: paging.sort_key(tenant.agent(n)[asked.sort_by]) for n in positions}
            positions.sort(key=keys.__getitem__, reverse=asked.descending)
        found = array("L", positions)
        tenant.keep_agents(mark, found)
    return found


def tag_list(tenant: SimulatedTenant, request: Request) -> Answer:
    seen = (tenant.endpoints.get(n) for n in tenant.visible_endpoints())
    return paging.listed(agents.tag_rows(seen, tenant.world), _asked(tenant, request, parameters.TAGS))


def risks(tenant: SimulatedTenant, request: Request) -> Answer:
    if not tenant.licensed:
        return answers.forbidden()
    return tenant.risks.answer(_asked(tenant, request, parameters.RISKS), tenant.visible_sites)


def settings(tenant: SimulatedTenant, request: Request) -> Answer:
    if not tenant.licensed:
        return answers.forbidden()
    _only(request, "accountIds", "siteIds", "groupIds")
    return answers.ok({
        "vulnerabilitiesScanEnabled": tenant.scanning, "extensiveScanEnabled": tenant.scanning,
        "extensiveLinuxScanEnabled": tenant.scanning, "scanSchedule": None, "inheritedFrom": "Global",
        "isDefaultPolicy": True, "hasBreakingInheritance": False,
    })  # fmt: skip


def scan(_: SimulatedTenant, __: Request) -> Answer:
    """Refused; that it was asked for stands in the server's log."""
    return answers.forbidden("User does not have required permissions")


Handler = Callable[[SimulatedTenant, Request], Answer]
OPEN: dict[tuple[str, str], Handler] = {
    ("GET", "/system/status"): status,
    ("POST", "/users/api-token-details"): token_details,
}
CLOSED: dict[tuple[str, str], Handler] = {
    ("GET", "/system/info"): info,
    ("GET", "/user"): user,
    ("GET", "/accounts"): accounts,
    ("GET", "/sites"): sites,
    ("GET", "/groups"): groups,
    ("GET", "/agents"): agent_list,
    ("GET", "/agents/tags"): tag_list,
    ("GET", "/application-management/risks"): risks,
    ("GET", "/application-management/settings"): settings,
    ("POST", "/application-management/scan"): scan,
}
