"""What the notes assert of the multilayer perceptron (4.1 to 4.3)."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from d2l_lab.claims.claim import (
    Claim,
    Evidence,
    Measure,
    Setting,
    at_least,
    at_most,
    exactly,
    greatest,
    least,
    mean,
)
from d2l_lab.claims.rows import last_values, log_ratio, values_of
from d2l_lab.claims.softmax_regression import ACCURACIES_APART, accuracies_agree

NEAR_ZERO = 0.1  # within which a curve is compared with its tangent
WAYS = ("scratch", "concise")


def one_affine_map(affine_collapse_difference: pd.DataFrame) -> Evidence:
    """Measure how far two affine layers are from the one map, relative to the largest output."""
    differences = affine_collapse_difference
    return greatest(differences["greatest_difference"] / differences["greatest_logit"])


def gain(model: str, over: str) -> Measure:
    """Make the function that measures what one model gains over another, replicate by replicate."""

    def measure(affine_collapse: pd.DataFrame) -> Evidence:
        accuracy = affine_collapse.pivot(index="replicate", columns="model", values="test_accuracy")
        return mean(accuracy[model] - accuracy[over])

    return measure


def gain_in_replicates(training: pd.DataFrame, models: pd.DataFrame) -> Evidence | None:
    """Measure the perceptron's gain in test accuracy, replicate by replicate."""
    return perceptron_gain(training, models, "test")


def gain_in_folds(kfold: pd.DataFrame, models: pd.DataFrame) -> Evidence | None:
    """Measure the perceptron's gain in validation accuracy, fold by fold."""
    return perceptron_gain(kfold, models, "validation")


def perceptron_gain(history: pd.DataFrame, models: pd.DataFrame, split: str) -> Evidence | None:
    """Measure the perceptron's gain in accuracy over softmax regression, pair by pair."""
    for way in WAYS:
        deep, flat = (
            last_values(history, models, f"{family}.{way}", split, "accuracy")
            for family in ("mlp", "softmax_regression")
        )
        if deep is not None and flat is not None:
            return mean(deep - flat)
    return None


def curve(activations: pd.DataFrame, function: str) -> pd.DataFrame:
    """Take one function, by x."""
    return activations[activations["function"] == function].set_index("x").sort_index()


def relu_is_the_positive_part(activations: pd.DataFrame) -> Evidence:
    """Measure how far ReLU is from the input where it is positive, and from zero elsewhere."""
    values = curve(activations, "relu")["value"]
    return greatest((values - np.maximum(values.index, 0)).abs())


def relu_passes_or_stops(activations: pd.DataFrame) -> Evidence:
    """Measure how far ReLU's derivative is from both 0 and 1."""
    derivatives = curve(activations, "relu")["derivative"]
    return greatest(np.minimum(derivatives.abs(), (derivatives - 1).abs()))


def at_zero(function: str, measure_curve: Callable[[pd.DataFrame], Evidence]) -> Measure:
    """Make the function that measures a curve, if 0 is one of its inputs."""

    def measure(activations: pd.DataFrame) -> Evidence | None:
        found = curve(activations, function)
        return measure_curve(found) if 0 in found.index else None

    return measure


def bend(function: str) -> Measure:
    """Make the function that measures how far a curve near 0 is from its tangent, relative to x."""

    def measure(found: pd.DataFrame) -> Evidence:
        tangent = found["value"].loc[0] + found["formula"].loc[0] * found.index.to_numpy()
        near = (found.index.to_series().abs() <= NEAR_ZERO) & (found.index != 0)
        apart = (found["value"] - tangent).abs() / found.index.to_series().abs()
        return greatest(apart[near] / found["formula"].loc[0])

    return at_zero(function, measure)


def peak(function: str, height: float) -> Measure:
    """Make the function that measures how far a derivative's maximum is from a height at 0."""

    def measure(found: pd.DataFrame) -> Evidence:
        derivatives = found["derivative"]
        apart = (abs(slope - height) for slope in (derivatives.max(), derivatives.loc[0]))
        return exactly(max(apart), len(derivatives))

    return at_zero(function, measure)


def falls_away(function: str) -> Measure:
    """Make the function that measures the greatest rise of a derivative on the way from 0."""

    def measure(activations: pd.DataFrame) -> Evidence:
        derivatives = curve(activations, function)["derivative"]
        right = derivatives[derivatives.index >= 0].diff()
        left = derivatives[derivatives.index <= 0].iloc[::-1].diff()
        return greatest(pd.concat([right, left]).dropna())

    return measure


