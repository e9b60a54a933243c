"""What a person decided about more issues than an answer waits for, until all of them have it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from issues.models.lease import Leased


class BulkDecision(Leased):
    """Kept until the work is over, so that no kill and no lost message can forget it. Fields as those of ``Deed``."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()  # the moment that every decision of it carries
    kind = models.CharField(max_length=14, blank=True)
    value = models.CharField(max_length=150, blank=True)
    reason = models.TextField(blank=True)
    until = models.DateTimeField(null=True, blank=True)
    query = models.TextField(blank=True)  # the address of the list, without its "?": which issues
    total = models.PositiveIntegerField(default=0)  # issues that were meant
    done = models.PositiveIntegerField(default=0)
    undone = models.BooleanField(default=False)  # from here on they go back

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "at"), name="bulk_decision_of_moment"),)

    def __str__(self) -> str:
        return f"{self.kind or 'undo'} of {self.at}"

    def went_on(self, issues: int) -> None:
        """So many more are done; keeps the lease."""
        self._row().update(done=models.F("done") + issues, lease_until=self._lease_end())

    @property
    def is_wanted(self) -> bool:
        """As it was read: nobody has taken it back since."""
        return BulkDecision.objects.filter(pk=self.pk, undone=self.undone).exists()

    def finish(self) -> bool:
        """Forget it; false when somebody has taken it back since it was read."""
        BulkDecision.objects.filter(pk=self.pk, undone=self.undone).delete()
        return not BulkDecision.objects.filter(pk=self.pk).exists()
