import pytest
import torch

from d2l_lab.studies import library
from d2l_lab.training.randomness import generator


def found(numbers=200, replicates=2):
    return library.study(0, numbers=numbers, replicates=replicates)


def facts():
    return found()["library"].set_index("fact")["value"]


def test_the_statements_of_the_notes_hold_and_plain_tensors_can_be_updated():
    values = facts()
    assert values.pop("plain_tensors_move") == len(library.OPTIMISERS)
    assert values.pop("dot_takes_no_column") < 1e-12
    assert (values == 0).all()


def test_the_numbers_have_the_spread_with_which_they_were_drawn():
    table = found()["library_normal"]
    for row in table.itertuples():
        draws = generator(0, "library", "normal", row.replicate)
        drawn = torch.normal(0.0, 0.01, (200,), generator=draws).double()
        assert row.variance == pytest.approx(((drawn - drawn.mean()) ** 2).sum().item() / 199)
        assert row.deviation == pytest.approx(row.variance**0.5)
    assert (table["std"] == 0.01).all()


@pytest.mark.parametrize(
    ("where", "name", "other", "fact", "expected"),
    [
        (torch, "mm", torch.matmul, "mm_of_other_than_matrices", len(library.OTHERS)),
        (torch, "mm", lambda A, B: A @ B + 1, "mm_of_other_than_matrices", len(library.MATRICES)),
        (torch, "matmul", torch.mm, "matmul_fails", len(library.OTHERS)),
        (library, "TensorDataset", lambda *_: None, "dataset_of_unequal_lengths", 12),
        (torch.Tensor, "argmax", torch.Tensor.argmin, "argmax_is_not_the_greatest", 100),
        (library.nn.Module, "apply", lambda net, call: call(net), "apply_leaves_out", 4),
        (library.nn, "Linear", lambda *_: torch.nn.ReLU(), "linear_takes_images", 1),
        (library.math, "gamma", lambda n: n, "gamma_is_no_factorial", 19),
    ],
)
def test_a_function_that_behaved_differently_would_be_noticed(
    where, name, other, fact, expected, monkeypatch
):
    monkeypatch.setattr(where, name, other)
    assert facts()[fact] == expected


def test_an_optimiser_that_moved_every_tensor_would_be_noticed(monkeypatch):
    kinds = ("parameter", "plain", "buffer")
    monkeypatch.setattr(library, "moves", lambda *_: dict.fromkeys(kinds, True))
    assert facts()["others_than_parameters_move"] == 2 * len(library.OPTIMISERS)
