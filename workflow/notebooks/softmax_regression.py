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
# # Softmax regression
#
# Still a single layer, but its outputs are now the probabilities of the classes. This page introduces the
# loss of every classifier in this book, cross-entropy, and the dataset on which they are compared,
# Fashion-MNIST. The code of the notes runs on this page, on the first few thousand images; the measurements
# use them all.

# %% [markdown] lang="zh"
# # softmax 回归
#
# 仍然只有一层，但输出变成了每个类别的概率。本页介绍本书所有分类模型的损失函数，即交叉熵损失，
# 以及用来比较这些模型的数据集 Fashion-MNIST。笔记中的代码就在本页上运行，只用开头的几千张图像；
# 测量则用全部图像。

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
# most probable. For a minibatch, with one example in each row of $X$,
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
# Automatic differentiation does not know this formula, so it can be used to check it. First for one
# example, with the functions that the notes define in 3.6:

# %% [markdown] lang="zh"
# ## 3.4 softmax 回归
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
# 自动微分并不知道这个公式，正好可以用来检验它。先看一个样本，用的是笔记在 3.6 中定义的函数：

# %% tags=["code"]
import torch


def softmax(X):
    X_exp = torch.exp(X)
    partition = X_exp.sum(1, keepdim=True)
    return X_exp / partition


def cross_entropy(y_hat, y):
    return -torch.log(y_hat[range(len(y_hat)), y])


o = torch.tensor([[1.0, 2.0, -1.0]], requires_grad=True)
y = torch.tensor([1])
cross_entropy(softmax(o), y).sum().backward()
print("probabilities:", softmax(o).detach())
print("gradient:     ", o.grad)

# %% [markdown] lang="en"
# The two rows agree but for the true class, where the gradient is smaller by one. The study does the same
# for many random logits at once:

# %% [markdown] lang="zh"
# 两行只在正确类别处不同，那里的梯度少 1。实验对许多组随机的未规范化的预测同时做这件事：

# %%
page.engine("studies.softmax", "gradients")

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
page.engine("studies.information", "study")

# %% [markdown] lang="en"
# [The figure](#figure-information) shows on the left the surprisal of an event, in the middle the entropy of a
# coin, and on the right one point
# for each pair of distributions. A point's height above the line is the price of wrong expectations; below
# the line there can be none.

# %% [markdown] lang="zh"
# [图](#figure-information) 的左边是事件的惊异，中间是抛硬币的熵，右边每一点代表一对分布。
# 点到直线的竖直距离，就是预期有误的代价；直线下方不可能有点。

# %%
page.figure("information")

# %% [markdown] lang="en"
# The assertions of the notes, tested on random logits and random distributions in double precision. Where
# the two sides of an equation are compared, the threshold leaves room for rounding errors alone.

# %% [markdown] lang="zh"
# 这里用随机的未规范化的预测和随机的概率分布，以双精度逐条检验笔记中的论断。
# 凡是比较等式两边的，阈值只容许舍入误差。

# %%
page.claims("3.4")

# %% [markdown] lang="en"
# **Summary.**
#
# - Softmax turns any numbers into probabilities and keeps their order.
# - Cross-entropy is the negative log-likelihood of the label; its gradient is estimate minus observation.
# - It is also the mean surprisal at the labels, and never less than their entropy.
#
# **Try it yourself.**
#
# - `studies.information.classes`: 2, then 100. Entropy is never above the logarithm of the number
#   of classes; how does the cloud of points on the right move?
# - `studies.softmax.classes`: 2. Softmax now depends only on the difference of the two logits.
#   Does every claim still hold?

# %% [markdown] lang="zh"
# **小结。**
#
# - softmax 把任意的数变成概率，而且不改变大小次序。
# - 交叉熵是标签的负对数似然，它的梯度是估计值减去观测值。
# - 它也是看到标签时的平均惊异，从不低于标签的熵。
#
# **动手试一试。**
#
# - `studies.information.classes`：先改成 2，再改成 100。熵不会超过类别数的对数；
#   右图中的点云会怎样移动？
# - `studies.softmax.classes`：改成 2。此时 softmax 只取决于两个未规范化的预测之差。
#   每条论断都仍然成立吗？

# %%
page.exercises("3.4")

# %% [markdown] lang="en"
# ## 3.5 The image classification dataset
#
# **Questions.** What do the data look like? Does each class have the same number of images? And how
# long does it take just to read them?
#
# Fashion-MNIST consists of small grey images of clothes in ten classes. The notes read it with
# `torchvision`, whose `ToTensor` turns each image into a tensor with values from 0 to 1:
#
# ```python
# trans = transforms.ToTensor()
# mnist_train = torchvision.datasets.FashionMNIST(
#     root="../data", train=True, transform=trans, download=True)
# ```
#
# This project reads the same files itself, so that every byte is checked. `page.images()` gives the first
# training images of this run as such tensors, and the data iterator of the notes works as in 3.3:

