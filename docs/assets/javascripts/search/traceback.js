// A box for a whole traceback: it says which entries of the site have its error.
self.proven ??= {}

proven.traceback = (() => {
  const WAIT = 250 // milliseconds without a key
  const LOOKING = "Looking…"
  const NONE = "No entry of this site has this error."
  const FAILED = "The errors could not be loaded. Find your message on this page."
  let boxes = 0

  const make = (tag, properties, ...inside) => {
    const made = document.createElement(tag)
    for (const [name, value] of Object.entries(properties)) made.setAttribute(name, value)
    made.append(...inside)
    return made
  }
  const line = (label, ...inside) => make("p", {}, make("strong", {}, label), " ", ...inside)

  const coded = text => text.split("`").map((part, at) => (at % 2 ? make("code", {}, part) : part))
  const entry = ({ title, where, said, cause, fix, href }) =>
    make(
      "li", {},
      make("a", { href }, title), make("span", { class: "search-where" }, where),
      make("p", { class: "said" }, make("code", {}, said)),
      make("p", {}, cause), ...(fix ? [line("Fix:", ...coded(fix))] : [])
    )

  const told = ({ first, own, entries }) => {
    const parts = [line("Your error:", make("code", {}, first))]
    if (own) {
      const code = own.code ? [": ", make("code", {}, own.code)] : []
      parts.push(line("Your own line:", `line ${own.line} of ${own.file}`, ...code))
    }
    if (entries.length) {
      const many = entries.length > 1 ? "Likely entries, the best first:" : "This entry has it:"
      return [...parts, make("p", {}, many), make("ol", {}, ...entries.map(entry))]
    }
    const search = make("button", { type: "button" }, "Search the whole site for it")
    search.addEventListener("click", () => proven.openSearch(first))
    return [...parts, make("p", {}, `${NONE} `, search)]
  }

  const box = () => {
    const id = `traceback-${++boxes}`
    const field = make("textarea", {
      id, rows: 4, spellcheck: "false", autocomplete: "off", autocapitalize: "off",
      placeholder: "Traceback (most recent call last): …",
    })
    const label = make("label", { for: id }, "Paste your whole traceback, or only its last line. It stays in your browser.")
    const answer = make("div", { class: "traceback-answer", role: "status" })
    let [asked, timer] = [0, 0]
    const look = async () => {
      const number = ++asked
      const text = field.value
      if (!text.trim()) return answer.replaceChildren()
      try {
        await proven.load("service.js")
        const found = await proven.service.recognise(text)
        if (number === asked) answer.replaceChildren(...told(found))
      } catch {
        if (number === asked) answer.replaceChildren(make("p", {}, FAILED))
      }
    }
    field.addEventListener("input", () => {
      if (field.value.trim() && !answer.firstChild) answer.append(make("p", {}, LOOKING))
      clearTimeout(timer)
      timer = setTimeout(look, WAIT)
    })
    field.addEventListener("focus", () => proven.load("service.js").then(() => proven.service.start()).catch(() => {}), { once: true })
    return make("div", { class: "traceback-box" }, label, field, answer)
  }

  return { box }
})()
