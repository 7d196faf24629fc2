"""What the notes assert of model selection, underfitting and overfitting (4.4)."""

from functools import partial

import numpy as np
import pandas as pd

from d2l_lab.claims.claim import Check, Claim, Setting, at_least, at_most
from d2l_lab.claims.evidence import (
    NOTHING,
    Evidence,
    exactly,
    greatest,
    loss_ratio,
    mean,
    values_of,
)

TWICE = float(np.log10(2))
NORMAL = 1.96  # standard errors to either side: 95 % of a normal distribution
STRAIGHT = 1  # the degree of a line, which underfits a cubic
EXACT = Setting("用最小二乘代替 SGD", "least squares instead of SGD")
PICKED_TOGETHER = Setting(
    "学习率、权重衰减和隐藏层数由 K折交叉验证一起选出",
    "learning rate, weight decay and number of hidden layers picked together by K-fold",
)
PICKED_RATE = Setting(
    "softmax 回归，学习率由 K折交叉验证选出", "softmax regression's learning rate picked by K-fold"
)


def fold_losses(capacity: pd.DataFrame, method: str, split: str) -> pd.DataFrame:
    """Average the losses over the folds: replicates × degrees."""
    rows = capacity[(capacity["method"] == method) & (capacity["split"] == split)]
    return rows.pivot_table(index="replicate", columns="degree", values="loss", aggfunc="mean")


def fold_gaps(capacity: pd.DataFrame, method: str) -> pd.DataFrame:
    """Give log₁₀ of the validation over the training loss: replicates × degrees."""
    validation, train = (fold_losses(capacity, method, split) for split in ("validation", "train"))
    return loss_ratio(validation, train)


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


def line_underfits(capacity: pd.DataFrame) -> Evidence:
    """Measure a line's lower loss over the best degree's validation loss, by SGD."""
    train, validation = (fold_losses(capacity, "sgd", split) for split in ("train", "validation"))
    both = np.minimum(train[STRAIGHT], validation[STRAIGHT])
    return mean(loss_ratio(both, validation[best_degree(capacity, "sgd")]))


def gap(method: str, capacity: pd.DataFrame) -> Evidence:
    """Measure validation over training loss at the highest degree."""
    gaps = fold_gaps(capacity, method)
    return mean(gaps[gaps.columns.max()])


def gap_by_parameters(method: str, capacity: pd.DataFrame) -> Evidence:
    """Measure how the gap grows from the best to the highest degree."""
    gaps = fold_gaps(capacity, method)
    return mean(gaps[gaps.columns.max()] - gaps[best_degree(capacity, "exact")])


def weights_and_gap(
    method: str, capacity_weights: pd.DataFrame, capacity_test: pd.DataFrame
) -> Evidence | None:
    """Measure the correlation of the size of weights with the gap, in each replicate.

    Over the degrees that do not underfit; by ranks, for both go over many orders of magnitude.
    """
    key = ["replicate", "degree"]
    size = values_of(capacity_weights, "greatest_weight", key, method=method)
    train, test = (
        values_of(capacity_test, "loss", key, method=method, split=split)
        for split in ("train", "test")
    )
    both = pd.DataFrame({"size": size, "gap": loss_ratio(test, train)})
    best = test.groupby("degree").median().idxmin()
    both = both[both.index.get_level_values("degree") >= best]
    if both.index.get_level_values("degree").nunique() < 3:
        return None
    ranks = both.groupby("replicate")
    return mean(ranks.apply(lambda rows: rows["size"].rank().corr(rows["gap"].rank())))


def ratio_of_sizes(
    above: str, below: str, method: str, sample_size: pd.DataFrame
) -> Evidence | None:
    """Measure one loss of the study of sample sizes over another.

    Each is named by a split, and by which of the degrees and of the numbers of examples that there
    are, as in ``test second most``: the second lowest degree on most examples.
    """
    found = [losses_at(sample_size, *which.split(), method) for which in (above, below)]
    return mean(loss_ratio(*found)) if all(losses is not None for losses in found) else None


def losses_at(
    sample_size: pd.DataFrame, split: str, degree: str, examples: str, method: str
) -> pd.Series | None:
    """Give one loss by replicate; None if there is no such degree or number of examples."""
    chosen = {}
    for column, which in (("degree", degree), ("examples", examples)):
        there = sorted(sample_size[column].unique())
        index = {"least": 0, "second": 1, "most": len(there) - 1}[which]
        if index >= len(there):
            return None
        chosen[column] = there[index]
    return values_of(sample_size, "loss", ["replicate"], method=method, split=split, **chosen)


