"""What the notes assert of softmax regression and its data (3.4 to 3.7)."""

from collections.abc import Callable

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
)
from d2l_lab.claims.rows import values_of


def the(name: str) -> Callable[[pd.DataFrame], Evidence]:
    """Make the function that takes one of the measured properties of softmax as it is."""

    def measure(softmax: pd.DataFrame) -> Evidence:
        row = softmax.set_index("property").loc[name]
        return exactly(row["value"], int(row["n"]))

    return measure


def surprisal_rises(surprisal: pd.DataFrame) -> Evidence:
    """Measure the greatest step of the surprisal as the probability grows."""
    steps = surprisal.sort_values("probability")["surprisal"].diff().dropna()
    return greatest(steps)


def surprise_of_the_known(surprisal: pd.DataFrame) -> Evidence:
    """Measure how surprising the most probable event is, as a share of the least probable's."""
    in_order = surprisal.sort_values("probability")["surprisal"]
    return exactly(in_order.iloc[-1] / in_order.iloc[0], len(in_order))


def excess(pairs: pd.DataFrame) -> Evidence:
    """Measure by how much cross-entropy is above entropy, at least."""
    return least(pairs["cross_entropy"] - pairs["entropy"])


def stable_losses(overflow: pd.DataFrame) -> Evidence:
    """Measure the share of finite losses of the built-in loss where it has fewest."""
    return least(overflow["stable_finite"])


def plain_losses(overflow: pd.DataFrame) -> Evidence:
    """Measure the share of finite losses of the plain formula where it has fewest."""
    return least(overflow["plain_finite"])


def grey_values(images: pd.DataFrame) -> Evidence:
    """Measure how far grey values are outside of 0 to 1."""
    outside = pd.concat([images["greatest"] - 1, -images["least"]])
    return exactly(outside.max(), int(images["count"].sum()))


def accuracy_is_the_share(confusion: pd.DataFrame, summary: pd.DataFrame) -> Evidence | None:
    """Measure how far the reported accuracy is from the share of correct predictions."""
    if confusion.empty:
        return None
    key = ["model", "device"]
    right = confusion[confusion["true"] == confusion["predicted"]].groupby(key)["count"].sum()
    share = right / confusion.groupby(key)["count"].sum()
    reported = values_of(summary, "mean", key, metric="test_accuracy")
    return greatest((share - reported).abs())


def accuracies_agree(family: str) -> Callable[[pd.DataFrame], Evidence | None]:
    """Make the function that measures how far the accuracies of two ways are apart."""

    def measure(agreement: pd.DataFrame) -> Evidence | None:
        chosen = {"kind": "ways", "family": family, "quantity": "accuracy"}
        found = values_of(agreement, "greatest_difference", ["first"], **chosen)
        n = values_of(agreement, "n", ["first"], **chosen)
        return exactly(found.max(), int(n.sum())) if len(found) else None

    return measure


def property_claim(
    name: str,
    section: str,
    assertion: Text,
    test: Text,
    relation: str,
    threshold: float,
    measured: str,
) -> Claim:
    """Make a claim on one of the measured properties of softmax."""
    return Claim(
        name, section, assertion, OWN, test, relation, threshold, ("softmax",), the(measured)
    )


LARGE_LOGITS = Text("未规范化的预测最大到 10000", "logits of up to 10000")
LEAST_FINITE = Text(
    "在未规范化的预测的各个尺度上，损失是有限值的最小比例",
    "least share of finite losses over the scales of the logits",
)
ACCURACIES_APART = Text(
    "在任一迭代周期，从零实现与简洁实现的精度的最大差别",
    "greatest difference of an accuracy at any epoch, scratch against concise",
)