# %% [markdown] lang="zh"
# ## 3.5 图像分类数据集
#
# **问题。** 数据长什么样？各个类别的图像一样多吗？仅仅读取一遍要花多少时间？
#
# 数据集 Fashion-MNIST 由十个类别的服装灰度小图组成。笔记用 `torchvision` 读取，
# 其中的转换器 `ToTensor` 把每张图像转换成取值在 0 到 1 之间的张量：
#
# ```python
# trans = transforms.ToTensor()
# mnist_train = torchvision.datasets.FashionMNIST(
#     root="../data", train=True, transform=trans, download=True)
# ```
#
# 本项目自己读取同样的文件，以便校验每个字节。
# 下面的 `page.images()` 给出这次运行开头的一部分训练图像，已经是这样的张量；数据迭代器与 3.3 相同：

# %% tags=["code"]
from torch.utils import data

images, labels = map(torch.from_numpy, page.images())
mnist_train = data.TensorDataset(images, labels)
train_iter = data.DataLoader(mnist_train, batch_size=256, shuffle=True)
X, y = next(iter(train_iter))
print(X.shape, X.dtype, y.shape, y.dtype)
print("values from", X.min().item(), "to", X.max().item())

# %% [markdown] lang="en"
# A dataset consists of features and labels and gives access to single examples. Of the arguments of
# `DataLoader`, `batch_size` says how many of them make a minibatch, and `shuffle` whether their order is
# drawn anew in each epoch.

# %% [markdown] lang="zh"
# 数据集由特征和标签组成，可以逐个取出样本。`DataLoader` 的两个常见参数中，
# `batch_size` 指定一个小批量有多少样本，`shuffle` 指定是否在每个迭代周期重新打乱次序。

# %%
page.engine("datasets.idx", "read", "read_idx")

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
# A `DataLoader` takes one example after the other, and `ToTensor` converts each of them again in every
# epoch. If all the images fit into memory, a single tensor of bytes does the same: the rows of a minibatch
# are gathered and converted together. All training of this book reads in this way.

# %% [markdown] lang="zh"
# `DataLoader` 逐个读取样本，`ToTensor` 在每个迭代周期把每张图像重新转换一遍。
# 如果全部图像都放得进内存，就可以合成一个字节张量，每次取出一个小批量的行并一起转换，效果是一样的。
# 本书的训练都这样读取数据。

# %%
page.engine("studies.images", "notes_way", "resident")

# %%
page.engine("training.fit", "Examples.take")

# %%
page.engine("datasets.images", "to_numbers")

# %%
page.figure("images")

# %% lang="en"
page.say(
    """
    There are {{ classes_of_images.train }} training and {{ classes_of_images.test }} test images.
    {% if classes_of_images.balanced %}
    All {{ classes_of_images.classes }} classes are equally frequent, so accuracy treats them alike.
    {% else %}
    The classes have between {{ classes_of_images.least }} and {{ classes_of_images.most }} training images,
    so accuracy gives more weight to the frequent ones.
    {% endif %}
    """
)

# %% lang="zh"
page.say(
    """
    训练图像有 {{ classes_of_images.train }} 张，测试图像有 {{ classes_of_images.test }} 张。
    {% if classes_of_images.balanced %}
    全部 {{ classes_of_images.classes }} 个类别的图像一样多，因此分类精度对它们一视同仁。
    {% else %}
    各类别的训练图像从 {{ classes_of_images.least }} 张到 {{ classes_of_images.most }} 张不等，
    因此分类精度更看重图像多的类别。
    {% endif %}
    """
)

# %% lang="en"
page.say(
    """
    Reading them once takes {{ reading.alone | number(2) }} s with a `DataLoader` in this process, and
    {{ reading.resident | number(2) }} s from the tensor in memory.
    {% if reading.has_workers %}
    Worker processes share the conversion, but they have to be started and to hand over every minibatch:
    on this machine {% if reading.workers_help %}they help{% else %}they do not help{% endif %}
    ({{ reading.with_workers | number(2) }} s with {{ reading.workers }} of them).
    {% endif %}
    """
)

# %% lang="zh"
page.say(
    """
    把它们读完一遍，`DataLoader` 在本进程中要用 {{ reading.alone | number(2) }} 秒，
    从内存中的张量读取要用 {{ reading.resident | number(2) }} 秒。
    {% if reading.has_workers %}
    工作进程分担转换，但要启动，还要把每个小批量传递回来：
    在这台机器上，{% if reading.workers_help %}增加进程有用{% else %}增加进程没有用{% endif %}
    （{{ reading.workers }} 个进程用 {{ reading.with_workers | number(2) }} 秒）。
    {% endif %}
    """
)

