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
# # K-fold cross-validation
#
# **Questions.** What do the training data alone say about the error on data that a model has not seen?
# A seeded permutation splits them into $K$ folds $V_1, \dots, V_K$. Each fold $V_k$ in turn validates a
# model $f^{(k)}$ that was trained on all others, so every example is validated exactly once (4.4.2):
#
# $$\mathrm{CV}_K = \frac{1}{K} \sum_{k=1}^{K} \frac{1}{|V_k|} \sum_{i \in V_k}
# \ell\left(f^{(k)}(x_i), y_i\right).$$
#
# No test data are used.

# %% [markdown] lang="zh"
# # K折交叉验证
#
# **问题。** 只凭训练数据，能不能知道模型在没见过的数据上误差有多大？
# 用固定种子的排列把训练数据分成 $K$ 折 $V_1, \dots, V_K$；依次用其余各折训练模型 $f^{(k)}$，用留下的一折 $V_k$ 验证，
# 于是每个样本恰好被验证一次（4.4.2）：
#
# $$\mathrm{CV}_K = \frac{1}{K} \sum_{k=1}^{K} \frac{1}{|V_k|} \sum_{i \in V_k}
# \ell\left(f^{(k)}(x_i), y_i\right).$$
#
# 整个过程不使用测试数据。

# %%
page.code("training.folds", "kfold")

# %% [markdown] lang="en"
# ## All models
#
# The validation, which has seen no test data, next to the test. If the folds estimate the error on new data
# well, the two agree. The folds share training data, so they are not independent of each other.

# %% [markdown] lang="zh"
# ## 所有模型
#
# 验证没有用到测试数据，这里与测试结果并列：如果各折能很好地估计新数据上的误差，两者就应当一致。
# 各折共用训练数据，因此彼此并不独立。

# %%
page.headlines()

# %% [markdown] lang="en"
# ## What was measured in each fold
#
# After the last epoch, over the folds. There is also a table of [all epochs](tables/kfold.md).

# %% [markdown] lang="zh"
# ## 各折的测量结果
#
# 最后一个迭代周期之后，对各折汇总；另有一张表列出[所有周期](tables/kfold.md)。

# %%
page.table("kfold_summary")

# %% [markdown] lang="en"
# **Try it yourself.** `folds`: 2, or 10. With more folds each model sees more of the data, and the folds
# are smaller: how does the spread change? To see K-fold make a choice, go to [model
# selection](model_selection.ipynb).

# %% [markdown] lang="zh"
# **动手试一试。** `folds`：改成 2 或 10。折数越多，每个模型看到的数据越多，而每一折越小：离散程度会怎样变化？
# 用 K折交叉验证来做选择的例子，见[模型选择](model_selection.ipynb)。
