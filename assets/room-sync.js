// One session of the room companion, of one owner: what the service said last, what was marked and not sent yet, and how
// the two become one. Marks are merged one by one. What belongs to somebody else is neither shown, nor sent, nor kept.
import { find, forget, isHere, keep, NOBODY, sessionMarkOf } from './room-store.js'

// Whoever works here is not idle: pages in other tabs, and the warning on this one, hear of it (`idle.js`).
const stillHere = 'BroadcastChannel' in globalThis ? new BroadcastChannel('webelong-seen') : null
const PATIENCE = 10000
// A token is of a session of the service: whoever was away for a minute asks for a new one first.
const FRESH = 60000
// `signed-out`: the service knows nobody here. `somebody-else`: it knows another account, or this one in another role.
const LOCKED = ['signed-out', 'somebody-else']

export class Room {
  // Kept on the phone. `now`: what the service said last. `marks`, `rules`, `reflection`: not sent yet. `clashes`:
  // somebody else's mark. `lost`: marks that could not be kept, until they are read. `ticks`: of a look back, not saved.
  what = { now: null, marks: {}, rules: null, reflection: null, ticks: null, clashes: {}, lost: [], starts: [], steps: [], keptUntil: 0, ahead: 0, mark: '' }
  status = 'saving'
  isKept = false
  isOver = false
  // Needs of people are shown while the service answers, and never kept.
  needs = []
  refused = {}
  token = ''
  askedAt = 0
  sending = null

  constructor (session, owner) {
    this.session = session
    this.owner = owner
    this.address = `/group/sessions/${session}/room.json`
  }

  async open () {
    const kept = await find(this.session, this.owner).catch(() => null)
    if (!kept) return
    Object.assign(this.what, kept)
    this.isKept = true
  }

  get isLocked () { return LOCKED.includes(this.status) }
  // By the service's clock: a phone's may be a day off.
  clock () { return Date.now() + this.what.ahead }
  // The day of the session, until twelve hours after it: then a phone may keep it.
  isDay () { return Boolean(this.what.now) && this.clock() >= this.what.now.keepFrom && this.clock() < this.what.now.until }
  waits () { return Object.keys(this.what.marks).length > 0 || this.what.rules !== null || this.what.reflection !== null }
  isUnsent () { return this.waits() || Object.keys(this.what.clashes).length > 0 }

  async save () {
    const { what } = this
    if (this.isOver || this.isLocked || !this.owner || !what.now) return
    if (this.isDay()) what.keptUntil = what.now.until
    // Moved to another day meanwhile: marks that wait stay as long as they would have.
    if (this.isDay() || (this.isUnsent() && this.clock() < what.keptUntil)) {
      const until = what.keptUntil - what.ahead
      this.isKept = await keep(this.session, { owner: this.owner, until, waits: Number(this.isUnsent()), what }).catch(() => false)
    } else if (this.isKept) {
      this.isKept = false
      await forget(this.session, this.owner).catch(() => {})
    }
  }

  // ---- to the service and back

  async ask (sent) {
    const stop = new AbortController()
    const patience = setTimeout(() => stop.abort(), PATIENCE)
    try {
      const answer = await fetch(this.address, { ...this.request(sent), signal: stop.signal })
      // To the page for signing in, which is not opened: it would give this browser a new session.
      if (answer.type === 'opaqueredirect' || answer.status === 401) return { failed: 'signed-out' }
      if (answer.status === 403) return { failed: 'somebody-else' }
      if (sent && answer.status === 400) return { failed: 'refused' }
      const isLed = answer.status !== 404
      if (isLed && !answer.ok) return { failed: 'trouble' }
      const said = await answer.json()
      stillHere?.postMessage('seen')
      return isLed ? said : { failed: 'not-led', owner: said.owner }
    } catch {
      return { failed: 'offline' }
    } finally {
      clearTimeout(patience)
    }
  }

  request (sent) {
    const headers = sent ? { 'Content-Type': 'application/json', 'X-CSRFToken': this.token } : {}
    return { method: sent ? 'POST' : 'GET', headers, body: sent && JSON.stringify(sent), credentials: 'same-origin', redirect: 'manual' }
  }

  body () {
    const { marks, rules, reflection } = this.what
    return { marks: Object.entries(marks).map(([of, mark]) => ({ of, ...mark })), rules, reflection }
  }

  // Of what the service says: is it of the owner of all this? Whoever sits here now is remembered for the next page.
  failed ({ failed, owner }) {
    const isElse = owner && this.owner && owner !== this.owner
    const what = isElse ? 'somebody-else' : failed
    if (LOCKED.includes(what)) isHere(owner ?? NOBODY)
    return what
  }

