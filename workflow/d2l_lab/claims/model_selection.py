"""The notes' claims about model selection, underfitting and overfitting (4.4)."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from d2l_lab.claims.claim import Claim, Setting
from d2l_lab.claims.evidence import (
    DATASETS,
    EXAMPLES,
    FOLDS,
    ROUNDING,
    Evidence,
    apart,
    difference,
    greatest,
    loss_ratio,
    mean,
    share_apart,
    tested,
    values_of,
    worst,
)
from d2l_lab.tables.histories import last_values

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
    """Return log₁₀ of the validation over the training loss: replicates × degrees."""
    validation, train = (fold_losses(capacity, method, split) for split in ("validation", "train"))
    return loss_ratio(validation, train)


def rise_with_degree(capacity: pd.DataFrame) -> Evidence:
    """Measure the greatest relative rise of the exact fit's training loss between degrees."""
    rows = capacity[(capacity["method"] == "exact") & (capacity["split"] == "train")]
    losses = rows.pivot(index=["replicate", "fold"], columns="degree", values="loss").to_numpy()
    return greatest((losses[:, 1:] - losses[:, :-1]) / losses[:, :1])


def rise_by_sgd(capacity: pd.DataFrame) -> Evidence:
    """Measure SGD's training loss at the highest degree over that at the true one."""
    losses = fold_losses(capacity, "sgd", "train")
    rises = loss_ratio(losses[losses.columns.max()], losses[true_degree(capacity)])
    return difference(rises, DATASETS)


def line_underfits(capacity: pd.DataFrame) -> Evidence:
    """Measure a line's lower loss over the true degree's validation loss, by SGD."""
    train, validation = (fold_losses(capacity, "sgd", split) for split in ("train", "validation"))
    both = np.minimum(train[STRAIGHT], validation[STRAIGHT])
    return difference(loss_ratio(both, validation[true_degree(capacity)]), DATASETS)


def gap_of_a_line(capacity: pd.DataFrame) -> Evidence:
    """Measure a line's validation over its training loss, by SGD."""
    return difference(fold_gaps(capacity, "sgd")[STRAIGHT], DATASETS)


def gap(method: str, capacity: pd.DataFrame) -> Evidence:
    """Measure how much greater the gap is at the highest degree than at the true one."""
    gaps = fold_gaps(capacity, method)
    return difference(gaps[gaps.columns.max()] - gaps[true_degree(capacity)], DATASETS)


def gap_by_parameters(method: str, capacity: pd.DataFrame) -> Evidence | None:
    """Measure the correlation of the number of parameters with the gap, in each replicate.

    By ranks, over the degrees from the true one on, since only these can overfit.
    """
    gaps = fold_gaps(capacity, method)
    enough = gaps[[degree for degree in gaps if degree >= true_degree(capacity)]]
    if len(enough.columns) < 3:
        return None
    degrees = pd.Series(enough.columns, enough.columns).rank()
    return mean(enough.rank(axis=1).corrwith(degrees, axis=1), DATASETS)


def ratio_of_sizes(
    above: str, below: str, method: str, sample_size: pd.DataFrame
) -> Evidence | None:
    """Measure log₁₀ of one loss of the study of sample sizes over another.

    Each is named by a split, a degree (line, true or highest) and a number of examples (fewest, few
    or most). ``test true most`` is the test loss of the true degree with the most examples.
    """
    return compare_sizes(loss_ratio, above, below, method, sample_size)


def share_of_sizes(
    above: str, below: str, method: str, sample_size: pd.DataFrame
) -> Evidence | None:
    """Measure the difference of two such losses as a share of their sum."""
    return compare_sizes(share_apart, above, below, method, sample_size)


def compare_sizes(
    compare: Callable[[pd.Series, pd.Series], pd.Series],
    above: str,
    below: str,
    method: str,
    sample_size: pd.DataFrame,
) -> Evidence | None:
    """Compare two losses of the study of sample sizes, replicate by replicate."""
    found = [losses_at(sample_size, *which.split(), method) for which in (above, below)]
    if any(losses is None for losses in found):
        return None
    return difference(compare(*found), DATASETS)


