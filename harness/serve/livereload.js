let shown
setInterval(async () => {
  const answer = await fetch("/livereload").catch(() => null)
  if (!answer?.ok) return
  const built = await answer.text()
  if (shown && built !== shown) location.reload()
  shown = built
}, 500)
