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
# # Devices, and the two ways, compared
#
# **What is asked.** Each model is written twice, from scratch and by `torch.nn`, and may be trained on
# several devices. All start from the same initial values and see the same mini-batches, drawn on the
# CPU, so that they can be compared number by number. How far are they apart, and how long does each
# take?

# %% [markdown] lang="zh"
# # 设备与两种实现的比较
#
# **问题。** 每个模型都实现两遍：从零开始，以及用 `torch.nn`；还可以在几种设备上训练。
# 它们的初始值和小批量都由 CPU 抽取，完全相同，因此可以逐个数字地比较。
# 它们相差多少？各用多少时间？

# %% [markdown] lang="en"
# ## How far apart
#
# The greatest difference of each quantity, beside the greatest value it takes.

# %% [markdown] lang="zh"
# ## 相差多少
#
# 每个量的最大差别，与它所取的最大值放在一起。

# %%
page.figure("agreement")

# %%
page.table("agreement")

# %% [markdown] lang="en"
# Linear regression stands out for a reason: its loss from scratch has a factor of one half that
# `nn.MSELoss` has not; see [linear regression](linear_regression.ipynb).

# %% [markdown] lang="zh"
# 线性回归格外不同是有原因的：从零实现的损失带有因子二分之一，`nn.MSELoss` 没有；
# 见[线性回归](linear_regression.ipynb)。

# %% [markdown] lang="en"
# ## How long
#
# Seconds of an epoch, of all replicas together, as they came about in the run that trained them.

# %% [markdown] lang="zh"
# ## 用了多少时间
#
# 每个迭代周期的秒数，所有重复一起计算，取自训练它们的那次运行。

# %%
page.table("timing")

# %% [markdown] lang="en"
# **Try next.** `devices`: `[cpu, "cuda:0"]`, or `[auto]` for all that this machine has. Then the
# differences between devices appear here as well.

# %% [markdown] lang="zh"
# **接着试。** `devices`：改成 `[cpu, "cuda:0"]`，或者用 `[auto]` 代表这台机器的所有设备。
# 这样这里也会出现设备之间的差别。
