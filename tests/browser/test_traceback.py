"""The box that reads a traceback: on two pages, and in the dialog of the search."""

import re

from playwright.sync_api import expect

from . import refuse
from .searching import DIALOG, OPTION, PATIENCE, open_dialog
from .visits import LOOKS, axe_in

SIZES = "mat1 and mat2 shapes cannot be multiplied (64x784 and 512x10)"
TERMINAL = f"""\
/home/me/train.py:9: UserWarning: Using a target size (torch.Size([8])) that differs
  loss = criterion(out, y)
Traceback (most recent call last):
  File "/home/me/train.py", line 31, in <module>
    out = model(x)
  File "/home/me/.venv/lib/python3.11/site-packages/torch/nn/linear.py", line 125, in f
    return F.linear(input, self.weight, self.bias)
RuntimeError: {SIZES}
"""
NOTEBOOK = f"""\
---------------------------------------------------------------------------
RuntimeError                              Traceback (most recent call last)
Cell In[7], line 5
      3 for x, y in loader:
----> 5     out = model(x)
      6

File ~/venv/lib/python3.11/site-packages/torch/nn/module.py:1739, in Module.forward
   1737     return self._compiled_call_impl(*args, **kwargs)

RuntimeError: {SIZES}
"""
TORCHRUN = f"""\
[rank0]: Traceback (most recent call last):
[rank0]:   File "/home/me/ddp.py", line 12, in <module>
[rank0]:     out = model(x)
[rank0]: RuntimeError: {SIZES}
E1129 10:00:00 123 torch/distributed/elastic/api.py:882] failed (exitcode: 1)
Traceback (most recent call last):
  File "/home/me/.venv/bin/torchrun", line 8, in <module>
    sys.exit(main())
torch.distributed.elastic.multiprocessing.errors.ChildFailedError:
"""
UNKNOWN = """\
Traceback (most recent call last):
  File "a.py", line 3, in <module>
    draw(picture)
PaintError: the brush is dry
"""
ENTRY = re.compile("/errors/shapes/#mat1-and-mat2")
FIELD, ANSWER = ".traceback textarea", ".traceback-answer"
OWN = {
    TERMINAL: "line 31 of train.py: out = model(x)",
    NOTEBOOK: "line 5 of cell 7: out = model(x)",
    TORCHRUN: "line 12 of ddp.py: out = model(x)",
}


def test_that_it_looks_is_said_at_once(page):
    page.goto("errors/")
    said = page.locator(FIELD).evaluate("""field => {
      field.value = "PaintError: the brush is dry"
      field.dispatchEvent(new Event("input"))
      return field.parentElement.querySelector(".traceback-answer").textContent
    }""")
    assert said == "Looking…"
    expect(page.locator(ANSWER)).to_contain_text("No entry", timeout=PATIENCE)


def test_a_whole_traceback_finds_its_entry_with_its_sizes(page):
    """One after the other in one box; what differs is awaited first."""
    page.goto("errors/")
    answer = page.locator(ANSWER)
    entry = answer.get_by_role("link", name="mat1 and mat2 shapes")
    for text, own in OWN.items():
        page.locator(FIELD).fill(text)
        expect(answer).to_contain_text(own, timeout=PATIENCE)
        expect(entry).to_be_visible()
        expect(entry).to_have_attribute("href", ENTRY)
        expect(answer).to_have_role("status")
        expect(answer).to_contain_text(SIZES)
        expect(answer).to_contain_text("here 64 rows of 784 numbers")
        expect(answer).to_contain_text("takes 512 and returns 10")
        expect(answer.locator("p", has_text="Fix:").locator("code")).to_contain_text(
            "nn.Linear("
        )
    entry.click()
    page.wait_for_url(ENTRY, wait_until="commit")


def test_an_error_that_no_entry_has_is_called_so(page):
    page.goto("errors/")
    page.locator(FIELD).fill(UNKNOWN)
    answer = page.locator(ANSWER)
    expect(answer).to_contain_text("No entry of this site", timeout=PATIENCE)
    expect(answer).to_contain_text("PaintError: the brush is dry")
    answer.get_by_role("button").click()
    field = page.locator(f"{DIALOG} input")
    expect(field).to_have_value("PaintError: the brush is dry", timeout=PATIENCE)


def test_on_the_home_page_the_third_door_opens_it(page):
    page.goto("")
    page.wait_for_function("!!window.proven?.load")
    page.get_by_role("link", name="I have an error").focus()
    page.keyboard.press("Enter")
    expect(page.locator(FIELD)).to_be_focused(timeout=PATIENCE)
    page.keyboard.insert_text(TERMINAL)
    entry = page.locator(f"{ANSWER} ol a")
    expect(entry).to_have_text("mat1 and mat2 shapes cannot be multiplied")


def test_the_dialog_reads_a_text_of_several_lines(page):
    page.goto("gpu/")
    open_dialog(page)
    page.evaluate("text => navigator.clipboard.writeText(text)", TORCHRUN)
    page.keyboard.press("Control+V")
    option = page.locator(OPTION)
    expect(option).to_have_count(1, timeout=PATIENCE)
    expect(option).to_contain_text("64 rows of 784 numbers")
    expect(page.locator(f"{DIALOG} input")).to_have_value(f"RuntimeError: {SIZES}")


def test_without_javascript_the_list_of_errors_stands_there(plain_page):
    page = plain_page
    page.goto("errors/")
    expect(page.locator(FIELD)).to_have_count(0)
    expect(page.get_by_role("link", name="mat1 and mat2 shapes")).to_be_visible()
    page.goto("")
    page.get_by_role("link", name="I have an error").click()
    page.wait_for_url("**/errors/", wait_until="commit")


def test_nothing_moves_when_the_box_comes(page):
    page.goto("errors/")
    page.wait_for_selector(FIELD)
    height = page.locator("[data-traceback]").evaluate("one => one.clientHeight")
    kept = page.locator("[data-traceback]").evaluate(
        "one => parseFloat(getComputedStyle(one).minHeight)"
    )
    assert height <= kept + 1


def test_axe_finds_nothing_in_it(tab):
    tab.go("errors/")
    tab.page.wait_for_selector(FIELD)
    tab.page.locator(FIELD).fill(TERMINAL)
    tab.page.wait_for_selector(f"{ANSWER} ol", timeout=PATIENCE)
    refuse(axe_in(tab, LOOKS, ".traceback"))
