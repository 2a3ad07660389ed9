// Answers for the room companion when there is no signal: with the page of nobody and of no session, and with what that
// page is made of. Names and marks are never here; `room-store.js` keeps them sealed.
const CACHE = 'webelong-room'
const SHELL = new URL('room-shell', self.location).href
const ROOM = /\/group\/sessions\/[0-9a-f-]{36}\/room$/
const PATIENCE = 5000
const PARTS = [/(?:href|src)="([^"]+\.(?:css|js|woff2|svg))"/g, /url\(["']?([^"')]+\.woff2)["']?\)/g, /from ?["'](\.\/[^"']+\.js)["']/g, /import ?["'](\.\/[^"']+\.js)["']/g]

async function fill () {
  const cache = await caches.open(CACHE)
  const found = new Map()
  const take = async (address) => {
    if (found.has(address)) return
    found.set(address, null)
    const answer = await fetch(address, { credentials: 'omit' })
    if (!answer.ok || answer.redirected) throw new Error(`${address} does not answer`)
    found.set(address, answer.clone())
    if (/image|font/.test(answer.headers.get('content-type'))) return
    const text = await answer.text()
    const parts = PARTS.flatMap((pattern) => [...text.matchAll(pattern)])
    await Promise.all(parts.map((part) => take(new URL(part[1], address).href)))
  }
  await take(SHELL)
  await Promise.all([...found].map(([address, answer]) => cache.put(address, answer)))
  // What only a build before had goes when the whole new one is here.
  for (const kept of await cache.keys()) if (!found.has(kept.url)) await cache.delete(kept)
}

async function page (request) {
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE))
  const asked = fetch(request).catch(() => null)
  const answer = await Promise.race([asked, late])
  if (answer && answer.status < 500) return answer
  return await caches.match(SHELL) || answer || await asked || Response.error()
}

self.addEventListener('install', (event) => event.waitUntil(fill().then(() => self.skipWaiting())))
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
self.addEventListener('message', (event) => {
  if (event.data === 'fill') event.waitUntil(fill().catch(() => {}))
})
self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (origin !== self.location.origin || request.method !== 'GET') return
  if (request.mode === 'navigate') {
    if (ROOM.test(pathname)) event.respondWith(page(request))
  } else if (pathname.includes('/static/') || pathname.includes('/theme/')) {
    event.respondWith(caches.match(request).then((kept) => kept || fetch(request)))
  }
})
