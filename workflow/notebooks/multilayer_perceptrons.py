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
# # Multilayer perceptrons
#
# Now there is one more layer between input and output, and a nonlinear function. This page looks at
# the two separately: what the layer does without the function, and what the function does to the
# gradients. Then the model is implemented twice, from scratch and with the library. The code of the notes
# runs on this page, on the first few thousand images; the measurements use them all.

# %% [markdown] lang="zh"
# # 多层感知机
#
# 在输入与输出之间加上一层，再加上一个非线性的函数。本页把两者分开来看：
# 没有这个函数，多出来的一层有什么用？有了它，梯度会怎样？然后用两种方式实现：从零开始，以及用深度学习库。
# 笔记中的代码就在本页上运行，只用开头的几千张图像；测量则用全部图像。

# %% [markdown] lang="en"
# ## 4.1 Multilayer perceptrons
#
# **Questions.** A linear model gives each pixel one weight for each class, whatever the other
# pixels are. But what a bright pixel means depends on the pixels around it. Does a hidden layer help?
# If so, is it the layer that helps, or its activation function $\sigma$? With $d$ inputs, $h$ hidden
# units and $q$ classes, and one example in each row of $X$,
#
# $$\begin{aligned}
# H &= \sigma(X W^{(1)} + b^{(1)}), && W^{(1)} \in \mathbb{R}^{d \times h}, \\
# O &= H W^{(2)} + b^{(2)}, && W^{(2)} \in \mathbb{R}^{h \times q}.
# \end{aligned}$$
#
# The outputs $O$ are logits. Softmax and cross-entropy follow, as in
# [softmax regression](softmax_regression.ipynb).

# %% [markdown] lang="zh"
# ## 4.1 多层感知机
#
# **问题。** 线性模型为每个像素、每个类别分配一个权重，与其他像素无关。
# 但一个亮的像素意味着什么，取决于它周围的像素。加上隐藏层有用吗？
# 如果有用，起作用的是这一层本身，还是它的激活函数 $\sigma$？
# 设有 $d$ 个输入、$h$ 个隐藏单元、$q$ 个类别，$X$ 的每一行是一个样本：
#
# $$\begin{aligned}
# H &= \sigma(X W^{(1)} + b^{(1)}), && W^{(1)} \in \mathbb{R}^{d \times h}, \\
# O &= H W^{(2)} + b^{(2)}, && W^{(2)} \in \mathbb{R}^{h \times q}.
# \end{aligned}$$
#
# 输出 $O$ 是未规范化的预测；接下来的 softmax 和交叉熵损失，与 [softmax 回归](softmax_regression.ipynb)相同。

# %% [markdown] lang="en"
# ### 4.1.1 Hidden layers
#
# **Questions.** Leave out $\sigma$. The model has many more parameters than softmax regression.
# What do they gain? Nothing, say the notes, because an affine function of an affine function
# is affine:
#
# $$\begin{aligned}
# O &= (X W^{(1)} + b^{(1)}) W^{(2)} + b^{(2)} \\
# &= X \underbrace{W^{(1)} W^{(2)}}_{W} + \underbrace{b^{(1)} W^{(2)} + b^{(2)}}_{b}.
# \end{aligned}$$
#
# That takes three lines to see. With `relu` between the layers, the second comparison fails:

# %% [markdown] lang="zh"
# ### 4.1.1 隐藏层
#
# **问题。** 去掉 $\sigma$ 会怎样？模型的参数比 softmax 回归多得多，能从中得到什么好处？
# 笔记说没有好处，因为仿射函数的仿射函数本身就是仿射函数：
#
# $$\begin{aligned}
# O &= (X W^{(1)} + b^{(1)}) W^{(2)} + b^{(2)} \\
# &= X \underbrace{W^{(1)} W^{(2)}}_{W} + \underbrace{b^{(1)} W^{(2)} + b^{(2)}}_{b}.
# \end{aligned}$$
#
# 三行代码就能看到。如果在两层之间加上 `relu`，第二个比较就不成立了：

# %% tags=["code"]
import torch

torch.manual_seed(0)
X = torch.randn(5, 8, dtype=torch.float64)
W1, b1 = torch.randn(8, 16, dtype=torch.float64), torch.randn(16, dtype=torch.float64)
W2, b2 = torch.randn(16, 3, dtype=torch.float64), torch.randn(3, dtype=torch.float64)

W, b = W1 @ W2, b1 @ W2 + b2
print("affine:", torch.allclose((X @ W1 + b1) @ W2 + b2, X @ W + b))
print("ReLU:  ", torch.allclose(torch.relu(X @ W1 + b1) @ W2 + b2, X @ W + b))

# %% [markdown] lang="en"
# The study trains a network without activation function on the images, multiplies its two layers into one,
# and compares the logits of both. Then it compares what three models achieve: softmax regression, that
# network, and the same with ReLU.

# %% [markdown] lang="zh"
# 实验在图像上训练没有激活函数的网络，把它的两层合并成一层，再比较两者未规范化的预测。
# 然后比较三个模型的结果：softmax 回归、这个网络，以及加上 ReLU 的同一网络。

# %%
page.engine("studies.affine_collapse", "logits", "difference")

# %%
page.table("affine_collapse_difference")

