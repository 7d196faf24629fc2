import numpy as np
import pytest

from d2l_lab.figures import image_grid

IMAGES = np.random.default_rng(0).uniform(size=(10, 28, 28))
TITLES = ["T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker"]
TITLES += ["bag", "ankle boot"]


def test_every_image_is_shown_in_order_under_its_own_label():
    figure = image_grid.draw(IMAGES, TITLES)
    assert [axes.get_title() for axes in figure.axes] == TITLES
    for axes, image in zip(figure.axes, IMAGES, strict=True):
        np.testing.assert_array_equal(axes.images[0].get_array(), image)


def test_grey_values_mean_the_same_in_every_image():
    dark, bright = image_grid.draw(np.stack([IMAGES[0] / 4, IMAGES[0]]), TITLES[:2]).axes
    assert dark.images[0].get_clim() == bright.images[0].get_clim() == (0, 1)


@pytest.mark.parametrize(("columns", "rows"), [(8, 2), (5, 2), (3, 4), (10, 1), (12, 1)])
def test_the_grid_has_the_columns_asked_for_and_no_empty_axes(columns, rows):
    figure = image_grid.draw(IMAGES, TITLES, columns=columns)
    assert len(figure.axes) == len(IMAGES)
    assert figure.axes[0].get_gridspec().get_geometry() == (rows, columns)


def test_no_images_are_refused():
    with pytest.raises(ValueError, match="images is empty"):
        image_grid.draw(IMAGES[:0], [])


def test_a_missing_label_is_refused():
    with pytest.raises(ValueError, match="zip"):
        image_grid.draw(IMAGES, TITLES[:-1])
