"""What a reader can do with an exercise: copy its start, mark it as done, forget it."""

from playwright.sync_api import expect

from harness.core import exercise
from harness.core.snippet import Snippet
from harness.core.tree import HERE

from .visits import PHONE

LESSON, LIST = "tensors/first-hour/", "start/exercises/"
KEPT = "Object.entries(localStorage).filter(([key]) => !key.includes('__'))"


def test_what_is_done_is_kept_here_and_can_be_forgotten(page, home):
    page.set_viewport_size({"width": PHONE, "height": 800})
    asked = []
    page.on("request", lambda one: asked.append(one.method))
    page.goto(LESSON)
    assert page.evaluate(KEPT) == []
    box = page.get_by_label("Done").first
    expect(box).not_to_be_checked()
    # The box stands below its program, and so above its solution.
    words = (HERE.docs / "start" / "exercises.md").read_text(encoding="utf-8")
    assert "tick *Done* below its program" in words
    assert page.locator("[data-start]").first.get_by_label("Done").count() == 1
    box.focus()
    page.keyboard.press("Space")
    page.reload()
    expect(box).to_be_checked()
    name = page.locator("[data-start]").first.get_attribute("data-start")
    assert page.evaluate(KEPT) == [["pytorch-proven.done", name]]
    page.goto(LIST)
    link = page.locator(f"[data-exercise='{name}']")
    expect(link.locator("xpath=..")).to_contain_text("✓ done")
    total = page.locator("[data-exercise]").count()
    status = page.locator("article [role=status]")
    expect(status).to_have_text(f"You have done 1 of {total}.")
    page.get_by_role("button", name="Clear my progress").click()
    expect(status).to_have_text(f"You have done 0 of {total}.")
    assert page.evaluate(KEPT) == []
    link.click()
    expect(page.get_by_label("Done").first).not_to_be_checked()
    assert set(asked) == {"GET"}


def test_a_start_is_copied_as_it_was_tested(page):
    page.goto(LESSON)
    block = page.locator("[data-start]").first
    block.locator(".copy").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    name = block.get_attribute("data-start") + exercise.SUFFIX
    assert copied == exercise.start(Snippet(HERE, name).source)


def test_each_lesson_is_named_on_the_list_once(page):
    page.goto(LIST)
    named = page.locator(".entries em").all_inner_texts()
    lessons = page.locator("[data-exercise]").evaluate_all(
        "all => all.map(one => new URL(one.href).pathname)"
    )
    assert len(named) == len({*lessons}) and "Tensors: the first hour" in named


def test_the_lines_to_write_stand_out_and_the_check_is_folded(page):
    page.goto(LESSON)
    block = page.locator("[data-start]").first
    face = "one => getComputedStyle(one).fontFamily"
    said, fold = block.locator(".done"), block.locator("summary")
    expect(said).to_have_text("DoneWrite your code in a copy.")
    assert said.evaluate(face) == fold.evaluate(face)
    yours, check = block.locator(".yours"), block.locator("details.check")
    assert yours.text_content().startswith("# Your code:\n")
    assert check.text_content().startswith("# Check:\n")
    assert "\n\n" not in yours.text_content()  # nobody can write there
    expect(check.locator(".c").first).to_have_css("clip-path", "inset(50%)")
    right = check.get_by_text("Right:")
    expect(right).not_to_be_visible()
    check.get_by_label("The check").click()
    expect(right).to_be_visible()


def test_where_nothing_can_be_kept_a_box_can_be_ticked(browser, home):
    context = browser.new_context(base_url=home)
    page = context.new_page()
    page.add_init_script("Storage.prototype.getItem = () => { throw new Error() }")
    page.goto(LESSON)
    page.get_by_label("Done").first.check()
    context.close()


def test_without_scripts_there_is_no_box(plain_page):
    plain_page.goto(LESSON)
    assert plain_page.locator("[data-start]").count()
    assert not plain_page.get_by_label("Done").count()


def test_only_pages_with_exercises_load_their_script(page, asked):
    page.goto("keras/better/", wait_until="networkidle")
    page.goto(LIST, wait_until="networkidle")
    assert sum(url.endswith("/practise.js") for url in asked) == 1
