"""The people who write for us, as readers meet them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, TitleFieldPanel
from wagtail.search import index


class PersonQuerySet(models.QuerySet["Person"]):
    def named(self, name: str) -> Person:
        """The person of that name, made (with an address of their own) where there is none yet."""
        for slug in _addresses(name):
            found = self.filter(name=name).first()
            if found:
                return found
            if not self.filter(slug=slug).exists():
                try:
                    with transaction.atomic():
                        return self.create(name=name, slug=slug)
                except IntegrityError:  # somebody made them at this very moment
                    continue
        raise AssertionError("addresses never run out")


class Person(index.Indexed, models.Model):
    """Somebody who writes for us."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(
        _("address of the page"), max_length=140, unique=True, help_text=_("The end of /people/…/.")
    )
    role = models.CharField(_("role"), max_length=120, blank=True, help_text=_("“Reporter, town hall”."))
    bio = models.TextField(_("biography"), blank=True, max_length=1500)
    languages = models.CharField(_("languages"), max_length=200, blank=True)
    expertise = models.CharField(_("subjects"), max_length=300, blank=True)
    interests = models.TextField(
        _("declared interests"),
        blank=True,
        max_length=1000,
        help_text=_("Offices, holdings, memberships a reader would want to know of."),
    )
    contact = models.EmailField(_("public address"), blank=True)
    portrait = models.ForeignKey(
        "wagtailimages.Image",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("portrait"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="people",
        verbose_name=_("account"),
        help_text=_("The account this person signs in with."),
    )
    left_on = models.DateField(
        _("left the newsroom on"), null=True, blank=True, help_text=_("The page and the articles stay.")
    )

    objects = PersonQuerySet.as_manager()

    # Whose account a person is decides who must not publish alone: an administrator says so.
    panels = [
        TitleFieldPanel("name", targets=["slug"]),
        FieldPanel("slug"),
        FieldPanel("role"),
        FieldPanel("bio"),
        FieldRowPanel([FieldPanel("languages"), FieldPanel("expertise")]),
        FieldPanel("interests"),
        FieldPanel("portrait"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("contact"), FieldPanel("user", permission="superuser")]),
                FieldPanel("left_on"),
            ],
            heading=_("In the newsroom"),
        ),
    ]
    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        return reverse("person", args=[self.slug])


def _addresses(name: str) -> Iterator[str]:
    """« jeanne-morel », « jeanne-morel-2 », …"""
    first = slugify(name) or "person"
    yield first
    for number in itertools.count(2):
        yield f"{first}-{number}"
