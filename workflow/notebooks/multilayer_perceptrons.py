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
# # Multilayer perceptrons
#
# Now there is one more layer between input and output, and a nonlinear function. This page looks at
# the two separately: what the layer does without the function, and what the function does to the
# gradients. Then the model is implemented twice, from scratch and with the library.

# %% [markdown] lang="zh"
# # 多层感知机
#
# 在输入与输出之间加上一层，再加上一个非线性的函数。本页把两者分开来看：
# 没有这个函数，多出来的一层有什么用？有了它，梯度会怎样？然后用两种方式实现：从零开始，以及用深度学习库。

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
# The study trains such a network and then multiplies its two layers into one. Notice that the second
# function below involves no training: it compares two ways of computing the same logits.

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
# 实验先训练这样一个网络，再把它的两层合并成一层。
# 请注意下面的第二个函数不涉及训练：它比较的是同一组未规范化的预测的两种计算方法。

# %%
page.code("studies.affine_collapse", "logits", "difference")

# %%
page.table("affine_collapse_difference")

# %% [markdown] lang="en"
# So the network *can* represent nothing more. In the figure, compare the upper two models
# first, then the lower two. All three see the same mini-batches, and the two with a hidden layer
# start from the same weights. Look at the single replicates, too. Two layers descend along another path
# than one, even if they can represent the same functions, so the upper two need not agree exactly.

# %% [markdown] lang="zh"
# 可见网络“能够”表示的函数并没有变多。看图时，请先比较上面两个模型，再比较下面两个。
# 三个模型看到同样的小批量，带隐藏层的两个还从同样的权重出发。也请看看每一次重复：
# 两层和一层即使能表示同样的函数，下降的路线也不同，所以上面两个模型不必完全一致。

# %%
page.figure("affine_collapse")

# %% [markdown] lang="en"
# Does a hidden layer with an activation function help? Two models meet the same test images, so their
# difference has two sources of chance: other initial values and shuffles, and other images. The figure
# shows both. How often the two are trained was chosen before looking: config.yaml says which difference
# that number finds four times out of five, at the spread that earlier replicates had.

# %% [markdown] lang="zh"
# 带激活函数的隐藏层有没有好处？两个模型面对同样的测试图像，所以它们的差别有两个偶然来源：
# 另外的初始值和打乱顺序，以及另外的图像。图中两者都有。训练多少次是看结果之前选定的：
# config.yaml 写明了按先前各次重复的离散程度，这个次数能以五分之四的机会发现多大的差别。

# %%
page.figure("uncertainty")

# %%
page.claims("4.1.1")

# %% [markdown] lang="en"
# A claim is judged by its own interval, and then once more among all estimates of the section: of many
# verdicts, some would be false by chance alone. As for the gain without an activation function, the
# algebra above is a sharper answer than any training. The gain of the perceptron is also tested on
# the folds of the cross-validation.
#
# **Try it yourself.**
#
# - `studies.affine_collapse.hidden_units`: 3. Now $W^{(1)} W^{(2)}$ has rank 3 at most. Does the
#   hidden layer without activation function merely gain nothing, or does it lose?
# - `studies.affine_collapse.replicates`: 10. Do the intervals become narrow enough for a verdict?
# - `models.mlp_scratch.replicates` and that of `softmax_regression_scratch`: 5. Is the verdict the same?

# %% [markdown] lang="zh"
# 每条论断先按它自己的区间判断，再放在本节所有的估计中判断一次：
# 结论多了，总有一些只是碰巧。没有激活函数时有没有好处，上面的代数推导比任何训练都回答得更干脆；
# 多层感知机有没有好处，还另外用交叉验证的各折作了检验。
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
# The chain rule multiplies their derivatives together:
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
# 链式法则把它们的导数连乘起来：
#
# $$\begin{aligned}
# \mathrm{ReLU}'(x) &\in \{0, 1\}, \\
# \mathrm{sigmoid}'(x) &= \mathrm{sigmoid}(x) \left(1 - \mathrm{sigmoid}(x)\right), \\
# \tanh'(x) &= 1 - \tanh^2(x).
# \end{aligned}$$

# %%
page.code("studies.activations", "FUNCTIONS", "DERIVATIVES")

# %% [markdown] lang="en"
# Compare the lower panels, which share one scale. Far from zero, how much of the derivatives of
# sigmoid and tanh is left? And how large is each at zero, where both curves above are nearly straight?

# %% [markdown] lang="zh"
# 请比较下面一行图，它们的纵轴刻度相同。远离零点时，sigmoid 和 tanh 的导数还剩多少？
# 在零点附近，上方的两条曲线都接近直线，那里的导数各有多大？

