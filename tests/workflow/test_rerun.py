"""What runs after a change, and what people see then."""

import shutil


def test_a_change_reruns_what_it_touches_and_going_back_only_shows_it_again(copy):
    config, before = copy.config(), copy.files("results/tables")
    copy.configure({"models": {"mlp_scratch": {"learning_rate": 0.2}}})
    assert copy.done() == {"train": 1, "kfold": 1, "tables": 1, "figures": 5, "show": 1}
    assert copy.files("results/tables") != before
    copy.configure(config)
    assert copy.done() == {"show": 1}
    assert copy.files("results/tables") == before


def test_what_a_configuration_no_longer_asks_for_is_no_longer_shown(copy):
    copy.keep_models("linear_regression_scratch", "polynomial_normal")
    assert copy.done() == {"tables": 1, "figures": 3, "show": 1}
    names = {*copy.files("results/figures")}
    assert "training_polynomial_normal.svg" in names
    assert not any("mlp" in name or "softmax" in name for name in names)


def test_a_comment_in_the_code_reruns_nothing_and_a_change_does(copy):
    copy.keep_models("mlp_scratch", "mlp_concise")
    copy.done()
    module = copy.path / "workflow/d2l_lab/chapters/mlp/scratch.py"
    code = module.read_text()
    module.write_text(f"{code}\n# A remark.\n")
    assert copy.done() == {}
    changed = code.replace("softmax(matmul(H, W2) + b2)", "softmax(b2 + matmul(H, W2))")
    assert changed != code
    module.write_text(changed)
    assert copy.done() == {"train": 1, "kfold": 1, "tables": 1, "figures": 4, "show": 1}


def test_touched_files_and_a_lost_snakemake_folder_rerun_nothing(copy):
    for path in copy.path.rglob("*"):
        path.touch()
    assert copy.done() == {}
    shutil.rmtree(copy.path / ".snakemake")
    assert copy.done() == {}


def test_a_damaged_result_is_noticed_and_made_again_where_it_is_needed(copy):
    (weights,) = copy.path.glob("results/store/train/mlp_scratch.cpu/*/parameters.safetensors")
    whole = weights.read_bytes()
    weights.write_bytes(whole[:100])
    answer = copy.run()
    assert answer.returncode == 0
    assert "train/mlp_scratch.cpu" in answer.stdout
    assert "damaged" in answer.stdout
    copy.configure({"models": {"mlp_concise": {"learning_rate": 0.2}}})
    assert copy.done()["train"] == 2
    assert weights.read_bytes() == whole


def test_a_deleted_table_is_shown_again(copy):
    (copy.path / "results/tables/summary.csv").unlink()
    assert copy.done() == {"show": 1}


def test_the_order_in_which_models_are_asked_for_is_no_matter(copy):
    assert copy.done("--config", "models={mlp_scratch: {learning_rate: 0.1}}") == {}
