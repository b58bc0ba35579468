// The dialog of the search: a field, and the list that it opens.
self.proven ??= {}

proven.dialog = (() => {
  const WORDS_MARKED = 12
  const HINT = "For example: mat1 and mat2, CrossEntropyLoss, save a model"
  const FAILED =
    "The search could not be loaded. Check your connection, and open it again."
  const make = (tag, properties = {}, ...inside) => {
    const made = document.createElement(tag)
    for (const [name, value] of Object.entries(properties)) made.setAttribute(name, value)
    made.append(...inside)
    return made
  }

  const field = make("input", {
    type: "text", role: "combobox", "aria-label": "Search this site", "aria-expanded": "false",
    "aria-controls": "search-results", "aria-autocomplete": "list", autocomplete: "off",
    autocapitalize: "off", autocorrect: "off", spellcheck: "false", enterkeyhint: "go",
    placeholder: "Question, name or error",
  })
  const close = make("button", { type: "button", class: "search-close", "aria-label": "Close the search" })
  const count = make("p", { class: "search-count", role: "status" })
  const list = make("div", { id: "search-results", role: "listbox", "aria-label": "Results" })
  const box = make(
    "dialog", { class: "search", "aria-label": "Search" },
    make("div", { class: "search-field", role: "search" }, field, close), count, list
  )
  document.body.append(box)

  const pieces = parts =>
    parts.map((part, at) => (at % 2 ? make("mark", {}, part) : part))
  const href = (result, question) => {
    const to = new URL(proven.service.href(result))
    to.searchParams.set("h", question.split(/\s+/).slice(0, WORDS_MARKED).join(" "))
    return to.href
  }
  const option = (result, at, question) => {
    const link = make(
      "a", { role: "option", id: `search-${at}`, tabindex: "-1", "aria-selected": "false", href: result.href ?? href(result, question) },
      make("span", { class: "search-title" }, ...pieces(result.title))
    )
    if (result.where) link.append(make("span", { class: "search-where" }, result.where))
    if (result.said) link.append(make("code", {}, result.said))
    link.append(make("span", { class: "search-text" }, ...pieces(result.text)))
    return link
  }
  // An entry that has the error of a traceback, in the same form.
  const entry = ({ title, where, said, cause, fix, href }, at) =>
    option({ title: [title], where, said, text: [(fix ? `${cause} Fix: ${fix}` : cause).replaceAll("`", "")], href }, at, "")

  let chosen = -1
  const choose = at => {
    const all = list.children
    all[chosen]?.setAttribute("aria-selected", "false")
    chosen = all.length ? (at + all.length) % all.length : -1
    all[chosen]?.setAttribute("aria-selected", "true")
    all[chosen]?.scrollIntoView({ block: "nearest" })
    field.setAttribute("aria-activedescendant", all[chosen]?.id ?? "")
  }
  let shown = "" // the question that the list answers
  const fill = (made, words) => {
    shown = field.value
    list.replaceChildren(...made)
    list.scrollTop = 0
    field.setAttribute("aria-expanded", String(made.length > 0))
    chosen = -1
    choose(0)
    count.textContent = words
  }

  // The address has the question while the dialog is open: it can be shared, and Back
  // leads from a result to the list.
  const share = question => {
    const to = new URL(location.href)
    to.searchParams.delete("q")
    if (question) to.searchParams.set("q", question)
    try {
      history.replaceState(history.state, "", to)
    } catch {
      // A page from a disk may not.
    }
  }

  let asked = 0
  // One question at a time: on a slow phone the others would wait for answers that
  // nobody reads any more. The last of them is asked next.
  let [busy, next] = [false, false]
  const search = async () => {
    const question = field.value.trim()
    const number = ++asked
    next = busy && question !== ""
    if (!question) share("")
    if (!question) return fill([], HINT)
    if (busy) return
    busy = true
    if (!list.firstChild) count.textContent = "Searching…"
    try {
      const found = await proven.service.find(question)
      if (number !== asked || !box.open) return // something else was typed meanwhile
      share(question)
      const said = found.length === 1 ? "1 result" : `${found.length} results`
      fill(
        found.map((one, at) => {
          const link = option(one, at, question)
          if (one.where && one.address === found[at - 1]?.address) link.className = "more"
          return link
        }),
        found.length ? said : `Nothing was found for “${question}”. Try fewer words, or other ones.`
      )
    } catch {
      if (number === asked) fill([], FAILED)
    } finally {
      busy = false
      if (next) search()
    }
  }

  // A text of several lines is a traceback.
  const read = async text => {
    const number = ++asked
    next = false
    try {
      const { first, entries } = await proven.service.recognise(text)
      if (number !== asked) return
      field.value = first
      share(first)
      if (!entries.length) {
        await search()
        count.textContent = `No entry of this site has this error; the search finds: ${count.textContent}`
        return
      }
      const many = entries.length > 1 ? `${entries.length} entries may have` : "1 entry has"
      fill(entries.map(entry), `${many} this error`)
    } catch {
      if (number === asked) fill([], FAILED)
    }
  }
  field.addEventListener("paste", event => {
    const text = event.clipboardData.getData("text")
    if (!/\n.*\S/.test(text.trim())) return
    event.preventDefault()
    read(text)
  })

  const KEYS = {
    ArrowDown: () => choose(chosen + 1),
    ArrowUp: () => choose(chosen - 1),
    Enter: () => list.children[chosen]?.click(),
  }
  field.addEventListener("input", search)
  field.addEventListener("keydown", event => {
    if (!(event.key in KEYS) || event.isComposing) return
    event.preventDefault()
    KEYS[event.key]()
  })
  close.addEventListener("click", () => box.close())
  box.addEventListener("click", ({ target }) => {
    if (target === box) box.close() // beside it
  })
  box.addEventListener("close", () => share(""))

  const open = async question => {
    if (!box.open) box.showModal()
    if (question) field.value = question
    field.focus()
    field.select()
    if (field.value) search()
    else count.textContent = HINT
    try {
      await proven.service.start()
    } catch {
      fill([], FAILED)
    }
  }
  return { open, get shown() { return shown } }
})()
