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

page = Page("../..", language)


# %% [markdown] lang="en"
# # Linear regression
#
# Linear regression predicts a number as a weighted sum of features. It is the simplest network there is,
# and it already has everything: data, a model, a loss, and a way to minimise it. Each section first shows
# the code of the notes, which runs on this page, and then what many runs of it have measured.

# %% [markdown] lang="zh"
# # 线性回归
#
# 用特征的加权和来预测一个数值。这是最简单的网络，却已经样样俱全：数据、模型、损失函数，以及优化算法。
# 每一节都先给出笔记中的代码，它们就在本页上运行；再给出多次运行的测量结果。

# %% [markdown] lang="en"
# ## 3.1 Linear regression
#
# **Questions.** The loss of linear regression has its minimum where the derivative is zero, so it
# can be solved in one step. Does stochastic gradient descent, which sees only a few
# examples at a time, get there too? How large may its steps be? And why squares?
#
# With one example in each row of $X$, and a column of ones for the bias,
#
# $$\hat{y} = Xw, \qquad L(w) = \frac{1}{2n} \lVert Xw - y \rVert^2, \qquad
# \nabla L = 0 \iff w^* = (X^\top X)^{-1} X^\top y.$$
#
# The inverse exists if $X$ has full column rank, that is, if no feature is a weighted sum of the others.
# The closed form needs no learning rate and no epochs, but hardly any other model has one. It finds the
# weights 2 and −3.4 and the bias 4.2 from noisy examples of them:

# %% [markdown] lang="zh"
# ## 3.1 线性回归
#
# **问题。** 线性回归的损失在导数为零处取得最小值，因此可以一步到位地求解。
# 随机梯度下降每次只看少数样本，也能到达那里吗？每一步可以迈多大？为什么要用平方？
#
# 矩阵 $X$ 的每一行是一个样本，另加一列 1 对应偏置：
#
# $$\hat{y} = Xw, \qquad L(w) = \frac{1}{2n} \lVert Xw - y \rVert^2, \qquad
# \nabla L = 0 \iff w^* = (X^\top X)^{-1} X^\top y.$$
#
# 只要 $X$ 列满秩，即没有哪个特征是其他特征的加权和，逆矩阵就存在。
# 解析解不需要学习率，也不需要迭代周期；但其他模型几乎都没有解析解。
# 下面从带噪声的样本求出权重 2、−3.4 和偏置 4.2：

# %% tags=["code"]
import torch

torch.manual_seed(0)
X = torch.cat([torch.normal(0, 1, (1000, 2)), torch.ones(1000, 1)], dim=1)
y = X @ torch.tensor([2, -3.4, 4.2]) + torch.normal(0, 0.01, (1000,))
print("closed form:", torch.linalg.solve(X.T @ X, X.T @ y))

# %% [markdown] lang="en"
# The study solves the same equation; `lstsq` does so without computing $X^\top X$:

# %% [markdown] lang="zh"
# 实验求解同样的方程；其中的 `lstsq` 不必算出 $X^\top X$：

# %%
page.code("studies.closed_form", "normal_equation")

# %%
page.table("closed_form", digits=6)

# %% [markdown] lang="en"
# On the same data, minibatch stochastic gradient descent takes many small steps against the
# gradient of a few examples:
#
# $$w \leftarrow w - \frac{\eta}{|B|} \sum_{i \in B} \nabla \ell_i(w).$$
#
# [The figure](#figure-closed_form) follows its distance from the closed form. The closed form itself is not
# the truth, because the data are noisy; the dashed line is its distance from it.

# %% [markdown] lang="zh"
# 小批量随机梯度下降用同样的数据，每次只根据少数样本的梯度迈一小步：
#
# $$w \leftarrow w - \frac{\eta}{|B|} \sum_{i \in B} \nabla \ell_i(w).$$
#
# [图](#figure-closed_form) 中是它与解析解的距离。数据中有噪声，解析解本身也不等于真值；虚线就是两者的距离。

