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
# # Published against measured
#
# **Questions.** Do our measurements agree with the numbers that others have printed for these models? If not, why?
#
# A book or a tutorial prints the numbers of one run. So each is compared with the range that contains 95 % of
# our *single runs*, and not with the interval of our mean, which is narrower and says only where the mean is.
# This range must cover everything that differs between their run and ours. On Fashion-MNIST, these are the
# initial values and the minibatches. On synthetic data, the dataset differs as well: there our runs are those
# of the study `redrawn`, which draws a new dataset for each.
#
# A number is judged only if its model, data and settings are the same as ours. Each links to the text in which
# it was read.

# %% [markdown] lang="zh"
# # 公布的数字与实测结果
#
# **问题。** 对同样的模型，我们测得的结果与别人公布的数字一致吗？如果不一致，原因是什么？
#
# 书和教程印出的是一次运行的数字。因此，它要与我们的*单次运行*有 95% 的机会落入的范围比较，
# 而不是与均值的置信区间比较：后者更窄，只说明均值在哪里。这个范围所包含的，应当正是两次运行之间不同的因素。
# 在 Fashion-MNIST 上，不同的是初始值和小批量；数据是随机生成的时候，还有数据集本身：
# 这时用的是研究 `redrawn` 的结果，它为每次运行各抽取一组数据。
#
# 只有模型、数据和设置都与我们相同，才作判断。每个数字都出自所链接的文本。

# %% [markdown] lang="en"
# ## The verdicts

# %% [markdown] lang="zh"
# ## 判断结果

# %% lang="en"
page.say(
    """
    Of {{ published.all }} published numbers, {{ published.judged }} come from runs like ours, and
{{ published.within }} of these are in the range that contains 95 % of our single runs.
    {% if published.outside %}Outside:
    {% for row in published.outside %}{{ row.published | plain }} ({{ row.quantity }}, section
    {{ row.section }}), {{ row.verdict }} [{{ row.low | number(5) }}, {{ row.high | number(5) }}]{%
    if not loop.last %}; {% endif %}{% endfor %}. If theirs were further runs of ours, about
    {{ published.expected | number(2) }} would be outside by chance.{% endif %}
    Only {{ published.in_interval_of_mean }} are in the interval of our mean, but that is the wrong yardstick
    for a single run.
    """
)

# %% lang="zh"
page.say(
    """
    在 {{ published.all }} 个公布的数字中，有 {{ published.judged }} 个来自与我们相同的运行，其中
    {{ published.within }} 个落在我们的单次运行有 95% 的机会落入的范围内。
    {% if published.outside %}在范围外的是：{% for row in published.outside %}{{ row.published | plain }}（
    {{ row.section }} 节的 {{ row.quantity }}，范围是 [{{ row.low | number(5) }}, {{ row.high | number(5) }}]）{%
    if not loop.last %}；{% endif %}{% endfor %}。假如它们也是我们的运行，平均约有
    {{ published.expected | number(2) }} 个会偶然落在范围外。{% endif %}
    只有 {{ published.in_interval_of_mean }} 个落在均值的置信区间内：用它来衡量单次运行并不合适。
    """
)

# %%
page.published()

# %% [markdown] lang="en"
# ## What differs, and why

# %% [markdown] lang="zh"
# ## 哪里不同，为什么

# %% lang="en"
page.say(
    """
    {% if published.averaged %}{% set row = published.averaged[0] %}
    **A loss that is averaged wrongly.** A translation prints a loss of {{ row.published | plain }} in section
    {{ row.section }}, where ours is {{ (row.mean / row.factor) | number }}. It adds up the mean losses of the
    minibatches, and divides by the number of examples instead of the number of minibatches, which makes the
    loss {{ (1 / row.factor) | number }} times too small. Ours, divided in the same way, is
    {{ row.mean | number(2) }}{% if row.verdict == "within" %}: the models agree, and only the average is
    wrong{% endif %}. [Issue 155](https://github.com/ShusenTang/Dive-into-DL-PyTorch/issues/155) of that
    translation reports it.
    {% endif %}
    """
)
page.say(
    """
    {% if published.impossible %}
    **A test accuracy that no test set can give.**
    {% for row in published.impossible %}{{ row.published | plain }} (section {{ row.section }}){%
    if not loop.last %} and {% endif %}{% endfor %}
    {% if published.impossible | length > 1 %}are{% else %}is{% endif %} printed as test accuracy. But with
    10000 test images every accuracy is a whole number of ten-thousandths.
    {% if published.impossible | map(attribute="reason") | unique | list == ["training examples"] %}As a share
    of the 60000 training images it is possible, so the training images must have been counted. In section 3.7
    the code indeed reads `train_iter` twice.{% endif %}
    {% endif %}
    """
)
page.say(
    """
    **Two accuracies of one perceptron.** The same translation prints {{ facing_pages.first | plain }} for its
    perceptron from scratch and {{ facing_pages.second | plain }} for the concise one, on facing pages. They
    were trained at a higher learning rate than ours, so they are not judged. But even two runs of
    ours differ by up to {{ facing_pages.spread | number(2) }} in 95 % of cases
    {%- if facing_pages.gap <= facing_pages.spread %}, so a difference of {{ facing_pages.gap | number(2) }}
    means nothing{% else %}, so a difference of {{ facing_pages.gap | number(2) }} is more than chance would
    give{% endif %}.
    """
)
page.say(
    """
    **An overfitting that does not overfit.** A reader of the book ran its example of overfitting many
    times, and saw overfitting in one or two runs out of ten
    ([issue 2337](https://github.com/d2l-ai/d2l-en/issues/2337)). On our {{ overfitting.datasets }} datasets,
    SGD's polynomial of degree {{ overfitting.degree }} has a test loss of more than twice its training loss
    in {{ overfitting.sgd }}, and the exact fit in {{ overfitting.exact }}; in the median it is
    {{ overfitting.sgd_ratio | number(2) }} and {{ overfitting.exact_ratio | number(2) }} times as large.
    {% if overfitting.exact_ratio > 10 * overfitting.sgd_ratio %}So the model can overfit, and does so when it
    is fitted exactly; SGD stops long before that. [Model selection](model_selection.ipynb) shows it for all
    degrees.{% endif %} The book trains it for 1500 epochs, our study for fewer, and the book gives no
    counts, so this is not a verdict on its numbers.
    """
)

