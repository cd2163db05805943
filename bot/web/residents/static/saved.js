/* Talks that a resident asked to keep, in this browser alone (localStorage): to read again, and to delete. */

const STORE = "talks";
const HERE = "talk"; // which of them this tab is of, until a new one is begun
const MOST = 20;

/** Keep the talk of a list as it is now, in place of what was kept of it; whether it could be. */
export function save(list) {
  const turns = [...list.querySelectorAll(":scope > .turn[data-id]")];
  if (!turns.length) return false;
  const title = turns[0].querySelector(".words").textContent;
  const html = turns.map((turn) => turn.outerHTML).join("");
  try {
    const id = sessionStorage.getItem(HERE) || turns[0].dataset.id;
    const talk = { id, title, at: new Date().toISOString(), html };
    const others = read().filter((other) => other.id !== id);
    localStorage.setItem(STORE, JSON.stringify([talk, ...others].slice(0, MOST)));
    sessionStorage.setItem(HERE, id);
    return true;
  } catch (refused) {
    // full, or a frame that may store nothing
    return false;
  }
}

/** Show what is kept in `place`, where there is any; `opened(html)` puts a talk back. `texts` are the page's. */
export function show(place, texts, opened) {
  const talks = read();
  place.hidden = !talks.length;
  place.querySelector("ul").replaceChildren(...talks.map((talk) => {
    const open = button(`${talk.title} · ${talk.at.slice(0, 10)}`, () => {
      continues(talk.id);
      opened(talk.html);
    });
    const remove = button(texts.remove, () => {
      write(read().filter((other) => other.id !== talk.id));
      show(place, texts, opened);
      (place.querySelector("button") || document.querySelector("#question")).focus();
    });
    remove.setAttribute("aria-label", texts.remove_named.replace("{title}", talk.title));
    const item = document.createElement("li");
    item.append(open, remove);
    return item;
  }));
}

/** Let what is asked from now on be of a talk that is kept. */
function continues(id) {
  try {
    sessionStorage.setItem(HERE, id);
  } catch (refused) {
    /* it is kept as another talk, then */
  }
}

function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(STORE)) || [];
  } catch (unreadable) {
    return [];
  }
}

function write(talks) {
  if (talks.length) localStorage.setItem(STORE, JSON.stringify(talks));
  else localStorage.removeItem(STORE);
}
