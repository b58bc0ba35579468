// Opens the search: by its button, by / or s, or at an address that ends in ?q=.
// All that searches, and what it searches in, is fetched only then.
self.proven ??= {}
{
  const here = document.currentScript.src
  const fetched = new Map()
  const load = name => {
    if (!fetched.has(name))
      fetched.set(name, new Promise((done, fail) => {
        const script = document.createElement("script")
        script.src = new URL(name, here)
        script.onload = done
        script.onerror = () => {
          fetched.delete(name) // another try may do better
          fail(new Error(`${name} did not load`))
        }
        document.head.append(script)
      }))
    return fetched.get(name)
  }
  const style = () => {
    const link = Object.assign(document.createElement("link"), {
      rel: "stylesheet", href: new URL("../../stylesheets/search.css", here),
    })
    return new Promise(done => {
      link.onload = link.onerror = done
      document.head.append(link)
    })
  }
  let ready
  const prepare = () => (ready ??= Promise.all([style(), load("service.js"), load("dialog.js")]))
  const open = async question => {
    await prepare()
    proven.dialog.open(question)
  }
  Object.assign(proven, { load, here, root: new URL("../../../", here), openSearch: open })

  for (const button of document.querySelectorAll("[data-search]")) {
    button.addEventListener("click", () => open())
    for (const sign of ["pointerenter", "focus"]) button.addEventListener(sign, prepare)
  }
  addEventListener("keydown", event => {
    const { key, target, ctrlKey, metaKey, altKey } = event
    if (ctrlKey || metaKey || altKey || !(key === "/" || key === "s")) return
    if (target.closest?.("input, textarea, select, [contenteditable], dialog")) return
    event.preventDefault()
    open()
  })
  // The box for a traceback stands on the page of errors; on the home page, the link to
  // that page opens one.
  const box = async place => {
    await load("traceback.js")
    const made = proven.traceback.box()
    place.append(made)
    return made.querySelector("textarea")
  }
  for (const place of document.querySelectorAll("[data-traceback]")) box(place)
  const door = document.querySelector(".doors .traceback-door")
  door?.addEventListener("click", async event => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    try {
      const doors = door.closest(".doors")
      if (!doors.nextElementSibling?.matches(".traceback"))
        await box(doors.insertAdjacentElement("afterend", Object.assign(document.createElement("div"), { className: "traceback" })))
      doors.nextElementSibling.querySelector("textarea").focus()
    } catch {
      location.assign(door.href)
    }
  })
  const given = new URLSearchParams(location.search)
  if (given.get("q")) open(given.get("q"))
  if (given.get("h"))
    ["stemmer.js", "words.js", "marks.js"].reduce(
      (before, name) => before.then(() => load(name)), Promise.resolve()
    )
}
