"""Pictures are decoded and written anew before they are kept, by whichever door they come in."""

import io
import struct
import time
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, ImageCms, PngImagePlugin
from wagtail.images import get_image_model
from wagtail.images.forms import get_image_form
from wagtail.models import Collection

from depeche.articles import uploads

pytestmark = pytest.mark.django_db

SECRET = b"44 rue des Lilas"
RED, GREEN = (200, 30, 30), (30, 160, 60)


@pytest.fixture
def newsroom_browser(client, editor):
    client.force_login(editor)
    return client


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **options) -> bytes:
    image = Image.new(mode, size, RED if mode == "RGB" else 0)
    written = io.BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def with_everything_a_camera_notes(kind: str) -> bytes:
    """Red on the left, green on the right, once turned upright as the orientation asks."""
    image = Image.new("RGB", (20, 40), RED)
    image.paste(GREEN, (0, 0, 20, 20))
    exif = image.getexif()
    exif[0x0112] = 6  # turn right
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825)[2] = (48.0, 51.0, 24.0)
    options = {"exif": exif, "xmp": b"<x>" + SECRET + b"</x>"}
    if kind == "JPEG":
        options |= {
            "comment": SECRET,
            "icc_profile": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
        }
    if kind == "PNG":
        notes = PngImagePlugin.PngInfo()
        notes.add_text("Comment", SECRET.decode())
        notes.add_itxt("XML:com.adobe.xmp", SECRET.decode())
        options = {"exif": exif, "pnginfo": notes}
    written = io.BytesIO()
    image.save(written, kind, **options)
    assert SECRET in written.getvalue()
    return written.getvalue() + b"\n<script>" + SECRET + b"</script>"


def offer(content: bytes, name: str = "photo.jpg"):
    """The form every upload of the newsroom goes through, with a file in it."""
    form_class = get_image_form(get_image_model())
    data = {"title": "Photo", "collection": Collection.get_first_root_node().pk}
    return form_class(data, {"file": SimpleUploadedFile(name, content)})


def kept(content: bytes, name: str = "photo.jpg") -> bytes:
    form = offer(content, name)
    assert form.is_valid(), form.errors
    with form.save().file.open() as file:
        return file.read()


def refusal(content: bytes, name: str = "photo.jpg") -> str:
    form = offer(content, name)
    assert not form.is_valid()
    assert list(form.errors) == ["file"]
    return str(form.errors["file"][0])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_what_the_camera_noted_is_gone_and_the_picture_stands_upright(kind):
    content = kept(with_everything_a_camera_notes(kind), f"photo.{kind.lower()}")
    assert SECRET not in content
    image = Image.open(io.BytesIO(content))
    assert (image.format, image.size) == (kind, (40, 20))
    assert not image.getexif()
    assert not {"icc_profile", "comment", "exif", "xmp"} & {
        name for name, value in image.info.items() if value
    }
    left, right = image.convert("RGB").getpixel((5, 10)), image.convert("RGB").getpixel((35, 10))
    assert left[0] > left[1]
    assert right[1] > right[0]


def test_colours_of_another_profile_become_those_of_the_web():
    image = Image.new("RGB", (8, 8), (255, 0, 0))
    written = io.BytesIO()
    image.save(written, "PNG", icc_profile=_swapped_profile())
    red, green, _blue = (
        Image.open(io.BytesIO(kept(written.getvalue(), "a.png"))).convert("RGB").getpixel((0, 0))
    )
    assert green > red, "in that profile the first channel is green"


