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
# The difference between the two matters throughout this page. In the code, notice that all degrees
# are columns of one weight matrix; a mask keeps the weights beyond a column's degree at zero.

# %% [markdown] lang="zh"
# ## 4.4 模型选择、欠拟合和过拟合
#
# **问题。** 怎样判断模型找到的规律对新数据也成立？
# 我们用多项式来研究，因为这里的一切都是已知的：真实函数是带噪声的三次多项式（4.4.4），
# 阶数衡量模型有多复杂，新数据想要多少就能生成多少。
# 每个实验都在许多个数据集上重复，所以结果不会是某一个数据集的偶然。
#
# 每个多项式都在同样的数据上拟合两次，矩阵 $X$ 的每一行是一个 $x$ 的各次幂，$y$ 是标签。
# 小批量随机梯度下降从很小的随机权重出发，达到笔记的迭代周期数就停止；
# 最小二乘则直接求出最小值：
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
# distribution is **overfitting**; the techniques against it are called **regularisation**.

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

# %%
page.code("studies._polynomials", "losses")

# %% [markdown] lang="en"
# One function measures both errors; only the examples differ. In the figure, look first at the upper
# right panel, the exact fits. From the true degree on, the training loss falls a little further
# with each degree, while the validation and test losses finally rise by orders of magnitude. Then
# look at the upper left panel, SGD with the settings of the notes. Why do the same polynomials do so
# little harm there? The lower panels belong to 4.4.2.

# %% [markdown] lang="zh"
# 两种误差由同一个函数计算，不同的只是样本。请先看右上图，即精确解：
# 从真实多项式的阶数开始，阶数每升高一阶，训练损失就再降低一点，而验证损失和测试损失最后却上升了好几个数量级。
# 再看左上图，即按笔记的设置用 SGD 训练：同样的多项式，为什么在这里几乎没有害处？
# 下面两幅图属于 4.4.2。

# %%
page.figure("capacity")

# %% [markdown] lang="en"
# The second cause, the range of the weights, goes with the first. To pass close to every point, an
# exact fit of a high degree needs huge weights that almost cancel one another. The table
# `capacity_weights` shows how large they become. The claims about the number of examples use the
# figure of 4.4.3. Losses are compared by orders of magnitude: $\log_{10} 2 \approx 0.301$ means twice
# as large.

# %% [markdown] lang="zh"
# 第二个因素，即权重的取值范围，与第一个因素相伴：高阶的精确解要紧贴每一个点，
# 就需要巨大而几乎彼此抵消的权重。权重究竟有多大，见表 `capacity_weights`。
# 关于样本数量的论断以 4.4.3 的图为依据。损失之间按数量级比较：$\log_{10} 2 \approx 0.301$ 表示两倍。

# %% [markdown] lang="en"
# **Weight decay** separates the range of the weights from their number: the degree stays the highest,
# and a penalty keeps the weights small,
#
# $$\min_w \frac{1}{n} \lVert X w - y \rVert^2 + \frac{\lambda}{2} \lVert w \rVert^2 .$$
#
# SGD multiplies the weights by $1 - \eta \lambda$ in each step; the exact solution is ridge regression. In
# the next figure, follow the weights' norm and the two losses from left to right. Too much weight decay
# raises both losses: it underfits.

# %% [markdown] lang="zh"
# **权重衰减**把权重的取值范围与权重的个数分开来看：阶数固定为最高阶，用惩罚项使权重保持较小，
#
# $$\min_w \frac{1}{n} \lVert X w - y \rVert^2 + \frac{\lambda}{2} \lVert w \rVert^2。$$
#
# SGD 在每一步把权重乘以 $1 - \eta \lambda$；精确解就是岭回归。
# 请从左到右看下一张图中权重的范数和两种损失。权重衰减太强时，两种损失都会上升，这就是欠拟合。

# %%
page.code("studies._polynomials", "ridge")

# %%
page.figure("weight_decay")

# %%
page.claims("4.4.1")

