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
# Still a single layer, but what it gives is a probability for each class. With it comes the loss of
# every classifier in this book, cross-entropy, and the data on which they are compared,
# Fashion-MNIST.

# %% [markdown] lang="zh"
# # softmax 回归
#
# 仍然只有一层，但输出变成了每个类别的概率。本书所有分类模型的损失（交叉熵）由它而来，
# 用来比较这些模型的数据集 Fashion-MNIST 也在这里登场。

# %% [markdown] lang="en"
# ## 3.4 Softmax regression
#
# **What is asked.** A linear layer gives any number, positive or negative. How do these become
# probabilities? Is the gradient of the loss really as simple as the notes say? And what has the
# loss to do with surprise?
#
# There is one output $o_j$, a logit, for each class. Softmax takes the exponential of each, so that
# none is negative, and divides by their sum, so that together they make one:
#
# $$\mathrm{softmax}(o)_j = \frac{\exp(o_j)}{\sum_k \exp(o_k)}.$$
#
# It can be differentiated everywhere, and it keeps the order: the greatest logit is the most
# probable class. For a mini-batch, with one example in each row of $X$,
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
# As in linear regression, the gradient is the difference between what is estimated and what was
# observed. It is zero where the two are equal. (A one-hot label is only ever approached, by logits
# that grow without end; to see the zero itself, the study takes labels that are probabilities,
# too.)
#
# Automatic differentiation knows nothing of this formula. So it can be the judge of it:

# %% [markdown] lang="zh"
# ## 3.4 softmax回归
#
# **问题。** 线性层的输出可正可负，怎样变成概率？损失的导数真的像笔记里说的那样简单吗？
# 这个损失与“惊异”又有什么关系？
#
# 每个类别对应一个输出 $o_j$，即未规范化的预测。softmax函数先对每个未规范化的预测求幂，
# 确保输出非负；再除以它们的总和，确保概率的总和为 1：
#
# $$\mathrm{softmax}(o)_j = \frac{\exp(o_j)}{\sum_k \exp(o_k)}.$$
#
# 它处处可导，而且不改变大小次序：未规范化的预测最大的类别，概率也最大。
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
# 自动微分并不知道这个公式，正好可以用它来检验：

# %%
page.code("studies.softmax", "gradients")

# %% [markdown] lang="en"
# **Information theory** arrives at the same loss from another side. An event of probability $p$ has
# the surprisal $-\log p$: what is rare surprises. The mean surprisal is the entropy. If one expects
# the probabilities $q$ and they really are $p$, the mean surprisal is the cross-entropy:
#
# $$\begin{aligned}
# H(p) &= -\sum_j p_j \log p_j, \\
# H(p, q) &= -\sum_j p_j \log q_j = H(p) + D_{\mathrm{KL}}(p \,\Vert\, q) \ge H(p).
# \end{aligned}$$
#
# Training makes the cross-entropy of labels $p$ and predictions $q$ small, that is, it makes the
# model less surprised by the labels.

# %% [markdown] lang="zh"
# **信息论**从另一个方向得到同样的损失。概率为 $p$ 的事件带来的惊异是 $-\log p$：
# 越是不常见的事件，越令人惊异，信息量也越大。惊异的平均值就是熵。
# 用 $q$ 去预期真实概率为 $p$ 的事件，平均的惊异就是交叉熵：
#
# $$\begin{aligned}
# H(p) &= -\sum_j p_j \log p_j, \\
# H(p, q) &= -\sum_j p_j \log q_j = H(p) + D_{\mathrm{KL}}(p \,\Vert\, q) \ge H(p).
# \end{aligned}$$
#
# 训练使标签 $p$ 与预测 $q$ 的交叉熵变小，也就是让模型看到标签时不那么惊异。

# %%
page.code("studies.information", "study")

# %% [markdown] lang="en"
# Three things to look at: on the left, how steeply surprise grows as the event becomes rare; in the
# middle, that the fair coin is the hardest to foresee; on the right, that no point lies below the
# line. How far above the line a point lies is the price of wrong expectations.

# %% [markdown] lang="zh"
# 请看三处：左图，事件越罕见，惊异上升得越陡；中图，均匀的硬币最难预料；
# 右图，没有一个点落在直线下方。点到直线的竖直距离，就是预期有误的代价。

# %%
page.figure("information")

