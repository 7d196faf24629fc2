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
# # Softmax regression
#
# Still a single layer, but its outputs are now the probabilities of the classes. This page introduces the
# loss of every classifier in this book, cross-entropy, and the dataset on which they are compared,
# Fashion-MNIST.

# %% [markdown] lang="zh"
# # softmax 回归
#
# 仍然只有一层，但输出变成了每个类别的概率。本页介绍本书所有分类模型的损失函数，即交叉熵损失，
# 以及用来比较这些模型的数据集 Fashion-MNIST。

# %% [markdown] lang="en"
# ## 3.4 Softmax regression
#
# **Questions.** The outputs of a linear layer can be any numbers, positive or negative. How do they become
# probabilities? Is the gradient of the loss really as simple as the notes say? And what does the
# loss have to do with surprise?
#
# There is one output $o_j$, a logit, for each class. Softmax takes the exponential of each, so that
# none is negative, and divides by their sum, so that they add up to one:
#
# $$\mathrm{softmax}(o)_j = \frac{\exp(o_j)}{\sum_k \exp(o_k)}.$$
#
# Softmax is differentiable everywhere, and it keeps the order: the class with the greatest logit is the
# most probable. For a mini-batch, with one example in each row of $X$,
#
# $$O = XW + b, \qquad \hat{Y} = \mathrm{softmax}(O).$$
#
# The loss is the negative log-likelihood of the label $y$, called **cross-entropy**:
#
# $$\begin{aligned}
# \ell(y, \hat{y}) &= -\sum_j y_j \log \hat{y}_j = \log \sum_k \exp(o_k) - \sum_j y_j o_j, \\
# \frac{\partial \ell}{\partial o_j} &= \mathrm{softmax}(o)_j - y_j.
# \end{aligned}$$
#
# As in linear regression, the gradient is the difference between the estimate and the
# observation. It is zero if the two are equal. (A one-hot label is never reached, only approached by
# logits that grow without bound. To show the zero itself, the study also uses labels that are
# probabilities.)
#
# Automatic differentiation does not know this formula, so it can be used to check it:

# %% [markdown] lang="zh"
# ## 3.4 softmax回归
#
# **问题。** 线性层的输出可正可负，怎样变成概率？损失的导数真的像笔记里说的那样简单吗？
# 这个损失与“惊异”又有什么关系？
#
# 每个类别对应一个输出 $o_j$，即未规范化的预测。softmax 函数先对每个未规范化的预测求幂，
# 确保输出非负；再除以它们的总和，确保概率的总和为 1：
#
# $$\mathrm{softmax}(o)_j = \frac{\exp(o_j)}{\sum_k \exp(o_k)}.$$
#
# softmax 函数处处可导，而且不改变大小次序：未规范化的预测最大的类别，概率也最大。
# 对小批量样本作矢量化，$X$ 的每一行是一个样本：
#
# $$O = XW + b, \qquad \hat{Y} = \mathrm{softmax}(O).$$
#
# 损失函数是标签 $y$ 的负对数似然，称为**交叉熵损失**：
#
# $$\begin{aligned}
# \ell(y, \hat{y}) &= -\sum_j y_j \log \hat{y}_j = \log \sum_k \exp(o_k) - \sum_j y_j o_j, \\
# \frac{\partial \ell}{\partial o_j} &= \mathrm{softmax}(o)_j - y_j.
# \end{aligned}$$
#
# 与线性回归相似，梯度是估计值与观测值之间的差异，两者相等时为零。
# （独热标签只能逐渐逼近，为此未规范化的预测要无限增大；为了看到真正的零点，
# 实验中的标签也取概率分布。）
#
# 自动微分并不知道这个公式，正好可以用来检验它：

# %%
page.code("studies.softmax", "gradients")

# %% [markdown] lang="en"
# **Information theory** leads to the same loss in another way. An event of probability $p$ has
# the surprisal $-\log p$: rare events are surprising. The mean surprisal is the entropy. If we expect
# the probabilities $q$ but they really are $p$, the mean surprisal is the cross-entropy:
#
# $$\begin{aligned}
# H(p) &= -\sum_j p_j \log p_j, \\
# H(p, q) &= -\sum_j p_j \log q_j = H(p) + D_{\mathrm{KL}}(p \,\Vert\, q) \ge H(p).
# \end{aligned}$$
#
# Training reduces the cross-entropy of labels $p$ and predictions $q$. In other words, the labels
# surprise the model less.

