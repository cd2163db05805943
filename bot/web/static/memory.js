/* The last turns, kept in this tab alone (sessionStorage) so that a reload does not lose them. */

const KEY = "turns";
const KEPT = 6;

/** Keep the finished turns of a list. */
export function keep(list) {
  const finished = [...list.querySelectorAll(":scope > .turn[data-id]")].slice(-KEPT);
  try {
    sessionStorage.setItem(KEY, finished.map((turn) => turn.outerHTML).join(""));
  } catch (full) {
    forget();
  }
}

/** Put what was kept back into the list. */
export function recall(list) {
  try {
    const held = document.createElement("template");
    held.innerHTML = sessionStorage.getItem(KEY) || "";
    list.append(held.content);
  } catch (refused) {
    /* a browser that stores nothing begins anew */
  }
}

/** Forget everything kept. */
export function forget() {
  try {
    sessionStorage.removeItem(KEY);
  } catch (refused) {
    /* nothing was kept */
  }
}
