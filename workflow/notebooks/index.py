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
# # Dive into Deep Learning: the experiments
#
# Every experiment of a reader's notes on chapters 3 and 4 of *Dive into Deep Learning*, from the
# closed form of linear regression to polynomials that fit too little or too much. Each one was run,
# repeated, cross-validated, and tested against what the notes say. Every number here comes from a table
# of this run, with its uncertainty.

# %% [markdown] lang="zh"
# # 《动手学深度学习》实验
#
# 这里是一份《动手学深度学习》第 3、4 章读书笔记中的全部实验，
# 从线性回归的解析解，到欠拟合和过拟合的多项式。所有实验都经过重复和交叉验证，并与笔记中的论断逐条对照。
# 每个数字都来自这次运行的表格，并附有不确定度。

# %% [markdown] lang="en"
# ## What the notes say, put to the test
#
# Each assertion of the notes has a threshold that was set before anything was measured. If the whole
# 95 % interval of the evidence is on one side of the threshold, the assertion *holds* or *does not hold*;
# otherwise it is *not decided*. The chapters show each one with its evidence; [the table of
# claims](tables/claims.md) lists them all.

# %% [markdown] lang="zh"
# ## 笔记中的论断，逐条检验
#
# 笔记中的每条论断都有一个事先定下的阈值。如果证据的 95% 置信区间整个落在阈值的一侧，
# 结论就是“成立”或“不成立”；否则就是“未能判定”。
# 各章列出每条论断及其证据；[论断总表](tables/claims.md)列出全部论断。

# %%
page.verdicts()

# %% [markdown] lang="en"
# ## The models

# %% [markdown] lang="zh"
# ## 各个模型

# %%
page.headlines()

# %%
page.figure("test_accuracy")

# %% [markdown] lang="en"
# ## Too simple, or too complex?
#
# Chapter 4 sketches this picture; here it is measured: [model selection](model_selection.ipynb).

# %% [markdown] lang="zh"
# ## 太简单，还是太复杂？
#
# 第 4 章中的示意图，在这里由实测得出：见[模型选择](model_selection.ipynb)。

# %%
page.figure("capacity")

# %% [markdown] lang="en"
# ## Time and machine

# %% [markdown] lang="zh"
# ## 用时与机器

# %%
page.took()

# %% [markdown] lang="en"
# [Where everything came from](provenance.md), and [how to reproduce this book](reproduce.md).

# %% [markdown] lang="zh"
# [本书的一切从何而来](provenance.md)，以及[如何复现本书](reproduce.md)。
