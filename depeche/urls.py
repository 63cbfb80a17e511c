from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib.sitemaps import views as sitemap_views
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as admin_urls
from wagtail.documents import urls as document_urls

from depeche.delivery.mail_report_views import mail_reports_view
from depeche.front import views as front
from depeche.front.feeds import Corrections
from depeche.front.sitemaps import SITEMAPS, robots
from depeche.newsletters import views as newsletters

urlpatterns = [
    path("admin/", include("depeche.newsroom.signing_in_urls")),
    path("admin/", include(admin_urls)),
    path("documents/", include(document_urls)),
    path("mail-reports/<slug:provider>/", mail_reports_view, name="mail_reports"),
    path("robots.txt", robots, name="robots"),
    path(
        "sitemap.xml",
        sitemap_views.index,
        {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemaps"},
        name="sitemap",
    ),
    path("sitemap-<section>.xml", sitemap_views.sitemap, {"sitemaps": SITEMAPS}, name="sitemaps"),
    # Pictures only: what else is uploaded leaves by a view that hands it out as a file.
    re_path(
        r"^media/(?P<path>(?:images|original_images)/.*)$", serve, {"document_root": settings.MEDIA_ROOT}
    ),
    *i18n_patterns(
        path("", include("depeche.subscribers.urls")),
        path("", include("depeche.articles.urls")),
        path("corrections/", front.corrections, name="corrections"),
        path("corrections/feed/", Corrections(), name="corrections_feed"),
        path("editions/<slug:newsletter>/", newsletters.archive, name="archive"),
        path("editions/<slug:newsletter>/<int:number>/", newsletters.edition, name="edition"),
        # Wagtail's second sign-in, by password alone, is covered.
        path("_util/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
        path("", include(wagtail_urls)),
        prefix_default_language=False,
    ),
]
