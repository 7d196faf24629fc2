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

sys.path.append("../../../workflow")  # this notebook lies in results/notebooks/<language>
from d2l_lab.book.page import Page

page = Page("../..", language)


# %% [markdown] lang="en"
# # Linear regression
#
# Linear regression predicts a number as a weighted sum of features. It is the simplest network there is,
# and it already has everything: data, a model, a loss, and a way to minimise it.

# %% [markdown] lang="zh"
# # 线性回归
#
# 用特征的加权和来预测一个数值。这是最简单的网络，却已经样样俱全：数据、模型、损失函数，以及优化算法。

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
# The closed form needs no learning rate and no epochs, but hardly any other model has one.

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
# 解析解不需要学习率，也不需要迭代周期；但其他模型几乎都没有解析解。

# %%
page.code("studies.closed_form", "normal_equation")

# %%
page.table("closed_form")

# %% [markdown] lang="en"
# On the same data, minibatch stochastic gradient descent takes many small steps against the
# gradient of a few examples:
#
# $$w \leftarrow w - \frac{\eta}{|B|} \sum_{i \in B} \nabla \ell_i(w).$$
#
# Look where its distance from the closed form stops falling. Below the dashed line it is closer to
# the closed form than the closed form is to the truth.

# %% [markdown] lang="zh"
# 小批量随机梯度下降用同样的数据，每次只根据少数样本的梯度迈一小步：
#
# $$w \leftarrow w - \frac{\eta}{|B|} \sum_{i \in B} \nabla \ell_i(w).$$
#
# 请看它与解析解的距离在哪里不再下降：到了虚线以下，它与解析解的距离已经小于解析解与真值的距离。

# %%
page.figure("closed_form")

# %% [markdown] lang="en"
# **The learning rate** $\eta$ is the length of each step. Here the same model is trained with learning
# rates over several orders of magnitude, from the same initial values and on the same mini-batches.

# %% [markdown] lang="zh"
# **学习率** $\eta$ 决定了每次更新时沿着梯度方向迈出多大的步伐。
# 这里用相差几个数量级的学习率分别训练同一个模型，初始值和小批量都相同。

# %%
page.figure("learning_rate")

# %% [markdown] lang="en"
# **Vectorisation** replaces a loop over the elements by one operation on all of them. The sums are
# the same; the times are not.

# %% [markdown] lang="zh"
# **矢量化加速**用一次矢量运算代替对元素的循环。得到的和相同，所用的时间却不同。

# %%
page.code("studies.vectorisation", "loop")

# %%
page.figure("vectorisation")

# %% [markdown] lang="en"
# **Why squares?** If the noise is normal, $y = w^\top x + b + \varepsilon$ with
# $\varepsilon \sim \mathcal{N}(0, \sigma^2)$, then the negative log-likelihood of the data is
#
# $$-\log P(y \mid X) = \sum_i \left( \tfrac{1}{2} \log(2 \pi \sigma^2)
# + \frac{1}{2 \sigma^2} \left(y_i - w^\top x_i - b\right)^2 \right).$$
#
# Up to constants this is the squared loss. So maximum likelihood and least squares give the same
# parameters, whatever $\sigma$ is.

# %% [markdown] lang="zh"
# **为什么用平方？** 如果噪声服从正态分布，即 $y = w^\top x + b + \varepsilon$，
# 其中 $\varepsilon \sim \mathcal{N}(0, \sigma^2)$，那么数据的负对数似然是
#
# $$-\log P(y \mid X) = \sum_i \left( \tfrac{1}{2} \log(2 \pi \sigma^2)
# + \frac{1}{2 \sigma^2} \left(y_i - w^\top x_i - b\right)^2 \right)。$$
#
# 除常数外，它就是平方损失。因此无论 $\sigma$ 是多少，极大似然估计得到的参数都与最小二乘的参数相同。

# %%
page.figure("maximum_likelihood")

# %%
page.claims("3.1")

# %% [markdown] lang="en"
# **Try it yourself.**
#
# - `datasets.linear.noise`: ten times the noise. The closed form moves away from the truth; does SGD
#   still reach the closed form?
# - `studies.learning_rate.learning_rates`: add more rates between the largest that converges and the
#   smallest that diverges. Where exactly is the limit?
# - `studies.closed_form.batch_size`: 1, or all examples. How does the path change?

# %% [markdown] lang="zh"
# **动手试一试。**
#
# - `datasets.linear.noise`：把噪声放大十倍。解析解会离真值更远；SGD 还能到达解析解吗？
# - `studies.learning_rate.learning_rates`：在收敛的最大学习率与发散的最小学习率之间多取几个。
#   界限究竟在哪里？
# - `studies.closed_form.batch_size`：改成 1，或者全部样本。下降的路线会怎样变化？

# %% [markdown] lang="en"
# ## 3.2 Linear regression from scratch
#
# **Questions.** Can we recover the true weights of the data with nothing but tensors and automatic
# differentiation? The data are synthetic, so the truth is known:
# $y = Xw + b + \varepsilon$.

# %% [markdown] lang="zh"
# ## 3.2 线性回归的从零实现
#
# **问题。** 只用张量和自动微分，能不能还原生成数据的真实权重？
# 数据是人工合成的，$y = Xw + b + \varepsilon$，所以真值是已知的。

# %%
page.code("datasets.linear", "generate")

# %% [markdown] lang="en"
# The data iterator shuffles the indices once per epoch and splits them into mini-batches, so every
# example comes exactly once, in random order.

# %% [markdown] lang="zh"
# 数据迭代器在每个迭代周期打乱一次下标，再切成小批量。于是每个样本恰好被读取一次，没有特定的顺序。

