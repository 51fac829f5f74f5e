"""What a package says in other languages: `translations/<language>.po`. Which texts there are isn't known here."""

from engine.domain.translations.files import FOLDER, Translation, read_translations

__all__ = ["FOLDER", "Translation", "read_translations"]
