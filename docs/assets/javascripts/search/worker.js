// The engine in a thread of its own, where a browser allows one.
importScripts(
  "minisearch.js", "stemmer.js", "words.js", "spelling.js", "errors.js", "excerpt.js",
  "engine.js", "../../search/pages.js"
)
const engine = proven.engine(SEARCH)
postMessage({ ready: true })
onmessage = ({ data: { number, question } }) =>
  postMessage({ number, results: engine.find(question) })