# %% lang="en"
page.say(
    """
    The logits are as large as {{ collapse.logit | number(2) }}, and those of the two computations differ by
    {{ collapse.difference | number(2) }} at most;
    {% if collapse.changed %}{{ collapse.changed }} predictions change{% else %}no prediction
    changes{% endif %}.
    """
)

# %% lang="zh"
page.say(
    """
    未规范化的预测最大为 {{ collapse.logit | number(2) }}，两种算法的结果最多相差
    {{ collapse.difference | number(2) }}；
    {% if collapse.changed %}有 {{ collapse.changed }} 个预测的类别改变{% else %}没有一个预测的类别改变{% endif %}。
    """
)

# %% [markdown] lang="en"
# In [the figure](#figure-affine_collapse), compare the upper two models first, then the lower two. All three
# see the same minibatches, and the two with a hidden layer start from the same weights. Two layers descend along another path
# than one, even if they can represent the same functions, so the upper two need not agree exactly.

# %% [markdown] lang="zh"
# 看[图](#figure-affine_collapse) 时，请先比较上面两个模型，再比较下面两个。
# 三个模型看到同样的小批量，带隐藏层的两个还从同样的权重出发。
# 两层和一层即使能表示同样的函数，下降的路线也不同，所以上面两个模型不必完全一致。

# %%
page.figure("affine_collapse")

# %%
page.explore("network")

# %% [markdown] lang="en"
# Does a hidden layer with an activation function help? Two models meet the same test images, so their
# difference has two sources of chance: other initial values and shuffles, and other images.
# [The figure](#figure-uncertainty) shows both. How often the two are trained was chosen before looking: `config.yaml` says which difference
# that number finds four times out of five, at the spread that earlier replicates had.

# %% [markdown] lang="zh"
# 带激活函数的隐藏层有没有好处？两个模型面对同样的测试图像，所以它们的差别有两个偶然来源：
# 换一组初始值和打乱的次序，或者换一批图像，差别都会不同。[图](#figure-uncertainty) 中两者都有。
# 训练多少次是看结果之前选定的：`config.yaml` 写明，按先前各次重复的离散程度，
# 这个次数能以五分之四的机会发现多大的差别。

# %%
page.figure("uncertainty")

# %%
page.claims("4.1.1")

# %% [markdown] lang="en"
# A claim is judged by its own interval, and then once more among all estimates of the section: of many
# verdicts, some would be false by chance alone. As for the gain without an activation function, the
# algebra above is a sharper answer than any training. The gain of the perceptron is also tested on
# the folds of the cross-validation.

# %% [markdown] lang="zh"
# 每条论断先按它自己的区间判断，再放在本节所有的估计中判断一次：
# 结论多了，总有一些只是碰巧。没有激活函数时有没有好处，上面的代数推导比任何训练都回答得更干脆；
# 多层感知机有没有好处，还另外用交叉验证的各折作了检验。

# %% lang="en"
page.say(
    """
    {% set gain = claims.perceptron_beats_softmax_regression %}
    {% set in_folds = claims.perceptron_beats_softmax_regression_in_folds %}
    {% if gain.known %}
    The gain in test accuracy over softmax regression is {{ gain | interval }}:
    {% if gain.holds %}it is more than chance.{% elif gain.fails %}there is none.{% else %}
    this run does not decide whether there is any.{% endif %}
    {% endif %}
    {% if in_folds.known %}
    In the folds the gain is {{ in_folds | interval }}:
    {% if in_folds.holds %}more than chance.{% elif in_folds.fails %}none.{% else %}not decided.{% endif %}
    {% endif %}
    """
)

# %% lang="zh"
page.say(
    """
    {% set gain = claims.perceptron_beats_softmax_regression %}
    {% set in_folds = claims.perceptron_beats_softmax_regression_in_folds %}
    {% if gain.known %}
    与 softmax 回归相比，测试精度的提高是 {{ gain | interval }}：
    {% if gain.holds %}这不是偶然。{% elif gain.fails %}没有提高。{% else %}
    这次运行不能判定有没有提高。{% endif %}
    {% endif %}
    {% if in_folds.known %}
    按各折计算，提高是 {{ in_folds | interval }}：
    {% if in_folds.holds %}不是偶然。{% elif in_folds.fails %}没有提高。{% else %}未能判定。{% endif %}
    {% endif %}
    """
)

# %% [markdown] lang="en"
# **Summary.**
#
# - A hidden layer without activation function is still an affine map.
# - An activation function between the layers makes the model nonlinear.
#
# **Try it yourself.**
#
# - `studies.affine_collapse.hidden_units`: 3. Now $W^{(1)} W^{(2)}$ has rank 3 at most. Does the
#   hidden layer without activation function merely gain nothing, or does it lose?
# - `studies.affine_collapse.replicates`: 10. Do the intervals become narrow enough for a verdict?
# - `models.mlp_scratch.replicates` and that of `softmax_regression_scratch`: 5. Is the verdict the same?

# %% [markdown] lang="zh"
# **小结。**
#
# - 没有激活函数的隐藏层，仍然是仿射函数。
# - 在两层之间加上激活函数，模型才是非线性的。
#
# **动手试一试。**
#
# - `studies.affine_collapse.hidden_units`：改成 3。此时 $W^{(1)} W^{(2)}$ 的秩不超过 3。
#   没有激活函数的隐藏层只是没有好处，还是反而更差？
# - `studies.affine_collapse.replicates`：改成 10。置信区间会窄到足以下结论吗？
# - `models.mlp_scratch.replicates` 和 `softmax_regression_scratch` 的：改成 5。结论还一样吗？