# %% [markdown] lang="en"
# Each assertion of the notes, on random logits and random distributions in double precision. Where
# two sides of an equation are compared, what is left is rounding.

# %% [markdown] lang="zh"
# 用随机的未规范化预测和随机的概率分布，以双精度逐条检验笔记中的论断。
# 凡是比较等式两边的，剩下的只是舍入误差。

# %%
page.claims("3.4")

# %% [markdown] lang="en"
# **Try next.**
#
# - `studies.information.classes`: 2, then 100. Entropy is never above the logarithm of the number
#   of classes; how does the cloud on the right move?
# - `studies.softmax.classes`: 2. Softmax now depends on the difference of the two logits alone.
#   Does every claim still hold?

# %% [markdown] lang="zh"
# **接着试。**
#
# - `studies.information.classes`：先改成 2，再改成 100。熵不会超过类别数的对数；
#   右图中的点云怎样移动？
# - `studies.softmax.classes`：改成 2。此时 softmax 只取决于两个未规范化的预测之差。
#   每条论断都仍然成立吗？

# %% [markdown] lang="en"
# ## 3.5 The image classification dataset
#
# **What is asked.** What do the data look like? Are there as many images of each class? And how
# long does it take only to read them?
#
# Fashion-MNIST has small grey images of clothes in ten classes. `ToTensor` turns each into a tensor
# with values from 0 to 1. The code that reads them here keeps all as bytes; those of a mini-batch
# are divided by 255 as it is put together:

# %% [markdown] lang="zh"
# ## 3.5 图像分类数据集
#
# **问题。** 数据长什么样？各个类别的图像一样多吗？单是读取一遍要花多少时间？
#
# 数据集 Fashion-MNIST 由十个类别的服装灰度小图组成。
# 转换器 `ToTensor` 把每个图像转换成取值在 0 到 1 之间的张量；
# 这里读取数据的代码则把全部图像保留为字节，取出小批量时再除以255：

# %%
page.code("datasets.fashion_mnist", "read", "read_idx")

# %% [markdown] lang="en"
# Before any network sees them, look at the images yourself. Which would you confuse?

# %% [markdown] lang="zh"
# 在让网络看之前，先自己看看这些图像。哪些你自己也会弄混？

# %%
page.figure("fashion_mnist")

# %% [markdown] lang="en"
# A dataset is features, labels, and a way to ask for one example; a `DataLoader` makes shuffled
# mini-batches of it. It takes example by example, and converts each of them anew in every epoch. If
# all the images fit into memory, one tensor of all does the same; the rows of a mini-batch are
# gathered, and converted, at once:

# %% [markdown] lang="zh"
# 数据集由特征和标签组成，并且可以逐个取出样本；`DataLoader` 把它打乱并组成小批量。
# 它一个样本一个样本地取，每个迭代周期都要重新转换一遍。
# 如果全部图像放得进内存，就可以合成一个张量，每次取出一个小批量的行并一起转换，效果是一样的：

# %%
page.code("studies.images", "notes_way", "resident")

# %%
page.code("training.fit", "Examples.take")

# %% [markdown] lang="en"
# On the left, compare the classes: only where they are equally frequent does plain accuracy treat
# them alike. On the right, mind that the time axis is logarithmic. Look whether more workers help:
# they share the conversion, but must be started, and must hand over every batch; on a machine with
# few cores this may cost more than it saves. All training in this book reads from the tensor.

# %% [markdown] lang="zh"
# 左图请比较各个类别：只有样本数相同时，分类精度才对它们一视同仁。右图请注意时间轴是对数刻度。
# 看看增加进程有没有用：它们分担转换的工作，但进程要启动，每个小批量还要传递回来；
# 在核心不多的机器上，这可能得不偿失。本书的训练都从内存中的张量读取。

# %%
page.figure("images")

# %%
page.claims("3.5")

# %% [markdown] lang="en"
# **Try next.**
#
# - `studies.images.workers`: `[0, 1, 8]`. From how many on does your machine gain nothing more?
# - `studies.images.batch_size`: 32. Which of the two ways suffers more from smaller mini-batches?
# - `figures.images`: 100, to see more of the data.

# %% [markdown] lang="zh"
# **接着试。**
#
# - `studies.images.workers`：改成 `[0, 1, 8]`。你的机器从几个进程开始不再变快？
# - `studies.images.batch_size`：改成 32。小批量变小，哪种读法受影响更大？
# - `figures.images`：改成 100，多看一些图像。