# %%
page.claims("3.5")

# %% [markdown] lang="en"
# **Summary.**
#
# - A dataset holds features and labels; a `DataLoader` makes shuffled minibatches of them.
# - `ToTensor` turns bytes into numbers from 0 to 1.
# - Images that fit into memory can be read as one tensor.
#
# **Try it yourself.**
#
# - `studies.images.workers`: `[0, 1, 8]`. From which number on is there no further gain on your machine?
# - `studies.images.batch_size`: 32. Which of the two ways suffers more from smaller minibatches?
# - `figures.images`: 100, to see more of the data.

# %% [markdown] lang="zh"
# **小结。**
#
# - 数据集由特征和标签组成；`DataLoader` 把样本打乱并组成小批量。
# - `ToTensor` 把字节变成 0 到 1 之间的数。
# - 放得进内存的图像，可以作为一个张量来读取。
#
# **动手试一试。**
#
# - `studies.images.workers`：改成 `[0, 1, 8]`。在你的机器上，从几个进程开始不再变快？
# - `studies.images.batch_size`：改成 32。小批量变小，哪种读法受影响更大？
# - `figures.images`：改成 100，多看一些图像。

# %%
page.exercises("3.5")

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
# The weights start as small random numbers, the biases at zero. There is one row of weights for each pixel,
# and one column for each class:

# %% [markdown] lang="zh"
# ## 3.6 softmax 回归的从零开始实现
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
# 权重初始化为很小的随机数，偏置初始化为零。每个像素对应一行权重，每个类别对应一列：

# %% tags=["code"]
num_inputs, num_outputs = images[0].numel(), int(labels.max()) + 1
torch.manual_seed(0)
W = torch.normal(0, 0.01, size=(num_inputs, num_outputs), requires_grad=True)
b = torch.zeros(num_outputs, requires_grad=True)


def net(X):
    return softmax(torch.matmul(X.reshape((-1, W.shape[0])), W) + b)


# %% [markdown] lang="en"
# `softmax` and `cross_entropy` are those of 3.4. In `softmax`, the sum over each row is kept as a column
# (`keepdim=True`) and broadcast when the row is divided by it. In `cross_entropy`, the index
# `[range(len(y_hat)), y]` picks from each row the probability of the true class.
#
# `accuracy` counts the correct predictions. Its first lines are written for the general case: if there are
# several columns, `argmax(axis=1)` gives the index of the greatest in each row; if there is only one,
# `y_hat` holds the predictions already.

# %% [markdown] lang="zh"
# 其中的 `softmax` 和 `cross_entropy` 就是 3.4 的那两个函数。在 `softmax` 中，每一行的总和保留为一列
# （`keepdim=True`），相除时用到广播机制。在 `cross_entropy` 中，下标 `[range(len(y_hat)), y]`
# 从每一行挑出正确类别的预测概率。
#
# `accuracy` 计算预测正确的数量。开头两行是为一般情况而写的：如果有好几列，
# 就用 `argmax(axis=1)` 取每一行最大值的索引；如果只有一列，`y_hat` 本身就是预测的类别。


# %% tags=["code"]
def accuracy(y_hat, y):
    if len(y_hat.shape) > 1 and y_hat.shape[1] > 1:
        y_hat = y_hat.argmax(axis=1)
    cmp = y_hat.type(y.dtype) == y
    return float(cmp.type(y.dtype).sum())


class Accumulator:
    def __init__(self, n):
        self.data = [0.0] * n

    def add(self, *args):
        self.data = [a + float(b) for a, b in zip(self.data, args)]

    def __getitem__(self, idx):
        return self.data[idx]


# %% [markdown] lang="en"
# **One epoch.** `Accumulator(3)` keeps three sums: of the losses, of the correct predictions, and of the
# examples. `net.train()` puts a network of the library into training mode, which matters for layers such
# as dropout. The two branches are the two kinds of optimiser. One of the library takes the gradient of
# the *mean* loss: `zero_grad`, `backward`, `step`. One of our own takes the gradient of the *sum*, and
# divides by the size of the minibatch when it updates. The step is the same.

# %% [markdown] lang="zh"
# **一个迭代周期。** `Accumulator(3)` 累加三个量：损失的总和、预测正确的数量、样本数。
# `net.train()` 把深度学习库的网络设为训练模式，这对暂退法之类的层才有区别。
# 两个分支对应两种优化器：内置的优化器对损失的**平均值**求梯度，依次是 `zero_grad`、`backward`、`step`；
# 定制的优化器对损失的**总和**求梯度，更新时再除以小批量的大小。更新的结果相同。


