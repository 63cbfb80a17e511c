"""Where to begin an article, and an administrator's pages for colleagues."""

from __future__ import annotations

import itertools
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import AbstractUser, User
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin import messages
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.widgets.button import Button
from wagtail.users.utils import user_can_delete_user
from wagtail.users.views.users import CreateView, DeleteView, EditView, UserViewSet

from depeche.articles.models import Section

from . import actions
from .forms import ColleagueEditForm, NewColleagueForm


class Signed(HttpRequest):
    """A request of somebody who is signed in."""

    user: User


class NewColleague(CreateView):
    page_title = page_subtitle = gettext_lazy("Add a colleague")
    error_message = gettext_lazy("Something is missing or wrong: see below.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "for_user": self.request.user}

    def save_instance(self) -> AbstractUser:
        user = super().save_instance()
        if not user.has_usable_password():
            actions.invite(user, by=self.request.user)
        return user

    def get_success_message(self, instance: AbstractUser) -> str:
        name = get_user_display_name(instance)
        if instance.has_usable_password():
            return _("%(name)s may sign in.") % {"name": name}
        return _("%(name)s gets a mail with the link to choose a password.") % {"name": name}


class Colleague(EditView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not actions.may_look_after(request.user, self.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "for_user": self.request.user}

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        user = self.object
        if user == self.request.user:
            return list(super().header_more_buttons)
        if user.is_active:
            url = reverse("offboard", args=[user.pk])
            own = [Button(_("End access…"), url, icon_name="cross", priority=5)]
        else:
            own = [Button(_("Give access back…"), reverse("readmit", args=[user.pk]), icon_name="undo")]
        return own + list(super().header_more_buttons)


class RemoveColleague(DeleteView):
    """Who worked here is not deleted: the history would no longer say who did what."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = self.get_object()
        if user_can_delete_user(request.user, user) and actions.has_work(user):
            messages.error(request, refusal_to_delete(user))
            return redirect("wagtailusers_users:edit", user.pk)
        return super().dispatch(request, *args, **kwargs)


class ColleagueViewSet(UserViewSet):
    menu_label = gettext_lazy("Colleagues")
    add_view_class = NewColleague
    edit_view_class = Colleague
    delete_view_class = RemoveColleague
    create_template_name = "newsroom/colleague_form.html"
    edit_template_name = "newsroom/colleague_form.html"

    def get_form_class(self, for_update: bool = False) -> type[Form]:
        return ColleagueEditForm if for_update else NewColleagueForm


def refusal_to_delete(user: AbstractUser) -> str:
    return _(
        "%(name)s has worked here: the history must go on saying who did what. "
        "End their access instead; their work stays."
    ) % {"name": get_user_display_name(user)}


@require_safe
def write_article(request: Signed) -> HttpResponse:
    """The empty article; where there are several sections, first the choice of one."""
    sections = [
        section
        for section in Section.objects.select_related("locale").order_by("path")
        if section.permissions_for_user(request.user).can_add_subpage()
    ]
    sections.sort(key=lambda section: section.locale.language_code != get_language())  # their language first
    if len(sections) == 1:
        return redirect("wagtailadmin_pages:add", "articles", "article", sections[0].pk)
    by_language = itertools.groupby(sections, key=lambda section: section.locale.get_display_name())
    languages = [(language, list(group)) for language, group in by_language]
    return render(request, "newsroom/write.html", {"languages": languages})


@permission_required("auth.change_user", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def offboard(request: Signed, pk: int) -> HttpResponse:
    """What will happen to somebody's access and work; on POST it does."""
    user = get_object_or_404(User, pk=pk, is_active=True)
    if request.method == "POST":
        name = {"name": get_user_display_name(user)}
        try:
            actions.offboard(user, by=request.user)
        except actions.OwnAccess:
            messages.error(request, _("You cannot end your own access. Ask another administrator."))
        except actions.LastAdministrator:
            messages.error(
                request,
                _("%(name)s is the last administrator. Make somebody else administrator first.") % name,
            )
        else:
            messages.success(request, _("%(name)s no longer has access.") % name)
        return redirect("wagtailusers_users:edit", pk)
    return render(request, "newsroom/offboard.html", {"colleague": user, "groups": user.groups.all()})


@permission_required("auth.change_user", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def readmit(request: Signed, pk: int) -> HttpResponse:
    """Give somebody their access back."""
    user = get_object_or_404(User, pk=pk, is_active=False)
    if request.method == "POST":
        actions.readmit(user, by=request.user)
        messages.success(
            request,
            _("%(name)s gets a mail with the link to choose a new password. Choose their roles here.")
            % {"name": get_user_display_name(user)},
        )
        return redirect("wagtailusers_users:edit", pk)
    return render(request, "newsroom/readmit.html", {"colleague": user})


@permission_required("auth.change_user", raise_exception=True)
@require_POST
def invite(request: Signed, pk: int) -> HttpResponse:
    """Send the link to choose a password again: the first one may be lost or too old."""
    user = get_object_or_404(User, pk=pk, is_active=True)
    actions.invite(user, by=request.user)
    messages.success(
        request,
        _("%(name)s gets a mail with the link to choose a password.") % {"name": get_user_display_name(user)},
    )
    return redirect("wagtailusers_users:edit", pk)