# %% [markdown] lang="en"
# ## 3.6 Softmax regression from scratch
#
# **What is asked.** How well does a single layer, written with nothing but tensors and automatic
# differentiation, tell clothes apart? Which does it confuse?
#
# A label is one-hot, so that of the cross-entropy's sum only the term of the true class is left.
# **Accuracy** is the share of the examples whose most probable class is the label:
#
# $$\ell_i = -\log \hat{y}_{i, y_i}, \qquad
# \mathrm{accuracy} = \frac{1}{n} \sum_{i=1}^{n}
# \mathbf{1}\left[\arg\max_j \hat{y}_{ij} = y_i\right].$$
#
# The weights start as small random numbers, the bias at zero:

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
page.code("chapters.softmax_regression.initial", "initial_parameters")

# %% [markdown] lang="en"
# The three functions of the notes. `gather` picks from each row the probability of the true class,
# as `y_hat[range(len(y_hat)), y]` does in the notes; the sum over the last dimension is kept as a
# column and broadcast. The dimension in front, one entry for each replicate, is all that is new.

# %% [markdown] lang="zh"
# 笔记中的三个函数。`gather` 从每一行挑出正确类别的预测概率，
# 相当于笔记里的 `y_hat[range(len(y_hat)), y]`；按最后一维求和时保留该维，再用广播机制相除。
# 新增的只有最前面的一维，每个重复占一项。

# %%
page.code("chapters.softmax_regression.scratch", "softmax", "cross_entropy", "net")

# %%
page.code("training.fit", "correct")

# %% [markdown] lang="en"
# The training loop is [that of linear regression](linear_regression.ipynb); only the model is
# another. `step` does what the notes do with an optimiser of one's own: `l.sum().backward()`, then
# an update that divides by the size of the mini-batch.

# %% [markdown] lang="zh"
# 训练循环就是[线性回归的那一个](linear_regression.ipynb)，只是换了模型。
# 其中的 `step` 对应笔记里“使用定制的优化器”的分支：先 `l.sum().backward()`，
# 更新时再除以小批量的大小。

# %%
page.code("training.fit", "train_step")

# %%
page.settings("softmax_regression.scratch")

# %% [markdown] lang="en"
# Three things to look at. The loss falls fastest in the first epochs. In the first epoch, training
# looks worse than test: the training line is a mean over an epoch that began with random weights,
# the test line is measured at its end. And the band of the test line is the wider one: after an
# epoch, much depends on the last few mini-batches, which the mean over an epoch smooths out.

# %% [markdown] lang="zh"
# 请看三处。损失在最初几个迭代周期下降得最快。第一个周期中，训练反而显得比测试差：
# 训练曲线是整个周期的平均，而周期开始时权重还是随机的；测试曲线则是在周期结束时评估的。
# 还有，测试曲线的色带更宽：周期结束时的结果与最后几个小批量很有关系，而整个周期的平均会把它抹平。

# %%
page.curves("training", "softmax_regression.scratch")

# %%
page.measured("softmax_regression.scratch")

# %% [markdown] lang="en"
# K-fold cross-validation ([4.4.2](model_selection.ipynb)) looks at new images without touching the
# test set. With the settings of the notes, training and validation stay close together: a single
# layer has too little freedom to learn the training images by heart.

# %% [markdown] lang="zh"
# K折交叉验证（[4.4.2](model_selection.ipynb)）不动用测试集，也能检验模型在新图像上的表现。
# 在笔记的设置下，训练曲线和验证曲线始终靠得很近：单层网络没有足够的自由度把训练图像“背”下来。

# %%
page.curves("kfold", "softmax_regression.scratch")

# %% [markdown] lang="en"
# **Which classes are confused?** Read a row from left to right: what are the images of this class
# taken for? Two groups stand out, the tops (shirt, T-shirt, pullover, coat) and the shoes (sandal,
# sneaker, ankle boot), and within a group there is more confusion than between the groups. With the
# settings of the notes, shirts are the hardest. All classifiers of the run are shown, those of
# chapter 4 too; compare those of the [multilayer perceptron](multilayer_perceptrons.ipynb).

