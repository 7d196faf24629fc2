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
# # Dive into Deep Learning: the experiments
#
# **What this is.** Chapters 3 and 4 of *Dive into Deep Learning*, from linear regression to overfitting,
# as experiments. Every experiment of a reader's notes was run, repeated, cross-validated, and tested against
# what the notes say. Every number comes from a table of this run, and the chapters show how sure it is.
#
# **For whom.** For everyone who learns or teaches from the book: the code of the notes runs on these pages,
# next to the results of many runs.
#
# **What to do next.** Read [linear regression](linear_regression.ipynb), where the book begins; look up
# [what the notes say](tables/claims.md), claim by claim; or [run it yourself](reproduce.md), with settings of
# your own.

# %% [markdown] lang="zh"
# # 《动手学深度学习》实验
#
# **这是什么。** 《动手学深度学习》第 3、4 章的实验版，从线性回归到过拟合。
# 一份读书笔记中的全部实验都在这里运行，经过重复和交叉验证，并与笔记中的论断逐条对照。
# 每个数字都来自这次运行的表格，各章说明它有多可靠。
#
# **写给谁。** 写给用这本书学习或教学的人：笔记中的代码就在页面上运行，旁边是多次运行的结果。
#
# **接下来。** 从[线性回归](linear_regression.ipynb)开始读；逐条查看[笔记中的论断](tables/claims.md)；
# 或者换上自己的设置，[亲自运行](reproduce.md)。

# %% [markdown] lang="en"
# ## Five findings

# %% [markdown] lang="zh"
# ## 五个发现

# %% lang="en"
page.cards(
    "test_accuracy",
    "multilayer_perceptrons",
    """
    {% set gain = claims.perceptron_beats_softmax_regression %}
    {% if classifiers.mlp %}
    **Does a hidden layer help?** Of the test images, a perceptron recognises
    {{ classifiers.mlp.accuracy.mean | percent }}, softmax regression
    {{ classifiers.softmax_regression.accuracy.mean | percent }}{% if gain.holds %}: a gain of
    {{ gain | interval_points }} percentage points, more than chance{% elif gain.open %}; this run cannot tell the difference from
    chance{% elif gain.fails %}: no gain{% endif %}.
    {% endif %}
    """,
    "capacity",
    "model_selection",
    """
    **Does a flexible model overfit?** {% if degrees.exact_rises %}Yes, if it is fitted to the end:
    fitted{% else %}Fitted{% endif %} exactly, a polynomial of degree {{ degrees.highest }} has a test
    loss of {{ degrees.exact_highest | number(2) }}, and one of degree {{ degrees.best }} has
    {{ degrees.exact_best | number(2) }}. Trained by SGD, which stops early, degree {{ degrees.highest }} has
    {{ degrees.sgd_highest | number(2) }}.
    """,
    "softmax",
    "softmax_regression",
    """
    **Is the formula of softmax safe?** Not for large logits. In 32 bits, {{ overflow.finite | percent(0) }} of its losses are finite
    when the logits are of the order of {{ overflow.scale | number(2) }}, and
    {% if overflow.last_finite == 0 %}none{% else %}{{ overflow.last_finite | percent(0) }}{% endif %} at
    {{ overflow.last_scale | plain }}.
    {% if overflow.library == 1 %}Those of the library always are.{% endif %}
    """,
    "vanishing_gradients",
    "multilayer_perceptrons",
    """
    **Does ReLU save the gradient?** {% if vanishing.factors.he_relu > 10 * vanishing.factors.notes_relu %}It depends on the
    initial weights.{% endif %} With {{ vanishing.deep }} hidden layers in place of
    {{ vanishing.shallow }}, the first layer's gradient is {{ vanishing.factors.notes_relu | number(2) }} times
    as large if they are small, as in the notes, and {{ vanishing.factors.he_relu | number(2) }} times if they
    are drawn by He's rule.
    """,
    "closed_form",
    "linear_regression",
    """
    **Does SGD find the exact solution?** {% if claims.sgd_finds_the_closed_form.holds %}Very nearly.{% endif %}
    In {{ descent.steps }} steps, its distance from the closed form falls
    from {{ descent.start | number(2) }} to {{ descent.end | number(2) }}.
    """,
)

