"""Which parameters each list takes. The console refuses what it does not know, and so do we.

A rule is ``<how> <field>``: how a value is compared with which field of a row. ``unfelt`` stands for
parameters that are documented but not simulated: they are refused too, rather than ignored.
"""

from __future__ import annotations

from dataclasses import dataclass, field

PAGING = {"limit", "cursor", "skip", "skipCount", "countOnly", "sortBy", "sortOrder"}
MOMENTS = ("lt", "lte", "gt", "gte", "between")


@dataclass(frozen=True, slots=True)
class Accepts:
    """What one list takes. ``search`` are the fields that ``query`` looks at."""

    rules: dict[str, str]
    sortable: frozenset[str] = frozenset({"id"})
    limit: int = 1000
    search: tuple[str, ...] = ()
    unfelt: frozenset[str] = field(default_factory=frozenset)


def times(*names: str) -> dict[str, str]:
    return {f"{name}__{moment}": f"{moment} {name}" for name in names for moment in MOMENTS}


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


RISKS = Accepts(
    {
        "accountIds": "in accountId", "siteIds": "in siteId", "groupIds": "in groupId",
        "severities": "in severity", "cveId__contains": "contains cveId",
        "application__contains": "contains application", "applicationVendor__contains": "contains applicationVendor",
        "applicationNames": "in applicationName", "vendors": "in applicationVendor",
        "endpointName__contains": "contains endpointName", "domain__contains": "contains domain",
        "domains": "in domain", "osTypes": "in osType", "osVersions": "in osVersion",
        "endpointTypes": "in endpointType", "lastScanResults": "in lastScanResult",
        "mitigationStatus": "coded mitigationStatus", "exploitCodeMaturity": "coded exploitCodeMaturity",
        "remediationLevels": "coded remediationLevel", "reportConfidence": "coded reportConfidence",
        "analystVerdict": "verdict markType", "riskScore__between": "range riskScore",
        "includeRemovals": "option includeRemovals", "daysFromCveDetection": "days detectionDate",
        **times("detectionDate", "publishedDate", "riskUpdatedDate"),
    },
    sortable=words(
        "id accountId siteId cveId endpointName application applicationVendor baseScore severity daysDetected "
        "detectionDate publishedDate lastScanDate lastScanResult nvdBaseScore riskScore exploitCodeMaturity "
        "remediationLevel reportConfidence mitigationStatus"
    ),
    unfelt=words("exploitedInTheWild"),
)  # fmt: skip

AGENTS = Accepts(
    {
        "ids": "in id", "uuid": "in uuid", "uuids": "in uuid", "uuid__contains": "contains uuid",
        "accountIds": "in accountId", "siteIds": "in siteId", "groupIds": "in groupId",
        "filteredSiteIds": "in siteId", "filteredGroupIds": "in groupId",
        "computerName": "in computerName", "computerName__contains": "contains computerName",
        "computerName__like": "contains computerName", "domains": "in domain", "domainsNin": "nin domain",
        "externalId__contains": "contains externalId", "externalIp__contains": "contains externalIp",
        "osTypes": "in osType", "osTypesNin": "nin osType", "osArch": "in osArch",
        "machineTypes": "in machineType", "machineTypesNin": "nin machineType",
        "agentVersions": "in agentVersion", "agentVersionsNin": "nin agentVersion",
        "networkStatuses": "in networkStatus", "networkStatusesNin": "nin networkStatus",
        "isActive": "flags isActive", "isDecommissioned": "flags isDecommissioned",
        "isUninstalled": "flags isUninstalled", "isPendingUninstall": "flags isPendingUninstall",
        "isUpToDate": "flags isUpToDate", "infected": "flags infected", "hasTags": "tagged tags",
        "tagsData": "tagdata tags", "cloudProvider": "keys cloudProviders",
        "cloudAccount__contains": "contains cloudProviders", "cloudTags__contains": "contains cloudProviders",
        "lastLoggedInUserName__contains": "contains lastLoggedInUserName", "query": "search",
        **times("updatedAt", "createdAt", "registeredAt", "lastActiveDate"),
    },
    sortable=words(
        "id computerName createdAt registeredAt updatedAt lastActiveDate siteId accountId osType machineType"
    ),
    search=("computerName", "domain", "externalIp", "lastIpToMgmt", "uuid"),
    unfelt=words(
        "activeThreats activeThreats__gt adComputerMember__contains adComputerName__contains adQuery "
        "adUserName__contains appsVulnerabilityStatuses awsRole__contains coreCount__gt cpuCount__gt "
        "encryptedApplications filterId firewallEnabled gatewayIp locationIds mitigationMode osVersion__contains "
        "rangerStatuses scanStatuses serialNumber__contains threatResolved totalMemory__gt userActionsNeeded"
    ),
)  # fmt: skip

ACCOUNTS = Accepts(
    {
        "ids": "in id", "accountIds": "in id", "name": "in name", "states": "in state",
        "accountType": "in accountType", "usageType": "in usageType", "billingMode": "in billingMode",
        "isDefault": "flags isDefault", "query": "search",
    },
    sortable=words("id name state activeAgents numberOfSites createdAt updatedAt"),
    search=("name",),
    unfelt=words("activeLicenses createdAt updatedAt expiration features totalLicenses"),
)  # fmt: skip

SITES = Accepts(
    {
        "siteIds": "in id", "accountId": "in accountId", "accountIds": "in accountId",
        "accountName__contains": "contains accountName", "name": "in name", "name__contains": "contains name",
        "state": "in state", "states": "in state", "siteType": "in siteType", "isDefault": "flags isDefault",
        "externalId": "in externalId", "query": "search",
    },
    sortable=words("id name accountName state siteType activeLicenses createdAt updatedAt"),
    search=("name", "description"),
    unfelt=words(
        "activeLicenses adminOnly availableMoveSites createdAt description description__contains expiration features "
        "healthStatus module registrationToken sku suite totalLicenses updatedAt"
    ),
)  # fmt: skip

GROUPS = Accepts(
    {
        "siteIds": "in siteId", "accountIds": "in accountId", "groupIds": "in id", "id": "in id", "name": "in name",
        "type": "in type", "types": "in type", "isDefault": "flags isDefault", "query": "search",
        **{name: rule for name, rule in times("updatedAt").items() if not rule.startswith("between")},
    },
    sortable=words("id name type totalAgents createdAt updatedAt"),
    limit=300,
    search=("name",),
    unfelt=words("description rank registrationToken"),
)  # fmt: skip

TAGS = Accepts(
    {
        "ids": "in id", "key": "in key", "value": "in value", "key__contains": "contains key",
        "value__contains": "contains value", "query": "search",
    },
    sortable=words("id key value totalEndpoints"),
    search=("key", "value"),
    unfelt=words("accountIds siteIds groupIds description includeChildren includeParents"),
)  # fmt: skip
