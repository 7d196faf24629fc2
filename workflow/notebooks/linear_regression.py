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
# A number is predicted from features by a weighted sum. It is the simplest network there is, and it
# already has everything: data, a model, a loss, and a way down.

# %% [markdown] lang="zh"
# # 线性回归
#
# 用特征的加权和来预测一个数值。这是最简单的网络，却已经样样俱全：数据、模型、损失，以及下降的方法。

# %% [markdown] lang="en"
# ## 3.1 Linear regression
#
# **What is asked.** The loss of linear regression has its minimum where the derivative is zero, so it
# can be solved for at one stroke. Does stochastic gradient descent, which only ever sees a few
# examples at a time, get there too? How far may it step? And why squares?
#
# With one example in each row of $X$, and a column of ones for the bias,
#
# $$\hat{y} = Xw, \qquad L(w) = \frac{1}{2n} \lVert Xw - y \rVert^2, \qquad
# \nabla L = 0 \iff w^* = (X^\top X)^{-1} X^\top y.$$
#
# The closed form needs no learning rate and no epochs; but hardly any other model has one.

# %% [markdown] lang="zh"
# ## 3.1 线性回归
#
# **问题。** 线性回归的损失在导数为零处取得最小值，因此可以一步到位地解出来。
# 随机梯度下降每次只看少数样本，也能到达那里吗？每一步可以迈多大？为什么要用平方？
#
# 矩阵 $X$ 的每一行是一个样本，另加一列 1 对应偏置：
#
# $$\hat{y} = Xw, \qquad L(w) = \frac{1}{2n} \lVert Xw - y \rVert^2, \qquad
# \nabla L = 0 \iff w^* = (X^\top X)^{-1} X^\top y.$$
#
# 解析解不需要学习率，也不需要迭代周期；但几乎没有别的模型有解析解。

# %%
page.code("studies.closed_form", "normal_equation")

# %%
page.table("closed_form")

# %% [markdown] lang="en"
# From the same data, minibatch stochastic gradient descent takes many small steps against the
# gradient of a few examples:
#
# $$w \leftarrow w - \frac{\eta}{|B|} \sum_{i \in B} \nabla \ell_i(w).$$
#
# Look where its distance from the closed form stops falling: below the dashed line it is nearer to
# the closed form than the closed form itself is to the truth.

# %% [markdown] lang="zh"
# 小批量随机梯度下降用同样的数据，每次只根据少数样本的梯度迈一小步：
#
# $$w \leftarrow w - \frac{\eta}{|B|} \sum_{i \in B} \nabla \ell_i(w).$$
#
# 请看它与解析解的距离在哪里不再下降：到了虚线以下，它离解析解已经比解析解离真值更近。

# %%
page.figure("closed_form")

# %% [markdown] lang="en"
# **The learning rate** $\eta$ is the length of each step. The same model, from the same initial
# values and on the same mini-batches, is trained with rates over several orders of magnitude.

# %% [markdown] lang="zh"
# **学习率** $\eta$ 决定了每次更新时沿梯度方向迈出多大的步伐。
# 同一个模型，从同样的初始值出发，使用同样的小批量，用相差几个数量级的学习率分别训练。

# %%
page.figure("learning_rate")

# %% [markdown] lang="en"
# **Vectorisation** replaces a loop over the elements by one operation on all of them. The sums are
# the same; the times are not.

# %% [markdown] lang="zh"
# **矢量化加速**用一次矢量运算代替对元素的循环。得到的和相同，所花的时间却不同。

# %%
page.code("studies.vectorisation", "loop")

# %%
page.figure("vectorisation")

# %% [markdown] lang="en"
# **Why squares?** If the noise is normal, $y = w^\top x + b + \varepsilon$ with
# $\varepsilon \sim \mathcal{N}(0, \sigma^2)$, then the negative log-likelihood of the data is
#
# $$-\log P(y \mid X) = \sum_i \left( \tfrac{1}{2} \log(2 \pi \sigma^2)
# + \frac{1}{2 \sigma^2} \left(y_i - w^\top x_i - b\right)^2 \right):$$
#
# the squared loss, but for constants. The parameters of maximum likelihood are those of the least
# squares, whatever $\sigma$ is.