# %%
page.figure("closed_form")

# %% lang="en"
page.say(
    """
    In {{ descent.steps }} steps the mean distance falls from {{ descent.start | number }} to
    {{ descent.end | number }}. {% if descent.crosses %}
    From step {{ descent.crossing }} on it is below the dashed line ({{ descent.truth | number }}): what
    SGD leaves undone is then less than what the noise does.
    {% else %}
    It ends at {{ descent.times_truth | number(2) }} times the height of the dashed line
    ({{ descent.truth | number }}), so what SGD leaves undone still exceeds what the noise does.
    {% endif %}
    """
)

# %% lang="zh"
page.say(
    """
    经过 {{ descent.steps }} 步，平均距离从 {{ descent.start | number }} 降到
    {{ descent.end | number }}。{% if descent.crosses %}
    从第 {{ descent.crossing }} 步起，它低于虚线（{{ descent.truth | number }}）：SGD 留下的误差已经小于噪声造成的误差。
    {% else %}
    最后它仍是虚线高度（{{ descent.truth | number }}）的 {{ descent.times_truth | number(2) }} 倍，
    也就是说，SGD 留下的误差还大于噪声造成的误差。
    {% endif %}
    """
)

# %% [markdown] lang="en"
# **The learning rate** $\eta$ scales the steps: the length of a step is $\eta$ times the norm of the
# gradient. Here the same model is trained with learning rates over several orders of magnitude, from the
# same initial values and on the same minibatches ([figure](#figure-learning_rate)).

# %% [markdown] lang="zh"
# **学习率** $\eta$ 控制步长：每一步的长度是 $\eta$ 乘以梯度的范数。
# 这里用相差几个数量级的学习率分别训练同一个模型，初始值和小批量都相同（[图](#figure-learning_rate)）。

# %%
page.figure("learning_rate")

# %%
page.explore("learning_rate", "learning_rate_path", "learning_rate_surface")

# %% lang="en"
page.say(
    """
    With $\\eta$ = {{ rates.slowest | plain }} the loss ends at {{ rates.slowest_loss | number }}. The least
    loss, {{ rates.best_loss | number }}, is reached with $\\eta$ = {{ rates.best | plain }}.
    {% if rates.diverges %}
    With $\\eta$ = {{ rates.diverging | plain }} training diverges.
    {% endif %}
    """
)

# %% lang="zh"
page.say(
    """
    取 $\\eta$ = {{ rates.slowest | plain }} 时，损失停在 {{ rates.slowest_loss | number }}；
    取 $\\eta$ = {{ rates.best | plain }} 时损失最小，为 {{ rates.best_loss | number }}。
    {% if rates.diverges %}
    取 $\\eta$ = {{ rates.diverging | plain }} 时，训练发散。
    {% endif %}
    """
)

# %% [markdown] lang="en"
# **Vectorisation** replaces a loop over the elements by one operation on all of them. The sums are
# the same; the times are not ([figure](#figure-vectorisation)).

# %% [markdown] lang="zh"
# **矢量化加速**用一次矢量运算代替对元素的循环。得到的和相同，所用的时间却不同（[图](#figure-vectorisation)）。

# %%
page.code("studies.vectorisation", "loop")

# %%
page.figure("vectorisation")

# %% lang="en"
page.say(
    """
    To add two vectors of {{ loop.length }} elements, the loop takes {{ (1e3 * loop.loop) | number(2) }} ms
    and the single operation {{ (1e6 * loop.vectorised) | number(2) }} µs:
    {% if loop.factor > 1 %}the loop is {{ loop.factor | number(2) }} times slower
    {% else %}the loop is not slower{% endif %}.
    """
)