CLAIMS = (
    property_claim(
        "softmax_is_not_negative",
        "3.4",
        Text(
            "softmax函数：对每个未规范化的预测求幂，这样可以确保输出非负",
            "Softmax takes the exponential, so that no output is negative",
        ),
        Text("最小的概率", "least probability"),
        AT_LEAST,
        0.0,
        "least_probability",
    ),
    property_claim(
        "softmax_sums_to_one",
        "3.4",
        Text(
            "softmax函数：让每个求幂后的结果除以它们的总和，最终输出的概率值总和为1",
            "Softmax divides by the sum, so that the outputs sum to one",
        ),
        Text("总和与 1 的最大偏差", "greatest distance of a sum from one"),
        AT_MOST,
        1e-12,
        "distance_from_one",
    ),
    property_claim(
        "gradient_is_the_difference",
        "3.4",
        Text(
            "交叉熵损失的导数恰好就是softmax模型分配的概率与实际发生的情况（由独热标签向量表示）之间的差异",
            "The gradient of the cross-entropy is softmax minus the one-hot label",
        ),
        Text(
            "自动微分的梯度与“softmax 减去独热标签”的最大差别",
            "greatest difference between autograd's gradient and softmax - one-hot",
        ),
        AT_MOST,
        1e-12,
        "gradient_difference",
    ),
    property_claim(
        "zero_gradient_at_the_minimum",
        "3.4",
        Text("令导数为0，求最小值", "The cross-entropy is least where its gradient is zero"),
        Text(
            "预测概率等于标签的概率时，梯度的最大值",
            "greatest gradient where the probabilities are those of the labels",
        ),
        AT_MOST,
        1e-12,
        "minimiser_gradient",
    ),
    property_claim(
        "likelihood_is_the_loss",
        "3.4",
        Text("交叉熵损失：负对数似然函数等价于损失函数", "The negative log-likelihood is the loss"),
        Text(
            "-log ŷ_y 与深度学习库的交叉熵的最大差别",
            "greatest difference between -log ŷ_y and the library's cross-entropy",
        ),
        AT_MOST,
        1e-5,
        "concise_difference",
    ),
    Claim(
        "rare_events_surprise",
        "3.4",
        Text(
            "当事件的发生概率较低时，它带来的惊异和信息量都较大",
            "The less probable an event, the greater its surprisal and its information",
        ),
        OWN,
        Text(
            "从一个概率到下一个更高的概率，惊异的最大增量",
            "greatest step of the surprisal from one probability to the next higher one",
        ),
        AT_MOST,
        0.0,
        ("information_surprisal",),
        surprisal_rises,
    ),
    Claim(
        "common_events_do_not_surprise",
        "3.4",
        Text(
            "当事件的发生概率较高时，它带来的惊异和信息量较小",
            "Events of high probability have little surprisal and information",
        ),
        OWN,
        Text(
            "最可能的事件与最不可能的事件的惊异之比",
            "surprisal of the most probable event as a share of the least probable one's",
        ),
        AT_MOST,
        0.01,
        ("information_surprisal",),
        surprise_of_the_known,
    ),
    Claim(
        "cross_entropy_is_above_entropy",
        "3.4",
        Text(
            "交叉熵损失（信息论）：求最小值",
            "Cross-entropy is never below the entropy, its least value",
        ),
        OWN,
        Text(
            "在各对分布上，交叉熵减去熵的最小值",
            "least difference of cross-entropy and entropy over pairs of distributions",
        ),
        AT_LEAST,
        -1e-12,
        ("information_cross_entropy",),
        excess,
    ),
    Claim(
        "images_become_tensors",
        "3.5",
        Text(
            "trans转换器会将数据集中的每个图像转换成Tensor格式",
            "ToTensor turns each image into a tensor, of values from 0 to 1",
        ),
        OWN,
        Text(
            "灰度值超出 0 到 1 的最大距离",
            "greatest distance of a grey value from the range 0 to 1",
        ),
        AT_MOST,
        0.0,
        ("images",),
        grey_values,
    ),
    property_claim(
        "log_probability_is_not_positive",
        "3.6",
        Text(
            "由于所有预测值都是预测的概率，所以它们的对数永远不会大于0",
            "The logarithm of a predicted probability is never above 0",
        ),
        Text("最大的对数概率", "greatest log-probability"),
        AT_MOST,
        0.0,
        "greatest_log_probability",
    ),
    Claim(
        "accuracy_is_the_share_of_correct",
        "3.6",
        Text(
            "分类精度即正确预测数量与总预测数量之比",
            "Accuracy is the number of correct predictions over that of all",
        ),
        OWN,
        Text(
            "报告的精度与这个比值的最大差别",
            "greatest difference between the reported accuracy and that share",
        ),
        AT_MOST,
        1e-9,
        ("confusion", "summary"),
        accuracy_is_the_share,
    ),
    property_claim(
        "reduction_none",
        "3.7.2",
        Text(
            "'none'：不对损失进行任何聚合，每个样本的损失都会被单独返回",
            "reduction='none' gives the loss of every example",
        ),
        Text("损失的个数与样本数相差多少", "losses more or less than examples"),
        AT_MOST,
        0.0,
        "reduction_none_size",
    ),
    property_claim(
        "reduction_mean",
        "3.7.2",
        Text("'mean'：返回所有样本损失的平均值", "reduction='mean' gives the mean of all losses"),
        Text("与各个样本损失的平均值之差", "difference from the mean of the single losses"),
        AT_MOST,
        1e-9,
        "reduction_mean",
    ),
    property_claim(
        "reduction_sum",
        "3.7.2",
        Text("'sum'：返回所有样本损失的总和", "reduction='sum' gives the sum of all losses"),
        Text("与各个样本损失的总和之差", "difference from the sum of the single losses"),
        AT_MOST,
        1e-6,
        "reduction_sum",
    ),
    Claim(
        "plain_softmax_is_finite",
        "3.7.2",
        Text(
            "重新审视Softmax的实现（按公式直接计算）",
            "The plain formula of softmax gives a finite loss for any logits",
        ),
        LARGE_LOGITS,
        LEAST_FINITE,
        AT_LEAST,
        1.0,
        ("softmax_overflow",),
        plain_losses,
        see="library_softmax_is_finite",
    ),
    Claim(
        "library_softmax_is_finite",
        "3.7.2",
        Text(
            "重新审视Softmax的实现：nn.CrossEntropyLoss",
            "Softmax and cross-entropy in one, by log-sum-exp, give a finite loss for any logits",
        ),
        LARGE_LOGITS,
        LEAST_FINITE,
        AT_LEAST,
        1.0,
        ("softmax_overflow",),
        stable_losses,
    ),
    Claim(
        "softmax_regression_agrees",
        "3.7.4",
        Text(
            "训练过程详见3.6，不完全一样，但差不多",
            "Softmax regression trains as from scratch, if not to the last digit",
        ),
        OWN,
        ACCURACIES_APART,
        AT_MOST,
        0.01,
        ("agreement",),
        accuracies_agree("softmax_regression"),
    ),
)
