"""Accounts that move contracting income in 2024, and a campaign that did nothing."""

import pytest

from village_eval.certify import questions
from village_eval.certify.simulate import simulate

WORLD = "null, accounts of 2024"


@pytest.mark.slow
def test_income_that_only_its_accounts_moved_is_never_told_firmly():
    assert simulate(questions.WORLDS[WORLD][0], 31001, parts=False).panel.new_accounts == 2024
    runs = [questions._one((WORLD, seed)) for seed in range(31001, 31005)]
    for rows in runs:
        told = rows.set_index("question")
        moved = told[told.index.str.startswith(("operating_income", "earned_income"))]
        assert (moved["grade"].isin(["C", "D"])).all()
        assert not (told["said"].eq("rose") & told["grade"].isin(questions.FIRM)).any()
        assert "own_income.first_year" in told.index  # what compares is asked beside
