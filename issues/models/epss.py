"""The EPSS scores of one day, of every CVE there is: looked up when a CVE is met, replaced as a whole."""

from __future__ import annotations

from django.db import models


class EpssScore(models.Model):
    cve = models.CharField(max_length=64, primary_key=True)  # upper case
    score = models.FloatField()  # probability of an attack within 30 days, 0.0 to 1.0
    percentile = models.FloatField()  # share of CVEs with the same score or less, 0.0 to 1.0

    def __str__(self) -> str:
        return f"{self.cve} {self.score}"
