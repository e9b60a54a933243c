"""Well-known CVEs, and what comes out of the default weights for each of them in four places.

KEV is as of the catalogue of 25 August 2025, and a test compares it. EPSS is given as a band, since its numbers move
every day; bands and maturities are what experts would expect, not data.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from issues.severity.factors import ASPECT_OF, DEFAULTS, FACTORS, Type, codes_of
from issues.severity.facts import Facts, Surface
from issues.severity.ledger import ledger
from issues.severity.levels import level_of

TODAY = date(2025, 9, 1)
BANDS = {"very high": 0.9, "high": 0.3, "middle": 0.05, "low": 0.005, "very low": 0.0005}
RANKS = {"very high": 0.99, "high": 0.97, "middle": 0.9, "low": 0.6, "very low": 0.15}


@dataclass(frozen=True)
class Known:
    cve: str
    name: str
    cvss: float
    kev: str  # "", "kev" or "ransomware"
    epss: str
    maturity: str


ROWS = """
CVE-2021-44228 | Log4Shell | 10.0 | ransomware | very high | High
CVE-2017-0144 | EternalBlue | 8.8 | ransomware | very high | High
CVE-2020-1472 | Zerologon | 10.0 | ransomware | very high | High
CVE-2019-0708 | BlueKeep | 9.8 | ransomware | very high | High
CVE-2020-0796 | SMBGhost | 10.0 | ransomware | very high | Functional
CVE-2021-34527 | PrintNightmare | 8.8 | ransomware | very high | High
CVE-2021-26855 | ProxyLogon | 9.1 | ransomware | very high | High
CVE-2022-41040 | ProxyNotShell | 8.8 | ransomware | very high | High
CVE-2023-34362 | MOVEit Transfer | 9.8 | ransomware | very high | High
CVE-2019-19781 | Citrix ADC | 9.8 | ransomware | very high | High
CVE-2023-4966 | Citrix Bleed | 7.5 | ransomware | very high | High
CVE-2018-13379 | FortiOS SSL VPN | 9.8 | ransomware | very high | High
CVE-2023-0669 | GoAnywhere MFT | 7.2 | ransomware | very high | High
CVE-2017-5638 | Struts | 9.8 | ransomware | very high | High
CVE-2014-0160 | Heartbleed | 7.5 | kev | very high | High
CVE-2014-6271 | Shellshock | 9.8 | kev | very high | High
CVE-2022-22965 | Spring4Shell | 9.8 | kev | very high | High
CVE-2023-44487 | HTTP/2 Rapid Reset | 7.5 | kev | very high | High
CVE-2023-20198 | IOS XE web UI | 10.0 | kev | very high | High
CVE-2023-23397 | Outlook | 9.8 | kev | very high | High
CVE-2022-30190 | Follina | 7.8 | ransomware | very high | High
CVE-2021-40444 | MSHTML | 7.8 | ransomware | very high | High
CVE-2017-11882 | Equation Editor | 7.8 | ransomware | very high | High
CVE-2018-8174 | VBScript | 7.5 | ransomware | very high | High
CVE-2020-0601 | CurveBall | 8.1 | kev | very high | Functional
CVE-2024-21412 | SmartScreen | 8.1 | kev | very high | High
CVE-2023-36884 | Office and Windows HTML | 7.5 | ransomware | very high | High
CVE-2024-30051 | DWM Core Library | 7.8 | ransomware | high | High
CVE-2023-4863 | libwebp | 8.8 | kev | very high | High
CVE-2023-5217 | libvpx | 8.8 | kev | middle | High
CVE-2023-38831 | WinRAR | 7.8 | ransomware | very high | High
CVE-2025-8088 | WinRAR | 8.4 | kev | middle | High
CVE-2025-0411 | 7-Zip | 7.0 | kev | high | High
CVE-2021-4034 | PwnKit | 7.8 | kev | very high | High
CVE-2022-0847 | Dirty Pipe | 7.8 | kev | very high | High
CVE-2016-5195 | Dirty COW | 7.0 | kev | very high | High
CVE-2021-3156 | Baron Samedit | 7.8 | kev | very high | High
CVE-2024-3094 | XZ backdoor | 10.0 | | high | Proof of Concept
CVE-2024-6387 | regreSSHion | 8.1 | | high | Proof of Concept
CVE-2024-38063 | Windows IPv6 | 9.8 | | very high | Proof of Concept
CVE-2022-3602 | OpenSSL punycode | 7.5 | | high | Proof of Concept
CVE-2023-48795 | Terrapin | 5.9 | | high | Proof of Concept
CVE-2021-45105 | Log4j, denial of service | 5.9 | | high | Proof of Concept
CVE-2024-31497 | PuTTY, biased nonces | 5.9 | | middle | Proof of Concept
CVE-2016-2183 | Sweet32 | 7.5 | | middle | Proof of Concept
CVE-2015-4000 | Logjam | 3.7 | | very high | Proof of Concept
CVE-2013-2566 | RC4 in TLS | 5.9 | | low | Unproven
CVE-2023-40477 | WinRAR recovery volumes | 7.8 | | middle | Proof of Concept
CVE-2024-11477 | 7-Zip, Zstandard | 7.8 | | low | Unproven
CVE-2023-31102 | 7-Zip, PPMd | 7.8 | | very low | Unproven
CVE-2025-11002 | 7-Zip, symbolic links | 7.0 | | very low | Unproven
CVE-2023-40036 | Notepad++ | 5.5 | | very low | Proof of Concept
CVE-2024-26247 | Edge | 4.7 | | very low | Unproven
CVE-2024-29057 | Edge, spoofing | 4.3 | | very low | Unproven
"""


def known() -> list[Known]:
    rows = ([cell.strip() for cell in line.split("|")] for line in ROWS.strip().splitlines())
    return [Known(cve, name, float(cvss), kev, epss, maturity) for cve, name, cvss, kev, epss, maturity in rows]


def facts_of(known: Known) -> Facts:
    return Facts(
        vendor_severity=level_of(known.cvss),
        today=TODAY,
        cvss=known.cvss,
        kev=bool(known.kev),
        ransomware=known.kev == "ransomware",
        epss=BANDS[known.epss],
        percentile=RANKS[known.epss],
        exploit_maturity=known.maturity,
        findings=1,
        endpoints=1,
    )


PLACES: dict[str, dict] = {
    "office laptop": {"surface": Surface.WORKSTATION},
    "development laptop, priority 4": {
        "surface": Surface.WORKSTATION, "environment": "development", "business_priority": 4,
    },
    "production server": {"surface": Surface.SERVER, "environment": "production", "business_priority": 2},
    "internet-facing, priority 1": {
        "surface": Surface.SERVER, "environment": "production", "business_priority": 1, "internet_facing": True,
    },
}  # fmt: skip


def table() -> str:
    """As it stands in docs/severity.md."""
    lines = [
        f"| CVE | What | Vendor | By itself | {' | '.join(place.capitalize() for place in PLACES)} |",
        f"|---|---|---|---|{'---|' * len(PLACES)}",
    ]
    for row in known():
        facts = facts_of(row)
        start = ledger(facts, DEFAULTS)
        reasons = [FACTORS[code].name for code in codes_of(start.bits) if ASPECT_OF[code].type is Type.EXPLOITABLE]
        results = [ledger(facts._replace(**place), DEFAULTS) for place in PLACES.values()]
        cells = [f"{made.level.label} {made.score:.1f}" for made in results]
        vendor = f"{facts.vendor_severity.label} {row.cvss:.1f}"
        lines.append(f"| {row.cve} | {row.name} | {vendor} | {', '.join(reasons) or 'nothing'} | {' | '.join(cells)} |")
    return "\n".join(lines)


def weights_table() -> str:
    """Every factor, as it stands in docs/severity.md."""
    lines = ["| Factor | Type | Weight | Speaks when | Why |", "|---|---|---|---|---|"]
    for code, factor in FACTORS.items():
        sign = "−" if factor.weight < 0 else "+"
        weight = f"{sign}{abs(factor.weight):.1f}"
        lines.append(f"| {factor.name} (`{code}`) | {ASPECT_OF[code].type} | {weight} | {factor.when} | {factor.why} |")
    return "\n".join(lines)


def write_into(path: Path) -> None:
    """Put both tables between their marks."""
    text = path.read_text()
    for name, made in (("cves", table()), ("weights", weights_table())):
        before, mark, rest = text.partition(f"<!-- {name} -->\n")
        _, end, after = rest.partition(f"\n<!-- end of {name} -->")
        text = f"{before}{mark}{made}{end}{after}"
    path.write_text(text)


if __name__ == "__main__":
    write_into(Path(sys.argv[1]))
