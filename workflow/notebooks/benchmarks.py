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
# # How fast it is
#
# **What is asked.** How long does this project take for the experiments of the notes, beside the notes'
# own code and the libraries that people would use instead, and how far is that from what the machine
# can do at all? `make bench` measures it on this machine: every way in a process of its own, one at a
# time, in rounds whose order alternates. Unlike all else in this book, times are not reproducible.

# %% [markdown] lang="zh"
# # 有多快
#
# **问题。** 做笔记中的实验，本项目要用多少时间？与笔记自己的代码、与人们可能改用的库相比如何？
# 离机器的极限还有多远？`make bench` 在这台机器上测量：每种做法都在单独的进程中运行，
# 一次一个，各轮的次序交替。与本书其他内容不同，时间不可复现。

# %% [markdown] lang="en"
# ## What is promised
#
# The promises, with the bound of each and what was measured here. The notes read by four processes, as
# the package `d2l` has it. Where there are few cores, fewer processes may be faster; so this project is
# also compared with the fastest number of them.

# %% [markdown] lang="zh"
# ## 承诺
#
# 每项承诺的界限，以及在这里的实测值。笔记按 `d2l` 包的做法，用四个进程读取数据。
# 核心少时，较少的进程可能更快，所以也与其中最快的进程数相比。

# %%
page.table("benchmark_ratios")

# %% [markdown] lang="en"
# ## Training a classifier
#
# The notes read Fashion-MNIST image by image, through `ToTensor` and a `DataLoader`. Here the images
# lie in memory as one tensor, and several replicas of a model are trained as one: a batched product
# costs each replica less than a product of its own. The limit is what an epoch's matrix products
# and the reading of its mini-batches take by themselves, by the faster of torch's two libraries: MKL,
# and oneDNN, which takes the large products where a processor with AVX-512 is not Intel's.

# %% [markdown] lang="zh"
# ## 训练一个分类器
#
# 笔记通过 `ToTensor` 和 `DataLoader` 逐张读取 Fashion-MNIST 的图像。
# 这里图像作为一个张量留在内存中，一个模型的几个副本作为整体一起训练：
# 成批的乘法分摊到每个副本，比单独的乘法更省时。
# 极限是一个迭代周期中单纯的矩阵乘法和读取小批量所用的时间，
# 取 torch 的两个库中较快的一个：MKL，或 oneDNN——处理器有 AVX-512 而不是英特尔的产品时，
# 较大的乘法由后者计算。

# %%
page.figure("benchmark_training")

# %%
page.table("benchmark_training")

# %%
page.table("benchmark_limit")

# %% [markdown] lang="en"
# ## Many small fits
#
# Thousands of polynomials are one small product a step; see [model selection](model_selection.ipynb).

# %% [markdown] lang="zh"
# ## 许多小的拟合
#
# 成千上万个多项式，每步只是一次小的乘法；见[模型选择](model_selection.ipynb)。

# %%
page.table("benchmark_capacity")

# %% [markdown] lang="en"
# ## The whole run
#
# From the downloaded data to this book, and what a run costs after that.

# %% [markdown] lang="zh"
# ## 整个运行
#
# 从下载好的数据到这本书，以及此后每次运行的代价。

# %%
page.figure("benchmark_jobs")

# %%
page.table("benchmark_runs")

# %% [markdown] lang="en"
# ## What more of each costs
#
# Replicates, folds and examples are trained by this project's own way, in one thread. A further device
# needs as many jobs as a further model.

# %% [markdown] lang="zh"
# ## 各项增多的代价
#
# 重复、折和样本用本项目的做法在一个线程中训练。多一个设备所需的作业，与多一个模型一样。

# %%
page.figure("benchmark_scale")

# %%
page.table("benchmark_planning")

# %% [markdown] lang="en"
# ## Measured on

# %% [markdown] lang="zh"
# ## 测量的环境

# %%
page.table("benchmark_about")

# %% [markdown] lang="en"
# **Try next.** `make bench ONLY=training` measures one part again; the parts are `training`, `capacity`,
# `main_job`, `planning` and `scale`. Then `make` puts it here.

# %% [markdown] lang="zh"
# **接着试。** `make bench ONLY=training` 重新测量一个部分；
# 各部分是 `training`、`capacity`、`main_job`、`planning` 和 `scale`。之后运行 `make`，结果就会出现在这里。
