"""What the body of an article is made of."""

from urllib.parse import urlsplit

from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.images.blocks import ImageChooserBlock

INLINE = ["bold", "italic", "link"]


class QuotationBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Words"), help_text=_("Without quotation marks: the page adds them."))
    speaker = blocks.CharBlock(
        label=_("Speaker"), help_text=_("Nobody is quoted without a name or a reason.")
    )
    role = blocks.CharBlock(label=_("Role"), required=False)

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        template = "articles/blocks/quotation.html"


class ImageBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("Image"))
    alt = blocks.CharBlock(label=_("What it shows"), help_text=_("For those who cannot see it."))
    caption = blocks.CharBlock(label=_("Caption"), required=False, help_text=_("What, where, when."))
    credit = blocks.CharBlock(label=_("Credit"), help_text=_("Who made it."))

    class Meta:
        icon = "image"
        label = _("Image")
        template = "articles/blocks/image.html"


class ListBlock(blocks.StructBlock):
    ordered = blocks.BooleanBlock(label=_("Numbered"), required=False)
    items = blocks.ListBlock(blocks.RichTextBlock(features=INLINE), label=_("Items"))

    class Meta:
        icon = "list-ul"
        label = _("List")
        template = "articles/blocks/list.html"


class FactBoxBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=100)
    text = blocks.RichTextBlock(
        label=_("Text"), features=[*INLINE, "ul"], help_text=_("What one needs to know, in 80 words at most.")
    )

    class Meta:
        icon = "info-circle"
        label = _("Fact box")
        template = "articles/blocks/fact_box.html"


class EventBlock(blocks.StructBlock):
    when = blocks.CharBlock(label=_("When"), max_length=60, help_text=_("As readers say it: “19 January”."))
    what = blocks.TextBlock(label=_("What happened"))


class TimelineBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=100)
    events = blocks.ListBlock(EventBlock(), label=_("Events, the earliest first"), min_num=2)

    class Meta:
        icon = "history"
        label = _("Timeline")
        template = "articles/blocks/timeline.html"


class CaptionedTable(blocks.StructValue):
    @property
    def caption(self) -> str:
        return self["table"].caption


class TableBlock(blocks.StructBlock):
    table = TypedTableBlock(
        [
            ("text", blocks.CharBlock(label=_("Text"), required=False)),
            ("number", blocks.CharBlock(label=_("Number"), required=False)),
        ],
        label=_("Table"),
        help_text=_(
            "Columns of numbers are set flush right. The caption says what is counted, where and when."
        ),
    )
    source = blocks.CharBlock(label=_("Source"), help_text=_("Where the figures come from."))

    class Meta:
        icon = "table"
        label = _("Table")
        template = "articles/blocks/table.html"
        value_class = CaptionedTable


class Link(blocks.StructValue):
    @property
    def host(self) -> str:
        """« example.org »: where the link leads."""
        return (urlsplit(self["url"]).hostname or "").removeprefix("www.")


class LinkBlock(blocks.StructBlock):
    """Something published elsewhere, as a card: nothing of the other site is loaded."""

    url = blocks.URLBlock(label=_("Address"), validators=[URLValidator(schemes=["http", "https"])])
    title = blocks.CharBlock(label=_("Title"), max_length=200)
    publisher = blocks.CharBlock(label=_("Publisher"), max_length=120)
    why = blocks.CharBlock(
        label=_("Why it matters"), max_length=200, required=False, help_text=_("One line of ours.")
    )

    class Meta:
        icon = "link-external"
        label = _("Link card")
        template = "articles/blocks/link.html"
        value_class = Link


class BodyBlock(blocks.StreamBlock):
    paragraph = blocks.RichTextBlock(
        label=_("Paragraph"), features=INLINE, icon="pilcrow", template="articles/blocks/paragraph.html"
    )
    crosshead = blocks.CharBlock(
        label=_("Crosshead"), icon="title", max_length=150, template="articles/blocks/crosshead.html"
    )
    quotation = QuotationBlock()
    image = ImageBlock()
    list = ListBlock()
    fact_box = FactBoxBlock()
    timeline = TimelineBlock()
    table = TableBlock()
    link = LinkBlock()
