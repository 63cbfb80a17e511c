from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class NewsroomConfig(AppConfig):
    name = "depeche.newsroom"
    verbose_name = _("Newsroom")
    default = True  # of the two in this module

    def ready(self) -> None:
        from depeche import personal_data

        from . import notices, privacy

        personal_data.register(personal_data.Holder(privacy.MODELS, privacy.export, privacy.erase))
        notices.listen()


class ColleaguesConfig(WagtailUsersAppConfig):
    """Wagtail's users, with our own pages for them."""

    user_viewset = "depeche.newsroom.views.ColleagueViewSet"
