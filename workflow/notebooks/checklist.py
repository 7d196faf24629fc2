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
# # The reproducibility checklist, answered
#
# **Questions.** Could somebody else repeat this work, and how sure are its numbers? The machine-learning
# reproducibility checklist (version 2.0) asks for the information that answers this: J. Pineau and others, *Improving
# Reproducibility in Machine Learning Research*, Journal of Machine Learning Research 22 (164), 2021. Its
# points are given here in our own words; every number comes from a table of this run.

# %% [markdown] lang="zh"
# # 可复现性清单：逐项回答
#
# **问题。** 别人能重复这项工作吗？它的数字有多可靠？机器学习可复现性清单（2.0 版）列出了判断所需的信息，出自
# J. Pineau 等，*Improving Reproducibility in Machine Learning Research*，
# Journal of Machine Learning Research 22 (164)，2021。下面用自己的话转述各项；每个数字都来自这次运行的表格。

# %% [markdown] lang="en"
# ## Models and algorithms
#
# - **Setting, algorithm, model.** Each chapter gives the formulas of the notes, and below them the code that ran.
# - **Assumptions.** The noise is normal and the examples are independent. If an interval needs further
#   assumptions, the page says so next to it.
# - **Complexity.** One step costs as many multiplications as there are parameters, times the examples of a
#   minibatch, and three times that with the gradients. The table has the number of parameters.

# %% [markdown] lang="zh"
# ## 模型和算法
#
# - **设定、算法和模型。** 每章都给出笔记中的公式，下面就是所运行的代码。
# - **假设。** 噪声服从正态分布，样本相互独立。区间如果还依赖别的假设，页面会在区间旁说明。
# - **复杂度。** 一步所需的乘法次数是参数个数乘以小批量的样本数，算上梯度约是它的三倍。参数个数见表。

# %% lang="en"
page.say(
    """
    This run trains {{ trainings.models }} models, from {{ trainings.least }} to {{ trainings.greatest }}
    parameters (`{{ trainings.largest }}`), on `{{ trainings.devices }}`.
    """
)

# %% lang="zh"
page.say(
    """
    这次运行训练了 {{ trainings.models }} 个模型，参数从 {{ trainings.least }} 个到
    {{ trainings.greatest }} 个（`{{ trainings.largest }}`），所用设备：`{{ trainings.devices }}`。
    """
)

# %%
page.table("checklist_models")

# %% [markdown] lang="en"
# ## Theoretical claims
#
# - **Claims and proofs.** Nothing is proved here. The notes' assertions are tested instead, against thresholds
#   that were set in advance: see [all claims](tables/claims.md).

# %% [markdown] lang="zh"
# ## 理论论断
#
# - **论断和证明。** 这里不作证明。笔记中的论断用实验检验，阈值事先定好：见[全部论断](tables/claims.md)。

# %% lang="en"
page.say(
    """
    Of {{ claims.all }} claims of the notes, {{ claims.holding }} hold or are not refuted, {{ claims.failing }} do
    not hold, and {{ claims.undecided }} are not decided by this run.
    {% if claims.ours %}Another {{ claims.ours }} claims are our own, and are not counted here.{% endif %}
    """
)

# %% lang="zh"
page.say(
    """
    在笔记的 {{ claims.all }} 条论断中，{{ claims.holding }} 条成立或未被推翻，{{ claims.failing }} 条不成立，
    {{ claims.undecided }} 条在这次运行中未能判定。
    {% if claims.ours %}另有 {{ claims.ours }} 条是我们自己提出的，这里没有计入。{% endif %}
    """
)

# %% [markdown] lang="en"
# ## Data

# %% [markdown] lang="zh"
# ## 数据

# %% lang="en"
page.say(
    """
    - **Statistics and splits.** {% for each in halves.datasets %}`{{ each.name }}`: {{ each.train }} examples to
    train on, {{ each.test }} to test on{% if not loop.last %}; {% endif %}{% endfor %}.
    {% for each in halves.classes %}`{{ each.dataset }}` has {{ each.classes }} classes; the rarest makes up
    {{ each.least_share | percent }}, the commonest {{ each.greatest_share | percent }}. {% endfor %}
    """
)

# %% lang="zh"
page.say(
    """
    - **统计量和划分。** {% for each in halves.datasets %}`{{ each.name }}`：{{ each.train }} 个训练样本，
    {{ each.test }} 个测试样本{% if not loop.last %}；{% endif %}{% endfor %}。
    {% for each in halves.classes %}`{{ each.dataset }}` 有 {{ each.classes }} 类，最少的一类占
    {{ each.least_share | percent }}，最多的占 {{ each.greatest_share | percent }}。{% endfor %}
    """
)

