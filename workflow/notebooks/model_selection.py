# ---
# jupyter:
#   kernelspec:
#     name: python3
#     display_name: Python 3
# ---

# %% tags=["parameters"]
language = "en"

# %% tags=["setup"]
import sys

sys.path.append("../../../workflow")  # this notebook is in results/notebooks/<language>
from d2l_lab.book.page import Page
from d2l_lab.training.randomness import be_deterministic

be_deterministic()
page = Page("../..", language)


# %% [markdown] lang="en"
# # Model selection, underfitting and overfitting
#
# It is easy to do well on examples that a model has seen: it can learn them by heart. What counts is the
# loss on examples that it has not seen. This page asks how the two differ, and how to choose a model when
# only training data are available.

# %% [markdown] lang="zh"
# # 模型选择、欠拟合和过拟合
#
# 在见过的样本上表现好并不难：记住它们就行。真正重要的是在没见过的样本上的损失。
# 本页要问：这两种损失相差多少？只有训练数据时，又该怎样选择模型？

# %% [markdown] lang="en"
# ## 4.4 Model selection, underfitting and overfitting
#
# **Questions.** How can we tell whether a model has found a pattern that also holds for new data?
# We ask this of polynomials, because with them everything is known: the truth is a cubic with noise
# (4.4.4), the degree measures how complex a model is, and we can draw as many new data as we like.
# Every experiment is repeated on many datasets, so the outcome is not an accident of one dataset.
#
# Each polynomial is fitted twice to the same data: $X$ has the powers of one $x$ in each row, and $y$
# are the labels. Minibatch stochastic gradient descent starts from small random weights and stops after
# the notes' epochs; least squares goes all the way to the minimum:
#
# $$\begin{aligned}
# \text{SGD:} \quad & w \leftarrow w - \frac{2 \eta}{|B|} X_B^\top (X_B w - y_B), \\
# \text{exact:} \quad & \hat{w} = \operatorname*{argmin}_w \frac{1}{n} \lVert X w - y \rVert^2 .
# \end{aligned}$$
#
# The difference between the two matters throughout this page. The notes' own code is in 4.4.4. The studies
# fit all degrees at once: they are the columns of one weight matrix, in which a mask keeps the weights
# beyond a column's degree at zero.

# %% [markdown] lang="zh"
# ## 4.4 模型选择、欠拟合和过拟合
#
# **问题。** 怎样判断模型找到的规律对新数据也成立？
# 我们用多项式来研究，因为这里的一切都是已知的：真实函数是带噪声的三次多项式（4.4.4），
# 阶数衡量模型有多复杂，新数据想要多少就能生成多少。
# 每个实验都在许多个数据集上重复，所以结果不会只是某一个数据集上的偶然。
#
# 每个多项式都在同样的数据上拟合两次，矩阵 $X$ 的每一行是一个 $x$ 的各次幂，$y$ 是标签。
# 小批量随机梯度下降从很小的随机权重出发，达到笔记的迭代周期数就停止；
# 最小二乘则直接求出最小值：
#
# $$\begin{aligned}
# \text{SGD：} \quad & w \leftarrow w - \frac{2 \eta}{|B|} X_B^\top (X_B w - y_B), \\
# \text{最小二乘：} \quad & \hat{w} = \operatorname*{argmin}_w \frac{1}{n} \lVert X w - y \rVert^2 .
# \end{aligned}$$
#
# 两者的差别贯穿本页。笔记自己的代码在 4.4.4。实验则把所有阶数同时拟合：
# 它们并排放在同一个权重矩阵里，每列是一个多项式，超出该列阶数的权重由掩码保持为零。

# %%
page.engine("studies._polynomials", "fit_by_sgd", "least_squares")

# %% [markdown] lang="en"
# ### 4.4.1 Training error and generalisation error
#
# **Questions.** What makes the error on new data differ from the error on the training data? The
# notes name three causes: many parameters, a wide range of the weights, few examples.
#
# The training error is a mean over the given examples. The generalisation error is an expectation
# over the distribution that they come from:
#
# $$\begin{aligned}
# R_{\mathrm{train}}(w) & = \frac{1}{n} \sum_{i=1}^{n} \left(f_w(x_i) - y_i\right)^2, \\
# R(w) & = \mathbb{E}_{(x, y)} \left(f_w(x) - y\right)^2 \ge \sigma^2 .
# \end{aligned}$$
#
# The second can only be estimated, on examples that were not used for training. No model gets below
# the variance $\sigma^2$ of the noise. To fit the training data more closely than the underlying
# distribution is **overfitting**; the techniques against it are called **regularisation**. In code, one
# function measures both errors; only the examples differ:

# %% [markdown] lang="zh"
# ### 4.4.1 训练误差和泛化误差
#
# **问题。** 是什么使新数据上的误差偏离训练数据上的误差？
# 笔记列出三个因素：可调整参数的数量、权重的取值范围、训练样本的数量。
#
# 训练误差是在给定样本上的平均，泛化误差是在样本所服从的分布上的期望：
#
# $$\begin{aligned}
# R_{\mathrm{train}}(w) & = \frac{1}{n} \sum_{i=1}^{n} \left(f_w(x_i) - y_i\right)^2, \\
# R(w) & = \mathbb{E}_{(x, y)} \left(f_w(x) - y\right)^2 \ge \sigma^2 .
# \end{aligned}$$
#
# 后者只能用没有参与训练的样本来估计；任何模型的泛化误差都不可能低于噪声的方差 $\sigma^2$。
# 将模型在训练数据上拟合得比在潜在分布中更接近的现象称为**过拟合**，用于对抗过拟合的技术称为**正则化**。
# 在代码中，两种误差由同一个函数计算，不同的只是样本：

