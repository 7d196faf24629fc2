rule study:
    input:
        linear_train=get_input("study", "linear_train"),
        linear_test=get_input("study", "linear_test"),
        polynomial_train=get_input("study", "polynomial_train"),
        polynomial_test=get_input("study", "polynomial_test"),
        fashion_mnist_train=get_input("study", "fashion_mnist_train"),
        fashion_mnist_test=get_input("study", "fashion_mnist_test"),
        fashion_mnist_files=get_input("study", "fashion_mnist_files"),
        trained=get_input("study", "trained"),
        selection=get_input("study", "selection"),
    output:
        update(f"{STORE}/study/{{name}}/{{key}}/provenance.json"),
    log:
        "results/logs/study/{name}.{key}.log",
    priority: 2  # the claims wait for all of them
    group:
        get_group("study")
    conda:
        "../../envs/study.yaml"
    resources:
        **get_needs("study"),
    params:
        settings=get_settings("study"),
        again=get_again,
    message:
        "study {wildcards.name}"
    shell:
        "python -m d2l_lab.forkserver d2l_lab.stages.study --settings {params.settings:q}"
        " --input linear_train {input.linear_train:q}"
        " --input linear_test {input.linear_test:q}"
        " --input polynomial_train {input.polynomial_train:q}"
        " --input polynomial_test {input.polynomial_test:q}"
        " --input fashion_mnist_train {input.fashion_mnist_train:q}"
        " --input fashion_mnist_test {input.fashion_mnist_test:q}"
        " --input fashion_mnist_files {input.fashion_mnist_files:q}"
        " --input trained {input.trained:q}"
        " --input selection {input.selection:q}"
        " --result {output:q} --log {log:q} --again {params.again:q}"
