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
# # Model selection, underfitting and overfitting
#
# To do well on examples that were seen is easy: learn them by heart. What counts is the loss on
# examples that were not. This page asks how the two differ, and how to choose a model when only the
# first can be had for nothing.

# %% [markdown] lang="zh"
# # 模型选择、欠拟合和过拟合
#
# 在见过的样本上表现好并不难：背下来就行。真正重要的是没见过的样本上的损失。
# 本页要问：这两种损失相差多少？手头只有训练数据时，又该怎样选择模型？

# %% [markdown] lang="en"
# ## 4.4 Model selection, underfitting and overfitting
#
# **What is asked.** How can we tell whether a model has found a pattern that new data follow, too?
# The question is put to polynomials, for there everything is known: the truth is a cubic with noise
# (4.4.4), the degree says how complex a model is, and new data can be drawn at will. Every
# experiment is repeated on many datasets, so that what is seen is no accident of one.
#
# Each polynomial is fitted twice to the same rows $X$, with the powers of one $x$ in each row, and
# labels $y$. Minibatch stochastic gradient descent starts from small random weights and stops after
# the epochs of the notes; least squares goes all the way to the minimum:
#
# $$\begin{aligned}
# \text{SGD:} \quad & w \leftarrow w - \frac{2 \eta}{|B|} X_B^\top (X_B w - y_B), \\
# \text{exact:} \quad & \hat{w} = \operatorname*{argmin}_w \frac{1}{n} \lVert X w - y \rVert^2 .
# \end{aligned}$$
#
# The difference between the two runs through this whole page. In the code, notice that all degrees
# are the columns of one weight matrix, in which a mask keeps the weights beyond a column's degree
# at zero.

# %% [markdown] lang="zh"
# ## 4.4 模型选择、欠拟合和过拟合
#
# **问题。** 怎样判断模型找到的规律对新数据也成立？
# 我们拿多项式来问，因为这里的一切都是已知的：真实函数是带噪声的三次多项式（4.4.4），
# 阶数说明模型有多复杂，新数据想要多少就能生成多少。
# 每个实验都在许多个数据集上重复，所以看到的不会是某一个数据集的偶然。
#
# 每个多项式都在同样的数据上拟合两次，矩阵 $X$ 的每一行是一个 $x$ 的各次幂，$y$ 是标签。
# 小批量随机梯度下降从很小的随机权重出发，训练完笔记规定的迭代周期就停下；
# 最小二乘则一直走到最小值：
#
# $$\begin{aligned}
# \text{SGD:} \quad & w \leftarrow w - \frac{2 \eta}{|B|} X_B^\top (X_B w - y_B), \\
# \text{exact:} \quad & \hat{w} = \operatorname*{argmin}_w \frac{1}{n} \lVert X w - y \rVert^2 .
# \end{aligned}$$
#
# 两者的差别贯穿本页。请注意代码中的做法：所有阶数并排放在同一个权重矩阵里，每列是一个多项式，
# 超出该列阶数的权重由掩码保持为零。

# %%
page.code("studies._polynomials", "fit_by_sgd", "least_squares")

# %% [markdown] lang="en"
# ### 4.4.1 Training error and generalisation error
#
# **What is asked.** What drives the error on new data away from the error on the training data? The
# notes name three things: many parameters, a wide range of the weights, few examples.
#
# The training error is a mean over the examples at hand, the generalisation error an expectation
# over the distribution that they come from:
#
# $$\begin{aligned}
# R_{\mathrm{train}}(w) & = \frac{1}{n} \sum_{i=1}^{n} \left(f_w(x_i) - y_i\right)^2, \\
# R(w) & = \mathbb{E}_{(x, y)} \left(f_w(x) - y\right)^2 \ge \sigma^2 .
# \end{aligned}$$
#
# The second can only be estimated, on examples that had no part in the training; below the variance
# $\sigma^2$ of the noise no model gets. To fit the training data more closely than the distribution
# behind them is **overfitting**; what is done against it is called **regularisation**.

