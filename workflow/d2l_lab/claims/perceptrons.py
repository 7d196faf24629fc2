"""What the notes assert of the multilayer perceptron (4.1 to 4.3)."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from d2l_lab.claims.claim import (
    AT_LEAST,
    AT_MOST,
    OWN,
    Claim,
    Evidence,
    Text,
    exactly,
    greatest,
    least,
    mean,
)
from d2l_lab.claims.rows import last_values, log_ratio, values_of
from d2l_lab.claims.softmax_regression import ACCURACIES_APART, accuracies_agree

NEAR_ZERO = 0.1  # within which a curve is compared with its tangent
WAYS = ("scratch", "concise")

Curves = pd.DataFrame


def one_affine_map(differences: pd.DataFrame) -> Evidence:
    """Measure how far two affine layers are from the one map, relative to the largest output."""
    return greatest(differences["greatest_difference"] / differences["greatest_logit"])


def gain(model: str, over: str) -> Callable[[pd.DataFrame], Evidence]:
    """Make the function that measures what one model gains over another, replicate by replicate."""

    def measure(trained: pd.DataFrame) -> Evidence:
        accuracy = trained.pivot(index="replicate", columns="model", values="test_accuracy")
        return mean(accuracy[model] - accuracy[over])

    return measure


def perceptron_gain(split: str) -> Callable[[pd.DataFrame, pd.DataFrame], Evidence | None]:
    """Make the function that measures the perceptron's gain in accuracy, pair by pair."""

    def measure(history: pd.DataFrame, models: pd.DataFrame) -> Evidence | None:
        for way in WAYS:
            deep, flat = (
                last_values(history, models, f"{family}.{way}", split, "accuracy")
                for family in ("mlp", "softmax_regression")
            )
            if deep is not None and flat is not None:
                return mean(deep - flat)
        return None

    return measure


def curve(activations: Curves, function: str) -> pd.DataFrame:
    """Take one function, by x."""
    return activations[activations["function"] == function].set_index("x").sort_index()


def relu_is_the_positive_part(activations: Curves) -> Evidence:
    """Measure how far ReLU is from the input where it is positive, and from zero elsewhere."""
    values = curve(activations, "relu")["value"]
    return greatest((values - np.maximum(values.index, 0)).abs())


def relu_passes_or_stops(activations: Curves) -> Evidence:
    """Measure how far ReLU's derivative is from both 0 and 1."""
    derivatives = curve(activations, "relu")["derivative"]
    return greatest(np.minimum(derivatives.abs(), (derivatives - 1).abs()))


def bend(function: str) -> Callable[[Curves], Evidence]:
    """Make the function that measures how far a curve near 0 is from its tangent, relative to x."""

    def measure(activations: Curves) -> Evidence:
        found = curve(activations, function)
        tangent = found["value"].loc[0] + found["formula"].loc[0] * found.index.to_numpy()
        near = (found.index.to_series().abs() <= NEAR_ZERO) & (found.index != 0)
        apart = (found["value"] - tangent).abs() / found.index.to_series().abs()
        return greatest(apart[near] / found["formula"].loc[0])

    return with_zero(measure)


def peak(function: str, height: float) -> Callable[[Curves], Evidence]:
    """Make the function that measures how far a derivative's maximum is from a height at 0."""

    def measure(activations: Curves) -> Evidence:
        derivatives = curve(activations, function)["derivative"]
        return exactly(
            max(abs(derivatives.max() - height), abs(derivatives.loc[0] - height)),
            len(derivatives),
        )

    return with_zero(measure)


def falls_away(function: str) -> Callable[[Curves], Evidence]:
    """Make the function that measures the greatest rise of a derivative on the way from 0."""

    def measure(activations: Curves) -> Evidence:
        derivatives = curve(activations, function)["derivative"]
        right = derivatives[derivatives.index >= 0].diff()
        left = derivatives[derivatives.index <= 0].iloc[::-1].diff()
        return greatest(pd.concat([right, left]).dropna())

    return measure