# %%
page.code("studies._polynomials", "losses")

# %% [markdown] lang="en"
# In [the figure](#figure-capacity), look first at the upper right panel, the exact fits: how does each loss go
# on beyond the true degree? Then look at the upper left panel, the same polynomials fitted by SGD. The lower panels belong
# to 4.4.2.

# %% [markdown] lang="zh"
# 请先看[图](#figure-capacity) 的右上部分，即精确解：超过真实多项式的阶数之后，各种损失怎样变化？
# 再看左上部分，即用 SGD 拟合的同样的多项式。下面两幅属于 4.4.2。

# %%
page.figure("capacity")

# %% lang="en"
page.say(
    """
    Of the exact fits, degree {{ degrees.best }} has the lowest test loss, {{ degrees.exact_best | number(2) }}
    (the median of {{ degrees.datasets }} datasets). Degree {{ degrees.highest }} has
    {{ degrees.exact_highest | number(2) }}, though its training loss is
    {% if degrees.exact_train_highest < degrees.exact_train_best %}lower{% else %}not lower{% endif %}.
    Fitted by SGD, degree {{ degrees.highest }} has a test loss of {{ degrees.sgd_highest | number(2) }}.
    {% if degrees.exact_rises and degrees.sgd_highest < degrees.exact_highest / 10 %}
    SGD stops after a fixed number of epochs, long before it gets that far.
    {% endif %}
    """
)

# %% lang="zh"
page.say(
    """
    在精确解中，{{ degrees.best }} 阶的测试损失最低，为 {{ degrees.exact_best | number(2) }}
    （{{ degrees.datasets }} 个数据集的中位数）；{{ degrees.highest }} 阶是
    {{ degrees.exact_highest | number(2) }}，尽管它的训练损失
    {% if degrees.exact_train_highest < degrees.exact_train_best %}更低{% else %}并不更低{% endif %}。
    用 SGD 拟合时，{{ degrees.highest }} 阶的测试损失是 {{ degrees.sgd_highest | number(2) }}。
    {% if degrees.exact_rises and degrees.sgd_highest < degrees.exact_highest / 10 %}
    SGD 到了固定的周期数就停止，离那样的损失还远。
    {% endif %}
    """
)

# %% [markdown] lang="en"
# The second cause, the range of the weights, may go with the first: to pass close to every point, a
# polynomial of a high degree may need large weights that almost cancel one another. The table
# [capacity_weights](tables/capacity_weights.md) shows how large they become. The claims about the number of
# examples use [the figure of 4.4.3](#figure-sample_size). Losses are compared by orders of magnitude:
# $\log_{10} 2 \approx 0.301$ means twice as large.

# %% [markdown] lang="zh"
# 第二个因素，即权重的取值范围，可能与第一个因素相伴：高阶多项式要紧贴每一个点，
# 可能需要很大而几乎彼此抵消的权重。权重究竟有多大，见表 [capacity_weights](tables/capacity_weights.md)。
# 关于样本数量的论断以[4.4.3 的图](#figure-sample_size) 为依据。损失之间按数量级比较：$\log_{10} 2 \approx 0.301$ 表示两倍。

# %% lang="en"
page.say(
    """
    The greatest weight of the exact fit of degree {{ degrees.best }} is {{ degrees.weight_best | number(2) }},
    that of degree {{ degrees.highest }} is {{ degrees.weight_highest | number(2) }} (medians). By SGD, that
    of degree {{ degrees.highest }} is {{ degrees.sgd_weight | number(2) }}.
    """
)

# %% lang="zh"
page.say(
    """
    {{ degrees.best }} 阶精确解的最大权重是 {{ degrees.weight_best | number(2) }}，
    {{ degrees.highest }} 阶的是 {{ degrees.weight_highest | number(2) }}（中位数）。
    用 SGD 拟合时，{{ degrees.highest }} 阶的最大权重是 {{ degrees.sgd_weight | number(2) }}。
    """
)

# %% [markdown] lang="en"
# **Weight decay** separates the range of the weights from their number: the degree stays the highest,
# and a penalty keeps the weights small,
#
# $$\min_w \frac{1}{n} \lVert X w - y \rVert^2 + \frac{\lambda}{2} \lVert w \rVert^2 .$$
#
# SGD multiplies the weights by $1 - \eta \lambda$ in each step; the exact solution is ridge regression. In
# [the figure](#figure-weight_decay), follow the weights' norm and the two losses from left to right. If both losses rise, the
# model begins to underfit.

# %% [markdown] lang="zh"
# **权重衰减**把权重的取值范围与权重的个数分开来看：阶数固定为最高阶，用惩罚项使权重保持较小，
#
# $$\min_w \frac{1}{n} \lVert X w - y \rVert^2 + \frac{\lambda}{2} \lVert w \rVert^2.$$
#
# SGD 在每一步把权重乘以 $1 - \eta \lambda$；精确解就是岭回归。
# 请从左到右看[图](#figure-weight_decay) 中权重的范数和两种损失。如果两种损失都上升，模型就开始欠拟合了。