# %% tags=["code"]
def train_epoch_ch3(net, train_iter, loss, updater):
    if isinstance(net, torch.nn.Module):
        net.train()
    metric = Accumulator(3)
    for X, y in train_iter:
        y_hat = net(X)
        l = loss(y_hat, y)
        if isinstance(updater, torch.optim.Optimizer):
            updater.zero_grad()
            l.mean().backward()
            updater.step()
        else:
            l.sum().backward()
            updater(X.shape[0])
        metric.add(l.sum().item(), accuracy(y_hat, y), y.numel())
    return metric[0] / metric[2], metric[1] / metric[2]


def sgd(params, lr, batch_size):
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad / batch_size
            param.grad.zero_()


def updater(batch_size):
    return sgd([W, b], 0.1, batch_size)


for epoch in range(3):
    train_loss, train_acc = train_epoch_ch3(net, train_iter, cross_entropy, updater)
    print(f"epoch {epoch + 1}, loss {train_loss:.3f}, accuracy {train_acc:.3f}")

# %% [markdown] lang="en"
# The measurements use all images and ten epochs, and train several replicates side by side: the same
# formulas, with an additional first dimension for the replicates. `gather` does what the index above does.

# %% [markdown] lang="zh"
# 测量使用全部图像，并且几次重复并排训练：公式不变，只是最前面多了一维，每个重复占一项。
# 其中的 `gather` 相当于上面的下标。

# %%
page.engine("models.softmax_regression.initial", "initial_parameters")

# %%
page.engine("models.softmax_regression.scratch", "softmax", "cross_entropy", "net")

# %%
page.engine("training.metrics", "accuracy")

# %%
page.engine("training.fit", "train_step")

# %%
page.settings("softmax_regression.scratch")

# %% [markdown] lang="en"
# Two things to know when you read the curves. The training curve is a mean over each epoch, and the first
# epoch begins with random weights, while the test curve is measured when the epoch is over. And the test
# curve shows the weights of one moment, which depend on the last few minibatches; a mean over an epoch
# smooths that out.

# %% [markdown] lang="zh"
# 读图之前请注意两点。训练曲线是每个周期内的平均，而第一个周期开始时权重还是随机的；
# 测试曲线则是在周期结束时评估的。此外，测试曲线只反映那一刻的权重，与最后几个小批量很有关系，
# 而整个周期的平均会把这种波动抹平。

# %%
page.curves("training", "softmax_regression.scratch")

# %% lang="en"
page.say(
    """
    {% set own = classifiers.softmax_regression %}
    After the last epoch, the mean test accuracy is {{ own.accuracy | interval }}.
    In the first epoch the training accuracy is {{ own.running_first | number }}, and the test accuracy at
    its end {{ own.test_first | number }}. In the second half of training, the highest and the lowest test
    accuracy of the replicates are {{ own.test_spread | points }} percentage points apart on average; their
    training accuracies over an epoch, {{ own.running_spread | points }}.
    """
)

# %% lang="zh"
page.say(
    """
    {% set own = classifiers.softmax_regression %}
    最后一个周期之后，测试精度为 {{ own.accuracy | interval }}。
    第一个周期的训练精度是 {{ own.running_first | number }}，
    该周期结束时的测试精度是 {{ own.test_first | number }}。
    在训练的后一半，各次重复中最高与最低的测试精度平均相差 {{ own.test_spread | points }} 个百分点，
    周期内的训练精度平均相差 {{ own.running_spread | points }} 个百分点。
    """
)

# %%
page.measured("softmax_regression.scratch")

# %% [markdown] lang="en"
# K-fold cross-validation ([4.4.2](model_selection.ipynb)) evaluates the model on new images without using
# the test set.

# %% [markdown] lang="zh"
# K折交叉验证（[4.4.2](model_selection.ipynb)）不动用测试集，也能检验模型在新图像上的表现。

# %%
page.curves("kfold", "softmax_regression.scratch")

# %% lang="en"
page.say(
    """
    {% set own = classifiers.softmax_regression %}
    The mean validation accuracy is {{ own.validation.mean | number }}, and the training accuracy of the
    same models is {{ own.gap | abs | points }} percentage points {% if own.gap >= 0 %}above{% else %}below{% endif %} it.
    """
)

# %% lang="zh"
page.say(
    """
    {% set own = classifiers.softmax_regression %}
    平均验证精度为 {{ own.validation.mean | number }}，同样这些模型的训练精度
    比它{% if own.gap >= 0 %}高{% else %}低{% endif %} {{ own.gap | abs | points }} 个百分点。
    """
)

# %% [markdown] lang="en"
# **Which classes are confused?** Read a row from left to right: what are the images of this class
# predicted to be? Two groups of classes look alike, the tops (shirt, T-shirt, pullover, coat) and the shoes
# (sandal, sneaker, ankle boot). [The figure](#figure-confusion) shows all classifiers of the run, including those of chapter 4;
# compare those of the [multilayer perceptron](multilayer_perceptrons.ipynb).