# %% [markdown] lang="en"
# ### 4.1.2 Activation functions
#
# **Questions.** There are three functions to choose from. Where do they let a gradient pass, and where
# do they block it? And does ReLU really keep the gradient of a deep network from vanishing?
#
# $$\begin{aligned}
# \mathrm{ReLU}(x) &= \max(x, 0), \\
# \mathrm{sigmoid}(x) &= \frac{1}{1 + \exp(-x)}, \\
# \tanh(x) &= \frac{1 - \exp(-2x)}{1 + \exp(-2x)}.
# \end{aligned}$$
#
# The chain rule multiplies their derivatives, which are
#
# $$\begin{aligned}
# \mathrm{ReLU}'(x) &\in \{0, 1\}, \\
# \mathrm{sigmoid}'(x) &= \mathrm{sigmoid}(x) \left(1 - \mathrm{sigmoid}(x)\right), \\
# \tanh'(x) &= 1 - \tanh^2(x).
# \end{aligned}$$

# %% [markdown] lang="zh"
# ### 4.1.2 激活函数
#
# **问题。** 有三个函数可选。它们在哪里让梯度通过，在哪里把它挡住？
# ReLU 真的能避免深层网络的梯度消失吗？
#
# $$\begin{aligned}
# \mathrm{ReLU}(x) &= \max(x, 0), \\
# \mathrm{sigmoid}(x) &= \frac{1}{1 + \exp(-x)}, \\
# \tanh(x) &= \frac{1 - \exp(-2x)}{1 + \exp(-2x)}.
# \end{aligned}$$
#
# 链式法则会把它们的导数连乘起来，这些导数是
#
# $$\begin{aligned}
# \mathrm{ReLU}'(x) &\in \{0, 1\}, \\
# \mathrm{sigmoid}'(x) &= \mathrm{sigmoid}(x) \left(1 - \mathrm{sigmoid}(x)\right), \\
# \tanh'(x) &= 1 - \tanh^2(x).
# \end{aligned}$$

# %% tags=["code"]
x = torch.tensor([-8.0, -1.0, 0.0, 1.0, 8.0], requires_grad=True)
for function in (torch.relu, torch.sigmoid, torch.tanh):
    y = function(x)
    (gradient,) = torch.autograd.grad(y.sum(), x)
    print(f"{function.__name__:8}", y.detach().numpy().round(4), gradient.numpy().round(4))

# %%
page.engine("studies.activations", "FUNCTIONS", "DERIVATIVES")

# %% [markdown] lang="en"
# Compare the lower panels, which share one scale. Far from zero, how much of the derivatives of
# sigmoid and tanh is left? And how large is each at zero, where both curves above are nearly straight?

# %% [markdown] lang="zh"
# 请比较下面一行图，它们的纵轴刻度相同。远离零点时，sigmoid 和 tanh 的导数还剩多少？
# 在零点附近，上方的两条曲线都接近直线，那里的导数各有多大？

# %%
page.figure("activations")

# %%
page.explore("activations", "activations")

# %% [markdown] lang="en"
# **Vanishing gradients.** In a network with $L$ hidden layers, let $Z^{(l)}$ be the input of the
# activation function of layer $l$, and $\delta^{(l)}$ the gradient of the loss $\ell$ with respect to it.
# The chain rule works backwards:
#
# $$\begin{aligned}
# \delta^{(l)} &= \left(\delta^{(l+1)} W^{(l+1)\top}\right) \odot \sigma'(Z^{(l)}), \\
# \frac{\partial \ell}{\partial W^{(l)}} &= H^{(l-1)\top} \delta^{(l)}.
# \end{aligned}$$
#
# So each layer multiplies the gradient by two factors: the derivative of the activation function, which
# for sigmoid is at most a quarter, and the weights. If their product is small, the gradient of the first
# layer shrinks exponentially with the depth. The study does one backward pass through untrained networks
# whose initial weights are drawn in three ways:

# %% [markdown] lang="zh"
# **梯度消失。** 在有 $L$ 个隐藏层的网络中，设 $Z^{(l)}$ 是第 $l$ 层激活函数的输入，
# $\delta^{(l)}$ 是损失 $\ell$ 对它的梯度。链式法则从后往前推：
#
# $$\begin{aligned}
# \delta^{(l)} &= \left(\delta^{(l+1)} W^{(l+1)\top}\right) \odot \sigma'(Z^{(l)}), \\
# \frac{\partial \ell}{\partial W^{(l)}} &= H^{(l-1)\top} \delta^{(l)}.
# \end{aligned}$$
#
# 可见每一层都给梯度乘上两个因子：一是激活函数的导数，对 sigmoid 来说最多四分之一；二是权重。
# 如果两者之积很小，第一层的梯度就随深度按指数减小。
# 实验对未经训练的网络做一次反向传播，初始权重有三种取法：

# %%
page.engine("studies.vanishing_gradients", "DEVIATIONS", "gradients")

# %% [markdown] lang="en"
# Note the logarithmic axis of [the figure](#figure-vanishing_gradients). Compare the slopes within one panel: they show the effect of the activation
# function. Then compare the panels: they show the effect of the initial weights.

# %% [markdown] lang="zh"
# 请注意[图](#figure-vanishing_gradients) 的纵轴是对数刻度。先比较同一幅图中的斜率，那是激活函数的作用；
# 再比较各幅图，那是初始权重的作用。