# %%
page.code("studies.minibatches", "data_iter")

# %%
page.figure("minibatches")

# %% [markdown] lang="en"
# Is the order really random? A fixed scramble would hide it from the eye, so the order of each epoch is
# compared with the index, with the epoch before and with the replicate before.

# %% [markdown] lang="zh"
# 次序真的是随机的吗？固定的打乱方式，肉眼看不出来；
# 因此把每个迭代周期的次序与编号、上一个迭代周期、上一次重复的次序作了比较。

# %%
page.table("minibatches_order")

# %% [markdown] lang="en"
# The model, the loss and the optimiser are those of the notes. Two things are new. Every parameter has
# an additional first dimension, with one entry for each replicate, so that several models, each with its
# own seed, are trained side by side by the same formula. And the gradient is that of the mean loss of each
# replicate's mini-batch, so `sgd` need not divide by the batch size. Without momentum and weight decay, which
# a model's settings may add, `step` is just that gradient.

# %% [markdown] lang="zh"
# 模型、损失函数和优化算法都与笔记一致，只有两处不同。
# 一是每个参数前面多了一维，每个重复占一项，这样几个模型（各有各的随机种子）可以用同一个公式并排训练；
# 二是对每个重复在小批量上的平均损失求梯度，因此 `sgd` 不必再除以批量大小。
# 动量和权重衰减可以在模型的设置中加入；没有它们时，`step` 就是这个梯度。

# %%
page.code("models.linear_regression.scratch", "linreg", "squared_loss")

# %%
page.code("training.optimisers", "sgd")

# %% [markdown] lang="en"
# Every model of this book is trained by the same loop, alone or together with others that must see the
# same mini-batches.

# %% [markdown] lang="zh"
# 本书的每个模型都由同一个训练循环训练：
# 或者单独训练，或者与需要看到同样小批量的其他模型一起训练。

# %%
page.code("training.fit", "train_step", "train_epoch", "fit")

# %%
page.settings("linear_regression.scratch")

# %% [markdown] lang="en"
# The loss falls by orders of magnitude within three epochs, then stays at the level of the noise. *During
# the epoch* is the notes' training loss, a mean while the weights are still moving; the other lines are
# evaluated after each epoch.

# %% [markdown] lang="zh"
# 在三个迭代周期之内，损失下降了几个数量级，然后停在噪声的水平上。
# 图例中的 *during the epoch* 是笔记中的训练损失，即权重仍在变化时的平均；其他曲线都在每个周期结束后评估。

# %%
page.curves("training", "linear_regression.scratch")

# %%
page.measured("linear_regression.scratch")

# %% [markdown] lang="en"
# What the notes say of functions of PyTorch and NumPy, here and later, was tried as well:

# %% [markdown] lang="zh"
# 笔记在这里和后面对 PyTorch 和 NumPy 函数的说法，也都试过：

# %%
page.figure("library")

# %%
page.table("library")

# %%
page.table("library_normal")

# %%
page.claims("3.2")

# %% [markdown] lang="en"
# The notes say that each update makes the loss smaller. Mini-batches are random, so not every
# single step lowers the loss over all examples, but each whole epoch does.
#
# **Try it yourself.**
#
# - `models.linear_regression_scratch.epochs`: 1. Has it converged?
# - `models.linear_regression_scratch.batch_size`: 1000, one step per epoch. How many epochs does it
#   take now?
# - `replicates`: 20. The means hardly move; their intervals shrink.

# %% [markdown] lang="zh"
# 笔记说，误差会随着每一次更新越来越小。小批量是随机的，并非每一步都使所有样本上的损失减小；
# 但以整个周期来看，每个周期的损失都更小。
#
# **动手试一试。**
#
# - `models.linear_regression_scratch.epochs`：改成 1。它收敛了吗？
# - `models.linear_regression_scratch.batch_size`：改成 1000，每个周期只走一步。现在需要多少个周期？
# - `replicates`：改成 20。均值几乎不变，置信区间会变窄。

# %% [markdown] lang="en"
# ## 3.3 Linear regression, concise
#
# **Questions.** Data iterators, losses, optimisers and layers are so common that libraries
# provide them. Do `nn.Linear`, `nn.MSELoss` and `torch.optim.SGD` do exactly the same as the lines
# above?

# %% [markdown] lang="zh"
# ## 3.3 线性回归的简洁实现
#
# **问题。** 数据迭代器、损失函数、优化器和神经网络层很常用，现代深度学习库也为我们实现了这些组件。
# 这里的 `nn.Linear`、`nn.MSELoss` 和 `torch.optim.SGD`，所做的与上面几行完全一样吗？

# %%
page.code("models.linear_regression.concise", "network", "build")

# %%
page.curves("training", "linear_regression.concise")

# %%
page.measured("linear_regression.concise")

# %% [markdown] lang="en"
# There is one difference, and it is not a rounding error: the loss from scratch has the book's factor
# $\tfrac{1}{2}$, and `nn.MSELoss` does not. Its gradients are twice as large, so the same
# learning rate takes steps twice as long. Both arrive at the same weights.

# %% [markdown] lang="zh"
# 有一处不同，而且不是舍入误差：从零实现的损失带有书中的因子 $\tfrac{1}{2}$，而 `nn.MSELoss` 没有。
# 后者的梯度是前者的两倍，同样的学习率，步长也就是两倍。两者到达的权重是一样的。

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
# **Try it yourself.**
#
# - `models.linear_regression_concise.learning_rate`: half of that from scratch. Now the two curves
#   should coincide.

# %% [markdown] lang="zh"
# **动手试一试。**
#
# - `models.linear_regression_concise.learning_rate`：取从零实现的一半。现在两条曲线应当重合。