# %% [markdown] lang="zh"
# **哪些类别会弄混？** 请从左到右读一行：这个类别的图像被预测成了什么？
# 有两组类别彼此相像：一组是上衣，即衬衫、T恤、套衫和外套；
# 另一组是鞋，即凉鞋、运动鞋和短靴。
# [图](#figure-confusion) 中有这次运行的所有分类模型，也包括第 4 章的，可以与[多层感知机](multilayer_perceptrons.ipynb)比较。

# %%
page.figure("confusion")

# %% lang="en"
page.say(
    """
    The hardest class of softmax regression is *{{ confused.hardest }}*
    ({{ confused.hardest_mean | percent }} correct), the easiest *{{ confused.easiest }}*
    ({{ confused.easiest_mean | percent }}). The most frequent confusion takes *{{ confused.true }}* for
    *{{ confused.predicted }}*: {{ confused.pair | percent }} of the images of that class.
    {% if confused.kindred is not none %}
    Of all mistakes, {{ confused.kindred | percent(0) }} are made within the two groups.
    {% endif %}
    """
)

# %% lang="zh"
page.say(
    """
    对 softmax 回归来说，最难的类别是“{{ name_of(confused.hardest) }}”（{{ confused.hardest_mean | percent }} 正确），
    最容易的是“{{ name_of(confused.easiest) }}”（{{ confused.easiest_mean | percent }}）。
    最常见的混淆是把“{{ name_of(confused.true) }}”认作“{{ name_of(confused.predicted) }}”，
    占该类图像的 {{ confused.pair | percent }}。
    {% if confused.kindred is not none %}
    全部错误中有 {{ confused.kindred | percent(0) }} 发生在这两组的组内。
    {% endif %}
    """
)

# %% [markdown] lang="en"
# The same, class by class ([table](#table-confusion_classes)). Where the interval is wide, the accuracy of a
# class changes from replicate to replicate: a class that loses images to another one in one replicate may
# win them back in the next, and the overall accuracy need not change.

# %% [markdown] lang="zh"
# 同样的结果按类别列出（[表](#table-confusion_classes)）。置信区间宽的类别，各次重复的精度相差就大：
# 一个类别在某次重复中输给另一类的图像，在下一次重复中可能又赢回来，总的精度却不一定变。

# %%
page.by_model("confusion_classes", "name")

# %% lang="en"
page.say(
    """
    Between the replicates of softmax regression, the accuracy within *{{ confused.widest }}* varies most
    (standard deviation {{ confused.widest_sd | number(2) }}); that of all classes together has a standard
    deviation of {{ confused.overall_sd | number(2) }}.
    """
)

# %% lang="zh"
page.say(
    """
    在 softmax 回归的各次重复之间，“{{ name_of(confused.widest) }}”一类的精度变化最大
    （标准差 {{ confused.widest_sd | number(2) }}）；全部类别合在一起，精度的标准差是
    {{ confused.overall_sd | number(2) }}。
    """
)

# %% [markdown] lang="en"
# **What has it learned?** Each column of $\mathbf{W}$ belongs to one class and has a weight for every pixel,
# so it can be looked at as an image. Before training it is noise. When do the clothes appear, and what
# becomes of them? This is one network, trained once, so its accuracies are not the means above.

# %% [markdown] lang="zh"
# **它学到了什么？** $\mathbf{W}$ 的每一列属于一个类别，每个像素有一个权重，因此可以当作图像来看。
# 训练之前它只是噪声。衣物的样子什么时候出现，后来又怎样变化？
# 这里是只训练了一次的一个网络，所以它的精度不是上面的均值。

# %%
page.figure("weight_images")

# %%
page.explore("weight_images", "weight_images", "weight_images_pixels")

# %% lang="en"
page.say(
    """
    The images are most like the means of their classes after epoch {{ formed.likest }}: the correlation of
    the weights of a class with the mean of its training images, less the mean of all images, is
    {{ formed.likest_mean | number(2) }}, and the test accuracy {{ formed.likest_accuracy | number }}.
    {% if formed.likest < formed.last %}
    After epoch {{ formed.last }} that correlation is {{ formed.last_mean | number(2) }}
    {%- if formed.last_accuracy > formed.likest_accuracy %}, while the test accuracy has
    risen to {{ formed.last_accuracy | number }}: what tells a class from similar ones is not what is common in it
    {%- endif %}.
    {% endif %}
    The greatest weight is {{ formed.first_weight | number(2) }} after the first epoch and
    {{ formed.last_weight | number(2) }} after the last.
    """
)