# %% [markdown] lang="zh"
# **为什么用平方？** 如果噪声服从正态分布，即 $y = w^\top x + b + \varepsilon$，
# 其中 $\varepsilon \sim \mathcal{N}(0, \sigma^2)$，那么数据的负对数似然是
#
# $$-\log P(y \mid X) = \sum_i \left( \tfrac{1}{2} \log(2 \pi \sigma^2)
# + \frac{1}{2 \sigma^2} \left(y_i - w^\top x_i - b\right)^2 \right)。$$
#
# 除了常数，它就是平方损失。因此无论 $\sigma$ 是多少，极大似然估计得到的参数就是最小二乘的参数。

# %%
page.figure("maximum_likelihood")

# %%
page.claims("3.1")

# %% [markdown] lang="en"
# **Try next.**
#
# - `datasets.linear.noise`: ten times the noise. The closed form moves away from the truth; does SGD
#   still reach the closed form?
# - `studies.learning_rate.learning_rates`: put more rates between the last that converges and the
#   first that does not. Where exactly is the edge?
# - `studies.closed_form.batch_size`: 1, or all examples. What does the way look like?

# %% [markdown] lang="zh"
# **接着试。**
#
# - `datasets.linear.noise`：把噪声放大十倍。解析解会离真值更远；SGD 还能到达解析解吗？
# - `studies.learning_rate.learning_rates`：在最后一个收敛的学习率和第一个发散的学习率之间多放几个。
#   界限究竟在哪里？
# - `studies.closed_form.batch_size`：改成 1，或者全部样本。路线会变成什么样？

# %% [markdown] lang="en"
# ## 3.2 Linear regression from scratch
#
# **What is asked.** With nothing but tensors and automatic differentiation: can the data's true
# weights be found again? The data are made for it, so that the truth is known:
# $y = Xw + b + \varepsilon$.

# %% [markdown] lang="zh"
# ## 3.2 线性回归的从零实现
#
# **问题。** 只用张量和自动微分，能不能把生成数据的真实权重找回来？
# 数据是专门生成的，$y = Xw + b + \varepsilon$，所以真值是已知的。

# %%
page.code("datasets.linear", "generate")

# %% [markdown] lang="en"
# The data iterator shuffles the indices once an epoch and cuts them into mini-batches, so that every
# example comes exactly once, in random order.

# %% [markdown] lang="zh"
# 数据迭代器在每个迭代周期打乱一次下标，再切成小批量，于是每个样本恰好出现一次，没有特定的顺序。

# %%
page.code("studies.minibatches", "data_iter")

# %%
page.figure("minibatches")

# %% [markdown] lang="en"
# The model, the loss and the optimiser, as in the notes. Two things are new. Every parameter has a
# dimension in front, one entry for each replicate, so that several models, each with other chance,
# are trained side by side by the same formula. And what is differentiated is the mean loss of each
# replicate's mini-batch, so that `sgd` need not divide by the batch size.

# %% [markdown] lang="zh"
# 模型、损失函数和优化算法，与笔记一致。只有两处不同：每个参数前面多了一维，每个重复占一项，
# 这样几个模型（各有各的随机性）可以用同一个公式并排训练；
# 求导的是每个重复在小批量上的平均损失，因此 `sgd` 不必再除以批量大小。

# %%
page.code("chapters.linear_regression.scratch", "linreg", "squared_loss")

# %%
page.code("training.optimisers", "sgd")

# %%
page.code("training.parameters", "Parameter", "Gradient")

# %% [markdown] lang="en"
# And the training loop, the only one in the whole project: every model of this book goes through it,
# alone or together with others that are to see the same mini-batches.

# %% [markdown] lang="zh"
# 还有训练循环，整个项目只有这一个：本书的每个模型都由它训练，
# 或者单独训练，或者与要看同样小批量的其他模型一起训练。

