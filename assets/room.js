// The room companion. It shows what the service says, or what this phone keeps of it, and sends each mark as soon as
// there is a signal. Marks are merged one by one: what somebody else changed meanwhile is shown beside one's own.
import { canKeep, find, forget, keep, leave, news } from './room-store.js'

const page = document.querySelector('[data-room]')
const session = location.pathname.match(/\/group\/sessions\/([0-9a-f-]{36})\/room$/)?.[1]
const address = `${location.pathname}.json`
const seen = document.querySelector('meta[name="webelong-made-for"]')?.content
const me = seen && seen !== 'nobody' ? seen : null
const one = (name, from = page) => from.querySelector(`[data-${name}]`)
const fill = (words, values) => words.replace(/{(\w+)}/g, (_, name) => values[name])
// Whoever works here is not idle: pages in other tabs, and the warning on this one, hear of it (`idle.js`).
const stillHere = 'BroadcastChannel' in globalThis ? new BroadcastChannel('webelong-seen') : null

// `now`: what the service said last. `marks`, `rules`, `reflection`: not sent yet. `clashes`: somebody else's mark.
let room = { owner: me, now: null, marks: {}, rules: null, reflection: null, clashes: {}, starts: [], steps: [] }
let status = 'saving'
let isKept = false
let isOver = false
let refused = {}
let sending = null
let again = 0
// Of the session that the service knows us by; never kept.
let token = ''
let askedAt = 0

// ---- what is kept here

// On the day of the session, until twelve hours after it.
const mayKeep = () => room.now && Date.now() >= room.now.keepFrom && Date.now() < room.now.until

async function save () {
  if (isOver) return
  if (mayKeep()) isKept = await keep(session, { owner: room.owner, until: room.now.until, what: room }).catch(() => false)
  else if (isKept) {
    isKept = false
    await forget(session, room.owner).catch(() => {})
  }
}

const waits = () => Object.keys(room.marks).length > 0 || room.rules !== null || room.reflection !== null
const isUnsent = () => waits() || Object.keys(room.clashes).length > 0

// ---- to the service and back

async function ask (sent) {
  const headers = sent ? { 'Content-Type': 'application/json', 'X-CSRFToken': token } : {}
  const stop = new AbortController()
  const patience = setTimeout(() => stop.abort(), 10000)
  try {
    const answer = await fetch(address, {
      method: sent ? 'POST' : 'GET', headers, body: sent && JSON.stringify(sent), credentials: 'same-origin', signal: stop.signal
    })
    if (answer.redirected || [401, 403].includes(answer.status)) return { failed: 'signed-out' }
    if (answer.status === 404) return { failed: 'not-led' }
    if (!answer.ok) return { failed: 'trouble' }
    stillHere?.postMessage('seen')
    return await answer.json()
  } catch {
    return { failed: 'offline' }
  } finally {
    clearTimeout(patience)
  }
}

function take ({ owner, token: newest, others = {}, refused: no = {}, ...now }, sent) {
  const kept = Object.fromEntries(now.people.map((person) => [person.of, person.mark]))
  for (const [of, mark] of Object.entries(sent?.marks ?? {})) {
    const meanwhile = room.marks[of]
    if (others[of] !== undefined) {
      room.clashes[of] = { theirs: others[of], mine: meanwhile ? meanwhile.chosen : mark.saw }
      delete room.marks[of]
    } else if (kept[of] === mark.chosen) {
      // Taken back while it was on its way: it has arrived, so it is taken back there too.
      if (!meanwhile) room.marks[of] = { saw: mark.chosen, chosen: mark.saw }
      else if (meanwhile.chosen === mark.chosen) delete room.marks[of]
      else meanwhile.saw = mark.chosen
    } else if (!no.marks) delete room.marks[of]
  }
  if (sent && sent.rules === room.rules && !no.rules) room.rules = null
  if (sent && sent.reflection === room.reflection && !no.reflection) room.reflection = null
  Object.assign(room, { owner, now })
  token = newest
  askedAt = Date.now()
  for (const waiting of [room.marks, room.clashes]) for (const of of Object.keys(waiting)) if (!(of in kept)) delete waiting[of]
  refused = no
}

