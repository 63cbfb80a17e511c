"""The tutorial does what it says: each of its pages is followed word by word, by its own words."""

import pytest
from tutorial_steps import LOCALES, PAGES, Tutorial, follow, set_up


@pytest.mark.parametrize("language", sorted(PAGES))
def test_a_journalist_follows_the_tutorial_word_by_word(paper, person, language):
    set_up(paper, language)
    writer, publisher = (person(locale=LOCALES[language]) for _ in range(2))
    follow(Tutorial(language, writer), paper, publisher)
