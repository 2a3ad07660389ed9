// What the room companion keeps on a phone: sealed by a key that no script can read out, in the browser's own database.
// A row is of one session and one owner (an account in one role), and no page opens it for anybody else. In the local
// storage `wb-room` names the owners whose marks were not sent (until it is there no page opens the database),
// `wb-room-who` whom the last page of ours was made for, `wb-room-going` whose rows must go.
const NAME = 'webelong-room'
const KEPT = 'wb-room'
const WHO = 'wb-room-who'
const GOING = 'wb-room-going'
const NONE = '-'
export const NOBODY = 'nobody'
export const news = 'BroadcastChannel' in globalThis ? new BroadcastChannel(NAME) : null

// Whoever leaves here, or in another tab, has left: what is on its way meanwhile is not kept again by this page.
let hasLeft = false
news?.addEventListener('message', () => { hasLeft = true })

function note (name, to) {
  try {
    if (to === undefined) return localStorage.getItem(name)
    if (to === null) localStorage.removeItem(name)
    else localStorage.setItem(name, to)
  } catch { /* a browser that keeps nothing */ }
  return null
}
const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result)
  request.onerror = () => reject(request.error)
  // Another page has it open, and lets go of it soon; a request that is not finished has no error to read.
  request.onblocked = () => setTimeout(() => reject(new Error('another page has it open')), 3000)
})

export const canKeep = () => Boolean(globalThis.indexedDB && globalThis.crypto?.subtle)

async function inside (act) {
  const request = indexedDB.open(NAME, 1)
  request.onupgradeneeded = () => {
    request.result.createObjectStore('keys')
    request.result.createObjectStore('rooms')
  }
  const database = await done(request)
  database.onversionchange = () => database.close()
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

// ---- the session that must end, also where there is no signal now (`out.js`)

// What a token says of its session, without the time and the seal that make it one.
export const sessionMarkOf = (token) => (token ?? '').split('~')[0].split('.').slice(0, -2).join('.')
export const leftMark = (mark) => mark && note('wb-out', mark)

// ---- who is here, and whose marks wait: known at once, so that a press need not wait for the database

const owners = () => (note(KEPT) ?? '').split(' ').filter((one) => one && one !== NONE)
const setOwners = (list) => note(KEPT, [...new Set(list)].join(' ') || NONE)
async function countAgain (database) {
  const rows = await done(store(database, 'rooms').getAll())
  setOwners(rows.filter((row) => row.waits).map((row) => row.owner))
  return rows.length
}

export const isWaiting = (owner) => owners().includes(owner)
export const othersWait = (owner) => owners().some((one) => one !== owner)
export const whoIsHere = () => note(WHO)
export function isHere (owner) { if (note(KEPT) && owner) note(WHO, owner) }

// ---- one session of one owner

export async function keep (session, { owner, until, waits, what }) {
  if (!canKeep() || hasLeft || note(GOING)) return false
  setOwners(waits ? [...owners(), owner] : owners())
  isHere(owner)
  return inside(async (database) => {
    const key = await keyOf(database)
    const iv = crypto.getRandomValues(new Uint8Array(12))
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, new TextEncoder().encode(JSON.stringify(what)))
    // Signed out meanwhile, in another window: nothing comes back.
    if (hasLeft || note(GOING)) return false
    await done(store(database, 'rooms', 'readwrite').put({ owner, until, waits, iv, sealed }, `${session}:${owner}`))
    await countAgain(database)
    return true
  })
}

// Null for none; what is somebody else's is none.
export async function find (session, owner) {
  if (!canKeep() || !note(KEPT) || !owner) return null
  if (note(GOING)) {
    await drop()
    return null
  }
  return inside(async (database) => {
    const row = await done(store(database, 'rooms').get(`${session}:${owner}`))
    if (!row || row.until <= Date.now()) return null
    const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: row.iv }, await keyOf(database), row.sealed)
    return JSON.parse(new TextDecoder().decode(plain))
  })
}

export async function forget (session, owner) {
  if (!canKeep() || !note(KEPT)) return
  await inside(async (database) => {
    await done(store(database, 'rooms', 'readwrite').delete(`${session}:${owner}`))
    await countAgain(database)
  })
}

// The sessions of which marks of `owner` wait here.
export async function listWaiting (owner) {
  if (!canKeep() || !isWaiting(owner)) return []
  return inside(async (database) => {
    const rooms = store(database, 'rooms')
    const [ids, rows] = await Promise.all([done(rooms.getAllKeys()), done(rooms.getAll())])
    return ids.filter((_, place) => rows[place].waits && rows[place].owner === owner && rows[place].until > Date.now())
      .map((id) => id.split(':')[0])
  })
}

// ---- off this phone

// Everything of whoever leaves, and of others all but marks that were not sent: those wait for who made them.
async function drop () {
  const going = note(GOING)
  const left = await inside(async (database) => {
    const rooms = store(database, 'rooms', 'readwrite')
    const [ids, rows] = await Promise.all([done(rooms.getAllKeys()), done(rooms.getAll())])
    const gone = ids.filter((_, place) => rows[place].owner === going || !rows[place].waits || rows[place].until < Date.now())
    await Promise.all(gone.map((id) => done(rooms.delete(id))))
    return countAgain(database)
  }).catch(() => null)
  if (left === null) return
  if (!left) {
    await done(indexedDB.deleteDatabase(NAME)).catch(() => {})
    note(KEPT, null)
    note(WHO, null)
  } else isHere(NOBODY)
  note(GOING, null)
}

// The note first: where the page is left before the rows are gone, the next page goes on.
export async function leave (owner) {
  hasLeft = true
  if (!note(KEPT) && !note(GOING)) return
  note(GOING, owner || NOBODY)
  news?.postMessage('gone')
  await drop()
}

// On every page of ours, with whom it was made for: what must go, and what is over, goes.
export async function tidy (owner) {
  isHere(owner)
  if (note(GOING)) return drop()
  if (!canKeep() || !note(KEPT)) return
  const left = await inside(async (database) => {
    const rooms = store(database, 'rooms', 'readwrite')
    const [ids, rows] = await Promise.all([done(rooms.getAllKeys()), done(rooms.getAll())])
    await Promise.all(ids.filter((_, place) => rows[place].until < Date.now()).map((id) => done(rooms.delete(id))))
    return countAgain(database)
  }).catch(() => 1)
  if (!left) await drop()
}
