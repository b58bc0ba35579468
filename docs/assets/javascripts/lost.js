// The page for a wrong address: what the search finds for the words of that address.
{
  const MOST = 5
  const path = decodeURI(location.pathname).replace(decodeURI(proven.root.pathname), "")
  const words = path.replace(/\.\w+$|\bindex\b/g, "").split(/[^\p{L}\p{N}]+/u).filter(Boolean)
  const tell = async place => {
    await proven.load("service.js")
    const found = await proven.service.find(words.join(" "))
    const pages = new Map() // the best section of each
    for (const one of found) if (!pages.has(one.address)) pages.set(one.address, one)
    const best = [...pages.values()].slice(0, MOST)
    if (!best.length) return
    const rows = best.map(one => {
      const link = document.createElement("a")
      link.href = proven.service.href(one)
      const title = one.title.join("")
      link.textContent = one.where ? `${one.where}: ${title}` : title
      const row = document.createElement("li")
      row.append(link)
      return row
    })
    place.querySelector("ul").append(...rows)
    place.hidden = false
  }
  const place = document.querySelector("[data-lost]")
  // Without the search, the parts below are left.
  if (place && words.length && path !== "404.html") tell(place).catch(() => {})
}
