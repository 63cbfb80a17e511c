"""What the body of an article is made of."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
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
