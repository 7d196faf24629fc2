"""The notes' claims about the multilayer perceptron (4.1 to 4.3)."""

from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd

from d2l_lab.claims.claim import Claim, Setting
from d2l_lab.claims.evidence import (
    FOLDS,
    Evidence,
    difference,
    exactly,
    greatest,
    least,
    log_ratio,
    tested,
    values_of,
)
from d2l_lab.claims.softmax_regression import ACCURACIES_APART, accuracies_agree
from d2l_lab.claims.ways import WAYS
from d2l_lab.tables.histories import last_values

NEAR_ZERO = 0.1  # the range in which a curve is compared with its tangent
FAMILIES = ("mlp", "softmax_regression")


def one_affine_map(affine_collapse_difference: pd.DataFrame) -> Evidence:
    """Measure how much two affine layers differ from one, relative to the largest output."""
    differences = affine_collapse_difference
    return greatest(differences["greatest_difference"] / differences["greatest_logit"])


def gain(model: str, over: str, affine_collapse: pd.DataFrame) -> Evidence:
    """Measure the gain of one model over another, by replicate."""
    accuracy = affine_collapse.pivot(index="replicate", columns="model", values="test_accuracy")
    return difference(accuracy[model] - accuracy[over])


def perceptron_and_softmax_regression(models: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    """Yield both models and the first device, first from scratch, then concise."""
    for way in WAYS:
        found = (models[models["module"] == f"{family}.{way}"] for family in FAMILIES)
        deep, flat = (rows.iloc[0] if len(rows) else None for rows in found)
        if deep is not None and flat is not None:
            yield deep["model"], flat["model"], deep["device"]


def perceptron_gain(uncertainty_pairs: pd.DataFrame, models: pd.DataFrame) -> Evidence | None:
    """Measure the perceptron's gain in test accuracy over softmax regression, on the same images.

    The error covers replicates and images.
    """
    for deep, flat, device in perceptron_and_softmax_regression(models):
        pair = {"first": deep, "second": flat, "device": device}
        rows = uncertainty_pairs[(uncertainty_pairs[[*pair]] == [*pair.values()]).all(axis=1)]
        if len(rows):
            return tested(rows.rename(columns={"difference": "accuracy"}).iloc[0])
    return None


def perceptron_gain_in_folds(kfold: pd.DataFrame, models: pd.DataFrame) -> Evidence | None:
    """Measure the perceptron's gain in validation accuracy over softmax regression, by fold."""
    last = last_values(kfold)
    validated = last[last["metric"] == "validation_accuracy"]
    for deep, flat, device in perceptron_and_softmax_regression(models):
        accuracies = (
            values_of(validated, "value", ["fold"], model=model, device=device)
            for model in (deep, flat)
        )
        return difference(next(accuracies) - next(accuracies), FOLDS)
    return None


def curve(activations: pd.DataFrame, function: str) -> pd.DataFrame:
    """Return the rows of one function, indexed by x."""
    return activations[activations["function"] == function].set_index("x").sort_index()


def relu_is_the_positive_part(activations: pd.DataFrame) -> Evidence:
    """Measure how far ReLU is from the input where it is positive, and from zero elsewhere."""
    values = curve(activations, "relu")["value"]
    return greatest((values - np.maximum(values.index, 0)).abs())


def relu_passes_or_stops(activations: pd.DataFrame) -> Evidence:
    """Measure how far ReLU's derivative is from both 0 and 1."""
    derivatives = curve(activations, "relu")["derivative"]
    return greatest(np.minimum(derivatives.abs(), (derivatives - 1).abs()))


def bend(function: str, activations: pd.DataFrame) -> Evidence | None:
    """Measure how far a curve near 0 is from its tangent, relative to x; None without its 0."""
    found = curve(activations, function)
    if 0 not in found.index:
        return None
    x, slope = found.index.to_series(), found["formula"].loc[0]
    near = (x.abs() <= NEAR_ZERO) & (x != 0)
    apart = (found["value"] - (found["value"].loc[0] + slope * x)).abs() / x.abs()
    return greatest(apart[near] / slope)


def peak(function: str, height: float, activations: pd.DataFrame) -> Evidence | None:
    """Measure how far a derivative's maximum is from a height at 0; None without its 0."""
    derivatives = curve(activations, function)["derivative"]
    if 0 not in derivatives.index:
        return None
    apart = (abs(slope - height) for slope in (derivatives.max(), derivatives.loc[0]))
    return exactly(max(apart), len(derivatives))


def falls_away(function: str, activations: pd.DataFrame) -> Evidence:
    """Measure the greatest rise of a derivative on the way from 0."""
    derivatives = curve(activations, function)["derivative"]
    right = derivatives[derivatives.index >= 0].diff()
    left = derivatives[derivatives.index <= 0].iloc[::-1].diff()
    return greatest(pd.concat([right, left]).dropna())


def odd(activations: pd.DataFrame) -> Evidence:
    """Measure how far tanh is from being symmetric about the origin."""
    values = curve(activations, "tanh")["value"]
    return greatest(np.abs(values.to_numpy() + values.to_numpy()[::-1]))


def within_zero_and_one(activations: pd.DataFrame) -> Evidence:
    """Measure the least distance of sigmoid from 0 or 1; negative outside of them."""
    values = curve(activations, "sigmoid")["value"]
    return least(np.minimum(values, 1 - values))


def gradient_ratio(
    above: str, below: str, initial: str, vanishing_gradients: pd.DataFrame
) -> Evidence:
    """Measure one first layer's gradient over another's.

    Each is named by its activation function and its depth, ``max`` or ``min``, as in ``relu max``.
    """

    def gradient(activation: str, depth: str) -> pd.Series:
        chosen = {"activation": activation, "depth": vanishing_gradients["depth"].agg(depth)}
        index = ["replicate"]
        return values_of(vanishing_gradients, "first_layer", index, initial=initial, **chosen)

    return difference(log_ratio(gradient(*above.split()), gradient(*below.split())))


relu_over_sigmoid = partial(gradient_ratio, "relu max", "sigmoid max")
deepest_over_shallowest = partial(gradient_ratio, "relu max", "relu min")

FEWER_UNITS = Setting("隐藏单元较少", "fewer hidden units")
CROSS_VALIDATED = Setting("交叉验证", "cross-validated")
XAVIER = Setting(
    "初始权重取自 N(0, 2 / (输入数 + 输出数))，按 Xavier 的方法",
    "initial weights from N(0, 2 / (inputs + outputs)), by Xavier Glorot",
)
HE = Setting(
    "初始权重取自 N(0, 2 / 输入数)，按 He 的方法",
    "initial weights from N(0, 2 / inputs), by Kaiming He",
)
OFF_THE_TANGENT = {
    "test_zh": "在 0 附近 0.1 以内，与切线的最大相对偏差",
    "test_en": "greatest relative distance from the tangent within 0.1 of 0",
}
RISE_FROM_ZERO = {
    "test_zh": "从一个输入到下一个更远离 0 的输入，导数的最大增量",
    "test_en": "greatest rise of the derivative from one input to the next farther one",
}

PERCEPTRON_BEATS = Claim(
    "perceptron_beats_softmax_regression",
    "4.1.1",
    perceptron_gain,
    zh="在面对图像数据时，传统的线性模型往往无法有效建模非线性关系，这时候需要用到隐藏层",
    en="On images a hidden layer does what a linear model cannot",
    test_zh="多层感知机的测试精度比 softmax 回归提高多少，逐次重复比较",
    test_en="gain of the perceptron in test accuracy over softmax regression, by replicate",
    see="perceptron_beats_softmax_regression_in_folds",
)
RELU_EASES = Claim(
    "relu_eases_vanishing_gradients",
    "4.1.2",
    partial(relu_over_sigmoid, "notes"),
    zh="ReLU减轻了困扰以往神经网络的梯度消失问题",
    en="ReLU eases the vanishing of gradients",
    test_zh="在最深的多层感知机中，第一层的梯度比用 sigmoid 时高多少个数量级",
    test_en=(
        "orders of magnitude by which the first layer's gradient is above sigmoid's, in the "
        "deepest perceptron"
    ),
)
RELU_KEEPS = Claim(
    "relu_keeps_the_gradient",
    "4.1.2",
    partial(deepest_over_shallowest, "notes"),
    zh="用 ReLU 时，深层感知机的梯度不会消失",
    en="With ReLU the gradient of a deep perceptron does not vanish",
    test_zh="最深的多层感知机第一层的梯度比最浅的高多少个数量级",
    test_en=(
        "orders of magnitude of the first layer's gradient, deepest against shallowest perceptron"
    ),
    see="relu_keeps_the_gradient_by_he",
)

CLAIMS = (
    Claim(
        "affine_of_affine_is_affine",
        "4.1.1",
        one_affine_map,
        zh="仿射函数的仿射函数本身就是仿射函数",
        en="An affine function of an affine function is affine",
        test_zh="两个仿射层与一个仿射层的最大差别，相对于最大的输出",
        test_en=(
            "greatest difference between two affine layers and one, relative to the greatest output"
        ),
    ),
    Claim(
        "no_gain_without_activation",
        "4.1.1",
        partial(gain, "without_activation", "softmax_regression"),
        zh="在上面定义的模型里（没有激活函数的隐藏层），我们没有好处",
        en="A hidden layer without activation function gains nothing",
        test_zh="测试精度比 softmax 回归提高多少",
        test_en="gain in test accuracy over softmax regression",
        setting=FEWER_UNITS,
        see="affine_of_affine_is_affine",
    ),
    Claim(
        "activation_makes_the_difference",
        "4.1.1",
        partial(gain, "with_relu", "without_activation"),
        zh="添加激活函数就是从线性到非线性的过程；有了激活函数，就不可能再将我们的多层感知机退化成线性模型",
        en="With an activation function the perceptron does not collapse to a linear model",
        test_zh="加上 ReLU，测试精度提高多少",
        test_en="gain in test accuracy by ReLU",
        setting=FEWER_UNITS,
    ),
    PERCEPTRON_BEATS,
    PERCEPTRON_BEATS.variant(
        "in_folds",
        perceptron_gain_in_folds,
        test_zh="多层感知机的验证精度比 softmax 回归提高多少，逐折比较",
        test_en="gain of the perceptron in validation accuracy over softmax regression, by fold",
        setting=CROSS_VALIDATED,
    ),
    Claim(
        "relu_keeps_the_positive",
        "4.1.2",
        relu_is_the_positive_part,
        zh="ReLU函数：仅保留正元素并丢弃所有负元素",
        en="ReLU keeps the positive elements and drops all negative ones",
        test_zh="与输入的正部的最大偏差",
        test_en="greatest distance from the positive part of the input",
    ),
    Claim(
        "relu_passes_or_stops",
        "4.1.2",
        relu_passes_or_stops,
        zh="ReLU求导表现得特别好：要么让参数消失，要么让参数通过",
        en="ReLU's derivative is 0 or 1",
        test_zh="导数与 0 和 1 中较近一个的最大偏差",
        test_en="greatest distance of the derivative from both 0 and 1",
    ),
    RELU_EASES,
    RELU_EASES.variant("by_xavier", partial(relu_over_sigmoid, "xavier"), setting=XAVIER),
    RELU_KEEPS,
    RELU_KEEPS.variant("by_he", partial(deepest_over_shallowest, "he"), setting=HE),
    Claim(
        "sigmoid_is_near_linear",
        "4.1.2",
        partial(bend, "sigmoid"),
        zh="当输入接近0时，sigmoid函数接近线性变换",
        en="Near 0, sigmoid is nearly linear",
        **OFF_THE_TANGENT,
    ),
    Claim(
        "sigmoid_derivative_peaks",
        "4.1.2",
        partial(peak, "sigmoid", 0.25),
        zh="当输入为0时，sigmoid函数的导数达到最大值0.25",
        en="Sigmoid's derivative is greatest at 0, where it is 0.25",
        test_zh="导数的最大值，以及 0 处的导数，与 0.25 的偏差",
        test_en="distance of the greatest derivative, and of that at 0, from 0.25",
    ),
    Claim(
        "sigmoid_derivative_falls",
        "4.1.2",
        partial(falls_away, "sigmoid"),
        zh="输入在任一方向上越远离0点时，sigmoid的导数越接近0",
        en="The farther from 0, the nearer sigmoid's derivative is to 0",
        **RISE_FROM_ZERO,
    ),
    Claim(
        "sigmoid_is_within_zero_and_one",
        "4.1.2",
        within_zero_and_one,
        zh="sigmoid函数取值范围在0到1",
        en="Sigmoid's values are between 0 and 1",
        test_zh="从区间内部看，与 0 和 1 的最小距离",
        test_en="least distance from 0 and 1, from within",
    ),
    Claim(
        "tanh_is_near_linear",
        "4.1.2",
        partial(bend, "tanh"),
        zh="当输入在0附近时，tanh函数接近线性变换",
        en="Near 0, tanh is nearly linear",
        **OFF_THE_TANGENT,
    ),
    Claim(
        "tanh_is_symmetric",
        "4.1.2",
        odd,
        zh="tanh函数关于坐标系原点中心对称",
        en="Tanh is symmetric about the origin",
        test_zh="|tanh(x) + tanh(-x)| 的最大值",
        test_en="greatest |tanh(x) + tanh(-x)|",
    ),
    Claim(
        "tanh_derivative_peaks",
        "4.1.2",
        partial(peak, "tanh", 1.0),
        zh="当输入接近0时，tanh函数的导数接近最大值1",
        en="Tanh's derivative is greatest at 0, where it is 1",
        test_zh="导数的最大值，以及 0 处的导数，与 1 的偏差",
        test_en="distance of the greatest derivative, and of that at 0, from 1",
    ),
    Claim(
        "tanh_derivative_falls",
        "4.1.2",
        partial(falls_away, "tanh"),
        zh="输入在任一方向上越远离0点，tanh的导数越接近0",
        en="The farther from 0, the nearer tanh's derivative is to 0",
        **RISE_FROM_ZERO,
    ),
    Claim(
        "perceptron_agrees",
        "4.3",
        partial(accuracies_agree, "mlp"),
        zh="多层感知机的简洁实现：训练过程与从零实现相同",
        en="The perceptron by the library trains as the one from scratch",
        **ACCURACIES_APART,
    ),
)