# %% [markdown] lang="zh"
# **哪些类别会弄混？** 请从左到右读一行：这个类别的图像被当成了什么？
# 有两组很显眼：一组是上衣，即衬衫（shirt）、T恤（T-shirt）、套衫（pullover）和外套（coat）；
# 另一组是鞋，即凉鞋（sandal）、运动鞋（sneaker）和短靴（ankle boot）。
# 组内的混淆多于两组之间的混淆。在笔记的设置下，衬衫最难认。
# 图中有这次运行的所有分类模型，也包括第 4 章的，可以与[多层感知机](multilayer_perceptrons.ipynb)比较。

# %%
page.figure("confusion")

# %% [markdown] lang="en"
# The same, class by class. Compare the standard deviations: classes that look alike differ most
# from replicate to replicate. Each replicate draws the borders of the shirts elsewhere; what they
# gain there, T-shirts, pullovers and coats lose, so that the accuracy as a whole moves much less.

# %% [markdown] lang="zh"
# 同样的结果按类别列出。请比较标准差：相像的类别在各次重复之间差别最大。
# 每次重复都把衬衫的界线划在不同的地方；衬衫多认对一些，T恤、套衫和外套就会多认错一些，
# 所以总的精度变化小得多。

# %%
page.table("confusion_classes")

# %% [markdown] lang="en"
# And a look at single images. Would you have known better?

# %% [markdown] lang="zh"
# 再看几张具体的图像。换成你，会认得更准吗？

# %%
page.curves("predictions", "softmax_regression.scratch")

# %%
page.claims("3.6")

# %% [markdown] lang="en"
# **Try next.**
#
# - `models.softmax_regression_scratch.learning_rate`: 0.01. The loss falls more slowly; what
#   becomes of the band around the test line?
# - `models.softmax_regression_scratch.epochs`: 30. Which gains more from it, training or test? What
#   becomes of the gap between them?
# - `models.softmax_regression_scratch.batch_size`: 32. There are more steps in an epoch, and
#   noisier ones.

# %% [markdown] lang="zh"
# **接着试。**
#
# - `models.softmax_regression_scratch.learning_rate`：改成 0.01。损失下降得更慢；
#   测试曲线的色带会怎样？
# - `models.softmax_regression_scratch.epochs`：改成 30。训练和测试，哪个提高得更多？
#   两者之间的差距会怎样？
# - `models.softmax_regression_scratch.batch_size`：改成 32。每个周期的步数更多，每一步的噪声也更大。

# %% [markdown] lang="en"
# ## 3.7 Softmax regression, concise
#
# **What is asked.** A library has all of this ready-made: layers, the loss, the optimiser. Does it
# train the same model? The data are those of 3.5 again. With the same settings, both ways see the
# same images in the same mini-batches, in the same order, so that only the code can make a
# difference.

# %% [markdown] lang="zh"
# ## 3.7 softmax回归的简洁实现
#
# **问题。** 层、损失函数、优化器，深度学习库里都有现成的。用它们训练出来的是同一个模型吗？
# 数据还是 3.5 的数据。设置相同时，两种实现看到的小批量完全相同，连次序也一样，
# 因此只有代码本身可能造成差别。

# %% [markdown] lang="en"
# ### 3.7.1 Initial parameters
#
# PyTorch does not reshape inputs silently, so `nn.Flatten` stands before the linear layer and makes
# one row of every image. The notes hand `init_weights` to `net.apply`, which calls it on every
# layer; here the layer gets the very numbers that the way from scratch starts with, for else the
# two could not be compared. Mind two details: `nn.Linear` stores its weights as $W^\top$; and
# `init_weights` leaves the bias at PyTorch's own random values, while here it starts at zero.

# %% [markdown] lang="zh"
# ### 3.7.1 初始化模型参数
#
# PyTorch 不会隐式地调整输入的形状，因此在线性层前放一个展平层 `nn.Flatten`，把每个图像变成一行。
# 笔记把 `init_weights` 传给 `net.apply`，由它对每一层调用；
# 这里则直接放入从零开始实现所用的同一组初始值，否则两者无法逐步比较。
# 有两个细节：`nn.Linear` 存放的权重是 $W^\top$；
# 笔记的 `init_weights` 没有改动偏置，偏置仍是 PyTorch 自己的随机值，而这里的偏置初始化为零。

# %%
page.code("chapters.softmax_regression.concise", "network")

# %%
page.code("training.concise", "initialise")

# %% [markdown] lang="en"
# **Try next.**
#
# - `seed`: any other number. Both ways start from other values, the same for both; look at 3.7.4
#   whether they still agree.

