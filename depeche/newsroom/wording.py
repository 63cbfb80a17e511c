"""Words of Wagtail's own screens that our catalogue says better (LOCALE_PATHS come before Wagtail's)."""

from django.utils.translation import gettext_noop

# A version that is saved over stays in the history: « écrasera » frightened people into losing their own.
gettext_noop("Proceeding will overwrite the changes made by %(user_name)s.")
gettext_noop("Proceeding will overwrite the changes you made in that window.")
gettext_noop("Saving will overwrite a newer version.")

# The product underneath is nobody's address.
gettext_noop("Go to Wagtail admin")

# « Ce(tte) », « le/la », « modération » and « workflow » are no words of a newsroom.
gettext_noop("Locked")
gettext_noop("Unlocked")
gettext_noop("Locked by you")
gettext_noop("Locked by another user")
gettext_noop("Locked by workflow")
gettext_noop("Locked by schedule")
gettext_noop("Currently locked and will go live on the scheduled date")
gettext_noop("{model_name} '{title}' is locked and has been scheduled to go live at {datetime}")
gettext_noop("No one can make changes while the %(model_name)s is locked")
gettext_noop("Only you can make changes while the %(model_name)s is locked")
gettext_noop("Only %(user)s can make changes while the %(model_name)s is locked")
gettext_noop("Reviewers can edit this %(model_name)s – lock it to prevent other reviewers from editing")
gettext_noop("Only reviewers can edit and approve the %(model_name)s")
gettext_noop("Only reviewers for this task can edit the %(model_name)s.")
gettext_noop("This %(model_name)s is currently awaiting moderation.")
gettext_noop("This {model_name} is awaiting <b>'{task_name}'</b> in the <b>'{workflow_name}'</b> workflow.")
gettext_noop("Anyone can edit this %(model_name)s – lock it to prevent others from editing")
gettext_noop("Anyone can edit this %(model_name)s")
gettext_noop("Submit for moderation")
gettext_noop("Submit to %(workflow_name)s")
gettext_noop("Resubmit to %(task_name)s")
gettext_noop("Restart workflow ")
gettext_noop("Cancel workflow ")
gettext_noop("in moderation")
gettext_noop("In Moderation")
gettext_noop("live + in moderation")
gettext_noop("Page '%(page_title)s' has been submitted for moderation.")
gettext_noop("Page '%(page_title)s' created and submitted for moderation.")
gettext_noop("Workflow on page '%(page_title)s' has been cancelled.")
gettext_noop("Add %(label)s")
gettext_noop("%(label)s and Publish")
gettext_noop("New: %(model_name)s")
gettext_noop("The %(model_name)s could not be created due to errors.")
gettext_noop("The %(model_name)s could not be saved due to errors.")
