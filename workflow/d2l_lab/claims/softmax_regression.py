"""What the notes assert of softmax regression and its data (3.4 to 3.7)."""

from functools import partial

import pandas as pd

from d2l_lab.claims.claim import Claim, Setting
from d2l_lab.claims.evidence import Evidence, exactly, greatest, least, values_of


def softmax_property(name: str, softmax: pd.DataFrame) -> Evidence:
    """Measure one of the properties of softmax as it is in the table."""
    row = softmax.set_index("property").loc[name]
    return exactly(row["value"], int(row["n"]))


def surprisal_rises(information_surprisal: pd.DataFrame) -> Evidence:
    """Measure the greatest step of the surprisal as the probability grows."""
    in_order = information_surprisal.sort_values("probability")["surprisal"]
    return greatest(in_order.diff().dropna())


def surprise_of_the_known(information_surprisal: pd.DataFrame) -> Evidence:
    """Measure how surprising the most probable event is, as a share of the least probable's."""
    in_order = information_surprisal.sort_values("probability")["surprisal"]
    return exactly(in_order.iloc[-1] / in_order.iloc[0], len(in_order))


def excess(information_cross_entropy: pd.DataFrame) -> Evidence:
    """Measure by how much cross-entropy is above entropy, at least."""
    return least(information_cross_entropy.eval("cross_entropy - entropy"))


def finite_losses(formula: str, softmax_overflow: pd.DataFrame) -> Evidence:
    """Measure a formula's share of finite losses where it has fewest."""
    return least(softmax_overflow[formula])


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


def accuracies_agree(family: str, agreement: pd.DataFrame) -> Evidence | None:
    """Measure how far the accuracies of two ways are apart."""
    columns = ["greatest_difference", "n"]
    chosen = {"kind": "ways", "family": family, "quantity": "accuracy"}
    found = values_of(agreement, columns, ["first"], **chosen)
    differences = found["greatest_difference"]
    if found.empty:
        return None
    return greatest(differences)._replace(n=int(found["n"].sum()))


LARGE_LOGITS = Setting("未规范化的预测最大到 10000", "logits of up to 10000")
LEAST_FINITE = {
    "test_zh": "在未规范化的预测的各个尺度上，损失是有限值的最小比例",
    "test_en": "least share of finite losses over the scales of the logits",
}
ACCURACIES_APART = {
    "test_zh": "在任一迭代周期，从零实现与简洁实现的精度的最大差别",
    "test_en": "greatest difference of an accuracy at any epoch, scratch against concise",
}