# %%
page.engine("studies._polynomials", "ridge")

# %%
page.figure("weight_decay")

# %%
page.claims("4.4.1")

# %% [markdown] lang="en"
# Several assertions are tested twice, by SGD and by least squares. Where the two disagree, it is because SGD
# has not reached the minimum. Along a direction in which $X^\top X / n$ has the eigenvalue $\mu$, a share
# of about
#
# $$(1 - 2 \eta \mu)^t$$
#
# of the way to the minimum is still left after $t$ steps. High powers divided by their factorials hardly
# vary, so their $\mu$ is tiny, and along them the weights stay where they began. Too few steps
# act as a regularisation: the weights cannot grow, so the gap stays small, whatever the
# number of parameters.
#
# **Summary.**
#
# - The training error is a mean over given examples, the generalisation error an expectation.
# - Many parameters, large weights and few examples can each drive the two apart.
# - Weight decay, and stopping early, keep the weights small.
#
# **Try it yourself.**
#
# - `studies.capacity.epochs`: ten times as many, and be patient. Does the left panel become more like
#   the right one?
# - `datasets.polynomial.noise`: 1. All losses that were low rise to the new variance of the noise.
#   At which degree does the test loss now depart from the training loss?
# - `datasets.polynomial.weights`: with a fifth and a sixth weight, such as 3 and -8. At which degree is
#   the validation loss lowest?
# - `studies.weight_decay.epochs`: ten times as many. SGD comes closer to the minimum; does weight decay
#   now change its gap between training and test loss?
# - `studies.weight_decay.weight_decays`: add 1 and 10. Where does underfitting begin?

# %% [markdown] lang="zh"
# 有几条论断检验了两次：一次用 SGD，一次用最小二乘。两者不一致的地方，是因为 SGD 还没有到达最小值。
# 在 $X^\top X / n$ 的特征值为 $\mu$ 的方向上，经过 $t$ 步之后，到最小值的路程大约还剩下
#
# $$(1 - 2 \eta \mu)^t.$$
#
# 高次幂除以阶乘之后几乎没有变化，$\mu$ 极小，权重在这些方向上停留在初始值附近。
# 步数太少本身就是一种正则化：权重无法变大，参数再多，差距也仍然很小。
#
# **小结。**
#
# - 训练误差是在给定样本上的平均，泛化误差是期望。
# - 参数多、权重大、样本少，都可能使两者分开。
# - 权重衰减和提前停止都能使权重保持较小。
#
# **动手试一试。**
#
# - `studies.capacity.epochs`：增加到十倍，请耐心等待。左图会更像右图吗？
# - `datasets.polynomial.noise`：改成 1。原来较低的损失都升到新的噪声方差；现在测试损失从哪一阶开始偏离训练损失？
# - `datasets.polynomial.weights`：再添上第五、第六个权重，例如 3 和 -8。验证损失在哪一阶最低？
# - `studies.weight_decay.epochs`：增加到十倍。SGD 更接近最小值之后，权重衰减会改变训练损失与测试损失的差距吗？
# - `studies.weight_decay.weight_decays`：添上 1 和 10。从哪里开始出现欠拟合？

# %% [markdown] lang="en"
# ### 4.4.2 Model selection
#
# **Questions.** Which degree, which learning rate? The test set must not decide, because then
# no data are left to judge the decision. A validation set may decide: it tunes hyperparameters, warns of
# overfitting, and selects models. How reliable is it?
#
# If data are scarce, **K-fold cross-validation** splits the training data into $K$ parts
# $V_1, \dots, V_K$ that do not overlap. The model $f^{(k)}$ is trained on all parts except $V_k$, and
# the mean over the folds estimates the error on new data:
#
# $$\mathrm{CV}_K = \frac{1}{K} \sum_{k=1}^{K} \frac{1}{|V_k|} \sum_{i \in V_k}
# \ell\left(f^{(k)}(x_i), y_i\right).$$
#
# Notice that every example is validated exactly once, by a model that has not seen it in training.

# %% [markdown] lang="zh"
# ### 4.4.2 模型选择
#
# **问题。** 用哪个阶数，哪个学习率？不能由测试集来选，否则就没有数据来评判这个选择了。
# 验证集则可以：它用来调优超参数，提示过拟合，选择最佳模型。它的判断可靠吗？
#
# 当训练数据稀缺时，**K折交叉验证**把训练数据分成 $K$ 个不重叠的子集 $V_1, \dots, V_K$。
# 模型 $f^{(k)}$ 在 $V_k$ 以外的所有子集上训练，再对 $K$ 次结果取平均，以估计新数据上的误差：
#
# $$\mathrm{CV}_K = \frac{1}{K} \sum_{k=1}^{K} \frac{1}{|V_k|} \sum_{i \in V_k}
# \ell\left(f^{(k)}(x_i), y_i\right).$$
#
# 请注意：每个样本恰好被验证一次，而且验证它的模型没有见过它。

# %%
page.code("training.folds", "kfold")