# %% lang="zh"
page.say(
    """
    第 {{ formed.likest }} 个迭代周期之后，权重图像与各类别的平均图像最像：一个类别的权重，
    与该类训练图像的均值（减去全部图像的均值）的相关系数是 {{ formed.likest_mean | number(2) }}，
    测试精度是 {{ formed.likest_accuracy | number }}。
    {% if formed.likest < formed.last %}
    第 {{ formed.last }} 个周期之后，这个相关系数是 {{ formed.last_mean | number(2) }}
    {%- if formed.last_accuracy > formed.likest_accuracy %}，而测试精度升到了
    {{ formed.last_accuracy | number }}：把一个类别与相似类别区分开来的，并不是该类图像共有的样子{% endif %}。
    {% endif %}
    最大的权重在第一个周期之后是 {{ formed.first_weight | number(2) }}，
    在最后一个周期之后是 {{ formed.last_weight | number(2) }}。
    """
)

# %% [markdown] lang="en"
# Finally, some single images. Would you have done better?

# %% [markdown] lang="zh"
# 最后看几张具体的图像。换成你，会认得更准吗？

# %%
page.curves("predictions", "softmax_regression.scratch")

# %%
page.claims("3.6")

# %% [markdown] lang="en"
# **Summary.**
#
# - A linear layer, softmax and cross-entropy make a classifier.
# - Accuracy counts correct predictions; `argmax` takes the most probable class.
# - One epoch: for each minibatch forward, backward, update, and the sums of what is to be reported.
#
# **Try it yourself.**
#
# - `models.softmax_regression_scratch.learning_rate`: 0.01. How do the loss and the band around the test
#   curve change?
# - `models.softmax_regression_scratch.epochs`: 30. Which gains more, training or test? How does
#   the gap between them change?
# - `models.softmax_regression_scratch.batch_size`: 32. There are more steps in an epoch, and
#   each is noisier.
# - `studies.weight_images.epochs`: 50. Do the clothes in the weights become clearer?

# %% [markdown] lang="zh"
# **小结。**
#
# - 线性层、softmax 和交叉熵构成一个分类器。
# - 分类精度计算预测正确的数量；用 `argmax` 取概率最大的类别。
# - 一个迭代周期：对每个小批量作前向、反向、更新，并累加要报告的量。
#
# **动手试一试。**
#
# - `models.softmax_regression_scratch.learning_rate`：改成 0.01。损失和测试曲线的阴影带会怎样变化？
# - `models.softmax_regression_scratch.epochs`：改成 30。训练和测试，哪个提高得更多？
#   两者之间的差距会怎样变化？
# - `models.softmax_regression_scratch.batch_size`：改成 32。每个周期的步数更多，每一步的噪声也更大。
# - `studies.weight_images.epochs`：改成 50。权重中衣物的样子会更清楚吗？

# %%
page.exercises("3.6")

# %% [markdown] lang="en"
# ## 3.7 Softmax regression, concise
#
# **Questions.** A library provides all of this: layers, the loss, the optimiser. Does it
# train the same model? The data are again those of 3.5. With the same settings, both implementations see
# the same images in the same minibatches, in the same order, so only the code can make a
# difference.

# %% [markdown] lang="zh"
# ## 3.7 softmax 回归的简洁实现
#
# **问题。** 层、损失函数和优化器，深度学习库中都有现成的。用它们训练出来的是同一个模型吗？
# 数据仍是 3.5 的数据。设置相同时，两种实现看到的小批量完全相同，连次序也一样，
# 因此只有代码本身可能造成差别。

# %% [markdown] lang="en"
# ### 3.7.1 Initial parameters
#
# PyTorch does not implicitly reshape inputs, so `nn.Flatten` stands before the linear layer and turns
# every image into one row. `net.apply` calls `init_weights` on every layer; the argument `m` is the layer.

# %% [markdown] lang="zh"
# ### 3.7.1 初始化模型参数
#
# PyTorch 不会隐式地调整输入的形状，因此在线性层前定义了展平层 `nn.Flatten`，把每张图像变成一行。
# `net.apply` 对每一层调用 `init_weights`，参数 `m` 就是“层”。

# %% tags=["code"]
from torch import nn

net = nn.Sequential(nn.Flatten(), nn.Linear(num_inputs, num_outputs))


def init_weights(m):
    if type(m) == nn.Linear:
        nn.init.normal_(m.weight, std=0.01)


torch.manual_seed(0)
net.apply(init_weights)
print(
    "weights:",
    tuple(net[1].weight.shape),
    "bias:",
    [round(value, 3) for value in net[1].bias.tolist()],
)

# %% [markdown] lang="en"
# In the measurements, the layer gets the same initial values as the implementation from scratch, because otherwise
# the two could not be compared. Note two details: `nn.Linear` stores its weights as $W^\top$; and
# `init_weights` leaves the bias at PyTorch's own random values, while here it starts at zero.

