// What the search finds for each of many texts, without the time that its list takes.
async texts => {
  const [SET_UP, QUERY] = [0, 2] // the types of Material's messages
  const config = JSON.parse(document.querySelector("#__config").textContent)
  const root = new URL(config.base, location)
  const index = await (await fetch(new URL("search/search_index.json", root))).json()
  const worker = new Worker(new URL(config.search, root))
  const answer = message =>
    new Promise(done => {
      worker.onmessage = ({ data }) => done(data.data)
      worker.postMessage(message)
    })
  const suggest = config.features.includes("search.suggest")
  await answer({ type: SET_UP, data: { ...index, options: { suggest } } })

  // A field like that of the search: the page changes what is put into it.
  const field = document.createElement("input")
  field.className = "md-search__input"
  document.body.append(field)
  const found = []
  for (const text of texts) {
    field.value = text
    field.dispatchEvent(new Event("input", { bubbles: true }))
    const { items } = await answer({ type: QUERY, data: field.value })
    found.push(items.map(([first]) => new URL(first.location, root).pathname))
  }
  field.remove()
  worker.terminate()
  return found
}
