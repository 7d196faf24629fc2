import numpy as np
import pytest
from matplotlib.colors import to_rgba

from d2l_lab.figures import predictions, style

IMAGES = np.random.default_rng(0).uniform(size=(7, 28, 28))
TRUE = ["bag", "coat", "shirt", "dress", "sandal", "sneaker", "ankle boot"]
PREDICTED = ["bag", "shirt", "shirt", "dress", "sandal", "ankle boot", "ankle boot"]
WRONG = [1, 5]


def draw(predicted=PREDICTED):
    return predictions.draw(IMAGES, TRUE, predicted, "softmax regression")


def crossed(axes):
    return [text.get_text() for text in axes.texts] == [style.CROSS]


def framed(axes):
    return all(spine.get_edgecolor() == to_rgba(style.VERMILLION) for spine in axes.spines.values())


def test_true_and_predicted_label_stand_over_every_image():
    titles = [axes.get_title() for axes in draw().axes]
    assert titles == [f"true: {t}\npredicted: {p}" for t, p in zip(TRUE, PREDICTED, strict=True)]


def test_every_wrong_prediction_has_a_cross_and_a_frame_and_no_right_one_has():
    axes = draw().axes
    assert [i for i, image in enumerate(axes) if crossed(image)] == WRONG
    assert [i for i, image in enumerate(axes) if framed(image)] == WRONG


def test_the_figure_says_what_the_marks_mean_and_how_many_there_are():
    assert draw().get_supxlabel() == "✗ and frame: wrong, 2 of 7"


def test_nothing_is_marked_when_all_predictions_are_right():
    figure = draw(predicted=TRUE)
    assert not any(crossed(axes) or framed(axes) for axes in figure.axes)
    assert "0 of 7" in figure.get_supxlabel()


def test_no_images_are_refused():
    with pytest.raises(ValueError, match="images is empty"):
        predictions.draw(IMAGES[:0], [], [], "softmax regression")


def test_a_missing_prediction_is_refused():
    with pytest.raises(ValueError, match="zip"):
        draw(predicted=PREDICTED[:-1])
