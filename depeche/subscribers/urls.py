from django.urls import path

from . import proof_views, staying_views, views

urlpatterns = [
    path("subscribe/", views.subscribe, name="subscribe"),
    path("subscribe/sent/", views.subscribe_sent, name="subscribe_sent"),
    path("confirm/<str:token>/", views.confirm, name="confirm"),
    path("stay/<str:token>/", staying_views.stay, name="stay"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("consent-keys/", proof_views.consent_keys, name="consent_keys"),
    path("legal/<slug:kind>/", views.legal_text, name="legal_text"),
]