def losses_at(
    sample_size: pd.DataFrame, split: str, degree: str, examples: str, method: str
) -> pd.Series | None:
    """Return one loss by replicate; None if there is no such degree or number of examples."""
    sizes = sorted(sample_size["examples"].unique())
    degrees = {
        "line": STRAIGHT,
        "true": true_degree(sample_size),
        "highest": sample_size["degree"].max(),
    }
    places = {"fewest": 0, "few": 1, "most": len(sizes) - 1}
    if len(sizes) <= places[examples] or degrees[degree] not in sample_size["degree"].to_numpy():
        return None
    chosen = {"degree": degrees[degree], "examples": sizes[places[examples]]}
    return values_of(sample_size, "loss", ["replicate"], method=method, split=split, **chosen)


def true_degree(table: pd.DataFrame) -> int:
    """Return the degree of the polynomial that made the data."""
    return int(table["true_degree"].iloc[0])


def excess_that_falls(method: str, sample_size: pd.DataFrame) -> Evidence | None:
    """Measure how the highest degree's test loss falls, from few examples to most.

    It is relative to the true degree's test loss, which falls as well.
    """
    found = [
        losses_at(sample_size, "test", degree, size, method)
        for size in ("few", "most")
        for degree in ("highest", "true")
    ]
    if any(losses is None for losses in found):
        return None
    few, few_true, most, most_true = found
    return difference(loss_ratio(few, few_true) - loss_ratio(most, most_true), DATASETS)


def gap_at(sample_size: pd.DataFrame, degree: str, examples: str, method: str) -> pd.Series:
    """Return log₁₀ of the test over the training loss, by replicate."""
    losses = (losses_at(sample_size, s, degree, examples, method) for s in ("test", "train"))
    return loss_ratio(*losses)


def gap_beyond_a_line(method: str, sample_size: pd.DataFrame) -> Evidence | None:
    """Measure how much the highest degree's gap exceeds a line's, with the most examples."""
    if STRAIGHT not in sample_size["degree"].to_numpy():
        return None
    flexible, simple = (gap_at(sample_size, d, "most", method) for d in ("highest", "line"))
    return difference(flexible - simple, DATASETS)


def shrinking_gap(sample_size: pd.DataFrame) -> Evidence:
    """Measure how the highest degree's gap by SGD shrinks from the fewest to most examples."""
    wide, narrow = (gap_at(sample_size, "highest", size, "sgd") for size in ("fewest", "most"))
    return difference(wide - narrow, DATASETS)


def folds_estimate(kfold: pd.DataFrame, uncertainty: pd.DataFrame) -> Evidence | None:
    """Measure the greatest difference of a classifier's validation and test accuracy."""
    last = last_values(kfold)
    last = last[last["metric"] == "validation_accuracy"]
    validated = {of: mean(rows["value"], FOLDS) for of, rows in last.groupby(["model", "device"])}
    both = [
        apart(validated[row.model, row.device], tested(row))
        for row in uncertainty.itertuples()
        if (row.model, row.device) in validated
    ]
    return worst(both)


def picked(choices: pd.DataFrame, split: str, method: str) -> pd.Series:
    """Return a loss of the degree that K-fold picks, by replicate."""
    return values_of(choices, f"{split}_loss", ["replicate"], rule="minimum", method=method)


def chosen_degree(capacity_choice: pd.DataFrame) -> Evidence:
    """Measure how far test and validation loss of the degree that K-fold picks are apart."""
    losses = (picked(capacity_choice, split, "sgd") for split in ("test", "validation"))
    return mean(loss_ratio(*losses).abs(), DATASETS)


def choice_pays(capacity_choice: pd.DataFrame, capacity_test: pd.DataFrame) -> Evidence:
    """Measure the test loss at the highest degree over that at the degree that K-fold picks."""
    chosen = {"method": "exact", "split": "test", "degree": capacity_test["degree"].max()}
    most = values_of(capacity_test, "loss", ["replicate"], **chosen)
    return difference(loss_ratio(most, picked(capacity_choice, "test", "exact")), DATASETS)


def kept_its_promise(selected: pd.DataFrame) -> Evidence:
    """Measure how far the picked model's test accuracy is from its validation accuracy."""
    by_split = selected.set_index("split")
    found = (
        Evidence(row["accuracy"], int(row["n"]), row["accuracy_error"], row["freedom"], covers)
        for row, covers in (
            (by_split.loc["validation"], FOLDS),
            (by_split.loc["test"], EXAMPLES),
        )
    )
    return apart(*found)


