"""What the notes assert of model selection, underfitting and overfitting (4.4)."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

from d2l_lab.claims.claim import AT_LEAST, AT_MOST, OWN, Claim, Evidence, Text, greatest, mean
from d2l_lab.claims.rows import loss_ratio, values_of

TWICE = float(np.log10(2))
STRAIGHT = 1  # the degree of a line, which underfits a cubic
EXACT = Text("用最小二乘代替 SGD", "least squares instead of SGD")
PICKED_RATE = Text(
    "softmax 回归，学习率由 K折交叉验证选出", "softmax regression's learning rate picked by K-fold"
)

Measure = Callable[[pd.DataFrame], Evidence | None]


def fold_losses(capacity: pd.DataFrame, method: str, split: str) -> pd.DataFrame:
    """Average the losses over the folds: replicates × degrees."""
    rows = capacity[(capacity["method"] == method) & (capacity["split"] == split)]
    return rows.pivot_table(index="replicate", columns="degree", values="loss", aggfunc="mean")


def best_degree(capacity: pd.DataFrame, method: str) -> int:
    """Find the degree of the lowest median validation loss."""
    return int(fold_losses(capacity, method, "validation").median().idxmin())


def rise_with_degree(capacity: pd.DataFrame) -> Evidence:
    """Measure the greatest relative rise of an exact fit's training loss from degree to degree."""
    rows = capacity[(capacity["method"] == "exact") & (capacity["split"] == "train")]
    losses = rows.pivot(index=["replicate", "fold"], columns="degree", values="loss").to_numpy()
    return greatest((losses[:, 1:] - losses[:, :-1]) / losses[:, :1])


def rise_by_sgd(capacity: pd.DataFrame) -> Evidence:
    """Measure SGD's training loss at the highest degree over that at the best one."""
    losses = fold_losses(capacity, "sgd", "train")
    best = best_degree(capacity, "exact")
    return mean(loss_ratio(losses[losses.columns.max()], losses[best]))


def underfit(method: str) -> Measure:
    """Make the function that measures a line's lower loss over the best degree's validation."""

    def measure(capacity: pd.DataFrame) -> Evidence | None:
        train, validation = (
            fold_losses(capacity, method, split) for split in ("train", "validation")
        )
        best = best_degree(capacity, method)
        both = np.minimum(train[STRAIGHT], validation[STRAIGHT])
        return mean(loss_ratio(both, validation[best]))

    return measure


def gap(method: str, degree: int | None) -> Measure:
    """Make the function that measures validation over training loss; None: the highest degree."""

    def measure(capacity: pd.DataFrame) -> Evidence:
        train, validation = (
            fold_losses(capacity, method, split) for split in ("train", "validation")
        )
        chosen = train.columns.max() if degree is None else degree
        return mean(loss_ratio(validation[chosen], train[chosen]))

    return measure


def gap_by_parameters(method: str) -> Measure:
    """Make the function that measures how the gap grows from the best to the highest degree."""

    def measure(capacity: pd.DataFrame) -> Evidence:
        best = best_degree(capacity, "exact")
        train, validation = (
            fold_losses(capacity, method, split) for split in ("train", "validation")
        )
        most = train.columns.max()
        wide = loss_ratio(validation[most], train[most])
        return mean(wide - loss_ratio(validation[best], train[best]))

    return measure


def weights_and_gap(method: str) -> Callable[[pd.DataFrame, pd.DataFrame], Evidence | None]:
    """Make the function that correlates the size of weights with the gap, in each replicate.

    Over the degrees that do not underfit; by ranks, for both go over many orders of magnitude.
    """

    def measure(weights: pd.DataFrame, tested: pd.DataFrame) -> Evidence | None:
        key = ["replicate", "degree"]
        size = values_of(weights, "greatest_weight", key, method=method)
        train, test = (
            values_of(tested, "loss", key, method=method, split=split)
            for split in ("train", "test")
        )
        both = pd.DataFrame({"size": size, "gap": loss_ratio(test, train)})
        best = test.groupby("degree").median().idxmin()
        both = both[both.index.get_level_values("degree") >= best]
        if both.index.get_level_values("degree").nunique() < 3:
            return None
        return mean(
            both.groupby("replicate").apply(
                lambda rows: rows["size"].rank().corr(rows["gap"].rank())
            )
        )

    return measure


def ratio_of_sizes(
    above: tuple[str, str, str], below: tuple[str, str, str], method: str
) -> Measure:
    """Make the function that compares two losses of the study of sample sizes.

    Parameters
    ----------
    above, below : (split, degree, examples)
        Of degrees and numbers of examples, ``"least"``, ``"second"`` or ``"most"`` of those there
        are.
    method : str
    """

    def measure(losses: pd.DataFrame) -> Evidence | None:
        found = [chosen(losses, *which, method) for which in (above, below)]
        return mean(loss_ratio(*found)) if all(one is not None for one in found) else None

    return measure