async function send () {
  // A token is of a session of the service: whoever was away for a minute asks for a new one first.
  if (!waits() || Date.now() - askedAt > 60000) {
    const now = await ask()
    if (now.failed) return now.failed
    // Signed in as somebody else, or in another role: what waits is not theirs to send.
    if (room.owner && now.owner !== room.owner) {
      if (isUnsent()) return 'signed-out'
      room = { ...room, steps: [], clashes: {}, starts: [] }
    }
    take(now)
  }
  if (waits()) {
    const sent = { marks: { ...room.marks }, rules: room.rules, reflection: room.reflection }
    const got = await ask({ ...sent, marks: Object.entries(sent.marks).map(([of, mark]) => ({ of, ...mark })) })
    if (got.failed) {
      askedAt = 0
      return got.failed
    }
    take(got, sent)
  }
  return Object.keys(refused).length ? 'not-saved' : Object.keys(room.clashes).length ? 'differs' : 'saved'
}

function sync () {
  if (isOver) return
  clearTimeout(again)
  const before = JSON.stringify([room.marks, room.rules, room.reflection])
  sending ??= send().then(async (what) => {
    sending = null
    status = what
    if (what === 'not-led') {
      isOver = true
      await forget(session, room.owner)
      room.now = null
    }
    await save()
    draw()
    const isNew = before !== JSON.stringify([room.marks, room.rules, room.reflection])
    const later = { saved: 500, differs: 500, offline: 15000, trouble: 15000, 'not-saved': isNew ? 700 : 60000 }[status]
    if (waits() && later) again = setTimeout(sync, later)
  })
}

async function changed () {
  // At once: nothing stands there as saved that is not.
  if (['saved', 'differs'].includes(status)) status = 'saving'
  draw()
  await save()
  draw()
  if (status !== 'signed-out') {
    clearTimeout(again)
    again = setTimeout(sync, 700)
  }
}

// ---- marks

const personOf = (of) => room.now.people.find((person) => person.of === of)
const markOf = (person) => room.marks[person.of]?.chosen ?? person.mark

function set (of, chosen) {
  const saw = room.marks[of]?.saw ?? personOf(of).mark
  delete room.clashes[of]
  if (chosen === saw) delete room.marks[of]
  else room.marks[of] = { saw, chosen }
}

function step (changes) {
  if (!changes.length) return
  room.steps.push(changes.map(([of, mark]) => [of, markOf(personOf(of)), mark]))
  room.steps = room.steps.slice(-20)
  for (const [of, mark] of changes) set(of, mark)
  changed()
}

// Whom somebody else has marked since stays as they are.
function undo () {
  for (const [of, before, after] of room.steps.pop() ?? []) {
    const person = personOf(of)
    if (person && markOf(person) === after) set(of, before)
  }
  changed()
}

const HERE = ['present', 'late', 'left_early']

// ---- what the page shows

function drawPeople () {
  const list = one('people')
  const { people, whyNot } = room.now
  const drawn = [...list.children].map((item) => item.dataset.of).join()
  if (drawn !== people.map((person) => person.of).join()) {
    list.replaceChildren(...people.map((person, number) => {
      const item = one('person').content.firstElementChild.cloneNode(true)
      item.dataset.of = person.of
      const name = item.querySelector('.wb-room__name')
      name.id = `person-${number}`
      item.querySelector('[role=group]').setAttribute('aria-labelledby', name.id)
      item.addEventListener('click', (event) => {
        const button = event.target.closest('button')
        const clash = room.clashes[person.of]
        if (button?.dataset.mark) {
          const chosen = button.dataset.mark
          step([[person.of, markOf(personOf(person.of)) === chosen ? '' : chosen]])
        } else if (clash && button) {
          delete room.clashes[person.of]
          if ('mine' in button.dataset) room.marks[person.of] = { saw: clash.theirs, chosen: clash.mine }
          item.querySelector('[data-mark]').focus()
          changed()
        }
      })
      return item
    }))
  }
  for (const item of list.children) {
    const person = personOf(item.dataset.of)
    const mark = markOf(person)
    const clash = room.clashes[person.of]
    const words = (code) => item.querySelector(`[data-mark="${code}"]`)?.textContent ?? one('clash', item).dataset.none
    item.querySelector('.wb-room__name').textContent = person.name
    for (const button of item.querySelectorAll('[data-mark]')) {
      button.setAttribute('aria-pressed', String(button.dataset.mark === mark))
      button.disabled = Boolean(whyNot)
    }
    const note = one('note', item)
    const isWaiting = room.marks[person.of] && !['saving', 'saved', 'differs'].includes(status)
    note.textContent = [person.away && note.dataset.away, isWaiting && note.dataset.waiting].filter(Boolean).join(' · ')
    note.hidden = !note.textContent
    one('clash', item).hidden = !clash
    if (clash) one('clash', item).querySelector('p').textContent = fill(one('clash', item).dataset.words, { theirs: words(clash.theirs), mine: words(clash.mine) })
  }
  const marks = people.map(markOf)
  const left = marks.filter((mark) => !mark).length
  const count = one('count')
  count.textContent = [
    people.length ? fill(count.dataset.words, { here: marks.filter((mark) => HERE.includes(mark)).length, all: people.length }) : '',
    left && !whyNot ? fill(count.dataset.left, { n: left }) : ''
  ].filter(Boolean).join(' · ')
  one('nobody').hidden = people.length > 0
  one('why-not').hidden = !whyNot
  one('why-not').textContent = whyNot
  one('marking').hidden = Boolean(whyNot) || !people.length
  one('all-here').setAttribute('aria-disabled', String(!left))
  one('undo').setAttribute('aria-disabled', String(!room.steps.length))
}