# %% [markdown] lang="zh"
# ### 4.4.1 训练误差和泛化误差
#
# **问题。** 是什么使新数据上的误差偏离训练数据上的误差？
# 笔记列出三个因素：可调整参数的数量、权重的取值范围、训练样本的数量。
#
# 训练误差是手头样本上的平均，泛化误差是样本所来自的分布上的期望：
#
# $$\begin{aligned}
# R_{\mathrm{train}}(w) & = \frac{1}{n} \sum_{i=1}^{n} \left(f_w(x_i) - y_i\right)^2, \\
# R(w) & = \mathbb{E}_{(x, y)} \left(f_w(x) - y\right)^2 \ge \sigma^2 .
# \end{aligned}$$
#
# 后者只能用没有参与训练的样本来估计；任何模型都不可能低于噪声的方差 $\sigma^2$。
# 模型在训练数据上的拟合比在潜在分布中更接近，就是**过拟合**；对抗过拟合的技术称为**正则化**。

# %%
page.code("studies._polynomials", "losses")

# %% [markdown] lang="en"
# One function measures both: only the examples differ. In the figure, look first at the upper right
# panel, the exact fits. From the degree of the truth on, the training loss falls a little further
# with each degree, while validation and test loss, in the end, rise by orders of magnitude. Then
# look at the upper left panel, SGD with the settings of the notes, and ask why the same polynomials
# do so little harm there. The lower panels belong to 4.4.2.

# %% [markdown] lang="zh"
# 两种误差由同一个函数计算，不同的只是样本。请先看右上图，即精确解：
# 从真实多项式的阶数开始，阶数每升一级，训练损失就再降一点，验证损失和测试损失最后却上升好几个数量级。
# 再看左上图，即按笔记的设置用 SGD 训练：同样的多项式，为什么在这里几乎没有害处？
# 下面两幅小图属于 4.4.2。

# %%
page.figure("capacity")

# %% [markdown] lang="en"
# The second cause, the range of the weights, goes with the first: to pass close to every point, an
# exact fit of a high degree needs huge weights that all but cancel one another. How large they
# become stands in the table `capacity_weights`. The claims about the number of examples rest on the
# figure of 4.4.3. Losses are compared by orders of magnitude: $\log_{10} 2 \approx 0.301$ is twice
# as much.

# %% [markdown] lang="zh"
# 第二个因素，权重的取值范围，与第一个因素相伴：高阶的精确解要紧贴每一个点，
# 就得用巨大而彼此几乎抵消的权重。权重究竟有多大，见表 `capacity_weights`。
# 关于样本数量的论断以 4.4.3 的图为依据。损失之间按数量级比较：$\log_{10} 2 \approx 0.301$ 就是两倍。

# %%
page.claims("4.4.1")

# %% [markdown] lang="en"
# Where SGD does not show what the notes say, there is a second claim that puts it to least squares.
# The reason is the same each time: SGD has not arrived. Along a direction in which $X^\top X / n$
# has the eigenvalue $\lambda$, about
#
# $$(1 - 2 \eta \lambda)^t$$
#
# of the way to the minimum is still ahead after $t$ steps. High powers over their factorials hardly
# vary, so their $\lambda$ is tiny, and along them the weights stay where they began. Too few steps
# are a regularisation of their own: the weights cannot grow, so the gap stays small, whatever the
# number of parameters. And few examples make few mini-batches, so $t$ is small, too.
#
# **Try next.**
#
# - `studies.capacity.epochs`: ten times as many, and a little patience. Does the left panel come
#   nearer to the right one?
# - `datasets.polynomial.noise`: 1. All losses that were low rise to the new variance of the noise.
#   At which degree does the test loss leave the training loss now?
# - `datasets.polynomial.weights`: with a fifth and a sixth one, such as 3 and -8. Where is the
#   lowest validation loss?

# %% [markdown] lang="zh"
# 笔记的说法如果用 SGD 看不到，就另有一条论断用最小二乘来检验。
# 原因只有一个：SGD 还没有走到最小值。在 $X^\top X / n$ 的特征值为 $\lambda$ 的方向上，
# 走完 $t$ 步之后，路程大约还剩
#
# $$(1 - 2 \eta \lambda)^t。$$
#
# 高次幂除以阶乘之后几乎没有变化，$\lambda$ 极小，权重在这些方向上停在出发的地方。
# 步数太少，本身就是一种正则化：权重长不大，参数再多，差距也仍然小。
# 而且样本少，小批量就少，$t$ 也就小。
#
# **接着试。**
#
# - `studies.capacity.epochs`：增加到十倍，耐心等一会儿。左图会更像右图吗？
# - `datasets.polynomial.noise`：改成 1。原来低的损失都升到新的噪声方差；现在测试损失从哪一阶开始离开训练损失？
# - `datasets.polynomial.weights`：再添第五、第六个权重，例如 3 和 -8。验证损失在哪一阶最低？