def chosen(
    losses: pd.DataFrame, split: str, degree: str, examples: str, method: str
) -> pd.Series | None:
    """Give one loss by replicate; None if there is no such degree or number of examples."""
    picked = {}
    for column, which in (("degree", degree), ("examples", examples)):
        there = sorted(losses[column].unique())
        place = {"least": 0, "second": 1, "most": len(there) - 1}[which]
        if place >= len(there):
            return None
        picked[column] = there[place]
    return values_of(losses, "loss", ["replicate"], method=method, split=split, **picked)


def shrinking_gap(method: str) -> Measure:
    """Make the function that measures how the highest degree's gap shrinks with more examples."""

    def measure(losses: pd.DataFrame) -> Evidence:
        wide, narrow = (
            loss_ratio(
                *(chosen(losses, split, "most", size, method) for split in ("test", "train"))
            )
            for size in ("least", "most")
        )
        return mean(wide - narrow)

    return measure


def folds_estimate(kfold: pd.DataFrame, summary: pd.DataFrame) -> Evidence | None:
    """Measure how far a classifier's validation accuracy is from its test accuracy, at most."""
    key = ["model", "device"]
    validated = values_of(kfold, "mean", key, metric="validation_accuracy")
    tested = values_of(summary, "mean", key, metric="test_accuracy")
    return greatest((validated - tested).abs()) if len(validated) else None


def chosen_degree(choices: pd.DataFrame) -> Evidence:
    """Measure how far test and validation loss of the degree that K-fold picks are apart."""
    rows = choices[(choices["rule"] == "minimum") & (choices["method"] == "sgd")]
    rows = rows.set_index("replicate")
    ratios = loss_ratio(rows["test_loss"], rows["validation_loss"])
    return mean(ratios * np.sign(ratios.mean()))


def choice_pays(choices: pd.DataFrame, tested: pd.DataFrame) -> Evidence:
    """Measure the test loss at the highest degree over that at the one which K-fold picks."""
    rows = choices[(choices["rule"] == "minimum") & (choices["method"] == "exact")]
    most = values_of(
        tested, "loss", ["replicate"], method="exact", split="test", degree=tested["degree"].max()
    )
    return mean(loss_ratio(most, rows.set_index("replicate")["test_loss"]))


def selected_model(tested: pd.DataFrame) -> Evidence:
    """Measure how far the picked model's test accuracy is from its validation accuracy."""
    accuracy = tested.set_index("split")["accuracy"]
    n = tested.set_index("split").loc["test", "n"]
    return greatest([abs(accuracy["test"] - accuracy["validation"])])._replace(n=int(n))


def both_ways(
    name: str,
    section: str,
    assertion: Text,
    test: Text,
    relation: str,
    threshold: float,
    tables: tuple[str, ...],
    measure_by: Callable[[str], Callable[..., Evidence | None]],
) -> tuple[Claim, Claim]:
    """Make a claim on fits by SGD, and the one on exact fits that it points to."""
    exactly = Claim(
        f"{name}_exactly",
        section,
        assertion,
        EXACT,
        test,
        relation,
        threshold,
        tables,
        measure_by("exact"),
    )
    by_sgd = exactly._replace(id=name, setting=OWN, measure=measure_by("sgd"), see=exactly.id)
    return by_sgd, exactly


CAPACITY, SIZES = ("capacity",), ("sample_size",)