def selected_model(selection_test: pd.DataFrame) -> Evidence:
    """Measure it for the model whose learning rate was picked."""
    return kept_its_promise(selection_test)


def selected_together(hyperparameters_test: pd.DataFrame) -> Evidence:
    """Measure it for the model whose hyperparameters were picked together."""
    return kept_its_promise(hyperparameters_test)


def decayed(weight_decay: pd.DataFrame, method: str, split: str) -> pd.DataFrame:
    """Return log₁₀ of a loss of the study of weight decay: replicates × strengths."""
    rows = weight_decay[(weight_decay["method"] == method) & (weight_decay["split"] == split)]
    losses = rows.pivot(index="replicate", columns="weight_decay", values="loss")
    return np.log10(losses.where(losses >= ROUNDING))


def gained_by_decay(values: pd.DataFrame, tested: pd.DataFrame) -> Evidence | None:
    """Measure how much values fall from no weight decay to the picked strength.

    For each replicate, the strength is picked by the test losses of the others, so that no dataset
    influences the choice that it judges.
    """
    if 0 not in values or len(values.columns) < 2 or len(values) < 2:
        return None
    strengths = [tested.drop(index=replicate).mean().idxmin() for replicate in values.index]
    picked = [values.loc[*place] for place in zip(values.index, strengths, strict=True)]
    return difference(values[0] - picked, DATASETS)


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
    return mean(gaps.rank(axis=1).corrwith(norms.rank(axis=1), axis=1), DATASETS)


def choice_of_others_pays(hyperparameters: pd.DataFrame) -> Evidence:
    """Measure on each fold how much the others' pick exceeds the grid's median accuracy."""
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
    return difference(gains, FOLDS)


def both_ways(
    name: str, section: str, measure: Callable[..., Evidence | None], **texts: Any
) -> tuple[Claim, Claim]:
    """Make a claim about fits by SGD, and one about exact fits that it refers to.

    The measure's first argument is the method.
    """
    claim = Claim(name, section, partial(measure, "sgd"), **texts)
    exact = claim.variant("exactly", partial(measure, "exact"), setting=EXACT)
    return claim._replace(see=exact.id), exact


def apart_from_each_other(*claims: Claim) -> tuple[Claim, ...]:
    """Remove references to claims that are not decided either."""
    return tuple(claim._replace(see="") for claim in claims)


