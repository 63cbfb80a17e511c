"""The steps of docs/tutorial/, in a browser. They name no button and no text: these come from the page, in its
order. Bold is what the screen says, code is what one types, and a picture stands where the screen is shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

FOLDER = Path(__file__).parents[2] / "docs" / "tutorial"
PAGES = {"fr": FOLDER / "premier-article.md", "en": FOLDER / "first-article.md"}
LOCALES = {"fr": "fr-FR", "en": "en-GB"}
WRITER = "camille"
PUBLISHER = "paul"
SIGNED = "Camille Arnaud"

FIRST_READING_MS = 20_000  # the desk starts
UNTIL_TYPING_IS_NOTICED_MS = 2_500  # the editor compares with what stood there two seconds after it opened
_ITEM = re.compile(
    r"^```\n(?P<text>.*?)\n```$|\*\*(?P<screen>.+?)\*\*|`(?P<words>[^`]+)`|!\[[^\]]+\]\((?P<picture>[^)]+)\)",
    re.DOTALL | re.MULTILINE,
)
_SET_UP = """
from django.contrib.auth.models import User
from wagtail.users.models import UserProfile
from depeche.articles.models import Person
for user in User.objects.filter(username__in={names!r}):
    UserProfile.objects.update_or_create(user=user, defaults={{"preferred_language": {language!r}}})