# %% [markdown] lang="en"
# ### 4.4.2 Model selection
#
# **What is asked.** Which degree, which learning rate? The test set may not choose, for then
# nothing is left to judge the choice by. A validation set may: it tunes hyperparameters, warns of
# overfitting, and picks among models. How good a judge is it?
#
# Where data are scarce, **K-fold cross-validation** cuts the training data into $K$ parts
# $V_1, \dots, V_K$ that do not overlap. The model $f^{(k)}$ is trained on all parts but $V_k$, and
# the mean over the folds estimates the error on new data:
#
# $$\mathrm{CV}_K = \frac{1}{K} \sum_{k=1}^{K} \frac{1}{|V_k|} \sum_{i \in V_k}
# \ell\left(f^{(k)}(x_i), y_i\right).$$
#
# Notice that every example is validated exactly once, by a model that has not seen it.

# %% [markdown] lang="zh"
# ### 4.4.2 模型选择
#
# **问题。** 用哪个阶数，哪个学习率？不能由测试集来选，否则就没有数据来评判这个选择了。
# 验证集可以：它用来调优超参数，提示过拟合，选择最佳模型。它判断得准吗？
#
# 数据稀缺时，**K折交叉验证**把训练数据分成 $K$ 个不重叠的子集 $V_1, \dots, V_K$。
# 模型 $f^{(k)}$ 在 $V_k$ 以外的所有子集上训练，再对 $K$ 次结果取平均，以估计新数据上的误差：
#
# $$\mathrm{CV}_K = \frac{1}{K} \sum_{k=1}^{K} \frac{1}{|V_k|} \sum_{i \in V_k}
# \ell\left(f^{(k)}(x_i), y_i\right)。$$
#
# 请注意：每个样本恰好被验证一次，而且验证它的模型没有见过它。

# %%
page.code("training.folds", "kfold")

# %% [markdown] lang="en"
# **A degree** is picked from the folds' validation losses alone, by one of two rules: the lowest
# mean, or the lowest degree whose mean is within one standard error of it. Look at the lower panels
# of the figure in 4.4.1: how often is it the degree of the truth, and which of the rules strays
# less?

# %% [markdown] lang="zh"
# **选阶数**只看各折的验证损失，有两种规则：取平均最低的一阶；
# 或者在与最低值相差不超过一个标准误的各阶中，取最低的一阶。
# 请看 4.4.1 那张图的下半部分：选中真实阶数的次数有多少？哪种规则更少走偏？

# %%
page.code("studies.capacity", "choices")

# %% [markdown] lang="en"
# **A learning rate** of softmax regression is picked in the same way. The function below is given
# the training set and nothing else, so that the choice cannot rest on test data. In the figure,
# look at the faint marks, too: a mean over folds that scatter widely is a poor reason to choose.

# %% [markdown] lang="zh"
# **选学习率**的办法一样，这里是softmax回归。下面的函数只得到训练集，所以选择不可能用到测试数据。
# 看图时也请留意那些浅色的点：如果各折之间相差很大，平均值就不是可靠的依据。

# %%
page.code("studies.selection", "study")

# %%
page.figure("selection")

# %%
page.table("selection_choice")

# %% [markdown] lang="en"
# **First train and validate, then test.** Only now the test set is touched, once. Compare the
# difference between the two numbers with their standard errors. Two things pull in opposite
# directions: the best of several validations flatters, but the model that is tested was trained on
# all of the training data, more than any fold had.

# %% [markdown] lang="zh"
# **先训练和验证，再测试。** 直到现在才动用测试集，而且只用一次。
# 请把两个数值之差与它们的标准误相比。有两件事方向相反：
# 从几次验证中挑出最好的，难免偏于乐观；但被测试的模型用了全部训练数据，比任何一折都多。

# %%
page.figure("selection_test")

# %%
page.claims("4.4.2")

