"""The sections of the notes, and what in this project each of them has become.

The claims name their section themselves; see `d2l_lab.claims`.
"""

from typing import NamedTuple


class Section(NamedTuple):
    """A section of the notes.

    Parameters
    ----------
    number : str
    zh, en : str
        Its heading, as in the notes and in English.
    modules : tuple of str
        The chapter modules that are its models.
    studies : tuple of str
    """

    number: str
    zh: str
    en: str
    modules: tuple[str, ...] = ()
    studies: tuple[str, ...] = ()


SOFTMAX, MLP = ("softmax_regression.concise",), ("mlp.scratch",)
CONCISE_MLP, POLYNOMIAL = ("mlp.concise",), ("polynomial_regression.concise",)

SECTIONS = (
    Section("3", "线性神经网络", "Linear neural networks", studies=("agreement",)),
    Section(
        "3.1",
        "线性回归",
        "Linear regression",
        studies=("closed_form", "learning_rate", "vectorisation", "maximum_likelihood"),
    ),
    Section(
        "3.2",
        "线性回归的从零实现",
        "Linear regression from scratch",
        ("linear_regression.scratch",),
        ("minibatches",),
    ),
    Section(
        "3.3",
        "线性回归的简洁实现",
        "Linear regression, concise",
        ("linear_regression.concise",),
        ("minibatches", "agreement"),
    ),
    Section("3.4", "softmax回归", "Softmax regression", studies=("softmax", "information")),
    Section("3.5", "图像分类数据集", "The image classification dataset", studies=("images",)),
    Section(
        "3.6",
        "softmax回归的从零开始实现",
        "Softmax regression from scratch",
        ("softmax_regression.scratch",),
        ("confusion",),
    ),
    Section("3.7", "softmax回归的简洁实现", "Softmax regression, concise", SOFTMAX, ("agreement",)),
    Section("3.7.1", "初始化模型参数", "Initial parameters", SOFTMAX),
    Section("3.7.2", "重新审视Softmax的实现", "Softmax revisited", SOFTMAX, ("softmax",)),
    Section("3.7.3", "优化算法", "The optimiser", SOFTMAX, ("learning_rate",)),
    Section("3.7.4", "训练", "Training", SOFTMAX, ("agreement",)),
    Section("4", "多层感知机", "Multilayer perceptrons", studies=("agreement",)),
    Section("4.1", "多层感知机", "Multilayer perceptrons", studies=("affine_collapse",)),
    Section("4.1.1", "隐藏层", "Hidden layers", studies=("affine_collapse",)),
    Section(
        "4.1.2",
        "激活函数",
        "Activation functions",
        studies=("activations", "vanishing_gradients"),
    ),
    Section(
        "4.2",
        "多层感知机的从零开始实现",
        "The multilayer perceptron from scratch",
        MLP,
        ("confusion",),
    ),
    Section("4.2.1", "初始化模型参数", "Initial parameters", MLP, ("vanishing_gradients",)),
    Section("4.2.2", "激活函数", "The activation function", MLP, ("activations",)),
    Section("4.2.3", "模型", "The model", MLP),
    Section("4.2.4", "损失", "The loss", MLP, ("softmax",)),
    Section("4.2.5", "训练", "Training", MLP, ("confusion",)),
    Section(
        "4.3",
        "多层感知机的简洁实现",
        "The multilayer perceptron, concise",
        CONCISE_MLP,
        ("agreement",),
    ),
    Section("4.3.1", "模型", "The model", CONCISE_MLP),
    Section("4.3.2", "训练", "Training", CONCISE_MLP, ("agreement",)),
    Section(
        "4.4",
        "模型选择、欠拟合和过拟合",
        "Model selection, underfitting and overfitting",
        POLYNOMIAL,
        ("capacity", "sample_size"),
    ),
    Section(
        "4.4.1",
        "训练误差和泛化误差",
        "Training error and generalisation error",
        studies=("capacity", "sample_size"),
    ),
    Section(
        "4.4.2",
        "模型选择",
        "Model selection",
        studies=("selection", "selection_test", "capacity"),
    ),
    Section(
        "4.4.3",
        "欠拟合还是过拟合？",
        "Underfitting or overfitting?",
        studies=("capacity", "sample_size"),
    ),
    Section("4.4.4", "多项式回归", "Polynomial regression", POLYNOMIAL, ("capacity",)),
)


def sections_of(study: str) -> list[str]:
    """List the numbers of the sections that a study is of."""
    return [section.number for section in SECTIONS if study in section.studies]
