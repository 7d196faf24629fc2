"""The Chinese texts of figures; a package provides the font, so that it is the same everywhere.

Braces stand for values, as in the English text.
"""

from pylopdf_fonts_zh_cn import sans_path

from d2l_lab.figures.words import Translation

TEXTS = {
    # in several figures
    "train": "训练",
    "validation": "验证",
    "test": "测试",
    "train, during the epoch": "训练（周期内平均）",
    "train, after the epoch": "训练（周期结束后）",
    "test {metric}": "测试{metric}",
    "epoch": "迭代周期",
    "learning rate": "学习率",
    "mean squared error": "均方误差",
    "{model} on {device}": "{model}（{device}）",
    "{lost} of {all} diverged": "{all} 次中有 {lost} 次发散",
    "chosen: {point}": "选定：{point}",
    "line: median over {repeats}; band: the middle 80 %; above the axis: off it": (
        "线：{repeats}的中位数；带：中间的 80%；高出坐标轴：超出范围"
    ),
    "line: mean of {folds}; faint marks: each fold": "线：{folds}的均值；淡色标记：各折",
    "SGD, the notes' settings": "SGD，按笔记的设置",
    # curves
    "line: mean of {repeats}; band: from the lowest to the highest": (
        "线：{repeats}的均值；带：从最低到最高"
    ),
    "line: mean of {repeats}; thin lines: each fold; band: from the lowest to the highest": (
        "线：{repeats}的均值；细线：各折；带：从最低到最高"
    ),
    "{lost} of {all} diverged; there the mean ends": "{all}中有 {lost} 次发散，均值到此为止",
    "{title}: {lost} of {all} diverged": "{title}：{all}中有 {lost} 次发散",
    # activations
    "ReLU": "ReLU",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "Activation functions and their derivatives": "激活函数及其导数",
    "function": "函数",
    "function of x": "函数值",
    "derivative at x": "导数值",
    "derivative by autograd": "自动微分得出的导数",
    "derivative by formula": "公式得出的导数",
    # affine_collapse
    "A hidden layer without and with activation": "隐藏层：没有和有激活函数",
    "softmax regression\n(no hidden layer)": "softmax 回归\n（没有隐藏层）",
    "hidden layer,\nno activation": "有隐藏层，\n没有激活函数",
    "hidden layer,\nReLU": "有隐藏层，\nReLU",
    "mean, with its 95 % interval": "均值及其 95% 置信区间",
    "each replicate": "各次重复",
    # agreement
    "Greatest difference": "最大差别",
    "greatest difference / greatest value": "最大差别 / 最大值",
    "two ways of one model": "同一模型的两种实现",
    "two devices": "两种设备",
    "spacing of float32 numbers": "float32 数的间距",
    "diverged": "发散",
    "{pair}, on {device}": "{pair}（{device}）",
    "No model was trained both from scratch and concisely,\nand none on more than one device.": (
        "没有哪个模型既有从零实现又有简洁实现，\n也没有哪个模型在多种设备上训练过。"
    ),
    # benchmark_jobs
    "The main job, from the data to the book": "主流程：从数据到成书",
    "seconds since the run began": "开始运行后的秒数",
    "seconds of all jobs together": "所有作业合计的秒数",
    "training and studying": "训练和研究",
    "start, loading, files, all else": "启动、加载、读写文件及其他",
    # benchmark_scale
    "What more of each costs": "各项增多的代价",
    "seconds: {of}": "秒数：{of}",
    "an epoch of all": "全体的一个迭代周期",
    "an epoch of 5 replicates": "5 次重复的一个迭代周期",
    "a run on little data": "用少量数据运行一次",
    "a dry run": "试运行一次",
    "keys of 50 models on each": "每种设备上 50 个模型的键",
    "MiB at the most, in one process": "单个进程的内存峰值（MiB）",
    # benchmark_training
    "Seconds of an epoch, for one model": "一个模型每个迭代周期的秒数",
    "the notes' way": "笔记的做法",
    "scikit-learn": "scikit-learn",
    "skorch": "skorch",
    "this project": "本项目",
    "limit of the machine": "机器的极限",
    "seconds (logarithmic)": "秒（对数坐标）",
    "mark: median; bar: from the least to the greatest": "标记：中位数；横线：从最小到最大",
    # capacity
    "least squares, exact": "最小二乘，精确解",
    "degree of the polynomial": "多项式的阶数",
    "times picked": "选中次数",
    "picked: minimum": "选中：损失最低",
    "picked: one standard error": "选中：相差一个标准误以内",
    # claims
    "What the notes assert ({counts})": "笔记中的论断（{counts}）",
    "holds": "成立",
    "does not hold": "不成立",
    "not refuted": "未被推翻",
    "not decided": "未能判定",
    "notes": "笔记",
    "assertion": "论断",
    "evidence": "证据",
    "threshold": "阈值",
    "{claim} ({setting})": "{claim}（{setting}）",
    "[ours] {claim}": "【本书】{claim}",
    # closed_form
    "SGD, mean of {repeats}": "SGD，{repeats}的均值",
    "SGD, lowest to highest": "SGD，从最低到最高",
    "distance of the truth, due to noise": "真值因噪声而产生的距离",
    "distance from the closed form": "与解析解的距离",
    "step": "步数",
    # confusion
    "Predicted class of each true class": "每个真实类别的预测类别",
    "predicted": "预测类别",
    "true": "真实类别",
    "% of the true class; printed from {least:.0%} on": (
        "占真实类别的百分比；从 {least:.0%} 起标出数字"
    ),
    "a replicate diverged": "有一次重复发散",
    "no model of this configuration is a classifier": "这份配置里没有分类模型",
    # fits
    "train data": "训练数据",
    "test data": "测试数据",
    "true curve": "真实曲线",
    "fit, mean of {repeats}": "拟合，{repeats}的均值",
    "fit, lowest to highest": "拟合，从最低到最高",
    "{model}\n({about})": "{model}\n（{about}）",
    "; {lost} of {all} diverged": "；{all} 次中有 {lost} 次发散",
    # hyperparameters
    "Validation loss by the number of hidden layers": "不同隐藏层数的验证损失",
    "validation loss": "验证损失",
    "weight decay {strength:g}": "权重衰减 {strength:g}",
    "chosen": "选定",
    "without a mean, as they diverge: {points}": "因发散而没有均值：{points}",
    "{layers},\nweight decay {decay:g}, learning rate {rate:g}": (
        "{layers}，\n权重衰减 {decay:g}，学习率 {rate:g}"
    ),
    # images
    "Fashion-MNIST": "Fashion-MNIST 数据集",
    "{way},\n{workers}": "{way}，\n{workers}",
    "images": "图像数",
    "images of each class": "每一类的图像数",
    "time to read the training set": "读完训练集的时间",
    "seconds for one epoch\n(one measurement, not reproducible)": (
        "一个迭代周期的秒数\n（只测一次，不可复现）"
    ),
    # information
    "Information, in nats": "信息量，单位为纳特",
    "surprisal (nats)": "惊异（纳特）",
    "entropy (nats)": "熵（纳特）",
    "probability of the event": "事件的概率",
    "probability of heads": "正面朝上的概率",
    "entropy of p (nats)": "p 的熵（纳特）",
    "cross-entropy of p with q (nats)": "p 与 q 的交叉熵（纳特）",
    "a pair of random distributions p and q": "一对随机分布 p 和 q",
    "where the two are equal, as for q = p": "两者相等处，如 q = p",
    # learning_rate
    "training loss\n(mean of (ŷ - y)² / 2)": "训练损失\n（(ŷ - y)² / 2 的均值）",
    "before training": "训练之前",
    "after training, mean": "训练之后的均值",
    "each of {repeats}": "{repeats}中的每一次",
    "diverges (how many replicates)": "发散（有几次重复）",
    "{lost} of {all}": "{lost}/{all}",
    # library
    "standard deviation": "标准差",
    "variance": "方差",
    "the argument std": "参数 std",
    "replicate": "重复",
    "of the numbers that were drawn": "抽出的数的标准差或方差",
    # maximum_likelihood
    "normal densities": "正态分布的密度",
    "density": "密度",
    "mean {mean:g}, deviation {deviation:g}": "均值 {mean:g}，标准差 {deviation:g}",
    "mean squared loss": "平方损失的均值",
    "negative log-likelihood": "负对数似然",
    "least at {weight:.4f}": "在 {weight:.4f} 处最小",
    "first weight": "第一个权重",
    # minibatches
    "feature {feature}": "特征 {feature}",
    "label y": "标签 y",
    # exercises_linear
    "Exercise 3.1.1: squared error of an estimated constant": "练习 3.1.1：常数估计值的平方误差",
    "mean, normal noise": "均值，正态噪声",
    "median, normal noise": "中位数，正态噪声",
    "mean, Laplace noise": "均值，拉普拉斯噪声",
    "median, Laplace noise": "中位数，拉普拉斯噪声",
    "Exercise 3.3.2: distance of the learned parameters from the truth": (
        "练习 3.3.2：学到的参数与真值的距离"
    ),
    "squared loss, normal noise": "平方损失，正态噪声",
    "absolute loss, normal noise": "绝对值损失，正态噪声",
    "Huber loss, normal noise": "Huber 损失，正态噪声",
    "squared loss, outliers": "平方损失，有离群值",
    "absolute loss, outliers": "绝对值损失，有离群值",
    "Huber loss, outliers": "Huber 损失，有离群值",
    # exercises_softmax
    "Exercise 3.4.2: bits for each of n observations coded together, by n": (
        "练习 3.4.2：n 个观测值联合编码，每个所占的比特数，随 n 变化"
    ),
    "Exercise 3.6.4: cost per patient of a rule of decision": (
        "练习 3.6.4：各种决策规则下每人的代价"
    ),
    "the likelier class": "更可能的类别",
    "the lower expected cost": "更低的期望代价",
    "Exercise 3.7.1: accuracy on new images": "练习 3.7.1：在新图像上的精度",
    "learning rate 0.01": "学习率 0.01",
    "learning rate 0.1": "学习率 0.1",
    "learning rate 1": "学习率 1",
    "batch size 16": "批量大小 16",
    "batch size 64": "批量大小 64",
    "batch size 256": "批量大小 256",
    # exercises_mlp
    "Exercise 4.2.1: accuracy on new images, by hidden units": (
        "练习 4.2.1：在新图像上的精度，按隐藏单元数"
    ),
    "Exercise 4.2.3: by learning rate": "练习 4.2.3：按学习率",
    "Exercises 4.2.2, 4.3.1: by hidden layers, learning rate": (
        "练习 4.2.2、4.3.1：按隐藏层数和学习率"
    ),
    "Exercise 4.3.2: by activation function": "练习 4.3.2：按激活函数",
    "none": "无",
    "Exercise 4.3.3: by initial weights": "练习 4.3.3：按初始权重",
    "all zero": "全为零",
    "by Glorot (Xavier)": "Glorot 方法（Xavier）",
    "by He": "何恺明方法（He）",
    "N(0, 1), too large": "N(0, 1)，过大",
    # plain_loop
    "a replicate": "一次重复",
    "spacing of float64 numbers": "float64 数的间距",
    # polynomial_terms
    "without dividing": "不除以阶乘",
    "divided by the factorial": "除以阶乘",
    "degree": "阶数",
    "greatest absolute value": "最大绝对值",
    "median and range of {repeats}": "{repeats}的中位数和范围",
    # redrawn
    "linear regression,\nscratch": "线性回归，\n从零实现",
    "linear regression,\nconcise": "线性回归，\n简洁实现",
    "polynomial,\n{features} features": "多项式，\n{features} 个特征",
    "each dataset": "每组数据",
    "median": "中位数",
    "training loss on the model's own dataset": "在自己的训练数据上的损失",
    # predictions
    "true: {true}\npredicted: {predicted}": "真实：{true}\n预测：{predicted}",
    "{cross} and frame: wrong, {wrong} of {all}": (
        "{cross} 和边框：预测错误，{all} 张中有 {wrong} 张"
    ),
    "{model}: the first replicate diverged, and predicts nothing": (
        "{model}：第一次重复发散，没有预测结果"
    ),
    # sample_size
    "mean squared error\nby SGD": "均方误差\n（SGD）",
    "mean squared error\nby least squares": "均方误差\n（最小二乘）",
    "degree {degree}": "{degree} 阶",
    "training examples": "训练样本数",
    "line: median over {repeats}; band: the middle 80 %; beyond the axis: off it": (
        "线：{repeats}的中位数；带：中间的 80%；越过坐标轴：超出范围"
    ),
    # selection, selection_test
    "Learning rate of softmax regression, by cross-validation": (
        "用交叉验证选择 softmax 回归的学习率"
    ),
    "diverges: {rates}": "发散：{rates}",
    "learning rate {rate:g}": "学习率 {rate:g}",
    "First validated, then tested once: {picked}": "先验证，再测试一次：{picked}",
    "bars: one standard error to either side": "误差线：上下各一个标准误",
    # softmax
    "Cross-entropy of ever larger logits": "未规范化的预测越来越大时的交叉熵",
    "scale of the logits (their standard deviation)": "未规范化的预测的尺度（标准差）",
    "finite losses (share of the rows)": "损失有限的比例",
    "softmax, then its logarithm (3.6)": "先 softmax，再取对数（3.6）",
    "nn.CrossEntropyLoss (3.7.2)": "nn.CrossEntropyLoss（3.7.2）",
    # sweep
    "line: mean; band: its 95 % interval": "线：均值；带：95% 置信区间",
    # test_accuracy
    "Test accuracy": "测试精度",
    "mean [95 % interval], replicates": "均值 [95% 置信区间]，重复次数",
    # uncertainty
    "Test accuracy: how sure it is": "测试精度有多可靠",
    "difference of the test accuracies": "测试精度之差",
    "less {model}": "减 {model}",
    "95 % interval, replicates alone": "95% 置信区间，只计各次重复",
    "replicates and test examples": "兼计各次重复和测试样本",
    # vanishing_gradients
    "Gradient that reaches the first layer": "到达第一层的梯度",
    "gradient of the first layer's\nweights (root mean square)": ("第一层权重的梯度\n（均方根）"),
    "hidden layers": "隐藏层数",
    "line: geometric mean of {repeats}; band: from the lowest to the highest": (
        "线：{repeats}的几何均值；带：从最低到最高"
    ),
    "N(0, 0.01²), the notes'": "N(0, 0.01²)，笔记的设置",
    "N(0, 2 / (inputs + outputs))": "N(0, 2 / (输入数 + 输出数))",
    "N(0, 2 / inputs)": "N(0, 2 / 输入数)",
    # vectorisation
    "a loop over the elements": "对元素循环",
    "one operation": "一次矢量运算",
    "elements": "元素个数",
    "seconds": "秒",
    "median and range of {n} timings on this machine, not reproducible": (
        "本机 {n} 次计时的中位数和范围，不可复现"
    ),
    # weight_images
    "Weights of softmax regression, as images": "softmax 回归的权重图像",
    "epoch {epoch}\naccuracy {accuracy:.2f}": "周期 {epoch}\n精度 {accuracy:.2f}",
    "weight; the strongest colours stand for {scale:g} and more": (
        "权重；最深的颜色表示绝对值不小于 {scale:g}"
    ),
    # weight_decay
    "ridge regression, exact": "岭回归，精确解",
    "norm of the weights": "权重的范数",
    "weight decay λ": "权重衰减 λ",
}