CLAIMS = (
    *both_ways(
        "more_parameters_overfit",
        "4.4.1",
        gap_by_parameters,
        zh="当可调整参数的数量（自由度）很大时，模型往往更容易过拟合",
        en="The more parameters can be adjusted, the more a model overfits",
        test_zh="从真实的阶数起的各个阶数上，阶数与差距的秩相关系数",
        test_en=(
            "rank correlation of the degree with the gap, over the degrees from the true one on"
        ),
    ),
    *apart_from_each_other(
        *both_ways(
            "large_weights_overfit",
            "4.4.1",
            norm_and_gap,
            zh="当权重的取值范围较大时，模型可能更容易过拟合",
            en="The larger the weights may be, the more a model can overfit",
            test_zh="最高阶数上，改变权重衰减的强度，权重的范数与差距的秩相关系数",
            test_en=(
                "rank correlation, at the highest degree over the strengths of weight decay, of "
                "the weights' norm with the gap"
            ),
        ),
    ),
    *both_ways(
        "regularisation_narrows_the_gap",
        "4.4.1",
        gap_by_decay,
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
        loss_by_decay,
        zh="用于对抗过拟合的技术称为正则化",
        en="Regularisation works against overfitting",
        test_zh="最高阶数上，权重衰减使测试损失下降多少个数量级",
        test_en="orders of magnitude by which weight decay lowers the highest degree's test loss",
    ),
    Claim(
        "one_or_two_examples_are_overfitted",
        "4.4.1",
        partial(share_of_sizes, "test line fewest", "train line fewest", "exact"),
        zh="即使模型很简单，也很容易过拟合只包含一两个样本的数据集",
        en="Even a simple model easily overfits a dataset of one or two examples",
        test_zh="直线、样本最少时，测试损失与训练损失之差占两者之和的比例",
        test_en=(
            "difference of test and training loss as a share of their sum, line, fewest examples"
        ),
        setting=EXACT,
    ),
    Claim(
        "much_data_need_a_flexible_model",
        "4.4.1",
        partial(gap_beyond_a_line, "exact"),
        zh="而过拟合一个有数百万个样本的数据集则需要一个极其灵活的模型",
        en="To overfit a large dataset takes a very flexible model",
        test_zh="样本最多时，最高阶数的测试损失与训练损失的差距比直线的大多少个数量级",
        test_en=(
            "orders of magnitude by which, of most examples, the highest degree's gap of test to "
            "training loss is greater than a line's"
        ),
        setting=EXACT,
    ),
    Claim(
        "simple_model_much_data",
        "4.4.1",
        partial(ratio_of_sizes, "test true most", "train true most", "sgd"),
        zh="当我们有简单的模型和大量的数据时，我们期望泛化误差与训练误差相近",
        en="With a simple model and much data the generalisation error is near the training error",
        test_zh="真实的阶数、样本最多时，测试损失比训练损失高多少个数量级",
        test_en="orders of magnitude of test over training loss, true degree, most examples",
    ),
    Claim(
        "complex_model_few_data_trains_well",
        "4.4.1",
        partial(ratio_of_sizes, "train true most", "train highest few", "sgd"),
        zh="当我们有更复杂的模型和更少的样本时，我们预计训练误差会下降",
        en="With a more complex model and fewer examples the training error falls",
        test_zh=(
            "训练步数相同，最高阶数在少量样本上的训练损失，比真实的阶数在最多样本上的低多少个数量级"
        ),
        test_en=(
            "orders of magnitude by which, after as many steps, the training loss of the highest "
            "degree on few examples is below that of the true one on most"
        ),
        see="complex_model_few_data_trains_well_exactly",
    ),
    Claim(
        "complex_model_few_data_trains_well_exactly",
        "4.4.1",
        partial(share_of_sizes, "train true most", "train highest few", "exact"),
        zh="当我们有更复杂的模型和更少的样本时，我们预计训练误差会下降",
        en="With a more complex model and fewer examples the training error falls",
        test_zh="真实的阶数在最多样本上的训练损失，与最高阶数在少量样本上的之差，占两者之和的比例",
        test_en=(
            "training loss of the true degree on most examples less that of the highest degree on "
            "few, as a share of their sum"
        ),
        setting=EXACT,
    ),
    Claim(
        "complex_model_few_data_generalises_badly",
        "4.4.1",
        partial(ratio_of_sizes, "test highest few", "test true most", "sgd"),
        zh="当我们有更复杂的模型和更少的样本时，我们预计泛化误差会增大",
        en="With a more complex model and fewer examples the generalisation error rises",
        test_zh=(
            "训练步数相同，最高阶数在少量样本上的测试损失，比真实的阶数在最多样本上的高多少个数量级"
        ),
        test_en=(
            "orders of magnitude by which, after as many steps, the test loss of the highest "
            "degree on few examples is above that of the true one on most"
        ),
    ),
    Claim(
        "folds_estimate_the_test_error",
        "4.4.2",
        folds_estimate,
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
        chosen_degree,
        zh="K折交叉验证：通过对K次实验的结果取平均来估计验证误差",
        en="The mean over K folds estimates the error on new data",
        test_zh="在 K折交叉验证选出的阶数上，测试损失与验证损失相差多少个数量级",
        test_en=(
            "orders of magnitude between test and validation loss at the degree that K-fold picks"
        ),
    ),
    Claim(
        "validation_prevents_overfitting",
        "4.4.2",
        choice_pays,
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
        selected_model,
        zh="先训练和验证，再测试",
        en="Train and validate first, then test: the choice holds what it promised",
        test_zh="选出的模型的测试精度与验证精度之差",
        test_en="difference of the picked model's test accuracy and its validation accuracy",
        setting=PICKED_RATE,
    ),
    Claim(
        "validation_picks_hyperparameters",
        "4.4.2",
        choice_of_others_pays,
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
        selected_together,
        zh="先训练和验证，再测试",
        en="Train and validate first, then test: the choice holds what it promised",
        test_zh="选出的组合的测试精度与验证精度之差",
        test_en="difference of the picked combination's test accuracy and its validation accuracy",
        setting=PICKED_TOGETHER,
    ),
    Claim(
        "higher_degree_trains_better",
        "4.4.3",
        rise_by_sgd,
        zh="高阶多项式函数相对于低阶多项式的训练误差应该始终更低（最坏也是相等）",
        en="A higher degree never has a higher training error",
        test_zh="最高阶数的训练损失比真实的阶数高多少个数量级",
        test_en=(
            "orders of magnitude of the training loss at the highest degree over that at the true "
            "one"
        ),
        see="higher_degree_trains_better_exactly",
    ),
    Claim(
        "higher_degree_trains_better_exactly",
        "4.4.3",
        rise_with_degree,
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
        line_underfits,
        zh="欠拟合：训练误差和验证误差都很严重",
        en="Underfitting: both training and validation error are high",
        test_zh="直线的两个损失中较低的一个，比真实的阶数的验证损失高多少个数量级",
        test_en=(
            "orders of magnitude by which the lower of a line's two losses is above the validation "
            "loss of the true degree"
        ),
    ),
    Claim(
        "underfitting_small_gap",
        "4.4.3",
        gap_of_a_line,
        zh="欠拟合：训练误差和验证误差之间仅有一点差距",
        en="Underfitting: between training and validation error there is but a small gap",
        test_zh="直线的验证损失比训练损失高多少个数量级",
        test_en="orders of magnitude of a line's validation over its training loss",
    ),
    *both_ways(
        "overfitting_gap",
        "4.4.3",
        gap,
        zh="过拟合：训练误差明显低于验证误差",
        en="Overfitting: the training error is clearly below the validation error",
        test_zh="最高阶数的差距（验证损失比训练损失）比真实的阶数的大多少个数量级",
        test_en=(
            "orders of magnitude by which the gap of validation to training loss is greater at the "
            "highest degree than at the true one"
        ),
    ),
    Claim(
        "fewer_examples_overfit_more",
        "4.4.3",
        shrinking_gap,
        zh="训练数据集中的样本越少，我们就越有可能（且更严重地）过拟合",
        en="The fewer the training examples, the more a model overfits",
        test_zh="训练步数相同，样本从最少到最多，最高阶数的测试损失与训练损失的差距缩小多少个数量级",
        test_en=(
            "orders of magnitude by which, after as many steps, the highest degree's gap of test "
            "to training loss shrinks from the fewest to the most examples"
        ),
    ),
    Claim(
        "more_data_generalise_better",
        "4.4.3",
        partial(ratio_of_sizes, "test highest fewest", "test highest most", "sgd"),
        zh="随着训练数据量的增加，泛化误差通常会减小",
        en="The more training data, the lower the generalisation error",
        test_zh="训练步数相同，样本从最少到最多，最高阶数的测试损失下降多少个数量级",
        test_en=(
            "orders of magnitude by which, after as many steps, the highest degree's test loss "
            "falls from the fewest to the most examples"
        ),
    ),
    *both_ways(
        "more_data_for_more_complex_models",
        "4.4.3",
        excess_that_falls,
        zh="给出更多的数据，我们可能会尝试拟合一个更复杂的模型",
        en="With more data a more complex model may be fitted",
        test_zh="样本从较少到最多，最高阶数的测试损失相对于真实的阶数下降多少个数量级",
        test_en=(
            "orders of magnitude by which, from few examples to most, the highest degree's test "
            "loss falls relative to the true degree's"
        ),
    ),
    Claim(
        "more_data_for_more_complex_models_than_a_line",
        "4.4.3",
        partial(ratio_of_sizes, "test line most", "test highest most", "sgd"),
        zh="给出更多的数据，我们可能会尝试拟合一个更复杂的模型",
        en="With more data a more complex model may be fitted",
        test_zh="样本最多时，最高阶数的测试损失比直线低多少个数量级",
        test_en=(
            "orders of magnitude by which, of most examples, the highest degree's test loss is "
            "below a line's"
        ),
    ),
    *both_ways(
        "few_data_for_simple_models",
        "4.4.3",
        partial(ratio_of_sizes, "test highest few", "test line few"),
        zh="如果没有足够的数据，简单的模型可能更有用",
        en="With too few data a simple model may be of more use",
        test_zh="样本较少时，直线的测试损失比最高阶数低多少个数量级",
        test_en=(
            "orders of magnitude by which, of few examples, a line's test loss is below the "
            "highest degree's"
        ),
    ),
)
