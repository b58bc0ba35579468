// Makes plain text of words of programs where one of the same kind, in a block of the
// same kind, is left on the page: what holds for that one holds for all, and most of
// what a page consists of are words.
() => {
  // All that a style could choose it by, but for its name and its place.
  const kind = one => {
    const names = one.getAttributeNames().filter(name => name !== "id").sort()
    return [one.localName, one.className, one.getAttribute("style"), ...names].join(" ")
  }
  const kinds = one => (one ? `${kinds(one.parentElement)}>${kind(one)}` : "")
  const isWord = one =>
    one.localName === "span" && one.getAttributeNames().every(name => name === "class")
  const left = new Set()
  for (const code of document.querySelectorAll("pre code")) {
    const known = new Map([[code, kinds(code)]])
    const again = []
    for (const word of code.querySelectorAll("*")) {
      const own = `${known.get(word.parentElement)}>${kind(word)}`
      known.set(word, own)
      if (left.has(own) && isWord(word)) again.push(word)
      left.add(own)
    }
    for (const word of again.reverse())
      if (!word.childElementCount) word.replaceWith(...word.childNodes)
    code.normalize()
  }
  dispatchEvent(new Event("resize")) // a comment without its element is longer
}
