"""Takes the pictures of docs/tutorial anew: `python scripts/tutorial_pictures.py [fr|en …]`.

Starts a newspaper in a temporary folder and follows the tutorial as tests/journeys/test_tutorial.py does, word by word.
Where the page has a picture, the screen is kept under its name: 1280 pixels wide, light, at most 80 kB. Needs
Playwright and Chromium, as the journeys do.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "journeys")]

from conftest import CHROMIUM, FLAGS, started  # noqa: E402
from tutorial_steps import LOCALES, PAGES, Tutorial, follow, set_up  # noqa: E402

SIZE = {"width": 1280, "height": 900}
CLIPPED = {"01": 440, "07": 560}  # in height: the rest shows nothing
LARGEST_BYTES = 80_000
UNTIL_NOTHING_MOVES_MS = 700


def main(languages: list[str]) -> None:
    with sync_playwright() as playwright:
        for language in languages or sorted(PAGES):
            locale = LOCALES[language]
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            with tempfile.TemporaryDirectory() as folder, started(Path(folder)) as paper:
                set_up(paper, language)
                writer, publisher = (
                    browser.new_context(locale=locale, viewport=SIZE, color_scheme="light") for _ in range(2)
                )
                pages = writer.new_page(), publisher.new_page()
                for page in pages:
                    page.set_default_timeout(15_000)
                follow(Tutorial(language, pages[0], keep), paper, pages[1])
            browser.close()


def keep(page: Page, file: Path) -> None:
    """What the screen shows, with nothing moving, as a small file."""
    page.mouse.move(1, SIZE["height"] - 1)  # away from what would say its name
    page.wait_for_timeout(UNTIL_NOTHING_MOVES_MS)
    clip = {"x": 0, "y": 0, "width": SIZE["width"], "height": CLIPPED.get(file.stem[3:5], SIZE["height"])}
    png = page.screenshot(animations="disabled", caret="hide", clip=clip)
    shot = Image.open(io.BytesIO(png)).convert("RGB")
    shot.save(file, lossless=True, quality=100, method=6)
    size = file.stat().st_size
    print(f"{file.relative_to(ROOT)}  {size / 1000:.0f} kB")
    assert size <= LARGEST_BYTES, f"{file.name} is too large: {size} bytes"


if __name__ == "__main__":
    main(sys.argv[1:])