def shrinking_gap(sample_size: pd.DataFrame) -> Evidence:
    """Measure how the highest degree's gap by SGD shrinks from the fewest to most examples."""
    wide, narrow = (
        loss_ratio(
            *(losses_at(sample_size, split, "most", size, "sgd") for split in ("test", "train"))
        )
        for size in ("least", "most")
    )
    return mean(wide - narrow)


def folds_estimate(kfold_summary: pd.DataFrame, summary: pd.DataFrame) -> Evidence | None:
    """Measure how far a classifier's validation accuracy is from its test accuracy, at most."""
    key = ["model", "device"]
    validated = values_of(kfold_summary, "mean", key, metric="validation_accuracy")
    tested = values_of(summary, "mean", key, metric="test_accuracy")
    return greatest((validated - tested).abs()) if len(validated) else None


def picked(choices: pd.DataFrame, split: str, method: str) -> pd.Series:
    """Give a loss of the degree that K-fold picks, by replicate."""
    return values_of(choices, f"{split}_loss", ["replicate"], rule="minimum", method=method)


def chosen_degree(capacity_choice: pd.DataFrame) -> Evidence:
    """Measure how far test and validation loss of the degree that K-fold picks are apart."""
    tested, validated = (picked(capacity_choice, s, "sgd") for s in ("test", "validation"))
    ratios = loss_ratio(tested, validated)
    return mean(ratios * np.sign(ratios.mean()))


def choice_pays(capacity_choice: pd.DataFrame, capacity_test: pd.DataFrame) -> Evidence:
    """Measure the test loss at the highest degree over that at the one which K-fold picks."""
    chosen = {"method": "exact", "split": "test", "degree": capacity_test["degree"].max()}
    most = values_of(capacity_test, "loss", ["replicate"], **chosen)
    return mean(loss_ratio(most, picked(capacity_choice, "test", "exact")))


def selected_model(selection_test: pd.DataFrame) -> Evidence:
    """Measure how far the picked model's test accuracy is from its validation accuracy."""
    tested = selection_test.set_index("split")
    apart = tested.loc["test", "accuracy"] - tested.loc["validation", "accuracy"]
    return exactly(abs(apart), int(tested.loc["test", "n"]))


def decayed(weight_decay: pd.DataFrame, method: str, split: str) -> pd.DataFrame:
    """Give log₁₀ of a loss of the study of weight decay: replicates × strengths."""
    rows = weight_decay[(weight_decay["method"] == method) & (weight_decay["split"] == split)]
    losses = rows.pivot(index="replicate", columns="weight_decay", values="loss")
    return np.log10(losses.clip(lower=NOTHING))


def gained_by_decay(values: pd.DataFrame, tested: pd.DataFrame) -> Evidence | None:
    """Measure by how much values fall from no weight decay to the strength that is picked.

    For each replicate the strength is picked by the test losses of the others, so that no dataset
    takes part in the choice that it judges.
    """
    if 0 not in values or len(values.columns) < 2 or len(values) < 2:
        return None
    strengths = [tested.drop(index=replicate).mean().idxmin() for replicate in values.index]
    picked = [values.loc[*place] for place in zip(values.index, strengths, strict=True)]
    return mean(values[0] - picked)


def gap_by_decay(method: str, weight_decay: pd.DataFrame) -> Evidence | None:
    """Measure how the gap of test to training loss narrows by weight decay."""
    train, test = (decayed(weight_decay, method, split) for split in ("train", "test"))
    return gained_by_decay(test - train, test)


def loss_by_decay(method: str, weight_decay: pd.DataFrame) -> Evidence | None:
    """Measure how the test loss falls by weight decay."""
    test = decayed(weight_decay, method, "test")
    return gained_by_decay(test, test)


def norm_and_gap(
    method: str, weight_decay_norm: pd.DataFrame, weight_decay: pd.DataFrame
) -> Evidence | None:
    """Measure the rank correlation of the weights' norm with the gap, over the strengths."""
    gaps = decayed(weight_decay, method, "test") - decayed(weight_decay, method, "train")
    if len(gaps.columns) < 3:
        return None
    own = weight_decay_norm[weight_decay_norm["method"] == method]
    norms = own.pivot(index="replicate", columns="weight_decay", values="norm")
    return mean(gaps.rank(axis=1).corrwith(norms.rank(axis=1), axis=1))


