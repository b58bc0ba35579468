// The engine in a thread of its own, where a browser allows one.
importScripts("service.js")
importScripts(...proven.files)
const engine = proven.engine(SEARCH)
postMessage({ ready: true })
onmessage = ({ data: { number, task, text } }) => postMessage({ number, answer: engine[task](text) })