# %%
page.figure("vanishing_gradients")

# %%
page.claims("4.1.2")

# %% [markdown] lang="en"
# It is one thing that ReLU *eases* the vanishing, compared with sigmoid, and another that it *keeps* the
# gradient. ReLU's derivative is one where it lets the gradient pass, but the weights may shrink the gradient
# at every layer all the same, and the signal on its way forward (column `last_layer` of
# [vanishing_gradients](tables/vanishing_gradients.md)). He's weights are made just large enough to make up
# for the half of the inputs that ReLU discards. The notes' weights are small, which matters less the fewer
# layers there are: 4.2 has a single hidden one.

# %% [markdown] lang="zh"
# 与 sigmoid 相比，ReLU“减轻”梯度消失是一回事，梯度“不会”消失是另一回事。
# 在 ReLU 让梯度通过的地方，导数等于 1；但每一层的权重仍可能使梯度减小，
# 也可能使前向传播中的信号减小（见表 [vanishing_gradients](tables/vanishing_gradients.md) 的 `last_layer` 列）。
# He 的权重恰好大到足以补偿被 ReLU 丢弃的那一半输入。
# 笔记的权重很小，层数越少影响越小：4.2 只有一个隐藏层。

# %% lang="en"
page.say(
    """
    With {{ vanishing.deep }} hidden layers in place of {{ vanishing.shallow }}, the first layer's gradient is
    {{ vanishing.factors.notes_relu | number(2) }} times as large with ReLU and the notes' weights, and
    {{ vanishing.factors.he_relu | number(2) }} times with ReLU and He's; with sigmoid, it is
    {{ vanishing.factors.notes_sigmoid | number(2) }} and {{ vanishing.factors.he_sigmoid | number(2) }}
    times as large. With ReLU and the notes' weights, even the last layer's gradient is
    {{ vanishing.last_layer | number(2) }} times as large.
    {% if claims.relu_eases_vanishing_gradients.holds and claims.relu_keeps_the_gradient.fails %}
    So ReLU eases the vanishing, but does not end it.
    {% elif claims.relu_eases_vanishing_gradients.holds and claims.relu_keeps_the_gradient.holds %}
    So ReLU eases the vanishing, and at these depths it ends it.
    {% endif %}
    """
)

# %% lang="zh"
page.say(
    """
    有 {{ vanishing.deep }} 个隐藏层时的第一层梯度，与 {{ vanishing.shallow }} 个时相比：
    用 ReLU 和笔记的权重是 {{ vanishing.factors.notes_relu | number(2) }} 倍，
    用 He 的权重是 {{ vanishing.factors.he_relu | number(2) }} 倍；
    用 sigmoid 则分别是 {{ vanishing.factors.notes_sigmoid | number(2) }} 倍和
    {{ vanishing.factors.he_sigmoid | number(2) }} 倍。
    用 ReLU 和笔记的权重，连最后一层的梯度也是 {{ vanishing.last_layer | number(2) }} 倍。
    {% if claims.relu_eases_vanishing_gradients.holds and claims.relu_keeps_the_gradient.fails %}
    可见 ReLU 减轻了梯度消失，却没有消除它。
    {% elif claims.relu_eases_vanishing_gradients.holds and claims.relu_keeps_the_gradient.holds %}
    可见 ReLU 减轻了梯度消失，在这样的深度上还消除了它。
    {% endif %}
    """
)

# %% [markdown] lang="en"
# **Summary.**
#
# - ReLU passes the gradient or stops it; sigmoid and tanh flatten far from zero.
# - Sigmoid's derivative is a quarter at most, tanh's is one at most, both at zero.
# - Whether a gradient survives many layers depends on the initial weights as well.
#
# **Try it yourself.**
#
# - `studies.vanishing_gradients.depths`: `[1, 4, 16]`. Does ReLU still keep its gradient?
# - `studies.vanishing_gradients.hidden_units`: 256. More units add up to a larger sum; which of the
#   three panels changes most?
# - `studies.activations.points`: 640. Now zero is not among the inputs: which claims are no longer
#   decided?

# %% [markdown] lang="zh"
# **小结。**
#
# - ReLU 要么让梯度通过，要么把它挡住；sigmoid 和 tanh 在远离零点处变平。
# - sigmoid 的导数最大为四分之一，tanh 的最大为 1，都在零点取得。
# - 梯度能否穿过许多层，还取决于初始权重。
#
# **动手试一试。**
#
# - `studies.vanishing_gradients.depths`：改成 `[1, 4, 16]`。ReLU 还能保持梯度吗？
# - `studies.vanishing_gradients.hidden_units`：改成 256。单元越多，加起来的和越大；
#   三幅图中哪一幅变化最大？
# - `studies.activations.points`：改成 640。此时输入中没有零点：哪些论断变得未能判定？

# %%
page.exercises("4.1")

# %% [markdown] lang="en"
# ## 4.2 The multilayer perceptron from scratch
#
# **Questions.** What has to be added to softmax regression to make it a multilayer perceptron,
# and how much does it gain on Fashion-MNIST? Data, loss and training loop stay the same. Only
# two parameters and one function are new.

