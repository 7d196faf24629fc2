"""Chinese is found by its runs of characters, English by its stems."""

from d2l_lab.book.search import SearchChinese

SEARCH = SearchChinese({})


def test_a_text_is_split_into_words_and_runs():
    runs = ["训练", "练模", "模型", "训练模", "练模型"]
    assert SEARCH.split("用SGD训练模型") == ["SGD", *runs]


def test_single_characters_and_stop_words_are_not_indexed():
    terms = filter(SEARCH.word_filter, SEARCH.split("我 and perceptrons"))
    assert list(terms) == ["perceptrons"]


def test_a_run_of_chinese_is_its_own_stem_and_an_english_word_is_stemmed():
    words = ("训练", "训练模型", "training", "models")
    assert [*map(SEARCH.stem, words)] == ["训练", "训练模型", "train", "model"]
