// What the room companion keeps on a phone: sealed by a key that no script can read out, in the browser's own database.
// It goes at sign-out and Exit, also without a signal, and when its time is over. `wb-room` in the local storage says
// that there is something (until then no page opens the database), `wb-room-going` that it must go.
const NAME = 'webelong-room'
const KEPT = 'wb-room'
const GOING = 'wb-room-going'
export const news = 'BroadcastChannel' in globalThis ? new BroadcastChannel(NAME) : null

// Whoever leaves here, or in another tab, has left: what is on its way meanwhile is not kept again by this page.
let hasLeft = false
news?.addEventListener('message', () => { hasLeft = true })

const flag = (name, to) => {
  try {
    if (to === undefined) return localStorage.getItem(name) !== null
    if (to) localStorage.setItem(name, '1')
    else localStorage.removeItem(name)
  } catch { /* a browser that keeps nothing */ }
  return false
}
const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result)
  request.onerror = request.onblocked = () => reject(request.error)
})

export const canKeep = () => Boolean(globalThis.indexedDB && globalThis.crypto?.subtle)

async function inside (act) {
  const request = indexedDB.open(NAME, 1)
  request.onupgradeneeded = () => {
    request.result.createObjectStore('keys')
    request.result.createObjectStore('rooms')
  }
  const database = await done(request)
  try {
    return await act(database)
  } finally {
    database.close()
  }
}
const store = (database, name, mode = 'readonly') => database.transaction(name, mode).objectStore(name)

async function keyOf (database) {
  const found = await done(store(database, 'keys').get('room'))
  if (found) return found
  const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  // Two pages at once: the first key stays.
  await done(store(database, 'keys', 'readwrite').add(made, 'room')).catch(() => {})
  return done(store(database, 'keys').get('room'))
}

// What is of one session and one account in one role. `at` says which is the latest of a session.
export async function keep (session, { owner, until, what }) {
  if (!canKeep() || hasLeft || flag(GOING)) return false
  flag(KEPT, true)
  return inside(async (database) => {
    const key = await keyOf(database)
    const iv = crypto.getRandomValues(new Uint8Array(12))
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, new TextEncoder().encode(JSON.stringify(what)))
    // Signed out meanwhile, in another window: nothing comes back.
    if (hasLeft || flag(GOING)) return false
    await done(store(database, 'rooms', 'readwrite').put({ owner, until, iv, sealed, at: Date.now() }, `${session}:${owner}`))
    return true
  })
}

// Of `owner`; where nobody knows who asks (there is no signal), of whoever was last on this phone. Null for none.
export async function find (session, owner) {
  if (!canKeep() || !flag(KEPT)) return null
  if (flag(GOING)) {
    await forgetAll()
    return null
  }
  return inside(async (database) => {
    const rows = (await done(store(database, 'rooms').getAll(IDBKeyRange.bound(`${session}:`, `${session};`))))
      .filter((row) => row.until > Date.now() && (!owner || row.owner === owner))
      .sort((one, other) => other.at - one.at)
    if (!rows.length) return null
    const [{ iv, sealed, ...row }] = rows
    const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, await keyOf(database), sealed)
    return { owner: row.owner, until: row.until, what: JSON.parse(new TextDecoder().decode(plain)) }
  })
}

export async function forget (session, owner) {
  if (!canKeep() || !flag(KEPT)) return
  await inside((database) => done(store(database, 'rooms', 'readwrite').delete(`${session}:${owner}`)))
}

// The flag first: where the page is left before the database is gone, the next page goes on.
export async function forgetAll () {
  if (!flag(KEPT) && !flag(GOING)) return
  flag(GOING, true)
  news?.postMessage('gone')
  await done(indexedDB.deleteDatabase(NAME)).catch(() => {})
  const left = await inside((database) => done(store(database, 'rooms').count())).catch(() => 1)
  if (left) return
  await done(indexedDB.deleteDatabase(NAME)).catch(() => {})
  flag(KEPT, false)
  flag(GOING, false)
}

export function leave () {
  hasLeft = true
  return forgetAll()
}

// On every page of ours: what must go, and what is over, goes.
export async function tidy () {
  if (flag(GOING)) return forgetAll()
  if (!canKeep() || !flag(KEPT)) return
  const left = await inside(async (database) => {
    const rooms = store(database, 'rooms', 'readwrite')
    const [ids, rows] = await Promise.all([done(rooms.getAllKeys()), done(rooms.getAll())])
    const over = ids.filter((_, place) => rows[place].until < Date.now())
    await Promise.all(over.map((id) => done(rooms.delete(id))))
    return ids.length - over.length
  }).catch(() => 1)
  if (!left) await forgetAll()
}
