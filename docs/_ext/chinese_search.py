"""Search that finds Chinese words without a dictionary.

A run of Chinese characters is indexed by each of its characters and pairs of neighbours, and a query
is cut in the same way, so that 信访 or 后进村 is found wherever it stands. Sphinx's own search cuts by
jieba's dictionary in the index and not at all in the query, and so finds what happens to be a word
in both.
"""

import re

import snowballstemmer
from sphinx.search import SearchLanguage, languages
from sphinx.search.zh import SearchChinese

RUNS = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
LATIN = re.compile(r"[a-zA-Z0-9_]+")
QUERY = """
function splitQuery(query) {
  const found = query.match(/[a-zA-Z0-9_]+/g) || [];
  for (const run of query.match(/[\\u3400-\\u9fff\\uf900-\\ufaff]+/g) || []) {
    if (run.length === 1) found.push(run);
    for (let i = 0; i + 1 < run.length; i++) found.push(run.slice(i, i + 2));
  }
  return found;
}
"""


def pieces(text: str) -> list[str]:
    """Latin words, and of each Chinese run its characters and its pairs of neighbours.

    >>> pieces("信访量 fell")
    ['fell', '信', '访', '量', '信访', '访量']
    """
    found = LATIN.findall(text)
    for run in RUNS.findall(text):
        found += [*run, *(run[i : i + 2] for i in range(len(run) - 1))]
    return found


class ByPairs(SearchChinese):
    """English words by their stems, Chinese by pairs."""

    language_name = "English"  # whose stemmer the search page calls; Sphinx 9.0's Chinese names none that is there
    js_splitter_code = QUERY

    def __init__(self, options: dict[str, str]) -> None:
        SearchLanguage.__init__(self, options)  # what SearchChinese adds loads a dictionary
        self.latin_terms: set[str] = set()
        self.stemmer = snowballstemmer.stemmer("english")

    def split(self, input: str) -> list[str]:
        self.latin_terms.update(LATIN.findall(input))
        return pieces(input)

    def word_filter(self, stemmed_word: str) -> bool:
        return bool(RUNS.match(stemmed_word)) or super().word_filter(stemmed_word)


def setup(app):
    languages["zh"] = ByPairs
    return {"parallel_read_safe": True}