CLAIMS = (
    *both_ways(
        "more_parameters_overfit",
        "4.4.1",
        Text(
            "当可调整参数的数量（自由度）很大时，模型往往更容易过拟合",
            "The more parameters can be adjusted, the more a model overfits",
        ),
        Text(
            "从最优阶数到最高阶数，验证损失与训练损失的差距扩大多少个数量级",
            "orders of magnitude by which the gap of validation to training loss grows from "
            "the best to the highest degree",
        ),
        AT_LEAST,
        TWICE,
        CAPACITY,
        gap_by_parameters,
    ),
    *both_ways(
        "large_weights_overfit",
        "4.4.1",
        Text(
            "当权重的取值范围较大时，模型可能更容易过拟合",
            "The larger the weights may be, the more a model can overfit",
        ),
        Text(
            "从最优阶数起的各个阶数上，最大权重与差距的秩相关系数",
            "rank correlation, over the degrees from the best on, of the greatest weight with "
            "the gap",
        ),
        AT_LEAST,
        0.5,
        ("capacity_weights", "capacity_test"),
        weights_and_gap,
    ),
    Claim(
        "one_or_two_examples_are_overfitted",
        "4.4.1",
        Text(
            "即使模型很简单，也很容易过拟合只包含一两个样本的数据集",
            "Even a simple model easily overfits a dataset of one or two examples",
        ),
        EXACT,
        Text(
            "阶数最低、样本最少时，测试损失比训练损失高多少个数量级",
            "orders of magnitude of test over training loss, lowest degree, fewest examples",
        ),
        AT_LEAST,
        TWICE,
        SIZES,
        ratio_of_sizes(("test", "least", "least"), ("train", "least", "least"), "exact"),
    ),
    Claim(
        "simple_model_much_data",
        "4.4.1",
        Text(
            "当我们有简单的模型和大量的数据时，我们期望泛化误差与训练误差相近",
            "With a simple model and much data the generalisation error is near the training error",
        ),
        OWN,
        Text(
            "阶数第二低、样本最多时，测试损失比训练损失高多少个数量级",
            "orders of magnitude of test over training loss, second lowest degree, most examples",
        ),
        AT_MOST,
        0.1,
        SIZES,
        ratio_of_sizes(("test", "second", "most"), ("train", "second", "most"), "sgd"),
    ),
    *both_ways(
        "complex_model_few_data_trains_well",
        "4.4.1",
        Text(
            "当我们有更复杂的模型和更少的样本时，我们预计训练误差会下降",
            "With a more complex model and fewer examples the training error falls",
        ),
        Text(
            "最高阶数在少量样本上的训练损失，比第二低的阶数在最多样本上的低多少个数量级",
            "orders of magnitude by which the training loss of the highest degree on few "
            "examples is below that of the second lowest on most",
        ),
        AT_LEAST,
        TWICE,
        SIZES,
        partial(ratio_of_sizes, ("train", "second", "most"), ("train", "most", "second")),
    ),
    Claim(
        "complex_model_few_data_generalises_badly",
        "4.4.1",
        Text(
            "当我们有更复杂的模型和更少的样本时，我们预计泛化误差会增大",
            "With a more complex model and fewer examples the generalisation error rises",
        ),
        OWN,
        Text(
            "最高阶数在少量样本上的测试损失，比第二低的阶数在最多样本上的高多少个数量级",
            "orders of magnitude by which the test loss of the highest degree on few examples "
            "is above that of the second lowest on most",
        ),
        AT_LEAST,
        TWICE,
        SIZES,
        ratio_of_sizes(("test", "most", "second"), ("test", "second", "most"), "sgd"),
    ),
    Claim(
        "folds_estimate_the_test_error",
        "4.4.2",
        Text(
            "K折交叉验证：通过对K次实验的结果取平均来估计训练和验证误差",
            "The mean over K folds estimates the error on new data",
        ),
        OWN,
        Text(
            "分类器的平均验证精度与测试精度的最大差别",
            "greatest difference of a classifier's mean validation accuracy and its test accuracy",
        ),
        AT_MOST,
        0.02,
        ("kfold_summary", "summary"),
        folds_estimate,
    ),
    Claim(
        "folds_estimate_the_loss_of_their_choice",
        "4.4.2",
        Text(
            "K折交叉验证：通过对K次实验的结果取平均来估计验证误差",
            "The mean over K folds estimates the error on new data",
        ),
        OWN,
        Text(
            "在 K折交叉验证选出的阶数上，测试损失与验证损失相差多少个数量级",
            "orders of magnitude between test and validation loss at the degree that K-fold picks",
        ),
        AT_MOST,
        TWICE,
        ("capacity_choice",),
        chosen_degree,
        see="folds_estimate_the_test_error",
    ),
    Claim(
        "validation_prevents_overfitting",
        "4.4.2",
        Text(
            "验证集：防止过拟合，帮助选择最优的配置",
            "A validation set keeps a choice from overfitting",
        ),
        EXACT,
        Text(
            "最高阶数的测试损失，比 K折交叉验证选出的阶数高多少个数量级",
            "orders of magnitude by which the test loss at the highest degree is above that "
            "at the degree that K-fold picks",
        ),
        AT_LEAST,
        TWICE,
        ("capacity_choice", "capacity_test"),
        choice_pays,
    ),
    Claim(
        "first_validate_then_test",
        "4.4.2",
        Text(
            "先训练和验证，再测试",
            "Train and validate first, then test: the choice holds what it promised",
        ),
        PICKED_RATE,
        Text(
            "选出的模型的测试精度与验证精度之差",
            "difference of the picked model's test accuracy and its validation accuracy",
        ),
        AT_MOST,
        0.02,
        ("selection_test",),
        selected_model,
    ),
    Claim(
        "higher_degree_trains_better",
        "4.4.3",
        Text(
            "高阶多项式函数相对于低阶多项式的训练误差应该始终更低（最坏也是相等）",
            "A higher degree never has a higher training error",
        ),
        OWN,
        Text(
            "最高阶数的训练损失比最优阶数高多少个数量级",
            "orders of magnitude of the training loss at the highest degree over that at the "
            "best one",
        ),
        AT_MOST,
        0.0,
        CAPACITY,
        rise_by_sgd,
        see="higher_degree_trains_better_exactly",
    ),
    Claim(
        "higher_degree_trains_better_exactly",
        "4.4.3",
        Text(
            "高阶多项式函数相对于低阶多项式的训练误差应该始终更低（最坏也是相等）",
            "A higher degree never has a higher training error",
        ),
        EXACT,
        Text(
            "从一个阶数到下一个阶数，训练损失的最大增量，相对于 0 阶的训练损失",
            "greatest rise of the training loss from one degree to the next, relative to degree 0",
        ),
        AT_MOST,
        1e-9,
        CAPACITY,
        rise_with_degree,
    ),
    Claim(
        "underfitting_both_high",
        "4.4.3",
        Text(
            "欠拟合：训练误差和验证误差都很严重",
            "Underfitting: both training and validation error are high",
        ),
        OWN,
        Text(
            "直线的两个损失中较低的一个，比最优阶数的验证损失高多少个数量级",
            "orders of magnitude by which the lower of a line's two losses is above the "
            "validation loss of the best degree",
        ),
        AT_LEAST,
        1.0,
        CAPACITY,
        underfit("sgd"),
    ),
    Claim(
        "underfitting_small_gap",
        "4.4.3",
        Text(
            "欠拟合：训练误差和验证误差之间仅有一点差距",
            "Underfitting: between training and validation error there is but a small gap",
        ),
        OWN,
        Text(
            "直线的验证损失比训练损失高多少个数量级",
            "orders of magnitude of a line's validation over its training loss",
        ),
        AT_MOST,
        TWICE,
        CAPACITY,
        gap("sgd", STRAIGHT),
    ),
    *both_ways(
        "overfitting_gap",
        "4.4.3",
        Text(
            "过拟合：训练误差明显低于验证误差",
            "Overfitting: the training error is clearly below the validation error",
        ),
        Text(
            "最高阶数的验证损失比训练损失高多少个数量级",
            "orders of magnitude of the highest degree's validation over its training loss",
        ),
        AT_LEAST,
        TWICE,
        CAPACITY,
        partial(gap, degree=None),
    ),
    Claim(
        "fewer_examples_overfit_more",
        "4.4.3",
        Text(
            "训练数据集中的样本越少，我们就越有可能（且更严重地）过拟合",
            "The fewer the training examples, the more a model overfits",
        ),
        OWN,
        Text(
            "样本从最少到最多，最高阶数的测试损失与训练损失的差距缩小多少个数量级",
            "orders of magnitude by which the highest degree's gap of test to training loss "
            "shrinks from the fewest to the most examples",
        ),
        AT_LEAST,
        TWICE,
        SIZES,
        shrinking_gap("sgd"),
    ),
    Claim(
        "more_data_generalise_better",
        "4.4.3",
        Text(
            "随着训练数据量的增加，泛化误差通常会减小",
            "The more training data, the lower the generalisation error",
        ),
        OWN,
        Text(
            "样本从最少到最多，最高阶数的测试损失下降多少个数量级",
            "orders of magnitude by which the highest degree's test loss falls from the "
            "fewest to the most examples",
        ),
        AT_LEAST,
        TWICE,
        SIZES,
        ratio_of_sizes(("test", "most", "least"), ("test", "most", "most"), "sgd"),
    ),
    Claim(
        "more_data_for_more_complex_models",
        "4.4.3",
        Text(
            "给出更多的数据，我们可能会尝试拟合一个更复杂的模型",
            "With more data a more complex model may be fitted",
        ),
        OWN,
        Text(
            "样本最多时，最高阶数的测试损失比最低阶数低多少个数量级",
            "orders of magnitude by which, of most examples, the highest degree's test loss "
            "is below the lowest one's",
        ),
        AT_LEAST,
        TWICE,
        SIZES,
        ratio_of_sizes(("test", "least", "most"), ("test", "most", "most"), "sgd"),
    ),
    *both_ways(
        "few_data_for_simple_models",
        "4.4.3",
        Text(
            "如果没有足够的数据，简单的模型可能更有用",
            "With too few data a simple model may be of more use",
        ),
        Text(
            "样本较少时，最低阶数的测试损失比最高阶数低多少个数量级",
            "orders of magnitude by which, of few examples, the lowest degree's test loss is "
            "below the highest one's",
        ),
        AT_LEAST,
        TWICE,
        SIZES,
        partial(ratio_of_sizes, ("test", "most", "second"), ("test", "least", "second")),
    ),
)
