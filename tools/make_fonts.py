"""Make village_eval/words/fonts/*.otf: static subsets of Noto Sans CJK SC, so that figures have Chinese
glyphs on any machine.

    python tools/make_fonts.py [FOLDER_WITH_NotoSansCJK-Regular.ttc_AND_-Bold.ttc]

The collections come from Debian's fonts-noto-cjk or from github.com/notofonts/noto-cjk. Characters:
GB2312, the rest of the 通用规范汉字表 (8,105 characters, with those of place and given names),
Latin, and the signs that reports use. Hinting and layout features go: matplotlib uses neither, and
the files shrink to about 2 MB. The subset gets a family name of its own, so that a whole Noto on
the machine is never picked instead.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

ROOT = Path(__file__).parents[1]
OUT = ROOT / "village_eval" / "words" / "fonts"
FAMILY = "Village Sans SC"
SC = 2
"""Position of the Simplified Chinese font in the collection."""
SIGNS = "−×÷±≈≠≤≥→←↑↓↔•·…—–‘’“”‰°²³¹µ€£¥§©®✓○●◐△▲▽▼□■◇◆☆★①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳〇"
FIRST = 2_082_844_800
"""1 January 1970 in the time of font files: bytes must not depend on the day they are made."""


def characters() -> set[str]:
    """Every character that the subset must have."""
    rows = [bytes([a, b]) for a in range(0xA1, 0xF8) for b in range(0xA1, 0xFF)]
    gb2312 = {row.decode("gb2312", errors="ignore") for row in rows}
    beyond = (ROOT / "tools" / "characters_beyond_gb2312.txt").read_text("utf-8").split("\n", 1)[1]
    latin = map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x100)])
    return set("".join(gb2312)) | set(beyond.replace("\n", "")) | set(latin) | set(SIGNS)


def rename(font: TTFont, style: str) -> None:
    """Give the subset its own family name; copyright and licence stay."""
    postscript = FAMILY.replace(" ", "") + "-" + style
    names = {1: FAMILY, 2: style, 3: postscript, 4: f"{FAMILY} {style}", 6: postscript}
    table = font["name"]
    table.names = [record for record in table.names if record.nameID in (0, 13, 14)]
    for number, text in names.items():
        table.setName(text, number, 3, 1, 0x409)
    top = font["CFF "].cff
    top.fontNames = [postscript]
    top.topDictIndex[0].FamilyName = FAMILY
    top.topDictIndex[0].FullName = names[4]


def make(source: Path, style: str) -> set[str]:
    """Write one style and return the wanted characters that Noto lacks."""
    font = TTCollection(source).fonts[SC]
    wanted = characters()
    lacking = {c for c in wanted if ord(c) not in font.getBestCmap()}
    options = subset.Options(
        hinting=False,
        layout_features=[],
        notdef_outline=True,
        name_IDs=[0, 13, 14],
        desubroutinize=False,
    )
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "GSUB", "GPOS", "GDEF", "DSIG"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(wanted))
    subsetter.subset(font)
    rename(font, style)
    font.recalcTimestamp = False
    font["head"].created = font["head"].modified = FIRST
    font.save(OUT / f"VillageSansSC-{style}.otf")
    return lacking


if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/fonts/opentype/noto")
    for style in ("Regular", "Bold"):
        lacking = make(folder / f"NotoSansCJK-{style}.ttc", style)
        size = (OUT / f"VillageSansSC-{style}.otf").stat().st_size
        print(f"{style}: {size / 1e6:.2f} MB; Noto lacks {''.join(sorted(lacking)) or 'nothing'}")