def with_zero(measure: Callable[[Curves], Evidence]) -> Callable[[Curves], Evidence | None]:
    """Let a measurement be missing if 0 is none of the inputs."""
    return lambda activations: measure(activations) if (activations["x"] == 0).any() else None


def odd(activations: Curves) -> Evidence:
    """Measure how far tanh is from being symmetric about the origin."""
    values = curve(activations, "tanh")["value"]
    return greatest(np.abs(values.to_numpy() + values.to_numpy()[::-1]))


def within_zero_and_one(activations: Curves) -> Evidence:
    """Measure how near sigmoid comes to 0 or 1, from within; below 0 if it goes beyond."""
    values = curve(activations, "sigmoid")["value"]
    return least(np.minimum(values, 1 - values))


def relief(initial: str) -> Callable[[pd.DataFrame], Evidence]:
    """Make the function that measures ReLU's gradient over sigmoid's, where it is deepest."""

    def measure(gradients: pd.DataFrame) -> Evidence:
        chosen = {"initial": initial, "depth": gradients["depth"].max()}
        relu, sigmoid = (
            values_of(gradients, "first_layer", ["replicate"], activation=activation, **chosen)
            for activation in ("relu", "sigmoid")
        )
        return mean(log_ratio(relu, sigmoid))

    return measure


def what_is_left(initial: str) -> Callable[[pd.DataFrame], Evidence]:
    """Make the function that measures ReLU's gradient in the deepest net over the shallowest."""

    def measure(gradients: pd.DataFrame) -> Evidence:
        of_relu = {"activation": "relu", "initial": initial}
        deep, shallow = (
            values_of(gradients, "first_layer", ["replicate"], depth=depth, **of_relu)
            for depth in (gradients["depth"].max(), gradients["depth"].min())
        )
        return mean(log_ratio(deep, shallow))

    return measure


ACTIVATIONS, COLLAPSE = ("activations",), ("affine_collapse",)
FEWER_UNITS = Text("隐藏单元较少", "fewer hidden units")
CROSS_VALIDATED = Text("交叉验证", "cross-validated")
XAVIER = Text(
    "初始权重取自 N(0, 2 / (输入数 + 输出数))，按 Glorot 的方法",
    "initial weights from N(0, 2 / (inputs + outputs)), by Glorot",
)
HE = Text(
    "初始权重取自 N(0, 2 / 输入数)，按 He 的方法", "initial weights from N(0, 2 / inputs), by He"
)
ABOVE_SIGMOID = Text(
    "在最深的多层感知机中，第一层的梯度比用 sigmoid 时高多少个数量级",
    "orders of magnitude by which the first layer's gradient is above sigmoid's, in the "
    "deepest perceptron",
)
DEEPEST_OVER_SHALLOWEST = Text(
    "最深的多层感知机第一层的梯度比最浅的高多少个数量级",
    "orders of magnitude of the first layer's gradient, deepest against shallowest perceptron",
)
OFF_THE_TANGENT = Text(
    "在 0 附近 0.1 以内，与切线的最大相对偏差",
    "greatest relative distance from the tangent within 0.1 of 0",
)
RISE_FROM_ZERO = Text(
    "从一个输入到下一个更远离 0 的输入，导数的最大增量",
    "greatest rise of the derivative from one input to the next farther one",
)

