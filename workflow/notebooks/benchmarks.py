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
# # Speed
#
# **Questions.** How long does this project take for the experiments of the notes, compared with the notes'
# own code and with the libraries that people would use instead? And how far is that from what the machine
# can do at best? `make bench` measures it on this machine. Each way runs in a process of its own, one at a
# time, in rounds of alternating order. Unlike everything else in this book, times are not reproducible.

# %% [markdown] lang="zh"
# # 速度
#
# **问题。** 做完笔记中的实验，本项目要用多少时间？与笔记自己的代码相比如何，与人们可能改用的库相比又如何？
# 离机器的极限还有多远？`make bench` 在这台机器上测量：每种做法都在单独的进程中运行，
# 一次只运行一个，各轮的次序交替。与本书其他内容不同，时间不可复现。

# %% [markdown] lang="en"
# ## The promises
#
# The bound of each promise, and what was measured here. The notes read data with four processes, as the
# package `d2l` does. With few cores, fewer processes may be faster, so this project is also compared with
# the number of processes that is fastest here.

# %% [markdown] lang="zh"
# ## 承诺
#
# 每项承诺的界限，以及在这里的实测值。笔记按 `d2l` 包的做法，用四个进程读取数据。
# 核心较少时，进程少一些可能更快，所以也与此处最快的进程数相比。

# %%
page.table("benchmark_ratios")

# %% [markdown] lang="en"
# ## Training a classifier
#
# The notes read Fashion-MNIST image by image, through `ToTensor` and a `DataLoader`. Here the images
# are in memory as one tensor, and several replicas of a model are trained together: each replica's share
# of a batched product costs less than a product of its own. The limit is the time that an epoch's matrix
# products and the reading of its minibatches take by themselves, with the faster of torch's two libraries:
# MKL, or oneDNN, which computes the large products on processors with AVX-512 that are not Intel's.

# %% [markdown] lang="zh"
# ## 训练一个分类器
#
# 笔记通过 `ToTensor` 和 `DataLoader` 逐张读取 Fashion-MNIST 的图像。
# 这里图像作为一个张量留在内存中，一个模型的几个副本一起训练：
# 成批的乘法分摊到每个副本，比单独的乘法更省时。
# 极限是一个迭代周期中单纯的矩阵乘法和读取小批量所用的时间，
# 取 torch 的两个库中较快的一个：MKL 或 oneDNN。在有 AVX-512 的非英特尔处理器上，
# 较大的乘法由 oneDNN 计算。

# %%
page.figure("benchmark_training")

# %%
page.table("benchmark_training")

# %%
page.table("benchmark_limit")

# %% [markdown] lang="en"
# ## Many small fits
#
# Each step of thousands of polynomials is one small product; see [model selection](model_selection.ipynb).

# %% [markdown] lang="zh"
# ## 许多小的拟合
#
# 成千上万个多项式，每一步只是一次小的乘法；见[模型选择](model_selection.ipynb)。

# %%
page.table("benchmark_capacity")

# %% [markdown] lang="en"
# ## The whole run
#
# The time from the downloaded data to this book, and the cost of later runs.

# %% [markdown] lang="zh"
# ## 整个运行
#
# 从下载好的数据到本书所用的时间，以及此后每次运行的代价。

# %%
page.figure("benchmark_jobs")

# %%
page.table("benchmark_runs")

# %% [markdown] lang="en"
# ## How the cost grows
#
# Replicates, folds and examples are trained by this project in one thread. A further device
# needs as many jobs as a further model.

# %% [markdown] lang="zh"
# ## 代价如何增长
#
# 重复、折和样本由本项目在一个线程中训练。多一个设备所需的作业，与多一个模型一样多。

# %%
page.figure("benchmark_scale")

# %%
page.table("benchmark_planning")

# %% [markdown] lang="en"
# ## The machine and the versions

# %% [markdown] lang="zh"
# ## 测量环境

# %%
page.table("benchmark_about")

# %% [markdown] lang="en"
# **Try it yourself.** `make bench ONLY=training` measures one part again; the parts are `training`,
# `capacity`, `main_job`, `planning` and `scale`. Then `make` shows the result here.

# %% [markdown] lang="zh"
# **动手试一试。** `make bench ONLY=training` 重新测量一个部分；
# 各部分是 `training`、`capacity`、`main_job`、`planning` 和 `scale`。之后运行 `make`，结果就会显示在这里。