# %%
page.figure("activations")

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
page.code("studies.vanishing_gradients", "DEVIATIONS", "gradients")

# %% [markdown] lang="en"
# Note the logarithmic axis. Compare the slopes within one panel: they show the effect of the activation
# function. Then compare the panels: they show the effect of the initial weights. Look also at tanh: before
# training its inputs are mostly small, and there its derivative is not far below one.

# %% [markdown] lang="zh"
# 请注意纵轴是对数刻度。先比较同一幅图中的斜率，那是激活函数的作用；
# 再比较各幅图，那是初始权重的作用。也请看看 tanh：训练之前，它的输入大多很小，导数只比 1 略小。

# %%
page.figure("vanishing_gradients")

# %%
page.claims("4.1.2")

# %% [markdown] lang="en"
# It is one thing that ReLU *eases* the vanishing, compared with sigmoid, and another that it *keeps* the
# gradient. With the small initial weights of the notes it does not keep it: ReLU's derivative lets the
# gradient pass, but the weights shrink it at every layer all the same. They also shrink the signal on
# its way forward, so even the last layer's gradient becomes small (column `last_layer` of
# [vanishing_gradients](tables/vanishing_gradients.md)). He's weights are just large enough to make
# up for the half of the inputs that ReLU discards. For the single hidden layer of 4.2, the notes'
# weights do no harm.
#
# **Try it yourself.**
#
# - `studies.vanishing_gradients.depths`: `[1, 4, 16]`. Does ReLU still keep its gradient?
# - `studies.vanishing_gradients.hidden_units`: 256. More units add up to a larger sum; which of the
#   three panels changes most?
# - `studies.activations.points`: 640. Now zero is not among the inputs: which claims are no longer
#   decided?

# %% [markdown] lang="zh"
# 与 sigmoid 相比，ReLU“减轻”梯度消失是一回事，梯度“不会”消失是另一回事。
# 用笔记的小初始权重，后者不成立：ReLU 的导数让梯度通过，但每一层的权重照样使它减小。
# 信号在前向传播中也同样减小，因此连最后一层的梯度也越来越小
# （见表 [vanishing_gradients](tables/vanishing_gradients.md) 的 `last_layer` 列）。
# 而 He 的权重恰好大到足以补偿被 ReLU 丢弃的那一半输入。
# 对 4.2 中只有一个隐藏层的网络，笔记的权重没有害处。
#
# **动手试一试。**
#
# - `studies.vanishing_gradients.depths`：改成 `[1, 4, 16]`。ReLU 还能保持梯度吗？
# - `studies.vanishing_gradients.hidden_units`：改成 256。单元越多，加起来的和越大；
#   三幅图中哪一幅变化最大？
# - `studies.activations.points`：改成 640。此时输入中没有零点：哪些论断变得未能判定？

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

# %%
page.code("models.mlp.initial", "initial_parameters")

# %% [markdown] lang="en"
# The notes wrap each tensor in `nn.Parameter`, and have to: `torch.randn(...) * 0.01` is the result
# of a product, not a leaf of the graph, and `torch.optim.SGD` refuses it. It would accept a plain leaf
# tensor with `requires_grad`. Here the update is our own, so plain tensors are enough.

# %% [markdown] lang="zh"
# 笔记用 `nn.Parameter` 包装每个张量，这在那里是必要的：`torch.randn(...) * 0.01` 是乘法的结果，
# 不是计算图的叶子节点，`torch.optim.SGD` 会拒绝它；而带 `requires_grad` 的普通叶子张量是可以的。
# 这里的更新由我们自己实现，用普通张量就够了。

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
# others to zero; the figure of 4.1.2 shows its curve.

# %% [markdown] lang="zh"
# ### 4.2.2 激活函数
#
# 为了确保对模型的细节了如指掌，这里自己实现 ReLU，而不是调用内置的 `relu` 函数。
# 它仅保留正元素，其余元素都变成零；曲线见 4.1.2 的图。

# %%
page.code("models.mlp.scratch", "relu")

# %% [markdown] lang="en"
# The notes write `torch.max(X, a)` with zeros `a`. The values are the same; only at exactly zero do
# the derivatives differ. There `torch.max` shares the gradient equally between its two arguments,
# which gives one half. For a threshold it is zero, as for `nn.ReLU`, and it is computed faster.
#
# **Try it yourself.**
#
# - `studies.activations.points`: 65, a coarser grid that still contains zero. Which claims depend on
#   points near zero, and are there any left?