# %% [markdown] lang="en"
# **A degree** is picked from the folds' validation losses alone, by one of two rules: the degree with the
# lowest mean, or the lowest degree whose mean is within one standard error of it. Look at the lower panels
# of [the figure in 4.4.1](#figure-capacity).

# %% [markdown] lang="zh"
# **选择阶数**只依据各折的验证损失，有两种规则：取平均值最低的阶数；
# 或者在与最低值相差不超过一个标准误的各阶中，取最低的一阶。
# 请看[4.4.1 那张图](#figure-capacity) 的下半部分。

# %% lang="en"
page.say(
    """
    Out of {{ degrees.datasets }} datasets, the lowest mean picks degree {{ degrees.best }}, which has the
    lowest test loss of the exact fits, {{ degrees.chosen.exact_minimum }} times for the exact fits and
    {{ degrees.chosen.sgd_minimum }} times for SGD; the rule of one standard error,
    {{ degrees.chosen.exact_one_standard_error }} and {{ degrees.chosen.sgd_one_standard_error }} times.
    """
)

# %% lang="zh"
page.say(
    """
    在 {{ degrees.datasets }} 个数据集上，取平均值最低的规则选中 {{ degrees.best }} 阶
    （精确解中测试损失最低的阶数）的次数是：精确解 {{ degrees.chosen.exact_minimum }} 次，
    SGD {{ degrees.chosen.sgd_minimum }} 次；一个标准误的规则分别是
    {{ degrees.chosen.exact_one_standard_error }} 次和 {{ degrees.chosen.sgd_one_standard_error }} 次。
    """
)

# %%
page.engine("studies.capacity", "choices")

# %% [markdown] lang="en"
# **A learning rate** of softmax regression is picked in the same way. The function below receives
# the training set and nothing else, so the choice cannot depend on test data. In
# [the figure](#figure-selection), look at the faint marks, too: if the folds scatter widely, their mean is not a reliable guide.

# %% [markdown] lang="zh"
# **选择学习率**的办法相同，这里以 softmax 回归为例。下面的函数只得到训练集，所以选择不可能依赖测试数据。
# 看[图](#figure-selection) 时也请留意那些浅色的点：如果各折之间相差很大，平均值就不是可靠的依据。

# %%
page.engine("studies.selection", "study")

# %%
page.figure("selection")

# %%
page.table("selection_choice")

# %% [markdown] lang="en"
# **First train and validate, then test.** Only now is the test set used, and only once. Two effects work in
# opposite directions: the best of several validation results tends to be too optimistic, but the tested model
# was trained on all of the training data, more than any fold had.

# %% [markdown] lang="zh"
# **先训练和验证，再测试。** 直到现在才使用测试集，而且只用一次。有两种影响方向相反：
# 从几个验证结果中挑出最好的，难免偏于乐观；但被测试的模型用了全部训练数据，比任何一折都多。

# %%
page.figure("selection_test")

# %% lang="en"
page.say(
    """
    Of {{ rate_choice.rates | length }} learning rates, {{ rate_choice.rate | plain }} was picked. Its mean
    validation accuracy is {{ rate_choice.validation | number }}, its test accuracy
    {{ rate_choice.test | number }}: a difference of {{ rate_choice.difference | number(2) }}, with a
    standard error of {{ rate_choice.joint_error | number(2) }}.
    """
)

# %% lang="zh"
page.say(
    """
    在 {{ rate_choice.rates | length }} 个学习率中，选中的是 {{ rate_choice.rate | plain }}。
    它的平均验证精度是 {{ rate_choice.validation | number }}，测试精度是 {{ rate_choice.test | number }}：
    相差 {{ rate_choice.difference | number(2) }}，标准误为 {{ rate_choice.joint_error | number(2) }}。
    """
)

# %% [markdown] lang="en"
# **Learning rate, weight decay and number of layers** are picked together, on a part of the training
# images: every combination is trained on the same folds. The best value of one may depend on the others,
# so they are not picked one after the other.

# %% [markdown] lang="zh"
# **学习率、正则化强度和网络层数**在一部分训练图像上一起选择：每种组合都在同样的各折上训练。
# 其中一项的最佳取值可能取决于其他几项，所以不能一个一个地分别选择。

# %%
page.engine("studies.hyperparameters", "study")

# %%
page.figure("hyperparameters")

# %%
page.table("hyperparameters_choice")

# %% lang="en"
page.say(
    """
    Among {{ joint_choice.combinations }} combinations, the one with {{ joint_choice.layers }} hidden
    layer{{ "" if joint_choice.layers == 1 else "s" }},
    weight decay {{ joint_choice.decay | plain }} and learning rate {{ joint_choice.rate | plain }} was
    picked. The best learning rate is
    {% for layers, rate in joint_choice.best_rates.items() %}{{ rate | plain }} for {{ layers }} hidden
    layer{{ "" if layers == 1 else "s" }}{{ ", " if not loop.last else "" }}{% endfor %}{% if joint_choice.depends %}: it depends on the
    number of layers{% endif %}.
    """
)

