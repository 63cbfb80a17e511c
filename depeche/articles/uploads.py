"""Pictures as they are kept: decoded and written anew, upright, in sRGB, without what the camera noted.

`WAGTAILIMAGES_IMAGE_FORM_BASE` puts the form below under every upload of the newsroom. The content
decides what a file is, never its name; whatever hides beside the pixels does not survive.
"""

from __future__ import annotations

import io
import threading
import warnings
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import FileField
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm


class UnusablePicture(ValueError):
    """Why a file is no picture of ours, and what to do instead."""


@dataclass(frozen=True)
class _Encoding:
    extension: str
    content_type: str
    modes: tuple[str, ...]
    options: dict[str, Any] = field(default_factory=dict)


_JPEG = _Encoding("jpg", "image/jpeg", ("L", "RGB"), {"quality": 90, "optimize": True, "progressive": True})
_ENCODINGS = {
    "JPEG": _JPEG,
    "MPO": _JPEG,  # what some phones write: a JPEG with a second picture behind it
    "PNG": _Encoding("png", "image/png", ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"), {"optimize": True}),
    "GIF": _Encoding("gif", "image/gif", ("L", "P", "RGB", "RGBA")),
    "WEBP": _Encoding("webp", "image/webp", ("RGB", "RGBA"), {"quality": 90, "method": 4}),
    "AVIF": _Encoding("avif", "image/avif", ("RGB", "RGBA"), {"quality": 80}),
}

# What telephones take: a JPEG of more pixels than are kept is halved while it is decoded.
JPEG_PATIENCE = 2
# A decoded picture takes hundreds of megabytes: two at a time would be too many for a small machine.
_one_at_a_time = threading.Lock()


def clean(upload: Any, *, max_pixels: int) -> None:
    """Write the picture anew into the UploadedFile itself, so that no view can store what came in.

    More than `max_pixels` are not kept: a JPEG of up to twice as many is made half as wide and high.

    Raises:
        UnusablePicture: no picture, a damaged, moving or too large one; its text is for the editor.
    """
    with _one_at_a_time:
        written, encoding = _written_anew(upload, max_pixels)
    _replace(upload, written, encoding)


def _written_anew(upload: Any, max_pixels: int) -> tuple[bytes, _Encoding]:
    image = _decoded(upload, max_pixels)
    encoding = _ENCODINGS[image.format or ""]
    image = _in_srgb(ImageOps.exif_transpose(image))
    if image.mode not in encoding.modes:
        image = image.convert("RGBA" if image.has_transparency_data and "RGBA" in encoding.modes else "RGB")
    # Pillow writes comments and profiles it finds here back into the new file.
    image.info = {name: value for name, value in image.info.items() if name == "transparency"}
    written = io.BytesIO()
    image.save(written, encoding.content_type.removeprefix("image/").upper(), **encoding.options)
    return written.getvalue(), encoding


def _decoded(upload: Any, max_pixels: int) -> Image.Image:
    upload.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower
            image = Image.open(upload, formats=[name for name in _ENCODINGS if name != "MPO"])
        pixels = image.width * image.height
        if pixels > max_pixels * (JPEG_PATIENCE if image.format in ("JPEG", "MPO") else 1):
            raise Image.DecompressionBombError
        if pixels > max_pixels:
            image.draft(None, (image.width // 2, image.height // 2))  # type: ignore[arg-type]
        if image.format != "MPO" and getattr(image, "is_animated", False):
            raise UnusablePicture(_("This picture moves. Upload a still one: a single frame as JPEG or PNG."))
        image.load()
    except UnidentifiedImageError as error:
        raise UnusablePicture(
            _(
                "This file is no JPEG, PNG, WebP, AVIF or GIF, whatever its name says. Export it as JPEG or PNG."
            )
        ) from error
    except Image.DecompressionBombError as error:
        raise UnusablePicture(
            _("This picture has more than %(millions)s million pixels. Make it smaller and upload it again.")
            % {"millions": max_pixels // 1_000_000}
        ) from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        if isinstance(error, UnusablePicture):
            raise
        raise UnusablePicture(
            _("This picture is damaged: it cannot be opened whole. Export it again from the original.")
        ) from error
    return image


def _in_srgb(image: Image.Image) -> Image.Image:
    """The same colours in the space of the web; a profile that cannot be read is left out."""
    profile = image.info.get("icc_profile")
    if image.mode == "P" and profile:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    if not profile or image.mode not in ("L", "RGB", "RGBA", "CMYK"):
        return image
    try:
        converted = ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGBA" if image.mode == "RGBA" else "RGB",
        )
    except (ImageCms.PyCMSError, OSError):
        return image
    return converted or image


def _replace(upload: Any, content: bytes, encoding: _Encoding) -> None:
    file = upload.file
    file.seek(0)
    file.truncate()
    file.write(content)
    file.flush()
    file.seek(0)
    upload.size, upload.content_type = len(content), encoding.content_type
    upload.name = f"{PurePath(upload.name or 'picture').stem}.{encoding.extension}"


class PictureField(WagtailImageField):
    """An upload that `clean` has been over: what it gives is what is kept."""

    def to_python(self, data: Any) -> Any:
        upload = FileField.to_python(self, data)
        if upload is None:
            return None
        self.check_image_file_size(upload)
        try:
            clean(upload, max_pixels=self.max_image_pixels)
        except UnusablePicture as error:
            raise ValidationError(str(error), code="unusable_picture") from error
        return super().to_python(upload)


class PictureForm(BaseImageForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        made = self.fields.get("file")
        if made is None:  # the form that follows a multiple upload
            return
        self.fields["file"] = PictureField(label=made.label, required=made.required, widget=made.widget)
        self.fields["file"].help_text = _(
            "JPEG, PNG, WebP, AVIF or GIF, up to %(size)s. Place and camera data are removed."
        ) % {"size": filesizeformat(self.fields["file"].max_upload_size)}
