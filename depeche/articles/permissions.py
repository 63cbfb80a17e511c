"""Who may do what to a page, where Wagtail's groups alone cannot tell."""

from __future__ import annotations

from wagtail.models import PagePermissionTester

from . import second_person


class ForPublishers(PagePermissionTester):
    """Of a page that frames others (the paper, a section): who may not publish leaves it as it is."""

    def can_edit(self) -> bool:
        return super().can_edit() and self.can_publish()

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return super().can_delete(ignore_bulk) and self.can_publish()


class ForPublishersOnly(ForPublishers):
    """The same where even what is put below is theirs to put: sections below the paper."""

    def can_add_subpage(self) -> bool:
        return super().can_add_subpage() and self.can_publish()


class ForArticles(PagePermissionTester):
    """Where the newsroom decided so, whoever writes does not publish alone."""

    def can_publish(self) -> bool:
        return super().can_publish() and second_person.refusal(self.page, self.user) is None

    def can_unschedule(self) -> bool:
        return super().can_publish()  # taking back is always open

    def can_delist(self) -> bool:
        return super().can_publish()  # no new words: nothing for a second person to read

    def can_set_view_restrictions(self) -> bool:
        return super().can_publish()
