// The part of a section that shows best why it was found, with the words marked.
self.proven ??= {}

proven.excerpt = (() => {
  const LONG = 170 // characters: two lines

  // A text as pieces: every second one is a word that was asked for.
  const pieces = (text, wanted) => {
    const { words } = proven
    const found = [""]
    let at = 0
    for (const word of text.matchAll(words.WORD)) {
      if (words.isStop(word[0]) || !words.termsOf(word[0]).some(term => wanted.has(term))) continue
      found[found.length - 1] += text.slice(at, word.index)
      found.push(word[0], "")
      at = word.index + word[0].length
    }
    found[found.length - 1] += text.slice(at)
    return found
  }

  // The stretch with most of the words, from the beginning of a sentence where one is near.
  const best = (text, wanted) => {
    if (text.length <= LONG) return text
    const { words } = proven
    const hits = []
    for (const word of text.matchAll(words.WORD)) {
      const term = words.termsOf(word[0]).find(one => wanted.has(one))
      if (term && !words.isStop(word[0])) hits.push([word.index, term])
    }
    let [start, most] = [0, 0]
    hits.forEach(([from], at) => {
      const near = new Set(hits.slice(at).filter(([to]) => to < from + LONG - 30).map(([, t]) => t))
      if (near.size > most) [start, most] = [from, near.size]
    })
    const before = text.slice(0, start)
    const sentence = Math.max(before.lastIndexOf(". "), before.lastIndexOf(": ")) + 2
    if (start < 60) start = 0
    else if (sentence > 1 && start - sentence < 70) start = sentence
    else start = before.lastIndexOf(" ", start - 20) + 1
    start = Math.min(start, text.indexOf(" ", text.length - LONG) + 1) // two full lines
    const end = start + LONG < text.length ? text.lastIndexOf(" ", start + LONG) : text.length
    return `${start ? "… " : ""}${text.slice(start, end)}${end < text.length ? " …" : ""}`
  }

  // The index cuts long texts off: that is said, too.
  const ended = text => (/[\w,]$/.test(text) ? `${text} …` : text)
  const show = (text, wanted) => pieces(ended(best(text, wanted)), wanted)
  return { show, pieces }
})()