# %% [markdown] lang="zh"
# 笔记写的是 `torch.max(X, a)`，其中 `a` 全为零。两者的函数值相同，只有恰好在零点处导数不同：
# `torch.max` 把梯度平分给两个参数，得到二分之一；而阈值函数得到零，与 `nn.ReLU` 一样，计算也更快。
#
# **动手试一试。**
#
# - `studies.activations.points`：改成 65。网格更稀疏，但仍然包含零点。
#   哪些论断依据的是零点附近的点？这样的点还有吗？

# %% [markdown] lang="en"
# ### 4.2.3 The model
#
# Flatten the images, multiply, apply ReLU, multiply. There are $dh + h + hq + q$ parameters, nearly all
# of them in $W^{(1)}$. Notice that `net` ends with softmax, while the notes' `net` ends with the
# logits; the next section says why.

# %% [markdown] lang="zh"
# ### 4.2.3 模型
#
# 展平图像，相乘，激活，再相乘。参数共有 $dh + h + hq + q$ 个，几乎都在 $W^{(1)}$ 中。
# 请注意这里的 `net` 以 softmax 结尾，而笔记的 `net` 只给出未规范化的预测；原因见下一节。

# %%
page.code("models.mlp.scratch", "net")

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
# The notes use `nn.CrossEntropyLoss(reduction='none')`, which includes the softmax. Here the
# implementation from scratch is complete: softmax and cross-entropy are the functions of 3.6, exactly as
# in the formulas. That is safe as long as the logits stay small;
# [3.7.2](softmax_regression.ipynb) shows where it fails.

# %% [markdown] lang="zh"
# ### 4.2.4 损失
#
# 笔记用的是 `nn.CrossEntropyLoss(reduction='none')`，softmax 已经包含在内。
# 这里则全部从零实现：softmax 和交叉熵就是 3.6 的那两个函数，直接按公式计算。
# 只要未规范化的预测不大，这样做就没有问题；[3.7.2](softmax_regression.ipynb) 说明它在哪里会出错。

# %%
page.code("models.softmax_regression.scratch", "cross_entropy")

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
# **Questions.** The training is the same as for softmax regression, with
# [the same loop](linear_regression.ipynb). Is the result better, and is it stable?

# %% [markdown] lang="zh"
# ### 4.2.5 训练
#
# **问题。** 多层感知机的训练过程与 softmax 回归完全相同，用的是[同一个训练循环](linear_regression.ipynb)。
# 结果更好吗？稳定吗？

# %% [markdown] lang="en"
# Is it really the same loop? Here is that of the notes, written once more. It was run on both models, and
# ends where the loop of this book ends:

# %% [markdown] lang="zh"
# 真的是同一个循环吗？下面把笔记的循环再写一遍，用于两种模型；它的终点就是本书的循环的终点：

# %%
page.code("studies.plain_loop", "train_epoch")

# %%
page.figure("plain_loop")

# %%
page.table("plain_loop")

# %%
page.claims("4.2.5")

# %%
page.code("models.mlp.scratch", "build")

# %%
page.settings("mlp.scratch")

# %% [markdown] lang="en"
# Compare these curves with [those of softmax regression](softmax_regression.ipynb). With the settings
# of the notes, the loss starts higher, because two layers with small weights learn slowly at
# first, and ends lower. Look at the band of the test curve. Where it widens, a replicate has jumped,
# and this may happen even in the last epoch. A single training run may be misleading.

# %% [markdown] lang="zh"
# 请把这些曲线与 [softmax 回归的曲线](softmax_regression.ipynb)作比较。
# 在笔记的设置下，损失开始时更高，因为两层的小权重起步慢；最后却更低。
# 再看测试曲线的阴影带：变宽的地方就是某次重复发生了跳动，直到最后一个迭代周期都可能发生。
# 只训练一次，可能会得出错误的结论。

# %%
page.curves("training", "mlp.scratch")

# %%
page.measured("mlp.scratch")

# %% [markdown] lang="en"
# In K-fold cross-validation ([4.4.2](model_selection.ipynb)), look for the folds whose thin line
# jumps, and see whether training and validation separate. With the settings of the notes they hardly do:
# after these epochs the perceptron is still learning rather than overfitting.

# %% [markdown] lang="zh"
# 在 K折交叉验证（[4.4.2](model_selection.ipynb)）中，请看哪些折的细线在跳动，
# 以及训练曲线和验证曲线是否分开。在笔记的设置下两者几乎没有分开：
# 经过这些迭代周期，多层感知机仍在学习，还谈不上过拟合。

# %%
page.curves("kfold", "mlp.scratch")

