"""Words of texts and of queries."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.domain.words import LONGEST_WORD, MOST_ASKED, MOST_WORDS, Asked, asked, document, likeness, telling, words


def test_words_are_folded_and_parted_by_what_is_no_letter_or_digit() -> None:
    assert words("MR-2026-00012, Perché_no?") == ["mr", "2026", "00012", "perche", "no"]
    assert words("STRASSE Straße  ﬁne") == ["strasse", "strasse", "fine"]
    assert words("درخواست آب") == ["درخواست", "اب"]


def test_long_texts_and_words_are_cut() -> None:
    assert len(words("x " * (MOST_WORDS + 10))) == MOST_WORDS
    assert words("y" * 1000) == ["y" * LONGEST_WORD]


def test_a_query_is_words_that_begin_others_and_phrases_between_quotes() -> None:
    assert asked('fattur "Nota di credito" è') == Asked(("fattur",), (("nota", "di", "credito"), ("e",)))


def test_a_query_of_nothing_asks_for_nothing() -> None:
    for query in ("", "   ", '""', '" - "', "()*:^", "…"):
        assert not asked(query)


def test_operators_are_words_like_others() -> None:
    assert asked("pane AND NOT vino*").beginnings == ("pane", "and", "not", "vino")
    assert asked('NEAR("a b", 2)').phrases == (("a", "b"), ("2",))
    assert asked('un "aperto').beginnings == ("un", "aperto")


@given(st.text(max_size=300))
def test_whatever_is_asked_becomes_plain_words(query: str) -> None:
    found = asked(query)
    every = [*found.beginnings, *(word for phrase in found.phrases for word in phrase)]
    assert all(word.isalnum() and word == words(word)[0] for word in every)
    assert len(found.beginnings) <= MOST_ASKED and len(found.phrases) <= MOST_ASKED


def test_a_document_has_the_number_with_and_without_zeros_and_says_whom_it_is_for() -> None:
    found = document("S-00012", "Ruota", "Cigola.", company=7)
    assert found == ["=c7", "=public", "s", "00012", "12", "ruota", "cigola"]
    assert document("S-7", "Ruota", "", company=None, public=False) == ["s", "7", "ruota"]


def test_nobody_can_ask_for_whom_a_text_is_for() -> None:
    assert asked('=c7 "=public"') == Asked(("c7",), (("public",),))


def test_what_a_text_is_about_are_its_long_words() -> None:
    text = "Buongiorno, la stampa delle fatture non funziona con il browser"
    assert telling(text) == ["stampa", "fatture", "funziona", "browser"]
    assert telling(text, most=2) == ["fatture", "funziona"]


def test_texts_are_alike_by_the_beginnings_of_their_words() -> None:
    asked_for = telling("errore nella fatturazione elettronica")
    assert likeness(asked_for, "Errori di fatturazione elettronica") == 1
    assert likeness(asked_for, "La password è scaduta") == 0
    assert 0 < likeness(asked_for, "Fattura elettronica") < 1
