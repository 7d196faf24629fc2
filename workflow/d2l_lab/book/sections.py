"""The sections of the notes, and the models and studies of each.

Claims have their section themselves; see `d2l_lab.claims`.
"""

from typing import NamedTuple


class Section(NamedTuple):
    """A section of the notes.

    Parameters
    ----------
    number : str
    zh, en : str
        Its heading in the notes, and in English.
    modules : tuple of str
        The modules of its models.
    studies : tuple of str
    """

    number: str
    zh: str
    en: str
    modules: tuple[str, ...]
    studies: tuple[str, ...]


TABLE = """\
3 | 线性神经网络 | Linear neural networks | | agreement
3.1 | 线性回归 | Linear regression | | closed_form learning_rate vectorisation maximum_likelihood \
  exercises_linear
3.2 | 线性回归的从零实现 | Linear regression from scratch | linear_regression.scratch \
  | minibatches redrawn library exercises_linear
3.3 | 线性回归的简洁实现 | Linear regression, concise \
  | linear_regression.concise | minibatches redrawn agreement library exercises_linear
3.4 | softmax 回归 | Softmax regression | | softmax information exercises_softmax
3.5 | 图像分类数据集 | The image classification dataset | | images exercises_softmax
3.6 | softmax 回归的从零开始实现 | Softmax regression from scratch \
  | softmax_regression.scratch | confusion weight_images uncertainty library \
  exercises_softmax
3.7 | softmax 回归的简洁实现 | Softmax regression, concise | softmax_regression.concise \
  | agreement exercises_softmax
3.7.1 | 初始化模型参数 | Initial parameters | softmax_regression.concise | library
3.7.2 | 重新审视 softmax 的实现 | Softmax revisited | softmax_regression.concise | softmax library
3.7.3 | 优化算法 | The optimiser | softmax_regression.concise | learning_rate
3.7.4 | 训练 | Training | softmax_regression.concise | agreement
4 | 多层感知机 | Multilayer perceptrons | | agreement
4.1 | 多层感知机 | Multilayer perceptrons | | affine_collapse exercises_mlp
4.1.1 | 隐藏层 | Hidden layers | | affine_collapse uncertainty
4.1.2 | 激活函数 | Activation functions | | activations vanishing_gradients
4.2 | 多层感知机的从零开始实现 | The multilayer perceptron from scratch | mlp.scratch \
  | confusion exercises_mlp
4.2.1 | 初始化模型参数 | Initial parameters | mlp.scratch | vanishing_gradients library
4.2.2 | 激活函数 | The activation function | mlp.scratch | activations
4.2.3 | 模型 | The model | mlp.scratch |
4.2.4 | 损失 | The loss | mlp.scratch | softmax
4.2.5 | 训练 | Training | mlp.scratch | confusion plain_loop
4.3 | 多层感知机的简洁实现 | The multilayer perceptron, concise | mlp.concise \
  | agreement exercises_mlp
4.3.1 | 模型 | The model | mlp.concise |
4.3.2 | 训练 | Training | mlp.concise | agreement
4.4 | 模型选择、欠拟合和过拟合 | Model selection, underfitting and overfitting \
  | polynomial_regression.concise | capacity sample_size exercises_mlp
4.4.1 | 训练误差和泛化误差 | Training error and generalisation error \
  | | capacity sample_size weight_decay
4.4.2 | 模型选择 | Model selection \
  | | selection selection_test hyperparameters hyperparameters_test capacity
4.4.3 | 欠拟合还是过拟合？ | Underfitting or overfitting? | | capacity sample_size
4.4.4 | 多项式回归 | Polynomial regression | polynomial_regression.concise \
  | capacity polynomial_terms redrawn library
"""


def _section(row: str) -> Section:
    number, zh, en, modules, studies = (field.strip() for field in row.split("|"))
    return Section(number, zh, en, tuple(modules.split()), tuple(studies.split()))


SECTIONS = tuple(map(_section, TABLE.splitlines()))


def sections_of(study: str) -> list[str]:
    """List the numbers of the sections that a study belongs to."""
    return [section.number for section in SECTIONS if study in section.studies]