# %% [markdown] lang="zh"
# ## 4.2 多层感知机的从零开始实现
#
# **问题。** 要在 softmax 回归上添加什么，才能得到多层感知机？它在 Fashion-MNIST 上能提高多少？
# 数据、损失函数和训练循环都不变；新增的只有两个参数和一个函数。

# %% [markdown] lang="en"
# ### 4.2.1 Initial parameters
#
# Two weight matrices from $\mathcal{N}(0, 0.01^2)$ and two biases of zero. The weights must be
# random. If they were all zero, then $H = 0$ and no gradient would reach either of them; if they were all
# equal, all hidden units would stay equal forever.

# %% [markdown] lang="zh"
# ### 4.2.1 初始化模型参数
#
# 两个权重矩阵取自 $\mathcal{N}(0, 0.01^2)$，两个偏置为零。权重必须是随机的：
# 如果全为零，则 $H = 0$，两个权重矩阵都得不到梯度；如果全都相等，所有隐藏单元就永远相同。

# %% tags=["code"]
from torch import nn

images, labels = map(torch.from_numpy, page.images())
num_inputs, num_hiddens, num_outputs = images[0].numel(), 256, int(labels.max()) + 1

torch.manual_seed(0)
W1 = nn.Parameter(torch.randn(num_inputs, num_hiddens, requires_grad=True) * 0.01)
b1 = nn.Parameter(torch.zeros(num_hiddens, requires_grad=True))
W2 = nn.Parameter(torch.randn(num_hiddens, num_outputs, requires_grad=True) * 0.01)
b2 = nn.Parameter(torch.zeros(num_outputs, requires_grad=True))
params = [W1, b1, W2, b2]

try:
    torch.optim.SGD([torch.randn(2, requires_grad=True) * 0.01], lr=0.1)
except ValueError as error:
    print("ValueError:", error)

# %% [markdown] lang="en"
# `nn.Parameter` is a tensor of a special class, and here it is needed: `torch.randn(...) * 0.01` is the
# result of a product, not a leaf of the graph, and `torch.optim.SGD` refuses it. It would accept a plain
# leaf tensor with `requires_grad`. The measurements have an update of their own, for which plain tensors
# are enough.

# %% [markdown] lang="zh"
# `nn.Parameter` 是一个特殊的 Tensor 类，在这里是必要的：`torch.randn(...) * 0.01` 是乘法的结果，
# 不是计算图的叶子节点，`torch.optim.SGD` 会拒绝它；而带 `requires_grad` 的普通叶子张量是可以的。
# 测量时的更新由我们自己实现，用普通张量就够了。

# %%
page.engine("models.mlp.initial", "initial_parameters")

# %%
page.claims("4.2.1")

# %% [markdown] lang="en"
# **Try it yourself.**
#
# - `seed`: any other number, for other initial values and other shuffles. Which of the verdicts on this
#   page change?

# %% [markdown] lang="zh"
# **动手试一试。**
#
# - `seed`：换成任意另一个数，初始值和打乱的次序就都变了。本页哪些结论会改变？

# %% [markdown] lang="en"
# ### 4.2.2 The activation function
#
# To be sure of every detail, we implement ReLU ourselves. It keeps the positive elements and sets all
# others to zero; [the figure of 4.1.2](#figure-activations) shows its curve.

# %% [markdown] lang="zh"
# ### 4.2.2 激活函数
#
# 为了确保对模型的细节了如指掌，这里自己实现 ReLU，而不是调用内置的 `relu` 函数。
# 它仅保留正元素，其余元素都变成零；曲线见[4.1.2 的图](#figure-activations)。


# %% tags=["code"]
def relu(X):
    a = torch.zeros_like(X)
    return torch.max(X, a)


print(relu(torch.tensor([-2.0, 0.0, 3.0])))

# %% [markdown] lang="en"
# At exactly zero, `torch.max` shares the gradient equally between its two arguments, which gives one half.
# The measurements use a threshold, whose derivative there is zero, as that of `nn.ReLU` is.

# %% [markdown] lang="zh"
# 恰好在零点处，`torch.max` 把梯度平分给两个参数，得到二分之一。
# 测量用的是阈值函数，它在那里的导数是零，与 `nn.ReLU` 一样。

# %%
page.engine("models.mlp.scratch", "relu")

# %% [markdown] lang="en"
# **Try it yourself.**
#
# - `studies.activations.points`: 65, a coarser grid that still contains zero. Which claims depend on
#   points near zero, and are there any left?

# %% [markdown] lang="zh"
# **动手试一试。**
#
# - `studies.activations.points`：改成 65。网格更稀疏，但仍然包含零点。
#   哪些论断依据的是零点附近的点？这样的点还有吗？

# %% [markdown] lang="en"
# ### 4.2.3 The model
#
# Flatten the images, multiply, apply ReLU, multiply; `@` is matrix multiplication. There are
# $dh + h + hq + q$ parameters, of which $dh$ are in $W^{(1)}$.

# %% [markdown] lang="zh"
# ### 4.2.3 模型
#
# 展平图像，相乘，激活，再相乘；“@”代表矩阵乘法。
# 参数共有 $dh + h + hq + q$ 个，其中 $dh$ 个在 $W^{(1)}$ 中。


# %% tags=["code"]
def net(X):
    X = X.reshape((-1, num_inputs))
    H = relu(X @ W1 + b1)
    return H @ W2 + b2


print("parameters:", sum(param.numel() for param in params), "of which in W1:", W1.numel())

# %%
page.engine("models.mlp.scratch", "net")

