"""The notes' claims about library functions, and their slips (3.1 to 4.4.4)."""

from functools import partial

import numpy as np
import pandas as pd

from d2l_lab.claims.claim import Claim, Setting
from d2l_lab.claims.evidence import DATASETS, Evidence, exactly, greatest, mean

# The sources of chance that an interval covers
NUMBERS = "random numbers"
EXAMPLES_DRAWN = "datasets"
TRUE_WEIGHTS = 4  # the number of weights of the notes' polynomial


def fact(name: str, library: pd.DataFrame) -> Evidence:
    """Measure in how many cases, or by how much, a function behaves as the fact's name says."""
    row = library.set_index("fact").loc[name]
    return exactly(row["value"], int(row["n"]))


def distance_from_std(column: str, library_normal: pd.DataFrame) -> Evidence:
    """Measure how far a measure of spread is from the argument std, as |log₁₀| of their ratio."""
    orders = np.log10(library_normal[column] / library_normal["std"])
    return mean(orders.abs(), NUMBERS)


def directions_without_curvature(maximum_likelihood_curvature: pd.DataFrame) -> Evidence:
    """Count the directions in which the negative log-likelihood does not curve upwards."""
    curvature = maximum_likelihood_curvature["curvature"]
    return exactly((curvature <= 0).sum(), len(curvature))


def loops_differ(plain_loop: pd.DataFrame) -> Evidence:
    """Measure how much the project's loop and the notes' end apart, relative to the parameters."""
    return greatest(plain_loop["greatest_difference"] / plain_loop["greatest_value"])


def columns_above_degree(polynomial_terms: pd.DataFrame) -> Evidence:
    """Measure how much the number of feature columns exceeds the highest degree."""
    columns = polynomial_terms["column"].nunique()
    return exactly(columns - polynomial_terms["degree"].max(), columns)


def size_of(column: str, polynomial_terms: pd.DataFrame) -> Evidence:
    """Measure log₁₀ of the greatest value in any feature column, for each dataset."""
    greatest_values = polynomial_terms.groupby("replicate")[column].max()
    return mean(np.log10(greatest_values), EXAMPLES_DRAWN)


def error_on_new_data(polynomial_weights: pd.DataFrame) -> Evidence:
    """Measure the greatest error of a weight, for each dataset."""
    errors = polynomial_weights["error"].abs().groupby(polynomial_weights["replicate"])
    return mean(errors.max(), DATASETS)


def error_of_the_model(parameters: pd.DataFrame, models: pd.DataFrame) -> Evidence | None:
    """Measure the greatest error of a weight, in each replicate of the first model that fits.

    It fits if its features are exactly those with true weights.
    """
    own = models[models["module"].str.startswith("polynomial_regression.")]
    for model in own.itertuples():
        rows = parameters[
            (parameters["model"] == model.model) & (parameters["device"] == model.device)
        ]
        if len(rows) and rows["parameter"].nunique() == TRUE_WEIGHTS and (rows["true"] != 0).all():
            return mean(rows["error"].abs().groupby(rows["replicate"]).max())
    return None