# %% lang="zh"
page.say(
    """
    在 {{ joint_choice.combinations }} 种组合中，选中的是 {{ joint_choice.layers }} 个隐藏层、
    权重衰减 {{ joint_choice.decay | plain }}、学习率 {{ joint_choice.rate | plain }}。
    最好的学习率是：
    {% for layers, rate in joint_choice.best_rates.items() %}{{ layers }} 个隐藏层时
    {{ rate | plain }}{{ "，" if not loop.last else "" }}{% endfor %}{% if joint_choice.depends %}，
    可见它取决于层数{% endif %}。
    """
)

# %%
page.figure("hyperparameters_test")

# %%
page.claims("4.4.2")

# %% [markdown] lang="en"
# How well the mean over the folds estimates the error on new data depends on the data. For every model,
# the page [K-fold cross-validation](kfold.ipynb) shows it next to the test set. Polynomials of few examples, fitted by
# SGD, are the hard case: the fold that holds an outermost $x$ is validated where there are no training
# examples, and a fit that has not converged may be far off there. One such fold raises the mean of every
# degree, so the choice among them may still be right.
#
# **Summary.**
#
# - A validation set chooses; the test set judges the choice, once.
# - With few data, K-fold cross-validation uses each example for validation once.
# - Settings that depend on each other are chosen together.
#
# **Try it yourself.**
#
# - `studies.selection.learning_rates`: add a larger rate, such as 1. How far do the folds scatter?
# - `studies.selection.epochs`: 10. With more time, is the same rate picked?
# - `studies.capacity.folds`: 10. Each fold trains on more examples; does the validation loss of the
#   picked degree come closer to its test loss?
# - `studies.hyperparameters.examples`: 600. With a tenth of the images, do weight decay or fewer layers
#   pay? How far do the folds scatter?
# - `studies.hyperparameters.epochs`: 30. With more time, do hidden layers pay?

# %% [markdown] lang="zh"
# 各折的平均值能多准确地估计新数据上的误差，取决于数据。
# [K折交叉验证](kfold.ipynb)一页把每个模型的估计与测试结果并列。
# 样本很少、又用 SGD 拟合的多项式是困难的情形：如果某一折中恰好有最靠边的 $x$，
# 验证的位置就没有训练样本，而尚未收敛的拟合在那里可能差得很远。
# 这样的一折会抬高每一阶的平均值，所以从中选出的阶数仍可能是正确的。
#
# **小结。**
#
# - 用验证集来选择；用测试集评判这个选择，只用一次。
# - 数据稀缺时，K折交叉验证让每个样本恰好验证一次。
# - 彼此有关的设置要一起选择。
#
# **动手试一试。**
#
# - `studies.selection.learning_rates`：添上一个更大的学习率，例如 1。各折之间相差多大？
# - `studies.selection.epochs`：改成 10。时间更充裕时，选中的还是同一个学习率吗？
# - `studies.capacity.folds`：改成 10。每一折的训练样本更多，所选阶数的验证损失会更接近测试损失吗？
# - `studies.hyperparameters.examples`：改成 600。图像只有十分之一时，权重衰减或更少的层数有好处吗？各折之间相差多大？
# - `studies.hyperparameters.epochs`：改成 30。时间更充裕时，隐藏层有好处吗？

# %% [markdown] lang="en"
# ### 4.4.3 Underfitting or overfitting?
#
# **Questions.** Can we tell from the training and validation error alone whether a model is too simple
# or too complex?
#
# | training error | validation error | verdict |
# | --- | --- | --- |
# | high | high, with a small gap | underfitting |
# | low | clearly higher | overfitting |
# | low | nearly as low | about right |
#
# **Complexity.** A polynomial of degree $d$ is a polynomial of degree $d + 1$ whose last weight is zero.
# So the least training error falls with the degree, or stays equal:
#
# $$\min_{w \in \mathbb{R}^{d+2}} R_{\mathrm{train}}(w)
# \le \min_{w \in \mathbb{R}^{d+1}} R_{\mathrm{train}}(w).$$
#
# In the code, each column of the mask contains the previous one. Note that this is about the
# minimum, not about the point where SGD stops.

# %% [markdown] lang="zh"
# ### 4.4.3 欠拟合还是过拟合？
#
# **问题。** 只看训练误差和验证误差，能不能判断模型太简单还是太复杂？
#
# | 训练误差 | 验证误差 | 判断结果 |
# | --- | --- | --- |
# | 高 | 也高，两者仅有一点差距 | 欠拟合 |
# | 低 | 明显更高 | 过拟合 |
# | 低 | 几乎同样低 | 合适 |
#
# **模型复杂度。** $d$ 阶多项式就是最后一个权重为零的 $d + 1$ 阶多项式，
# 所以阶数升高时，最小的训练误差总会更低，最坏也是相等：
#
# $$\min_{w \in \mathbb{R}^{d+2}} R_{\mathrm{train}}(w)
# \le \min_{w \in \mathbb{R}^{d+1}} R_{\mathrm{train}}(w).$$
#
# 在代码中，掩码的每一列都包含前一列。请注意：这里说的是最小值，不是 SGD 停下的地方。

# %%
page.engine("studies._polynomials", "degree_mask")

# %% [markdown] lang="en"
# Read [the figure of 4.4.1](#figure-capacity) once more, from left to right. Where all losses are high and close together, the
# model underfits; where the training loss is clearly below the others, it overfits.

