"""Documents of ``../shared/tools/gen_orders_docs.py``, which is not part of this repository, one of a class each."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from PIL import Image
from sheets import as_csv, as_html, as_xlsx
from truth import Asked, Truth, known_partners, truth_of

GENERATOR = Path(__file__).parents[4] / "shared/tools/gen_orders_docs.py"
WRITTEN: Mapping[str, Callable[[Truth], bytes]] = {"xlsx": as_xlsx, "csv": as_csv, "html": as_html}
#: classes that are drawn, and the ending of their files
DRAWN = {"pdf": "pdf", "pdf_scan": "pdf", "png": "png", "jpg": "jpg"} | {
    f"fax_{lines}_{noise}": "tif" for lines in ("fine", "std") for noise in ("low", "mid", "high")
}
#: for all the documents of a class there is one history: so many orders before
EARLIER = 156


class Generated:
    """Documents of one seed in one world, drawn once into a folder."""

    def __init__(self, folder: Path, generator: Path, classes: list[str], *, seed: int, world: int, count: int) -> None:
        self._folder, self._generator, self._world = folder, generator, world
        variants = ["pdf", *(one for one in classes if one in DRAWN and one != "pdf")]
        self._draw("docs", variants, count, seed)
        self._draw("earlier", ["pdf"], EARLIER, seed + 1)

    def documents(self, kind: str) -> Iterator[Asked]:
        """Yield the documents of a class; none of one that the generator has not."""
        if kind not in WRITTEN and kind not in DRAWN:
            return
        earlier = map(truth_of, sorted((self._folder / "earlier").glob("*_*")))
        partners = known_partners(self._folder / "master.toml", earlier)
        for place in sorted((self._folder / "docs").glob("*_*")):
            truth = truth_of(place)
            yield Asked(
                f"{kind}.{DRAWN.get(kind, kind)}", content_of(place, kind, truth), truth, partners[truth.account]
            )

    def _draw(self, name: str, variants: list[str], count: int, seed: int) -> None:
        command = [
            sys.executable, str(self._generator), str(self._folder / name), "--count", str(count), "--seed", str(seed),
            "--world-seed", str(self._world), "--variants", ",".join(variants),
            "--master", str(self._folder / "master.toml"),
        ]  # fmt: skip
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def content_of(place: Path, kind: str, truth: Truth) -> bytes:
    """Return a document of a class; pages that were drawn as a picture each are put into one TIFF, pixel by pixel."""
    if kind in WRITTEN:
        return WRITTEN[kind](truth)
    first, ending = place / f"{kind}.{DRAWN[kind]}", DRAWN[kind]
    others = sorted(place.glob(f"{kind}-p*.{ending}"), key=lambda page: int(page.stem.rpartition("-p")[2]))
    if not others:
        return first.read_bytes()
    pages = [Image.open(page) for page in (first, *others)]
    kept = io.BytesIO()
    pages[0].save(
        kept, "TIFF", save_all=True, append_images=pages[1:], compression="tiff_deflate", dpi=pages[0].info["dpi"]
    )
    return kept.getvalue()