# %% [markdown] lang="zh"
# **信息论**从另一个方向得到同样的损失。概率为 $p$ 的事件带来的惊异是 $-\log p$：
# 越是不常见的事件，越令人惊异，信息量也越大。惊异的平均值就是熵。
# 如果预期的概率是 $q$，而真实的概率是 $p$，平均的惊异就是交叉熵：
#
# $$\begin{aligned}
# H(p) &= -\sum_j p_j \log p_j, \\
# H(p, q) &= -\sum_j p_j \log q_j = H(p) + D_{\mathrm{KL}}(p \,\Vert\, q) \ge H(p).
# \end{aligned}$$
#
# 训练减小标签 $p$ 与预测 $q$ 的交叉熵，也就是让模型看到标签时不那么惊异。

# %%
page.code("studies.information", "study")

# %% [markdown] lang="en"
# Look at three things. On the left, surprisal grows steeply as the event becomes rare. In the
# middle, the fair coin is the hardest to predict. On the right, no point lies below the
# line; its distance above the line is the price of wrong expectations.

# %% [markdown] lang="zh"
# 请看三处。左图：事件越罕见，惊异上升得越陡。中图：均匀的硬币最难预测。
# 右图：没有一个点落在直线下方；点到直线的竖直距离，就是预期有误的代价。

# %%
page.figure("information")

# %% [markdown] lang="en"
# The assertions of the notes, tested on random logits and random distributions in double precision. Where
# the two sides of an equation are compared, only rounding errors remain.

# %% [markdown] lang="zh"
# 这里用随机的未规范化的预测和随机的概率分布，以双精度逐条检验笔记中的论断。
# 凡是比较等式两边的，剩下的只是舍入误差。

# %%
page.claims("3.4")

# %% [markdown] lang="en"
# **Try it yourself.**
#
# - `studies.information.classes`: 2, then 100. Entropy is never above the logarithm of the number
#   of classes; how does the cloud of points on the right move?
# - `studies.softmax.classes`: 2. Softmax now depends only on the difference of the two logits.
#   Does every claim still hold?

# %% [markdown] lang="zh"
# **动手试一试。**
#
# - `studies.information.classes`：先改成 2，再改成 100。熵不会超过类别数的对数；
#   右图中的点云会怎样移动？
# - `studies.softmax.classes`：改成 2。此时 softmax 只取决于两个未规范化的预测之差。
#   每条论断都仍然成立吗？

# %% [markdown] lang="en"
# ## 3.5 The image classification dataset
#
# **Questions.** What do the data look like? Does each class have the same number of images? And how
# long does it take just to read them?
#
# Fashion-MNIST consists of small grey images of clothes in ten classes. `ToTensor` turns each into a tensor
# with values from 0 to 1. The code here keeps all images as bytes, and divides those of a mini-batch
# by 255 when it puts the mini-batch together:

# %% [markdown] lang="zh"
# ## 3.5 图像分类数据集
#
# **问题。** 数据长什么样？各个类别的图像一样多吗？仅仅读取一遍要花多少时间？
#
# 数据集 Fashion-MNIST 由十个类别的服装灰度小图组成。
# 转换器 `ToTensor` 把每个图像转换成取值在 0 到 1 之间的张量；
# 这里读取数据的代码则把全部图像保留为字节，取出小批量时再除以 255：

# %%
page.code("datasets.idx", "read", "read_idx")

# %% [markdown] lang="en"
# Does this give the numbers of `ToTensor`? Both were tried on every image:

# %% [markdown] lang="zh"
# 这样得到的数值与 `ToTensor` 的一样吗？每一张图像都用两种方式试过：

# %%
page.table("images_tensors")

# %% [markdown] lang="en"
# Before a network sees them, look at the images yourself. Which would you confuse?

# %% [markdown] lang="zh"
# 在让网络看之前，请先自己看看这些图像。哪些你自己也会弄混？

# %%
page.of_datasets("image_grid")