# %% [markdown] lang="zh"
# 请从左到右再读一遍[4.4.1 的图](#figure-capacity)。各种损失都很高而且彼此接近的地方是欠拟合；
# 训练损失明显低于其他损失的地方是过拟合。

# %% lang="en"
page.say(
    """
    {% if claims.underfitting_both_high.holds and claims.underfitting_small_gap.holds %}
    The straight line underfits: both its losses are high, and the gap is small.
    {% endif %}
    {% if claims.overfitting_gap_exactly.holds %}
    The highest degree, fitted exactly, overfits: its validation loss is
    {{ claims.overfitting_gap_exactly.evidence | number(2) }} orders of magnitude above its training loss.
    {% endif %}
    """
)

# %% lang="zh"
page.say(
    """
    {% if claims.underfitting_both_high.holds and claims.underfitting_small_gap.holds %}
    直线欠拟合：两种损失都很高，差距却很小。
    {% endif %}
    {% if claims.overfitting_gap_exactly.holds %}
    最高阶的精确解过拟合：它的验证损失比训练损失高
    {{ claims.overfitting_gap_exactly.evidence | number(2) }} 个数量级。
    {% endif %}
    """
)

# %% [markdown] lang="en"
# **The size of the dataset.** In [the figure](#figure-sample_size), look in each panel where the two curves meet, and
# at which height. Among the exact fits, compare how many examples each degree needs before its
# test loss comes down.

# %% [markdown] lang="zh"
# **数据集大小。** 看[图](#figure-sample_size) 时，请留意每幅小图中的两条曲线在哪里会合，会合在什么高度。
# 在精确解中，请比较各个阶数需要多少样本，测试损失才会降下来。

# %%
page.figure("sample_size")

# %%
page.explore(
    "polynomials",
    "sample_size_fits",
    "sample_size_degrees",
    "sample_size_examples",
    "sample_size_truth",
)

# %%
page.explore("playground", "sample_size_truth", "sample_size_degrees")

# %% lang="en"
page.say(
    """
    With {{ sizes.most }} examples, the exact fits of degree {{ sizes.lowest }} have a training loss of
    {{ sizes.simple_train | number(2) }} and a test loss of {{ sizes.simple_test | number(2) }}; those of
    degree {{ sizes.highest }}, {{ sizes.complex_train | number(2) }} and
    {{ sizes.complex_test | number(2) }} (medians).
    """
)

# %% lang="zh"
page.say(
    """
    有 {{ sizes.most }} 个样本时，{{ sizes.lowest }} 阶精确解的训练损失是 {{ sizes.simple_train | number(2) }}，
    测试损失是 {{ sizes.simple_test | number(2) }}；{{ sizes.highest }} 阶的分别是
    {{ sizes.complex_train | number(2) }} 和 {{ sizes.complex_test | number(2) }}（中位数）。
    """
)

# %%
page.claims("4.4.3")

# %% [markdown] lang="en"
# Where SGD and least squares disagree, the reason is that of 4.4.1: SGD has hardly moved along the
# directions that a higher degree adds, so a complex polynomial that is stopped early behaves like a simple
# one.
#
# **Summary.**
#
# - Underfitting: both errors are high, and close. Overfitting: the training error is clearly lower.
# - At the minimum, a higher degree never has a higher training error; an optimiser need not be there.
# - More examples close the gap; how many it takes depends on the model.
#
# **Try it yourself.**
#
# - `studies.sample_size.sizes`: add 1000 and 2000. Do the two curves of the highest degree meet?
# - `studies.sample_size.degrees`: degrees between the true one and the highest. How many examples
#   does each need?
# - `studies.sample_size.batch_size`: 2, so that few examples make more steps. How does the
#   training loss change at the left end of the upper panels?

# %% [markdown] lang="zh"
# SGD 与最小二乘不一致的地方，原因与 4.4.1 相同：在高阶新增的方向上，SGD 几乎还没有移动，
# 所以提前停止的复杂多项式，表现得像简单的多项式。
#
# **小结。**
#
# - 欠拟合：两种误差都高，而且接近。过拟合：训练误差明显更低。
# - 在最小值处，阶数更高，训练误差不会更高；但优化算法不一定到达那里。
# - 样本越多，差距越小；需要多少样本，取决于模型。
#
# **动手试一试。**
#
# - `studies.sample_size.sizes`：添上 1000 和 2000。最高阶的两条曲线会合了吗？
# - `studies.sample_size.degrees`：取真实阶数与最高阶之间的阶数。各需要多少样本？
# - `studies.sample_size.batch_size`：改成 2，让很少的样本也能走更多步。上排各图左端的训练损失会怎样变化？

# %% [markdown] lang="en"
# ### 4.4.4 Polynomial regression
#
# **Questions.** On the same data, do two features underfit? Do twenty overfit? Are four right?
# The notes draw $x$ from a standard normal distribution and take
#
# $$\begin{aligned}
# y & = 5 + 1.2 x - 3.4 \frac{x^2}{2!} + 5.6 \frac{x^3}{3!} + \epsilon, \\
# \epsilon & \sim \mathcal{N}(0, 0.1^2).
# \end{aligned}$$
#
# Dividing by $i!$ keeps the high powers and their gradients from becoming too large. `max_degree` is the
# number of features, so the highest power is one less. `np.power` broadcasts a column of $x$ against a row
# of degrees and so makes all features at once; `math.gamma(i + 1)` is $i!$; `np.dot` takes `true_w` as a
# column. The code is written for the general case: $x$ is a column, one example per row, so that the same
# lines serve any number of features.

