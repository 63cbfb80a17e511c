from django.urls import path

from . import choosing_views, proof_views, rights_views, staying_views, views

urlpatterns = [
    path("subscribe/", views.subscribe, name="subscribe"),
    path("subscribe/sent/", views.subscribe_sent, name="subscribe_sent"),
    path("confirm/<str:token>/", views.confirm, name="confirm"),
    path("stay/<str:token>/", staying_views.stay, name="stay"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("consent-keys/", proof_views.consent_keys, name="consent_keys"),
    path("preferences/<str:token>/", choosing_views.preferences, name="preferences"),
    path("preferences/<str:token>/data/", rights_views.ask, name="ask_for_data"),
    path("preferences/<str:token>/object/", rights_views.object_, name="object"),
    path("data/<str:token>/", rights_views.data, name="own_data"),
    path("data/<str:token>/address/", rights_views.address, name="correct_address"),
    path("data/<str:token>/erase/", rights_views.erase, name="erase_me"),
    path("address/<str:token>/", rights_views.confirm_address, name="confirm_address"),
    path("legal/<slug:kind>/", views.legal_text, name="legal_text"),
]