# %% [markdown] lang="en"
# - **Validation.** K-fold cross-validation cuts the folds out of the training examples. No choice looks at
#   the test examples; what was chosen is tested once.
# - **Exclusion and preprocessing.** No example is left out. The grey values of images are divided by 255.
# - **Availability.** The addresses of the files and their SHA-256 are in `config.yaml`; a file with another
#   checksum is refused. The other data are drawn from `seed`.
# - **New data.** No data were collected.

# %% [markdown] lang="zh"
# - **验证。** K折交叉验证从训练样本中划分各折。任何选择都不看测试样本；选定之后只测试一次。
# - **剔除和预处理。** 没有剔除样本。图像的灰度值除以 255。
# - **从哪里得到。** 文件的地址和 SHA-256 写在 `config.yaml` 中，校验和不符的文件不会使用。其余数据由 `seed` 生成。
# - **新数据。** 没有收集新数据。

# %%
page.table("checklist_data")

# %% [markdown] lang="en"
# ## Code
#
# - **Dependencies.** Every package is pinned with its hash in `envs/requirements.txt`.
# - **Training and evaluation.** Both are in this repository; the [provenance of results](provenance.md)
#   lists the code, settings and inputs that made each of them.
# - **Trained models.** Every training in `results/store` keeps its parameters.
# - **Results and commands.** [Reproduce this book](reproduce.md) gives the commands; they make the
#   tables of the [overview](index.ipynb).

# %% [markdown] lang="zh"
# ## 代码
#
# - **依赖。** 每个包的版本和哈希都固定在 `envs/requirements.txt` 中。
# - **训练和评估。** 两者的代码都在这个仓库中；[结果的来历](provenance.md)说明每个结果由什么代码、设置和输入得到。
# - **训练好的模型。** `results/store` 中的每次训练都保留了参数。
# - **结果和命令。** [复现本书](reproduce.md)列出命令，运行它们就得到[概览](index.ipynb)中的表格。

# %% [markdown] lang="en"
# ## Results

# %% [markdown] lang="zh"
# ## 结果

# %% lang="en"
page.say(
    """
    - **Search bounds, choice, settings.** One search tries {{ searched.combinations }} combinations: learning
    rates from {{ searched.bounds.learning_rate[0] | plain }} to {{ searched.bounds.learning_rate[1] | plain }},
    weight decay from {{ searched.bounds.weight_decay[0] | plain }} to
    {{ searched.bounds.weight_decay[1] | plain }}, {{ searched.bounds.hidden_layers[0] }} to
    {{ searched.bounds.hidden_layers[1] }} hidden layers. Each is trained on {{ searched.folds }} folds,
    {{ searched.runs }} runs in all; the lowest mean validation loss decides. It chose learning rate
    {{ searched.rate | plain }}, weight decay {{ searched.decay | plain }} and {{ searched.layers }} hidden
    {% if searched.layers == 1 %}layer{% else %}layers{% endif %}. All other settings are the notes', and none
    was tuned.
    """
)
page.say(
    """
    - **Number of runs.** {{ trainings.runs }} trainings on all training examples, between {{ trainings.fewest }}
    and {{ trainings.most }} of a model, and {{ trainings.validations }} in cross-validation; the studies come
    on top. {% if trainings.diverged %}{{ trainings.diverged }} models diverged in some run, and have no
    mean.{% else %}None diverged, and none was left out.{% endif %}
    """
)

# %% lang="zh"
page.say(
    """
    - **搜索范围、选择方法和设置。** 一次搜索尝试 {{ searched.combinations }} 种组合：学习率从
    {{ searched.bounds.learning_rate[0] | plain }} 到 {{ searched.bounds.learning_rate[1] | plain }}，权重衰减从
    {{ searched.bounds.weight_decay[0] | plain }} 到 {{ searched.bounds.weight_decay[1] | plain }}，隐藏层从
    {{ searched.bounds.hidden_layers[0] }} 层到 {{ searched.bounds.hidden_layers[1] }} 层。每种组合在
    {{ searched.folds }} 折上训练，共 {{ searched.runs }} 次；平均验证损失最低者入选：学习率
    {{ searched.rate | plain }}，权重衰减 {{ searched.decay | plain }}，隐藏层 {{ searched.layers }} 层。
    其余设置都取自笔记，没有调过。
    """
)
page.say(
    """
    - **运行次数。** 用全部训练样本训练 {{ trainings.runs }} 次，每个模型 {{ trainings.fewest }} 到
    {{ trainings.most }} 次；交叉验证 {{ trainings.validations }} 次；各项研究另计。
    {% if trainings.diverged %}有 {{ trainings.diverged }} 个模型在某次运行中发散，因而没有均值。{% else %}
    没有一次发散，也没有一次被剔除。{% endif %}
    """
)