# %% [markdown] lang="en"
# For the classifiers ([softmax regression](softmax_regression.ipynb), the
# [multilayer perceptron](multilayer_perceptrons.ipynb)) with their tens of thousands of examples,
# the mean over the folds is a good estimate; [K-fold cross-validation](kfold.ipynb) sets it beside
# the test set for every model. For polynomials with few examples it is shaky when the fits are
# SGD's: the fold that holds an outermost $x$ is validated where none of its training examples lie,
# and there a fit that has not arrived is far off. One such fold is enough to lift the mean. The
# choice is mostly right all the same, for such a fold lifts the mean of every degree.
#
# **Try next.**
#
# - `studies.selection.learning_rates`: add a larger rate, such as 1. How far do the folds scatter?
# - `studies.selection.epochs`: 10. With more time, is the same rate picked?
# - `studies.capacity.folds`: 10. Each fold trains on more examples; does the validation loss of the
#   picked degree come nearer to its test loss?

# %% [markdown] lang="zh"
# 对有几万个样本的分类器（[softmax回归](softmax_regression.ipynb)和[多层感知机](multilayer_perceptrons.ipynb)），
# 各折的平均是很好的估计；[K折交叉验证](kfold.ipynb)一页把每个模型的估计与测试集放在一起。
# 对样本很少、又用 SGD 拟合的多项式来说，它并不稳：
# 如果某一折里恰好有最靠边的 $x$，验证的地方就没有训练样本，而还没走到最小值的拟合在那里差得很远。
# 只要有一折这样，平均值就会被抬高。但选出来的阶数大多仍然正确，因为每一阶的平均值都会被抬高。
#
# **接着试。**
#
# - `studies.selection.learning_rates`：添一个更大的学习率，例如 1。各折之间相差多大？
# - `studies.selection.epochs`：改成 10。时间更充裕时，选中的还是同一个学习率吗？
# - `studies.capacity.folds`：改成 10。每一折的训练样本更多，所选阶数的验证损失会更接近测试损失吗？

# %% [markdown] lang="en"
# ### 4.4.3 Underfitting or overfitting?
#
# **What is asked.** From training and validation error alone: is a model too simple, or too
# complex?
#
# | training error | validation error | it is |
# | --- | --- | --- |
# | high | high, with a small gap | underfitting |
# | low | clearly higher | overfitting |
# | low | nearly as low | about right |
#
# **Complexity.** A polynomial of degree $d$ is one of degree $d + 1$ whose last weight is zero. So
# the least training error can only fall with the degree, or stay:
#
# $$\min_{w \in \mathbb{R}^{d+2}} R_{\mathrm{train}}(w)
# \le \min_{w \in \mathbb{R}^{d+1}} R_{\mathrm{train}}(w).$$
#
# In the code, each column of the mask contains the one before. Mind that this speaks of the
# minimum, not of where SGD stops.

# %% [markdown] lang="zh"
# ### 4.4.3 欠拟合还是过拟合？
#
# **问题。** 只看训练误差和验证误差，能不能判断模型太简单还是太复杂？
#
# | 训练误差 | 验证误差 | 判断 |
# | --- | --- | --- |
# | 高 | 也高，两者仅有一点差距 | 欠拟合 |
# | 低 | 明显更高 | 过拟合 |
# | 低 | 几乎同样低 | 正合适 |
#
# **模型复杂度。** $d$ 阶多项式就是最后一个权重为零的 $d + 1$ 阶多项式，
# 所以随着阶数升高，最小的训练误差只会下降，最坏也是相等：
#
# $$\min_{w \in \mathbb{R}^{d+2}} R_{\mathrm{train}}(w)
# \le \min_{w \in \mathbb{R}^{d+1}} R_{\mathrm{train}}(w)。$$
#
# 在代码里，掩码的每一列都包含前一列。要注意：这说的是最小值，不是 SGD 停下的地方。

# %%
page.code("studies._polynomials", "degree_mask")

# %% [markdown] lang="en"
# Read the figure of 4.4.1 once more, from left to right. Below the degree of the truth all losses
# are high and close together: underfitting. At it they come down to the noise. Beyond it, in the
# exact fits, the training loss leaves the others behind: overfitting.
#
# **The size of the dataset.** In the next figure, look in each panel where the two lines meet, and
# at which height. A line meets its test loss early, but high above the noise: more data do not help
# a model that is too simple. Of the exact fits, the highest degree needs the most examples before
# its test loss comes down.

