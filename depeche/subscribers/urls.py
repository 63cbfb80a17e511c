from django.urls import path

from . import choosing_views, legal_views, proof_views, rights_views, staying_views, views

urlpatterns = [
    path("subscribe/", views.subscribe, name="subscribe"),
    path("subscribe/sent/", views.subscribe_sent, name="subscribe_sent"),
    path("confirm/<str:token>/", views.confirm, name="confirm"),
    path("stay/<str:token>/", staying_views.stay, name="stay"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("preferences/<str:token>/", choosing_views.preferences, name="preferences"),
    path("preferences/<str:token>/data/", rights_views.ask, name="ask_for_data"),
    path("preferences/<str:token>/object/", rights_views.object_, name="object"),
    path("data/<str:token>/", rights_views.data, name="own_data"),
    path("data/<str:token>/address/", rights_views.address, name="correct_address"),
    path("data/<str:token>/erase/", rights_views.erase, name="erase_me"),
    path("address/<str:token>/", rights_views.confirm_address, name="confirm_address"),
    path("agree-again/<str:token>/", legal_views.agree_again, name="agree_again"),
    path("legal/notice/<slug:slug>/", legal_views.notice, name="legal_notice"),
    path("legal/notice/<slug:slug>/versions/", legal_views.notice_versions, name="legal_notice_versions"),
    path("legal/notice/<slug:slug>/<int:number>/", legal_views.notice_version, name="legal_notice_version"),
    path("consent-keys/", proof_views.consent_keys, name="consent_keys"),
    path("legal/<slug:kind>/", legal_views.legal_text, name="legal_text"),
    path("legal/<slug:kind>/versions/", legal_views.legal_versions, name="legal_versions"),
    path("legal/<slug:kind>/<int:number>/", legal_views.legal_version, name="legal_version"),
]