def choice_of_others_pays(hyperparameters: pd.DataFrame) -> Evidence:
    """Measure, on each fold, the accuracy of what the other folds pick above the grid's median."""
    rows = hyperparameters[hyperparameters["split"] == "validation"]
    point = ["hidden_layers", "weight_decay", "learning_rate"]
    losses, accuracies = (
        rows.pivot(index="fold", columns=point, values=value) for value in ("loss", "accuracy")
    )
    gains = []
    for fold in losses.index:
        others = losses.drop(index=fold).mean(skipna=False)
        known = others.notna().any()
        picked = accuracies.loc[fold, others.idxmin()] if known else np.nan
        gains.append(picked - accuracies.loc[fold].median())
    return mean(gains)


def selected_together(hyperparameters_test: pd.DataFrame) -> Evidence:
    """Measure how far test and validation accuracy of the picked combination are apart.

    The interval has the errors of both, as independent ones.
    """
    tested = hyperparameters_test.set_index("split")
    apart = tested.loc["test", "accuracy"] - tested.loc["validation", "accuracy"]
    error = NORMAL * np.hypot(*tested["accuracy_error"])
    least, most = max(0.0, abs(apart) - error), abs(apart) + error
    return Evidence(abs(apart), least, most, int(tested.loc["test", "n"]))


def both_ways(name: str, section: str, check: Check, **texts: str) -> tuple[Claim, Claim]:
    """Make a claim on fits by SGD, and the one on exact fits that it points to.

    The measure of the check takes the method before its tables.
    """
    claim = Claim(name, section, check, **texts)
    exact = claim.variant("exactly", partial(check.measure, "exact"), setting=EXACT)
    by_sgd = check._replace(measure=partial(check.measure, "sgd"))
    return claim._replace(check=by_sgd, see=exact.id), exact


def apart(*claims: Claim) -> tuple[Claim, ...]:
    """Let no claim point to another one, by which it is not decided either."""
    return tuple(claim._replace(see="") for claim in claims)