# %% [markdown] lang="en"
# A dataset consists of features and labels and gives access to single examples; a `DataLoader` makes
# shuffled mini-batches of it. It takes one example after the other, and converts each of them again in every
# epoch. If all the images fit into memory, a single tensor does the same: the rows of a mini-batch are
# gathered and converted together:

# %% [markdown] lang="zh"
# 数据集由特征和标签组成，可以逐个取出样本；`DataLoader` 把样本打乱并组成小批量。
# 它逐个读取样本，每个迭代周期都要重新转换一遍。
# 如果全部图像都放得进内存，就可以合成一个张量，每次取出一个小批量的行并一起转换，效果是一样的：

# %%
page.code("studies.images", "notes_way", "resident")

# %%
page.code("training.fit", "Examples.take")

# %%
page.code("datasets.images", "to_numbers")

# %% [markdown] lang="en"
# On the left, compare the classes: plain accuracy treats them alike only if they are equally
# frequent. On the right, note that the time axis is logarithmic. See whether more workers help.
# They share the conversion, but have to be started, and have to hand over every batch; on a machine with
# few cores this may cost more than it saves. All training in this book reads from the tensor.

# %% [markdown] lang="zh"
# 左图请比较各个类别：只有样本数相同时，分类精度才对它们一视同仁。右图请注意时间轴是对数刻度。
# 请看增加进程有没有用：它们分担转换的工作，但进程要启动，每个小批量还要传递回来；
# 在核心不多的机器上，这可能得不偿失。本书的训练都从内存中的张量读取。

# %%
page.figure("images")

# %%
page.claims("3.5")

# %% [markdown] lang="en"
# **Try it yourself.**
#
# - `studies.images.workers`: `[0, 1, 8]`. From which number on is there no further gain on your machine?
# - `studies.images.batch_size`: 32. Which of the two ways suffers more from smaller mini-batches?
# - `figures.images`: 100, to see more of the data.

# %% [markdown] lang="zh"
# **动手试一试。**
#
# - `studies.images.workers`：改成 `[0, 1, 8]`。在你的机器上，从几个进程开始不再变快？
# - `studies.images.batch_size`：改成 32。小批量变小，哪种读法受影响更大？
# - `figures.images`：改成 100，多看一些图像。

# %% [markdown] lang="en"
# ## 3.6 Softmax regression from scratch
#
# **Questions.** How well can a single layer, written with nothing but tensors and automatic
# differentiation, tell clothes apart? Which classes does it confuse?
#
# A label is one-hot, so only the term of the true class is left of the sum in the cross-entropy.
# **Accuracy** is the share of the examples whose most probable class is the label:
#
# $$\ell_i = -\log \hat{y}_{i, y_i}, \qquad
# \mathrm{accuracy} = \frac{1}{n} \sum_{i=1}^{n}
# \mathbf{1}\left[\arg\max_j \hat{y}_{ij} = y_i\right].$$
#
# The weights start as small random numbers, the biases at zero:

# %% [markdown] lang="zh"
# ## 3.6 softmax回归的从零开始实现
#
# **问题。** 只用张量和自动微分写成的单层网络，能在多大程度上分清各种服装？它会弄混哪些？
#
# 标签是独热编码，所以交叉熵的求和中只剩下真实类别那一项。
# **分类精度**是预测正确的数量与总预测数量之比，取概率最大的类别作为预测：
#
# $$\ell_i = -\log \hat{y}_{i, y_i}, \qquad
# \mathrm{accuracy} = \frac{1}{n} \sum_{i=1}^{n}
# \mathbf{1}\left[\arg\max_j \hat{y}_{ij} = y_i\right].$$
#
# 权重初始化为很小的随机数，偏置初始化为零：

# %%
page.code("models.softmax_regression.initial", "initial_parameters")

# %% [markdown] lang="en"
# These are the three functions of the notes. `gather` picks from each row the probability of the true
# class, as `y_hat[range(len(y_hat)), y]` does in the notes. The sum over the last dimension is kept as a
# column and broadcast. Only the first dimension is new; it has one entry for each replicate.

# %% [markdown] lang="zh"
# 这是笔记中的三个函数。`gather` 从每一行挑出正确类别的预测概率，
# 相当于笔记中的 `y_hat[range(len(y_hat)), y]`；按最后一维求和时保留该维，再用广播机制相除。
# 新增的只有最前面的一维，每个重复占一项。

