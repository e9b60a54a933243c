"""What kinds of endpoints there are, what runs on them, and how they are named."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Role:
    """``name`` may use {site}, {n} (number) and {user}. ``systems`` are pairs of osName and osRevision."""

    key: str
    type: str
    os: str
    systems: tuple[tuple[str, str], ...]
    bundles: tuple[str, ...]
    name: str
    unit: str = "Computers"  # organisational unit; empty where there is no directory
    models: tuple[str, ...] = ("Dell Inc. - Latitude 5440", "LENOVO - ThinkPad T14 Gen 4", "HP - EliteBook 840 G10")


WIN11 = (("Windows 11 Enterprise", "22631"), ("Windows 11 Pro", "22621"))
WIN2019 = (("Windows Server 2019 Datacenter", "17763"),)
WIN2012 = (("Windows Server 2012 R2 Standard", "9600"),)
UBUNTU = (("Linux", "Ubuntu 22.04.4 LTS 5.15.0-94-generic"), ("Linux", "Ubuntu 22.04.2 LTS 5.15.0-25-generic"))
RHEL = (("Linux", "Red Hat Enterprise Linux release 8.8 (Ootpa) 4.18.0-477.10.1.el8_8"),)
MACOS = (("macOS", "Sonoma 14.2 (23C64)"), ("macOS", "Ventura 13.4 (22F66)"))
APPLE = ("Apple - MacBookPro18,3", "Apple - Mac14,2")
METAL = ("Dell Inc. - PowerEdge R740", "VMware, Inc. - VMware Virtual Platform")
CLOUD = ("Amazon EC2 - m6i.large",)
AZURE = ("Microsoft Corporation - Virtual Machine",)
TILL = ("HP - Engage One Pro",)

ROLES: dict[str, Role] = {
    role.key: role
    for role in (
        Role("office", "laptop", "windows", WIN11, ("win", "win-client", "office"), "{site}-LT-{n:04d}",
            "Workstations"),
        Role("finance", "desktop", "windows", WIN11, ("win", "win-client", "office", "finance"), "{site}-FIN-{n:03d}",
             "Finance"),
        Role("support", "desktop", "windows", WIN11, ("win", "win-client", "support"), "{site}-SUP-{n:03d}",
            "Support"),
        Role("developer", "laptop", "windows", WIN11, ("win", "win-client", "dev-win"), "{site}-DEV-{n:03d}",
            "Engineering"),
        Role("mac-office", "laptop", "macos", MACOS, ("mac", "mac-office"), "{user}-mbp", "", APPLE),
        Role("mac-developer", "laptop", "macos", MACOS, ("mac", "dev-mac"), "{user}-macbook", "", APPLE),
        Role("till", "desktop", "windows", WIN11, ("win", "win-client", "pos"), "{site}-POS-{n:03d}", "Tills", TILL),
        Role("directory", "server", "windows", WIN2019, ("win", "win-server", "ad"), "{site}-DC-{n:02d}",
            "Domain Controllers", METAL),
        Role("database", "server", "windows", WIN2019, ("win", "win-server", "sql"), "{site}-SQL-{n:02d}",
            "Servers", METAL),
        Role("intranet", "server", "windows", WIN2019, ("win", "win-server", "iis"), "{site}-WEB-{n:02d}",
            "Servers", METAL),
        Role("mail", "server", "windows", WIN2019, ("win", "win-server", "mail"), "{site}-MX-{n:02d}", "Servers",
            METAL),
        Role("legacy", "server", "windows_legacy", WIN2012, ("win", "win-legacy"), "{site}-OLD-{n:02d}", "Servers",
            METAL),
        Role("payments", "server", "linux", RHEL, ("rhel", "payments"), "pay-api-{n:03d}", "", CLOUD),
        Role("portal", "server", "linux", UBUNTU, ("ubuntu", "web"), "portal-{n:03d}", "", CLOUD),
        Role("warehouse", "server", "linux", UBUNTU, ("ubuntu", "data"), "dwh-{n:03d}", "", AZURE),
        Role("build", "server", "linux", UBUNTU, ("ubuntu", "build"), "build-{n:02d}", "", METAL),
        Role("cluster", "kubernetes node", "linux", UBUNTU, ("ubuntu", "k8s"), "ip-10-42-{a}-{b}", "", CLOUD),
    )
}  # fmt: skip
