"""What pages and mails say to readers long after they signed up: staying, agreeing again, answers, editions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from .texts import Page

STAYING = (
    Page(
        "mail_stay",
        _("Mail: do you want to stay?"),
        {
            "subject": _("Do you want to keep our newsletters?"),
            "text": _(
                "You receive the newsletters below. We last heard from you on %(day)s, and we keep no address longer than three years without a word from its owner."
            ),
            "text_open": _("Do you want to stay? Open this page and press its button:"),
            "button": _("Open the page and stay"),
            "text_nothing": _(
                "You would rather not? Do nothing: in %(days)s days we erase your address. We do not ask twice."
            ),
        },
    ),
    Page(
        "stay",
        _("Page by which one stays"),
        {
            "title": _("Do you want to keep our newsletters?"),
            "text": _(
                "We have not heard from you for three years. Press the button and everything stays as it is."
            ),
            "button": _("Yes, I stay"),
            "text_nothing": _(
                "You would rather not? Do nothing: %(days)s days after our message we erase your address."
            ),
            "error_changed": _(
                "The text changed since you opened this page. Read it again and confirm, please."
            ),
        },
    ),
    Page(
        "stays",
        _("After staying"),
        {
            "title": _("You stay with us"),
            "text": _("Your newsletters keep coming. Each one carries a link to leave."),
        },
    ),
    Page(
        "gone",
        _("Staying, too late"),
        {
            "title": _("This address was erased"),
            "text": _("We no longer hold it."),
            "link_again": _("Subscribe again"),
        },
    ),
)
AGREEING = (
    Page(
        "mail_agree_again",
        _("Mail: do you still agree?"),
        {
            "subject": _("%(sender)s, %(title)s: do you still agree?"),
            "title": _("Do you still agree?"),
            "text": _("Since %(date)s there is a new version of %(title)s."),
            "text_earlier": _("You agreed to an earlier one. Do you agree to this one too?"),
            "link_read": _("Read the new version"),
            "text_open": _("If you agree, open this page and press its button:"),
            "button": _("Open the page and answer"),
            "text_about": _("It is about:"),
            "text_nothing": _(
                "If you do not answer, nothing changes: you go on receiving what you asked for, under what you agreed to."
            ),
            "text_days": _("The link is good for %(days)s days."),
        },
    ),
    Page(
        "agree_again",
        _("Page by which one agrees again"),
        {
            "title": _("Do you still agree?"),
            "error_changed": _(
                "The text changed since you opened this page. Look at it again, please: nothing was taken down."
            ),
            "text": _("Since %(date)s there is a new version of %(title)s."),
            "link_read": _("Read the new version"),
            "text_about": _("By the button you agree to it for:"),
            "button": _("I agree again"),
            "text_nothing": _(
                "If you do not answer, nothing changes: you go on receiving what you asked for, under what you agreed to."
            ),
            "text_leave": _("You no longer want it?"),
            "link_leave": _("Leave %(name)s"),
        },
    ),
    Page(
        "agreed",
        _("After agreeing again"),
        {
            "title": _("Thank you: it is noted"),
            "text": _("You agreed to the text in force. There is nothing else to do."),
        },
    ),
    Page(
        "nothing_left",
        _("Agreeing again, with nothing left"),
        {
            "title": _("There is nothing to agree to"),
            "text": _("You left the newsletters this was about."),
        },
    ),
    Page(
        "too_late",
        _("Agreeing again, too late"),
        {
            "title": _("This link no longer works"),
            "text": _("It is too old. Nothing was changed: you go on receiving what you asked for."),
        },
    ),
)
ANSWERS = (
    Page(
        "mail_access",
        _("Answer: your data"),
        {
            "subject": _("What we hold about you"),
            "text": _("You asked what we hold about you. It is below, whole."),
            "text_none": _("Nothing."),
        },
    ),
    Page(
        "mail_erased",
        _("Answer: you are erased"),
        {
            "subject": _("Your data is erased"),
            "text": _(
                "You asked us to erase what we hold about you. It is done. For five years we keep a record, by a keyed hash that we cannot turn back into your address, of what you had agreed to and that it was erased; the same hash keeps us from writing to you."
            ),
        },
    ),
    Page(
        "mail_rectified",
        _("Answer: your address is put right"),
        {
            "subject": _("Your address is put right"),
            "text": _(
                "You asked us to put your address right. It is done: our newsletters come to this address from now on."
            ),
        },
    ),
    Page(
        "mail_extended",
        _("Answer: more time is needed"),
        {
            "subject": _("We need more time for your request"),
            "text": _(
                "We need more time to answer your request about your data. We answer by %(day)s at the latest. The reason:"
            ),
        },
    ),
    Page(
        "mail_objected",
        _("Answer: you objected"),
        {
            "subject": _("We no longer write to you"),
            "text": _(
                "You asked us to send you nothing any more. It is done: all your subscriptions have ended. You alone can subscribe again."
            ),
        },
    ),
    Page(
        "mail_refused",
        _("Answer: refused"),
        {
            "subject": _("Your request about your data"),
            "text": _("We do not do what you asked for, for this reason:"),
            "text_authority": _("You may complain to the data protection authority, and go to court."),
        },
    ),
)
EDITIONS = (
    Page(
        "mail_edition",
        _("End of each edition"),
        {
            "title_corrections": _("Corrections since the last edition"),
            "text_why": _(
                "You receive “%(name)s” because this address was subscribed and the subscription confirmed."
            ),
        },
    ),
    Page(
        "mail_correction",
        _("Mail: a correction"),
        {
            "text_article": _("The article as it stands now:"),
            "text_why": _(
                "You receive this because no. %(number)s of %(name)s, sent to this address on %(date)s, carried the article as it was then."
            ),
            "link_edition": _("The edition"),
        },
    ),
)
