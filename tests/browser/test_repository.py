"""The site as it is published: with a repository, and below a path of its host."""

import os
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import pytest

from harness.core.tree import HERE

from . import refuse, serving
from .visits import LOOKS, PHONE, Tab, axe_in

REPOSITORY = "https://example.org/someone/book"
PATH = "/book/"
PAGE, SOURCE = "keras/step-cost/index.html", "keras/step-cost.md"
# A part of the site is as good as all of it.
BUILD = f"""\
import sys
from mkdocs.commands.build import build
from mkdocs.config import load_config
parts = {{"nav": [{{"Home": "index.md"}}, {{"Keras": ["{SOURCE}"]}}]}}
parts["exclude_docs"] = "*.md\\n!/index.md\\n!/{SOURCE}"
build(load_config("mkdocs.yml", site_dir=sys.argv[1], **parts))
"""


@pytest.fixture(scope="module")
def home(site, tmp_path_factory):
    """Its home page; `site` says whether there are fragments to build it from."""
    folder = tmp_path_factory.mktemp("published")
    subprocess.run(
        [sys.executable, "-c", BUILD, folder],
        cwd=HERE.root,
        env=os.environ
        | {"REPO_URL": REPOSITORY, "SITE_URL": f"https://example.org{PATH}"},
        check=True,
    )
    with serving.serve(folder, PATH) as address:
        yield address


@pytest.fixture(scope="module")
def page(browser, home):
    context = browser.new_context(base_url=home)
    yield context.new_page()
    context.close()


def test_a_page_can_be_edited(page):
    page.goto(PAGE)
    address = page.locator("a[rel=edit]").get_attribute("href")
    assert address == f"{REPOSITORY}/edit/main/docs/{SOURCE}"


def test_a_wrong_output_can_be_reported(page):
    page.goto(PAGE)
    link = page.get_by_text("Report a wrong output")
    address = urlsplit(link.get_attribute("href"))
    asked = parse_qs(address.query)
    assert f"https://{address.netloc}{address.path}" == f"{REPOSITORY}/issues/new"
    (form,) = asked["template"]
    assert (HERE.root / ".github" / "ISSUE_TEMPLATE" / form).is_file()
    assert asked["title"][0].endswith(" prints something else")


def test_an_unknown_address_leads_to_the_parts_that_exist(page):
    assert page.goto("no/such/page/").status == 404
    page.locator(".md-content a").last.click()
    assert page.locator("h1").inner_text() != "This page does not exist"


def test_the_links_ask_no_other_origin_and_can_be_read(browser, home):
    tab = Tab(browser, home, LOOKS[0])
    tab.go(PAGE)
    foreign = tab.watch.faults.foreign
    problems = axe_in(tab, LOOKS, ".md-header, article")
    phones = [look for look in LOOKS if look.width == PHONE]
    tab.become(phones[0])
    tab.page.click(".md-header__button[for=__drawer]")
    refuse(problems + axe_in(tab, phones, ".md-sidebar--primary") + foreign)
