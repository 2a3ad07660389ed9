// On a page other than the room: sends what was marked there by whoever this page was made for, and says what waits still.
import { listWaiting } from './room-store.js'
import { Room } from './room-sync.js'

const alone = (session, act) => navigator.locks
  ? navigator.locks.request(`webelong-room-${session}`, { ifAvailable: true }, (lock) => lock && act())
  : act()

export async function sendWaiting (me, says) {
  const [words, link] = says.children
  const show = (text, address) => {
    words.textContent = text
    link.textContent = address === location.href ? link.dataset.again : link.dataset.room
    link.href = address
    says.hidden = false
  }
  const sessions = await listWaiting(me).catch(() => [])
  let sent = 0
  for (const session of sessions) {
    const room = new Room(session, me)
    show(says.dataset.waits, `/group/sessions/${session}/room`)
    await alone(session, async () => {
      await room.open()
      if (!room.what.now) return
      await room.sync()
      sent += Number(room.status === 'saved' && !room.waits())
    })
  }
  // Marks that were taken up while they were on their way are looked at again by the room.
  if (sessions.length && sent === sessions.length) show(says.dataset.sent, location.href)
}
