"""Contact sheets: many pictures on one, each with its name. Made with Pillow."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

#: pictures beside and below one another on a sheet, by the width of the page
GRID = {1400: (3, 3), 390: (6, 2)}
#: pixels
WIDTH, GAP, CAPTION = 620, 24, 34
NARROW_WIDTH, TALLEST = 300, 900


def write_sheets(folder: Path, name: str, width: int, pictures: Sequence[tuple[str, Path]]) -> list[Path]:
    """The sheets of one look: `sheet-1400-it-light-1.png`, …"""
    across, down = GRID.get(width, (3, 3))
    made = []
    for start in range(0, len(pictures), across * down):
        path = folder / f"sheet-{name}-{start // (across * down) + 1}.png"
        _sheet(pictures[start : start + across * down], across, width).save(path)
        made.append(path)
    return made


def _sheet(pictures: Sequence[tuple[str, Path]], across: int, width: int) -> Image.Image:
    column = WIDTH if width > 600 else NARROW_WIDTH
    small = [(caption, _reduced(path, column)) for caption, path in pictures]
    rows = [small[start : start + across] for start in range(0, len(small), across)]
    heights = [max(picture.height for _, picture in row) + CAPTION + GAP for row in rows]
    sheet = Image.new("RGB", (GAP + across * (column + GAP), GAP + sum(heights)), "#9ca3af")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(18)
    top = GAP
    for row, height in zip(rows, heights, strict=True):
        for number, (caption, picture) in enumerate(row):
            left = GAP + number * (column + GAP)
            draw.text((left, top), caption, fill="#111827", font=font)
            sheet.paste(picture, (left, top + CAPTION))
        top += height
    return sheet


def _reduced(path: Path, column: int) -> Image.Image:
    """As wide as a column; of a long page the beginning."""
    with Image.open(path) as picture:
        height = round(picture.height * column / picture.width)
        small = picture.convert("RGB").resize((column, height), Image.Resampling.LANCZOS)
    return small.crop((0, 0, column, min(height, TALLEST)))