# %% lang="zh"
page.say(
    """
    把两个长度为 {{ loop.length }} 的向量相加，循环用 {{ (1e3 * loop.loop) | number(2) }} 毫秒，
    一次矢量运算用 {{ (1e6 * loop.vectorised) | number(2) }} 微秒：
    {% if loop.factor > 1 %}循环所用的时间是后者的 {{ loop.factor | number(2) }} 倍
    {% else %}循环并不更慢{% endif %}。
    """
)

# %% [markdown] lang="en"
# **Why squares?** If the noise is normal, $y = w^\top x + b + \varepsilon$ with
# $\varepsilon \sim \mathcal{N}(0, \sigma^2)$, then the negative log-likelihood of the data is
#
# $$-\log P(y \mid X) = \sum_i \left( \tfrac{1}{2} \log(2 \pi \sigma^2)
# + \frac{1}{2 \sigma^2} \left(y_i - w^\top x_i - b\right)^2 \right).$$
#
# Up to constants this is the squared loss. So maximum likelihood and least squares give the same
# parameters, whatever $\sigma$ is. The notes call what maximum likelihood finds a local optimum. For this
# model there is no other: the squared loss is convex, as [the figure](#figure-maximum_likelihood) shows.

# %% [markdown] lang="zh"
# **为什么用平方？** 如果噪声服从正态分布，即 $y = w^\top x + b + \varepsilon$，
# 其中 $\varepsilon \sim \mathcal{N}(0, \sigma^2)$，那么数据的负对数似然是
#
# $$-\log P(y \mid X) = \sum_i \left( \tfrac{1}{2} \log(2 \pi \sigma^2)
# + \frac{1}{2 \sigma^2} \left(y_i - w^\top x_i - b\right)^2 \right).$$
#
# 除常数外，它就是平方损失。因此无论 $\sigma$ 是多少，极大似然估计得到的参数都与最小二乘的参数相同。
# 笔记说极大似然估计找到的是局部最优值；对这个模型来说，平方损失是凸函数，
# 没有别的最优值，见[图](#figure-maximum_likelihood)。

# %%
page.figure("maximum_likelihood")

# %%
page.claims("3.1")

# %% [markdown] lang="en"
# **Summary.**
#
# - Linear regression has a closed form; minibatch SGD approaches it step by step.
# - The learning rate decides between slow progress, fast progress and divergence.
# - Operations on whole vectors replace loops.
# - Least squares is maximum likelihood under normal noise.
#
# **Try it yourself.**
#
# - `datasets.linear.noise`: ten times the noise. The closed form moves away from the truth; does SGD
#   still reach the closed form?
# - `studies.learning_rate.learning_rates`: add more rates between the largest that converges and the
#   smallest that diverges. Where exactly is the limit?
# - `studies.closed_form.batch_size`: 1, or all examples. How does the path change?

# %% [markdown] lang="zh"
# **小结。**
#
# - 线性回归有解析解；小批量随机梯度下降一步一步地接近它。
# - 学习率决定训练是缓慢、快速还是发散。
# - 用矢量运算代替循环。
# - 在正态噪声下，最小二乘就是极大似然估计。
#
# **动手试一试。**
#
# - `datasets.linear.noise`：把噪声放大十倍。解析解会离真值更远；SGD 还能到达解析解吗？
# - `studies.learning_rate.learning_rates`：在收敛的最大学习率与发散的最小学习率之间多取几个。
#   界限究竟在哪里？
# - `studies.closed_form.batch_size`：改成 1，或者全部样本。下降的路线会怎样变化？

# %%
page.exercises("3.1")

# %% [markdown] lang="en"
# ## 3.2 Linear regression from scratch
#
# **Questions.** Can we recover the true weights of the data with nothing but tensors and automatic
# differentiation? The data are synthetic, so the truth is known:
# $y = Xw + b + \varepsilon$.
#
# **Data.** `torch.normal(mean, std, size)` draws a tensor of that size from a normal distribution. Here it
# draws the features, and then the noise.