# %% [markdown] lang="en"
# **Try it yourself.**
#
# - `models.mlp_scratch.hidden_units`: 16, then 1024. How much do a few hidden units already gain,
#   and how much do many more add?

# %% [markdown] lang="zh"
# **动手试一试。**
#
# - `models.mlp_scratch.hidden_units`：先改成 16，再改成 1024。
#   很少的隐藏单元已经能提高多少？再增加很多，又能提高多少？

# %% [markdown] lang="en"
# ### 4.2.4 The loss
#
# The notes use `nn.CrossEntropyLoss(reduction='none')`, which includes the softmax; so `net` ends with the
# logits. In the measurements, the implementation from scratch is complete: its `net` ends with the softmax
# of 3.6, and its loss is the cross-entropy of 3.6. That is safe as long as the logits stay small;
# [3.7.2](softmax_regression.ipynb) shows where it fails.

# %% [markdown] lang="zh"
# ### 4.2.4 损失
#
# 笔记用的是 `nn.CrossEntropyLoss(reduction='none')`，softmax 已经包含在内，所以 `net` 只给出未规范化的预测。
# 测量时则全部从零实现：`net` 以 3.6 的 softmax 结尾，损失就是 3.6 的交叉熵。
# 只要未规范化的预测不大，这样做就没有问题；[3.7.2](softmax_regression.ipynb) 说明它在哪里会出错。

# %% tags=["code"]
loss = nn.CrossEntropyLoss(reduction="none")

# %%
page.engine("models.softmax_regression.scratch", "cross_entropy")

# %% [markdown] lang="en"
# **Try it yourself.**
#
# - `models.mlp_scratch.learning_rate` and `models.mlp_concise.learning_rate`: 2 for both. Which of the
#   two losses stops being a finite number?

# %% [markdown] lang="zh"
# **动手试一试。**
#
# - `models.mlp_scratch.learning_rate` 和 `models.mlp_concise.learning_rate`：都改成 2。
#   哪一种实现的损失不再是有限的数？

# %% [markdown] lang="en"
# ### 4.2.5 Training
#
# **Questions.** The training is the same as for softmax regression. Below is the branch of `train_epoch_ch3`
# ([3.6](softmax_regression.ipynb)) for optimisers of the library. Is the result better, and is it stable?

# %% [markdown] lang="zh"
# ### 4.2.5 训练
#
# **问题。** 多层感知机的训练过程与 softmax 回归完全相同；
# 下面写出 `train_epoch_ch3`（[3.6](softmax_regression.ipynb)）中使用内置优化器的分支。结果更好吗？稳定吗？

# %% tags=["code"]
from torch.utils import data


def train_epoch(net, train_iter, loss, updater):
    total_loss, correct, count = 0.0, 0, 0
    for X, y in train_iter:
        y_hat = net(X)
        l = loss(y_hat, y)
        updater.zero_grad()
        l.mean().backward()
        updater.step()
        total_loss += l.sum().item()
        correct += int((y_hat.argmax(axis=1) == y).sum())
        count += y.numel()
    return total_loss / count, correct / count


train_iter = data.DataLoader(data.TensorDataset(images, labels), 256, shuffle=True)
updater = torch.optim.SGD(params, lr=0.1)
for epoch in range(3):
    train_loss, train_acc = train_epoch(net, train_iter, loss, updater)
    print(f"epoch {epoch + 1}, loss {train_loss:.3f}, accuracy {train_acc:.3f}")

# %% [markdown] lang="en"
# Is the loop of the measurements, which trains all replicas at once, really the same? The notes' loop was run
# on both models, on a few images; [the figure](#figure-plain_loop) compares where the two end:

# %% [markdown] lang="zh"
# 测量时的循环同时训练所有副本，它真的是同一个循环吗？笔记的循环也用少量图像训练了两种模型；
# [图](#figure-plain_loop) 中比较两者的终点：

# %%
page.engine("studies.plain_loop", "train_epoch")

# %%
page.figure("plain_loop")

# %%
page.claims("4.2.5")

# %%
page.engine("models.mlp.scratch", "build")

# %%
page.settings("mlp.scratch")

# %% [markdown] lang="en"
# Compare these curves with [those of softmax regression](softmax_regression.ipynb): how high does the loss
# start, and where does it end? Look at the band of the test curve. Where it is wide, the replicates
# differ, and a single training run may be misleading.

# %% [markdown] lang="zh"
# 请把这些曲线与 [softmax 回归的曲线](softmax_regression.ipynb)作比较：损失从多高开始，停在哪里？
# 再看测试曲线的阴影带：它宽的地方，各次重复相差就大，只训练一次可能会得出错误的结论。

# %%
page.curves("training", "mlp.scratch")

# %%
page.measured("mlp.scratch")

# %% lang="en"
page.say(
    """
    {% set own, flat = classifiers.mlp, classifiers.softmax_regression %}
    {% if own %}
    The test accuracy is {{ own.accuracy | interval }}, that of softmax regression
    {{ flat.accuracy | interval }}. In the first epoch the training loss is {{ own.loss_first | number }},
    against {{ flat.loss_first | number }} there, and in the last one {{ own.loss_last | number }} against
    {{ flat.loss_last | number }}. In the second half of training, the highest and the lowest test accuracy
    of the replicates are {{ own.test_spread | points }} percentage points apart on average; those of
    softmax regression, {{ flat.test_spread | points }}.
    {% endif %}
    """
)

