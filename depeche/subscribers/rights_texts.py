"""What pages and mails say about a reader's rights, about staying, and about agreeing again."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from .texts import Page

DATA = (
    Page(
        "ask",
        _("Your data: asking for the link"),
        {
            "title": _("Your data"),
            "text": _(
                "You can take what we hold about you, correct your address, or be erased. As this page can be opened by anybody to whom one of our mails was forwarded, we first send a link to %(address)s. It is good for an hour."
            ),
            "button": _("Send me the link"),
            "link_back": _("Back to your choices"),
        },
    ),
    Page(
        "mailed",
        _("Your data: the link is on its way"),
        {
            "title": _("One message to open"),
            "text": _(
                "The link is on its way to %(address)s. It is good for an hour. Nothing after a few minutes? Look among the unwanted mail."
            ),
            "link_back": _("Back to your choices"),
        },
    ),
    Page(
        "wrote_already",
        _("Your data: written to often enough"),
        {
            "title": _("We wrote to you already"),
            "text": _(
                "We send at most three such messages a day. Open the last one, or come back tomorrow. Nothing was changed."
            ),
        },
    ),
    Page(
        "data",
        _("Your data"),
        {
            "title": _("Your data"),
            "text_for": _("For %(address)s"),
            "title_take": _("Take your data"),
            "text_take": _(
                "All that we hold about you: your address and choices, what you agreed to and in which words, what was sent to you."
            ),
            "button_page": _("Read it here"),
            "button_json": _("Download as JSON"),
            "button_csv": _("Download as CSV"),
            "title_address": _("Correct your address"),
            "link_address": _("Receive our mails at another address"),
            "title_erase": _("Be erased"),
            "link_erase": _("See what goes and what stays"),
            "link_back": _("Back"),
        },
    ),
    Page(
        "object",
        _("Objection"),
        {
            "title": _("Object to our mails for good"),
            "text": _(
                "You leave every newsletter, and we note that %(address)s may not be written to again: no list that we are given later can bring it back. Only you can, by subscribing again."
            ),
            "button": _("Object and leave everything"),
            "link_back": _("Back to your choices"),
        },
    ),
    Page(
        "objected",
        _("After an objection"),
        {
            "title": _("We will not write to you again"),
            "text": _(
                "You have left everything, and your objection is noted. A copy that is already on its way may still arrive."
            ),
        },
    ),
    Page(
        "erase",
        _("Erasure"),
        {
            "title": _("Be erased"),
            "text_for": _("For %(address)s"),
            "title_goes": _("What goes, at once"),
            "text_goes": _(
                "Your address, your newsletters and choices, the record of what was sent to you, and all that can be read about you in what you agreed to."
            ),
            "title_stays": _("What stays, and why"),
            "text_stays_log": _(
                "That somebody agreed and was erased, without your name: a code that only we can recognise your address by, if you give it to us. It stays five years, because the law lets claims be brought that long (GDPR art. 17(3)(e))."
            ),
            "text_stays_list": _(
                "The same code in the list of addresses that we may not write to, so that nobody enters you again without you."
            ),
            "text_stays_copies": _(
                "Copies of the database from before, until their time is over; were one used, you would be erased again."
            ),
            "text_last": _(
                "This cannot be undone. You will get no mail about it: this page says when it is done."
            ),
            "button": _("Erase me"),
        },
    ),
    Page(
        "erased",
        _("After erasure"),
        {
            "title": _("You are erased"),
            "text": _(
                "It is done: we can no longer write to you, and hold nothing that names you. A copy that is already on its way may still arrive."
            ),
        },
    ),
    Page(
        "mail_link",
        _("Mail: the link to your data"),
        {
            "subject": _("Your data: the link you asked for"),
            "text": _(
                "Somebody, probably you, asked for the link to what we hold about you. By it you can take your data, correct your address, or be erased:"
            ),
            "button": _("Open the page of my data"),
            "text_not_you": _(
                "The link is good for an hour. It was not you? Do nothing, and give the link to nobody."
            ),
        },
    ),
)
ADDRESS = (
    Page(
        "address",
        _("Another address"),
        {
            "title": _("Correct your address"),
            "text": _(
                "We write to the new address first, to see that it is yours. Your newsletters, your choices and what you agreed to go along."
            ),
            "label": _("Your new e-mail address"),
            "button": _("Write to this address"),
            "title_error": _("Error: your address was not taken down"),
        },
    ),
    Page(
        "address_mailed",
        _("Another address: a message is on its way"),
        {
            "title": _("One message to open"),
            "text": _(
                "We are writing to the new address. Open our message within a day and press the button it leads to; until then, nothing changes."
            ),
        },
    ),
    Page(
        "mail_address",
        _("Mail: is this your new address?"),
        {
            "subject": _("Is this your new address?"),
            "text": _(
                "Somebody, probably you, asked us to write to this address from now on. To confirm, open this page and press its button:"
            ),
            "button": _("Open the page and confirm"),
            "text_not_you": _("The link is good for a day. It was not you? Do nothing: nothing will change."),
        },
    ),
    Page(
        "confirm_address",
        _("Page that confirms another address"),
        {
            "title": _("Correct your address"),
            "text": _("From now on our mails go to %(new)s, and no longer to your old address."),
            "button": _("Use this address from now on"),
            "text_not_you": _("You did not ask for it? Close this page: nothing will happen."),
        },
    ),
    Page(
        "address_changed",
        _("After a new address"),
        {
            "title": _("Your address is corrected"),
            "text": _(
                "What you agreed to and your choices came along. Links to your choices in our older mails no longer work; those to leave still do."
            ),
            "link_choices": _("See your choices"),
        },
    ),
    Page(
        "address_in_use",
        _("A new address that is known already"),
        {
            "title": _("This address has newsletters of its own"),
            "text": _(
                "Choose what it receives by the link in any mail that we send there, and leave or be erased under the old address. Nothing was changed."
            ),
        },
    ),
    Page(
        "mail_moved",
        _("Mail to the old address"),
        {
            "subject": _("Your address was corrected"),
            "text": _(
                "At your wish, our mails go to another address from now on. This is the last one to this address."
            ),
            "text_not_you": _("It was not you? Answer this mail: we will find out what happened."),
        },
    ),
)
