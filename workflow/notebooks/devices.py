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
# # Devices and implementations compared
#
# **Questions.** Each model is implemented twice, from scratch and with `torch.nn`, and may be trained on
# several devices. All start from the same initial values and see the same minibatches, drawn on the
# CPU, so they can be compared number by number. How far apart are they, and how long does each
# take?

# %% [markdown] lang="zh"
# # 设备与两种实现的比较
#
# **问题。** 每个模型都实现两遍：从零开始，以及用 `torch.nn`；还可以在几种设备上训练。
# 它们的初始值和小批量都在 CPU 上抽取，完全相同，因此可以逐个数字地比较。
# 它们相差多少？各用多少时间？

# %% [markdown] lang="en"
# ## How far apart they are
#
# The greatest difference of each quantity, as a share of its greatest value ([figure](#figure-agreement)) and
# next to it ([table](#table-agreement)).

# %% [markdown] lang="zh"
# ## 相差多少
#
# 每个量的最大差别：除以它的最大值（[图](#figure-agreement)），以及与最大值并列（[表](#table-agreement)）。

# %%
page.figure("agreement")

# %%
page.table("agreement")

# %% lang="en"
page.say(
    """
    {% if ways.linear_regression %}
    The losses of linear regression differ by up to {{ ways.linear_regression.loss | number(2) }} of the
    greatest, its parameters by {{ ways.linear_regression.parameters | number(2) }}.
    {% endif %}
    {% if ways.softmax_regression %}
    For softmax regression these shares are {{ ways.softmax_regression.loss | number(2) }} and
    {{ ways.softmax_regression.parameters | number(2) }}.
    {% endif %}
    {% if ways.mlp %}
    For the multilayer perceptron, {{ ways.mlp.loss | number(2) }} and
    {{ ways.mlp.parameters | number(2) }}.
    {% endif %}
    The spacing of 32-bit numbers is {{ ways.rounding | number(2) }}.
    """
)

# %% lang="zh"
page.say(
    """
    {% if ways.linear_regression %}
    线性回归的损失最多相差最大损失的 {{ ways.linear_regression.loss | number(2) }}，
    参数最多相差最大参数的 {{ ways.linear_regression.parameters | number(2) }}。
    {% endif %}
    {% if ways.softmax_regression %}
    softmax 回归分别是 {{ ways.softmax_regression.loss | number(2) }} 和
    {{ ways.softmax_regression.parameters | number(2) }}。
    {% endif %}
    {% if ways.mlp %}
    多层感知机分别是 {{ ways.mlp.loss | number(2) }} 和 {{ ways.mlp.parameters | number(2) }}。
    {% endif %}
    32 位浮点数的间距是 {{ ways.rounding | number(2) }}。
    """
)

# %% [markdown] lang="en"
# For linear regression, rounding is not the only reason: its loss from scratch has a factor of one half, which
# `nn.MSELoss` does not have; see [linear regression](linear_regression.ipynb).

# %% [markdown] lang="zh"
# 线性回归的差别不只来自舍入：从零实现的损失带有因子二分之一，而 `nn.MSELoss` 没有；
# 见[线性回归](linear_regression.ipynb)。

# %% [markdown] lang="en"
# ## How long they take
#
# The seconds of one epoch of one replica, and those of all epochs and replicas together, from the run that
# trained them.

# %% [markdown] lang="zh"
# ## 用了多少时间
#
# 一个副本一个迭代周期的秒数，以及所有周期和副本合计的秒数，取自训练它们的那次运行。

# %%
page.table("timing")

# %% [markdown] lang="en"
# **Try it yourself.** `devices`: `[cpu, "cuda:0"]`, or `[auto]` for all devices of this machine. Then the
# differences between devices appear here as well.

# %% [markdown] lang="zh"
# **动手试一试。** `devices`：改成 `[cpu, "cuda:0"]`，或者用 `[auto]` 代表这台机器的所有设备。
# 这样这里也会显示设备之间的差别。