# %% lang="zh"
page.say(
    """
    {% set own, flat = classifiers.mlp, classifiers.softmax_regression %}
    {% if own %}
    测试精度为 {{ own.accuracy | interval }}，softmax 回归为 {{ flat.accuracy | interval }}。
    第一个周期的训练损失是 {{ own.loss_first | number }}，softmax 回归是 {{ flat.loss_first | number }}；
    最后一个周期是 {{ own.loss_last | number }}，softmax 回归是 {{ flat.loss_last | number }}。
    在训练的后一半，各次重复中最高与最低的测试精度平均相差 {{ own.test_spread | points }} 个百分点，
    softmax 回归相差 {{ flat.test_spread | points }} 个百分点。
    {% endif %}
    """
)

# %% [markdown] lang="en"
# In K-fold cross-validation ([4.4.2](model_selection.ipynb)), see whether training and validation separate,
# which would be overfitting.

# %% [markdown] lang="zh"
# 在 K折交叉验证（[4.4.2](model_selection.ipynb)）中，请看训练曲线和验证曲线是否分开；分开就是过拟合。

# %%
page.curves("kfold", "mlp.scratch")

# %% lang="en"
page.say(
    """
    {% set own = classifiers.mlp %}
    {% if own %}
    The mean validation accuracy is {{ own.validation.mean | number }}, and the training accuracy of the
    same models is {{ own.gap | abs | points }} percentage points {% if own.gap >= 0 %}above{% else %}below{% endif %} it.
    {% endif %}
    """
)

# %% lang="zh"
page.say(
    """
    {% set own = classifiers.mlp %}
    {% if own %}
    平均验证精度为 {{ own.validation.mean | number }}，同样这些模型的训练精度
    比它{% if own.gap >= 0 %}高{% else %}低{% endif %} {{ own.gap | abs | points }} 个百分点。
    {% endif %}
    """
)

# %% [markdown] lang="en"
# The same images as in 3.6. Which mistakes are gone, and which are new? The full confusion matrices
# are on the page of [softmax regression](softmax_regression.ipynb) and show both models. If one kind of top
# gains, another may lose.

# %% [markdown] lang="zh"
# 这些图像与 3.6 的相同。哪些错误不见了，哪些是新的？
# 完整的混淆矩阵在 [softmax 回归](softmax_regression.ipynb)一页，两种模型都在其中。
# 一种上衣认得更准了，另一种可能反而更差。

# %%
page.curves("predictions", "mlp.scratch")

# %% lang="en"
page.say(
    """
    {% if confused.perceptron is not none %}
    Of the class that softmax regression finds hardest, *{{ confused.hardest }}*, the perceptron recognises
    {{ confused.perceptron | percent }}, and softmax regression {{ confused.hardest_mean | percent }}.
    {% endif %}
    """
)

# %% lang="zh"
page.say(
    """
    {% if confused.perceptron is not none %}
    对 softmax 回归最难的类别“{{ name_of(confused.hardest) }}”，多层感知机认对 {{ confused.perceptron | percent }}，
    softmax 回归认对 {{ confused.hardest_mean | percent }}。
    {% endif %}
    """
)

# %% [markdown] lang="en"
# The claims of 4.1.1 test whether the gain over softmax regression is more than chance. [The first
# page](index.ipynb) shows the test accuracies side by side.
#
# **Summary.**
#
# - A multilayer perceptron is softmax regression with a hidden layer and an activation function.
# - Its weights must start at small random values; only `Parameter`s, or other leaves, can be optimised.
# - The training loop does not change.
#
# **Try it yourself.**
#
# - `models.mlp_scratch.learning_rate`: 0.03. How does the band around the test curve change, and
#   the loss at the end?
# - `models.mlp_scratch.epochs`: 50, and be patient. Do the training and the test curve separate now?
# - `models.mlp_scratch.batch_size`: 32. An epoch has eight times as many steps; does the number
#   of epochs count, or the number of steps?

# %% [markdown] lang="zh"
# 与 softmax 回归相比，提高是不是偶然，由 4.1.1 的论断来检验；各模型的测试精度并列在[首页](index.ipynb)。
#
# **小结。**
#
# - 多层感知机就是加上一个隐藏层和激活函数的 softmax 回归。
# - 权重要从很小的随机数开始；能够优化的只有 `Parameter` 或其他叶子张量。
# - 训练循环不变。
#
# **动手试一试。**
#
# - `models.mlp_scratch.learning_rate`：改成 0.03。测试曲线的阴影带会怎样变化？最后的损失呢？
# - `models.mlp_scratch.epochs`：改成 50，请耐心等待。训练曲线和测试曲线会分开吗？
# - `models.mlp_scratch.batch_size`：改成 32。每个迭代周期的步数是原来的八倍；
#   起决定作用的是周期数，还是步数？

# %%
page.exercises("4.2")

# %% [markdown] lang="en"
# ## 4.3 The multilayer perceptron, concise
#
# **Questions.** With the library, only two lines have to be added to softmax regression: one more
# linear layer and one `nn.ReLU`. Does it train like the network from scratch, and to how many
# digits?

# %% [markdown] lang="zh"
# ## 4.3 多层感知机的简洁实现
#
# **问题。** 用深度学习库，在 softmax 回归的基础上只需添加两行：一个线性层和一个 `nn.ReLU`。
# 它的训练与从零实现的网络相同吗？相同到第几位数字？