# %% [markdown] lang="en"
# If SGD does not show what the notes say, a second claim tests the same assertion with least squares.
# The reason is the same each time: SGD has not reached the minimum. Along a direction in which
# $X^\top X / n$ has the eigenvalue $\lambda$, a share of about
#
# $$(1 - 2 \eta \lambda)^t$$
#
# of the way to the minimum is still left after $t$ steps. High powers divided by their factorials hardly
# vary, so their $\lambda$ is tiny, and along them the weights stay where they began. Too few steps
# act as a regularisation: the weights cannot grow, so the gap stays small, whatever the
# number of parameters. And few examples make few mini-batches, so $t$ is small, too.
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
# 如果笔记的说法用 SGD 看不出来，就另有一条论断用最小二乘来检验。
# 原因都一样：SGD 还没有到达最小值。在 $X^\top X / n$ 的特征值为 $\lambda$ 的方向上，
# 经过 $t$ 步之后，到最小值的路程大约还剩下
#
# $$(1 - 2 \eta \lambda)^t。$$
#
# 高次幂除以阶乘之后几乎没有变化，$\lambda$ 极小，权重在这些方向上停留在初始值附近。
# 步数太少本身就是一种正则化：权重无法变大，参数再多，差距也仍然很小。
# 而且样本少，小批量就少，$t$ 也就小。
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
# \ell\left(f^{(k)}(x_i), y_i\right)。$$
#
# 请注意：每个样本恰好被验证一次，而且验证它的模型没有见过它。

# %%
page.code("training.folds", "kfold")

# %% [markdown] lang="en"
# **A degree** is picked from the folds' validation losses alone, by one of two rules: the degree with the
# lowest mean, or the lowest degree whose mean is within one standard error of it. Look at the lower panels
# of the figure in 4.4.1. How often is it the true degree, and which rule is wrong less often?

# %% [markdown] lang="zh"
# **选择阶数**只依据各折的验证损失，有两种规则：取平均值最低的阶数；
# 或者在与最低值相差不超过一个标准误的各阶中，取最低的一阶。
# 请看 4.4.1 那张图的下半部分：选中真实阶数的次数有多少？哪种规则更少选错？

# %%
page.code("studies.capacity", "choices")

# %% [markdown] lang="en"
# **A learning rate** of softmax regression is picked in the same way. The function below receives
# the training set and nothing else, so the choice cannot depend on test data. In the figure,
# look at the faint marks, too: if the folds scatter widely, their mean is not a reliable guide.

# %% [markdown] lang="zh"
# **选择学习率**的办法相同，这里以 softmax 回归为例。下面的函数只得到训练集，所以选择不可能依赖测试数据。
# 看图时也请留意那些浅色的点：如果各折之间相差很大，平均值就不是可靠的依据。

# %%
page.code("studies.selection", "study")

# %%
page.figure("selection")

# %%
page.table("selection_choice")

# %% [markdown] lang="en"
# **First train and validate, then test.** Only now is the test set used, and only once. Compare the
# difference between the two numbers with their standard errors. Two effects work in opposite
# directions: the best of several validation results is a little too optimistic, but the tested model was
# trained on all of the training data, more than any fold had.

# %% [markdown] lang="zh"
# **先训练和验证，再测试。** 直到现在才使用测试集，而且只用一次。
# 请把两个数值之差与它们的标准误相比。有两种影响方向相反：
# 从几个验证结果中挑出最好的，难免偏于乐观；但被测试的模型用了全部训练数据，比任何一折都多。

# %%
page.figure("selection_test")

# %% [markdown] lang="en"
# **Learning rate, weight decay and number of layers** are picked together, on a part of the training
# images: every combination is trained on the same folds. Look at how the best learning rate
# depends on the number of layers: this is why they are not picked one after the other.

# %% [markdown] lang="zh"
# **学习率、正则化强度和网络层数**在一部分训练图像上一起选择：每种组合都在同样的各折上训练。
# 请看最好的学习率怎样随层数而变：因此不能一个一个地分别选择。

# %%
page.code("studies.hyperparameters", "study")

# %%
page.figure("hyperparameters")

# %%
page.table("hyperparameters_choice")

# %%
page.figure("hyperparameters_test")

# %%
page.claims("4.4.2")

# %% [markdown] lang="en"
# For the classifiers ([softmax regression](softmax_regression.ipynb) and the
# [multilayer perceptron](multilayer_perceptrons.ipynb)), with their tens of thousands of examples,
# the mean over the folds is a good estimate; [K-fold cross-validation](kfold.ipynb) shows it next to
# the test set for every model. For polynomials with few examples, fitted by SGD, it is unreliable. The fold
# that holds an outermost $x$ is validated where there are no training examples, and a fit that has
# not converged is far off there. One such fold is enough to raise the mean. Still, the
# choice is mostly right, because such a fold raises the mean of every degree.
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
# 对有几万个样本的分类器（[softmax 回归](softmax_regression.ipynb)和[多层感知机](multilayer_perceptrons.ipynb)），
# 各折的平均值是很好的估计；[K折交叉验证](kfold.ipynb)一页把每个模型的估计与测试结果并列。
# 对样本很少、又用 SGD 拟合的多项式来说，它并不可靠：
# 如果某一折中恰好有最靠边的 $x$，验证的位置就没有训练样本，而尚未收敛的拟合在那里差得很远。
# 只要有一折如此，平均值就会被抬高。不过选出的阶数大多仍然正确，因为每一阶的平均值都被抬高了。
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
# | 训练误差 | 验证误差 | 判断 |
# | --- | --- | --- |
# | 高 | 也高，两者仅有一点差距 | 欠拟合 |
# | 低 | 明显更高 | 过拟合 |
# | 低 | 几乎同样低 | 合适 |
#
# **模型复杂度。** $d$ 阶多项式就是最后一个权重为零的 $d + 1$ 阶多项式，
# 所以阶数升高时，最小的训练误差总会更低，最坏也是相等：
#
# $$\min_{w \in \mathbb{R}^{d+2}} R_{\mathrm{train}}(w)
# \le \min_{w \in \mathbb{R}^{d+1}} R_{\mathrm{train}}(w)。$$
#
# 在代码中，掩码的每一列都包含前一列。请注意：这里说的是最小值，不是 SGD 停下的地方。

