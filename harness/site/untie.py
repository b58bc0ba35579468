"""For any generator that reads Markdown by Python-Markdown: takes the ties out."""

from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from harness.core.ties import untied

BEFORE_FENCES = 30  # of pymdownx, whose includes come at 32 and whose fences at 25


class Untie(Preprocessor):
    def run(self, lines):
        return [untied(line) for line in lines]


class UntieExtension(Extension):
    def extendMarkdown(self, md):
        md.preprocessors.register(Untie(md), "untie", BEFORE_FENCES)
