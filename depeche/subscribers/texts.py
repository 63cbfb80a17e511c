"""All that pages and mails say to readers, by name; what stands as %(name)s is filled in.

The words of the sign-up form itself and the legal texts are versioned and stand elsewhere: see legal.py. So do the
links to leave, to the preferences and to the legal texts: those have to be found under names readers know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# What a text is, by the first part of its name; all but texts and errors are short.
KINDS = {
    "subject": _("Subject"),
    "title": _("Title"),
    "text": _("Text"),
    "button": _("Button"),
    "link": _("Link"),
    "label": _("Label"),
    "error": _("Error"),
}


@dataclass(frozen=True)
class Page:
    """One page or mail, and what it says from top to bottom in our words."""

    name: str
    title: Promise | str
    says: Mapping[str, Promise | str]


SIGNING_UP = (
    Page(
        "form",
        _("Sign-up form"),
        {
            "label_address": _("Your e-mail address"),
            "link_notice": _("What we do with your address"),
            "title_error": _("Error: your subscription was not taken down"),
            "error_newsletter": _("Choose a newsletter."),
            "error_gone": _("This newsletter no longer exists. Choose another one."),
            "error_address": _("Enter your e-mail address."),
            "error_long": _("This address is too long. Check it, please."),
            "error_lines": _("An address is a single line. Enter it again, please."),
            "error_wrong": _("“%(typed)s” is not an e-mail address. It looks like name@example.org."),
            "error_agree": _("Tick the box if you agree: without it we may not write to you."),
            "error_changed": _(
                "The text changed since you opened this page. Read it again and confirm, please."
            ),
            "title_others": _("Our newsletters"),
            "title_none": _("No newsletter yet"),
            "text_none": _("There is no newsletter in this language yet."),
        },
    ),
    Page(
        "one_more_step",
        _("One more button, when many requests arrive"),
        {
            "title": _("One more button to press"),
            "text": _(
                "Many requests are arriving at the moment, not all from people. This button says that you are one: then we write to your address."
            ),
            "button": _("Send me the message"),
            "text_note": _("You asked for “%(name)s”. Nothing is taken down until you press the button."),
            "text_sum": _(
                "Your browser is working out a sum, which keeps machines away. If it runs no scripts, wait half a minute before you press the button."
            ),
            "text_counting": _("One moment: the sum is not done yet. Your request goes off by itself then."),
            "error_early": _("That was too early. Wait half a minute, please, then press the button again."),
        },
    ),
    Page(
        "too_many",
        _("Too many requests"),
        {
            "title": _("Too many requests at the moment"),
            "text": _(
                "More requests arrive than we can write to, from your network or altogether. Yours was not taken down."
            ),
            "text_again": _("Try again in an hour, or tomorrow. Or write to us: %(contact)s."),
        },
    ),
    Page(
        "sent",
        _("After the sign-up form"),
        {
            "title": _("One message to open"),
            "text": _(
                "We are writing to the address you gave. Open our message and follow its link to confirm; without that, we send nothing."
            ),
            "text_days": _("The link is good for %(days)s days."),
            "text_nothing": _(
                "Nothing after a few minutes? Look among the unwanted mail. We write at most twice a day to one address."
            ),
        },
    ),
    Page(
        "mail_confirm",
        _("Mail: please confirm"),
        {
            "subject": _("Confirm your subscription: %(name)s"),
            "title": _("Confirm your subscription"),
            "text": _("Somebody, probably you, asked %(sender)s to send “%(name)s” to this address."),
            "text_open": _("To confirm, open this page and press its button:"),
            "button": _("Open the page and confirm"),
            "text_days": _("The link is good for %(days)s days."),
            "text_not_you": _(
                "It was not you? Do nothing: without your confirmation we send nothing, and your address will be erased."
            ),
        },
    ),
    Page(
        "mail_already",
        _("Mail: subscribed already"),
        {
            "subject": _("You are subscribed already: %(name)s"),
            "title": _("You are subscribed already"),
            "text": _("Somebody, probably you, asked %(sender)s to send “%(name)s” to this address."),
            "text_already": _("It is subscribed already: there is nothing to do."),
            "text_leave": _("You no longer want it? Open this page and press its button:"),
            "link_leave": _("Leave the newsletter"),
        },
    ),
    Page(
        "confirm",
        _("Page that confirms"),
        {
            "title": _("One last step"),
            "text": _(
                "This button confirms that you want to receive “%(name)s” by e-mail. Until you press it, we send nothing."
            ),
            "button": _("Confirm my subscription"),
            "text_not_you": _("You did not ask for it? Close this page: nothing will happen."),
            "error_changed": _(
                "The text changed since you opened this page. Read it again and confirm, please."
            ),
        },
    ),
    Page(
        "confirmed",
        _("Welcome"),
        {
            "title": _("Your subscription is confirmed"),
            "text": _(
                "You will receive “%(name)s” from its next edition on. Each one carries a link to leave."
            ),
            "link_choose": _("Choose how often, and what else you receive"),
        },
    ),
)
CHOOSING = (
    Page(
        "preferences",
        _("Preferences"),
        {
            "title": _("Your newsletters"),
            "text_for": _("For %(address)s"),
            "text_saved": _("Your choices are saved, and hold from now on."),
            "text_left": _("You have left everything. A copy that is already on its way may still arrive."),
            "text": _(
                "You receive those that are ticked. By ticking one and saving you agree to receive it by e-mail; what we do with your address stands beneath it and in our %(privacy)s."
            ),
            "text_none": _("There is no newsletter yet."),
            "label_often": _("How often"),
            "label_pause": _("Send me no newsletter before"),
            "text_pause": _(
                "For a year at most; leave it empty to receive them as usual. Only a correction of something we sent you may still come."
            ),
            "label_language": _("Language of our mails and pages to you"),
            "label_tracking": _("I agree that you note when I open your newsletters."),
            "text_tracking": _(
                "So that the newsroom learns what is read. You receive the same newsletters without it, and can untick it at any time."
            ),
            "button_save": _("Save my choices"),
            "button_leave": _("Leave everything"),
            "title_data": _("Your data"),
            "link_data": _("Take your data, correct your address, or be erased"),
            "link_object": _("Object to our mails for good"),
            "title_error": _("Error: your choices were not saved"),
            "error_changed": _(
                "The text changed since you opened this page. Read it again and confirm, please."
            ),
            "error_blocked": _(
                "We may not write to this address: you objected, or our mails came back. To receive a newsletter again, use our form; you will be asked to confirm by a mail."
            ),
            "error_gone": _("One of these newsletters no longer exists. Look through your choices again."),
            "error_often": _("Choose how often from the list."),
            "error_day": _("This is not a day. It looks like 2027-01-31."),
            "error_pause": _("A pause ends on a day to come, within a year. Choose another day."),
            "error_language": _("Choose a language."),
            "error_no_language": _("We don’t write in this language. Choose another one."),
        },
    ),
    Page(
        "leave",
        _("Page by which one leaves"),
        {
            "title": _("Leave the newsletter"),
            "text": _("Press the button and you will no longer receive “%(name)s”. We ask for no reason."),
            "button": _("Unsubscribe"),
        },
    ),
    Page(
        "left",
        _("After leaving"),
        {
            "title": _("You have left the newsletter"),
            "text": _(
                "We will not send it to you again. A copy that is already on its way may still arrive."
            ),
            "text_mistake": _("A mistake?"),
            "link_again": _("Subscribe again"),
        },
    ),
)
LINKS = (
    Page(
        "broken_link",
        _("A link that is incomplete"),
        {
            "title": _("This link is incomplete"),
            "text": _(
                "Some mail programs cut long links. Copy the whole link from our message into the address bar."
            ),
            "text_leave": _("To leave, you can also use the link of any other edition."),
            "link_again": _("Subscribe again"),
        },
    ),
    Page(
        "expired_link",
        _("A link that no longer works"),
        {
            "title": _("This link no longer works"),
            "text": _("It is too old, or it has been used already. Nothing was changed."),
            "link_again": _("Ask for a new link to receive the newsletter"),
        },
    ),
    Page(
        "elsewhere",
        _("A form that came from another site"),
        {
            "title": _("This form came from another site"),
            "text": _("To protect you, we take answers only from our own pages. Nothing was changed."),
            "link_again": _("Use our form to receive the newsletter"),
        },
    ),
)
