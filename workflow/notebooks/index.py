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
# closed form of linear regression to polynomials that fit too little or too much: run, repeated,
# cross-validated, and put to the test. Each number here comes from a table of this run, with its
# uncertainty.

# %% [markdown] lang="zh"
# # 《动手学深度学习》实验
#
# 这里是一份《动手学深度学习》第 3、4 章笔记中的全部实验，
# 从线性回归的解析解，到拟合不足或过度的多项式：全部运行过、重复过、交叉验证过，并逐条检验。
# 每个数字都来自这次运行的表格，并带有不确定度。

# %% [markdown] lang="en"
# ## What the notes say, put to the test
#
# Each assertion of the notes has a threshold that was set before anything was measured. It *holds*,
# or it does not, if the whole 95 % interval of the evidence is on one side; else it is *not decided*.
# The chapters show each one with its evidence; [the table of claims](tables/claims.md) has them all.

# %% [markdown] lang="zh"
# ## 笔记中的论断，逐条检验
#
# 笔记中的每条论断都有一个事先定下的阈值。如果证据的 95% 置信区间整个落在阈值的一侧，
# 结论就是“成立”或“不成立”；否则“未能判定”。
# 各章列出每条论断及其证据；[论断总表](tables/claims.md)中有全部论断。

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
# The picture that chapter 4 draws by hand, measured: [model selection](model_selection.ipynb).

# %% [markdown] lang="zh"
# ## 太简单，还是太复杂？
#
# 第 4 章手绘的那张图，这里是实测：见[模型选择](model_selection.ipynb)。

# %%
page.figure("capacity")

# %% [markdown] lang="en"
# ## How long it took, and on what

# %% [markdown] lang="zh"
# ## 用了多少时间，在什么机器上

# %%
page.took()

# %% [markdown] lang="en"
# [Where everything came from](provenance.md), and [how to make this very book again](reproduce.md).

# %% [markdown] lang="zh"
# [一切从何而来](provenance.md)，以及[怎样重新做出这本书](reproduce.md)。
