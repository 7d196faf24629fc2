"""The figures of all models, of the claims, of the benchmarks, and of the workflow itself."""

import numpy as np
import pandas as pd
import pytest

from figures import examples
from figures.examples import TABLES, draw, rows_of, texts, titles

SUMMARY, PAIRS, CLAIMS = TABLES["summary"], TABLES["agreement"], TABLES["claims"]
DEVICES = ("devices", "mlp_scratch on cpu", "mlp_scratch on mps", "mlp", "cpu and mps")


def test_only_test_accuracies_are_drawn_with_mean_and_interval_the_first_on_top():
    (axes,) = draw("test_accuracy").axes
    means, _, (bars,) = axes.containers[0].lines
    np.testing.assert_allclose(means.get_xydata(), [[0.836, 0], [0.861, 1]])
    ends = [segment[:, 0] for segment in bars.get_segments()]
    np.testing.assert_allclose(ends, [[0.831, 0.841], [0.857, 0.865]])
    numbers = ["0.8360 [0.8310, 0.8410], n = 5", "0.8610 [0.8570, 0.8650], n = 5"]
    assert texts(axes.texts)[1:] == numbers
    assert rows_of(axes) == ["softmax regression scratch", "MLP scratch"]
    assert axes.yaxis_inverted()


def test_devices_are_named_if_there_are_several():
    (axes,) = draw("test_accuracy", pd.concat([SUMMARY, SUMMARY.assign(device="cuda:0")])).axes
    assert rows_of(axes)[1:3] == ["MLP scratch, cpu", "softmax regression scratch, cuda:0"]


def test_a_summary_without_test_accuracy_is_refused():
    with pytest.raises(ValueError, match=r"summary \(its rows of test_accuracy\) is empty"):
        draw("test_accuracy", SUMMARY[SUMMARY["metric"] == "train_loss"])


# Agreement


def dots(axes):
    (line,) = (line for line in axes.lines if line.get_marker() in ("o", "s"))
    return line


def test_each_pair_has_a_panel_and_each_quantity_a_dot_at_its_relative_difference():
    figure = draw("agreement")
    assert titles(figure) == ["MLP scratch – MLP concise", "linear scratch – linear concise"]
    assert [*map(rows_of, figure.axes)] == [["loss", "accuracy", "b1"], ["loss"]]
    first, second = figure.axes
    assert first.yaxis_inverted()
    assert first.get_xscale() == second.get_xscale() == "log"
    left = first.get_xlim()[0]
    np.testing.assert_allclose(dots(first).get_xydata(), [[1e-6, 0], [left, 1], [left, 2]])
    np.testing.assert_allclose(dots(second).get_xydata(), [[0.02, 0]])
    assert [(text.get_text(), text.xy[1]) for text in first.texts] == [("0", 1), ("0", 2)]
    assert left < 1e-7


@pytest.mark.parametrize("difference", [0.0, 1e-20, 1.0, 123.0])
def test_every_dot_is_inside_the_axes(difference):
    figure = draw("agreement", PAIRS.assign(greatest_difference=difference))
    figure.draw_without_rendering()
    for axes in figure.axes:
        left, right = axes.get_xlim()
        assert all(left < x < right or difference == 0 for x in dots(axes).get_xdata())
        assert (len(axes.texts) > 0) == (difference == 0)


def test_a_comparison_of_two_devices_has_another_mark_and_names_them():
    more = pd.DataFrame([(*DEVICES, "loss", 1e-5, 2.0, 10)], columns=examples.AGREEMENT)
    figure = draw("agreement", pd.concat([PAIRS, more]))
    assert titles(figure) == [
        "MLP scratch – MLP concise, on cpu",
        "linear scratch – linear concise, on cpu",
        "MLP scratch on cpu – MLP scratch on mps",
    ]
    assert [dots(axes).get_marker() for axes in figure.axes] == ["o", "o", "s"]
    labels = texts(figure.legends[0].get_texts())
    assert labels == ["two ways of one model", "two devices", "spacing of float32 numbers"]
    assert len(draw("agreement", pd.concat([PAIRS, PAIRS.assign(device="mps")])).axes) == 4


# Claims, benchmarks, the workflow


def test_each_claim_has_a_line_with_its_section_verdict_and_evidence():
    found = texts(draw("claims").axes[0].texts)
    for row in CLAIMS.itertuples():
        assert any(row.assertion_en[:60] in text for text in found)
    assert found.count("✓") == (CLAIMS["verdict"] == "holds").sum() > 5
    assert found.count("?") == (CLAIMS["verdict"] == "not decided").sum() > 0
    assert found.count("4.1.2") == (CLAIMS["section"] == "4.1.2").sum()
    figure = draw("claims", CLAIMS.assign(verdict="does not hold"))
    of_notes = (CLAIMS["kind"] != "finding of ours").sum()
    assert sum(text.startswith("[ours]") for text in found) == len(CLAIMS) - of_notes > 0
    assert figure.get_suptitle() == f"What the notes assert (does not hold: {of_notes})"
    assert texts(figure.axes[0].texts).count("✗") == len(CLAIMS)


def test_the_slowest_way_is_the_first_row_and_says_what_was_chosen():
    (axes,) = draw("benchmark_training").axes
    assert rows_of(axes) == [
        "notes, 4 workers",
        "scikit-learn, tested",
        "scratch, 1 replica, 2 threads",
        "scratch, 5 replicas, 2 jobs",
        "limit, 5 replicas",
    ]


def test_every_stage_has_a_row_with_the_sum_of_its_jobs():
    when, total = draw("benchmark_jobs").axes
    assert rows_of(when) == rows_of(total) == ["train", "figures"]
    assert [bar.get_width() for bar in total.patches] == [6, 1, 4.5, 0]


def test_replicates_results_and_devices_each_have_a_row_of_time_and_memory():
    figure = draw("benchmark_scale")
    assert [axes.get_xlabel() for axes in figure.axes[::2]] == ["replicates", "results", "devices"]
    drawn = [axes.get_lines()[0].get_xydata().tolist() for axes in figure.axes[:4]]
    of_results = [[[99, 1], [999, 2]], [[99, 100], [999, 300]]]
    assert drawn == [[[1, 1], [5, 2]], [[1, 100], [5, 300]], *of_results]


def test_the_graph_has_every_stage_and_no_edge_that_follows_from_others():
    (axes,) = draw("workflow_graph").axes
    assert {*texts(axes.texts)} == {f"{name}\n{count}" for name, count in examples.STAGES.items()}
    assert len(axes.patches) == len(examples.EDGES) - 1
