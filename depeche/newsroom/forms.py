"""The forms by which an administrator adds and changes colleagues."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import AbstractUser, Group
from django.utils.translation import gettext_lazy as _
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.models import UserProfile

from .actions import is_last_administrator
from .models import Role

MAY = {
    Role.Key.CONTRIBUTOR: _("write their own articles and send them for review"),
    Role.Key.EDITOR: _("review and change every article, compose editions"),
    Role.Key.PUBLISHER: _("publish, schedule and take down articles, send editions, arrange sections"),
    Role.Key.SUBSCRIBER_DESK: _("look after readers and their subscriptions; no articles"),
}


class RoleField(forms.ModelMultipleChoiceField):
    """Groups, with a word on what each may do."""

    def label_from_instance(self, group: Group) -> str:
        role = getattr(group, "role", None)
        return f"{group.name} – {MAY[Role.Key(role.key)]}" if role else group.name


class ColleagueForm(forms.Form):
    """What both forms ask besides Wagtail's own fields."""

    language = forms.ChoiceField(
        label=_("Language of their screens and mails"), choices=settings.WAGTAILADMIN_PERMITTED_LANGUAGES
    )
    groups = RoleField(
        label=_("Roles"),
        queryset=Group.objects.select_related("role").order_by("role__pk", "name"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, for_user: AbstractUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not for_user.is_superuser:
            self.fields.pop("is_superuser", None)
        if "is_superuser" in self.fields:  # Wagtail asks nobody about themselves
            self.fields["is_superuser"].help_text = _(
                "People, roles and settings too. Two or three administrators are enough."
            )
        instance = getattr(self, "instance", None)
        profile = getattr(instance, "wagtail_userprofile", None) if instance and instance.pk else None
        self.fields["language"].initial = (
            profile.get_preferred_language() if profile else settings.LANGUAGE_CODE
        )

    def keep_language(self, user: AbstractUser) -> None:
        profile = UserProfile.get_for_user(user)
        profile.preferred_language = self.cleaned_data["language"]
        profile.save(update_fields=["preferred_language"])


class NewColleagueForm(ColleagueForm, UserCreationForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = _(
            "Leave it empty: they get a link by mail and choose their own password."
        )
        self.fields["password2"].help_text = ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("groups") and not cleaned.get("is_superuser"):
            self.add_error("groups", _("Choose a role: without one they could not even sign in."))
        return cleaned

    def save(self, commit: bool = True) -> AbstractUser:
        user = super().save(commit=False)
        if not self.cleaned_data["password1"]:
            user.set_unusable_password()
        if commit:
            user.save()
            self.save_m2m()
            self.keep_language(user)
        return user


class ColleagueEditForm(ColleagueForm, UserEditForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Leaving has its own page: it ends sessions and gives work back, a box would not.
        self.fields.pop("is_active", None)

    def clean_is_superuser(self) -> bool:
        stays = self.cleaned_data["is_superuser"]
        if not stays and is_last_administrator(self.instance):
            raise forms.ValidationError(
                _("This is the last administrator. Make somebody else administrator first.")
            )
        return stays

    def save(self, commit: bool = True) -> AbstractUser:
        user = super().save(commit=commit)
        if commit:
            self.keep_language(user)
        return user