CLAIMS = (
    Claim(
        "affine_of_affine_is_affine",
        "4.1.1",
        Text(
            "仿射函数的仿射函数本身就是仿射函数",
            "An affine function of an affine function is affine",
        ),
        OWN,
        Text(
            "两个仿射层与一个仿射层的最大差别，相对于最大的输出",
            "greatest difference between two affine layers and one, relative to the greatest "
            "output",
        ),
        AT_MOST,
        1e-9,
        ("affine_collapse_difference",),
        one_affine_map,
    ),
    Claim(
        "no_gain_without_activation",
        "4.1.1",
        Text(
            "在上面定义的模型里（没有激活函数的隐藏层），我们没有好处",
            "A hidden layer without activation function gains nothing",
        ),
        FEWER_UNITS,
        Text("测试精度比 softmax 回归提高多少", "gain in test accuracy over softmax regression"),
        AT_MOST,
        0.01,
        COLLAPSE,
        gain("without_activation", "softmax_regression"),
        see="affine_of_affine_is_affine",
    ),
    Claim(
        "activation_makes_the_difference",
        "4.1.1",
        Text(
            "添加激活函数就是从线性到非线性的过程；有了激活函数，就不可能再将我们的多层感知机退化成线性模型",
            "With an activation function the perceptron does not collapse to a linear model",
        ),
        FEWER_UNITS,
        Text("加上 ReLU，测试精度提高多少", "gain in test accuracy by ReLU"),
        AT_LEAST,
        0.0,
        COLLAPSE,
        gain("with_relu", "without_activation"),
    ),
    Claim(
        "perceptron_beats_softmax_regression",
        "4.1.1",
        Text(
            "在面对图像数据时，传统的线性模型往往无法有效建模非线性关系，这时候需要用到隐藏层",
            "On images a hidden layer does what a linear model cannot",
        ),
        OWN,
        Text(
            "多层感知机的测试精度比 softmax 回归提高多少，逐次重复比较",
            "gain of the perceptron in test accuracy over softmax regression, by replicate",
        ),
        AT_LEAST,
        0.0,
        ("training", "models"),
        perceptron_gain("test"),
        see="perceptron_beats_softmax_regression_in_folds",
    ),
    Claim(
        "perceptron_beats_softmax_regression_in_folds",
        "4.1.1",
        Text(
            "在面对图像数据时，传统的线性模型往往无法有效建模非线性关系，这时候需要用到隐藏层",
            "On images a hidden layer does what a linear model cannot",
        ),
        CROSS_VALIDATED,
        Text(
            "多层感知机的验证精度比 softmax 回归提高多少，逐折比较",
            "gain of the perceptron in validation accuracy over softmax regression, by fold",
        ),
        AT_LEAST,
        0.0,
        ("kfold", "models"),
        perceptron_gain("validation"),
    ),
    Claim(
        "relu_keeps_the_positive",
        "4.1.2",
        Text(
            "ReLU函数：仅保留正元素并丢弃所有负元素",
            "ReLU keeps the positive elements and drops all negative ones",
        ),
        OWN,
        Text("与输入的正部的最大偏差", "greatest distance from the positive part of the input"),
        AT_MOST,
        0.0,
        ACTIVATIONS,
        relu_is_the_positive_part,
    ),
    Claim(
        "relu_passes_or_stops",
        "4.1.2",
        Text("ReLU求导表现得特别好：要么让参数消失，要么让参数通过", "ReLU's derivative is 0 or 1"),
        OWN,
        Text(
            "导数与 0 和 1 中较近一个的最大偏差",
            "greatest distance of the derivative from both 0 and 1",
        ),
        AT_MOST,
        0.0,
        ACTIVATIONS,
        relu_passes_or_stops,
    ),
    Claim(
        "relu_eases_vanishing_gradients",
        "4.1.2",
        Text("ReLU减轻了困扰以往神经网络的梯度消失问题", "ReLU eases the vanishing of gradients"),
        OWN,
        ABOVE_SIGMOID,
        AT_LEAST,
        1.0,
        ("vanishing_gradients",),
        relief("notes"),
    ),
    Claim(
        "relu_eases_vanishing_gradients_by_xavier",
        "4.1.2",
        Text("ReLU减轻了困扰以往神经网络的梯度消失问题", "ReLU eases the vanishing of gradients"),
        XAVIER,
        ABOVE_SIGMOID,
        AT_LEAST,
        1.0,
        ("vanishing_gradients",),
        relief("xavier"),
    ),
    Claim(
        "relu_keeps_the_gradient",
        "4.1.2",
        Text(
            "ReLU求导表现得特别好，让参数通过，梯度不会消失",
            "With ReLU the gradient of a deep perceptron does not vanish",
        ),
        OWN,
        DEEPEST_OVER_SHALLOWEST,
        AT_LEAST,
        -1.0,
        ("vanishing_gradients",),
        what_is_left("notes"),
        see="relu_keeps_the_gradient_by_he",
    ),
    Claim(
        "relu_keeps_the_gradient_by_he",
        "4.1.2",
        Text(
            "ReLU求导表现得特别好，让参数通过，梯度不会消失",
            "With ReLU the gradient of a deep perceptron does not vanish",
        ),
        HE,
        DEEPEST_OVER_SHALLOWEST,
        AT_LEAST,
        -1.0,
        ("vanishing_gradients",),
        what_is_left("he"),
    ),
    Claim(
        "sigmoid_is_near_linear",
        "4.1.2",
        Text("当输入接近0时，sigmoid函数接近线性变换", "Near 0, sigmoid is nearly linear"),
        OWN,
        OFF_THE_TANGENT,
        AT_MOST,
        0.01,
        ACTIVATIONS,
        bend("sigmoid"),
    ),
    Claim(
        "sigmoid_derivative_peaks",
        "4.1.2",
        Text(
            "当输入为0时，sigmoid函数的导数达到最大值0.25",
            "Sigmoid's derivative is greatest at 0, where it is 0.25",
        ),
        OWN,
        Text(
            "导数的最大值，以及 0 处的导数，与 0.25 的偏差",
            "distance of the greatest derivative, and of that at 0, from 0.25",
        ),
        AT_MOST,
        1e-12,
        ACTIVATIONS,
        peak("sigmoid", 0.25),
    ),
    Claim(
        "sigmoid_derivative_falls",
        "4.1.2",
        Text(
            "输入在任一方向上越远离0点时，sigmoid的导数越接近0",
            "The farther from 0, the nearer sigmoid's derivative is to 0",
        ),
        OWN,
        RISE_FROM_ZERO,
        AT_MOST,
        0.0,
        ACTIVATIONS,
        falls_away("sigmoid"),
    ),
    Claim(
        "sigmoid_is_within_zero_and_one",
        "4.1.2",
        Text("sigmoid函数取值范围在0到1", "Sigmoid's values are between 0 and 1"),
        OWN,
        Text("从区间内部看，与 0 和 1 的最小距离", "least distance from 0 and 1, from within"),
        AT_LEAST,
        0.0,
        ACTIVATIONS,
        within_zero_and_one,
    ),
    Claim(
        "tanh_is_near_linear",
        "4.1.2",
        Text("当输入在0附近时，tanh函数接近线性变换", "Near 0, tanh is nearly linear"),
        OWN,
        OFF_THE_TANGENT,
        AT_MOST,
        0.01,
        ACTIVATIONS,
        bend("tanh"),
    ),
    Claim(
        "tanh_is_symmetric",
        "4.1.2",
        Text("tanh函数关于坐标系原点中心对称", "Tanh is symmetric about the origin"),
        OWN,
        Text("|tanh(x) + tanh(-x)| 的最大值", "greatest |tanh(x) + tanh(-x)|"),
        AT_MOST,
        1e-12,
        ACTIVATIONS,
        odd,
    ),
    Claim(
        "tanh_derivative_peaks",
        "4.1.2",
        Text(
            "当输入接近0时，tanh函数的导数接近最大值1",
            "Tanh's derivative is greatest at 0, where it is 1",
        ),
        OWN,
        Text(
            "导数的最大值，以及 0 处的导数，与 1 的偏差",
            "distance of the greatest derivative, and of that at 0, from 1",
        ),
        AT_MOST,
        1e-12,
        ACTIVATIONS,
        peak("tanh", 1.0),
    ),
    Claim(
        "tanh_derivative_falls",
        "4.1.2",
        Text(
            "输入在任一方向上越远离0点，tanh的导数越接近0",
            "The farther from 0, the nearer tanh's derivative is to 0",
        ),
        OWN,
        RISE_FROM_ZERO,
        AT_MOST,
        0.0,
        ACTIVATIONS,
        falls_away("tanh"),
    ),
    Claim(
        "perceptron_agrees",
        "4.3",
        Text(
            "多层感知机的简洁实现：训练过程与从零实现相同",
            "The perceptron by the library trains as the one from scratch",
        ),
        OWN,
        ACCURACIES_APART,
        AT_MOST,
        0.01,
        ("agreement",),
        accuracies_agree("mlp"),
    ),
)
