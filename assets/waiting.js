// A document that is being made comes by itself while its page is open: look every two seconds, for five minutes; then
// show what came, and open it. Without this file "Look again" does the same. Where it waits for a page and no download, it
// says meanwhile how far that is, and loads it; without this file that page asks the browser to.
const waits = document.querySelector('[data-waits-for]')
const download = waits?.dataset.waitsFor
let looks = 150

const look = async () => {
  if (--looks < 0) return
  const answer = await fetch(location.href, { credentials: 'same-origin' }).catch(() => null)
  // Led elsewhere, or it is gone: the page that says so is the server's.
  if (answer?.redirected || answer?.status === 404) return location.reload()
  if (answer?.ok) {
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const main = page.querySelector('main')
    const told = main?.querySelector('[data-waits-for] [role=status]')
    if (told) waits.querySelector('[role=status]').textContent = told.textContent
    if (main && !download && !main.querySelector('[data-waits-for]')) return location.reload()
    if (main && !main.querySelector('[data-waits-for]')) {
      document.querySelector('main').replaceChildren(...main.childNodes)
      const head = document.querySelector('main h1')
      head.tabIndex = -1
      head.focus()
      if (document.querySelector(`main a[href="${download}"]`)) location.assign(download)
      return
    }
  }
  setTimeout(look, 2000)
}
if (waits) setTimeout(look, 2000)
