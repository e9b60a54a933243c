"""CISA's catalogue of known exploited vulnerabilities, replaced as a whole."""

from __future__ import annotations

from django.db import models


class KevEntry(models.Model):
    cve = models.CharField(max_length=64, primary_key=True)  # upper case
    ransomware = models.BooleanField(default=False)  # known use in ransomware campaigns
    added = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "KEV entries"

    def __str__(self) -> str:
        return self.cve
