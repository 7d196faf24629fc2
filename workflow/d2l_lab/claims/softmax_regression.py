"""The notes' claims about softmax regression and its data (3.4 to 3.7)."""

from functools import partial

import pandas as pd

from d2l_lab.claims.claim import Claim, Setting
from d2l_lab.claims.evidence import Evidence, exactly, greatest, least, mean, values_of
from d2l_lab.claims.ways import greatest_differences


def softmax_property(name: str, softmax: pd.DataFrame) -> Evidence:
    """Return one of the properties of softmax from the table."""
    row = softmax.set_index("property").loc[name]
    return exactly(row["value"], int(row["n"]))


def surprisal_rises(information_surprisal: pd.DataFrame) -> Evidence:
    """Measure the greatest step of the surprisal as the probability grows."""
    in_order = information_surprisal.sort_values("probability")["surprisal"]
    return greatest(in_order.diff().dropna())


def surprise_of_the_known(information_surprisal: pd.DataFrame) -> Evidence:
    """Measure the surprisal of the most probable event as a share of the least probable's."""
    in_order = information_surprisal.sort_values("probability")["surprisal"]
    return exactly(in_order.iloc[-1] / in_order.iloc[0], len(in_order))


def excess(information_cross_entropy: pd.DataFrame) -> Evidence:
    """Measure the least difference of cross-entropy and entropy."""
    return least(information_cross_entropy.eval("cross_entropy - entropy"))


def not_all_finite(formula: str, softmax_overflow: pd.DataFrame) -> Evidence:
    """Count the scales of the logits at which a formula has losses that are not finite."""
    return exactly((softmax_overflow[formula] < 1).sum(), len(softmax_overflow))


def no_such_tensors(images_tensors: pd.DataFrame) -> Evidence:
    """Count the images that ToTensor turns into no tensor, or into one of another shape or type."""
    counted = images_tensors["property"].isin(["not_tensors", "other_shapes", "other_types"])
    images = images_tensors.drop_duplicates("split")["n"].sum()
    return exactly(images_tensors.loc[counted, "value"].sum(), int(images))


def values_out_of_range(images_tensors: pd.DataFrame) -> Evidence:
    """Measure how far ToTensor's values are outside the range 0 to 1."""
    values = images_tensors.set_index("property")["value"]
    outside = [values.loc[["greatest"]].max() - 1, -values.loc[["least"]].min()]
    return greatest(outside)._replace(n=int(images_tensors.drop_duplicates("split")["n"].sum()))


def reading_differs(images_tensors: pd.DataFrame) -> Evidence:
    """Measure how much our images differ from ToTensor's."""
    rows = images_tensors[images_tensors["property"] == "greatest_difference"]
    return greatest(rows["value"])._replace(n=int(rows["n"].sum()))


def accuracy_is_the_share(confusion: pd.DataFrame, summary: pd.DataFrame) -> Evidence | None:
    """Measure how far the reported accuracy is from the share of correct predictions."""
    if confusion.empty:
        return None
    key = ["model", "device"]
    right = confusion[confusion["true"] == confusion["predicted"]].groupby(key)["count"].sum()
    share = right / confusion.groupby(key)["count"].sum()
    reported = values_of(summary, "mean", key, metric="test_accuracy")
    return greatest((share - reported).abs())


def accuracies_agree(family: str, training: pd.DataFrame, models: pd.DataFrame) -> Evidence | None:
    """Measure the greatest difference of two implementations' accuracies, by replicate."""
    accuracies = training[training["metric"] == "accuracy"]
    found = greatest_differences(accuracies, models, family, "value", ["split", "epoch"])
    return None if found is None else mean(found)