# %%
page.code("models.softmax_regression.scratch", "softmax", "cross_entropy", "net")

# %%
page.code("training.metrics", "accuracy")

# %% [markdown] lang="en"
# The training loop is [that of linear regression](linear_regression.ipynb); only the model is
# different. `train_step` does what the notes do with a custom optimiser: `l.sum().backward()`, then
# an update that divides by the size of the mini-batch.

# %% [markdown] lang="zh"
# 训练循环就是[线性回归的那一个](linear_regression.ipynb)，只是换了模型。
# 其中的 `train_step` 对应笔记中“使用定制的优化器和损失函数”的分支：先 `l.sum().backward()`，
# 更新时再除以小批量的大小。

# %%
page.code("training.fit", "train_step")

# %%
page.settings("softmax_regression.scratch")

# %% [markdown] lang="en"
# Look at three things. The loss falls fastest in the first epochs. In the first epoch, training
# looks worse than test, because the training curve is a mean over an epoch that began with random weights,
# while the test curve is measured at its end. And the band of the test curve is wider: the result after an
# epoch depends much on the last few mini-batches, while the mean over an epoch smooths this out.

# %% [markdown] lang="zh"
# 请看三处。损失在最初几个迭代周期下降得最快。在第一个周期，训练反而显得比测试差：
# 训练曲线是整个周期的平均，而周期开始时权重还是随机的；测试曲线则是在周期结束时评估的。
# 还有，测试曲线的阴影带更宽：周期结束时的结果与最后几个小批量很有关系，而整个周期的平均会把这种波动抹平。

# %%
page.curves("training", "softmax_regression.scratch")

# %%
page.measured("softmax_regression.scratch")

# %% [markdown] lang="en"
# K-fold cross-validation ([4.4.2](model_selection.ipynb)) evaluates the model on new images without using
# the test set. With the settings of the notes, training and validation stay close together: a single
# layer has too little freedom to memorise the training images.

# %% [markdown] lang="zh"
# K折交叉验证（[4.4.2](model_selection.ipynb)）不动用测试集，也能检验模型在新图像上的表现。
# 在笔记的设置下，训练曲线和验证曲线始终很接近：单层网络没有足够的自由度去记住训练图像。

# %%
page.curves("kfold", "softmax_regression.scratch")

# %% [markdown] lang="en"
# **Which classes are confused?** Read a row from left to right: what are the images of this class
# predicted to be? Look at two groups, the tops (shirt, T-shirt, pullover, coat) and the shoes (sandal,
# sneaker, ankle boot): there is more confusion within a group than between the groups. With the
# settings of the notes, shirts are the hardest. The figure shows all classifiers of the run, including
# those of chapter 4; compare those of the [multilayer perceptron](multilayer_perceptrons.ipynb).

# %% [markdown] lang="zh"
# **哪些类别会弄混？** 请从左到右读一行：这个类别的图像被预测成了什么？
# 有两组很显眼：一组是上衣，即衬衫（shirt）、T恤（T-shirt）、套衫（pullover）和外套（coat）；
# 另一组是鞋，即凉鞋（sandal）、运动鞋（sneaker）和短靴（ankle boot）。
# 组内的混淆多于两组之间的混淆。在笔记的设置下，衬衫最难辨认。
# 图中有这次运行的所有分类模型，也包括第 4 章的，可以与[多层感知机](multilayer_perceptrons.ipynb)比较。

# %%
page.figure("confusion")

# %% [markdown] lang="en"
# The same, class by class. Compare the standard deviations: classes that look alike differ most
# between replicates. Each replicate draws the boundary of the shirts elsewhere. If shirts gain,
# T-shirts, pullovers and coats lose, so the overall accuracy varies much less.

# %% [markdown] lang="zh"
# 同样的结果按类别列出。请比较标准差：相像的类别在各次重复之间差别最大。
# 每次重复都把衬衫的边界划在不同的地方；衬衫多认对一些，T恤、套衫和外套就会多认错一些，
# 所以总的精度变化小得多。

# %%
page.by_model("confusion_classes", "name")

# %% [markdown] lang="en"
# Finally, some single images. Would you have done better?

