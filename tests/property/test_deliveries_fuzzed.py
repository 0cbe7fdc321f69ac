"""Whole deliveries with slips are imported or refused in words; more by
``python tests/fuzz_deliveries.py FIRST LAST``."""

import pytest
from fuzz_deliveries import tried


@pytest.mark.slow
@pytest.mark.ci
def test_a_delivery_with_slips_is_imported_or_refused_in_words(tmp_path):
    became = [tried(seed, tmp_path / str(seed)) for seed in range(8)]
    assert {"imported", "refused"} == set(became)
