// Answers questions by the engine: in a worker, or in the page where that is forbidden,
// as in a copy of the site that is opened from a disk.
self.proven ??= {}

proven.service = (() => {
  proven.files = [
    "minisearch.js", "stemmer.js", "words.js", "spelling.js", "errors.js", "excerpt.js",
    "engine.js", "../../search/pages.js",
  ]
  const inWorker = () =>
    new Promise((done, fail) => {
      const worker = new Worker(new URL("worker.js", proven.here))
      const open = new Map()
      let number = 0
      const ask = question =>
        new Promise(answer => {
          open.set(++number, answer)
          worker.postMessage({ number, question })
        })
      worker.onerror = event => fail(new Error(event.message))
      worker.onmessage = ({ data }) => {
        if (data.ready) return done(ask)
        open.get(data.number)(data.results)
        open.delete(data.number)
      }
    })
  const inPage = async () => {
    for (const name of proven.files) await proven.load(name)
    const engine = proven.engine(SEARCH)
    return async question => engine.find(question)
  }

  let started
  const start = () =>
    (started ??= (location.protocol === "file:" ? inPage() : inWorker().catch(inPage)).catch(
      error => {
        started = undefined
        throw error
      }
    ))
  const find = async question => (await start())(question)
  return { start, find }
})()
