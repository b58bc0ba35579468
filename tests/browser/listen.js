// Counts what the search's worker is asked and answers, and keeps the newest answer.
(() => {
  const [QUERY, RESULT] = [2, 3] // the types of Material's messages
  const { postMessage } = Worker.prototype
  const searches = (window.searches = { asked: 0, answered: 0, found: [] })
  const listen = ({ data: { type, data } }) => {
    if (type !== RESULT) return
    const { base } = JSON.parse(document.querySelector("#__config").textContent)
    const path = ([first]) => new URL(first.location, new URL(base, location)).pathname
    searches.found = data.items.map(path)
    searches.answered++
  }
  Worker.prototype.postMessage = function (message, ...rest) {
    // The page's own worker: that of a test has `onmessage`.
    if (message?.type === QUERY && !this.onmessage) {
      this.addEventListener("message", listen)
      searches.asked++
    }
    return postMessage.call(this, message, ...rest)
  }
})()