# %% [markdown] lang="zh"
# 最后看几张具体的图像。换成你，会认得更准吗？

# %%
page.curves("predictions", "softmax_regression.scratch")

# %%
page.claims("3.6")

# %% [markdown] lang="en"
# **Try it yourself.**
#
# - `models.softmax_regression_scratch.learning_rate`: 0.01. The loss falls more slowly; how does the
#   band around the test curve change?
# - `models.softmax_regression_scratch.epochs`: 30. Which gains more, training or test? How does
#   the gap between them change?
# - `models.softmax_regression_scratch.batch_size`: 32. There are more steps in an epoch, and
#   each is noisier.

# %% [markdown] lang="zh"
# **动手试一试。**
#
# - `models.softmax_regression_scratch.learning_rate`：改成 0.01。损失下降得更慢；
#   测试曲线的阴影带会怎样变化？
# - `models.softmax_regression_scratch.epochs`：改成 30。训练和测试，哪个提高得更多？
#   两者之间的差距会怎样变化？
# - `models.softmax_regression_scratch.batch_size`：改成 32。每个周期的步数更多，每一步的噪声也更大。

# %% [markdown] lang="en"
# ## 3.7 Softmax regression, concise
#
# **Questions.** A library provides all of this: layers, the loss, the optimiser. Does it
# train the same model? The data are again those of 3.5. With the same settings, both implementations see
# the same images in the same mini-batches, in the same order, so only the code can make a
# difference.

# %% [markdown] lang="zh"
# ## 3.7 softmax回归的简洁实现
#
# **问题。** 层、损失函数和优化器，深度学习库中都有现成的。用它们训练出来的是同一个模型吗？
# 数据仍是 3.5 的数据。设置相同时，两种实现看到的小批量完全相同，连次序也一样，
# 因此只有代码本身可能造成差别。

# %% [markdown] lang="en"
# ### 3.7.1 Initial parameters
#
# PyTorch does not implicitly reshape inputs, so `nn.Flatten` stands before the linear layer and turns
# every image into one row. The notes pass `init_weights` to `net.apply`, which calls it on every
# layer. Here the layer gets the same initial values as the implementation from scratch, because otherwise
# the two could not be compared. Note two details: `nn.Linear` stores its weights as $W^\top$; and
# `init_weights` leaves the bias at PyTorch's own random values, while here it starts at zero.

# %% [markdown] lang="zh"
# ### 3.7.1 初始化模型参数
#
# PyTorch 不会隐式地调整输入的形状，因此在线性层前定义了展平层 `nn.Flatten`，把每个图像变成一行。
# 笔记把 `init_weights` 传给 `net.apply`，由它对每一层调用；
# 这里则直接放入从零开始实现所用的同一组初始值，否则两者无法逐步比较。
# 请注意两个细节：`nn.Linear` 存放的权重是 $W^\top$；
# 笔记的 `init_weights` 没有改动偏置，偏置仍是 PyTorch 自己的随机值，而这里的偏置初始化为零。

# %%
page.code("models.softmax_regression.concise", "network")

# %%
page.code("training.concise", "initialise")

# %%
page.claims("3.7.1")

# %% [markdown] lang="en"
# **Try it yourself.**
#
# - `seed`: any other number. The initial values change, but both implementations still share them; see in
#   3.7.4 whether they still agree.

# %% [markdown] lang="zh"
# **动手试一试。**
#
# - `seed`：换成任意另一个数。初始值变了，但两种实现的初始值仍然相同；
#   请到 3.7.4 看它们是否仍然一致。

# %% [markdown] lang="en"
# ### 3.7.2 Softmax revisited
#
# **Questions.** The network above ends with the logits. Where is the softmax? It is in
# the loss, for a good reason. Computed one after the other, softmax and logarithm fail for large
# logits. In 32 bits $\exp(o)$ is infinite from about $o = 89$ on, and infinity divided by infinity
# is not a number. Or the probability of the true class may be rounded to zero, and then its
# logarithm is infinite.
#
# But softmax does not change if the same number is subtracted from all logits. Take
# $m = \max_k o_k$:
#
# $$\log \mathrm{softmax}(o)_j = o_j - m - \log \sum_k \exp(o_k - m).$$
#
# Now no exponent is above zero, and at least one of them is zero, so the sum is at least one.
# Nothing overflows, and the logarithm of zero is never taken. `nn.CrossEntropyLoss` works this way. Its
# argument `reduction` says what to do with the losses of the examples: `'none'` returns each of them,
# `'mean'` (the default) their mean, and `'sum'` their sum.