# %% [markdown] lang="en"
# - **Measures.** The loss is the mean over the examples (cross-entropy in nats, or the squared error as the
#   model has it), the accuracy the share of correct predictions, both after the last epoch.
# - **What the error bars cover.** They are the 95 % interval of the mean (Student t). Over replicates it covers
#   initial values and minibatches, on one dataset. Over folds it also covers the choice of the training
#   examples, with the correction of Nadeau and Bengio. Only studies that draw a dataset for each replicate
#   cover the data. The interval of test accuracies over the test examples is in
#   [uncertainty](tables/uncertainty.md). Families of claims are corrected together by Holm's method.

# %% [markdown] lang="zh"
# - **度量。** 损失是样本上的平均值（交叉熵以纳特为单位，或模型所用的平方误差），精度是预测正确的比例，
#   都在最后一个迭代周期之后计算。
# - **误差线包含什么。** 误差线是均值的 95% 置信区间（学生 t 分布）。对各次重复，它包含初始值和小批量，数据集只有一个；
#   对各折，还包含训练样本的选取，并用 Nadeau 与 Bengio 的方法校正。只有为每次重复抽取数据的研究才包含数据的差异。
#   测试精度因测试样本而有的区间见表 [uncertainty](tables/uncertainty.md)。同一族的论断一起用 Holm 方法校正。

# %% lang="en"
page.say(
    """
    - **Time and machine.** {{ machine.jobs }} jobs took {{ machine.minutes | number(2) }} minutes of work,
    {{ machine.training_minutes | number(2) }} of them for training and cross-validation:
    {{ machine.mean_seconds | number(2) }} s for each of {{ machine.trainings }} such jobs, which train all
    replicates or folds of a model side by side. The longest job was `{{ machine.longest }}` with
    {{ machine.longest_seconds | number(2) }} s. No job needed more than {{ machine.mebibytes | number(3) }} MiB
    of memory. Processor: {{ machine.cpu }}; system: {{ machine.platform }}; Python {{ machine.python }}. The
    energy was not measured. All jobs are in [jobs_timing](tables/jobs_timing.md).
    """
)

# %% lang="zh"
page.say(
    """
    - **时间和机器。** {{ machine.jobs }} 个作业共用 {{ machine.minutes | number(2) }} 分钟，其中训练和交叉验证用
    {{ machine.training_minutes | number(2) }} 分钟：共 {{ machine.trainings }} 个这样的作业，平均每个
    {{ machine.mean_seconds | number(2) }} 秒，各自并排训练一个模型的所有重复或折。最长的作业是
    `{{ machine.longest }}`，用 {{ machine.longest_seconds | number(2) }} 秒。任何作业所用的内存都不超过
    {{ machine.mebibytes | number(3) }} MiB。处理器：{{ machine.cpu }}；系统：{{ machine.platform }}；
    Python {{ machine.python }}。没有测量能耗。全部作业见表 [jobs_timing](tables/jobs_timing.md)。
    """
)

# %% [markdown] lang="en"
# ## Limitations
#
# - The images are from one dataset, and the test set is one sample: another one may rank two similar models
#   differently.
# - All other data are synthetic, and fit their models' assumptions better than most real data do.
# - The settings are those of a textbook. A model that is worse with them may be better with others.
# - The same machine gives the same digits. On another one the last digits may differ, and training amplifies
#   that; [Reproduce this book](reproduce.md) says how large a difference is acceptable.

# %% [markdown] lang="zh"
# ## 局限
#
# - 图像只来自一个数据集，测试集只是一个样本：换一个测试集，两个接近的模型的名次可能会变。
# - 其余数据都是人工合成的，比大多数真实数据更符合模型的假设。
# - 设置都来自教科书。在这些设置下较差的模型，换一种设置可能更好。
# - 同一台机器给出完全相同的数字。换一台机器，末几位可能不同，训练会把差别传下去；差多少算一致，见[复现本书](reproduce.md)。
