from village_eval import checks as checks
from village_eval import designs as designs
from village_eval.certify.one_design import examine as examine
from village_eval.certify.simulate import simulate as simulate
from village_eval.county.county import County as County
from village_eval.county.panel import Panel as Panel
from village_eval.county.problems import InputError as InputError
from village_eval.designs import quiet_year_did as quiet_year_did
from village_eval.expectation.results import Estimate as Estimate
from village_eval.findings.evaluation import Evaluation as Evaluation
from village_eval.findings.evaluation import evaluate as evaluate
from village_eval.folder.reading import demo_county as demo_county
from village_eval.folder.reading import read_county as read_county
from village_eval.many.pool import pool_results as pool
from village_eval.report import gallery as figures
from village_eval.report import tables as tables
from village_eval.report.writing import report as write_report

__version__: str
__all__ = [
    "County",
    "Estimate",
    "Evaluation",
    "InputError",
    "Panel",
    "checks",
    "demo_county",
    "designs",
    "evaluate",
    "examine",
    "figures",
    "pool",
    "quiet_year_did",
    "read_county",
    "simulate",
    "tables",
    "write_report",
]