# %% [markdown] lang="en"
# The same images as in 3.6. Which mistakes are gone, and which are new? The full confusion matrices
# are on the page of [softmax regression](softmax_regression.ipynb) and show both models.
# Compare the row of the shirts, and note that if one kind of top gains, another may lose.

# %% [markdown] lang="zh"
# 这些图像与 3.6 的相同。哪些错误不见了，哪些是新的？
# 完整的混淆矩阵在 [softmax 回归](softmax_regression.ipynb)一页，两种模型都在其中。
# 请比较衬衫（shirt）那一行，并且留意：一种上衣认得更准了，另一种可能反而更差。

# %%
page.curves("predictions", "mlp.scratch")

# %% [markdown] lang="en"
# The claims of 4.1.1 test whether the gain over softmax regression is more than chance. [The first
# page](index.ipynb) shows the test accuracies side by side.
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
# **动手试一试。**
#
# - `models.mlp_scratch.learning_rate`：改成 0.03。测试曲线的阴影带会怎样变化？最后的损失呢？
# - `models.mlp_scratch.epochs`：改成 50，请耐心等待。训练曲线和测试曲线会分开吗？
# - `models.mlp_scratch.batch_size`：改成 32。每个迭代周期的步数是原来的八倍；
#   起决定作用的是周期数，还是步数？

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
# The layers are those of the notes. Instead of `net.apply(init_weights)`, each linear layer receives
# the initial values of the implementation from scratch. So the biases start at zero, while `init_weights`
# leaves them at PyTorch's own random values.

# %% [markdown] lang="zh"
# ### 4.3.1 模型
#
# 各层与笔记相同。这里不用 `net.apply(init_weights)`，而是把从零实现所用的初始值赋给每个线性层，
# 所以偏置从零开始；笔记的 `init_weights` 没有改动偏置，偏置仍是 PyTorch 自己的随机值。

# %%
page.code("models.mlp.concise", "network")

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
# **Questions.** Is there any difference left? Both implementations start from the same numbers and see the
# same mini-batches. Compare these curves with those of 4.2.5.

# %% [markdown] lang="zh"
# ### 4.3.2 训练
#
# **问题。** 还剩下什么差别？两种实现从同样的数值出发，看到同样的小批量。
# 请把这些曲线与 4.2.5 的曲线作比较。

# %%
page.code("models.mlp.concise", "build")

# %%
page.curves("training", "mlp.concise")

# %%
page.measured("mlp.concise")

# %%
page.curves("kfold", "mlp.concise")

# %%
page.curves("predictions", "mlp.concise")

# %% [markdown] lang="en"
# The curves look the same, but the last digits differ. In the comparison of [all
# models](devices.ipynb), with the settings of the notes, softmax regression agrees up to rounding,
# while the perceptron's weights are orders of magnitude further apart. Neither implementation is wrong. The
# two losses are rounded differently, and this difference alone would stay small. But ReLU has a
# kink: a hidden unit whose input is within a rounding error of zero lets its gradient pass in one
# implementation and blocks it in the other. From then on the two follow slightly different paths, a little
# further apart with each epoch. The loss and the accuracy, which are what counts, hardly change.

# %% [markdown] lang="zh"
# 肉眼看不出差别，但最后几位数字是不同的：在[所有模型的比较](devices.ipynb)中，
# 按笔记的设置，softmax 回归的两种实现只差舍入误差，而多层感知机的权重相差大好几个数量级。
# 两种实现都没有错。它们的损失舍入方式不同，单凭这一点，差别会一直很小。
# 但 ReLU 有一个折点：如果某个隐藏单元的输入与零只差一个舍入误差，
# 梯度就会在一种实现中通过，在另一种实现中被挡住。从此两者的路线略有不同，每过一个迭代周期就离得更远一点。
# 真正重要的损失和精度几乎不受影响。

# %%
page.claims("4.3")

# %% [markdown] lang="en"
# **Try it yourself.**
#
# - `models.mlp_scratch.epochs` and `models.mlp_concise.epochs`: 1 for both, then 3. How fast do the
#   differences grow?
# - `models.mlp_concise.learning_rate`: 0.11. Does a slightly larger step have a greater effect than
#   rounding?

# %% [markdown] lang="zh"
# **动手试一试。**
#
# - `models.mlp_scratch.epochs` 和 `models.mlp_concise.epochs`：都先改成 1，再改成 3。
#   差别增长得有多快？
# - `models.mlp_concise.learning_rate`：改成 0.11。步长稍大一点的影响，比舍入误差的影响更大吗？