# %% [markdown] lang="zh"
# ### 3.7.2 重新审视Softmax的实现
#
# **问题。** 上面的网络只输出未规范化的预测，softmax 到哪里去了？它在损失函数中，这样做是有道理的。
# 如果先算 softmax 再取对数，未规范化的预测较大时就会出错：
# 用 32 位浮点数计算，大约从 $o = 89$ 起，$\exp(o)$ 就上溢为无穷大，而无穷大除以无穷大不是数；
# 正确类别的概率也可能被舍入为零，它的对数便是负无穷。
#
# 不过，所有未规范化的预测减去同一个数，softmax 的结果不变。取 $m = \max_k o_k$：
#
# $$\log \mathrm{softmax}(o)_j = o_j - m - \log \sum_k \exp(o_k - m).$$
#
# 现在没有一个指数大于零，而且至少有一个等于零，所以总和至少是 1：既不会上溢，取对数也没有问题。
# 深度学习库中的 `nn.CrossEntropyLoss` 正是这样计算的。它的参数 `reduction` 指定如何处理每个样本的损失：
# 取 `'none'` 不做任何聚合，单独返回每个样本的损失；取 `'mean'`（默认）返回平均值；
# 取 `'sum'` 返回总和。

# %%
page.code("studies.softmax", "losses", "overflow")

# %% [markdown] lang="en"
# Here the same random logits are made larger and larger. Look where the plain formulas start to fail.
# Then look at the last column of the table, which compares the losses that are still finite: a probability
# close to zero has few digits left, so even finite losses may be wrong.

# %% [markdown] lang="zh"
# 这里把同一组随机的未规范化的预测逐渐放大。请看按公式直接计算从哪里开始出错；
# 再看表格的最后一列，它只比较损失仍为有限值的样本：
# 接近零的概率只剩下很少的有效数字，所以即使损失有限，也可能不准。

# %%
page.figure("softmax")

# %%
page.table("softmax")

# %%
page.table("softmax_overflow")

# %%
page.claims("3.7.2")

# %% [markdown] lang="en"
# The notes do not say that the plain formula fails for large logits; that is a finding of ours. The library's
# implementation solves the problem. The training of 3.6 goes well all the same, because its logits stay small.
#
# **Try it yourself.**
#
# - `models.softmax_regression_scratch.learning_rate` and
#   `models.softmax_regression_concise.learning_rate`: 10 for both. The steps become so long that
#   the logits grow large. Of which of the two does the run say at its end that it diverged, and where?

# %% [markdown] lang="zh"
# 笔记并没有说按公式直接计算会在预测值大时出错，这是我们的发现；深度学习库的实现解决了这个问题。
# 3.6 的训练之所以顺利，是因为那里未规范化的预测一直不大。
#
# **动手试一试。**
#
# - `models.softmax_regression_scratch.learning_rate` 和
#   `models.softmax_regression_concise.learning_rate`：都改成 10。
#   步长太大，未规范化的预测就会变得很大。运行结束时会说哪一个发散了？在哪里？

# %% [markdown] lang="en"
# ### 3.7.3 The optimiser
#
# `torch.optim.SGD` needs only the parameters and the learning rate:
#
# $$w \leftarrow w - \eta \, \nabla_w \Big( \frac{1}{|B|} \sum_{i \in B} \ell_i \Big).$$
#
# In the implementation from scratch, the notes take the gradient of the sum, and the update divides by
# $|B|$; here the loss is averaged first. The step is the same. The replicates share no parameters, so the
# gradient of the sum of their means is, for each replicate, the gradient of its own mean.
#
# A model's key `optimizer` names another optimiser, from scratch and by the library alike; `momentum` and
# `weight_decay` set what it has besides the learning rate.