function drawPlan () {
  const plan = one('plan')
  if (plan.children.length) return
  plan.append(...room.now.parts.map((part) => {
    const item = one('plan-part').content.firstElementChild.cloneNode(true)
    item.querySelector('b').textContent = part.minutes || ''
    item.querySelector('span').textContent = part.minutes ? plan.dataset.minutes : plan.dataset.after
    item.querySelector('h3').textContent = part.title
    one('prompts', item).append(...part.prompts.map((prompt) => {
      const line = document.createElement('li')
      line.textContent = `“${prompt}”`
      return line
    }))
    if (!part.prompts.length) one('prompts', item).remove()
    for (const name of ['text', 'say', 'check']) {
      const place = one(name, item)
      place.textContent = part[name] && name === 'say' ? `“${part[name]}”` : part[name] ?? ''
      if (!part[name]) place.remove()
    }
    return item
  }))
}

function drawTimer () {
  if (!room.now) return
  const parts = room.now.parts.filter((part) => part.minutes)
  const at = room.starts.length - 1
  const part = parts[at]
  const left = one('left', one('plan').closest('section'))
  one('start').hidden = at >= 0
  one('next').hidden = !part
  one('back').hidden = at < 0
  const bar = page.querySelector('progress')
  bar.hidden = !part
  for (const [number, item] of [...one('plan').children].entries()) item.classList.toggle('wb-agenda__part--now', number === at)
  if (!part) {
    one('part').textContent = ''
    left.textContent = at < 0 ? left.dataset.notYet : left.dataset.done
    return
  }
  const gone = (Date.now() - room.starts[at]) / 60000
  const still = Math.ceil(part.minutes - gone)
  // Said aloud when a part begins and when it is over; the minutes are not.
  const title = still > 0 ? part.title : `${part.title}. ${left.dataset.now}`
  if (one('part').textContent !== title) one('part').textContent = title
  bar.value = Math.min(100, gone / part.minutes * 100)
  const words = still === 1 ? left.dataset.one : still > 0 ? left.dataset.words : still === 0 ? '' : still === -1 ? left.dataset.overOne : left.dataset.over
  left.textContent = fill(words, { n: Math.abs(still) })
}

function draw () {
  const says = one('status')
  const name = ['offline', 'trouble', 'signed-out'].includes(status) && !isKept && room.now ? 'unkept' : status
  const words = says.dataset[name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase())]
  if (says.textContent !== words) says.textContent = words
  says.classList.toggle('wb-room__status--waits', !['saved', 'saving'].includes(status))
  one('sign-in').hidden = status !== 'signed-out'
  one('refused').hidden = !Object.keys(refused).length
  one('refused').textContent = [...new Set(Object.values(refused))].join(' ')
  for (const section of page.querySelectorAll('section')) section.hidden = !room.now
  document.querySelector('[data-room-none]').hidden = Boolean(room.now) || !['offline', 'trouble'].includes(status)
  if (!room.now) return
  drawPeople()
  drawPlan()
  drawTimer()
  drawLookBack()
  one('rules').checked = room.rules ?? room.now.rules
  one('rules').disabled = Date.now() < room.now.begins
}

// ---- looking back

const ticked = (name) => [...page.querySelectorAll(`input[name="${name}"]:checked`)].map((box) => box.value)

function showReflection () {
  const said = room.reflection ?? room.now?.reflection
  if (!said) return
  for (const box of one('look-back').querySelectorAll('input')) {
    box.checked = [said.parts, said.times, said.turns].flat().includes(box.value)
  }
}

let isMissing = false