# %%
page.code("studies._polynomials", "degree_mask")

# %% [markdown] lang="en"
# Read the figure of 4.4.1 once more, from left to right. Below the true degree all losses
# are high and close together: underfitting. At the true degree they fall to the level of the noise. Beyond
# it, in the exact fits, the training loss drops below the others: overfitting.
#
# **The size of the dataset.** In the next figure, look in each panel where the two curves meet, and
# at which height. For the straight line they meet early, but high above the noise: more data do not help
# a model that is too simple. Among the exact fits, compare how many examples each degree needs before its
# test loss comes down.

# %% [markdown] lang="zh"
# 请从左到右再读一遍 4.4.1 的图。低于真实阶数时，各种损失都很高，而且彼此接近：欠拟合。
# 到了真实阶数，它们一起降到噪声的水平。超过真实阶数后，精确解的训练损失明显低于其他损失：过拟合。
#
# **数据集大小。** 看下一张图时，请留意每幅小图中的两条曲线在哪里会合，会合在什么高度。
# 直线（一阶多项式）的两条曲线很早就会合，但远高于噪声：模型太简单，数据再多也没有用。
# 在精确解中，请比较各个阶数需要多少样本，测试损失才会降下来。

# %%
page.figure("sample_size")

# %%
page.claims("4.4.3")

# %% [markdown] lang="en"
# What SGD does not show has the same reason as in 4.4.1. A higher degree should never have a
# higher training error, but SGD has hardly moved along the directions that it adds. And with few data
# a simple model should be better, but a complex one that is stopped early already
# behaves like a simple one. Look at what least squares, which does not stop early, shows for the same
# assertions.
#
# **Try it yourself.**
#
# - `studies.sample_size.sizes`: add 1000 and 2000. Do the two curves of the highest degree meet?
# - `studies.sample_size.degrees`: degrees between the true one and the highest. How many examples
#   does each need?
# - `studies.sample_size.batch_size`: 2, so that few examples make more steps. How does the
#   training loss change at the left end of the upper panels?

# %% [markdown] lang="zh"
# SGD 没有显示出来的，原因与 4.4.1 相同。
# 阶数更高，训练误差本不该更高；但在新增的方向上，SGD 几乎还没有移动。
# 数据不足时，简单的模型本该更好；但提前停止的复杂模型，表现得已经像简单的模型了。
# 请看最小二乘：它不会提前停止，对同样的论断给出了什么结果？
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
# Dividing by $i!$ keeps the high powers and their gradients from becoming too large. In the
# code, `np.power` broadcasts a column of $x$ against a row of degrees and so makes all features at
# once; `math.gamma(i + 1)` is $i!$; and the labels become a column, like the outputs of the model.

# %% [markdown] lang="zh"
# ### 4.4.4 多项式回归
#
# **问题。** 在同样的数据上，两个特征会欠拟合吗？二十个会过拟合吗？四个正合适吗？
# 笔记从标准正态分布中抽取 $x$，标签是
#
# $$\begin{aligned}
# y & = 5 + 1.2 x - 3.4 \frac{x^2}{2!} + 5.6 \frac{x^3}{3!} + \epsilon, \\
# \epsilon & \sim \mathcal{N}(0, 0.1^2)。
# \end{aligned}$$
#
# 除以 $i!$，可以避免高次幂和它们的梯度变得非常大。
# 代码中的 `np.power` 用到了广播机制：一列 $x$ 与一行指数，一次得到全部特征；
# 而 `math.gamma(i + 1)` 就是 $i!$；标签最后变成一列，与模型输出的形状一致。

# %%
page.code("datasets.polynomial", "features", "generate")

# %%
page.figure("polynomial_terms")

# %%
page.table("polynomial_terms")