# %% [markdown] lang="zh"
# ### 3.7.3 优化算法
#
# `torch.optim.SGD` 只需要传入参数和学习率：
#
# $$w \leftarrow w - \eta \, \nabla_w \Big( \frac{1}{|B|} \sum_{i \in B} \ell_i \Big).$$
#
# 从零开始实现时，笔记先求损失总和的梯度，更新时再除以 $|B|$；这里先把损失取平均，更新的结果相同。
# 各个重复之间没有共同的参数，所以把它们的平均损失相加再求梯度，每个重复得到的仍是自己的梯度。
#
# 模型的 `optimizer` 键可以换用别的优化器，从零实现和深度学习库都有；
# 学习率之外的设置由 `momentum` 和 `weight_decay` 给出。

# %%
page.code("training.optimisers", "BY_LIBRARY", "make_optimiser")

# %% [markdown] lang="en"
# **Try it yourself.** The page on [linear regression](linear_regression.ipynb) shows best how the learning
# rate decides between slow progress and divergence. In [4.4.2](model_selection.ipynb), K-fold
# cross-validation picks a learning rate for softmax regression.
#
# - `studies.selection.learning_rates`: add 1.0. Would it be picked?
# - `models.softmax_regression_concise`: `momentum: 0.9`, or `optimizer: adam` with a learning rate of 0.001.
#   Which gets furthest in the first epoch?

# %% [markdown] lang="zh"
# **动手试一试。** 学习率太小则收敛慢，太大则发散，这在[线性回归](linear_regression.ipynb)中看得最清楚；
# 在 [4.4.2](model_selection.ipynb) 中，K折交叉验证为 softmax 回归选出一个学习率。
#
# - `studies.selection.learning_rates`：加上 1.0。它会被选中吗？
# - `models.softmax_regression_concise`：加上 `momentum: 0.9`，或者用 `optimizer: adam`，学习率取 0.001。
#   第一个周期里，哪一种进步最大？

# %% [markdown] lang="en"
# ### 3.7.4 Training
#
# **Questions.** The notes say that this training is “not quite the same, but nearly so”
# as in 3.6. How nearly? The call of `train_ch3` names everything that training needs: the
# network, the training and test data, the loss, the number of epochs, the optimiser.
#
# Compare the curves with those of 3.6. Can you find a difference?

# %% [markdown] lang="zh"
# ### 3.7.4 训练
#
# **问题。** 笔记说，这里的训练过程与 3.6“不完全一样，但差不多”。差多少？
# 训练过程的几大要素都体现在 `train_ch3` 的参数中：
# 网络、训练数据和测试数据、损失函数、迭代周期数、优化器。
#
# 请把下面的曲线与 3.6 的曲线作比较：能找到差别吗？

# %%
page.curves("training", "softmax_regression.concise")

# %%
page.measured("softmax_regression.concise")

# %%
page.curves("kfold", "softmax_regression.concise")

# %% [markdown] lang="en"
# The eye is not precise enough, so every loss, every accuracy and every parameter of the two
# implementations is compared. Look at the panel of softmax regression. The dotted line is the spacing of
# 32-bit numbers, and with the settings of the notes nothing is far to its right: the different order of
# operations changes only the last digits. The other panels are explained on the pages on [linear
# regression](linear_regression.ipynb) and the [multilayer
# perceptron](multilayer_perceptrons.ipynb).

# %% [markdown] lang="zh"
# 肉眼难以判断，所以把两种实现的每个损失、每个精度和每个参数都作了比较。
# 请看 softmax 回归那一栏：虚线是 32 位浮点数的间隔，在笔记的设置下，没有一项远在它的右边。
# 运算次序不同，影响的只是最后几位数字。
# 其他几栏分别见[线性回归](linear_regression.ipynb)和[多层感知机](multilayer_perceptrons.ipynb)。

# %%
page.figure("agreement")

# %%
page.claims("3.7.4")

# %% [markdown] lang="en"
# **Try it yourself.**
#
# - `models.softmax_regression_concise.learning_rate`: 0.11. By how many orders of magnitude do the
#   differences grow?
# - `devices`: add a GPU, if there is one. Then each model is also compared between the devices.

# %% [markdown] lang="zh"
# **动手试一试。**
#
# - `models.softmax_regression_concise.learning_rate`：改成 0.11。差别会扩大几个数量级？
# - `devices`：如果有 GPU，就加进去。这样每个模型还会在不同设备之间作比较。
