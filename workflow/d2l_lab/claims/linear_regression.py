"""What the notes assert of linear regression (3.1 to 3.3)."""

import numpy as np
import pandas as pd

from d2l_lab.claims.claim import Claim, Setting
from d2l_lab.claims.evidence import Evidence, exactly, greatest, mean, values_of

LONG = 1000  # elements of a vector for which the loop's cost shows


def closed_form_minimises(closed_form: pd.DataFrame, maximum_likelihood: pd.DataFrame) -> Evidence:
    """Measure how far the least loss on a grid of weights is from the closed form, in its steps."""
    weight = closed_form["closed_form"].iloc[0]
    step = maximum_likelihood["weight"].diff().iloc[1]
    found = maximum_likelihood["weight"][maximum_likelihood["squared_loss"].idxmin()]
    return exactly(abs(found - weight) / step, len(maximum_likelihood))


def last_distance(closed_form_distance: pd.DataFrame) -> Evidence:
    """Measure the distance of the last iterate."""
    steps = closed_form_distance["step"]
    return mean(closed_form_distance.loc[steps == steps.max(), "distance"])


def updates_that_near(closed_form_distance: pd.DataFrame) -> Evidence:
    """Measure the share of single updates that come nearer, replicate by replicate."""
    distances = closed_form_distance.groupby("replicate")["distance"]
    return mean(distances.apply(lambda d: (d.diff()[1:] < 0).mean()))


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


def long_vectors_faster(vectorisation_timing: pd.DataFrame) -> Evidence | None:
    """Measure the share of long lengths at which the vectorised way is 100 times faster."""
    long = vectorisation_timing[vectorisation_timing["length"] >= LONG]
    if long.empty:
        return None
    best = long.groupby(["length", "way"])["seconds"].min().unstack()
    return exactly((best["loop"] / best["vectorised"] >= 100).mean(), len(best))


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
    """Count the examples that one of the two ways does not see exactly once."""
    times = minibatches.groupby(["way", "example"]).size().unstack("way", fill_value=0)
    return exactly(int((times != 1).any(axis="columns").sum()), len(times))


def in_order(minibatches: pd.DataFrame) -> Evidence:
    """Measure the share of examples that follow the one before them."""
    examples = minibatches.groupby("way")["example"]
    follows = examples.apply(lambda rows: (rows.diff()[1:] == 1).mean())
    return exactly(follows.max(), len(minibatches))


def parameters_agree(agreement: pd.DataFrame) -> Evidence | None:
    """Measure the greatest difference of the parameters of the two ways."""
    found = values_of(
        agreement, "greatest_difference", ["quantity"], kind="ways", family="linear_regression"
    )
    found = found.drop(["loss", "accuracy"], errors="ignore")
    return greatest(found) if len(found) else None


RATES = Setting("相差几个数量级的学习率", "learning rates over several orders of magnitude")

CLAIMS = (
    Claim(
        "closed_form_is_the_minimum",
        "3.1",
        closed_form_minimises,
        zh="解析解：可以直接解出损失函数的最小值，一步到位，直接找到最优解",
        en="The closed form solves for the minimum of the loss at one stroke",
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
        zh="学习率控制着每次参数更新的步长",
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
        long_vectors_faster,
        zh="矢量化加速：利用矢量运算替代某些运算来实现运行加速的方法",
        en="One operation on vectors is faster than a loop by orders of magnitude",
        test_zh="在不小于 1000 的各个长度中，至少快 100 倍的占多大比例",
        test_en="share of lengths from 1000 on at which it is at least 100 times faster",
    ),
    Claim(
        "maximum_likelihood_is_least_squares",
        "3.1",
        same_minimiser,
        zh="通过极大似然估计，可以找到参数最优值；这些参数计算得来的损失值就是减小的损失值",
        en="The parameters of maximum likelihood are those of the least squared loss",
        test_zh="两个最小值之间相隔的网格点数",
        test_en="grid points between the two minima",
    ),
    Claim(
        "sgd_finds_the_closed_form",
        "3.2",
        last_distance,
        zh="核心是小批量随机梯度下降：选取小批量的损失来计算梯度，以此更新整体的参数",
        en="Minibatch stochastic gradient descent finds the solution of the closed form",
        test_zh="最后一次更新后的参数与解析解的距离",
        test_en="distance of the last iterate from the closed form",
    ),
    Claim(
        "each_epoch_lowers_the_loss",
        "3.2",
        epochs_lower_loss,
        zh="这里的误差会越来越小（每个迭代周期之后的训练误差）",
        en="Each epoch lowers the training loss",
        test_zh="训练损失与上一个迭代周期的训练损失之比的最大值",
        test_en="greatest ratio of the training loss to that of the epoch before",
    ),
    Claim(
        "each_update_comes_nearer",
        "3.2",
        updates_that_near,
        zh="这里的误差会随着每一次更新越来越小",
        en="Every single update lowers the error",
        test_zh="使参数更接近解析解的更新占多大比例",
        test_en="share of updates after which the iterate is nearer to the closed form",
        see="each_epoch_lowers_the_loss",
    ),
    Claim(
        "examples_are_read_at_random",
        "3.2",
        in_order,
        zh="这些样本是随机读取的，没有特定的顺序",
        en="The examples are read at random, in no particular order",
        test_zh="紧接在编号前一位的样本之后被读取的样本所占的最大比例",
        test_en="greatest share of examples that are read right after their predecessor",
    ),
    Claim(
        "both_readers_see_the_same",
        "3.3",
        seen_otherwise_than_once,
        zh="由于数据迭代器很常用，现代深度学习库也为我们实现了这些组件",
        en="The library's data iterator does what the one by hand does",
        test_zh="其中一个迭代器在一个迭代周期里没有恰好读取一次的样本数",
        test_en="examples that one of them does not see exactly once in an epoch",
    ),
    Claim(
        "linear_regression_agrees",
        "3.3",
        parameters_agree,
        zh="由于损失函数、优化器和神经网络层很常用，现代深度学习库也为我们实现了这些组件",
        en="The library's layer, loss and optimiser find what those from scratch find",
        test_zh="从零实现与简洁实现的参数的最大差别",
        test_en="greatest difference of a parameter, scratch against concise",
    ),
)
