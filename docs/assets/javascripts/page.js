// What a reader can do with the blocks of a page: copy one, wrap its lines on a phone,
// see what ran it. Icons and words come from the style: a block's text stays as it is.

const PHONE = 40 // columns that a phone shows
const { src } = document.currentScript

const button = (kind, label, press) => {
  const made = document.createElement("button")
  made.type = "button"
  made.className = kind
  made.setAttribute("aria-label", label)
  made.addEventListener("click", () => press(made))
  return made
}

const say = (pressed, words) => {
  pressed.dataset.tip = words
  pressed.classList.add("open")
  pressed.addEventListener("blur", () => pressed.classList.remove("open"), { once: true })
}

const textOf = code => {
  const copy = code.cloneNode(true)
  for (const prompt of copy.querySelectorAll(".gp")) prompt.remove()
  return copy.textContent
}

const copy = async pressed => {
  const code = pressed.closest(".highlight").querySelector("code")
  await navigator.clipboard.writeText(textOf(code))
  say(pressed, "Copied")
}

// The site has each program as a file that says what it needs, which uv installs. From a
// disk it is a path; torchrun starts it through uv.
const nameOf = block => block.dataset.snippet ?? block.dataset.start
const command = block => {
  const { href, protocol } = new URL(`../../programs/${nameOf(block)}.py`, src)
  const path = decodeURI(href).replace(/^file:\/\/(?:\/(?=\w:))?/, "")
  const place = protocol === "file:" ? `"${path}"` : href
  const torchrun = /^# run: (torchrun .*)$/m.exec(block.querySelector("code").textContent)
  if (!torchrun) return `uv run ${place}`
  return `uv run --no-project --with-requirements ${place} ${torchrun[1]} --no-python uv run ${place}`
}

// As it is shown: an address may break behind a slash, not in the middle of a word.
const breakable = line => line.replaceAll("/", "/\u200b")

const run = async pressed => {
  const line = command(pressed.closest(".highlight"))
  await navigator.clipboard.writeText(line)
  say(pressed, breakable(`Copied: ${line}`))
}

// The text of a page lies beside it; where it cannot be read, as from a disk, it opens.
const copyPage = async pressed => {
  const { href } = document.querySelector(".page-end [type='text/markdown']")
  try {
    const answer = await fetch(href)
    if (!answer.ok) throw new Error(answer.status)
    await navigator.clipboard.writeText(await answer.text())
    say(pressed, "Copied")
  } catch {
    location.assign(href)
  }
}

// Chosen once, long lines wrap on every page. Where nothing can be kept, on this one.
const WRAPPED = "pytorch-proven.wrapped"
const { classList } = document.body
try {
  classList.toggle("wrapped", localStorage.getItem(WRAPPED) !== null)
} catch {}
const wrap = () => {
  try {
    if (classList.toggle("wrapped")) localStorage.setItem(WRAPPED, "")
    else localStorage.removeItem(WRAPPED)
  } catch {}
}

const proof = ran =>
  button("proof", ran, pressed => pressed.classList.toggle("open"))

const equip = block => {
  const tools = document.createElement("span")
  tools.className = "tools"
  const { ran } = block.dataset
  const code = block.querySelector("code")
  if (ran) {
    const words = ran.split(" | ").join("\n")
    tools.append(proof(words))
    tools.lastChild.dataset.tip = words
  }
  if (code?.textContent.split("\n").some(line => line.length > PHONE))
    tools.append(button("wrap", "Wrap long lines", wrap))
  if (code && nameOf(block)) {
    tools.append(button("run", "Copy a command that runs this program", run))
    tools.lastChild.dataset.tip = breakable(command(block))
  }
  if (code && !block.matches(".output")) tools.append(button("copy", "Copy", copy))
  if (!tools.children.length) return
  block.append(tools)
}

// Three in each frame, from the top: with more, a phone would not answer meanwhile.
const blocks = [...document.querySelectorAll("article :is(.highlight, .figure)")]
const equipSome = () => {
  blocks.splice(0, 3).forEach(equip)
  if (blocks.length) requestAnimationFrame(equipSome)
  else measure() // a button takes room
}
requestAnimationFrame(equipSome)

const ofPage = document.querySelector(".tools.of-page")
if (ofPage) {
  const words = "Copy this page as Markdown"
  ofPage.append(button("copy", words, copyPage))
  ofPage.lastChild.dataset.tip = words
}

// The theme measures each program of what it calls content, one by one and in closed folds,
// too: a second on a phone. Of what it does there, these pages need what it does for tabs,
// which lie in an element of their own: put there by a script, all would be laid out again.
const content = "[data-md-component=content]"
if (document.querySelector(`${content} ${content}`) || !document.querySelector(".tabbed-set"))
  document.querySelector(content)?.removeAttribute("data-md-component")