# %% [markdown] lang="zh"
# ## 3.2 线性回归的从零实现
#
# **问题。** 只用张量和自动微分，能不能还原生成数据的真实权重？
# 数据是人工合成的，$y = Xw + b + \varepsilon$，所以真值是已知的。
#
# **数据。** `torch.normal(mean, std, size)` 从正态分布中抽取指定大小的张量：这里先抽取特征，再抽取噪声。

# %% tags=["code"]
import random

import torch


def synthetic_data(w, b, num_examples):
    X = torch.normal(0, 1, (num_examples, len(w)))
    y = torch.matmul(X, w) + b
    y += torch.normal(0, 0.01, y.shape)
    return X, y.reshape((-1, 1))


random.seed(0)
torch.manual_seed(0)
true_w, true_b = torch.tensor([2, -3.4]), 4.2
features, labels = synthetic_data(true_w, true_b, 1000)
print(features.shape, labels.shape)

# %% [markdown] lang="en"
# `matmul`, which may also be written `@`, multiplies tensors of many shapes: a matrix and a vector as
# above, or a batch of matrices. `mm` multiplies two matrices and refuses anything else.

# %% [markdown] lang="zh"
# `matmul` 也可以写成 `@`，适用于多种形状：像上面那样用矩阵乘以向量，也可以成批地相乘。
# `mm` 只适用于二维矩阵相乘，其他形状一律拒绝。

# %% tags=["code"]
print(torch.matmul(torch.ones(5, 2, 3), torch.ones(3, 4)).shape)
print(torch.mm(torch.ones(2, 3), torch.ones(3, 4)).shape)
try:
    torch.mm(torch.ones(5, 2, 3), torch.ones(3, 4))
except RuntimeError as error:
    print("RuntimeError:", error)

# %% [markdown] lang="en"
# **The data iterator** shuffles the indices once per epoch and cuts them into minibatches, so every
# example comes exactly once, in random order.

# %% [markdown] lang="zh"
# **数据迭代器**在每个迭代周期打乱一次下标，再切成小批量。于是每个样本恰好被读取一次，没有特定的顺序。


# %% tags=["code"]
def data_iter(batch_size, features, labels):
    num_examples = len(features)
    indices = list(range(num_examples))
    random.shuffle(indices)
    for i in range(0, num_examples, batch_size):
        batch_indices = torch.tensor(indices[i : min(i + batch_size, num_examples)])
        yield features[batch_indices], labels[batch_indices]


# %%
page.figure("minibatches")

# %% [markdown] lang="en"
# **Model, loss and optimiser.** `sgd` works under `torch.no_grad()`, because the update itself is no part
# of what is differentiated. It sets each gradient to zero afterwards, because `backward` adds to what is
# already there.

# %% [markdown] lang="zh"
# **模型、损失函数和优化算法。** `sgd` 在 `torch.no_grad()` 中进行，因为更新本身不参与求导；
# 之后它把梯度清零，因为 `backward` 会把新的梯度累加到已有的梯度上。


# %% tags=["code"]
def linreg(X, w, b):
    return torch.matmul(X, w) + b


def squared_loss(y_hat, y):
    return (y_hat - y.reshape(y_hat.shape)) ** 2 / 2


def sgd(params, lr, batch_size):
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad / batch_size
            param.grad.zero_()


# %% [markdown] lang="en"
# **Training** repeats three steps on each minibatch: compute the loss (forward), its gradient (backward),
# and the update (step). Why `l.sum()`? The loss `l` has one entry for each example, and `backward` starts
# from a single number. The gradient of the sum is the sum of the gradients; `sgd` divides it by the batch
# size, which makes it the mean.

# %% [markdown] lang="zh"
# **训练**在每个小批量上重复三步：计算损失（前向），计算梯度（反向），更新参数。
# 为什么要用 `l.sum()`？因为 `l` 中每个样本占一项，而 `backward` 只能从一个标量开始。
# 总和的梯度就是梯度的总和；`sgd` 再除以批量大小，得到平均的梯度。

