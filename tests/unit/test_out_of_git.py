"""What holds villages' names and petitions keeps itself out of a commit of whoever works in a clone."""

import subprocess

from bureau_delivery import deliver

from village_eval.bureau.importing import import_folder
from village_eval.findings.evaluation import evaluate
from village_eval.report.lab import working_copies
from village_eval.report.tables.made import made
from village_eval.report.workplace import write
from village_eval.report.writing import write_results


def test_a_county_and_its_results_are_not_seen_by_git(tmp_path):
    clone = tmp_path / "clone"
    clone.mkdir()
    subprocess.run(["git", "init", "-q", clone], check=True)
    import_folder(deliver(tmp_path / "delivery"), clone / "county")
    write_results(evaluate(clone / "county", draws=9, cache=False), clone / "out", clone / "county")
    working_copies(clone / "mine", "zh")
    write(clone / "drawn", "zh", made("revisit", [], "zh"))
    asked = ["git", "-C", str(clone), "status", "--porcelain", "--untracked-files=all"]
    assert subprocess.run(asked, check=True, capture_output=True, text=True).stdout == ""
