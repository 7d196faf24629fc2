"""The notes' claims about linear regression (3.1 to 3.3)."""

from functools import partial

import numpy as np
import pandas as pd

from d2l_lab.claims.claim import Claim, Setting
from d2l_lab.claims.evidence import TIMINGS, Evidence, exactly, greatest, mean
from d2l_lab.claims.ways import greatest_differences

SHUFFLES = "shuffles"  # the source of chance that an interval covers
LONG = 1000  # elements; from this length on, the loop's cost shows


def closed_form_minimises(closed_form: pd.DataFrame, maximum_likelihood: pd.DataFrame) -> Evidence:
    """Measure how far the least loss on a grid of weights is from the closed form, in steps."""
    weight = closed_form["closed_form"].iloc[0]
    step = maximum_likelihood["weight"].diff().iloc[1]
    found = maximum_likelihood["weight"][maximum_likelihood["squared_loss"].idxmin()]
    return exactly(abs(found - weight) / step, len(maximum_likelihood))


def last_distance(closed_form_distance: pd.DataFrame) -> Evidence:
    """Measure the distance of the last iterate."""
    steps = closed_form_distance["step"]
    return mean(closed_form_distance.loc[steps == steps.max(), "distance"])


def updates_that_lower_the_loss(closed_form_distance: pd.DataFrame) -> Evidence:
    """Measure the share of single updates that lower the loss over all examples.

    It is the share among the updates made, without an interval, since a single one that does not
    lower the loss disproves the claim.
    """
    losses = closed_form_distance.sort_values("step").groupby("replicate")["loss"]
    changes = losses.diff().dropna()
    return exactly((changes < 0).mean(), len(changes))


def step_by_rate(learning_rate: pd.DataFrame) -> Evidence:
    """Measure how far the first step is from being proportional to the learning rate."""
    ratio = learning_rate["first_step"] / learning_rate["learning_rate"]
    of_each = ratio.groupby(learning_rate["replicate"])
    return greatest(of_each.max() / of_each.min() - 1)


def spread_of_losses(learning_rate: pd.DataFrame) -> Evidence | None:
    """Measure the orders of magnitude between the best and the worst rate that converges."""
    sound = learning_rate[~learning_rate["diverged"]].pivot(
        index="replicate", columns="learning_rate", values="loss"
    )
    sound = sound.dropna(axis="columns")
    if sound.empty:
        return None
    return mean(np.log10(sound.max(axis="columns") / sound.min(axis="columns")))


def least_speed_up(shortest: int, vectorisation_timing: pd.DataFrame) -> Evidence | None:
    """Measure log₁₀ of the loop's time over the vectorised way's, where it gains least.

    The least ratio over all lengths from the shortest on, in each repeat.
    """
    long = vectorisation_timing[vectorisation_timing["length"] >= shortest]
    if long.empty:
        return None
    seconds = long.pivot(index=["repeat", "length"], columns="way", values="seconds")
    gains = np.log10(seconds["loop"] / seconds["vectorised"])
    return mean(gains.groupby("repeat").min(), TIMINGS)


def same_minimiser(maximum_likelihood: pd.DataFrame) -> Evidence:
    """Measure how many grid points the two minima are apart."""
    loss, likelihood = (
        maximum_likelihood[column].idxmin()
        for column in ("squared_loss", "negative_log_likelihood")
    )
    return exactly(abs(loss - likelihood), len(maximum_likelihood))


def epochs_lower_loss(training: pd.DataFrame, models: pd.DataFrame) -> Evidence | None:
    """Measure the greatest ratio of a training loss to that of the epoch before."""
    names = models.loc[models["module"] == "linear_regression.scratch", "model"]
    chosen = (training["split"] == "train") & (training["metric"] == "loss")
    rows = training[chosen & training["model"].isin(names)]
    by_epoch = rows.pivot(index=["model", "device", "replicate"], columns="epoch", values="value")
    if by_epoch.shape[1] < 2:
        return None
    return greatest(by_epoch.to_numpy()[:, 1:] / by_epoch.to_numpy()[:, :-1])


def seen_otherwise_than_once(minibatches: pd.DataFrame) -> Evidence:
    """Count the examples that either implementation does not see exactly once."""
    times = minibatches.groupby(["way", "example"]).size().unstack("way", fill_value=0)
    return exactly(int((times != 1).any(axis="columns").sum()), len(times))


def correlation_by_chance(minibatches_order: pd.DataFrame) -> Evidence:
    """Measure the mean squared rank correlation, as a multiple of its value by chance.

    In each replicate, over both implementations and all pairs of orders compared.
    """
    by_chance = 1 / (minibatches_order["examples"] - 1)
    multiples = minibatches_order["rank_correlation"] ** 2 / by_chance
    return mean(multiples.groupby(minibatches_order["replicate"]).mean(), SHUFFLES)


def places_in_common(minibatches_order: pd.DataFrame) -> Evidence:
    """Measure how many examples two epochs have at the same place; by chance it is one.

    The mean over both implementations in each replicate.
    """
    two_epochs = minibatches_order[minibatches_order["compared_with"] != "index"]
    return mean(two_epochs.groupby("replicate")["same_places"].mean(), SHUFFLES)


def parameters_agree(parameters: pd.DataFrame, models: pd.DataFrame) -> Evidence | None:
    """Measure the greatest difference of a parameter between the implementations, by replicate."""
    found = greatest_differences(parameters, models, "linear_regression", "learned", ["parameter"])
    return None if found is None else mean(found)


RATES = Setting("相差几个数量级的学习率", "learning rates over several orders of magnitude")