def odd(activations: pd.DataFrame) -> Evidence:
    """Measure how far tanh is from being symmetric about the origin."""
    values = curve(activations, "tanh")["value"]
    return greatest(np.abs(values.to_numpy() + values.to_numpy()[::-1]))


def within_zero_and_one(activations: pd.DataFrame) -> Evidence:
    """Measure how near sigmoid comes to 0 or 1, from within; below 0 if it goes beyond."""
    values = curve(activations, "sigmoid")["value"]
    return least(np.minimum(values, 1 - values))


def first_layers(gradients: pd.DataFrame, **chosen: object) -> pd.Series:
    """Give the gradient of the first layer of some perceptrons, by replicate."""
    return values_of(gradients, "first_layer", ["replicate"], **chosen)


def relu_over_sigmoid(initial: str) -> Measure:
    """Make the function that measures ReLU's gradient over sigmoid's, in the deepest net."""

    def measure(vanishing_gradients: pd.DataFrame) -> Evidence:
        chosen = {"initial": initial, "depth": vanishing_gradients["depth"].max()}
        relu, sigmoid = (
            first_layers(vanishing_gradients, activation=activation, **chosen)
            for activation in ("relu", "sigmoid")
        )
        return mean(log_ratio(relu, sigmoid))

    return measure


def deepest_over_shallowest(initial: str) -> Measure:
    """Make the function that measures ReLU's gradient in the deepest net over the shallowest."""

    def measure(vanishing_gradients: pd.DataFrame) -> Evidence:
        depths = vanishing_gradients["depth"]
        deep, shallow = (
            first_layers(vanishing_gradients, activation="relu", initial=initial, depth=depth)
            for depth in (depths.max(), depths.min())
        )
        return mean(log_ratio(deep, shallow))

    return measure


