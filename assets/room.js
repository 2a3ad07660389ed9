// The room companion. It shows what the service says, or what this phone keeps of it, and sends each mark as soon as
// there is a signal. Marks are merged one by one: what somebody else changed meanwhile is shown beside one's own.
import { canKeep, find, forget, forgetAll, keep, news } from './room-store.js'

const page = document.querySelector('[data-room]')
const session = location.pathname.match(/\/group\/sessions\/([0-9a-f-]{36})\/room$/)?.[1]
const address = `${location.pathname}.json`
const seen = document.querySelector('meta[name="webelong-made-for"]')?.content
const me = seen && seen !== 'nobody' ? seen : null
const one = (name, from = page) => from.querySelector(`[data-${name}]`)
const fill = (words, values) => words.replace(/{(\w+)}/g, (_, name) => values[name])

// `now`: what the service said last. `marks`, `rules`, `reflection`: not sent yet. `clashes`: somebody else's mark.
let room = { owner: me, now: null, marks: {}, rules: false, reflection: null, clashes: {}, starts: [], steps: [] }
let status = 'saving'
let isOver = false
let refused = []
let sending = null
let again = 0
// Of the session that the service knows us by; never kept.
let token = ''
let askedAt = 0

// ---- what is kept here

async function save () {
  if (isOver || !room.now?.isToday) return
  const isKept = await keep(session, { owner: room.owner, until: room.now.until, what: room }).catch(() => false)
  if (!isKept && status === 'offline') status = 'unkept'
}

const waits = () => Object.keys(room.marks).length > 0 || room.rules || room.reflection !== null

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
    return await answer.json()
  } catch {
    return { failed: 'offline' }
  } finally {
    clearTimeout(patience)
  }
}

function take ({ owner, token: newest, others = {}, refused: no = [], ...now }, sent) {
  const kept = Object.fromEntries(now.people.map((person) => [person.of, person.mark]))
  for (const [of, mark] of Object.entries(sent?.marks ?? {})) {
    const meanwhile = room.marks[of]
    if (no.length && kept[of] !== mark.chosen) continue
    if (others[of] !== undefined) {
      room.clashes[of] = { theirs: others[of], mine: meanwhile?.chosen ?? mark.chosen }
      delete room.marks[of]
    } else if (meanwhile?.chosen === mark.chosen) delete room.marks[of]
    else if (meanwhile) meanwhile.saw = mark.chosen
  }
  if (sent?.rules && now.rules) room.rules = false
  if (sent?.reflection && sent.reflection === room.reflection && !no.length) room.reflection = null
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
      if (waits()) return 'signed-out'
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
  return refused.length ? 'not-saved' : 'saved'
}

function sync () {
  if (isOver) return
  clearTimeout(again)
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
    if (waits() && ['saved', 'offline', 'unkept', 'trouble'].includes(status)) again = setTimeout(sync, status === 'saved' ? 500 : 15000)
  })
}

async function changed () {
  await save()
  status = status === 'saved' ? 'saving' : status
  draw()
  if (status !== 'signed-out') {
    clearTimeout(again)
    again = setTimeout(sync, 700)
  }
}

// ---- marks

const personOf = (of) => room.now.people.find((person) => person.of === of)
const markOf = (person) => room.marks[person.of]?.chosen ?? room.clashes[person.of]?.mine ?? person.mark

function set (of, chosen) {
  const saw = room.marks[of]?.saw ?? personOf(of).mark
  delete room.clashes[of]
  if (chosen === saw) delete room.marks[of]
  else room.marks[of] = { saw, chosen }
}

function step (changes) {
  if (!changes.length) return
  room.steps.push(changes.map(([of]) => [of, markOf(personOf(of))]))
  room.steps = room.steps.slice(-20)
  for (const [of, mark] of changes) set(of, mark)
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
    const says = [person.away && note.dataset.away, room.marks[person.of] && status !== 'saving' && status !== 'saved' && note.dataset.waiting]
    note.textContent = says.filter(Boolean).join(' · ')
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
  one('all-here').disabled = !left
  one('undo').disabled = !room.steps.length
}