LARGE_LOGITS = Setting("未规范化的预测最大到 10000", "logits of up to 10000")
ACCURACIES_APART = {
    "test_zh": "每次重复中，从零实现与简洁实现的精度在任一迭代周期的最大差别，对各次重复取平均",
    "test_en": (
        "greatest difference of an accuracy at any epoch, scratch against concise, mean over "
        "replicates"
    ),
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
        zh="为了确保最终输出的概率值总和为1，我们再让每个求幂后的结果除以它们的总和",
        en="Softmax divides by the sum, so that the outputs sum to one",
        test_zh="总和与 1 的最大偏差",
        test_en="greatest distance of a sum from one",
    ),
    Claim(
        "softmax_keeps_the_order",
        "3.4",
        partial(softmax_property, "order_changes"),
        zh="我们发现：softmax 不改变未规范化的预测的大小次序",
        en="We find that softmax keeps the order of the logits",
        test_zh="概率的大小次序与未规范化的预测不同的样本数",
        test_en="rows whose probabilities are in another order than their logits",
    ),
    Claim(
        "gradient_is_the_difference",
        "3.4",
        partial(softmax_property, "gradient_difference"),
        zh="交叉熵损失……他的导数恰好就是softmax模型分配的概率与实际发生的情况（由独热标签向量表示）之间的差异",
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
        zh="我们发现：交叉熵不小于熵，熵是它的最小值",
        en="We find that cross-entropy is never below the entropy, its least value",
        test_zh="在各对分布上，交叉熵减去熵的最小值",
        test_en="least difference of cross-entropy and entropy over pairs of distributions",
    ),
    Claim(
        "images_become_tensors",
        "3.5",
        no_such_tensors,
        zh="trans转换器会将数据集中的每个图像转换成 Tensor 格式",
        en="ToTensor turns each image of the dataset into a tensor",
        test_zh="没有变成形状为 (1, 高, 宽) 的 float32 张量的图像数",
        test_en="images that do not become a float32 tensor of the shape (1, height, width)",
    ),
    Claim(
        "tensors_are_from_zero_to_one",
        "3.5",
        values_out_of_range,
        zh="我们发现：ToTensor 给出的值在 0 到 1 之间",
        en="We find that the values that ToTensor gives lie between 0 and 1",
        test_zh="灰度值超出 0 到 1 的最大距离",
        test_en="greatest distance of a grey value from the range 0 to 1",
    ),
    Claim(
        "reading_is_that_of_totensor",
        "3.5",
        reading_differs,
        zh="我们发现：本书读取图像得到的值与 ToTensor 完全相同",
        en="We find that this book's own reading of the images gives the values of ToTensor",
        test_zh="灰度值的最大差别",
        test_en="greatest difference of a grey value",
    ),
    Claim(
        "log_probability_is_not_positive",
        "3.6",
        partial(softmax_property, "greatest_log_probability"),
        zh="由于所有……都是预测的概率，所以它们的对数永远不会大于0",
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
        "plain_softmax_overflows",
        "3.7.2",
        partial(not_all_finite, "plain_finite"),
        zh="我们发现：按公式直接计算 softmax，预测值大时损失不再是有限值",
        en="We find that the plain formula of softmax gives no finite loss for large logits",
        test_zh="未规范化的预测的各个尺度中，有几个使一部分损失不是有限值",
        test_en="scales of the logits at which some losses are not finite",
        setting=LARGE_LOGITS,
    ),
    Claim(
        "library_softmax_is_finite",
        "3.7.2",
        partial(not_all_finite, "stable_finite"),
        zh="我们发现：nn.CrossEntropyLoss 的损失始终是有限值",
        en="We find that nn.CrossEntropyLoss, by log-sum-exp, gives a finite loss for any logits",
        test_zh="未规范化的预测的各个尺度中，有几个使一部分损失不是有限值",
        test_en="scales of the logits at which some losses are not finite",
        setting=LARGE_LOGITS,
    ),
    Claim(
        "softmax_regression_agrees",
        "3.7.4",
        partial(accuracies_agree, "softmax_regression"),
        zh="train_ch3里的整个训练过程详见3.6……不完全一样，但差不多",
        en="Softmax regression trains as from scratch, if not to the last digit",
        **ACCURACIES_APART,
    ),
)
