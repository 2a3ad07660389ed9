// The page of the room companion: draws what `room-sync.js` has, and takes presses. Nothing of anybody stands on it while
// the service says that somebody else is signed in, or nobody.
import { canKeep, isWaiting, leave, leftMark, news, NOBODY, othersWait, whoIsHere } from './room-store.js'
import { Room } from './room-sync.js'

const page = document.querySelector('[data-room]')
const session = location.pathname.match(/\/group\/sessions\/([0-9a-f-]{36})\/room$/)?.[1]
const madeFor = document.querySelector('meta[name="webelong-made-for"]')?.content
// Without a signal the page is of nobody; then of whom the last page of ours was made for on this phone.
const isShell = !madeFor || madeFor === NOBODY
const me = isShell ? whoIsHere() : madeFor
const one = (name, from = page) => from.querySelector(`[data-${name}]`)
const fill = (words, values) => words.replace(/{(\w+)}/g, (_, name) => values[name])
const room = new Room(session, me && me !== NOBODY ? me : null)
const { what } = room
// A page of nobody shows no name before the service answered, or cannot be reached.
let isAsked = !isShell
let again = 0
let touchedAt = Date.now()
const LOOK = 20000
const WORKS = 30 * 60000

async function sync () {
  if (room.isOver) return
  clearTimeout(again)
  const before = JSON.stringify([what.marks, what.rules, what.reflection])
  await room.sync()
  isAsked = true
  draw()
  const isNew = before !== JSON.stringify([what.marks, what.rules, what.reflection])
  const later = { saved: 500, differs: 500, lost: 500, offline: 15000, trouble: 15000, 'not-saved': isNew ? 700 : 60000 }[room.status]
  if (room.waits() && later) again = setTimeout(sync, later)
}

async function changed () {
  // At once: nothing stands there as saved that is not.
  if (['saved', 'differs', 'lost'].includes(room.status)) room.status = 'saving'
  draw()
  await room.save()
  draw()
  clearTimeout(again)
  again = setTimeout(sync, 700)
}

function step (changes) {
  if (!changes.length) return
  room.step(changes)
  changed()
}

const HERE = ['present', 'late', 'left_early']
const wordOf = (code) => one('person').content.querySelector(`[data-mark="${code}"]`)?.textContent ?? one('clash', one('person').content).dataset.none

// ---- what the page shows

function newPerson (person, number) {
  const item = one('person').content.firstElementChild.cloneNode(true)
  item.dataset.of = person.of
  item.querySelector('.wb-room__name').id = `person-${number}`
  item.querySelector('[role=group]').setAttribute('aria-labelledby', `person-${number}`)
  item.addEventListener('click', (event) => {
    const button = event.target.closest('button')
    if (!button) return
    const clash = what.clashes[person.of]
    if (button.dataset.mark) {
      const chosen = button.dataset.mark
      step([[person.of, room.markOf(room.personOf(person.of)) === chosen ? '' : chosen]])
      return
    }
    delete what.clashes[person.of]
    delete what.marks[person.of]
    if (clash && 'mine' in button.dataset) what.marks[person.of] = { saw: clash.theirs, chosen: clash.mine }
    if (!Object.keys(what.marks).length) delete room.refused.marks
    item.querySelector('.wb-room__name').focus()
    changed()
  })
  return item
}

function drawPeople () {
  const list = one('people')
  const { people, whyNot } = what.now
  const drawn = [...list.children].map((item) => item.dataset.of).join()
  if (drawn !== people.map((person) => person.of).join()) list.replaceChildren(...people.map(newPerson))
  for (const item of list.children) {
    const person = room.personOf(item.dataset.of)
    const mark = room.markOf(person)
    const clash = what.clashes[person.of]
    const waiting = what.marks[person.of]
    item.querySelector('.wb-room__name').textContent = person.name
    for (const button of item.querySelectorAll('[data-mark]')) {
      button.setAttribute('aria-pressed', String(button.dataset.mark === mark))
      button.disabled = Boolean(whyNot)
    }
    const note = one('note', item)
    const isWaiting = waiting && !whyNot && !['saving', 'saved', 'differs', 'lost'].includes(room.status)
    note.textContent = [person.away && note.dataset.away, isWaiting && note.dataset.waiting].filter(Boolean).join(' · ')
    note.hidden = !note.textContent
    const box = one('clash', item)
    const isShut = Boolean(whyNot && (waiting || clash))
    box.hidden = !isShut && !clash
    if (box.hidden) continue
    const mine = clash ? clash.mine : waiting.chosen
    box.querySelector('p').textContent = fill(isShut ? box.dataset.shut : box.dataset.words, { name: person.name, theirs: wordOf(isShut ? person.mark : clash.theirs), mine: wordOf(mine) })
    for (const button of box.querySelectorAll('button')) button.hidden = isShut !== ('drop' in button.dataset)
  }
  const marks = people.map((person) => room.markOf(person))
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
  one('undo').setAttribute('aria-disabled', String(!what.steps.length))
}