# %% [markdown] lang="zh"
# ### 4.4.4 多项式回归
#
# **问题。** 在同样的数据上，两个特征会欠拟合吗？二十个会过拟合吗？四个正合适吗？
# 笔记从标准正态分布中抽取 $x$，标签是
#
# $$\begin{aligned}
# y & = 5 + 1.2 x - 3.4 \frac{x^2}{2!} + 5.6 \frac{x^3}{3!} + \epsilon, \\
# \epsilon & \sim \mathcal{N}(0, 0.1^2).
# \end{aligned}$$
#
# 除以 $i!$，可以避免高次幂和它们的梯度变得非常大。`max_degree` 是特征的个数，所以最高的阶数比它小 1。
# 代码中的 `np.power` 用到了广播机制：一列 $x$ 与一行指数，一次得到全部特征；
# `math.gamma(i + 1)` 就是 $i!$；`np.dot` 把 `true_w` 看作列向量。
# 这些函数要往普遍适用的方向去设计：$x$ 写成一列，每行一个样本，同样的几行代码就适用于任意多个特征。

# %% tags=["code"]
import math

import numpy as np
import torch

rng = np.random.default_rng(0)
max_degree, n_train, n_test = 20, 100, 100
true_w = np.zeros(max_degree)
true_w[0:4] = np.array([5, 1.2, -3.4, 5.6])

features = rng.normal(size=(n_train + n_test, 1))
rng.shuffle(features)
poly_features = np.power(features, np.arange(max_degree).reshape(1, -1))
for i in range(max_degree):
    poly_features[:, i] /= math.gamma(i + 1)
labels = np.dot(poly_features, true_w)
labels += rng.normal(scale=0.1, size=labels.shape)
print(type(labels).__name__, labels.dtype, labels.shape)

true_w, features, poly_features, labels = [
    torch.tensor(x, dtype=torch.float32) for x in [true_w, features, poly_features, labels]
]
print(type(labels).__name__, labels.dtype, labels.shape)

# %%
page.figure("polynomial_terms")

# %%
page.table("polynomial_terms")

# %% [markdown] lang="en"
# An `ndarray` is NumPy's array, a `Tensor` is PyTorch's. Only tensors carry gradients, so the data are
# converted, and rounded from 64 to 32 bits on the way.
#
# `evaluate_loss` gives the mean loss over a dataset, minibatch by minibatch. `train` takes the number of
# inputs from the features (`shape[-1]`), and turns the labels into a column, like the outputs of the model.
# There is no bias, because the feature $x^0 = 1$ already acts as one.

# %% [markdown] lang="zh"
# `ndarray` 是 NumPy 的数组，`Tensor` 是 PyTorch 的张量。只有张量带有梯度，所以要转换数据，
# 同时从 64 位舍入到 32 位。
#
# `evaluate_loss` 逐个小批量地计算整个数据集上的平均损失。`train` 从特征的形状（`shape[-1]`）得到输入的个数，
# 并把标签变成一列，与模型输出的形状一致。模型不设置偏置，因为特征 $x^0 = 1$ 已经起到了偏置的作用。

# %% tags=["code"]
from torch import nn
from torch.utils import data


def load_array(data_arrays, batch_size, is_train=True):
    return data.DataLoader(data.TensorDataset(*data_arrays), batch_size, shuffle=is_train)


def evaluate_loss(net, data_iter, loss):
    total, count = 0.0, 0
    with torch.no_grad():
        for X, y in data_iter:
            out = net(X)
            l = loss(out, y.reshape(out.shape))
            total, count = total + l.sum().item(), count + l.numel()
    return total / count


def train(train_features, test_features, train_labels, test_labels, num_epochs=400):
    loss = nn.MSELoss(reduction="none")
    net = nn.Sequential(nn.Linear(train_features.shape[-1], 1, bias=False))
    batch_size = min(10, train_labels.shape[0])
    train_iter = load_array((train_features, train_labels.reshape(-1, 1)), batch_size)
    test_iter = load_array((test_features, test_labels.reshape(-1, 1)), batch_size, False)
    trainer = torch.optim.SGD(net.parameters(), lr=0.01)
    for _ in range(num_epochs):
        for X, y in train_iter:
            trainer.zero_grad()
            loss(net(X), y).mean().backward()
            trainer.step()
    losses = (evaluate_loss(net, each, loss) for each in (train_iter, test_iter))
    print("train {:.3f}, test {:.3f}".format(*losses))
    print("weight:", net[0].weight.data.numpy().round(2)[0][:6])


# %% [markdown] lang="en"
# The notes break off before they use this function. Four, two and twenty features, and 1500 epochs for
# twenty, are the settings of the book, which the measurements follow. Here, for a first look, are four and
# two features, and fewer epochs:

# %% [markdown] lang="zh"
# 笔记写到这里就中断了，没有用上这个函数。四个、两个和二十个特征，以及二十个特征时的 1500 个周期，
# 都是书中的设置，测量也照此进行。这里先看四个和两个特征，周期数也少一些：

