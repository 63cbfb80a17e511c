from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class NewsroomConfig(AppConfig):
    name = "depeche.newsroom"
    verbose_name = _("Newsroom")
    default = True  # of the two in this module

    def ready(self) -> None:
        from . import notices

        notices.listen()


class ColleaguesConfig(WagtailUsersAppConfig):
    """Wagtail's users, with our own pages for them."""

    user_viewset = "depeche.newsroom.views.ColleagueViewSet"