function drawPlan () {
  const plan = one('plan')
  if (plan.children.length) return
  plan.append(...room.now.parts.map((part) => {
    const item = one('plan-part').content.firstElementChild.cloneNode(true)
    item.querySelector('b').textContent = part.minutes || ''
    item.querySelector('span').textContent = part.minutes ? plan.dataset.minutes : plan.dataset.after
    item.querySelector('h3').textContent = part.title
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
  one('part').textContent = part?.title ?? ''
  const bar = page.querySelector('progress')
  bar.hidden = !part
  for (const [number, item] of [...one('plan').children].entries()) item.classList.toggle('wb-agenda__part--now', number === at)
  if (!part) {
    left.textContent = at < 0 ? left.dataset.notYet : left.dataset.done
    return
  }
  const gone = (Date.now() - room.starts[at]) / 60000
  const still = Math.ceil(part.minutes - gone)
  bar.value = Math.min(100, gone / part.minutes * 100)
  left.textContent = still === 1
    ? left.dataset.one
    : still > 0 ? fill(left.dataset.words, { n: still }) : still > -1 ? left.dataset.now : fill(left.dataset.over, { n: -still })
}

function draw () {
  const says = one('status')
  const words = says.dataset[status.replace(/-(\w)/g, (_, letter) => letter.toUpperCase())]
  if (says.textContent !== words) says.textContent = words
  says.classList.toggle('wb-room__status--waits', !['saved', 'saving'].includes(status))
  one('sign-in').hidden = status !== 'signed-out'
  one('refused').hidden = !refused.length
  one('refused').textContent = refused.join(' ')
  for (const section of page.querySelectorAll('section')) section.hidden = !room.now
  if (!room.now) return
  drawPeople()
  drawPlan()
  drawTimer()
  one('rules').checked = room.rules || room.now.rules
  one('rules').disabled = one('rules').checked || !room.now.hasBegun && Date.now() < room.now.begins
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

function lookBack () {
  const [times, turns] = [ticked('times')[0], ticked('turns')[0]]
  const says = one('look-back-said')
  says.hidden = false
  if (!times || !turns) {
    says.textContent = says.dataset.missing
    return
  }
  room.reflection = { parts: ticked('parts'), times, turns }
  const isOffline = ['offline', 'unkept', 'trouble', 'signed-out'].includes(status)
  says.textContent = isOffline ? says.dataset.waits : says.dataset.kept
  changed()
}

// ---- off this phone

async function takeOff (isSure) {
  const button = one('forget')
  if (waits() && !isSure) {
    one('forget-said').textContent = button.dataset.sure
    button.dataset.pressed = ''
    return
  }
  isOver = true
  clearTimeout(again)
  await forgetAll()
  room.now = null
  draw()
  const says = one('status')
  says.textContent = button.dataset.gone
  says.classList.remove('wb-room__status--waits')
  one('sign-in').hidden = true
}

// ---- the beginning

async function begin () {
  const kept = await find(session, me).catch(() => null)
  if (kept) room = { ...room, ...kept.what }
  document.querySelector('[data-room-none]').hidden = true
  page.hidden = false
  one('sign-in').querySelector('a').href = location.pathname
  one('all-here').addEventListener('click', () => step(room.now.people.filter((person) => !markOf(person) && !person.away).map((person) => [person.of, 'present'])))
  one('undo').addEventListener('click', () => {
    for (const [of, mark] of room.steps.pop() ?? []) if (personOf(of)) set(of, mark)
    changed()
  })
  const move = (change) => () => {
    change()
    save()
    drawTimer()
  }
  one('start').addEventListener('click', move(() => { room.starts = [Date.now()] }))
  one('next').addEventListener('click', move(() => room.starts.push(Date.now())))
  one('back').addEventListener('click', move(() => room.starts.pop()))
  one('rules').addEventListener('change', () => {
    room.rules = one('rules').checked
    changed()
  })
  one('save').addEventListener('click', lookBack)
  one('forget').addEventListener('click', () => takeOff('pressed' in one('forget').dataset))
  addEventListener('online', sync)
  document.addEventListener('visibilitychange', () => { if (!document.hidden) sync() })
  news?.addEventListener('message', () => {
    isOver = true
    location.reload()
  })
  setInterval(drawTimer, 1000)
  setInterval(() => { if (room.now && room.now.until < Date.now()) takeOff(true) }, 60000)
  draw()
  sync()
  await sending
  showReflection()
  // Before the day nothing is kept here.
  if (room.now?.isToday && canKeep() && 'serviceWorker' in navigator) {
    const registration = await navigator.serviceWorker.register(page.dataset.worker).catch(() => null)
    registration?.active?.postMessage('fill')
  }
}

if (page && session) {
  if (me || await find(session, null).catch(() => null)) begin()
}