# %% lang="zh"
page.say(
    """
    {% if published.averaged %}{% set row = published.averaged[0] %}
    **取错了平均的损失。** 一个移植版在 {{ row.section }} 节印出的损失是 {{ row.published | plain }}，
    而我们的是 {{ (row.mean / row.factor) | number }}。它把各小批量的平均损失相加，再除以样本数，
    而不是小批量数，于是损失小了 {{ (1 / row.factor) | number }} 倍。
    我们的损失按同样的方法计算，是 {{ row.mean | number(2) }}{% if row.verdict == "within" %}：
    模型是一致的，只是平均取错了{% endif %}。
    这个移植版的[第 155 号议题](https://github.com/ShusenTang/Dive-into-DL-PyTorch/issues/155)指出了这一点。
    {% endif %}
    """
)
page.say(
    """
    {% if published.impossible %}
    **测试集给不出的测试精度。**
    {% for row in published.impossible %}{{ row.published | plain }}（{{ row.section }} 节）{%
    if not loop.last %}和 {% endif %}{% endfor %}作为测试精度印出。
    但测试图像有 10000 张，任何精度都是万分之一的整数倍。
    {% if published.impossible | map(attribute="reason") | unique | list == ["training examples"] %}
    在 60000 张训练图像中则可以有这样的比例：统计的应当是训练图像。在 3.7 节，代码确实两次读取了 `train_iter`。
    {% endif %}{% endif %}
    """
)
page.say(
    """
    **同一个感知机的两个精度。** 同一个移植版在相邻两节里，从零实现的感知机印出
    {{ facing_pages.first | plain }}，简洁实现的印出 {{ facing_pages.second | plain }}。
    它们的学习率比我们的大，所以不作判断。但即使是我们的两次运行，也有 95% 的机会相差不超过
    {{ facing_pages.spread | number(2) }}{% if facing_pages.gap <= facing_pages.spread %}，
    所以 {{ facing_pages.gap | number(2) }} 的差别说明不了什么{% else %}，
    所以 {{ facing_pages.gap | number(2) }} 的差别超出了偶然{% endif %}。
    """
)
page.say(
    """
    **没有过拟合的“过拟合”。** 书的一位读者反复运行书中过拟合的例子，十次里只有一两次看到过拟合
    （[第 2337 号议题](https://github.com/d2l-ai/d2l-en/issues/2337)）。在我们的
    {{ overfitting.datasets }} 组数据上，用 SGD 训练的 {{ overfitting.degree }} 阶多项式，
    测试损失超过训练损失两倍的有 {{ overfitting.sgd }} 组，精确拟合的有 {{ overfitting.exact }} 组；
    两者之比的中位数分别是 {{ overfitting.sgd_ratio | number(2) }} 和
    {{ overfitting.exact_ratio | number(2) }}。
    {% if overfitting.exact_ratio > 10 * overfitting.sgd_ratio %}
    所以这个模型会过拟合，精确拟合时就是这样；而 SGD 远在那之前就停了。
    [模型选择](model_selection.ipynb)一页给出了所有阶数的结果。{% endif %}
    书中训练 1500 个迭代周期，我们的研究训练得少一些，书中也没有计数，所以这里不对书中的数字作判断。
    """
)

# %% [markdown] lang="en"
# ## How much a dataset matters
#
# The effect of another dataset can be seen only by drawing new ones. It is greatest on the loss of a straight
# line, which cannot follow the data.

# %% [markdown] lang="zh"
# ## 数据集的影响有多大
#
# 换一组数据会得到什么，只有重新抽取才能知道。直线跟不上数据的变化，它的损失最受所抽取的数据影响。

# %%
page.figure("redrawn")

# %% [markdown] lang="en"
# ## Sources

# %% [markdown] lang="zh"
# ## 出处

# %%
page.sources()

# %% [markdown] lang="en"
# **Try it yourself.** Set `learning_rate` of `mlp_scratch` to 0.5: a translation's number is then judged. Give `redrawn` more `replicates`: does a number leave the range?

# %% [markdown] lang="zh"
# **动手试一试。** 把 `mlp_scratch` 的 `learning_rate` 改成 0.5，一个移植版的数字就会得到判断。
# 给 `redrawn` 更多的 `replicates`：会有数字落到范围外吗？
