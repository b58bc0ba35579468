"""The feed of changed outputs: what RFC 4287 asks for, and each change once."""

import datetime
from types import SimpleNamespace
from xml.etree import ElementTree

from harness.core import records
from harness.core.tree import HERE
from harness.site.tables import changes

ATOM = "{http://www.w3.org/2005/Atom}"
SITE = SimpleNamespace(site_name="A & B", site_url="https://a.example/b/")


def test_a_feed_has_what_its_standard_asks_for():
    feed = ElementTree.fromstring(changes.feed(HERE, SITE).encode())
    assert feed.tag == f"{ATOM}feed"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == SITE.site_name
    entries = feed.findall(f"{ATOM}entry")
    assert entries
    for one in (feed, *entries):
        for name in ("id", "title", "updated"):
            (found,) = one.findall(f"{ATOM}{name}")
            assert found.text.strip() and not len(found)
        assert one.findtext(f"{ATOM}id").startswith(SITE.site_url)
        assert datetime.datetime.fromisoformat(one.findtext(f"{ATOM}updated")).tzinfo
        links = {link.get("rel"): link.get("href") for link in one.iter(f"{ATOM}link")}
        assert all(link.startswith(SITE.site_url) for link in links.values())
        assert "alternate" in links
    assert feed.find(f"{ATOM}link").get("rel") == "self"
    ids = [one.findtext(f"{ATOM}id") for one in (feed, *entries)]
    assert len({*ids}) == len(ids)


def test_each_change_is_in_it_once_and_the_newest_comes_first():
    feed = ElementTree.fromstring(changes.feed(HERE, SITE).encode())
    texts = [one.findtext(f"{ATOM}content") for one in feed.iter(f"{ATOM}entry")]
    every = changes.load(HERE)
    assert len(texts) == len(every)
    for one in every:
        (text,) = (t for t in texts if t.startswith(one.what) and one.programs[0] in t)
        assert one.do in text
    days = [one.findtext(f"{ATOM}updated") for one in feed.iter(f"{ATOM}entry")]
    assert days == sorted(days, reverse=True)
    assert feed.findtext(f"{ATOM}updated") == days[0]
    ran = [records.load(HERE, one.lane)[n].date for one in every for n in one.programs]
    assert days[0].startswith(max(ran))


def test_without_changes_there_is_none(draft):
    assert changes.feed(draft.tree, SITE) == ""
