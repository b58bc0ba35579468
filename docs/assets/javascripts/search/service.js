// Answers questions by the engine: in a worker, or in the page where that is forbidden,
// as in a copy of the site that is opened from a disk. It is loaded before the others.
self.proven ??= {}

proven.service = (() => {
  proven.files = [
    "minisearch.js", "stemmer.js", "words.js", "related.js", "spelling.js", "errors.js",
    "reading.js", "generic.js", "recognise.js", "excerpt.js", "engine.js",
    "../../search/pages.js",
  ]
  const inWorker = () =>
    new Promise((done, fail) => {
      const worker = new Worker(new URL("worker.js", proven.here))
      const open = new Map()
      let number = 0
      const ask = (task, text) =>
        new Promise(answer => {
          open.set(++number, answer)
          worker.postMessage({ number, task, text })
        })
      worker.onerror = event => fail(new Error(event.message))
      worker.onmessage = ({ data }) => {
        if (data.ready) return done(ask)
        open.get(data.number)(data.answer)
        open.delete(data.number)
      }
    })
  const inPage = async () => {
    for (const name of proven.files) await proven.load(name)
    const engine = proven.engine(SEARCH)
    return async (task, text) => engine[task](text)
  }

  let started
  const start = () =>
    (started ??= (location.protocol === "file:" ? inPage() : inWorker().catch(inPage)).catch(
      error => {
        started = undefined
        throw error
      }
    ))
  // Where a section is: a copy on a disk has no server that knows what a folder shows.
  const href = ({ address, anchor }) => {
    const page = location.protocol === "file:" ? `${address}index.html` : address
    const to = new URL(page, proven.root)
    to.hash = anchor
    return to.href
  }
  const find = async question => (await start())("find", question)
  const recognise = async traceback => {
    const found = await (await start())("recognise", traceback)
    return { ...found, entries: found.entries.map(one => ({ ...one, href: href(one) })) }
  }
  return { start, find, recognise, href }
})()