CLAIMS = (
    *both_ways(
        "more_parameters_overfit",
        "4.4.1",
        at_least(TWICE, gap_by_parameters),
        zh="当可调整参数的数量（自由度）很大时，模型往往更容易过拟合",
        en="The more parameters can be adjusted, the more a model overfits",
        test_zh="从最优阶数到最高阶数，验证损失与训练损失的差距扩大多少个数量级",
        test_en=(
            "orders of magnitude by which the gap of validation to training loss grows from the "
            "best to the highest degree"
        ),
    ),
    *both_ways(
        "large_weights_overfit",
        "4.4.1",
        at_least(0.5, weights_and_gap),
        zh="当权重的取值范围较大时，模型可能更容易过拟合",
        en="The larger the weights may be, the more a model can overfit",
        test_zh="从最优阶数起的各个阶数上，最大权重与差距的秩相关系数",
        test_en=(
            "rank correlation, over the degrees from the best on, of the greatest weight with the "
            "gap"
        ),
    ),
    *apart(
        *both_ways(
            "large_weights_overfit_at_a_fixed_degree",
            "4.4.1",
            at_least(0.5, norm_and_gap),
            zh="当权重的取值范围较大时，模型可能更容易过拟合",
            en="The larger the weights may be, the more a model can overfit",
            test_zh="最高阶数上，改变权重衰减的强度，权重的范数与差距的秩相关系数",
            test_en=(
                "rank correlation, at the highest degree over the strengths of weight decay, of "
                "the weights' norm with the gap"
            ),
        )
    ),
    *both_ways(
        "regularisation_narrows_the_gap",
        "4.4.1",
        at_least(TWICE, gap_by_decay),
        zh="用于对抗过拟合的技术称为正则化",
        en="Regularisation works against overfitting",
        test_zh="最高阶数上，权重衰减使测试损失与训练损失的差距缩小多少个数量级",
        test_en=(
            "orders of magnitude by which weight decay narrows the gap of test to training loss at "
            "the highest degree"
        ),
    ),
    *both_ways(
        "regularisation_lowers_the_test_loss",
        "4.4.1",
        at_least(TWICE, loss_by_decay),
        zh="用于对抗过拟合的技术称为正则化",
        en="Regularisation works against overfitting",
        test_zh="最高阶数上，权重衰减使测试损失下降多少个数量级",
        test_en="orders of magnitude by which weight decay lowers the highest degree's test loss",
    ),
    Claim(
        "one_or_two_examples_are_overfitted",
        "4.4.1",
        at_least(TWICE, partial(ratio_of_sizes, "test least least", "train least least", "exact")),
        zh="即使模型很简单，也很容易过拟合只包含一两个样本的数据集",
        en="Even a simple model easily overfits a dataset of one or two examples",
        test_zh="阶数最低、样本最少时，测试损失比训练损失高多少个数量级",
        test_en="orders of magnitude of test over training loss, lowest degree, fewest examples",
        setting=EXACT,
    ),
    Claim(
        "simple_model_much_data",
        "4.4.1",
        at_most(0.1, partial(ratio_of_sizes, "test second most", "train second most", "sgd")),
        zh="当我们有简单的模型和大量的数据时，我们期望泛化误差与训练误差相近",
        en="With a simple model and much data the generalisation error is near the training error",
        test_zh="阶数第二低、样本最多时，测试损失比训练损失高多少个数量级",
        test_en=(
            "orders of magnitude of test over training loss, second lowest degree, most examples"
        ),
    ),
    *both_ways(
        "complex_model_few_data_trains_well",
        "4.4.1",
        at_least(TWICE, partial(ratio_of_sizes, "train second most", "train most second")),
        zh="当我们有更复杂的模型和更少的样本时，我们预计训练误差会下降",
        en="With a more complex model and fewer examples the training error falls",
        test_zh="最高阶数在少量样本上的训练损失，比第二低的阶数在最多样本上的低多少个数量级",
        test_en=(
            "orders of magnitude by which the training loss of the highest degree on few examples "
            "is below that of the second lowest on most"
        ),
    ),
    Claim(
        "complex_model_few_data_generalises_badly",
        "4.4.1",
        at_least(TWICE, partial(ratio_of_sizes, "test most second", "test second most", "sgd")),
        zh="当我们有更复杂的模型和更少的样本时，我们预计泛化误差会增大",
        en="With a more complex model and fewer examples the generalisation error rises",
        test_zh="最高阶数在少量样本上的测试损失，比第二低的阶数在最多样本上的高多少个数量级",
        test_en=(
            "orders of magnitude by which the test loss of the highest degree on few examples is "
            "above that of the second lowest on most"
        ),
    ),
    Claim(
        "folds_estimate_the_test_error",
        "4.4.2",
        at_most(0.02, folds_estimate),
        zh="K折交叉验证：通过对K次实验的结果取平均来估计训练和验证误差",
        en="The mean over K folds estimates the error on new data",
        test_zh="分类器的平均验证精度与测试精度的最大差别",
        test_en=(
            "greatest difference of a classifier's mean validation accuracy and its test accuracy"
        ),
    ),
    Claim(
        "folds_estimate_the_loss_of_their_choice",
        "4.4.2",
        at_most(TWICE, chosen_degree),
        zh="K折交叉验证：通过对K次实验的结果取平均来估计验证误差",
        en="The mean over K folds estimates the error on new data",
        test_zh="在 K折交叉验证选出的阶数上，测试损失与验证损失相差多少个数量级",
        test_en=(
            "orders of magnitude between test and validation loss at the degree that K-fold picks"
        ),
        see="folds_estimate_the_test_error",
    ),
    Claim(
        "validation_prevents_overfitting",
        "4.4.2",
        at_least(TWICE, choice_pays),
        zh="验证集：防止过拟合，帮助选择最优的配置",
        en="A validation set keeps a choice from overfitting",
        test_zh="最高阶数的测试损失，比 K折交叉验证选出的阶数高多少个数量级",
        test_en=(
            "orders of magnitude by which the test loss at the highest degree is above that at the "
            "degree that K-fold picks"
        ),
        setting=EXACT,
    ),
    Claim(
        "first_validate_then_test",
        "4.4.2",
        at_most(0.02, selected_model),
        zh="先训练和验证，再测试",
        en="Train and validate first, then test: the choice holds what it promised",
        test_zh="选出的模型的测试精度与验证精度之差",
        test_en="difference of the picked model's test accuracy and its validation accuracy",
        setting=PICKED_RATE,
    ),
    Claim(
        "validation_picks_hyperparameters",
        "4.4.2",
        at_least(0.01, choice_of_others_pays),
        zh="验证集用于帮助选择最佳的超参数（如学习率、正则化强度、网络层数等）",
        en="A validation set helps to pick learning rate, regularisation and number of layers",
        test_zh="由其余各折选出的组合，在剩下的一折上的精度比所有组合的中位数高多少",
        test_en=(
            "accuracy, on the fold left out, of the combination that the other folds pick above "
            "the median of all combinations"
        ),
        setting=PICKED_TOGETHER,
    ),
    Claim(
        "first_validate_then_test_together",
        "4.4.2",
        at_most(0.02, selected_together),
        zh="先训练和验证，再测试",
        en="Train and validate first, then test: the choice holds what it promised",
        test_zh="选出的组合的测试精度与验证精度之差",
        test_en="difference of the picked combination's test accuracy and its validation accuracy",
        setting=PICKED_TOGETHER,
    ),
    Claim(
        "higher_degree_trains_better",
        "4.4.3",
        at_most(0.0, rise_by_sgd),
        zh="高阶多项式函数相对于低阶多项式的训练误差应该始终更低（最坏也是相等）",
        en="A higher degree never has a higher training error",
        test_zh="最高阶数的训练损失比最优阶数高多少个数量级",
        test_en=(
            "orders of magnitude of the training loss at the highest degree over that at the best "
            "one"
        ),
        see="higher_degree_trains_better_exactly",
    ),
    Claim(
        "higher_degree_trains_better_exactly",
        "4.4.3",
        at_most(1e-09, rise_with_degree),
        zh="高阶多项式函数相对于低阶多项式的训练误差应该始终更低（最坏也是相等）",
        en="A higher degree never has a higher training error",
        test_zh="从一个阶数到下一个阶数，训练损失的最大增量，相对于 0 阶的训练损失",
        test_en=(
            "greatest rise of the training loss from one degree to the next, relative to degree 0"
        ),
        setting=EXACT,
    ),
    Claim(
        "underfitting_both_high",
        "4.4.3",
        at_least(1.0, line_underfits),
        zh="欠拟合：训练误差和验证误差都很严重",
        en="Underfitting: both training and validation error are high",
        test_zh="直线的两个损失中较低的一个，比最优阶数的验证损失高多少个数量级",
        test_en=(
            "orders of magnitude by which the lower of a line's two losses is above the validation "
            "loss of the best degree"
        ),
    ),
    Claim(
        "underfitting_small_gap",
        "4.4.3",
        at_most(TWICE, lambda capacity: mean(fold_gaps(capacity, "sgd")[STRAIGHT])),
        zh="欠拟合：训练误差和验证误差之间仅有一点差距",
        en="Underfitting: between training and validation error there is but a small gap",
        test_zh="直线的验证损失比训练损失高多少个数量级",
        test_en="orders of magnitude of a line's validation over its training loss",
    ),
    *both_ways(
        "overfitting_gap",
        "4.4.3",
        at_least(TWICE, gap),
        zh="过拟合：训练误差明显低于验证误差",
        en="Overfitting: the training error is clearly below the validation error",
        test_zh="最高阶数的验证损失比训练损失高多少个数量级",
        test_en="orders of magnitude of the highest degree's validation over its training loss",
    ),
    Claim(
        "fewer_examples_overfit_more",
        "4.4.3",
        at_least(TWICE, shrinking_gap),
        zh="训练数据集中的样本越少，我们就越有可能（且更严重地）过拟合",
        en="The fewer the training examples, the more a model overfits",
        test_zh="样本从最少到最多，最高阶数的测试损失与训练损失的差距缩小多少个数量级",
        test_en=(
            "orders of magnitude by which the highest degree's gap of test to training loss "
            "shrinks from the fewest to the most examples"
        ),
    ),
    Claim(
        "more_data_generalise_better",
        "4.4.3",
        at_least(TWICE, partial(ratio_of_sizes, "test most least", "test most most", "sgd")),
        zh="随着训练数据量的增加，泛化误差通常会减小",
        en="The more training data, the lower the generalisation error",
        test_zh="样本从最少到最多，最高阶数的测试损失下降多少个数量级",
        test_en=(
            "orders of magnitude by which the highest degree's test loss falls from the fewest to "
            "the most examples"
        ),
    ),
    Claim(
        "more_data_for_more_complex_models",
        "4.4.3",
        at_least(TWICE, partial(ratio_of_sizes, "test least most", "test most most", "sgd")),
        zh="给出更多的数据，我们可能会尝试拟合一个更复杂的模型",
        en="With more data a more complex model may be fitted",
        test_zh="样本最多时，最高阶数的测试损失比最低阶数低多少个数量级",
        test_en=(
            "orders of magnitude by which, of most examples, the highest degree's test loss is "
            "below the lowest one's"
        ),
    ),
    *both_ways(
        "few_data_for_simple_models",
        "4.4.3",
        at_least(TWICE, partial(ratio_of_sizes, "test most second", "test least second")),
        zh="如果没有足够的数据，简单的模型可能更有用",
        en="With too few data a simple model may be of more use",
        test_zh="样本较少时，最低阶数的测试损失比最高阶数低多少个数量级",
        test_en=(
            "orders of magnitude by which, of few examples, the lowest degree's test loss is below "
            "the highest one's"
        ),
    ),
)
