"""Tables in common forms are read correctly, or refused in one line that names the place."""

import gzip

import numpy as np
import pytest

from d2l_lab.config import facts
from d2l_lab.datasets import csv
from d2l_lab.errors import LabError

DEFAULTS = {"features": None, "test_file": None, "test_fraction": 0.25, "standardise": True}
HOUSES = "area,rooms,price\n50.5,2,100\n1e2,3,210\n75,-1,150\n90,.5,180\n"
PETS = "weight,kind\n4,cat\n30,dog\n5,cat\n28,dog\n"


@pytest.fixture
def table(tmp_path):
    """Write a file; return the settings of a dataset that uses it."""

    def table(data, target="price", name="table.csv", **settings):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return {"file": path, "target": target, "task": None} | DEFAULTS | settings

    return table


def read(settings, split="train", seed=0):
    given = {key: value for key, value in settings.items() if value is not None}
    return csv.read(split, np.random.default_rng(seed), **given)


def whole(settings):
    """Read all rows, in the order of their first feature."""
    halves = [read(settings, split) for split in ("train", "test")]
    X, y = (np.concatenate([half[part] for half in halves]) for part in (0, 1))
    order = X[:, 0].argsort()
    return X[order].tolist(), y[order].tolist(), halves[0].classes


def test_numbers_are_features_and_target_and_each_row_is_in_one_half(table):
    settings = table(HOUSES)
    X, y, classes = whole(settings)
    assert X == [[50.5, 2], [75, -1], [90, 0.5], [100, 3]]
    assert y == [[100], [150], [180], [210]]
    assert classes == ()
    train, test = (read(settings, split) for split in ("train", "test"))
    assert (len(train.X), len(test.X)) == (3, 1)
    assert (train.X.dtype, train.y.dtype, train.standardise) == (np.float32, np.float32, True)
    others = {tuple(read(settings, "test", seed).X[0]) for seed in range(20)}
    assert len(others) > 1


def test_text_gives_classes_in_alphabetical_order_and_numbers_can_be_classes_too(table):
    assert whole(table(PETS, "kind"))[1:] == ([0, 0, 1, 1], ("cat", "dog"))
    _, y, classes = whole(table("x,n\n1,10\n2,9\n3,10\n4,9\n", "n", task="classification"))
    assert (y, classes) == ([1, 0, 1, 0], ("9", "10"))


def test_the_named_columns_become_features_in_their_order(table):
    X, *_ = whole(table("id,b,a,price\nx,1,2,3\ny,2,3,4\nz,3,4,5\n", features=["a", "b"]))
    assert X == [[2, 1], [3, 2], [4, 3]]


AS_PEOPLE_HAVE_THEM = {
    "semicolons, decimal commas, Windows line ends and a byte-order mark": (
        HOUSES.replace(",", ";").replace(".", ",").replace("\n", "\r\n").encode("utf-8-sig")
    ),
    "tabs": HOUSES.replace(",", "\t").encode(),
    "UTF-16, as a spreadsheet's Unicode text": HOUSES.replace(",", "\t").encode("utf-16"),
    "old line ends": HOUSES.replace("\n", "\r").encode(),
    "empty lines and no line end at the end": HOUSES.replace("\n", "\n\n").strip().encode(),
    "quotes and spaces": HOUSES.replace("area,", '"area", ')
    .replace("50.5", ' "50.5" '[1:-1])
    .encode(),
    "empty columns at the right": HOUSES.replace("\n", ",,\n").encode(),
    "packed": gzip.compress(HOUSES.encode()),
}


@pytest.mark.parametrize("data", AS_PEOPLE_HAVE_THEM.values(), ids=AS_PEOPLE_HAVE_THEM)
def test_files_in_common_forms_are_read_correctly(table, data):
    assert whole(table(data)) == whole(table(HOUSES))


def test_chinese_headers_and_quoted_separators_and_line_ends_are_read(table):
    text = '面积,"类型, 新"\n1,"好, 大"\n2,"好, 大"\n3,"一\n般"\n4,"一\n般"\n'
    assert whole(table(text, "类型, 新"))[2] == ("一\n般", "好, 大")


