import numpy as np
import pandas as pd

from d2l_lab.figures import agreement, style

COLUMNS = ["kind", "first", "second", "family", "device", "quantity"]
COLUMNS += ["greatest_difference", "greatest_value", "n"]
WAYS = ("ways", "mlp_scratch", "mlp_concise", "mlp", "cpu")
OTHERS = ("ways", "linear_scratch", "linear_concise", "linear_regression", "cpu")
DEVICES = ("devices", "mlp_scratch on cpu", "mlp_scratch on mps", "mlp", "cpu and mps")
TABLE = pd.DataFrame(
    [
        (*WAYS, "loss", 2e-6, 2.0, 10),
        (*WAYS, "accuracy", 0.0, 0.8, 10),
        (*WAYS, "b1", 0.0, 0.0, 3),
        (*OTHERS, "loss", 0.06, 3.0, 10),
    ],
    columns=COLUMNS,
)
MORE = pd.concat([TABLE, pd.DataFrame([(*DEVICES, "loss", 1e-5, 2.0, 10)], columns=COLUMNS)])


def dots(axes):
    (line,) = (line for line in axes.lines if line.get_marker() in ("o", "s"))
    return line


def titles(figure):
    return [axes.get_title(loc="left") for axes in figure.axes]


def test_each_pair_has_a_panel_and_each_quantity_a_row():
    figure = agreement.draw(TABLE)
    assert titles(figure) == ["MLP scratch – MLP concise", "linear scratch – linear concise"]
    names = [[label.get_text() for label in axes.get_yticklabels()] for axes in figure.axes]
    assert names == [["loss", "accuracy", "b1"], ["loss"]]
    assert all(axes.yaxis_inverted() for axes in figure.axes)


def test_a_dot_is_the_difference_relative_to_the_greatest_value():
    one, other = agreement.draw(TABLE).axes
    assert one.get_xscale() == other.get_xscale() == "log"
    np.testing.assert_allclose(dots(one).get_xydata()[0], [1e-6, 0])
    np.testing.assert_allclose(dots(other).get_xydata(), [[0.02, 0]])


def test_no_difference_stands_at_the_left_edge_and_is_labelled():
    axes = agreement.draw(TABLE).axes[0]
    left = axes.get_xlim()[0]
    np.testing.assert_allclose(dots(axes).get_xydata()[1:], [[left, 1], [left, 2]])
    assert [(text.get_text(), text.xy[1]) for text in axes.texts] == [("0", 1), ("0", 2)]
    assert left < 1e-7


def test_every_dot_lies_inside_the_axes():
    for difference in (1e-20, 1.0, 123.0):
        for axes in agreement.draw(TABLE.assign(greatest_difference=difference)).axes:
            left, right = axes.get_xlim()
            assert all(left < x < right for x in dots(axes).get_xdata())


def test_nothing_but_zeros_is_drawn_too():
    figure = agreement.draw(TABLE.assign(greatest_difference=0.0))
    figure.draw_without_rendering()
    assert len(figure.axes[0].texts) == 3


def test_two_devices_have_another_mark_and_are_named():
    figure = agreement.draw(MORE)
    assert titles(figure) == [
        "MLP scratch – MLP concise, on cpu",
        "linear scratch – linear concise, on cpu",
        "MLP scratch on cpu – MLP scratch on mps",
    ]
    assert [dots(axes).get_marker() for axes in figure.axes] == ["o", "o", "s"]
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == ["two ways of one model", "two devices", "spacing of float32 numbers"]


def test_the_same_two_models_on_another_device_are_another_pair():
    figure = agreement.draw(pd.concat([TABLE, TABLE.assign(device="mps")]))
    assert len(figure.axes) == 4


def test_saving_again_gives_the_same_bytes(tmp_path):
    drawn = (agreement.draw(TABLE[1:2]) for _ in range(2))
    one, other = (style.save(figure, tmp_path, str(n), dpi=40) for n, figure in enumerate(drawn))
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in other]


def test_without_a_pair_the_figure_says_so(tmp_path):
    (tmp_path / "agreement.csv").write_text(",".join(COLUMNS) + "\n")
    figure = agreement.draw(pd.read_csv(tmp_path / "agreement.csv"))
    (axes,) = figure.axes
    assert axes.texts[0].get_text().startswith("No model was trained both")
    style.save(figure, tmp_path, "figure", dpi=40)