# %% lang="zh"
page.cards(
    "test_accuracy",
    "multilayer_perceptrons",
    """
    {% set gain = claims.perceptron_beats_softmax_regression %}
    {% if classifiers.mlp %}
    **隐藏层有用吗？** 在测试图像中，多层感知机认对 {{ classifiers.mlp.accuracy.mean | percent }}，
    softmax 回归认对 {{ classifiers.softmax_regression.accuracy.mean | percent }}{% if gain.holds %}，
    提高了 {{ gain | interval_points }} 个百分点，不是偶然{% elif gain.open %}，这次运行还不能断定差别不是偶然{% elif gain.fails %}，没有提高{% endif %}。
    {% endif %}
    """,
    "capacity",
    "model_selection",
    """
    **灵活的模型会过拟合吗？** {% if degrees.exact_rises %}拟合到底就会：{% endif %}{{ degrees.highest }} 阶多项式的精确解，
    测试损失是 {{ degrees.exact_highest | number(2) }}，{{ degrees.best }} 阶是
    {{ degrees.exact_best | number(2) }}。用 SGD 训练时，因为停得早，{{ degrees.highest }} 阶是
    {{ degrees.sgd_highest | number(2) }}。
    """,
    "softmax",
    "softmax_regression",
    """
    **softmax 的公式可靠吗？** 未规范化的预测很大时不可靠：用 32 位浮点数，预测值约为 {{ overflow.scale | number(2) }} 时，
    {{ overflow.finite | percent(0) }} 的损失是有限值；达到 {{ overflow.last_scale | plain }} 时是
    {{ overflow.last_finite | percent(0) }}。
    {% if overflow.library == 1 %}深度学习库的损失始终是有限值。{% endif %}
    """,
    "vanishing_gradients",
    "multilayer_perceptrons",
    """
    **ReLU 能保住梯度吗？** {% if vanishing.factors.he_relu > 10 * vanishing.factors.notes_relu %}取决于初始权重。{% endif %}有 {{ vanishing.deep }} 个隐藏层时，第一层的梯度是
    {{ vanishing.shallow }} 个时的 {{ vanishing.factors.notes_relu | number(2) }} 倍（像笔记那样取很小的权重），
    或 {{ vanishing.factors.he_relu | number(2) }} 倍（按 He 的方法取权重）。
    """,
    "closed_form",
    "linear_regression",
    """
    **SGD 能找到精确解吗？** {% if claims.sgd_finds_the_closed_form.holds %}几乎能。{% endif %}经过 {{ descent.steps }} 步，它与解析解的距离从
    {{ descent.start | number(2) }} 降到 {{ descent.end | number(2) }}。
    """,
)

# %% [markdown] lang="en"
# ## What the notes say, put to the test
#
# Each assertion of the notes has a threshold that was written down before this run; the table of claims names
# the commit. If the whole 95 % interval of the evidence is on one side of the threshold, the assertion *holds*
# or *does not hold*; otherwise it is *not decided*. Where chance plays no part, the number alone decides. An
# assertion about every case is *not refuted* as long as no case speaks against it. The chapters show each one
# with its evidence; [the table of claims](tables/claims.md) lists them all, and beside them some of our own, which
# are not counted here.

# %% [markdown] lang="zh"
# ## 笔记中的论断，逐条检验
#
# 笔记中的每条论断都有一个阈值，在这次运行之前就已写定，论断总表注明了最早的提交。
# 如果证据的 95% 置信区间整个落在阈值的一侧，结论就是“成立”或“不成立”；否则就是“未能判定”。
# 与偶然无关的论断，只看数值本身；关于一切情形的论断，只要没有反例，就是“未被推翻”。
# 各章列出每条论断及其证据；[论断总表](tables/claims.md)列出全部论断，
# 另有一些是我们自己提出的，这里没有计入。

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
# ## Time and machine

# %% [markdown] lang="zh"
# ## 用时与机器

# %%
page.took()

# %% [markdown] lang="en"
# [Where everything came from](provenance.md), and [how to reproduce this book](reproduce.md). What others have
# printed for these models is next to ours in [published against measured](published.ipynb), and the
# [reproducibility checklist](checklist.ipynb) is answered point by point.

# %% [markdown] lang="zh"
# [本书的一切从何而来](provenance.md)，以及[如何复现本书](reproduce.md)。
# 别人为这些模型公布的数字与我们的结果对照，见[公布的数字与实测结果](published.ipynb)；
# [可复现性清单](checklist.ipynb)逐项作了回答。
