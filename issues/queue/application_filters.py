"""The filters of applications: one FilterSet for the list and for the API.

There are hundreds of applications where there are a million findings, so that they are filtered and counted in
Python, from what three questions bring of all that the user may see.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from issues.access import member_key
from issues.models import Application, ApplicationMember, ApplicationTag
from issues.models.application import UNASSIGNED, ApplicationQuerySet
from issues.queue.asked import AskedFilterSet
from issues.queue.fields import TextFilter, TextsFilter, WordsFilter

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

NOBODY = "~nobody"  # an owner that no user can be called
UNSET = "none"
YES, NO = "true", "false"
FLAG = [(YES, "Yes"), (NO, "No")]
ENVIRONMENTS = [*Application.Environment.choices, (UNSET, "Not set")]
PRIORITIES = [("1", "1, matters most"), ("2", "2"), ("3", "3"), ("4", "4"), ("5", "5, matters least")]
COLUMNS = ("pk", "slug", "name", "business_priority", "environment", "internet_facing", "sensitive_data")
ENVIRONMENT_LABELS = dict(Application.Environment.choices)


class Traits(NamedTuple):
    """What an application is for the filters, with everything that a row of the list says of it."""

    pk: int
    slug: str
    name: str
    business_priority: int
    environment: str
    internet_facing: bool
    sensitive_data: bool
    tags: Sequence[str]
    owners: Sequence[str]  # user names
    mine: bool  # in whatever role

    @property
    def is_unassigned(self) -> bool:
        return self.slug == UNASSIGNED

    @property
    def environment_label(self) -> str:
        return ENVIRONMENT_LABELS.get(self.environment, "")

    def has(self, words: Iterable[str]) -> bool:
        """Every word in the name, or in one of the tags."""
        texts = (self.name.casefold(), *self.tags)
        return all(any(word in text for text in texts) for word in words)


Wanted = Mapping[str, Collection[str]]
READ: dict[str, Callable[[Traits], Collection[str]]] = {
    "mine": lambda it: (YES,) if it.mine else (),
    "tag": lambda it: it.tags,
    "environment": lambda it: (it.environment or UNSET,),
    "priority": lambda it: () if it.is_unassigned else (str(it.business_priority),),
    "internet_facing": lambda it: (YES if it.internet_facing else NO,),
    "sensitive_data": lambda it: (YES if it.sensitive_data else NO,),
    "owner": lambda it: it.owners or (NOBODY,),
}


class ApplicationFilterSet(AskedFilterSet):
    """``ApplicationFilterSet(data, user=user)``. Several values of one filter widen it, several filters narrow."""

    q = TextFilter(label="Search")
    mine = WordsFilter(label="Member", choices=[(YES, "Me")])
    tag = TextsFilter(label="Tag")
    environment = WordsFilter(label="Environment", choices=ENVIRONMENTS)
    priority = WordsFilter(label="Business priority", choices=PRIORITIES)
    internet_facing = WordsFilter(label="Internet-facing", choices=FLAG)
    sensitive_data = WordsFilter(label="Sensitive data", choices=FLAG)
    owner = TextsFilter(label="Owner")

    class Meta:
        model = Application
        fields: list[str] = []

    def __init__(self, data: Any = None, *, user: User | AnonymousUser) -> None:
        super().__init__({} if data is None else data, Application.objects.none())
        self.user = user

    @cached_property
    def values(self) -> dict[str, Any]:
        """What was asked for, by filter: only what is valid and not empty."""
        values = super().values
        return values | ({"tag": [tag.casefold() for tag in values["tag"]]} if "tag" in values else {})

    @property
    def wanted(self) -> Wanted:
        return {name: values for name, values in self.values.items() if name != "q"}

    @cached_property
    def visible(self) -> list[Traits]:
        """What the user may see, before any filter."""
        return traits_of(Application.objects.visible_to(self.user), self.user)

    @cached_property
    def searched(self) -> list[Traits]:
        """What the search finds, before any other filter."""
        words = self.values.get("q", "").casefold().split()
        return [it for it in self.visible if it.has(words)]

    @cached_property
    def judged(self) -> list[tuple[Traits, list[str]]]:
        """What the search finds, each with the filters that keep it out."""
        wanted = self.wanted
        return [(it, failing(it, wanted)) for it in self.searched]

    @cached_property
    def found(self) -> list[Traits]:
        return [it for it, fails in self.judged if not fails]

    def filter_queryset(self, queryset: ApplicationQuerySet) -> ApplicationQuerySet:
        return queryset.filter(pk__in=[it.pk for it in self.found]) if self.values else queryset


def failing(traits: Traits, wanted: Wanted) -> list[str]:
    """The filters that keep the application out."""
    return [name for name, values in wanted.items() if not set(READ[name](traits)) & set(values)]


def traits_of(applications: ApplicationQuerySet, user: User | AnonymousUser) -> list[Traits]:
    """By name. Three questions, whatever their number."""
    some = applications.values("pk")
    tags: dict[int, list[str]] = defaultdict(list)
    for pk, name in ApplicationTag.objects.filter(application__in=some).values_list("application_id", "name"):
        tags[pk].append(name)
    owners, mine, me = defaultdict[int, list[str]](list), set[int](), member_key(user)
    people = ApplicationMember.objects.filter(application__in=some).order_by("user__username")
    for pk, key, name, role in people.values_list("application_id", "user_id", "user__username", "role"):
        if role == ApplicationMember.Role.OWNER:
            owners[pk].append(name)
        if key == me:
            mine.add(pk)
    rows = applications.order_by("name").values_list(*COLUMNS)
    return [Traits._make((*row, tags.get(row[0], ()), owners.get(row[0], ()), row[0] in mine)) for row in rows]


def tag_names() -> list[str]:
    """Every tag in use, for people who may see all applications."""
    return list(ApplicationTag.objects.order_by("name").values_list("name", flat=True).distinct())
