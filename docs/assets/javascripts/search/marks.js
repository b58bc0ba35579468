// Marks the words of a search, ?h=, on the page that it led to.
{
  const { words } = proven
  const wanted = new Set(words.terms(new URLSearchParams(location.search).get("h")))
  const marked = text => {
    const pieces = []
    let at = 0
    for (const found of text.matchAll(words.WORD)) {
      if (words.isStop(found[0])) continue
      if (!words.termsOf(found[0]).some(term => wanted.has(term))) continue
      const mark = document.createElement("mark")
      mark.textContent = found[0]
      pieces.push(text.slice(at, found.index), mark)
      at = found.index + found[0].length
    }
    return pieces.length ? [...pieces, text.slice(at)] : []
  }
  const article = document.querySelector("article")
  const all = article && document.createTreeWalker(article, NodeFilter.SHOW_TEXT)
  const nodes = []
  while (all?.nextNode())
    if (!all.currentNode.parentElement.closest("script, style, .live")) nodes.push(all.currentNode)
  for (const node of nodes) {
    const pieces = marked(node.data)
    if (pieces.length) node.replaceWith(...pieces)
  }
}