def _swapped_profile() -> bytes:
    """sRGB with its red and green primaries exchanged in the tag table."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[128:] = (
        bytes(profile[128:]).replace(b"rXYZ", b"#XYZ").replace(b"gXYZ", b"rXYZ").replace(b"#XYZ", b"gXYZ")
    )
    return bytes(profile)


def test_transparency_stays():
    written = io.BytesIO()
    image = Image.new("P", (4, 4), 0)
    image.putpalette([255, 0, 0, 0, 255, 0])
    image.save(written, "PNG", transparency=0)
    assert Image.open(io.BytesIO(kept(written.getvalue(), "a.png"))).convert("RGBA").getpixel((0, 0))[3] == 0


def test_a_print_picture_in_cmyk_becomes_one_for_screens():
    assert Image.open(io.BytesIO(kept(picture(mode="CMYK")))).mode == "RGB"


def test_the_content_decides_not_the_name():
    form = offer(picture("PNG"), "photo.jpg")
    assert form.is_valid(), form.errors
    assert form.save().file.name.endswith(".png")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "photo.svg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "photo.png"),
        (picture("BMP"), "photo.jpg"),
        (picture("TIFF"), "photo.tiff"),
        (picture("ICO"), "photo.png"),
        (b"%PDF-1.7", "photo.jpg"),
        (b"GIF89a", "photo.gif"),
        (picture()[:200], "photo.jpg"),
    ],
)
def test_what_is_no_picture_of_ours_is_refused(content, name):
    assert refusal(content, name)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_a_moving_picture_is_refused(kind):
    moving = picture(kind, save_all=True, append_images=[Image.new("RGB", (40, 20), GREEN)])
    still = picture(kind)
    assert refusal(moving, f"a.{kind.lower()}") != refusal(b"x", "a.gif")
    assert kept(still, f"a.{kind.lower()}")


def test_a_phones_double_picture_is_a_photograph():
    double = picture("MPO", save_all=True, append_images=[Image.new("RGB", (40, 20), GREEN)])
    assert Image.open(io.BytesIO(double)).format == "MPO"
    assert Image.open(io.BytesIO(kept(double))).format == "JPEG"


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it is huge in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 99))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(6000, 4001), (12_000, 9_000), (60_000, 60_000)])
def test_too_many_pixels_are_refused_before_they_are_decoded(size):
    assert "24" in refusal(bomb(*size), "a.png")


def test_a_photograph_with_more_pixels_than_are_kept_is_halved():
    upload = SimpleUploadedFile("a.jpg", picture(size=(400, 200)), "image/jpeg")
    uploads.clean(upload, max_pixels=50_000)
    assert Image.open(upload).size == (200, 100)
    upload = SimpleUploadedFile("a.jpg", picture(size=(400, 300)), "image/jpeg")
    with pytest.raises(uploads.UnusablePicture):
        uploads.clean(upload, max_pixels=50_000)


def test_one_picture_is_decoded_at_a_time(monkeypatch):
    inside, most = [], []
    written_anew = uploads._written_anew

    def slowly(*given):
        inside.append(1)
        time.sleep(0.02)
        most.append(len(inside))
        done = written_anew(*given)
        inside.pop()
        return done

    monkeypatch.setattr(uploads, "_written_anew", slowly)
    with ThreadPoolExecutor(4) as threads:
        files = [SimpleUploadedFile("a.jpg", picture(), "image/jpeg") for _ in range(8)]
        list(threads.map(lambda file: uploads.clean(file, max_pixels=10_000), files))
    assert max(most) == 1


def test_too_many_bytes_are_refused(settings):
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 500
    assert refusal(with_everything_a_camera_notes("JPEG"))


def test_every_door_of_the_newsroom_leads_through_the_form(newsroom_browser):
    dirty = with_everything_a_camera_notes("JPEG")
    collection = Collection.get_first_root_node().pk
    doors = [
        ("wagtailimages:add", "file", {}),
        ("wagtailimages:add_multiple", "files[]", {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}),
        ("wagtailimages_chooser:create", "image-chooser-upload-file", {}),
    ]
    for name, field, headers in doors:
        prefix = field.removesuffix("file") if field.startswith("image") else ""
        data = {f"{prefix}title": "Photo", f"{prefix}collection": collection}
        upload = SimpleUploadedFile("photo.jpg", dirty, "image/jpeg")
        newsroom_browser.post(reverse(name), {**data, field: upload}, **headers)
    images = get_image_model().objects.all()
    assert len(images) == len(doors)
    for image in images:
        with image.file.open() as file:
            assert SECRET not in file.read()


@pytest.mark.parametrize("spooled_bytes", [0, 2_621_440])
def test_what_waits_for_a_better_title_is_clean_already(newsroom_browser, settings, spooled_bytes):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = spooled_bytes  # on disk, or in memory
    from wagtail.models import UploadedFile

    newsroom_browser.post(
        reverse("wagtailimages:add_multiple"),
        {
            "title": "x" * 300,
            "collection": Collection.get_first_root_node().pk,
            "files[]": SimpleUploadedFile("photo.jpg", with_everything_a_camera_notes("JPEG"), "image/jpeg"),
        },
        headers={"X-Requested-With": "XMLHttpRequest"},
    )
    waiting = UploadedFile.objects.get()
    with waiting.file.open() as file:
        assert SECRET not in file.read()


def test_a_reason_says_what_to_do():
    with pytest.raises(uploads.UnusablePicture, match="JPEG"):
        uploads.clean(SimpleUploadedFile("a.jpg", b"x"), max_pixels=1)