COUNTS = {
    "dataset": "{n} 个数据集",
    "feature": "{n} 个特征",
    "fold": "{n} 折",
    "hidden layer": "{n} 个隐藏层",
    "job": "{n} 个作业",
    "point": "{n} 个点",
    "replica": "{n} 个副本",
    "replicate": "{n} 次重复",
    "thread": "{n} 个线程",
    "worker": "{n} 个工作进程",
}

NAMES = {
    # names of models, and the words in them
    "linear": "线性",
    "regression": "回归",
    "mlp": "多层感知机",
    "polynomial": "多项式",
    "scratch": "从零实现",
    "concise": "简洁实现",
    "underfit": "欠拟合",
    "normal": "正常拟合",
    "overfit": "过拟合",
    # compared things
    "accuracy": "精度",
    "loss": "损失",
    # settings
    "batch_size": "批量大小",
    "epochs": "迭代周期数",
    "hidden_units": "隐藏单元数",
    "learning_rate": "学习率",
    "momentum": "动量",
    "optimizer": "优化算法",
    "weight_decay": "权重衰减",
    # data
    "fashion_mnist": "Fashion-MNIST 数据集",
    "T-shirt/top": "T恤",
    "Trouser": "裤子",
    "Pullover": "套衫",
    "Dress": "连衣裙",
    "Coat": "外套",
    "Sandal": "凉鞋",
    "Shirt": "衬衫",
    "Sneaker": "运动鞋",
    "Bag": "包",
    "Ankle boot": "短靴",
    "resident tensor": "内存中的张量",
    # stages, and quantities that grow
    "benchmark": "基准测试",
    "book": "成书",
    "checklist": "复现清单",
    "claims": "检验论断",
    "comparison": "默认对照",
    "devices": "设备数",
    "download": "下载",
    "examples": "样本数",
    "figures": "画图",
    "folds": "折数",
    "generate": "生成数据",
    "kfold": "K折验证",
    "models": "模型数",
    "notebook": "笔记页面",
    "prepare": "准备数据",
    "published": "外部对照",
    "record": "记录",
    "replicates": "重复次数",
    "report": "报告",
    "results": "结果数",
    "study": "研究",
    "sweeps": "汇总扫描",
    "tables": "汇总表",
    "train": "训练",
    # ways to train
    "limit": "极限",
    "notes": "笔记",
    "tested": "含测试",
}

WORDS = Translation("zh", TEXTS, COUNTS, NAMES, sans_path())