# %% [markdown] lang="zh"
# 请从左到右再读一遍 4.4.1 的图。低于真实阶数时，各种损失都高，而且彼此接近：欠拟合。
# 到了真实阶数，它们一起降到噪声的水平。再往上，精确解的训练损失把其他损失甩在后面：过拟合。
#
# **数据集大小。** 看下一张图时，请留意每幅小图里两条曲线在哪里会合，会合在什么高度。
# 直线很早就会合，但远高于噪声：模型太简单，数据再多也没有用。
# 在精确解中，阶数最高的多项式需要最多的样本，测试损失才会降下来。

# %%
page.figure("sample_size")

# %%
page.claims("4.4.3")

# %% [markdown] lang="en"
# What SGD does not show, it hides for the reason of 4.4.1. A higher degree should never have a
# higher training error, but along the directions that it adds, SGD has hardly begun. And if data
# are few, a simple model should be the better one; but a complex one that is stopped early already
# behaves like a simple one. Least squares, without such help, confirms both.
#
# **Try next.**
#
# - `studies.sample_size.sizes`: add 1000 and 2000. Do the two lines of the highest degree meet?
# - `studies.sample_size.degrees`: degrees between the truth's and the highest. How many examples
#   does each need?
# - `studies.sample_size.batch_size`: 2, so that few examples make more steps. What becomes of the
#   training loss at the left end of the upper panels?

# %% [markdown] lang="zh"
# SGD 没有显示出来的，原因与 4.4.1 相同。
# 阶数更高，训练误差本不该更高；但在新增的方向上，SGD 几乎还没有起步。
# 数据不足时，简单的模型本该更好；但提前停下的复杂模型，表现得已经像简单的模型了。
# 最小二乘没有这种帮助，两条论断就都得到了证实。
#
# **接着试。**
#
# - `studies.sample_size.sizes`：添上 1000 和 2000。最高阶的两条曲线会合了吗？
# - `studies.sample_size.degrees`：取真实阶数与最高阶之间的阶数。各需要多少样本？
# - `studies.sample_size.batch_size`：改成 2，让很少的样本也能走更多步。上排各图左端的训练损失会怎样？

# %% [markdown] lang="en"
# ### 4.4.4 Polynomial regression
#
# **What is asked.** The same data, and two, four or twenty features: do two underfit, do twenty
# overfit? The notes draw $x$ from a standard normal distribution and take
#
# $$\begin{aligned}
# y & = 5 + 1.2 x - 3.4 \frac{x^2}{2!} + 5.6 \frac{x^3}{3!} + \epsilon, \\
# \epsilon & \sim \mathcal{N}(0, 0.1^2).
# \end{aligned}$$
#
# Dividing by $i!$ keeps the high powers, and their gradients, from growing out of bounds. In the
# code, `np.power` broadcasts a column of $x$ against a row of degrees, which makes all features at
# once; `math.gamma(i + 1)` is $i!$; and the labels are made a column, as the outputs are one.

# %% [markdown] lang="zh"
# ### 4.4.4 多项式回归
#
# **问题。** 同样的数据，分别用两个、四个和二十个特征：两个会欠拟合吗？二十个会过拟合吗？
# 笔记从标准正态分布中抽取 $x$，标签是
#
# $$\begin{aligned}
# y & = 5 + 1.2 x - 3.4 \frac{x^2}{2!} + 5.6 \frac{x^3}{3!} + \epsilon, \\
# \epsilon & \sim \mathcal{N}(0, 0.1^2)。
# \end{aligned}$$
#
# 除以 $i!$，高次幂和它们的梯度才不会大得失控。
# 代码中的 `np.power` 用到了广播机制：一列 $x$ 与一行指数，一次得到全部特征；
# 而 `math.gamma(i + 1)` 就是 $i!$；标签最后变成一列，与模型输出的形状一致。

# %%
page.code("datasets.polynomial", "features", "generate")

# %% [markdown] lang="en"
# The model is linear in its features. It has no bias, for the feature $x^0 = 1$ is one already. The
# number of its inputs is that of the features it is given, and nothing else tells the three models
# apart in the code.