Person.objects.create(name={signed!r}, slug="camille-arnaud")
"""
_WORDS_IN_VIEW = """() => {
  const [range] = CSS.highlights.get("dp-shown") ?? [];
  const {top, bottom} = range?.getBoundingClientRect() ?? {top: -1};
  return top > 0 && bottom < innerHeight;
}"""
_RECTANGLE_OF_THE_END = """words => {
  for (const editor of document.querySelectorAll(".public-DraftEditor-content")) {
    const walker = document.createTreeWalker(editor, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const start = node.data.indexOf(words);
      if (start < 0) continue;
      const range = document.createRange();
      range.setStart(node, start + words.length - 1);
      range.setEnd(node, start + words.length);
      editor.scrollIntoView({block: "center", behavior: "instant"});
      const {right, top, height} = range.getBoundingClientRect();
      return [right - 1, top + height / 2];
    }
  }
}"""


def items(page: Path) -> Iterator[tuple[str, str]]:
    """What a tutorial says of the screen, from its first step to its last: (kind, words)."""
    steps = page.read_text().split("\n## ")[1:-1]  # before: for whoever installs; after: what next
    for found in _ITEM.finditer("\n".join(steps)):
        yield str(found.lastgroup), " ".join(found[found.lastgroup or 0].split())


@dataclass
class Tutorial:
    """One reader of a tutorial, at a browser; `show` is called where a picture stands, with its file."""

    language: str
    page: Page
    show: Callable[[Page, Path], None] = lambda page, file: None
    left: list[tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.left = list(items(PAGES[self.language]))

    @property
    def panel(self) -> Locator:
        return self.page.locator("[data-findings]")

    def next(self, kind: str) -> str:
        """The next words of the page, which have to be of that kind."""
        assert self.left, f"the page ends, where {kind} should come"
        is_now, words = self.left.pop(0)
        assert is_now == kind, f"the page says “{words}” ({is_now}), where {kind} should come"
        return words

    def typed(self) -> str:
        """The next text to type, in a block or in the line."""
        return self.next(self.left[0][0] if self.left[0][0] in ("text", "words") else "text")

    def sees(self, **options: Any) -> Locator:
        """The screen says what the page says it does."""
        found = self.page.get_by_text(self.next("screen")).filter(visible=True).first
        expect(found).to_be_visible(**options)
        return found

    def presses(self, within: Locator | None = None, *, last: bool = False) -> None:
        """The button, link, tab or line of that name: exactly so called, or beginning like that."""
        name = re.escape(self.next("screen")).replace(r"\ ", r"\s+")
        scope = within or self.page.locator("body")
        exactly = _pressable(scope, re.compile(rf"^\s*{name}\s*\d*\s*$"))
        beginning = _pressable(scope, re.compile(rf"^\s*{name}"))
        expect(beginning.first).to_be_visible()
        found = exactly if exactly.count() else beginning
        (found.last if last else found.first).click()

    def fills(self, within: Locator | None = None) -> None:
        """The field of that name, with the text that follows."""
        self.field(within).fill(self.typed())

    def chooses(self, within: Locator | None = None) -> None:
        """In the list of that name, the entry that follows."""
        self.field(within).select_option(label=self.next("screen"))

    def field(self, within: Locator | None = None) -> Locator:
        """The field of the next name."""
        name = re.compile(rf"^\s*{re.escape(self.next('screen'))}\s*\*?\s*$")
        scope = within or self.page.locator("body")
        return (
            scope.get_by_label(name).and_(scope.locator("input, textarea, select")).filter(visible=True).first
        )

    def opens_a_part(self) -> None:
        """The part of the form with that heading, which was folded."""
        part = self.page.get_by_role("region", name=self.next("screen"))
        part.locator("button[aria-expanded=false]").first.click()

    def picture(self) -> None:
        file = FOLDER / self.next("picture")
        self.show(self.page, file)
        assert file.exists(), f"no such picture: {file.name} (scripts/tutorial_pictures.py makes them)"

    def row(self) -> Locator:
        """The line of the panel that says the next words, opened."""
        words = re.compile(re.escape(self.next("screen")).replace(r"\ ", r"\s+"))
        return opened(self.panel.locator("li[data-key]").filter(has_text=words).first)

    def writes_a_paragraph(self) -> None:
        self.presses(last=True)  # the + below
        self.presses()
        expect(self.page.locator(".public-DraftEditor-content").last).to_be_focused()  # the page still moves
        self.page.keyboard.insert_text(self.next("text"))

    def replaces(self) -> None:
        """Words of the text by others, with mouse and keyboard."""
        old, new = self.next("words"), self.next("words")
        x, y = self.page.evaluate(_RECTANGLE_OF_THE_END, old)
        self.page.mouse.click(x, y)
        for _ in old:
            self.page.keyboard.press("Shift+ArrowLeft")
        marked = self.page.evaluate("getSelection().toString()")
        assert marked == old, f"marked “{marked}”"
        self.page.keyboard.insert_text(new)

    def gone(self, words: str) -> None:
        """The panel does not say that any more."""
        rows = self.page.locator("[data-findings] [class*=dp-group--] li[data-key]")
        expect(rows.filter(has_text=re.compile(re.escape(words).replace(r"\ ", r"\s+")))).to_have_count(0)


def _pressable(scope: Locator, name: re.Pattern[str]) -> Locator:
    found = scope.locator("summary").filter(has_text=name)
    for role in ("button", "link", "tab", "option"):
        found = found.or_(scope.get_by_role(role, name=name))  # type: ignore[arg-type]
    return found.filter(visible=True)


def opened(row: Locator) -> Locator:
    """A line of the panel, with what it says in full."""
    head = row.locator("[data-show]")
    expect(head).to_be_visible()
    if head.get_attribute("aria-expanded") == "false":
        head.click()
    expect(row.locator(".dp-row__more")).to_be_visible()
    return row


def set_up(paper: Any, language: str) -> None:
    """What somebody did before the writer comes: two accounts, and the name of who signs."""
    paper.add_colleagues(**{WRITER: "contributor", PUBLISHER: "publisher"})
    code = _SET_UP.format(names=[WRITER, PUBLISHER], language=language, signed=SIGNED)
    paper.manage("shell", "--no-imports", "-c", code)


def follow(tutorial: Tutorial, paper: Any, colleague: Page) -> None:
    """All of it, as its reader; `colleague` is the browser of the publisher."""
    signs_in(tutorial, paper)
    writes(tutorial)
    reads_the_findings(tutorial)
    answers(tutorial)
    keeps_the_ledger(tutorial)
    overrides(tutorial)
    editor = sends_and_publishes(tutorial, paper, colleague)
    sees_it_as_readers_do(tutorial, paper)
    corrects(tutorial, editor, colleague)
    assert not tutorial.left, f"the page goes on: {tutorial.left}"


def signs_in(t: Tutorial, paper: Any) -> None:
    t.page.goto(f"{paper.address}/admin/")
    t.field().fill(WRITER)
    t.field().fill(paper.colleagues_password)
    t.presses()
    t.sees()
    t.sees()
    t.picture()


def writes(t: Tutorial) -> None:
    t.presses()
    t.presses(t.page.locator("main"))
    t.fills()
    t.fills()
    t.presses()
    t.presses()
    t.presses(t.page.locator(".modal"))
    t.sees()
    t.writes_a_paragraph()
    t.writes_a_paragraph()
    t.sees(timeout=FIRST_READING_MS)
    t.page.locator("#id_title").scroll_into_view_if_needed()
    t.picture()


def reads_the_findings(t: Tutorial) -> None:
    t.presses()
    t.sees(timeout=FIRST_READING_MS)
    for _ in range(4 if t.language == "fr" else 2):
        t.sees()
    t.picture()
    missing = t.sees().inner_text()
    t.fills()
    t.gone(missing)


def answers(t: Tutorial) -> None:
    takes_a_neutral_word(t)
    mends(t)  # figures that do not add up
    mends(t)  # a source nobody knows
    gives_a_reason(t, t.row())
    t.sees()


def takes_a_neutral_word(t: Tutorial) -> None:
    doubt = t.left[0][1]
    found = t.row()
    t.presses(found)
    t.page.wait_for_function(_WORDS_IN_VIEW)
    t.presses(found)
    t.picture()
    t.presses(found)
    t.sees()
    t.gone(doubt)
    t.presses()
    found = t.panel.locator("li[data-key]").filter(has_text=doubt).first
    opened(found)
    t.presses(found)
    t.gone(doubt)


def mends(t: Tutorial) -> None:
    wrong = t.left[0][1]
    t.row()
    t.replaces()
    t.gone(wrong)


def gives_a_reason(t: Tutorial, found: Locator) -> None:
    t.presses(found)
    found.get_by_role("textbox").fill(t.next("text"))
    t.presses(found)


def keeps_the_ledger(t: Tutorial) -> None:
    t.presses()
    found = t.row()
    t.presses(found)
    t.chooses(found)
    t.presses(found)
    expect(found.locator(".dp-claim__facts")).to_contain_text(t.next("screen"))
    found = t.row()
    t.presses(found)
    t.fills(found)
    t.fills(found)
    found.evaluate("row => row.scrollIntoView({block: 'center', behavior: 'instant'})")
    t.picture()
    t.presses(found)
    t.sees()
    sources = t.page.locator("section").filter(has=t.page.get_by_role("heading", name=t.sees().inner_text()))
    t.presses()
    t.fills(sources.last)
    t.fills(sources.last)


def overrides(t: Tutorial) -> None:
    t.presses()
    if t.language == "en":  # which nothing stops but that
        t.opens_a_part()
        t.chooses()
        t.sees()
    found = t.row()
    gives_a_reason(t, found)
    expect(found).to_contain_text(t.next("screen"))
    t.picture()


def sends_and_publishes(t: Tutorial, paper: Any, colleague: Page) -> str:
    """The address of the article in the editor."""
    t.sees()
    saved(t)
    editor = t.page.url
    acts(t)
    t.sees()
    t.page, writer = colleague, t.page
    paper.sign_in(t.page, PUBLISHER)
    t.sees()
    approves(t, editor)
    approves(t, editor)
    t.sees()
    t.picture()
    t.presses()
    found = t.row()
    t.presses(found)
    t.sees()
    acts(t)
    expect(t.page.locator(".messages")).to_be_visible()
    t.page = writer
    return editor


def approves(t: Tutorial, editor: str) -> None:
    t.page.goto(editor)
    t.page.wait_for_timeout(UNTIL_TYPING_IS_NOTICED_MS)
    acts(t)


def acts(t: Tutorial) -> None:
    """One of the further actions below the article."""
    t.presses(t.page.locator("footer"))
    with t.page.expect_navigation():
        t.presses(t.page.locator("footer"))


def saved(t: Tutorial) -> None:
    t.page.wait_for_timeout(UNTIL_TYPING_IS_NOTICED_MS)


def sees_it_as_readers_do(t: Tutorial, paper: Any) -> None:
    t.page.goto(paper.address + ("/" if t.language == "fr" else "/en/"))
    t.presses()
    t.page.get_by_role("link", name=title_of(t.language)).first.click()
    t.sees()
    t.sees()
    t.picture()


def title_of(language: str) -> str:
    """The headline one types: the first text of the page."""
    return next(words for kind, words in items(PAGES[language]) if kind == "text")


def corrects(t: Tutorial, editor: str, colleague: Page) -> None:
    readers = t.page.url
    t.page.goto(editor)
    t.page.wait_for_timeout(UNTIL_TYPING_IS_NOTICED_MS)
    t.replaces()
    saved(t)
    acts(t)
    t.page, reader = colleague, t.page
    t.left.insert(0, t.left[0])  # said once, done twice
    for _ in range(2):
        t.page.goto(editor)
        t.page.wait_for_timeout(UNTIL_TYPING_IS_NOTICED_MS)
        t.page.locator("footer [data-w-dropdown-target='toggle']").click()
        with t.page.expect_navigation():
            t.presses(t.page.locator("footer"))
    t.page.goto(editor)
    t.page.locator("header [data-w-dropdown-target='toggle']").first.click()
    t.presses()
    t.fills()
    t.fills()
    t.fills()
    t.presses()
    t.presses()
    t.sees()
    t.page = reader
    t.page.goto(readers)
    t.sees()
    t.sees()
    t.picture()