# %% tags=["code"]
w = torch.normal(0, 0.01, size=(2, 1), requires_grad=True)
b = torch.zeros(1, requires_grad=True)
lr, num_epochs, batch_size = 0.03, 3, 10

for epoch in range(num_epochs):
    for X, y in data_iter(batch_size, features, labels):
        l = squared_loss(linreg(X, w, b), y)
        l.sum().backward()
        sgd([w, b], lr, batch_size)
    with torch.no_grad():
        train_l = squared_loss(linreg(features, w, b), labels)
        print(f"epoch {epoch + 1}, loss {float(train_l.mean()):.6f}")
print("w:", [round(value, 3) for value in w.flatten().tolist()], "b:", round(b.item(), 3))

# %% [markdown] lang="en"
# That is one training run. The measurements of this book repeat it with other seeds, and train all of
# these replicates side by side: every parameter has an additional first dimension, with one entry for each
# replicate. The gradient is that of the mean loss of each replicate's minibatch, so `sgd` need not divide
# by the batch size. Unfold to see how.

# %% [markdown] lang="zh"
# 以上是一次训练。本书的测量用不同的随机种子重复训练，并把所有的重复并排进行：
# 每个参数前面多了一维，每个重复占一项；对每个重复在小批量上的平均损失求梯度，
# 因此 `sgd` 不必再除以批量大小。展开即可查看代码。

# %%
page.engine("datasets.linear", "generate")

# %%
page.engine("studies.minibatches", "data_iter")

# %%
page.engine("models.linear_regression.scratch", "linreg", "squared_loss")

# %%
page.engine("training.optimisers", "sgd")

# %%
page.engine("training.fit", "train_step", "train_epoch", "fit")

# %% [markdown] lang="en"
# Is the order of the examples really random? A fixed scramble would look random, too. So the order of each
# epoch is compared with the index, with the epoch before and with the replicate before
# ([table](#table-minibatches_order)).

# %% [markdown] lang="zh"
# 读取样本的次序真的是随机的吗？固定不变的打乱方式看上去也是随机的；
# 因此把每个迭代周期的次序与编号、上一个迭代周期、上一次重复的次序作了比较（[表](#table-minibatches_order)）。

# %%
page.table("minibatches_order")

# %%
page.settings("linear_regression.scratch")

# %% [markdown] lang="en"
# In [the figure](#figure-training_linear_regression_scratch), *during the epoch* is the training loss as
# `train_epoch_ch3` of the notes computes it (3.6): a mean while the weights are still moving. The other lines are evaluated after each epoch.

# %% [markdown] lang="zh"
# [图](#figure-training_linear_regression_scratch) 中的“周期内平均”是笔记的 `train_epoch_ch3`（3.6）所计算的训练损失，
# 即权重仍在变化时的平均；其他曲线都在每个周期结束后评估。

# %%
page.curves("training", "linear_regression.scratch")

# %% lang="en"
page.say(
    """
    The mean test loss is {{ linear.first | number }} after the first epoch and {{ linear.last | number }}
    after epoch {{ linear.epochs }}.
    {% if learned.linear %}
    The learned parameters differ from the true ones by {{ learned.linear.error | number(2) }} at most.
    {% endif %}
    """
)

# %% lang="zh"
page.say(
    """
    平均测试损失在第一个周期之后是 {{ linear.first | number }}，
    在第 {{ linear.epochs }} 个周期之后是 {{ linear.last | number }}。
    {% if learned.linear %}
    学到的参数与真实参数最多相差 {{ learned.linear.error | number(2) }}。
    {% endif %}
    """
)

# %%
page.weights("linear_regression.scratch")

# %%
page.measured("linear_regression.scratch")

# %% [markdown] lang="en"
# What the notes say of functions of PyTorch and NumPy, here and later, was tried as well
# ([table](#table-library)).

# %% [markdown] lang="zh"
# 笔记在这里和后面对 PyTorch 和 NumPy 函数的说法，也都试过（[表](#table-library)）。

