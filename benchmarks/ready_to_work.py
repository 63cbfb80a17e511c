"""Loaded once by the process that workers are forked from: all that a worker imports, and nothing open yet."""

import django

django.setup()

from django.core.management import load_command_class  # noqa: E402
from django.urls import get_resolver  # noqa: E402

load_command_class("depeche.ops", "worker")
get_resolver().url_patterns  # noqa: B018 - mails hold links