# %% [markdown] lang="zh"
# **接着试。**
#
# - `seed`：换成任意另一个数。两种实现都从别处出发，但出发点仍然相同；
#   请到 3.7.4 看它们是否仍然一致。

# %% [markdown] lang="en"
# ### 3.7.2 Softmax revisited
#
# **What is asked.** The network above ends with the logits: where has the softmax gone? It is in
# the loss, for a good reason. Computed one after the other, softmax and logarithm fail for large
# logits. In 32 bits $\exp(o)$ is infinite from about $o = 89$ on, and infinity divided by infinity
# is no number. The probability of the true class may also be rounded to zero, and then its
# logarithm is infinite.
#
# But softmax does not change if the same number is subtracted from all logits. Take
# $m = \max_k o_k$:
#
# $$\log \mathrm{softmax}(o)_j = o_j - m - \log \sum_k \exp(o_k - m).$$
#
# Now no exponent is above zero, and at least one of them is zero, so the sum is at least one.
# Nothing overflows, and no logarithm of zero is taken. `nn.CrossEntropyLoss` computes it so. Its
# `reduction` tells what becomes of the losses of the examples: `'none'` returns each, `'mean'` (the
# default) their mean, `'sum'` their sum.

# %% [markdown] lang="zh"
# ### 3.7.2 重新审视Softmax的实现
#
# **问题。** 上面的网络只输出未规范化的预测，softmax 到哪里去了？它在损失函数里，这是有道理的。
# 如果先算 softmax 再取对数，未规范化的预测较大时就会出错：
# 用 32 位浮点数计算，大约从 $o = 89$ 起，$\exp(o)$ 就上溢为无穷大，而无穷大除以无穷大不是数；
# 正确类别的概率也可能被舍入为零，它的对数便是负无穷。
#
# 不过，所有未规范化的预测减去同一个数，softmax 的结果不变。取 $m = \max_k o_k$：
#
# $$\log \mathrm{softmax}(o)_j = o_j - m - \log \sum_k \exp(o_k - m).$$
#
# 现在没有一个指数大于零，而且至少有一个等于零，所以总和至少是 1：既不会上溢，取对数也没有问题。
# 库中的 `nn.CrossEntropyLoss` 正是这样计算的。它的参数 `reduction` 指定如何处理每个样本的损失：
# 取 `'none'` 不做任何聚合，单独返回每个样本的损失；取 `'mean'`（默认）返回平均值；
# 取 `'sum'` 返回总和。

# %%
page.code("studies.softmax", "losses", "overflow")

# %% [markdown] lang="en"
# The same random logits are made larger and larger. Look where the plain formulas start to fail,
# and, in the table's last column, at the losses that are still finite there: a probability that is
# all but zero has few digits left, so that even these losses may be wrong.

# %% [markdown] lang="zh"
# 同一组随机的未规范化预测被越放越大。请看按公式直接计算从哪里开始出错；
# 再看表格的最后一列，它只比较损失仍为有限值的样本：
# 几乎为零的概率只剩下很少的有效数字，所以即使损失有限，也可能不准。

# %%
page.figure("softmax")

# %%
page.table("softmax")

# %%
page.table("softmax_overflow")

# %%
page.claims("3.7.2")

# %% [markdown] lang="en"
# That the plain formula is finite for any logits is the assumption behind 3.6, put to the test
# here; it fails, and the library's way mends it. The training of 3.6 goes well all the same,
# because its logits stay small.
#
# **Try next.**
#
# - `models.softmax_regression_scratch.learning_rate` and
#   `models.softmax_regression_concise.learning_rate`: 10 for both, in a run with `--keep-going`.
#   The steps become so long that the logits grow large. Which of the two stops with a message that
#   names the loss, and which goes on to the end?

# %% [markdown] lang="zh"
# “按公式直接计算，损失总是有限的”是 3.6 背后的假设，在这里检验的结果是不成立，
# 而库的实现解决了这个问题。3.6 的训练之所以顺利，是因为那里未规范化的预测一直不大。
#
# **接着试。**
#
# - `models.softmax_regression_scratch.learning_rate` 和
#   `models.softmax_regression_concise.learning_rate`：都改成 10，运行时加上 `--keep-going`。
#   步子太大，未规范化的预测就会变得很大。哪一个会停下来并报告损失的值？哪一个能训练到最后？