# %% [markdown] lang="zh"
# 测量时，则直接在线性层中放入从零开始实现所用的同一组初始值，否则两者无法逐步比较。
# 请注意两个细节：`nn.Linear` 存放的权重是 $W^\top$；
# 笔记的 `init_weights` 没有改动偏置，偏置仍是 PyTorch 自己的随机值，而这里的偏置初始化为零。

# %%
page.engine("models.softmax_regression.concise", "network")

# %%
page.engine("training.concise", "initialise")

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
# ### 3.7.2 重新审视 softmax 的实现
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

# %% tags=["code"]
loss = nn.CrossEntropyLoss(reduction="none")
logits = torch.tensor([[1.0, 2.0, -1.0], [100.0, 0.0, 50.0]])
y = torch.tensor([1, 1])
print("none:", loss(logits, y))
print("mean:", nn.CrossEntropyLoss()(logits, y))
print("sum: ", nn.CrossEntropyLoss(reduction="sum")(logits, y))
print("plain formulas:", cross_entropy(softmax(logits), y))

# %%
page.engine("studies.softmax", "losses", "overflow")

# %% [markdown] lang="en"
# In the study, the same random logits are made larger and larger, and the share of the losses that are still
# finite is counted. The last column of the table compares those losses with the library's: a probability
# close to zero has few digits left, so even a finite loss may be wrong.

# %% [markdown] lang="zh"
# 实验把同一组随机的未规范化的预测逐渐放大，并统计损失仍为有限值的样本占多少。
# 表格的最后一列把这些损失与深度学习库的结果相比：
# 接近零的概率只剩下很少的有效数字，所以即使损失有限，也可能不准。

# %%
page.figure("softmax")

# %%
page.table("softmax")

# %%
page.table("softmax_overflow")

# %% lang="en"
page.say(
    """
    From a scale of {{ overflow.scale | number(2) }} on, the plain formulas fail: there
    {{ overflow.finite | percent(0) }} of the losses are still finite, and
    {% if overflow.last_finite == 0 %}none{% else %}{{ overflow.last_finite | percent(0) }}{% endif %} at a scale of
    {{ overflow.last_scale | plain }}.
    {% if overflow.library == 1 %}The library's losses are finite at every scale.{% endif %}
    Where both are finite, they differ by up to
    {{ overflow.difference | number(2) }}.
    """
)

# %% lang="zh"
page.say(
    """
    尺度从 {{ overflow.scale | number(2) }} 起，按公式直接计算就会出错：
    此时还有 {{ overflow.finite | percent(0) }} 的损失是有限值；
    尺度为 {{ overflow.last_scale | plain }} 时是 {{ overflow.last_finite | percent(0) }}。
    {% if overflow.library == 1 %}深度学习库的损失在每种尺度下都是有限值。{% endif %}
    两者都是有限值时，最多相差 {{ overflow.difference | number(2) }}。
    """
)

# %%
page.claims("3.7.2")

# %% [markdown] lang="en"
# The notes do not say that the plain formula fails for large logits; that is a finding of ours. Where training
# keeps the logits small, as in 3.6, the plain formulas are good enough.
#
# **Try it yourself.**
#
# - `models.softmax_regression_scratch.learning_rate` and
#   `models.softmax_regression_concise.learning_rate`: 10 for both. The steps become so long that
#   the logits may grow large. Does the run say at its end that one of the two diverged, and where?

# %% [markdown] lang="zh"
# 笔记并没有说按公式直接计算会在预测值大时出错，这是我们的发现。
# 像 3.6 那样，训练中未规范化的预测一直不大时，直接按公式计算就够用了。
#
# **动手试一试。**
#
# - `models.softmax_regression_scratch.learning_rate` 和
#   `models.softmax_regression_concise.learning_rate`：都改成 10。
#   步长太大，未规范化的预测就可能变得很大。运行结束时会说哪一个发散了吗？在哪里？

# %% [markdown] lang="en"
# ### 3.7.3 The optimiser
#
# `torch.optim.SGD` needs only the parameters and the learning rate:
#
# $$w \leftarrow w - \eta \, \nabla_w \Big( \frac{1}{|B|} \sum_{i \in B} \ell_i \Big).$$
#
# It is the other branch of `train_epoch_ch3`: the loss is averaged first, so nothing is left to divide.

# %% [markdown] lang="zh"
# ### 3.7.3 优化算法
#
# `torch.optim.SGD` 只需要传入参数和学习率：
#
# $$w \leftarrow w - \eta \, \nabla_w \Big( \frac{1}{|B|} \sum_{i \in B} \ell_i \Big).$$
#
# 它对应 `train_epoch_ch3` 的另一个分支：先把损失取平均，更新时就不必再除。

# %% tags=["code"]
trainer = torch.optim.SGD(net.parameters(), lr=0.1)