  async send () {
    if (!this.waits() || Date.now() - this.askedAt > FRESH) {
      const now = await this.ask()
      const no = this.failed(now)
      if (no) return no
      this.take(now)
    }
    if (this.waits()) {
      const sent = { ...this.what, marks: { ...this.what.marks } }
      const got = await this.ask(this.body())
      if (got.failed) {
        this.askedAt = 0
        // A token of somebody who sits here no more is refused: who does?
        const why = got.failed === 'refused' ? await this.ask() : got
        return this.failed(why) ?? 'trouble'
      }
      const no = this.failed(got)
      if (no) return no
      this.take(got, sent)
    }
    if (Object.keys(this.refused).length) return 'not-saved'
    return Object.keys(this.what.clashes).length ? 'differs' : this.what.lost.length ? 'lost' : 'saved'
  }

  take ({ owner, token, clock, needs, others = {}, refused = {}, ...now }, sent) {
    const { what } = this
    const kept = Object.fromEntries(now.people.map((person) => [person.of, person.mark]))
    for (const of of Object.keys({ ...what.marks, ...what.clashes })) if (!(of in kept)) this.lose(of)
    for (const [of, mark] of Object.entries(sent?.marks ?? {})) {
      const meanwhile = what.marks[of]
      if (!(of in kept)) continue
      if (others[of] !== undefined) {
        what.clashes[of] = { theirs: others[of], mine: meanwhile ? meanwhile.chosen : mark.saw }
        delete what.marks[of]
      } else if (kept[of] === mark.chosen) {
        // Taken back while it was on its way: it has arrived, so it is taken back there too.
        if (!meanwhile) what.marks[of] = { saw: mark.chosen, chosen: mark.saw }
        else if (meanwhile.chosen === mark.chosen) delete what.marks[of]
        else meanwhile.saw = mark.chosen
      } else if (!refused.marks) delete what.marks[of]
    }
    if (!sent) this.meet(kept)
    for (const [of, clash] of Object.entries(what.clashes)) {
      if (kept[of] === clash.mine) delete what.clashes[of]
      else if (kept[of]) clash.theirs = kept[of]
      else {
        // Theirs was taken back: nothing stands against mine any more.
        delete what.clashes[of]
        what.marks[of] = { saw: '', chosen: clash.mine }
      }
    }
    if (sent && sent.rules === what.rules && !refused.rules) what.rules = null
    if (sent && sent.reflection === what.reflection && !refused.reflection) what.reflection = null
    Object.assign(this, { owner, token, needs, refused: sent ? refused : this.waits() ? this.refused : {}, askedAt: Date.now() })
    Object.assign(what, { now, ahead: Math.abs(clock - Date.now()) > 30000 ? clock - Date.now() : 0, mark: sessionMarkOf(token) })
    isHere(owner)
  }

  // What waits and stands in the register already, by somebody else: nothing to send, and not mine to take back.
  meet (kept) {
    for (const [of, mark] of Object.entries(this.what.marks)) {
      if (kept[of] !== mark.chosen) continue
      delete this.what.marks[of]
      this.what.steps = this.what.steps.map((step) => step.filter(([other]) => other !== of)).filter((step) => step.length)
    }
  }

  lose (of) {
    const { what } = this
    const person = what.now?.people.find((one) => one.of === of)
    if (person) what.lost.push({ name: person.name, mark: what.marks[of]?.chosen ?? what.clashes[of].mine })
    delete what.marks[of]
    delete what.clashes[of]
  }

  // One at a time; says what became of it in `status`.
  sync () {
    this.sending ??= this.send().then(async (status) => {
      this.sending = null
      // Without an answer nobody knows more than before: what was shut stays shut.
      if (!(this.isLocked && ['offline', 'trouble'].includes(status))) this.status = status
      if (status === 'not-led') {
        for (const of of Object.keys({ ...this.what.marks, ...this.what.clashes })) this.lose(of)
        this.isOver = true
        await forget(this.session, this.owner).catch(() => {})
        this.what.now = null
      }
      await this.save()
    })
    return this.sending
  }

  // The page is being left: what was marked in the last moment goes along; the next page hears whether it arrived.
  flush () {
    if (!this.waits() || !this.token || this.isLocked || this.isOver || this.sending || Date.now() - this.askedAt > FRESH) return
    fetch(this.address, { ...this.request(this.body()), keepalive: true }).catch(() => {})
  }

  // ---- marks

  personOf (of) { return this.what.now.people.find((person) => person.of === of) }
  // Where the register takes no marks, what stands there counts.
  markOf (person) { return (this.what.now.whyNot ? null : this.what.marks[person.of]?.chosen) ?? person.mark }

  set (of, chosen) {
    const saw = this.what.marks[of]?.saw ?? this.personOf(of).mark
    delete this.what.clashes[of]
    if (chosen === saw) delete this.what.marks[of]
    else this.what.marks[of] = { saw, chosen }
  }

  step (changes) {
    this.what.steps = [...this.what.steps, changes.map(([of, mark]) => [of, this.markOf(this.personOf(of)), mark])].slice(-20)
    for (const [of, mark] of changes) this.set(of, mark)
  }

  // Whom somebody else has marked since stays as they are.
  undo () {
    for (const [of, before, after] of this.what.steps.pop() ?? []) {
      const person = this.personOf(of)
      if (person && this.markOf(person) === after) this.set(of, before)
    }
  }
}