# %% [markdown] lang="en"
# ### 3.7.3 The optimiser
#
# `torch.optim.SGD` needs no more than the parameters and the learning rate:
#
# $$w \leftarrow w - \eta \, \nabla_w \Big( \frac{1}{|B|} \sum_{i \in B} \ell_i \Big).$$
#
# From scratch, the gradient is that of the sum, and the update divides by $|B|$; here the loss is
# averaged first. That is the same step. The replicates share no parameter, so the gradient of the
# sum of their means is, for each of them, that of its own.

# %% [markdown] lang="zh"
# ### 3.7.3 优化算法
#
# `torch.optim.SGD` 只需要传入参数和学习率：
#
# $$w \leftarrow w - \eta \, \nabla_w \Big( \frac{1}{|B|} \sum_{i \in B} \ell_i \Big).$$
#
# 从零开始实现时，先求损失总和的梯度，更新时再除以 $|B|$；这里先把损失取平均，两者是同样的一步。
# 各个重复之间没有共同的参数，所以把它们的平均损失加起来求梯度，每个重复得到的仍是自己的梯度。

# %%
page.code("training.optimisers", "make_optimiser")

# %% [markdown] lang="en"
# **Try next.** How the learning rate decides between crawling and diverging is seen best in [linear
# regression](linear_regression.ipynb); K-fold cross-validation picks one for softmax regression in
# [4.4.2](model_selection.ipynb).
#
# - `studies.selection.learning_rates`: add 1.0. Would it be picked?

# %% [markdown] lang="zh"
# **接着试。** 学习率太小则慢，太大则发散，这在[线性回归](linear_regression.ipynb)中看得最清楚；
# 在 [4.4.2](model_selection.ipynb) 中，K折交叉验证为softmax回归选出一个学习率。
#
# - `studies.selection.learning_rates`：加上 1.0。它会被选中吗？

# %% [markdown] lang="en"
# ### 3.7.4 Training
#
# **What is asked.** The notes say of this training that it is “not quite the same, but nearly so”
# as in 3.6. How nearly? Everything that a training needs stands in the call of `train_ch3`: the
# network, the training and the test data, the loss, the number of epochs, the optimiser.
#
# Put the curves beside those of 3.6: do you find a difference?

# %% [markdown] lang="zh"
# ### 3.7.4 训练
#
# **问题。** 笔记说，这里的训练过程与 3.6“不完全一样，但差不多”。差多少？
# 训练过程的几大要素都体现在 `train_ch3` 的参数里：
# 网络、训练数据和测试数据、损失函数、迭代周期数、优化器。
#
# 把下面的曲线与 3.6 的放在一起看：找得到差别吗？

# %%
page.curves("training", "softmax_regression.concise")

# %%
page.measured("softmax_regression.concise")

# %%
page.curves("kfold", "softmax_regression.concise")

# %% [markdown] lang="en"
# The eye is a poor judge, so every loss, every accuracy and every parameter of the two ways is
# compared. Look at the panel of softmax regression: the dotted line is the spacing of 32-bit
# numbers, and with the settings of the notes nothing is far to its right. The other order of
# operations costs the last digits, nothing more. Of the other panels, see the pages on [linear
# regression](linear_regression.ipynb) and the [multilayer
# perceptron](multilayer_perceptrons.ipynb).

# %% [markdown] lang="zh"
# 肉眼难以判断，所以把两种实现的每个损失、每个精度、每个参数都作了比较。
# 请看softmax回归那一栏：虚线是 32 位浮点数的间隔，在笔记的设置下，没有一项远在它的右边。
# 运算次序不同，影响的只是最后几位数字。
# 其他几栏分别见[线性回归](linear_regression.ipynb)和[多层感知机](multilayer_perceptrons.ipynb)。

# %%
page.figure("agreement")

# %%
page.claims("3.7.4")

# %% [markdown] lang="en"
# **Try next.**
#
# - `models.softmax_regression_concise.learning_rate`: 0.11. By how many orders of magnitude do the
#   differences grow?
# - `devices`: add a GPU, if there is one. Then each model is also compared between the devices.

# %% [markdown] lang="zh"
# **接着试。**
#
# - `models.softmax_regression_concise.learning_rate`：改成 0.11。差异会扩大几个数量级？
# - `devices`：如果有 GPU，就加进去。这样每个模型还会在不同设备之间作比较。
