"""Publishing many pages at once: each on its own, so that one that may not go stops no other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.admin.views.pages.bulk_actions.publish import PublishBulkAction
from wagtail.models import Page

from . import gatekeeping, second_person


class PublishOneByOne(PublishBulkAction):
    """Wagtail's action without its one transaction around all."""

    def prepare_action(
        self, objects: list[Page], objects_without_access: dict[str, list[Page]]
    ) -> HttpResponse:
        user, published = self.request.user, 0
        for page in self._chosen(objects):
            try:
                revision = page.get_latest_revision() or page.save_revision(user=user, clean=False)
                revision.publish(user=user)
                published += 1
            except second_person.NeedsSecondPerson as error:
                messages.error(self.request, second_person.sentence(error))
            except gatekeeping.GateClosed as error:
                messages.error(self.request, str(error))
        for page in objects_without_access.get("items_with_no_access", []):
            self._say_why(page.specific)
        if published:
            messages.success(self.request, self._success(published))
        return redirect(self.next_url)

    def _chosen(self, objects: list[Page]) -> Iterator[Page]:
        """The pages, and where asked for the drafts below them that this person may publish."""
        for page in objects:
            yield page.specific
            if self.cleaned_form.cleaned_data["include_descendants"]:
                for draft in page.get_descendants().not_live().specific():
                    if draft.permissions_for_user(self.request.user).can_publish():
                        yield draft
                    else:
                        self._say_why(draft)

    def _say_why(self, page: Any) -> None:
        try:
            if hasattr(page, "bylines"):
                second_person.check(page, self.request.user)
        except second_person.NeedsSecondPerson as error:
            messages.error(self.request, second_person.sentence(error))

    def _success(self, published: int) -> str:
        return ngettext(
            "%(count)d page has been published.", "%(count)d pages have been published.", published
        ) % {"count": published}