# %% [markdown] lang="en"
# The model is linear in its features. It has no bias, because the feature $x^0 = 1$ already acts as one.
# The number of inputs is the number of features. In the code, nothing else distinguishes the three models.

# %% [markdown] lang="zh"
# 模型对特征是线性的。它不设置偏置，因为特征 $x^0 = 1$ 已经起到了偏置的作用。
# 输入的个数就是特征的个数；在代码中，三个模型的区别仅此而已。

# %%
page.code("models.polynomial_regression.concise", "network", "build")

# %% [markdown] lang="en"
# The notes' `evaluate_loss` is called `evaluate` here: the sum of the losses divided by the number of
# examples, with the weights as they are after an epoch.

# %% [markdown] lang="zh"
# 笔记中的 `evaluate_loss` 在这里是 `evaluate`：用一个迭代周期结束时的权重，
# 计算损失的总和除以样本数量。

# %%
page.code("training.fit", "evaluate")

# %%
page.settings("polynomial_regression.concise")

# %% [markdown] lang="en"
# Look at the ends of the curves, where there are few points. There the fits first depart from the dashed
# truth and from each other. A straight line cannot follow the bend of the truth. Whether twenty features
# depart from it can hardly be seen in such a picture.

# %% [markdown] lang="zh"
# 请看曲线的两端，那里的点很少：拟合如果偏离虚线所示的真实曲线，最先会在那里显现。
# 直线无法跟随真实曲线弯曲；用二十个特征有没有偏离，在这样的图上几乎看不出来。

# %%
page.of_datasets("fits")

# %% [markdown] lang="en"
# Look where each loss levels off over the epochs: at the variance of the noise, $0.1^2$ in the
# notes, or far above it. With four features it gets there soon. With two, no number of epochs helps; which
# of the curves is higher then depends mainly on which dataset happens to hold the outermost $x$. With
# twenty, training takes much longer. Look how far the test loss stays above the training loss at
# the end: with the settings of the notes, SGD stops too early to overfit much.

# %% [markdown] lang="zh"
# 请看各个损失最后停在哪里：是噪声的方差（笔记中是 $0.1^2$），还是远高于它。
# 四个特征很快就能达到。只有两个特征时，迭代周期再多也没有用；这时哪条曲线更高，
# 主要取决于最靠边的 $x$ 落在哪个数据集中。
# 二十个特征需要的训练时间长得多。请看最后测试损失比训练损失高出多少：
# 按笔记的设置，SGD 停得太早，过拟合并不明显。

# %%
page.curves("training", "polynomial_regression.concise")

# %% [markdown] lang="en"
# K-fold cross-validation of the same three models, on the training data alone. Look at the individual
# folds: they are far apart. A fold that holds an outermost $x$ requires a prediction outside the range of
# its training data, and it is mostly these folds that raise the mean.

# %% [markdown] lang="zh"
# 同样三个模型的 K折交叉验证，只用训练数据。请看一条条细线：各折之间相差很大。
# 含有最靠边的 $x$ 的折，需要预测的值超出了训练数据的范围，抬高平均值的主要就是这些折。

# %%
page.curves("kfold", "polynomial_regression.concise")

# %%
page.measured("polynomial_regression.concise")

# %% [markdown] lang="en"
# The intervals of the two columns mean different things. On the left only the initial values and
# the shuffles change, and SGD ends at nearly the same place each time. On the right the data
# change, too. If an interval reaches below zero, this only means that so few folds, which differ so much,
# say little.

# %% [markdown] lang="zh"
# 两列的置信区间含义不同。左列变化的只有初始值和打乱的顺序，SGD 每次几乎停在同一个地方。
# 右列连数据也在变。如果区间延伸到零以下，只说明折数这么少、彼此又这么不同，能说明的很有限。

# %%
page.claims("4.4.4")

# %% [markdown] lang="en"
# **Try it yourself.**
#
# - `datasets.polynomial.examples`: 20. With as many features as examples, how far is the test loss
#   from the training loss? Which model would you choose now?
# - `models.polynomial_overfit.epochs`: ten times as many. Does the test loss rise while the
#   training loss falls?
# - `models.polynomial_normal.features`: 3, then 5. Which costs more, one feature too few or one too
#   many?

# %% [markdown] lang="zh"
# **动手试一试。**
#
# - `datasets.polynomial.examples`：改成 20。特征与样本一样多时，测试损失离训练损失有多远？现在你会选哪个模型？
# - `models.polynomial_overfit.epochs`：增加到十倍。训练损失下降时，测试损失会上升吗？
# - `models.polynomial_normal.features`：改成 3，再改成 5。少一个特征和多一个特征，哪个代价更大？