// What scrolls sideways must take the focus, or a keyboard cannot scroll it; and fades
// there. In a closed fold or tab nothing is measured: asking would lay it all out.
const SIDEWAYS = ".tabbed-labels, .md-typeset__scrollwrap, .highlight > pre > code"
const measure = () => {
  const boxes = [...document.querySelectorAll(SIDEWAYS)]
  const wide = boxes.map(box => box.checkVisibility() && box.scrollWidth > box.clientWidth)
  boxes.forEach((box, at) => {
    if (wide[at]) box.tabIndex = 0
    else box.removeAttribute("tabindex")
  })
}
for (const sign of ["load", "resize"]) addEventListener(sign, measure) // a phone turns
for (const sign of ["toggle", "change"]) addEventListener(sign, measure, { capture: true })

document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return
  for (const open of document.querySelectorAll(".tools .open")) open.classList.remove("open")
  if (document.activeElement?.matches(".tools button")) document.activeElement.blur()
})

// Lines that open, and terms, can be filtered by their words: "differs", "loss".
const headOf = at => (!at || at.matches("h2") ? at : headOf(at.previousElementSibling))
const filters = document.querySelector(".filters")
if (filters) {
  const rows = [...document.querySelectorAll("article :is(details.row, dt)")].map(row => {
    const parts = row.matches("dt") ? [row, row.nextElementSibling] : [row]
    const text = parts.map(part => part.textContent.toLowerCase()).join(" ")
    return { parts, text, head: headOf(row.closest("dl") ?? row) }
  })
  const filter = document.createElement("input")
  const placeholder = `Filter ${filters.dataset.filter}`
  Object.assign(filter, { type: "search", className: "filter", placeholder })
  filter.setAttribute("aria-label", `${placeholder} by a word, such as loss`)
  // The marks of the lines are buttons, too: pressed, one shows its lines alone.
  let kind = ""
  const count = Object.assign(document.createElement("span"), { role: "status" })
  const markOf = ({ parts }) => parts[0].querySelector("summary > span")
  const kindOf = row => markOf(row)?.className
  const update = () => {
    const words = filter.value.toLowerCase().split(/\s+/)
    let shown = 0
    for (const { head } of rows) head.hidden = true // until one below it is seen
    for (const row of rows) {
      const seen = words.every(word => row.text.includes(word)) && (!kind || kindOf(row) === kind)
      for (const part of row.parts) part.hidden = !seen
      if (seen) row.head.hidden = false
      if (seen) shown++
    }
    count.textContent = shown < rows.length ? `${shown} of ${rows.length}` : ""
  }
  filter.addEventListener("input", update)
  filters.append(filter)
  const kinds = rows.map(kindOf).filter(Boolean)
  for (const one of new Set(kinds)) {
    const chip = button("chip", "", () => {
      kind = kind === one ? "" : one
      for (const other of filters.querySelectorAll(".chip"))
        other.setAttribute("aria-pressed", String(other === chip && kind === one))
      update()
    })
    chip.removeAttribute("aria-label")
    chip.setAttribute("aria-pressed", "false")
    const times = kinds.filter(other => other === one).length
    const mark = markOf(rows.find(row => kindOf(row) === one))
    chip.append(`${mark.textContent.split(" ")[0]} ${times}`)
    filters.append(chip)
  }
  filters.append(count)
}

// A link to something in a fold opens the fold; print shows what is in all of them.
const lead = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  // On an old address, the link that has the anchor knows the new one.
  if (target?.matches("a.moved")) return location.replace(target.href)
  const folds = []
  for (let at = target?.closest("details"); at; at = at.parentElement.closest("details"))
    if (!at.open) folds.push(at)
  for (const fold of folds) fold.open = true
  if (folds.length) target.scrollIntoView()
}

lead()
addEventListener("hashchange", lead)

// The style opens folds on paper; some browsers need them to be open.
let shut = []
addEventListener("beforeprint", () => {
  shut = [...document.querySelectorAll("details:not([open])")]
  for (const fold of shut) fold.open = true
})
addEventListener("afterprint", () => {
  for (const fold of shut) fold.open = false
})

// On the home page a picture becomes paper, when a reader asks for it: only then do a
// network and what draws come along. Where they do not, or in a new tab, it is a link.
const draw = async event => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  const link = event.currentTarget
  const [rel, style] = ["stylesheet", new URL("live/live.css", src)]
  const paper = { id: "live-digit", className: "live" }
  try {
    const { digit } = await import(new URL("live/digit.js", src))
    document.head.append(Object.assign(document.createElement("link"), { rel, href: style }))
    const root = Object.assign(document.createElement("div"), paper)
    digit(root, () => {})
    const hero = link.closest(".hero")
    hero.querySelector(".figure").replaceWith(root)
    hero.querySelector(".caption").hidden = true // it tells of the picture
    root.querySelector("canvas").focus()
  } catch {
    location.assign(link.href)
  }
}
document.querySelector(".hero .draw")?.addEventListener("click", draw)

// Where pictures move, what draws them comes when the reader does: see moving/kit.js.
if (document.querySelector("[data-moving]"))
  import(new URL("moving/kit.js", src)).catch(console.warn)