# %%
page.table("library")

# %% lang="en"
page.say(
    """
    {% if claims.std_is_the_variance.fails %}The notes call the argument `std` of `torch.normal` the variance. It is
    the standard deviation of the numbers that are drawn ([figure](#figure-library)).{% endif %}
    """
)

# %% lang="zh"
page.say(
    """
    {% if claims.std_is_the_variance.fails %}笔记把 `torch.normal` 的参数 `std` 称为方差，
    其实它是所抽取的数的标准差（[图](#figure-library)）。{% endif %}
    """
)

# %%
page.figure("library")

# %%
page.table("library_normal")

# %%
page.claims("3.2")

# %% [markdown] lang="en"
# The notes say that the error becomes smaller with each update. Minibatches are random, so a step may well
# increase the loss over all examples. Two of the claims above test this, one for single updates and one for
# whole epochs.
#
# **Summary.**
#
# - A data iterator, a model, a loss and `sgd` are all it takes to train.
# - Each step is forward, backward, update; gradients must be set to zero in between.
# - `l.sum()` makes one number of the losses, so that `backward` can start from it.
#
# **Try it yourself.**
#
# - `models.linear_regression_scratch.epochs`: 1. Has it converged?
# - `models.linear_regression_scratch.batch_size`: 1000, one step per epoch. How many epochs does it
#   take now?
# - `replicates`: 20. Which changes more, the means or their intervals?

# %% [markdown] lang="zh"
# 笔记说，误差会随着每一次更新越来越小。小批量是随机的，走一步之后，全体样本上的损失也可能增大；
# 上面有两条论断对此作了检验：一条针对每一次更新，一条针对每一个周期。
#
# **小结。**
#
# - 数据迭代器、模型、损失函数和 `sgd`，有了这些就能训练。
# - 每一步都是前向、反向、更新；其间必须把梯度清零。
# - `l.sum()` 把各个样本的损失合成一个标量，`backward` 才能从它开始。
#
# **动手试一试。**
#
# - `models.linear_regression_scratch.epochs`：改成 1。它收敛了吗？
# - `models.linear_regression_scratch.batch_size`：改成 1000，每个周期只走一步。现在需要多少个周期？
# - `replicates`：改成 20。变化更大的是均值，还是置信区间？

# %%
page.exercises("3.2")

# %% [markdown] lang="en"
# ## 3.3 Linear regression, concise
#
# **Questions.** Data iterators, losses, optimisers and layers are so common that libraries
# provide them. Do `nn.Linear`, `nn.MSELoss` and `torch.optim.SGD` do exactly the same as the lines
# above?
#
# **Data.** `load_array` is given a tuple of tensors. The star unpacks it: `TensorDataset(*data_arrays)` is
# `TensorDataset(features, labels)`. The tensors must have first dimensions of the same size, one entry for
# each example. `DataLoader` then makes minibatches, shuffled if `is_train` is true.

# %% [markdown] lang="zh"
# ## 3.3 线性回归的简洁实现
#
# **问题。** 数据迭代器、损失函数、优化器和神经网络层很常用，现代深度学习库也为我们实现了这些组件。
# 这里的 `nn.Linear`、`nn.MSELoss` 和 `torch.optim.SGD`，所做的与上面几行完全一样吗？
#
# **数据。** `load_array` 接受一个张量的元组，星号把它解包：
# `TensorDataset(*data_arrays)` 相当于 `TensorDataset(features, labels)`。
# 这些张量的第一维必须相等，每个样本占一项。`DataLoader` 再把它们组成小批量；`is_train` 为真时打乱次序。

# %% tags=["code"]
from torch import nn
from torch.utils import data


def load_array(data_arrays, batch_size, is_train=True):
    dataset = data.TensorDataset(*data_arrays)
    return data.DataLoader(dataset, batch_size, shuffle=is_train)


train_iter = load_array((features, labels), batch_size)
try:
    data.TensorDataset(features, labels[:-1])