BROKEN = {
    "empty": (b"", "the file is empty"),
    "only line ends": (b"\n\n", "line 1 is empty"),
    "only a header": ("area,price\n", "no rows below the header"),
    "unknown target": (
        HOUSES.replace("price", "prise"),
        "no column 'price'; did you mean 'prise'?",
    ),
    "no such column": (HOUSES.replace("price", "x"), "no column 'price'; there are area, rooms, x"),
    "a name twice": (HOUSES.replace("rooms", "area"), "line 1: two columns are called 'area'"),
    "no name": (HOUSES.replace("rooms", ""), "line 1: column 2 has no name"),
    "target alone": ("price\n1\n2\n3\n4\n", "line 1: 'price' is the only column; add"),
    "missing": (HOUSES.replace("75", ""), "line 4, column area: the value is missing"),
    "NA": (HOUSES.replace("150", "NA"), "line 4, column price: the value is missing"),
    "text": (HOUSES.replace("75", "big"), "line 4, column area: 'big' is not a number"),
    "infinite": (HOUSES.replace("75", "-inf"), "line 4, column area: '-inf' is not finite"),
    "huge": (HOUSES.replace("75", "1e39"), "line 4, column area: '1e39' is too large"),
    "underscore": (HOUSES.replace("75", "7_5"), "line 4, column area: '7_5' is not a number"),
    "too many values": (HOUSES.replace("75", "75,1"), "line 4: 4 values for 3 columns"),
    "too few values": (HOUSES.replace("75,", ""), "line 4: 2 values for 3 columns"),
    "open quote": (HOUSES.replace("75", '"75'), "line 4: unexpected end of data"),
    "text after a quote": (HOUSES.replace("75", '"75"x'), "line 4: ',' expected after"),
    "not UTF-8": ("价,price\n1,2\n".encode("gbk"), "line 1: not UTF-8"),
    "a workbook": (b"PK\x03\x04[Content_Types].xml", "an Excel workbook, not CSV"),
    "cut off": (gzip.compress(HOUSES.encode())[:-9], "a damaged gzip file"),
    "two rows": (HOUSES[:38], "of 2 rows, test_fraction 0.25 leaves 2 to train on and 0"),
    "both decimals": (
        "area;price\n1,5;2\n1.5;3\n2;4\n3;4\n",
        "line 3, column area: '1.5' has a point, but line 2 a comma: '1,5'",
    ),
    "thousands": ("area;price\n1,500;2\n2;3\n3;4\n3;4\n", "'1,500' may be 1.500 or 1500"),
}
BROKEN_CLASSES = {
    "one class": (PETS.replace("dog", "cat"), "every row has the class 'cat'"),
    "no class": (PETS.replace("30,dog", "30,"), "line 3, column kind: the class is missing"),
    "nan": (PETS.replace("30,dog", "30,nan"), "line 3, column kind: the class 'nan' looks like"),
    "a rare class": (PETS.replace("28,dog", "28,cow"), "the class '(cow|dog)' has so few rows"),
}


def complaint(action):
    with pytest.raises(LabError) as caught:
        action()
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(("data", "expected"), BROKEN.values(), ids=BROKEN)
def test_a_broken_table_is_refused_in_one_line_before_any_job(table, data, expected):
    settings = table(data) | {"kind": "csv"}
    files = {key: None if settings[key] is None else str(settings[key]) for key in FILES}
    assert expected in complaint(lambda: facts(settings | files))
    assert expected in complaint(lambda: read(table(data)))


FILES = ("file", "test_file")


@pytest.mark.parametrize(("data", "expected"), BROKEN_CLASSES.values(), ids=BROKEN_CLASSES)
def test_classes_that_cannot_be_learned_are_refused_in_one_line(table, data, expected):
    def read_any_split():
        for seed in range(20):
            read(table(data, "kind"), seed=seed)

    with pytest.raises(LabError, match=expected):
        read_any_split()


def test_a_second_file_is_the_test_set_and_must_have_the_columns_and_no_new_class(table):
    other = table("kind,more,weight\ndog,x,31\n", "kind", name="other.csv")["file"]
    settings = table(PETS, "kind", test_file=other)
    assert len(read(settings).X) == 4
    test = read(settings, "test")
    assert (test.X.tolist(), test.y.tolist()) == ([[31]], [1])
    other.write_text("kind,weight\ndog,31\ncow,400\n")
    assert "other.csv: line 3, column kind: the class 'cow' has no training ex" in complaint(
        lambda: read(settings)
    )
    other.write_text("kind,height\ndog,31\n")
    assert "other.csv: line 1: no column 'weight'; did you mean 'height'?" in complaint(
        lambda: read(settings)
    )


def test_the_plan_knows_the_number_of_training_rows(table):
    settings = table(PETS, "kind") | {"kind": "csv"}
    known = facts(settings | {"file": str(settings["file"])})
    assert (known.task, known.examples, known.columns) == ("classification", 3, 1)