FEWER_UNITS = Setting("隐藏单元较少", "fewer hidden units")
CROSS_VALIDATED = Setting("交叉验证", "cross-validated")
XAVIER = Setting(
    "初始权重取自 N(0, 2 / (输入数 + 输出数))，按 Glorot 的方法",
    "initial weights from N(0, 2 / (inputs + outputs)), by Glorot",
)
HE = Setting(
    "初始权重取自 N(0, 2 / 输入数)，按 He 的方法", "initial weights from N(0, 2 / inputs), by He"
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
    gain_in_replicates,
    at_least(0.0),
    zh="在面对图像数据时，传统的线性模型往往无法有效建模非线性关系，这时候需要用到隐藏层",
    en="On images a hidden layer does what a linear model cannot",
    test_zh="多层感知机的测试精度比 softmax 回归提高多少，逐次重复比较",
    test_en="gain of the perceptron in test accuracy over softmax regression, by replicate",
    see="perceptron_beats_softmax_regression_in_folds",
)
RELU_EASES = Claim(
    "relu_eases_vanishing_gradients",
    "4.1.2",
    relu_over_sigmoid("notes"),
    at_least(1.0),
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
    deepest_over_shallowest("notes"),
    at_least(-1.0),
    zh="ReLU求导表现得特别好，让参数通过，梯度不会消失",
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
        at_most(1e-09),
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
        gain("without_activation", "softmax_regression"),
        at_most(0.01),
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
        gain("with_relu", "without_activation"),
        at_least(0.0),
        zh="添加激活函数就是从线性到非线性的过程；有了激活函数，就不可能再将我们的多层感知机退化成线性模型",
        en="With an activation function the perceptron does not collapse to a linear model",
        test_zh="加上 ReLU，测试精度提高多少",
        test_en="gain in test accuracy by ReLU",
        setting=FEWER_UNITS,
    ),
    PERCEPTRON_BEATS,
    PERCEPTRON_BEATS._replace(
        id="perceptron_beats_softmax_regression_in_folds",
        measure=gain_in_folds,
        test_zh="多层感知机的验证精度比 softmax 回归提高多少，逐折比较",
        test_en="gain of the perceptron in validation accuracy over softmax regression, by fold",
        setting=CROSS_VALIDATED,
        see="",
    ),
    Claim(
        "relu_keeps_the_positive",
        "4.1.2",
        relu_is_the_positive_part,
        at_most(0.0),
        zh="ReLU函数：仅保留正元素并丢弃所有负元素",
        en="ReLU keeps the positive elements and drops all negative ones",
        test_zh="与输入的正部的最大偏差",
        test_en="greatest distance from the positive part of the input",
    ),
    Claim(
        "relu_passes_or_stops",
        "4.1.2",
        relu_passes_or_stops,
        at_most(0.0),
        zh="ReLU求导表现得特别好：要么让参数消失，要么让参数通过",
        en="ReLU's derivative is 0 or 1",
        test_zh="导数与 0 和 1 中较近一个的最大偏差",
        test_en="greatest distance of the derivative from both 0 and 1",
    ),
    RELU_EASES,
    RELU_EASES._replace(
        id="relu_eases_vanishing_gradients_by_xavier",
        measure=relu_over_sigmoid("xavier"),
        setting=XAVIER,
    ),
    RELU_KEEPS,
    RELU_KEEPS._replace(
        id="relu_keeps_the_gradient_by_he",
        measure=deepest_over_shallowest("he"),
        setting=HE,
        see="",
    ),
    Claim(
        "sigmoid_is_near_linear",
        "4.1.2",
        bend("sigmoid"),
        at_most(0.01),
        zh="当输入接近0时，sigmoid函数接近线性变换",
        en="Near 0, sigmoid is nearly linear",
        **OFF_THE_TANGENT,
    ),
    Claim(
        "sigmoid_derivative_peaks",
        "4.1.2",
        peak("sigmoid", 0.25),
        at_most(1e-12),
        zh="当输入为0时，sigmoid函数的导数达到最大值0.25",
        en="Sigmoid's derivative is greatest at 0, where it is 0.25",
        test_zh="导数的最大值，以及 0 处的导数，与 0.25 的偏差",
        test_en="distance of the greatest derivative, and of that at 0, from 0.25",
    ),
    Claim(
        "sigmoid_derivative_falls",
        "4.1.2",
        falls_away("sigmoid"),
        at_most(0.0),
        zh="输入在任一方向上越远离0点时，sigmoid的导数越接近0",
        en="The farther from 0, the nearer sigmoid's derivative is to 0",
        **RISE_FROM_ZERO,
    ),
    Claim(
        "sigmoid_is_within_zero_and_one",
        "4.1.2",
        within_zero_and_one,
        at_least(0.0),
        zh="sigmoid函数取值范围在0到1",
        en="Sigmoid's values are between 0 and 1",
        test_zh="从区间内部看，与 0 和 1 的最小距离",
        test_en="least distance from 0 and 1, from within",
    ),
    Claim(
        "tanh_is_near_linear",
        "4.1.2",
        bend("tanh"),
        at_most(0.01),
        zh="当输入在0附近时，tanh函数接近线性变换",
        en="Near 0, tanh is nearly linear",
        **OFF_THE_TANGENT,
    ),
    Claim(
        "tanh_is_symmetric",
        "4.1.2",
        odd,
        at_most(1e-12),
        zh="tanh函数关于坐标系原点中心对称",
        en="Tanh is symmetric about the origin",
        test_zh="|tanh(x) + tanh(-x)| 的最大值",
        test_en="greatest |tanh(x) + tanh(-x)|",
    ),
    Claim(
        "tanh_derivative_peaks",
        "4.1.2",
        peak("tanh", 1.0),
        at_most(1e-12),
        zh="当输入接近0时，tanh函数的导数接近最大值1",
        en="Tanh's derivative is greatest at 0, where it is 1",
        test_zh="导数的最大值，以及 0 处的导数，与 1 的偏差",
        test_en="distance of the greatest derivative, and of that at 0, from 1",
    ),
    Claim(
        "tanh_derivative_falls",
        "4.1.2",
        falls_away("tanh"),
        at_most(0.0),
        zh="输入在任一方向上越远离0点，tanh的导数越接近0",
        en="The farther from 0, the nearer tanh's derivative is to 0",
        **RISE_FROM_ZERO,
    ),
    Claim(
        "perceptron_agrees",
        "4.3",
        accuracies_agree("mlp"),
        at_most(0.01),
        zh="多层感知机的简洁实现：训练过程与从零实现相同",
        en="The perceptron by the library trains as the one from scratch",
        **ACCURACIES_APART,
    ),
)