# %% [markdown] lang="zh"
# 模型对特征是线性的。它不设置偏置，因为特征 $x^0 = 1$ 已经起到了偏置的作用。
# 输入的个数就是特征的个数；在代码里，三个模型的区别仅此而已。

# %%
page.code("chapters.polynomial_regression.concise", "network", "build")

# %% [markdown] lang="en"
# The notes' `evaluate_loss` is `evaluate` here: the sum of the losses over the number of examples,
# with the weights as they are after an epoch.

# %% [markdown] lang="zh"
# 笔记中的 `evaluate_loss` 在这里是 `evaluate`：一个迭代周期结束后权重不再变动，
# 用损失的总和除以样本数量。

# %%
page.code("training.fit", "evaluate")

# %%
page.settings("polynomial_regression.concise")

# %% [markdown] lang="en"
# Look at the ends of the curves, where points are few: there the fits differ first, from the dashed
# truth and from each other. A line cannot bend with the truth; whether twenty features stray from
# it can hardly be seen in such a picture.

# %% [markdown] lang="zh"
# 请看曲线的两端，那里的点很少：拟合如果偏离虚线所示的真实曲线，最先在那里显出来。
# 直线没法跟着真实曲线弯曲；二十个特征有没有走偏，在这样的图上几乎看不出来。

# %%
page.figure("polynomial_fits")

# %% [markdown] lang="en"
# Over the epochs, look where each loss comes to rest: at the variance of the noise, $0.1^2$ in the
# notes, or high above it. Four features get there soon. With two, no number of epochs helps; which
# of the lines lies higher then depends above all on which set has drawn the outermost $x$. With
# twenty, training takes much longer. Look how far the test loss stays above the training loss in
# the end: of the overfitting that the name promises, SGD with the settings of the notes shows
# hardly more than the beginning.

# %% [markdown] lang="zh"
# 请看各个损失最后停在哪里：是噪声的方差（笔记中是 $0.1^2$），还是远高于它。
# 四个特征很快就到了。两个特征，迭代周期再多也没有用；这时哪条曲线更高，
# 主要取决于最靠边的 $x$ 落在哪个集合里。
# 二十个特征要训练得久得多。看看最后测试损失比训练损失高出多少：
# 名为过拟合，按笔记的设置，SGD 显示出来的不过是它的开端。

# %%
page.curves("training", "polynomial_regression.concise")

# %% [markdown] lang="en"
# K-fold cross-validation of the same three models, on the training data alone. Look at the single
# folds: they lie far apart. Those that hold an outermost $x$ are asked for a value beyond
# everything they were trained on, and it is mostly they that lift the mean.

# %% [markdown] lang="zh"
# 同样三个模型的K折交叉验证，只用训练数据。请看一条条细线：各折之间相差很大。
# 含有最靠边的 $x$ 的那几折，要预测的值超出了训练过的范围，抬高平均值的主要就是它们。

# %%
page.curves("kfold", "polynomial_regression.concise")

# %%
page.measured("polynomial_regression.concise")

# %% [markdown] lang="en"
# The intervals of the two columns mean different things. On the left only the initial values and
# the shuffles change, and SGD ends nearly at the same place each time. On the right the data
# change, too; an interval that reaches below zero only says that folds this few, and this unlike,
# tell little.
#
# **Try next.**
#
# - `datasets.polynomial.examples`: 20. With as many features as examples, how far is the test loss
#   from the training loss? Which model would you choose now?
# - `models.polynomial_overfit.epochs`: ten times as many. Does the test loss rise while the
#   training loss falls?
# - `models.polynomial_normal.features`: 3, then 5. Which costs more, a feature too few or one too
#   many?

# %% [markdown] lang="zh"
# 两列的置信区间含义不同。左列变化的只有初始值和打乱的顺序，SGD 每次几乎停在同一个地方。
# 右列连数据也在变；如果区间伸到零以下，只说明折数这么少、彼此又这么不同，能说明的很有限。
#
# **接着试。**
#
# - `datasets.polynomial.examples`：改成 20。特征与样本一样多时，测试损失离训练损失有多远？现在你会选哪个模型？
# - `models.polynomial_overfit.epochs`：增加到十倍。训练损失下降时，测试损失会上升吗？
# - `models.polynomial_normal.features`：改成 3，再改成 5。少一个特征和多一个特征，哪个代价更大？