# %%
page.code("training.fit", "train_step", "train_epoch", "fit")

# %%
page.settings("linear_regression.scratch")

# %% [markdown] lang="en"
# The loss falls by orders of magnitude within three epochs, then comes to rest on the noise. *During
# the epoch* is the notes' training loss, a mean while the weights still move; the other lines are
# evaluated after each epoch.

# %% [markdown] lang="zh"
# 三个迭代周期之内，损失下降几个数量级，然后停在噪声的水平上。
# “周期之中”是笔记里的训练损失，即权重还在变化时的平均；其他曲线都是在每个周期结束后评估的。

# %%
page.curves("training", "linear_regression.scratch")

# %%
page.measured("linear_regression.scratch")

# %%
page.claims("3.2")

# %% [markdown] lang="en"
# The notes say of the updates that each makes the loss smaller. Mini-batches are random, so not every
# single step comes nearer to the goal; each epoch, all in all, does.
#
# **Try next.**
#
# - `models.linear_regression_scratch.epochs`: 1. Has it arrived?
# - `models.linear_regression_scratch.batch_size`: 1000, one step an epoch. How many epochs does it
#   take now?
# - `replicates`: 20. The means hardly move; their intervals shrink.

# %% [markdown] lang="zh"
# 笔记说，每次更新都使损失减小。小批量是随机的，并非每一步都更接近目标；但每个周期总的来说都更近。
#
# **接着试。**
#
# - `models.linear_regression_scratch.epochs`：改成 1。它到达了吗？
# - `models.linear_regression_scratch.batch_size`：改成 1000，每个周期只走一步。现在需要多少个周期？
# - `replicates`：改成 20。均值几乎不变，置信区间会变窄。

# %% [markdown] lang="en"
# ## 3.3 Linear regression, concise
#
# **What is asked.** Data iterators, losses, optimisers and layers are so common that libraries
# provide them. Do `nn.Linear`, `nn.MSELoss` and `torch.optim.SGD` do the very same as the lines
# above?

# %% [markdown] lang="zh"
# ## 3.3 线性回归的简洁实现
#
# **问题。** 数据迭代器、损失函数、优化器和神经网络层很常用，现代深度学习库已经实现了这些组件。
# `nn.Linear`、`nn.MSELoss` 和 `torch.optim.SGD` 做的与上面几行完全一样吗？

# %%
page.code("chapters.linear_regression.concise", "network", "build")

# %%
page.curves("training", "linear_regression.concise")

# %%
page.measured("linear_regression.concise")

# %% [markdown] lang="en"
# There is one difference, and it is not one of rounding: the loss from scratch has the factor
# $\tfrac{1}{2}$ of the book, `nn.MSELoss` has not. Its gradients are twice as large, so the same
# learning rate takes steps twice as long. Both arrive at the same weights.

# %% [markdown] lang="zh"
# 有一处不同，而且不是舍入误差：从零实现的损失带有书中的因子 $\tfrac{1}{2}$，`nn.MSELoss` 没有。
# 它的梯度是两倍，同样的学习率步子就迈得两倍长。两者到达的权重是一样的。

# %%
page.claims("3.3")

# %% [markdown] lang="en"
# K-fold cross-validation (4.4.2) trains on all folds but one and validates on that one, for each
# fold in turn; the test set stays untouched.

# %% [markdown] lang="zh"
# K折交叉验证（4.4.2）依次在除一折之外的数据上训练，在留下的那一折上验证；测试集始终不动。

# %%
page.curves("kfold", "linear_regression.scratch")

# %%
page.curves("kfold", "linear_regression.concise")

# %% [markdown] lang="en"
# **Try next.**
#
# - `models.linear_regression_concise.learning_rate`: half of that from scratch. Now the two curves
#   should lie on each other.

# %% [markdown] lang="zh"
# **接着试。**
#
# - `models.linear_regression_concise.learning_rate`：取从零实现的一半。现在两条曲线应当重合。
