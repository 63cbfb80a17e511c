"""Mails to colleagues: each in its recipient's language, in the name of the paper, with where to act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser, User
from django.db import transaction
from django.db.models import Count, F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.mail import (
    GroupApprovalTaskStateSubmissionEmailNotifier,
    WorkflowStateApprovalEmailNotifier,
    WorkflowStateRejectionEmailNotifier,
)
from wagtail.models import Page, Site, TaskState, WorkflowState
from wagtail.permissions import page_permission_policy
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected
from wagtail.users.models import UserProfile

from depeche import facts
from depeche.articles.corrections import may_answer
from depeche.articles.models import ErrorReport, MissedSchedule, SlippedPast
from depeche.delivery import actions as delivery
from depeche.delivery.messages import named_address
from depeche.subscribers import rights_desk

SILENCE = dt.timedelta(hours=1)
NAMED_AT_MOST = 20


def write(user: AbstractUser, mail: str, context: Mapping[str, Any]) -> None:
    """Enqueue the mail of templates/newsroom/mail_<mail>.txt for `user`; without an address, nothing."""
    if not user.email:
        return
    with translation.override(UserProfile.get_for_user(user).get_preferred_language()):
        context = {**context, "recipient": user, "base_url": settings.BASE_URL, "paper": paper_name()}
        subject = render_to_string(f"newsroom/mail_{mail}_subject.txt", context)
        text = render_to_string(f"newsroom/mail_{mail}.txt", context)
    delivery.send(
        sender=sender(), recipient=user.email, subject=" ".join(subject.split()), text=text.strip() + "\n"
    )


def sender() -> str:
    """The newsroom as a header value: the name its operator gave the address, or that of the paper."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return named_address(name or paper_name(), address)


def paper_name() -> str:
    site = Site.objects.select_related("root_page").filter(is_default_site=True).first()
    return site.root_page.title if site else settings.WAGTAIL_SITE_NAME


def tell_missed(fact: facts.ScheduleMissed) -> None:
    """Write to the publisher who set the time; to all publishers where they may not publish it any more."""
    missed = MissedSchedule.objects.select_related("scheduled_by").filter(pk=fact.missed_id).first()
    if missed is None:
        return
    for user in _who_sees_to(missed):
        path = AdminURLFinder(user).get_edit_url(missed.target) or reverse("wagtailadmin_home")
        write(user, "missed", {"missed": missed, "edit_url": settings.BASE_URL + path})


def tell_slipped_past(fact: facts.SlippedPastTheGate) -> None:
    """Write to whoever may publish the article, administrators where nobody else may."""
    slipped = SlippedPast.objects.select_related("article").filter(article_id=fact.article_id).first()
    if slipped is None:
        return
    article = slipped.article
    able = list(page_permission_policy.users_with_permission_for_instance("publish", article))
    for user in [user for user in able if not user.is_superuser] or able:
        path = reverse("wagtailadmin_pages:edit", args=[article.pk])
        write(user, "slipped", {"slipped": slipped, "edit_url": settings.BASE_URL + path})


@transaction.atomic
def tell_reports(at: dt.datetime | None = None) -> int:
    """Write of the errors readers reported since the last time: one mail a colleague; how many mails.

    An article that is told of is silent for an hour, however many reports follow.
    """
    at = at or timezone.now()
    silent = ErrorReport.objects.filter(told_at__gt=at - SILENCE).values("article_id")
    news = ErrorReport.objects.open().filter(told_at=None).exclude(article_id__in=silent)
    numbers = list(news.values_list("pk", flat=True))
    if not numbers:
        return 0
    mails = 0
    for user in _who_answers():
        theirs = ErrorReport.objects.filter(pk__in=numbers).answerable_by(user).order_by()
        articles = theirs.values(headline=F("article__title")).annotate(count=Count("pk")).order_by("-count")
        if articles:
            url = settings.BASE_URL + reverse("error_reports")
            write(user, "reports", {"articles": articles[:NAMED_AT_MOST], "desk_url": url})
            mails += 1
    ErrorReport.objects.filter(pk__in=numbers).update(told_at=at)
    return mails


@transaction.atomic
def tell_rights(at: dt.datetime | None = None) -> int:
    """Write of the requests about personal data that are due within a week, of each once; how many mails."""
    at = at or timezone.now()
    near = list(rights_desk.near_requests(timezone.localdate(at)).select_for_update(of=("self",)))
    if not near:
        return 0
    able = [user for user in User.objects.filter(is_active=True) if rights_desk.may_answer(user)]
    told = [user for user in able if not user.is_superuser] or able
    for user in told:
        url = settings.BASE_URL + reverse("rights_requests")
        write(user, "rights", {"requests": near[:NAMED_AT_MOST], "desk_url": url})
    rights_desk.note_reminded(near, at=at)
    return len(told)


def _who_answers() -> list[User]:
    """Whoever may answer readers, administrators where nobody else may."""
    able = [user for user in User.objects.filter(is_active=True) if may_answer(user)]
    return [user for user in able if not user.is_superuser] or able


def _who_sees_to(missed: MissedSchedule) -> list[User]:
    """Who set the time, if they may still publish it; else whoever may, administrators where nobody else does."""
    if isinstance(missed.target, Page):
        found = page_permission_policy.users_with_permission_for_instance("publish", missed.target)
        able = list(found)
    else:
        able = list(User.objects.filter(is_active=True, is_superuser=True))
    by = missed.scheduled_by
    if by and by in able:
        return [by]
    return [user for user in able if not user.is_superuser] or able


class ByOurLane:
    """Of one of Wagtail's notifiers: whom and when stays its business, the words and the road are ours."""

    mail = ""

    def send_notifications(
        self,
        template_set: object,
        context: dict[str, Any],
        recipients: Collection[AbstractUser],
        **kwargs: Any,
    ) -> bool:
        page = Page.objects.get(pk=context["page"].pk).specific.get_latest_revision_as_object()
        edit_url = settings.BASE_URL + reverse("wagtailadmin_pages:edit", args=[page.pk])
        actor = kwargs.get("user")
        for user in recipients:
            write(user, self.mail, {**context, "page": page, "edit_url": edit_url, "actor": actor})
        return True


class ToReview(ByOurLane, GroupApprovalTaskStateSubmissionEmailNotifier):
    mail = "to_review"


class SentBack(ByOurLane, WorkflowStateRejectionEmailNotifier):
    mail = "sent_back"


class Approved(ByOurLane, WorkflowStateApprovalEmailNotifier):
    mail = "approved"


def listen() -> None:
    """Answer the workflow instead of Wagtail's notifiers, and hear what was missed.

    Django connects one receiver per `dispatch_uid`, and we are there before Wagtail (INSTALLED_APPS).
    """
    for signal, sender_class, uid, notifier in (
        (task_submitted, TaskState, "group_approval_task_submitted_email_notification", ToReview()),
        (workflow_rejected, WorkflowState, "workflow_state_rejected_email_notification", SentBack()),
        (workflow_approved, WorkflowState, "workflow_state_approved_email_notification", Approved()),
    ):
        signal.connect(notifier, sender=sender_class, dispatch_uid=uid, weak=False)
    facts.on(facts.ScheduleMissed, tell_missed)
    facts.on(facts.SlippedPastTheGate, tell_slipped_past)
