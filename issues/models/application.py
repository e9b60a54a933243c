"""A business application or service that people own, and who they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.text import slugify

from issues.access import member_key, sees_everything

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

UNASSIGNED = "unassigned"
RESERVED = ("new", "bulk", "mapping", "undo", "export")  # pages of the list stand at these addresses


def applications_of(user: User | AnonymousUser) -> models.QuerySet[ApplicationMember, int]:
    """Primary keys of those the user is a member of, to be used inside another query."""
    return ApplicationMember.objects.filter(user_id=member_key(user)).values_list("application_id", flat=True)


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, user: User | AnonymousUser) -> ApplicationQuerySet:
        """All of them, or for an application owner those where the user is a member."""
        return self if sees_everything(user) else self.filter(pk__in=applications_of(user))

    def with_owners(self) -> ApplicationQuerySet:
        """``owners`` of each is a list of memberships with their users."""
        return self.prefetch_related(models.Prefetch("members", ApplicationMember.objects.owners(), to_attr="owners"))

    def with_people_and_tags(self) -> ApplicationQuerySet:
        """``people`` of each is a list of all memberships with their users; ``tags.all()`` costs nothing more."""
        everybody = ApplicationMember.objects.with_users()
        return self.prefetch_related(models.Prefetch("members", everybody, to_attr="people"), "tags")

    def unassigned(self) -> Application:
        """The pseudo-application of every endpoint that no rule claims."""
        return self.get_or_create(slug=UNASSIGNED, defaults={"name": "Unassigned"})[0]

    def named(self, name: str) -> Application:
        """The application of that name, made when there is none."""
        name = " ".join(name.split())[:200]
        found = self.filter(name=name).first()
        return found or self.create(name=name, slug=self.free_slug(name))

    def free_slug(self, name: str) -> str:
        base = slugify(name)[:80] or "application"
        taken = {*RESERVED, *self.filter(slug__startswith=base).values_list("slug", flat=True)}
        number, slug = 1, base
        while slug in taken:
            number += 1
            slug = f"{base}-{number}"
        return slug


class Application(models.Model):
    class Environment(models.TextChoices):
        PRODUCTION = "production", "Production"
        STAGING = "staging", "Staging"
        DEVELOPMENT = "development", "Development"

    slug = models.SlugField(max_length=90, unique=True)
    name = models.CharField(max_length=200, unique=True)
    business_priority = models.PositiveSmallIntegerField(default=3)  # 1 matters most, 5 least
    environment = models.CharField(max_length=11, choices=Environment, blank=True)
    internet_facing = models.BooleanField(default=False)
    sensitive_data = models.BooleanField(default=False)
    assessed = models.CharField(max_length=40, blank=True)  # ``context`` as its issues know it
    description = models.TextField(blank=True)
    links = models.JSONField(default=list, blank=True)  # [{"label": "Runbook", "url": "https://…"}]
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(business_priority__gte=1, business_priority__lte=5),
                name="business_priority_1_to_5",
                violation_error_message="Business priority goes from 1 (matters most) to 5.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self.assessed = self.context  # it has no issues that could know otherwise
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("application", args=[self.slug])

    @property
    def context(self) -> str:
        """What severity factors see of it, as one short text."""
        flags = ("internet" if self.internet_facing else "", "sensitive" if self.sensitive_data else "")
        return "|".join((str(self.business_priority), self.environment, *flags))

    @property
    def is_unassigned(self) -> bool:
        return self.slug == UNASSIGNED

    @property
    def locked(self) -> tuple[str, ...]:
        """Fields that nobody changes."""
        return ("name", "business_priority") if self.is_unassigned else ()

    @property
    def bar_to_deletion(self) -> str:
        """Why it can't be deleted, as a sentence that says what to do; empty when it can."""
        if self.is_unassigned:
            return "“Unassigned” holds what no rule claims. It can't be deleted."
        if endpoints := self.endpoints.count():
            what = "1 endpoint belongs" if endpoints == 1 else f"{endpoints:,} endpoints belong"
            return f"{what} to it. Map them to another application first."
        if rule := self.mappingrule_set.first():
            return f"The mapping rule “{rule.name}” leads to it. Change the rule first."
        if self.issues.exists():
            return "Past issues belong to it and are kept for reports."
        return ""


class ApplicationMemberQuerySet(models.QuerySet["ApplicationMember"]):
    def owners(self) -> ApplicationMemberQuerySet:
        """By name, with their users."""
        return self.filter(role=ApplicationMember.Role.OWNER).with_users()

    def with_users(self) -> ApplicationMemberQuerySet:
        """By name."""
        return self.select_related("user").order_by("user__username")


class ApplicationMember(models.Model):
    """A person of an application. An owner without other roles sees only these applications."""

    class Role(models.TextChoices):
        OWNER = "owner", "Owner"
        SECURITY = "security", "Security contact"
        WATCHER = "watcher", "Watcher"

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role, default=Role.OWNER)

    objects = ApplicationMemberQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("application", "user"), name="member_once"),)

    def __str__(self) -> str:
        return f"{self.user} of {self.application}"


class ApplicationTag(models.Model):
    """A word people sort applications by, such as "pci" or "team-blue"; kept in small letters."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=60)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("name", "application"), name="tag_once"),)

    def __str__(self) -> str:
        return self.name
