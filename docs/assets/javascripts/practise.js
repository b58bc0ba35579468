// Which exercises a reader has done: kept by this browser alone, until they clear it.
{
  const KEY = "pytorch-proven.done"
  const make = (tag, facts, ...parts) => {
    const made = Object.assign(document.createElement(tag), facts)
    made.append(...parts)
    return made
  }

  // Where nothing can be kept, a tick lasts as long as the page.
  let kept = null
  try {
    kept = localStorage.getItem(KEY)
  } catch {}
  const done = new Set(kept?.split(" "))
  const keep = () => {
    try {
      if (done.size) localStorage.setItem(KEY, [...done].join(" "))
      else localStorage.removeItem(KEY)
    } catch {}
  }

  // In such a program, the lines to write stand out, and the check below them is folded:
  // its name comes from the style, so the text, and what is copied, stay as they were.
  const wrap = (box, first, last) => {
    const range = document.createRange()
    range.setStartBefore(first)
    range.setEndAfter(last)
    box.append(range.extractContents())
    range.insertNode(box)
  }
  for (const code of document.querySelectorAll("[data-start] code")) {
    const marks = [...code.querySelectorAll(":scope > .c")]
    const [yours, check] = ["# Your code:", "# Check:"].map(head =>
      marks.find(one => one.textContent === head)
    )
    if (!yours || !check) continue
    const fold = make("details", { className: "example check" }, make("summary", { ariaLabel: "The check" }))
    // Nobody can write there: the empty lines at the end are only copied.
    const last = check.previousSibling
    const empty = last.splitText(last.data.trimEnd().length + 1)
    wrap(make("span", { hidden: true }), empty, empty)
    wrap(make("span", { className: "yours" }), yours, last)
    wrap(fold, check, code.lastChild)
  }

  // On a lesson: a box below each program with a gap, in its frame: beside that, between
  // the page's paragraphs, it would restyle all of them.
  for (const block of document.querySelectorAll("[data-start]")) {
    const name = block.dataset.start
    const box = make("input", { type: "checkbox", checked: done.has(name) })
    box.addEventListener("change", () => {
      done[box.checked ? "add" : "delete"](name)
      keep()
    })
    const how = "Write your code in a copy."
    block.append(make("p", { className: "done" }, make("label", {}, box, "Done"), how))
  }

  // On the list: how many, which, and a way to forget them.
  const links = [...document.querySelectorAll("[data-exercise]")]
  const count = make("span", { role: "status" })
  const clear = make("button", { type: "button" }, "Clear my progress")
  const show = () => {
    const ticked = links.filter(link => done.has(link.dataset.exercise))
    for (const tick of document.querySelectorAll(".tick")) tick.remove()
    for (const link of ticked) link.after(make("span", { className: "tick" }, " ✓ done"))
    count.textContent = `You have done ${ticked.length} of ${links.length}.`
    clear.hidden = !done.size
  }
  clear.addEventListener("click", () => {
    done.clear()
    keep()
    show()
  })
  if (links.length) {
    document.querySelector("article h2").before(make("p", { className: "done" }, count, clear))
    show()
  }
}
