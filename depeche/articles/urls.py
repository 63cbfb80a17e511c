from django.urls import path

from . import method_views, report_views, views

urlpatterns = [
    path("method/", method_views.method_page, name="method"),
    path("people/<slug:slug>/", views.person, name="person"),
    path("topics/<slug:slug>/", views.topic, name="topic"),
    path("report/<int:pk>/", report_views.report_error, name="report_error"),
    path("report/ticket/", report_views.report_ticket, name="report_look_up"),
    path("report/ticket/<str:number>/", report_views.report_ticket, name="report_ticket"),
    path(
        "report/ticket/<str:number>/sent/", report_views.report_ticket, {"is_new": True}, name="report_sent"
    ),
    path("reports/", report_views.report_statistics, name="report_statistics"),
    path("reports.json", report_views.report_statistics_json, name="report_statistics_json"),
]