CLAIMS = (
    Claim(
        "softmax_is_not_negative",
        "3.4",
        partial(softmax_property, "least_probability"),
        zh="softmax函数：对每个未规范化的预测求幂，这样可以确保输出非负",
        en="Softmax takes the exponential, so that no output is negative",
        test_zh="最小的概率",
        test_en="least probability",
    ),
    Claim(
        "softmax_sums_to_one",
        "3.4",
        partial(softmax_property, "distance_from_one"),
        zh="softmax函数：让每个求幂后的结果除以它们的总和，最终输出的概率值总和为1",
        en="Softmax divides by the sum, so that the outputs sum to one",
        test_zh="总和与 1 的最大偏差",
        test_en="greatest distance of a sum from one",
    ),
    Claim(
        "gradient_is_the_difference",
        "3.4",
        partial(softmax_property, "gradient_difference"),
        zh="交叉熵损失的导数恰好就是softmax模型分配的概率与实际发生的情况（由独热标签向量表示）之间的差异",
        en="The gradient of the cross-entropy is softmax minus the one-hot label",
        test_zh="自动微分的梯度与“softmax 减去独热标签”的最大差别",
        test_en="greatest difference between autograd's gradient and softmax - one-hot",
    ),
    Claim(
        "zero_gradient_at_the_minimum",
        "3.4",
        partial(softmax_property, "minimiser_gradient"),
        zh="令导数为0，求最小值",
        en="The cross-entropy is least where its gradient is zero",
        test_zh="预测概率等于标签的概率时，梯度的最大值",
        test_en="greatest gradient where the probabilities are those of the labels",
    ),
    Claim(
        "likelihood_is_the_loss",
        "3.4",
        partial(softmax_property, "concise_difference"),
        zh="交叉熵损失：负对数似然函数等价于损失函数",
        en="The negative log-likelihood is the loss",
        test_zh="深度学习库的交叉熵与 -log ŷ_y 的最大差别",
        test_en="greatest difference between -log ŷ_y and the library's cross-entropy",
    ),
    Claim(
        "rare_events_surprise",
        "3.4",
        surprisal_rises,
        zh="当事件的发生概率较低时，它带来的惊异和信息量都较大",
        en="The less probable an event, the greater its surprisal and its information",
        test_zh="从一个概率到下一个更高的概率，惊异的最大增量",
        test_en="greatest step of the surprisal from one probability to the next higher one",
    ),
    Claim(
        "common_events_do_not_surprise",
        "3.4",
        surprise_of_the_known,
        zh="当事件的发生概率较高时，它带来的惊异和信息量较小",
        en="Events of high probability have little surprisal and information",
        test_zh="最可能的事件与最不可能的事件的惊异之比",
        test_en="surprisal of the most probable event as a share of the least probable one's",
    ),
    Claim(
        "cross_entropy_is_above_entropy",
        "3.4",
        excess,
        zh="交叉熵损失（信息论）：求最小值",
        en="Cross-entropy is never below the entropy, its least value",
        test_zh="在各对分布上，交叉熵减去熵的最小值",
        test_en="least difference of cross-entropy and entropy over pairs of distributions",
    ),
    Claim(
        "images_become_tensors",
        "3.5",
        grey_values,
        zh="trans转换器会将数据集中的每个图像转换成Tensor格式",
        en="ToTensor turns each image into a tensor, of values from 0 to 1",
        test_zh="灰度值超出 0 到 1 的最大距离",
        test_en="greatest distance of a grey value from the range 0 to 1",
    ),
    Claim(
        "log_probability_is_not_positive",
        "3.6",
        partial(softmax_property, "greatest_log_probability"),
        zh="由于所有预测值都是预测的概率，所以它们的对数永远不会大于0",
        en="The logarithm of a predicted probability is never above 0",
        test_zh="最大的对数概率",
        test_en="greatest log-probability",
    ),
    Claim(
        "accuracy_is_the_share_of_correct",
        "3.6",
        accuracy_is_the_share,
        zh="分类精度即正确预测数量与总预测数量之比",
        en="Accuracy is the number of correct predictions over that of all",
        test_zh="报告的精度与这个比值的最大差别",
        test_en="greatest difference between the reported accuracy and that share",
    ),
    Claim(
        "reduction_none",
        "3.7.2",
        partial(softmax_property, "reduction_none_size"),
        zh="'none'：不对损失进行任何聚合，每个样本的损失都会被单独返回",
        en="reduction='none' gives the loss of every example",
        test_zh="损失的个数与样本数相差多少",
        test_en="losses more or less than examples",
    ),
    Claim(
        "reduction_mean",
        "3.7.2",
        partial(softmax_property, "reduction_mean"),
        zh="'mean'：返回所有样本损失的平均值",
        en="reduction='mean' gives the mean of all losses",
        test_zh="与各个样本损失的平均值之差",
        test_en="difference from the mean of the single losses",
    ),
    Claim(
        "reduction_sum",
        "3.7.2",
        partial(softmax_property, "reduction_sum"),
        zh="'sum'：返回所有样本损失的总和",
        en="reduction='sum' gives the sum of all losses",
        test_zh="与各个样本损失的总和之差",
        test_en="difference from the sum of the single losses",
    ),
    Claim(
        "plain_softmax_is_finite",
        "3.7.2",
        partial(finite_losses, "plain_finite"),
        zh="重新审视Softmax的实现（按公式直接计算）",
        en="The plain formula of softmax gives a finite loss for any logits",
        **LEAST_FINITE,
        setting=LARGE_LOGITS,
        see="library_softmax_is_finite",
    ),
    Claim(
        "library_softmax_is_finite",
        "3.7.2",
        partial(finite_losses, "stable_finite"),
        zh="重新审视Softmax的实现：nn.CrossEntropyLoss",
        en="Softmax and cross-entropy in one, by log-sum-exp, give a finite loss for any logits",
        **LEAST_FINITE,
        setting=LARGE_LOGITS,
    ),
    Claim(
        "softmax_regression_agrees",
        "3.7.4",
        partial(accuracies_agree, "softmax_regression"),
        zh="训练过程详见3.6，不完全一样，但差不多",
        en="Softmax regression trains as from scratch, if not to the last digit",
        **ACCURACIES_APART,
    ),
)
