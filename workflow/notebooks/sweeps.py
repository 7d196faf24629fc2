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
# # Sweeps
#
# **Questions.** Which settings suit a model, and how much do they matter? Tuning hyperparameters is a job
# of trying again and again (3.1). A sweep does it in one go: it trains a model with every combination of
# the values that it is given, cross-validates each combination, and picks the one with the lowest
# validation loss. Only that one is tested (4.4.2).
#
# A sweep is a section of `config.yaml`:
#
# ```yaml
# sweeps:
#   rate_and_width:
#     model: mlp_concise
#     learning_rate: [0.01, 0.03, 0.1, 0.3]
#     hidden_units: [64, 256]
# ```

# %% [markdown] lang="zh"
# # 扫描超参数
#
# **问题。** 什么样的设置适合一个模型？这些设置有多重要？调参是一项需要反复尝试的工作（3.1）。
# 扫描把这件事一次做完：用给定取值的每一种组合训练模型，对每种组合做交叉验证，
# 选出验证损失最低的一种；只有它会在测试集上测试（4.4.2）。
#
# 一次扫描是 `config.yaml` 中的一节：
#
# ```yaml
# sweeps:
#   rate_and_width:
#     model: mlp_concise
#     learning_rate: [0.01, 0.03, 0.1, 0.3]
#     hidden_units: [64, 256]
# ```

# %%
page.sweeps()

# %% [markdown] lang="en"
# ## All points
#
# Training over the replicates, validation over the folds.

# %% [markdown] lang="zh"
# ## 所有的点
#
# 训练损失对各次重复汇总，验证损失对各折汇总。

# %%
page.table("sweeps")

# %% [markdown] lang="en"
# **Try it yourself.** Add a value to a list and run again: only the new combinations are trained.

# %% [markdown] lang="zh"
# **动手试一试。** 在某个列表里加一个取值再运行：只训练新的组合。
