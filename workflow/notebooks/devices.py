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
# # Devices and implementations compared
#
# **Questions.** Each model is implemented twice, from scratch and with `torch.nn`, and may be trained on
# several devices. All start from the same initial values and see the same mini-batches, drawn on the
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
# The greatest difference of each quantity, next to its greatest value.

# %% [markdown] lang="zh"
# ## 相差多少
#
# 每个量的最大差别，与它的最大值并列。

# %%
page.figure("agreement")

# %%
page.table("agreement")

# %% [markdown] lang="en"
# Linear regression stands out for a reason: its loss from scratch has a factor of one half, which
# `nn.MSELoss` does not have; see [linear regression](linear_regression.ipynb).

# %% [markdown] lang="zh"
# 线性回归与众不同是有原因的：从零实现的损失带有因子二分之一，而 `nn.MSELoss` 没有；
# 见[线性回归](linear_regression.ipynb)。

# %% [markdown] lang="en"
# ## How long they take
#
# Seconds per epoch of all replicas together, from the run that trained them.

# %% [markdown] lang="zh"
# ## 用了多少时间
#
# 每个迭代周期的秒数，所有重复合在一起，取自训练它们的那次运行。

# %%
page.table("timing")

# %% [markdown] lang="en"
# **Try it yourself.** `devices`: `[cpu, "cuda:0"]`, or `[auto]` for all devices of this machine. Then the
# differences between devices appear here as well.

# %% [markdown] lang="zh"
# **动手试一试。** `devices`：改成 `[cpu, "cuda:0"]`，或者用 `[auto]` 代表这台机器的所有设备。
# 这样这里也会显示设备之间的差别。
