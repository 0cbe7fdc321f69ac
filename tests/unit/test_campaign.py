import datetime as dt

import pandas as pd

from village_eval.county.campaign import Campaign


def campaign(start: dt.date, days: int = 100) -> Campaign:
    month = pd.Period(start, "M")
    return Campaign(
        "县",
        start,
        (month - 12, month - 1),
        (pd.Period("2018-01", "M"), pd.Period("2024-12", "M")),
        days,
    )


def test_windows_count_the_calendar_month_of_the_start_as_month_one():
    c = campaign(dt.date(2023, 3, 1))
    assert c.end == dt.date(2023, 6, 8)
    windows = c.windows()
    assert windows["during"] == (0, 4)
    assert windows["after"] == (4, 16)
    assert windows["first_year"] == (0, 12)
    assert [windows[w] for w in ("after_1_3", "after_4_6", "after_7_12", "after_13_24")] == [
        (4, 7),
        (7, 10),
        (10, 16),
        (16, 28),
    ]


def test_a_late_start_touches_one_month_more():
    assert campaign(dt.date(2023, 3, 31)).windows()["during"] == (0, 5)


def test_income_of_a_start_after_june_is_next_years():
    assert campaign(dt.date(2023, 6, 30)).income_year() == 2023
    assert campaign(dt.date(2023, 7, 1)).income_year() == 2024
    assert campaign(dt.date(2023, 7, 1)).income_year("second_year") == 2025


def test_the_listing_window_is_counted_from_the_start():
    assert campaign(dt.date(2023, 3, 15)).listing_offsets == (-12, 0)