except AssertionError as error:
    print("AssertionError:", error)

# %% [markdown] lang="en"
# **Model, loss and optimiser.** A single layer needs no `Sequential`, but nearly all later models have
# several. The optimiser is given the parameters and the learning rate, nothing else.

# %% [markdown] lang="zh"
# **模型、损失函数和优化算法。** 只有一层时并不需要 `Sequential`，但以后的模型几乎都是多层的。
# 优化器只需传入参数和学习率。

# %% tags=["code"]
net = nn.Sequential(nn.Linear(2, 1))
net[0].weight.data.normal_(0, 0.01)
net[0].bias.data.fill_(0)
loss = nn.MSELoss()
trainer = torch.optim.SGD(net.parameters(), lr=0.03)

# %% [markdown] lang="en"
# **Training.** `zero_grad` sets the gradients to zero, `backward` computes them, `step` updates the
# parameters. `nn.MSELoss` already gives the mean, so there is no `sum`, and no division by the batch size.

# %% [markdown] lang="zh"
# **训练。** `zero_grad` 把梯度清零，`backward` 计算梯度，`step` 更新参数。
# `nn.MSELoss` 给出的已经是平均值，因此不必求和，也不必除以批量大小。

# %% tags=["code"]
for epoch in range(num_epochs):
    for X, y in train_iter:
        l = loss(net(X), y)
        trainer.zero_grad()
        l.backward()
        trainer.step()
    with torch.no_grad():
        l = loss(net(features), labels)
        print(f"epoch {epoch + 1}, loss {float(l):.6f}")

# %%
page.engine("models.linear_regression.concise", "network", "build")

# %%
page.curves("training", "linear_regression.concise")

# %%
page.measured("linear_regression.concise")

# %% [markdown] lang="en"
# There is one difference, and it is not a rounding error: the loss from scratch has the book's factor
# $\tfrac{1}{2}$, and `nn.MSELoss` does not. At the same weights its loss and its gradients are twice as
# large, so with the same learning rate its steps are twice as long. The minimum is the same.

# %% [markdown] lang="zh"
# 有一处不同，而且不是舍入误差：从零实现的损失带有书中的因子 $\tfrac{1}{2}$，而 `nn.MSELoss` 没有。
# 在同样的权重处，后者的损失和梯度都是前者的两倍，于是同样的学习率，步长也是两倍。两者的最小值点相同。

# %%
page.claims("3.3")

# %% [markdown] lang="en"
# K-fold cross-validation (4.4.2) trains on all folds but one and validates on that one, for each
# fold in turn. The test set stays untouched.

# %% [markdown] lang="zh"
# K折交叉验证（4.4.2）依次在除一折之外的数据上训练，在留下的那一折上验证；测试集始终不动。

# %%
page.curves("kfold", "linear_regression.scratch")

# %%
page.curves("kfold", "linear_regression.concise")

# %% [markdown] lang="en"
# **Summary.**
#
# - The library provides the data iterator, the layer, the loss and the optimiser.
# - `TensorDataset(*arrays)` pairs tensors, example by example; `DataLoader` makes minibatches of them.
# - A step of training is `zero_grad`, `backward`, `step`.
#
# **Try it yourself.**
#
# - `models.linear_regression_concise.learning_rate`: half of that from scratch. Do the two curves coincide
#   now, but for the factor of two?

# %% [markdown] lang="zh"
# **小结。**
#
# - 深度学习库提供了数据迭代器、层、损失函数和优化器。
# - `TensorDataset(*arrays)` 把各个张量按样本配对，`DataLoader` 把它们组成小批量。
# - 训练的一步就是 `zero_grad`、`backward`、`step`。
#
# **动手试一试。**
#
# - `models.linear_regression_concise.learning_rate`：取从零实现的一半。除因子 2 之外，两条曲线现在重合吗？

# %%
page.figure("exercises_linear")

# %%
page.exercises("3.3")
