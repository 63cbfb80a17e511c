"""Words of Wagtail's own screens that our catalogue says better (LOCALE_PATHS come before Wagtail's)."""

from django.utils.translation import gettext_noop

# A version that is saved over stays in the history: « écrasera » frightened people into losing their own.
gettext_noop("Proceeding will overwrite the changes made by %(user_name)s.")
gettext_noop("Proceeding will overwrite the changes you made in that window.")
gettext_noop("Saving will overwrite a newer version.")
