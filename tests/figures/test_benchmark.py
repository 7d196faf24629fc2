"""The figures of what `make bench` measures."""

import numpy as np
import pandas as pd
import pytest

from d2l_lab.figures import benchmark_jobs, benchmark_scale, benchmark_training

TRAINING = pd.DataFrame(
    {
        "model": "mlp",
        "way": ["scratch", "notes", "scikit-learn, tested", "limit", "scratch"],
        "workers": [np.nan, 4, np.nan, np.nan, np.nan],
        "replicas": [5, 1, 1, 5, 1],
        "threads": [1, np.nan, np.nan, 1, 2],
        "jobs": [2, 1, 1, 1, 1],
        "seconds_per_epoch": [0.3, 5.0, 0.8, 0.2, 0.4],
    }
).assign(least=0.1, greatest=9.0)
JOBS = pd.DataFrame(
    {
        "stage": ["train", "figures", "train"],
        "name": "x",
        "started": [0.0, 5.0, 3.0],
        "seconds": [4.0, 1.0, 2.0],
        "useful_seconds": [3.0, 0.0, 1.5],
    }
)
GROWTH = {"seconds": [1.0, 2.0], "least": 0.5, "greatest": 3.0, "peak_mebibytes": [100, 300]}
SCALE = pd.DataFrame({"grows": "replicates", "count": [1, 5], **GROWTH})
PLANNING = pd.concat(
    pd.DataFrame(
        {"measured": what, "models": 50, "devices": [1, 8], "results": [99, 999], **GROWTH}
    )
    for what in ("keys", "jobs")
)


def names(axes):
    return [label.get_text() for label in axes.get_yticklabels()]


def test_the_slowest_way_is_the_first_row_and_says_what_was_chosen():
    (axes,) = benchmark_training.draw(TRAINING).axes
    assert names(axes) == [
        "notes, 4 workers",
        "scikit-learn, tested",
        "scratch, 1 replica, 2 threads",
        "scratch, 5 replicas, 2 jobs",
        "limit, 5 replicas",
    ]


def test_every_stage_has_a_row_with_the_sum_of_its_jobs():
    when, total = benchmark_jobs.draw(JOBS).axes
    assert names(when) == names(total) == ["train", "figures"]
    assert [bar.get_width() for bar in total.patches] == [6, 1, 4.5, 0]


def test_whatever_grows_has_a_row_of_time_and_memory():
    figure = benchmark_scale.draw(SCALE, PLANNING)
    assert [axes.get_xlabel() for axes in figure.axes[::2]] == ["replicates", "results", "devices"]
    drawn = [axes.get_lines()[0].get_xydata().tolist() for axes in figure.axes[:4]]
    of_results = [[[99, 1], [999, 2]], [[99, 100], [999, 300]]]
    assert drawn == [[[1, 1], [5, 2]], [[1, 100], [5, 300]], *of_results]


@pytest.mark.parametrize(
    "draw",
    [
        lambda: benchmark_training.draw(TRAINING[:0]),
        lambda: benchmark_jobs.draw(JOBS[:0]),
        lambda: benchmark_scale.draw(SCALE[:0], PLANNING),
        lambda: benchmark_scale.draw(SCALE, PLANNING[:0]),
    ],
)
def test_nothing_to_draw_is_an_error(draw):
    with pytest.raises(ValueError, match="is empty: there is nothing to draw"):
        draw()
