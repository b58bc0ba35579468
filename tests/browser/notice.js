// What a reader meets on this page; its words as they were served, too, if asked.
async compare => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)]
  const text = element => element.textContent.trim().replace(/\s+/g, " ")

  const name = element => {
    const id = element.id ? `#${element.id}` : ""
    const type = element.className ? `.${element.className}` : ""
    return `<${element.localName}${id}${type}> ${text(element).slice(0, 60)}`
  }

  // Reaches past the right edge, and nothing around it scrolls or cuts it off.
  const held = element => {
    for (let box = element.parentElement; box; box = box.parentElement)
      if (getComputedStyle(box).overflowX !== "visible") return true
    return false
  }
  const past = element =>
    element.getBoundingClientRect().right > innerWidth + 0.5 && !held(element)

  // Has text that its own box cuts off, so that no one can scroll to it.
  const cut = element =>
    element.scrollWidth > element.clientWidth + 1 &&
    getComputedStyle(element).overflowX === "hidden" &&
    element.checkVisibility()

  // A table whose rows go on to the right, or of which some cells are not shown.
  const lost = table =>
    table.checkVisibility() &&
    (table.parentElement.parentElement.scrollWidth > table.parentElement.parentElement.clientWidth + 1 ||
      all("td", table).some(cell => text(cell) && !cell.checkVisibility()))

  const block = element => {
    const code = element.querySelector("code")
    return {
      snippet: element.dataset.snippet ?? null,
      output: element.dataset.output ?? null,
      title: element.querySelector(".filename")?.textContent ?? "",
      text: code.textContent,
      visible: code.checkVisibility(),
    }
  }

  // A copy for the other scheme is hidden, and never loads.
  const picture = async image => {
    const visible = image.checkVisibility()
    image.loading = "eager"
    if (visible) await image.decode().catch(() => {})
    const { alt, naturalWidth } = image
    return { source: image.getAttribute("src"), alt, visible, loaded: naturalWidth > 0 }
  }

  // All text but the programs and outputs of snippets.
  const RUN = "[data-snippet], [data-output]"
  const WORDS = "h1, h2, h3, h4, p, li, td, th, dt, dd, summary, label, pre, title"
  const without = (element, selector) => {
    if (!element.querySelector(selector)) return text(element)
    const copy = element.cloneNode(true)
    all(selector, copy).forEach(part => part.remove())
    return text(copy)
  }
  const words = element => ({
    text: without(element, RUN),
    prose: element.localName === "pre" ? "" : without(element, "pre, code"),
  })

  // The article without what a script makes there, and what is said where none runs.
  const article = () => {
    const apart = all("article :is(.live, .moving, .traceback, .done, .tick, .chip, [data-search], noscript)")
    for (const part of apart) part.style.display = "none"
    const words = document.querySelector("article").innerText
    for (const part of apart) part.style.display = ""
    return words
  }

  // All words of the article, seen or not: as they were served, and as scripts left them.
  const wordsOf = page => {
    const copy = page.querySelector("article").cloneNode(true)
    all(":is(.live, .moving, .traceback, .done, .tick, .chip, noscript, script, style)", copy).forEach(part => part.remove())
    return text(copy)
  }
  const served = async () => {
    const html = await (await fetch(location.href)).text()
    return wordsOf(new DOMParser().parseFromString(html, "text/html"))
  }

  return JSON.stringify({
    scheme: document.body.dataset.mdColorScheme,
    wide: document.documentElement.scrollWidth > innerWidth,
    past: all("body *").filter(past).map(name).slice(0, 3),
    cut: all("article *").filter(cut).map(name),
    lost: all("article table").filter(lost).map(name),
    blocks: all(".highlight").map(block),
    pictures: await Promise.all(all("img").map(picture)),
    words: all(WORDS).filter(element => !element.closest(RUN)).map(words),
    article: article(),
    served: compare && (await served()),
    left: compare && wordsOf(document),
  })
}
