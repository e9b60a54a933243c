"""A small healthy tenant in the console's own shapes, for tests to spoil."""

from __future__ import annotations

from typing import Any

from tests.sources.console import Console, Reply, page

TOKEN = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJib3QtNDEifQ.c2lnbmF0dXJlLW9mLXRlc3Q"
ACCOUNT_ID = "2010956593562169001"
SITE_ID = "2010956594736574002"


def risk(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A row as a tenant with the vulnerability management module sends it."""
    return {
        "id": str(2228104980801805000 + number),
        "cveId": "CVE-2024-38063",
        "severity": "CRITICAL",
        "status": "Detected",
        "application": "Example Reader 11.2",
        "applicationName": "Example Reader",
        "applicationVendor": "Example & Sons",
        "applicationVersion": "11.2",
        "nvdBaseScore": "9.80",
        "nvdCvssVersion": "3.1",
        "riskScore": "8.10",
        "exploitCodeMaturity": "Functional",
        "remediationLevel": "Official Fix",
        "reportConfidence": "Confirmed",
        "mitigationStatus": "Not mitigated",
        "markType": "",
        "markedBy": None,
        "reason": None,
        "daysDetected": 20,
        "detectionDate": "2026-04-10T06:09:01.882869Z",
        "publishedDate": "2024-08-13T18:15:00Z",
        "lastScanDate": "2026-04-15T10:24:22Z",
        "lastScanResult": "Succeeded",
        "endpointId": "2162143406517023959",
        "endpointName": "fin-lt-0042",
        "endpointType": "laptop",
        "osType": "windows",
        **changes,
    }


def risk_without_module(number: int = 1, **changes: Any) -> dict[str, Any]:
    """The paid fields are missing as keys, and the score has another name."""
    row = risk(number, baseScore="7.00", cvssVersion="3.1")
    for key in ("nvdBaseScore", "nvdCvssVersion", "riskScore", "exploitCodeMaturity", "remediationLevel"):
        del row[key]
    del row["reportConfidence"], row["mitigationStatus"]
    return row | changes


def agent(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "id": str(2162143406517023000 + number),
        "uuid": "0e7c9a51",
        "computerName": "fin-lt-0042",
        "machineType": "laptop",
        "osType": "windows",
        "osName": "Windows 11 Pro",
        "domain": "CORP",
        "accountId": ACCOUNT_ID,
        "accountName": "Example Account",
        "siteId": SITE_ID,
        "siteName": "Head office",
        "groupId": "2010956595000000003",
        "groupName": "Finance",
        "externalId": "asset-9",
        "externalIp": "81.2.69.143",
        "activeDirectory": {"computerDistinguishedName": "CN=FIN-LT-0042,OU=Finance,DC=corp", "computerMemberOf": []},
        "cloudProviders": {},
        "tags": {"sentinelone": [{"id": "1", "key": "app", "value": "payroll"}]},
        "agentVersion": "24.1.2.6",
        "isActive": True,
        "isDecommissioned": False,
        "lastActiveDate": "2026-04-15T10:24:22.506000Z",
        "licenseKey": "licence-key-that-must-not-show",
        **changes,
    }


def account(**changes: Any) -> dict[str, Any]:
    return {"id": ACCOUNT_ID, "name": "Example Account", "state": "active", "activeAgents": 120} | changes


def site(**changes: Any) -> dict[str, Any]:
    row = {"id": SITE_ID, "name": "Head office", "accountId": ACCOUNT_ID, "state": "active", "activeLicenses": 100}
    return row | {"registrationToken": "registration-token-that-must-not-show"} | changes


def group(**changes: Any) -> dict[str, Any]:
    row = {"id": "2010956595000000003", "name": "Finance", "siteId": SITE_ID, "totalAgents": 12}
    return row | {"registrationToken": "registration-token-that-must-not-show"} | changes


def sites_page(*rows: dict[str, Any]) -> Reply:
    return page({"sites": list(rows), "allSites": {"activeLicenses": 0}}, total=len(rows))


def make_healthy(console: Console) -> None:
    console.answer("/system/status", Reply({"data": {"health": "ok"}}))
    console.answer("/system/info", Reply({"data": {"version": "Z", "build": "41"}}))
    user = {"fullName": "Import Bot", "scope": "account", "apiToken": {"expiresAt": "2027-03-01T10:00:00.5Z"}}
    console.answer("/user", Reply({"data": user}))
    console.answer("/accounts", page([account()], total=1))
    console.answer("/sites", sites_page(site()))
    console.answer("/groups", page([group()], total=1))
    console.answer("/agents", page([agent()], total=1))
    console.answer("/application-management/risks", page([risk(1), risk(2)], total=2))
    console.answer("/application-management/settings", Reply({"data": {"vulnerabilitiesScanEnabled": True}}))
