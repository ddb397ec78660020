"""The letters we send: text in files that a lawyer can edit, one per kind and language."""

from __future__ import annotations

from cases.letters.writing import Letter, write

__all__ = ["Letter", "write"]
