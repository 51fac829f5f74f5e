"""Reads a package's `package.toml` and says all that is wrong in it. What stands in diagrams is not its business."""

from engine.domain.package_files.reading import read_package

__all__ = ["read_package"]
