"""What waits for somebody: read from the rows, the same for the dashboard and whoever else asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db.models import CharField, Count, Exists, F, IntegerField, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import (
    Page,
    Revision,
    Task,
    TaskState,
    WorkflowState,
    WorkflowTask,
    get_default_page_content_type,
)
from wagtail.permissions import page_permission_policy

from depeche.articles import second_person
from depeche.articles.models import Article, Dismissal, ErrorReport, MissedSchedule, SlippedPast
from depeche.subscribers import rights_desk
from depeche.subscribers.rights_desk_words import urgency

from . import waiting_editions
from .waiting_rows import AT_MOST, Pile, Row


def piles(user: User) -> list[Pile]:
    """What waits for `user`, most urgent first; empty piles are left out."""
    if not user.is_active:
        return []
    sent_back, with_others = _own_under_way(user)
    editions = waiting_editions.editions(user)
    found = [
        Pile("missed", _("Did not happen as scheduled"), [*_missed(user), *editions.held]),
        Pile("slipped", _("Published past the desk"), list(_slipped_past(user))),
        Pile("overrides", _("To agree to, as a second person"), list(_overrides(user))),
        Pile("agreements", _("Editions to agree to"), editions.asked),
        Pile("undecided", _("Copies of unknown fate"), editions.undecided),
        Pile("sent_back", _("Sent back to me"), sent_back),
        *_reviews(user),
        Pile("rights", _("Requests about personal data"), list(_rights(user))),
        Pile("reports", _("Reported errors"), list(_reported(user))),
        Pile("editions", _("Editions to be sent"), editions.drafts),
        Pile("drafts", _("My drafts"), list(_drafts(user))),
        Pile("scheduled", _("Scheduled next"), list(_scheduled(user)), is_for_others=True),
        Pile("leaving", _("Editions that leave next"), editions.leaving, is_for_others=True),
        Pile("with_others", _("With others"), with_others, is_for_others=True),
    ]
    return [pile for pile in found if pile.rows]


def may_write(user: User) -> bool:
    return page_permission_policy.user_has_any_permission(user, ["add"])


def _may_publish(user: User) -> bool:
    return page_permission_policy.user_has_any_permission(user, ["publish"])


def _edit_url(page_id: Any) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page_id])


def _page_id(name: str) -> Cast:
    """The page a generic row of the outer query is about; PostgreSQL compares no text with numbers."""
    return Cast(OuterRef(name), output_field=IntegerField())


def _tasks(user: User) -> QuerySet[Task]:
    """The steps in which `user` answers."""
    if user.is_superuser:
        return Task.objects.filter(active=True)
    of_groups = Q(reviewtask__groups__user=user) | Q(groupapprovaltask__groups__user=user)
    return Task.objects.filter(of_groups, active=True).distinct()


def _missed(user: User) -> Iterable[Row]:
    if not _may_publish(user):
        return
    finder = AdminURLFinder(user)
    for missed in MissedSchedule.objects.all()[:AT_MOST]:
        yield Row(
            missed.title,
            finder.get_edit_url(missed.target) or "",
            _("See to it"),
            when=missed.due_at,
            note=missed.reason,
            is_alarm=True,
        )


def _slipped_past(user: User) -> Iterable[Row]:
    if not _may_publish(user):
        return
    for slipped in SlippedPast.objects.select_related("article").order_by("-found_at")[:AT_MOST]:
        yield Row(
            slipped.article.title,
            _edit_url(slipped.article_id),
            _("See to it"),
            when=slipped.found_at,
            note=", ".join(code for code, _words in slipped.stopping),
            is_alarm=True,
        )


def _overrides(user: User) -> Iterable[Row]:
    """What others ask to publish in spite of the desk, one row an article."""
    waiting = (
        Dismissal.objects.standing()
        .filter(severity="error", seconded_at=None)
        .exclude(by=user)
        .select_related("article", "by")
        .order_by("at")
    )
    shown: set[int] = set()
    for dismissal in waiting:
        if len(shown) == AT_MOST or dismissal.article_id in shown:
            continue
        if dismissal.article.permissions_for_user(user).can_publish():
            shown.add(dismissal.article_id)
            yield Row(
                dismissal.article.draft_title,
                _edit_url(dismissal.article_id),
                _("Look"),
                who=dismissal.by,
                when=dismissal.at,
                note=dismissal.reason,
            )


def _reported(user: User) -> Iterable[Row]:
    """Articles of which readers reported errors, those first that wait longest."""
    reports = ErrorReport.objects.open().answerable_by(user).order_by()
    by_article = reports.values("article_id", headline=F("article__title"))
    for row in by_article.annotate(count=Count("pk"), since=Min("reported_at")).order_by("since")[:AT_MOST]:
        yield Row(
            row["headline"],
            f"{reverse('error_reports')}?article={row['article_id']}",
            _("Answer"),
            when=row["since"],
            note=ngettext("%(count)d report", "%(count)d reports", row["count"]) % {"count": row["count"]},
        )


def _rights(user: User) -> Iterable[Row]:
    """What readers asked about their data, those due first; by law within a month."""
    if not rights_desk.may_answer(user):
        return
    today = timezone.localdate()
    for request in rights_desk.open_requests()[:AT_MOST]:
        yield Row(
            request.get_right_display(),
            reverse("rights_request", args=[request.pk]),
            _("Answer"),
            when=request.received_at,
            note=urgency(request, today),
            is_alarm=request.due_on <= today,
        )


def _own_under_way(user: User) -> tuple[list[Row], list[Row]]:
    """Own articles in the workflow: those that came back, and those that others have."""
    own_pages = Page.objects.filter(owner=user, pk=_page_id("object_id"))
    is_own_page = Q(base_content_type=get_default_page_content_type()) & Q(Exists(own_pages))
    states = (
        WorkflowState.objects.active()
        .filter(Q(requested_by=user) | is_own_page)
        .select_related("current_task_state__finished_by", "current_task_state__task")
        .prefetch_related("content_object")
        .order_by("-current_task_state__started_at")
    )
    sent_back, with_others, for_user = [], [], set(_tasks(user).values_list("pk", flat=True))
    for state in states[: 2 * AT_MOST]:
        page, task = state.content_object, state.current_task_state
        title, url = page.draft_title, _edit_url(page.pk)
        if state.status == WorkflowState.STATUS_NEEDS_CHANGES:
            mend = Row(title, url, _("Mend it"), task.finished_by, task.finished_at, task.comment, True)
            sent_back.append(mend)
        elif task.task_id not in for_user:
            with_others.append(Row(title, url, _("Look"), None, task.started_at, task.task.name))
    return sent_back, with_others


def _reviews(user: User) -> list[Pile]:
    """What to review, and what to publish: the last step of a workflow publishes."""
    steps = WorkflowTask.objects.filter(task__active=True).order_by("sort_order")
    last = dict(steps.values_list("workflow_id", "task_id"))
    states = (
        TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS, task__in=_tasks(user))
        .select_related("revision", "workflow_state__requested_by")
        .defer("revision__content")
        .order_by("started_at")
    )
    to_review = Pile("to_review", _("To review"))
    to_publish = Pile("to_publish", _("To publish"))
    states = list(states[: 2 * AT_MOST])
    ends = [state for state in states if last.get(state.workflow_state.workflow_id) == state.task_id]
    publishing = _publishable(user, ends)
    for state in states:
        publishes = state.pk in publishing
        row = Row(
            state.revision.object_str,
            _edit_url(state.revision.object_id),
            _("Read and publish") if publishes else _("Read"),
            who=state.workflow_state.requested_by,
            when=state.started_at,
        )
        (to_publish if publishes else to_review).rows.append(row)
    return [to_publish, to_review]


def _publishable(user: User, states: list[TaskState]) -> set[Any]:
    """Those of `states` whose article `user` may publish: not what they wrote, where that needs a second person."""
    if not second_person.is_on(user):
        return {state.pk for state in states}
    articles = Article.objects.in_bulk([int(state.revision.object_id) for state in states])
    return {
        state.pk
        for state in states
        if (article := articles.get(int(state.revision.object_id))) is None
        or second_person.refusal(article, user) is None
    }


def _drafts(user: User) -> Iterable[Row]:
    """Own articles with unpublished changes, neither in a workflow nor scheduled nor as they were taken down."""
    page_id = Cast(OuterRef("pk"), output_field=CharField())
    under_way = WorkflowState.objects.active().filter(object_id=page_id)
    scheduled = Revision.objects.page_revisions().filter(object_id=page_id, approved_go_live_at__isnull=False)
    drafts = (
        Article.objects.filter(owner=user, has_unpublished_changes=True)
        .exclude(Exists(under_way) | Exists(scheduled))
        .exclude(takedowns__taken_down_at__gte=F("latest_revision_created_at"))
        .order_by("-latest_revision_created_at")
        .only("pk", "draft_title", "latest_revision_created_at")
    )
    for draft in drafts[:AT_MOST]:
        yield Row(draft.draft_title, _edit_url(draft.pk), _("Go on"), when=draft.latest_revision_created_at)


def _scheduled(user: User) -> Iterable[Row]:
    editable = page_permission_policy.instances_user_has_any_permission_for(user, ["change", "publish"])
    theirs = editable.filter(pk=_page_id("object_id"))
    revisions = Revision.objects.page_revisions().filter(Exists(theirs), approved_go_live_at__isnull=False)
    for revision in revisions.defer("content").order_by("approved_go_live_at")[:AT_MOST]:
        yield Row(
            revision.object_str,
            _edit_url(revision.object_id),
            _("Look"),
            when=revision.approved_go_live_at,
        )
