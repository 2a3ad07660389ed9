"""What tests of the room companion do on its page, and what they read of the browser."""

from __future__ import annotations

from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page, expect

OFFLINE = "No signal. Keep going"
SAVED = "Everything is saved."
#: Everything that this browser keeps, as text; a sealed row is only its letters.
KEPT_HERE = """async () => {
  const done = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result) })
  const found = [JSON.stringify({...localStorage})]
  for (const { name } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name))
    for (const store of database.objectStoreNames) {
      for (const row of await done(database.transaction(store).objectStore(store).getAll())) {
        const text = (sealed) => new TextDecoder().decode(sealed)
        found.push(row instanceof CryptoKey ? `key:${row.extractable}` : JSON.stringify(row) + text(row.sealed))
      }
    }
    database.close()
  }
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) {
      found.push(request.url, await (await caches.match(request)).text())
    }
  }
  return found.join('\\n')
}"""


def open_room(page: Page, session_id: str) -> None:
    """Open the room and wait until this phone can do without a signal."""
    page.goto(f"/group/sessions/{session_id}/room")
    expect(page.get_by_text(SAVED)).to_be_visible()
    page.wait_for_function(
        "async () => (await navigator.serviceWorker.ready).active"
        " && (await (await caches.open('webelong-room')).keys()).length > 4"
    )


def open_again_without_a_signal(page: Page, session_id: str) -> None:
    """Once what was pressed has failed for want of a network: until then that is where the browser goes."""
    page.wait_for_timeout(1500)
    try:
        page.goto(f"/group/sessions/{session_id}/room")
    except BrowserError:
        page.goto(f"/group/sessions/{session_id}/room")


def person_of(page: Page, parent_id: object):
    return page.locator(f"li[data-of='{parent_id.hex}']")  # type: ignore[attr-defined]


def pressed(page: Page, parent_id: object, name: str):
    return person_of(page, parent_id).get_by_role("button", name=name, exact=True)
