import pytest
import torch

from d2l_lab.training.randomness import be_deterministic, generator, normal


def numbers(seed, *purpose):
    return tuple(torch.rand(8, generator=generator(seed, *purpose)).tolist())


def test_numbers_are_the_same_for_the_same_seed_and_purpose_and_differ_for_others():
    purposes = [
        (0,),
        (1,),
        (0, "a"),
        (0, "b"),
        (0, "a", 0),
        (0, "a", 1),
        (0, "a", "1"),
        (0, 1, "a"),
    ]
    purposes += [(0, "ab", "c"), (0, "a", "bc"), (10, "a"), (1, 0, "a"), (2**64,)]
    streams = [numbers(*purpose) for purpose in purposes]
    assert streams == [numbers(*purpose) for purpose in purposes]
    assert len(set(streams)) == len(streams)


def test_the_streams_of_two_purposes_do_not_disturb_each_other_or_the_global_one():
    alone = numbers(0, "initial values")
    before = torch.get_rng_state()
    weights, shuffles = generator(0, "initial values"), generator(0, "shuffles")
    mixed = []
    for _ in range(8):
        mixed.append(torch.rand(1, generator=weights).item())
        torch.randperm(10, generator=shuffles)
    assert tuple(mixed) == pytest.approx(alone, abs=0)
    assert torch.equal(torch.get_rng_state(), before)


def test_the_streams_of_neighbouring_replicas_are_not_correlated():
    streams = torch.stack([torch.randn(10_000, generator=generator(0, r)) for r in range(8)])
    off_diagonal = torch.corrcoef(streams) - torch.eye(8)
    assert off_diagonal.abs().max() < 0.05


def test_normal_numbers_have_mean_zero_and_the_requested_standard_deviation():
    drawn = normal((300, 400), 0.01, generator(0))
    assert (drawn.shape, drawn.dtype) == ((300, 400), torch.float32)
    assert abs(drawn.mean()) < 0.01 * 4 / 120_000**0.5
    assert drawn.std().item() == pytest.approx(0.01, rel=0.01)
    assert drawn.abs().max() > 0.03
    assert torch.equal(drawn, normal((300, 400), 0.01, generator(0)))


def test_determinism_means_one_thread_and_deterministic_kernels():
    try:
        torch.set_num_threads(2)
        torch.use_deterministic_algorithms(False)
        torch.set_float32_matmul_precision("medium")
        be_deterministic()
        assert torch.get_num_threads() == 1
        assert torch.are_deterministic_algorithms_enabled()
        assert torch.get_float32_matmul_precision() == "highest"
    finally:
        be_deterministic()