# %% [markdown] lang="en"
# ### 4.3.1 The model
#
# Two more lines than in 3.7: another linear layer, and `nn.ReLU` before it. In the measurements, each linear
# layer receives the initial values of the implementation from scratch instead of those of `init_weights`.
# So the biases start at zero, while `init_weights` leaves them at PyTorch's own random values.

# %% [markdown] lang="zh"
# ### 4.3.1 模型
#
# 比 3.7 多两行：再加一个线性层，之前是 `nn.ReLU`。测量时不用 `init_weights`，
# 而是把从零实现所用的初始值赋给每个线性层，
# 所以偏置从零开始；笔记的 `init_weights` 没有改动偏置，偏置仍是 PyTorch 自己的随机值。

# %% tags=["code"]
net = nn.Sequential(
    nn.Flatten(),
    nn.Linear(num_inputs, num_hiddens),
    nn.ReLU(),
    nn.Linear(num_hiddens, num_outputs),
)


def init_weights(m):
    if type(m) == nn.Linear:
        nn.init.normal_(m.weight, std=0.01)


torch.manual_seed(0)
net.apply(init_weights)
print(net)

# %%
page.engine("models.mlp.concise", "network")

# %% [markdown] lang="en"
# **Try it yourself.**
#
# - `models.mlp_concise.hidden_units`: 128. Now the two implementations have different shapes. What happens
#   to their comparison, and to the claim below?

# %% [markdown] lang="zh"
# **动手试一试。**
#
# - `models.mlp_concise.hidden_units`：改成 128。两种实现的形状不再相同；
#   它们之间的比较，以及下面的论断，会怎样变化？

# %% [markdown] lang="en"
# ### 4.3.2 Training
#
# **Questions.** Is there any difference left? The function of 4.2.5 trains this network, too. In the
# measurements, both implementations start from the same numbers and see the same minibatches.

# %% [markdown] lang="zh"
# ### 4.3.2 训练
#
# **问题。** 还剩下什么差别？4.2.5 的函数也能训练这个网络。测量时，两种实现从同样的数值出发，看到同样的小批量。

# %% tags=["code"]
trainer = torch.optim.SGD(net.parameters(), lr=0.1)
for epoch in range(3):
    train_loss, train_acc = train_epoch(net, train_iter, loss, trainer)
    print(f"epoch {epoch + 1}, loss {train_loss:.3f}, accuracy {train_acc:.3f}")

# %%
page.engine("models.mlp.concise", "build")

# %%
page.curves("training", "mlp.concise")

# %%
page.measured("mlp.concise")

# %%
page.curves("kfold", "mlp.concise")

# %%
page.curves("predictions", "mlp.concise")

# %% lang="en"
page.say(
    """
    {% set own, flat = ways.mlp, ways.softmax_regression %}
    {% if own %}
    The parameters of the two implementations differ by at most {{ own.parameters | number(2) }} of the
    greatest one (`{{ own.parameter }}`), the losses by {{ own.loss | number(2) }} of the greatest, the
    accuracies by {{ own.accuracy | number(2) }}.
    {% if flat %}For softmax regression the parameters differ by {{ flat.parameters | number(2) }}.{% endif %}
    {% endif %}
    """
)

# %% lang="zh"
page.say(
    """
    {% set own, flat = ways.mlp, ways.softmax_regression %}
    {% if own %}
    两种实现的参数之差不超过最大参数的 {{ own.parameters | number(2) }}（`{{ own.parameter }}`），
    损失之差不超过最大损失的 {{ own.loss | number(2) }}，精度最多相差 {{ own.accuracy | number(2) }}。
    {% if flat %}在 softmax 回归中，参数之差不超过 {{ flat.parameters | number(2) }}。{% endif %}
    {% endif %}
    """
)

# %% [markdown] lang="en"
# Neither implementation is wrong. The two losses are rounded differently, and from there training may carry
# such differences on. The comparison of [all models](devices.ipynb) shows how far.

# %% [markdown] lang="zh"
# 两种实现都没有错。它们的损失舍入方式不同，训练可能把这样的差别继续放大；
# [所有模型的比较](devices.ipynb)显示放大到什么程度。

# %%
page.claims("4.3")

# %% [markdown] lang="en"
# **Summary.**
#
# - With the library, a multilayer perceptron takes two lines more than softmax regression.
# - The two implementations start alike and see the same minibatches; only rounding differs.
#
# **Try it yourself.**
#
# - `models.mlp_scratch.epochs` and `models.mlp_concise.epochs`: 1 for both, then 3. How fast do the
#   differences grow?
# - `models.mlp_concise.learning_rate`: 0.11. Does a slightly larger step have a greater effect than
#   rounding?

# %% [markdown] lang="zh"
# **小结。**
#
# - 用深度学习库，多层感知机比 softmax 回归只多两行。
# - 两种实现起点相同、小批量相同，差别只来自舍入。
#
# **动手试一试。**
#
# - `models.mlp_scratch.epochs` 和 `models.mlp_concise.epochs`：都先改成 1，再改成 3。
#   差别增长得有多快？
# - `models.mlp_concise.learning_rate`：改成 0.11。步长稍大一点的影响，比舍入误差的影响更大吗？

# %%
page.figure("exercises_mlp")

# %%
page.exercises("4.3")