# %% [markdown] lang="en"
# In the measurements, the replicates share no parameters, so the gradient of the sum of their mean losses
# is, for each replicate, the gradient of its own.
#
# A model's key `optimizer` names another optimiser, from scratch and by the library alike; `momentum` and
# `weight_decay` set what it has besides the learning rate.

# %% [markdown] lang="zh"
# 测量时，各个重复之间没有共同的参数，所以把它们的平均损失相加再求梯度，每个重复得到的仍是自己的梯度。
#
# 模型的 `optimizer` 键可以换用别的优化器，从零实现和深度学习库都有；
# 学习率之外的设置由 `momentum` 和 `weight_decay` 给出。

# %%
page.engine("training.optimisers", "BY_LIBRARY", "make_optimiser")

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
# network, the training and test data, the loss, the number of epochs, the optimiser. The function of 3.6
# trains the library's network as it is:

# %% [markdown] lang="zh"
# ### 3.7.4 训练
#
# **问题。** 笔记说，这里的训练过程与 3.6“不完全一样，但差不多”。差多少？
# 训练过程的几大要素都体现在 `train_ch3` 的参数中：
# 网络、训练数据和测试数据、损失函数、迭代周期数、优化器。3.6 的函数不用改动，就能训练深度学习库的网络：

# %% tags=["code"]
for epoch in range(3):
    train_loss, train_acc = train_epoch_ch3(net, train_iter, loss, trainer)
    print(f"epoch {epoch + 1}, loss {train_loss:.3f}, accuracy {train_acc:.3f}")

# %% [markdown] lang="en"
# Compare the curves of the full training with those of 3.6. Can you find a difference?

# %% [markdown] lang="zh"
# 请把完整训练的曲线与 3.6 的曲线作比较：能找到差别吗？

# %%
page.curves("training", "softmax_regression.concise")

# %%
page.measured("softmax_regression.concise")

# %%
page.curves("kfold", "softmax_regression.concise")

# %% [markdown] lang="en"
# The eye is not precise enough, so every loss, every accuracy and every parameter of the two
# implementations is compared ([figure](#figure-agreement)). The other
# panels are explained on the pages on [linear regression](linear_regression.ipynb) and the [multilayer
# perceptron](multilayer_perceptrons.ipynb).

# %% [markdown] lang="zh"
# 肉眼难以判断，所以把两种实现的每个损失、每个精度和每个参数都作了比较（[图](#figure-agreement)）。
# 其他几幅分别见[线性回归](linear_regression.ipynb)和[多层感知机](multilayer_perceptrons.ipynb)。

# %%
page.figure("agreement")

# %% lang="en"
page.say(
    """
    {% set own = ways.softmax_regression %}
    {% if own %}
    The parameters of the two differ by at most {{ own.parameters | number(2) }} of the greatest one
    (`{{ own.parameter }}`), which is {{ own.spacings | number(2) }} times the spacing of 32-bit numbers;
    the losses differ by at most {{ own.loss | number(2) }} of the greatest. The order of operations is
    different, and with it the rounding.
    {% endif %}
    """
)

# %% lang="zh"
page.say(
    """
    {% set own = ways.softmax_regression %}
    {% if own %}
    两者的参数之差不超过最大参数的 {{ own.parameters | number(2) }}（`{{ own.parameter }}`），
    即 32 位浮点数间距的 {{ own.spacings | number(2) }} 倍；损失之差不超过最大损失的
    {{ own.loss | number(2) }}。两者的运算次序不同，舍入也就不同。
    {% endif %}
    """
)

# %%
page.claims("3.7.4")

# %% [markdown] lang="en"
# **Summary.**
#
# - `nn.Flatten` and `nn.Linear` are the model; the softmax is in the loss.
# - `nn.CrossEntropyLoss` computes the logarithm of the softmax safely; `reduction` says how losses are
#   combined.
# - `train_epoch_ch3` trains both ways, by one branch or the other.
#
# **Try it yourself.**
#
# - `models.softmax_regression_concise.learning_rate`: 0.11. How much do the differences grow?
# - `devices`: add a GPU, if there is one. Then each model is also compared between the devices.

# %% [markdown] lang="zh"
# **小结。**
#
# - 模型由 `nn.Flatten` 和 `nn.Linear` 组成，softmax 在损失函数里。
# - `nn.CrossEntropyLoss` 稳妥地计算 softmax 的对数；`reduction` 指定怎样合并各个样本的损失。
# - `train_epoch_ch3` 用不同的分支训练两种实现。
#
# **动手试一试。**
#
# - `models.softmax_regression_concise.learning_rate`：改成 0.11。差别会扩大多少？
# - `devices`：如果有 GPU，就加进去。这样每个模型还会在不同设备之间作比较。

# %%
page.figure("exercises_softmax")

# %%
page.exercises("3.7")