# %% tags=["code"]
torch.manual_seed(0)
for columns in (4, 2):
    print(f"{columns} features:")
    parts = poly_features[:n_train, :columns], poly_features[n_train:, :columns]
    train(*parts, labels[:n_train], labels[n_train:], num_epochs=100)

# %% [markdown] lang="en"
# The table shows in which settings the three models of the measurements differ.

# %% [markdown] lang="zh"
# 测量用的三个模型在哪些设置上不同，见下表。

# %%
page.engine("datasets.polynomial", "features", "generate")

# %%
page.engine("models.polynomial_regression.concise", "network", "build")

# %%
page.engine("training.fit", "evaluate")

# %%
page.settings("polynomial_regression.concise")

# %% [markdown] lang="en"
# Look at the ends of the curves, where there are few points. There a fit departs first from the dashed
# truth.

# %% [markdown] lang="zh"
# 请看曲线的两端，那里的点很少：拟合如果偏离虚线所示的真实曲线，最先会在那里显现。

# %%
page.of_datasets("fits")

# %% [markdown] lang="en"
# Look where each loss ends: at the variance of the noise, $0.1^2$ in the notes, or above it? And how far is
# the test loss from the training loss?

# %% [markdown] lang="zh"
# 请看各个损失最后停在哪里：是噪声的方差（笔记中是 $0.1^2$），还是高于它？测试损失与训练损失相差多少？

# %%
page.curves("training", "polynomial_regression.concise")

# %% lang="en"
page.say(
    """
    {% for row in polynomials.rows %}
    {% if loop.first %}At the end, with{% else %}; with{% endif %} {{ row.features or "all" }} features
    and {{ row.epochs }} epochs, the training loss is {{ row.train | number(2) }} and the test loss
    {{ row.test | number(2) }}{% endfor %}.
    """
)

# %% lang="zh"
page.say(
    """
    训练结束时，
    {% for row in polynomials.rows %}
    {{ row.features or "全部" }} 个特征（{{ row.epochs }} 个周期）的训练损失是 {{ row.train | number(2) }}，
    测试损失是 {{ row.test | number(2) }}{{ "；" if not loop.last else "。" }}
    {% endfor %}
    """
)

# %%
page.weights("polynomial_regression.concise")

# %% lang="en"
page.say(
    """
    {% if learned.wide %}
    With {{ learned.wide.features }} features, the greatest of the weights that should be zero, in any replicate, is
    {{ learned.wide.beyond | number(2) }}.
    {% endif %}
    """
)

# %% lang="zh"
page.say(
    """
    {% if learned.wide %}
    用 {{ learned.wide.features }} 个特征时，本该为零的权重在各次重复中最大达到 {{ learned.wide.beyond | number(2) }}。
    {% endif %}
    """
)

# %% [markdown] lang="en"
# K-fold cross-validation of the same three models, on the training data alone. Look at the individual
# folds. A fold that holds an outermost $x$ requires a prediction outside the range of its training data.

# %% [markdown] lang="zh"
# 同样三个模型的 K折交叉验证，只用训练数据。请看一条条细线。
# 含有最靠边的 $x$ 的折，需要预测的值超出了训练数据的范围。

# %%
page.curves("kfold", "polynomial_regression.concise")

# %%
page.measured("polynomial_regression.concise")

# %% [markdown] lang="en"
# The intervals of the two columns mean different things. On the left only the initial values and
# the shuffles change; on the right the data change, too. An interval that spans several orders of magnitude
# only means that so few folds, which differ so much, say little.

# %% [markdown] lang="zh"
# 两列的置信区间含义不同。左列变化的只有初始值和打乱的次序，右列连数据也在变。
# 如果区间跨越几个数量级，只说明折数这么少、彼此又这么不同，能说明的很有限。

# %%
page.claims("4.4.4")

# %% [markdown] lang="en"
# **Summary.**
#
# - Polynomial regression is linear in its features, the powers of $x$ divided by their factorials.
# - Too few features underfit; too many can overfit, if training goes on long enough.
# - An `ndarray` becomes a `Tensor` before training.
#
# **Try it yourself.**
#
# - `datasets.polynomial.examples`: 20. With as many features as examples, how far is the test loss
#   from the training loss? Which model would you choose now?
# - `models.polynomial_overfit.epochs`: ten times as many. Does the test loss rise while the
#   training loss falls?
# - `models.polynomial_normal.features`: 3, then 5. Which costs more, one feature too few or one too
#   many?

# %% [markdown] lang="zh"
# **小结。**
#
# - 多项式回归对特征是线性的，特征是 $x$ 的各次幂除以阶乘。
# - 特征太少就欠拟合；特征太多，训练得足够久就可能过拟合。
# - 训练之前，要把 `ndarray` 转换为 `Tensor`。
#
# **动手试一试。**
#
# - `datasets.polynomial.examples`：改成 20。特征与样本一样多时，测试损失离训练损失有多远？现在你会选哪个模型？
# - `models.polynomial_overfit.epochs`：增加到十倍。训练损失下降时，测试损失会上升吗？
# - `models.polynomial_normal.features`：改成 3，再改成 5。少一个特征和多一个特征，哪个代价更大？

# %%
page.exercises("4.4")