function lines (place, words) {
  const drawn = words.join('\n')
  if (place.dataset.drawn === drawn) return
  place.dataset.drawn = drawn
  place.replaceChildren(...words.map((text) => {
    const line = document.createElement('li')
    line.textContent = text
    return line
  }))
}

function drawLost () {
  one('lost-box').hidden = !what.lost.length
  lines(one('lost-marks'), what.lost.map(({ name, mark }) => fill(one('lost-marks').dataset[room.status === 'not-led' ? 'notLed' : 'words'], { name, mark: wordOf(mark) })))
}

function drawPlan () {
  const plan = one('plan')
  if (plan.dataset.drawn === what.now.where) return
  plan.dataset.drawn = what.now.where
  plan.replaceChildren(...what.now.parts.map((part) => {
    const item = one('plan-part').content.firstElementChild.cloneNode(true)
    item.querySelector('b').textContent = part.minutes || ''
    item.querySelector('span').textContent = part.minutes ? plan.dataset.minutes : plan.dataset.after
    item.querySelector('h3').textContent = part.title
    lines(one('prompts', item), part.prompts.map((prompt) => `“${prompt}”`))
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
  if (!what.now || room.isLocked) return
  const parts = what.now.parts.filter((part) => part.minutes)
  const at = what.starts.length - 1
  const part = parts[at]
  const left = one('left', one('plan').closest('section'))
  one('timer').hidden = !room.isDay()
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
  const gone = (Date.now() - what.starts[at]) / 60000
  const still = Math.ceil(part.minutes - gone)
  // Said aloud when a part begins and when it is over; the minutes are not.
  const title = still > 0 ? part.title : `${part.title}. ${left.dataset.now}`
  if (one('part').textContent !== title) one('part').textContent = title
  bar.value = Math.min(100, gone / part.minutes * 100)
  const words = still === 1 ? left.dataset.one : still > 0 ? left.dataset.words : still === 0 ? '' : still === -1 ? left.dataset.overOne : left.dataset.over
  left.textContent = fill(words, { n: Math.abs(still) })
}

// Which of the words of the status are so now.
function statusNow () {
  const { status, isKept } = room
  if (status === 'signed-out') return room.isUnsent() ? (isKept ? 'signedOut' : 'signedOutUnkept') : 'signedOutSent'
  if (status === 'somebody-else') return 'somebodyElse'
  if (status === 'not-led') return what.lost.length ? 'notLedLost' : 'notLed'
  if (!what.now) return { offline: 'noSignal', trouble: 'noAnswer' }[status] ?? 'saving'
  if (['offline', 'trouble'].includes(status) && !isKept) return 'unkept'
  if (status === 'not-saved') return isKept ? 'notSaved' : 'notSavedUnkept'
  if (status === 'saved' && what.ticks) return 'ticks'
  return status
}

function draw () {
  const says = one('status')
  const shows = Boolean(what.now) && isAsked && !room.isLocked
  const words = says.dataset[isAsked ? statusNow() : 'asking']
  if (says.textContent !== words) says.textContent = words
  says.classList.toggle('wb-room__status--waits', !['saved', 'saving'].includes(room.status) || Boolean(what.ticks))
  one('sign-in').hidden = room.status !== 'signed-out'
  one('other').hidden = room.status !== 'somebody-else'
  for (const section of page.querySelectorAll('section')) section.hidden = !shows
  const isNone = isAsked && !what.now && ['offline', 'trouble'].includes(room.status)
  document.querySelector('[data-room-none]').hidden = !isNone || othersWait(NOBODY)
  document.querySelector('[data-room-locked]').hidden = !isNone || !othersWait(NOBODY)
  one('refused').hidden = true
  // A leader who leads no more knows what was lost; nobody else reads a name.
  one('lost-box').hidden = true
  if (!room.isLocked) drawLost()
  if (!shows) {
    one('people').replaceChildren()
    for (const place of [one('plan'), one('needs')]) {
      place.replaceChildren()
      delete place.dataset.drawn
    }
    one('where').textContent = ''
    if (room.isLocked) for (const place of [one('lost-marks'), one('why-not'), one('refused')]) place.textContent = ''
    return
  }
  const refused = [...new Set(Object.values(room.refused))].filter((no) => !what.now.whyNot.startsWith(no))
  one('refused').hidden = !refused.length
  one('refused').textContent = refused.join(' ')
  one('where').textContent = what.now.where
  drawPeople()
  drawPlan()
  drawTimer()
  lines(one('needs'), room.needs.map(({ name, text }) => `${name}: ${text}`))
  one('needs-box').hidden = !room.needs.length
  drawLookBack()
  one('rules').checked = what.rules ?? what.now.rules
  one('rules').disabled = Boolean(whyNoLookBack())
  for (const words of page.querySelectorAll('[data-no-look-back]')) {
    words.hidden = !whyNoLookBack()
    words.textContent = whyNoLookBack()
  }
  const device = one('device')
  device.hidden = !room.isKept && !room.isDay()
  one('kept-here').hidden = !room.isKept
  one('kept-not').hidden = room.isKept
}

// ---- looking back

const ticked = (name) => [...page.querySelectorAll(`input[name="${name}"]:checked`)].map((box) => box.value)
const said = () => ({ parts: ticked('parts'), times: ticked('times')[0] ?? '', turns: ticked('turns')[0] ?? '' })
const isSame = (one, other) => one && JSON.stringify([one.parts, one.times, one.turns]) === JSON.stringify([other.parts, other.times, other.turns])

function showReflection () {
  const shown = what.ticks ?? what.reflection ?? what.now?.reflection
  if (!shown) return
  for (const box of one('look-back').querySelectorAll('input')) box.checked = [shown.parts, shown.times, shown.turns].flat().includes(box.value)
}

const whyNoLookBack = () => what.now.whyNoLookBack || (room.clock() < what.now.begins ? one('look-back-said').dataset.early : '')
let isMissing = false

function drawLookBack () {
  const says = one('look-back-said')
  one('save').setAttribute('aria-disabled', String(Boolean(whyNoLookBack())))
  const words = isMissing
    ? says.dataset.missing
    : what.ticks ? '' : what.reflection ? (['offline', 'trouble', 'not-saved'].includes(room.status) ? says.dataset.waits : '') : isSame(what.now.reflection, said()) ? says.dataset.kept : ''
  says.hidden = !words
  if (says.textContent !== words) says.textContent = words
}

async function ticking () {
  isMissing = false
  what.ticks = isSame(what.reflection ?? what.now.reflection, said()) ? null : said()
  draw()
  await room.save()
}

function lookBack () {
  if (whyNoLookBack()) return
  const now = said()
  isMissing = !now.times || !now.turns
  if (!isMissing) {
    what.reflection = now
    what.ticks = null
  }
  changed()
}

// ---- off this phone

const showsSure = (button) => {
  if (!room.isUnsent() || 'pressed' in button.dataset) return false
  one('forget-said').textContent = button.dataset.sure
  button.dataset.pressed = ''
  return true
}

async function takeOff (button) {
  room.isOver = true
  clearTimeout(again)
  await leave(room.owner)
  what.now = null
  what.lost = []
  room.status = 'saved'
  draw()
  one('status').textContent = button.dataset.gone
}

// The page of nobody has no form: the next page of ours ends the session (`out.js`), before it shows anything. What a
// browser says of its network is no answer of the service: until there is one, these words stay.
async function signOutHere (button) {
  leftMark(what.mark)
  await takeOff(button)
  const { home } = button.dataset
  const goHome = async () => {
    const answer = await fetch(home, { credentials: 'omit', cache: 'no-store' }).catch(() => null)
    if (answer?.ok) location.replace(home)
    else setTimeout(goHome, 5000)
  }
  await goHome()
}

// Whoever signs out with marks that were not sent is told so once; Exit never waits.
addEventListener('webelong-out', (event) => {
  if (room.isOver || room.isLocked || !(room.isUnsent() || isWaiting(me))) return
  event.preventDefault()
  one('status').textContent = one('status').dataset.leaves
  one('status').classList.add('wb-room__status--waits')
  one('status').scrollIntoView({ block: 'nearest' })
})
addEventListener('beforeunload', (event) => {
  if (room.isKept || room.isOver || room.isLocked || !(room.isUnsent() || what.ticks)) return
  event.preventDefault()
  event.returnValue = ''
})

// ---- the beginning

function listen () {
  one('sign-in').querySelector('a').href = location.pathname
  one('other').querySelector('a').href = location.pathname
  one('all-here').addEventListener('click', () => step(what.now.people.filter((person) => !room.markOf(person) && !person.away).map((person) => [person.of, 'present'])))
  one('undo').addEventListener('click', () => {
    room.undo()
    changed()
  })
  const move = (change, next) => () => {
    change()
    room.save()
    drawTimer()
    if (document.activeElement?.hidden || document.activeElement === document.body) one(one(next).hidden ? 'back' : next).focus()
  }
  one('start').addEventListener('click', move(() => { what.starts = [Date.now()] }, 'next'))
  one('next').addEventListener('click', move(() => what.starts.push(Date.now()), 'next'))
  one('back').addEventListener('click', move(() => what.starts.pop(), 'start'))
  one('rules').addEventListener('change', () => {
    what.rules = one('rules').checked
    changed()
  })
  one('save').addEventListener('click', lookBack)
  one('look-back').addEventListener('change', ticking)
  one('forget').addEventListener('click', ({ target }) => showsSure(target) || takeOff(target))
  one('sign-out')?.addEventListener('click', ({ target }) => showsSure(target) || signOutHere(target))
  one('read').addEventListener('click', () => {
    what.lost = []
    if (room.status === 'lost') room.status = 'saved'
    draw()
    room.save()
  })
  addEventListener('online', sync)
  addEventListener('pagehide', () => room.flush())
  addEventListener('pageshow', (event) => { if (event.persisted) location.reload() })
  document.addEventListener('visibilitychange', () => document.hidden ? room.flush() : sync())
  // Another page of ours on this phone was made for somebody else, or for nobody.
  addEventListener('storage', (event) => {
    if (event.key !== 'wb-room-who' || !event.newValue || event.newValue === room.owner || room.isOver) return
    room.status = 'somebody-else'
    draw()
    sync()
  })
  news?.addEventListener('message', () => {
    room.isOver = true
    location.reload()
  })
  for (const name of ['pointerdown', 'keydown']) addEventListener(name, () => { touchedAt = Date.now() })
  setInterval(drawTimer, 1000)
  // What others mark is seen here too, while somebody looks; who has gone keeps no session alive by it.
  setInterval(() => { if (!document.hidden && Date.now() - touchedAt < WORKS) sync() }, LOOK)
  // Its time is over: it goes from this phone, and the page goes on as long as the service answers.
  setInterval(() => { if (room.isKept && !room.isDay()) room.save() }, 60000)
}

async function begin () {
  await room.open()
  document.querySelector('[data-room-none]').hidden = true
  page.hidden = false
  listen()
  draw()
  showReflection()
  await sync()
  showReflection()
  if (what.now && !room.isLocked) draw()
  if (room.isDay() && !room.isLocked && canKeep() && 'serviceWorker' in navigator) {
    const registration = await navigator.serviceWorker.register(page.dataset.worker).catch(() => null)
    registration?.active?.postMessage('fill')
  }
}

// Two tabs would keep over each other: the first has it. A page that only sends what waited lets go of it soon.
function beginAlone () {
  if (!navigator.locks) return begin()
  const stop = new AbortController()
  const patience = setTimeout(() => stop.abort(), 3000)
  return navigator.locks.request(`webelong-room-${session}`, { signal: stop.signal }, async () => {
    clearTimeout(patience)
    await begin()
    await new Promise(() => {})
  }).catch((error) => {
    if (error.name !== 'AbortError') throw error
    document.querySelector('[data-room-elsewhere]').hidden = false
    document.querySelector('[data-room-none]').hidden = true
  })
}

if (page && session) beginAlone()
