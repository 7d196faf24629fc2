"""Chinese is found by its runs of characters, English by its stems."""

import pytest

from d2l_lab.book.search import SearchChinese


@pytest.fixture
def search():
    return SearchChinese({})


def test_a_text_is_split_into_words_and_runs(search):
    assert search.split("用SGD训练模型") == [
        "SGD",
        "训练",
        "练模",
        "模型",
        "训练模",
        "练模型",
        "训练模型",
    ]


def test_a_single_character_is_no_term_and_a_stop_word_neither(search):
    assert [word for word in search.split("我 and perceptrons") if search.word_filter(word)] == [
        "perceptrons"
    ]


def test_a_run_of_chinese_is_its_own_stem_and_an_english_word_has_one(search):
    assert [search.stem(word) for word in ("训练", "训练模型", "training", "models")] == [
        "训练",
        "训练模型",
        "train",
        "model",
    ]
