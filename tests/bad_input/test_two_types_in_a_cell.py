"""A laggard village has one type: two in a cell are asked about, unless the cell says which is the main one."""

import pytest
from bureau_delivery import deliver, listing
from imported import listed, refused

from village_eval.bureau.importing import import_folder
from village_eval.bureau.village_types import types_in


@pytest.mark.parametrize(
    ("written", "types"),
    [
        ("信访突出、经济薄弱", {"petitions", "economy"}),
        ("信访突出\n经济薄弱", {"petitions", "economy"}),
        ("软弱涣散、班子不团结", set()),  # two words for one type: the vocabulary reads them
        ("信访突出（主）、经济薄弱（次）", {"petitions"}),
        ("主要是信访突出，其次是经济薄弱", {"petitions"}),
        ("以信访突出为主，兼有经济薄弱", {"petitions"}),
        ("经济薄弱（次要），信访突出（主要）", {"petitions"}),
        ("信访突出、没见过的", set()),
        ("信访突出", set()),
        ("班子不团结、内部矛盾突出", set()),  # one name with a comma in it
    ],
)
def test_what_a_cell_of_several_types_leaves_open(written, types):
    assert types_in(written) == types


def with_type(cell):
    rows = listing()
    rows[2][3] = cell
    return rows


def test_two_types_are_refused_with_what_to_write(tmp_path):
    told = refused(tmp_path, listing=with_type("信访突出、经济薄弱"))
    assert set(told) == {"two_types"} and "以信访突出为主" in told["two_types"]
    folder = deliver(tmp_path / "2", listing=with_type("信访突出（主）、经济薄弱（次）"))
    import_folder(folder, tmp_path / "out")
    assert listed(tmp_path / "out")["王家村"] == "petitions"


def test_two_types_among_the_main_problems_are_asked_about_too(tmp_path):
    title, head, *rows = listing()
    rows = [[*r[:3], *r[4:]] for r in rows]
    rows[0][3], rows[1][3], rows[2][3] = "信访矛盾突出、经济薄弱村", "经济薄弱村", "班子不团结村"
    told = refused(tmp_path, listing=[title, [*head[:3], *head[4:]], *rows])
    assert set(told) == {"two_types"} and "信访矛盾突出、经济薄弱村" in told["two_types"]
