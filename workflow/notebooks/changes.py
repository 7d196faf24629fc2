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
# # Your run against the default
#
# **Questions.** What did you change in `config.yaml`, and what did the change do? Each model that comes out
# differently is compared with the shipped configuration's result, metric by metric. Where both had the same
# data and random numbers, the comparison is made replicate by replicate, or fold by fold: what chance does
# to both cancels out, and smaller differences can be seen.

# %% [markdown] lang="zh"
# # 你的运行与默认配置
#
# **问题。** 你在 `config.yaml` 中改了什么？这个改动带来了什么？结果有变化的每个模型，
# 都逐个指标地与默认配置的结果比较。如果两边用的数据和随机数相同，就按重复或按折逐一比较：
# 对两边相同的偶然因素互相抵消，因而能看出更小的差别。

# %%
page.changes()

# %% [markdown] lang="en"
# **Try it yourself.** Give a model another `learning_rate`, run again, and read here what it did. To go back to
# what was shipped, copy `workflow/schemas/config.shipped.yaml` over `config.yaml`; nothing is computed for that.
# `make compare` compares any two results of the store, with their curves.

# %% [markdown] lang="zh"
# **动手试一试。** 给某个模型换一个 `learning_rate`，再运行一次，就能在这里看到它的效果。
# 要回到默认配置，把 `workflow/schemas/config.shipped.yaml` 复制为 `config.yaml` 即可，不需要重新计算。
# `make compare` 可以比较结果库中的任意两个结果，并画出它们的曲线。