NEW_DATA = Setting("每次重复用一组新的数据", "new data in each replicate")
IN_DOUBLE = Setting("双精度，少量图像", "in double precision, on a few images")
CLAIMS = (
    Claim(
        "maximum_likelihood_is_local",
        "3.1",
        directions_without_curvature,
        zh="通过极大似然估计，可以找到参数局部最优值",
        en="Maximum likelihood finds an optimum that is only local",
        test_zh="负对数似然不向上弯曲的方向数；处处向上弯曲时，唯一的最优值就是全局最优值",
        test_en=(
            "directions in which the negative log-likelihood does not curve upwards; if there is "
            "none, the only optimum is the global one"
        ),
    ),
    Claim(
        "std_is_the_variance",
        "3.2",
        partial(distance_from_std, "variance"),
        zh="torch.normal(mean, std, size)：生成数据服从正态分布，均值mean，方差std",
        en="The argument std of torch.normal is the variance",
        test_zh="参数 std 为 0.01 时，样本的方差与 0.01 相差多少个数量级",
        test_en="orders of magnitude between the variance of the numbers and std, which is 0.01",
        see="std_is_the_standard_deviation",
    ),
    Claim(
        "std_is_the_standard_deviation",
        "3.2",
        partial(distance_from_std, "deviation"),
        zh="我们发现：torch.normal 的参数 std 是标准差",
        en="We find that the argument std of torch.normal is the standard deviation",
        test_zh="参数 std 为 0.01 时，样本的标准差与 0.01 相差多少个数量级",
        test_en="orders of magnitude between the standard deviation of the numbers and std",
    ),
    Claim(
        "matmul_is_more_general",
        "3.2",
        partial(fact, "matmul_fails"),
        zh="matmul()可以实现更普适的张量乘法",
        en="matmul multiplies tensors more generally",
        test_zh="在一维到四维的各种形状中，matmul 拒绝相乘或结果与 NumPy 不同的个数",
        test_en=(
            "shapes of one to four dimensions that matmul refuses, or multiplies to another "
            "result than NumPy"
        ),
    ),
    Claim(
        "mm_multiplies_matrices_alone",
        "3.2",
        partial(fact, "mm_of_other_than_matrices"),
        zh="mm只适用于二维矩阵相乘",
        en="mm multiplies nothing but two-dimensional matrices",
        test_zh="mm 没有拒绝的其他形状，以及没有乘对的二维矩阵的个数",
        test_en="other shapes that mm does not refuse, and matrices that it does not multiply",
    ),
    Claim(
        "dataset_wants_equal_lengths",
        "3.3",
        partial(fact, "dataset_of_unequal_lengths"),
        zh="data.TensorDataset()里的两个张量第一维必须相等",
        en="The two tensors of a TensorDataset must have equal first dimensions",
        test_zh="第一维不等却被接受，或相等却被拒绝的张量对的个数",
        test_en="pairs of unequal first dimensions that it takes, or of equal ones that it refuses",
    ),
    Claim(
        "argmax_is_the_greatest",
        "3.6",
        partial(fact, "argmax_is_not_the_greatest"),
        zh="y_hat.argmax(axis=1)的作用是返回y_hat中每行最大值的索引",
        en="y_hat.argmax(axis=1) gives the index of the greatest value of each row",
        test_zh="该索引处的值不是该行最大值的行数",
        test_en="rows in which another value is greater than the one at that index",
    ),
    Claim(
        "inputs_are_not_reshaped",
        "3.7.1",
        partial(fact, "linear_takes_images"),
        zh="PyTorch不会隐式地调整输入的形状",
        en="PyTorch does not implicitly reshape inputs",
        test_zh="没有展平层时，线性层是否仍然接受图像（1 为是）",
        test_en="whether a linear layer takes images without a flatten layer before it (1 is yes)",
    ),
    Claim(
        "apply_reaches_every_layer",
        "3.7.1",
        partial(fact, "apply_leaves_out"),
        zh="apply对每一层应用传入函数或方法",
        en="apply calls the function that it is given on every layer",
        test_zh="函数没有应用到的层数",
        test_en="layers on which the function is not called",
    ),
    Claim(
        "mean_is_the_default",
        "3.7.2",
        partial(fact, "default_reduction"),
        zh="'mean'：返回所有样本损失的平均值，这是默认选项",
        en="reduction='mean' is the default",
        test_zh="不指定 reduction 时的损失与 'mean' 的差别",
        test_en="difference between the loss without reduction and with reduction='mean'",
    ),
    Claim(
        "only_parameters_are_updated",
        "4.2.1",
        partial(fact, "others_than_parameters_move"),
        zh=(
            "PyTorch 的优化器（如 torch.optim.SGD、torch.optim.Adam 等）"
            "只会更新模型的 Parameter 类型的张量"
        ),
        en="PyTorch's optimisers update only those tensors of a model that are Parameters",
        test_zh="把 model.parameters() 交给优化器时，更新了的其他张量与没有更新的 Parameter 的个数",
        test_en=(
            "other tensors that move, and Parameters that do not, if an optimiser is given "
            "model.parameters()"
        ),
    ),
    Claim(
        "plain_tensors_can_be_updated",
        "4.2.1",
        partial(fact, "plain_tensors_move"),
        zh="我们发现：把普通张量直接交给优化器，它也会被更新",
        en="We find that an optimiser also updates a plain tensor that it is given itself",
        test_zh="这样做的优化器的个数",
        test_en="optimisers that do so",
    ),
    Claim(
        "training_is_that_of_softmax_regression",
        "4.2.5",
        loops_differ,
        zh="多层感知机的训练过程与softmax回归的训练过程完全相同",
        en="The perceptron is trained exactly as softmax regression is",
        test_zh="笔记的训练循环原样用于两者，与本书训练结果的参数的最大相对差别",
        test_en=(
            "greatest relative difference between the parameters by the notes' loop, the same for "
            "both, and by this book's training"
        ),
        setting=IN_DOUBLE,
    ),
    Claim(
        "highest_degree_is_max_degree",
        "4.4.4",
        columns_above_degree,
        zh="max_degree = 20  # 多项式的最大阶数",
        en="max_degree, 20, is the highest degree of the polynomial",
        test_zh="特征的列数减去其中的最高阶数",
        test_en="number of feature columns above the highest degree among them",
    ),
    Claim(
        "gamma_is_the_factorial",
        "4.4.4",
        partial(fact, "gamma_is_no_factorial"),
        zh="gamma(n)=(n-1)!（代码中的注释）",
        en="math.gamma(n) is (n - 1)!",
        test_zh="1 到 20 中 math.gamma(n) 不等于 (n - 1)! 的个数",
        test_en="numbers from 1 to 20 for which it is not",
    ),
    Claim(
        "factorials_keep_features_in_range",
        "4.4.4",
        partial(size_of, "greatest_feature"),
        zh="我们发现：除以 i! 使各阶特征保持在不大的范围内",
        en="We find that dividing by i! keeps the features of every degree in range",
        test_zh="各阶特征的最大绝对值的 log₁₀，对各组数据取平均",
        test_en="log₁₀ of the greatest absolute feature of any degree, mean over datasets",
    ),
    Claim(
        "powers_grow_out_of_range",
        "4.4.4",
        partial(size_of, "greatest_power"),
        zh="我们发现：不除以 i!，高阶特征会大得出奇",
        en="We find that without dividing by i! the features of high degrees grow out of range",
        test_zh="各阶幂的最大绝对值的 log₁₀，对各组数据取平均",
        test_en="log₁₀ of the greatest absolute power of any degree, mean over datasets",
    ),
    Claim(
        "dot_takes_a_vector_as_a_column",
        "4.4.4",
        partial(fact, "dot_takes_no_column"),
        zh="在进行点积时，NumPy 会自动将它看作列向量来处理",
        en="In a dot product NumPy treats a vector as a column",
        test_zh="与按列向量相乘的结果的最大差别",
        test_en="greatest difference from the product with a column",
    ),
    Claim(
        "learned_weights_are_the_true_ones",
        "4.4.4",
        error_of_the_model,
        zh="我们发现：学到的权重就是真实的权重 5、1.2、-3.4 和 5.6",
        en="We find that the weights that are learned are the true ones: 5, 1.2, -3.4 and 5.6",
        test_zh="每次重复中权重的最大误差，对各次重复取平均，与噪声的标准差 0.1 相比",
        test_en=(
            "greatest error of a weight, mean over replicates, against the noise's standard "
            "deviation, 0.1"
        ),
        see="learned_weights_are_the_true_ones_on_new_data",
    ),
)
CLAIMS += (CLAIMS[-1].variant("on_new_data", error_on_new_data, setting=NEW_DATA),)