function drawLookBack () {
  const says = one('look-back-said')
  one('save').setAttribute('aria-disabled', String(Date.now() < room.now.begins))
  const isThere = room.now.reflection && JSON.stringify(room.now.reflection.parts.concat(room.now.reflection.times, room.now.reflection.turns)) ===
    JSON.stringify(ticked('parts').concat(ticked('times'), ticked('turns')))
  const words = isMissing
    ? says.dataset.missing
    : room.reflection ? (['offline', 'trouble', 'signed-out', 'not-saved'].includes(status) ? says.dataset.waits : '') : isThere ? says.dataset.kept : ''
  says.hidden = !words
  if (says.textContent !== words) says.textContent = words
}

function lookBack () {
  if (Date.now() < room.now.begins) return
  const [times, turns] = [ticked('times')[0], ticked('turns')[0]]
  isMissing = !times || !turns
  if (!isMissing) room.reflection = { parts: ticked('parts'), times, turns }
  changed()
}

// ---- off this phone

async function takeOff () {
  const button = one('forget')
  if (isUnsent() && !('pressed' in button.dataset)) {
    one('forget-said').textContent = button.dataset.sure
    button.dataset.pressed = ''
    return
  }
  isOver = true
  clearTimeout(again)
  await leave()
  room.now = null
  status = 'saved'
  draw()
  one('status').textContent = button.dataset.gone
}

// Whoever signs out with marks that were not sent is told so once; Exit never waits.
document.addEventListener('submit', (event) => {
  if (!event.target.action.endsWith('/sign-out') || isOver) return
  if (!isUnsent() || event.target.dataset.asked) {
    // The answer may take long: nothing that arrives meanwhile is kept again.
    isOver = true
    return
  }
  event.preventDefault()
  event.stopImmediatePropagation()
  event.target.dataset.asked = 'yes'
  one('status').textContent = one('status').dataset.leaves
  one('status').classList.add('wb-room__status--waits')
  one('status').scrollIntoView({ block: 'nearest' })
}, true)

document.addEventListener('click', (event) => { if (event.target.closest('a')?.pathname === '/leave') isOver = true }, true)

// ---- the beginning

async function begin () {
  const kept = await find(session, me).catch(() => null)
  if (kept) {
    room = { ...room, ...kept.what }
    isKept = true
  }
  document.querySelector('[data-room-none]').hidden = true
  page.hidden = false
  one('sign-in').querySelector('a').href = location.pathname
  one('all-here').addEventListener('click', () => step(room.now.people.filter((person) => !markOf(person) && !person.away).map((person) => [person.of, 'present'])))
  one('undo').addEventListener('click', undo)
  const move = (change, next) => () => {
    change()
    save()
    drawTimer()
    if (document.activeElement?.hidden || document.activeElement === document.body) one(one(next).hidden ? 'back' : next).focus()
  }
  one('start').addEventListener('click', move(() => { room.starts = [Date.now()] }, 'next'))
  one('next').addEventListener('click', move(() => room.starts.push(Date.now()), 'next'))
  one('back').addEventListener('click', move(() => room.starts.pop(), 'start'))
  one('rules').addEventListener('change', () => {
    room.rules = one('rules').checked
    changed()
  })
  one('save').addEventListener('click', lookBack)
  one('look-back').addEventListener('change', () => {
    isMissing = false
    drawLookBack()
  })
  one('forget').addEventListener('click', takeOff)
  addEventListener('online', sync)
  document.addEventListener('visibilitychange', () => { if (!document.hidden) sync() })
  news?.addEventListener('message', () => {
    isOver = true
    location.reload()
  })
  setInterval(drawTimer, 1000)
  // Its time is over: it goes from this phone, and the page goes on as long as the service answers.
  setInterval(() => { if (isKept && !mayKeep()) save() }, 60000)
  draw()
  sync()
  await sending
  showReflection()
  if (room.now) draw()
  if (mayKeep() && canKeep() && 'serviceWorker' in navigator) {
    const registration = await navigator.serviceWorker.register(page.dataset.worker).catch(() => null)
    registration?.active?.postMessage('fill')
  }
}

// Two tabs would keep over each other: the first has it.
function beginAlone () {
  if (!navigator.locks) return begin()
  return navigator.locks.request(`webelong-room-${session}`, { ifAvailable: true }, async (lock) => {
    if (!lock) {
      document.querySelector('[data-room-elsewhere]').hidden = false
      document.querySelector('[data-room-none]').hidden = true
      return
    }
    await begin()
    await new Promise(() => {})
  })
}

if (page && session) beginAlone()