CLAIMS = (
    Claim(
        "closed_form_is_the_minimum",
        "3.1",
        closed_form_minimises,
        zh="解析解：可以直接解出损失函数的最小值……总的来说，就是一步到位，直接找到最优解",
        en="The closed form solves for the minimum of the loss in one step",
        test_zh="网格上最优的权重与解析解的距离，以网格的步长为单位",
        test_en="distance of the grid's best weight from the closed form, in steps of the grid",
    ),
    Claim(
        "hyperparameters_matter",
        "3.1",
        spread_of_losses,
        zh="超参数是影响模型性能的重要因素",
        en="Hyperparameters matter for what a model achieves",
        test_zh="在收敛的学习率中，最好的与最差的损失相差多少个数量级",
        test_en=(
            "orders of magnitude between the losses of the best and the worst rate that converges"
        ),
        setting=RATES,
    ),
    Claim(
        "learning_rate_is_the_step",
        "3.1",
        step_by_rate,
        zh="学习率：它控制着每次参数更新的步长",
        en="The learning rate controls the length of each update",
        test_zh="第一步的步长与学习率之比，在各个学习率之间的相对偏差",
        test_en=(
            "relative deviation of the first step's length from proportionality to the learning "
            "rate"
        ),
        setting=RATES,
    ),
    Claim(
        "vectorised_is_faster",
        "3.1",
        partial(least_speed_up, 1),
        zh="矢量化加速：利用矢量运算（加减乘除）替代某些运算来实现运行加速的方法",
        en="One operation on vectors is faster than a loop over their elements",
        test_zh="循环与矢量运算所用时间之比的 log₁₀，取各个长度中最小的，对各次计时取平均",
        test_en=(
            "log₁₀ of the loop's time over that of the vectorised way, at the length at which it "
            "gains least, mean over the repeats"
        ),
    ),
    Claim(
        "vectorised_is_100_times_faster",
        "3.1",
        partial(least_speed_up, LONG),
        zh="我们发现：向量不短于 1000 个元素时，矢量运算至少快 100 倍",
        en="We find that on vectors of 1000 elements or more it is at least 100 times faster",
        test_zh=(
            "循环与矢量运算所用时间之比的 log₁₀，取不小于 1000 的各个长度中最小的，对各次计时取平均"
        ),
        test_en=(
            "log₁₀ of the loop's time over that of the vectorised way, at the length from 1000 on "
            "at which it gains least, mean over the repeats"
        ),
    ),
    Claim(
        "maximum_likelihood_is_least_squares",
        "3.1",
        same_minimiser,
        zh="通过极大似然估计……这些参数计算得来的损失值就是更新后的、减小的损失值",
        en="The parameters of maximum likelihood are those of the least squared loss",
        test_zh="两个最小值之间相隔的网格点数",
        test_en="grid points between the two minima",
    ),
    Claim(
        "sgd_finds_the_closed_form",
        "3.2",
        last_distance,
        zh="我们发现：小批量随机梯度下降到达解析解",
        en="We find that minibatch stochastic gradient descent reaches the closed form",
        test_zh="最后一次更新后的参数与解析解的距离",
        test_en="distance of the last iterate from the closed form",
    ),
    Claim(
        "each_epoch_lowers_the_loss",
        "3.2",
        epochs_lower_loss,
        zh="这里的误差会……越来越小（每个迭代周期打印的训练误差）",
        en="Each epoch lowers the training loss",
        test_zh="训练损失与上一个迭代周期的训练损失之比的最大值",
        test_en="greatest ratio of the training loss to that of the epoch before",
    ),
    Claim(
        "each_update_lowers_the_loss",
        "3.2",
        updates_that_lower_the_loss,
        zh="这里的误差会随着每一次更新越来越小",
        en="Every single update lowers the error",
        test_zh="在全部更新中，使所有样本上的损失减小的占多大比例",
        test_en="share of all updates after which the loss over all examples is lower",
        see="each_epoch_lowers_the_loss",
    ),
    Claim(
        "examples_are_read_at_random",
        "3.2",
        correlation_by_chance,
        zh="这些样本是随机读取的，没有特定的顺序",
        en="The examples are read at random, in no particular order",
        test_zh="与编号、上一个迭代周期、上一次重复的次序的秩相关系数的平方，是偶然所致的几倍",
        test_en=(
            "square of the rank correlation of an epoch's order with the index, the epoch before "
            "and the replicate before, as a multiple of what chance leaves"
        ),
    ),
    Claim(
        "examples_are_read_at_random_anew",
        "3.2",
        places_in_common,
        zh="这些样本是随机读取的，没有特定的顺序，shuffle()用于打乱下标",
        en="The indices are shuffled anew in each epoch",
        test_zh="两个迭代周期在同一位置读取的样本数，偶然时平均为 1",
        test_en="examples that two epochs read at the same place; by chance it is one on average",
    ),
    Claim(
        "both_readers_see_the_same",
        "3.3",
        seen_otherwise_than_once,
        zh="由于数据迭代器、损失函数、优化器和神经网络层很常用，现代深度学习库也为我们实现了这些组件",
        en="The library's data iterator does what the one by hand does",
        test_zh="其中一个迭代器在一个迭代周期里没有恰好读取一次的样本数",
        test_en="examples that one of them does not see exactly once in an epoch",
    ),
    Claim(
        "linear_regression_agrees",
        "3.3",
        parameters_agree,
        zh="由于数据迭代器、损失函数、优化器和神经网络层很常用，现代深度学习库也为我们实现了这些组件",
        en="The library's layer, loss and optimiser find what those from scratch find",
        test_zh="每次重复中，从零实现与简洁实现的参数的最大差别，对各次重复取平均",
        test_en="greatest difference of a parameter, scratch against concise, mean over replicates",
    ),
)
