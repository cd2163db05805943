/* Questions to choose from while one is typed. A textarea may not be a combobox: it is a text box with a list of its own
   (aria-autocomplete, aria-activedescendant), worked by the keys of the combobox pattern. Loaded when first typed. */

import { post } from "./asking.js";

const PAUSE_MS = 150;
const SHORTEST = 2;
const LONGEST = 60;
// What may be a number of a person, a letter box or a name never leaves the page while it is typed.
const PRIVATE = /(?:\d[ -]?){5,}|@|我叫/;
const $ = (selector) => document.querySelector(selector);
let waiting = 0;
let asking = null;
let active = -1;

const box = () => $("#question");
const list = () => $("#suggestions");
const options = () => [...list().children];

/** Begin to suggest. `texts` are the page's; `send(question)` asks what was chosen. */
export function suggest(texts, send) {
  const soon = (event) => {
    if (event.isComposing) return;
    close();
    clearTimeout(waiting);
    waiting = setTimeout(() => look(texts), PAUSE_MS);
  };
  box().addEventListener("input", soon);
  box().addEventListener("compositionend", soon);
  box().addEventListener("blur", close);
  $("#composer").addEventListener("keydown", (event) => key(event, send), true);
  list().addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
  list().addEventListener("click", (event) => choose(event.target.closest("[role=option]"), send));
  soon({});
}

async function look(texts) {
  const typed = box().value.trim();
  if (asking) asking.abort();
  if (typed.length < SHORTEST || typed.length > LONGEST || PRIVATE.test(typed)) return;
  asking = new AbortController();
  try {
    const reply = await post("api/suggest", { typed }, asking.signal); // not in an address, which proxies write down
    const found = (await reply.json()).questions;
    if (box().value.trim() === typed && document.activeElement === box()) open(found.filter((q) => q !== typed), texts);
  } catch (gone) {
    // Without suggestions one asks as before.
  }
}

function open(questions, texts) {
  list().replaceChildren(...questions.map((question, place) => {
    const option = document.createElement("li");
    option.id = `suggestion-${place}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.textContent = question;
    return option;
  }));
  active = -1;
  list().hidden = !questions.length;
  if (questions.length) $("#state").textContent = texts.suggested.replace("{count}", questions.length);
}

function close() {
  list().hidden = true;
  active = -1;
  box().removeAttribute("aria-activedescendant");
}

function move(by) {
  const all = options();
  active = (active + by + all.length + (active < 0 && by < 0 ? 1 : 0)) % all.length;
  all.forEach((option, place) => option.setAttribute("aria-selected", String(place === active)));
  all[active].scrollIntoView({ block: "nearest" });
  box().setAttribute("aria-activedescendant", all[active].id);
}

function choose(option, send) {
  if (!option) return;
  close();
  send(option.textContent);
}

function key(event, send) {
  if (event.isComposing || event.target !== box()) return;
  if (event.key === "Enter" && !event.shiftKey) clearTimeout(waiting);
  if (list().hidden) return;
  const does = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Escape: close,
    Enter: active >= 0 ? () => choose(options()[active], send) : null,
  }[event.key];
  if (!does) return;
  event.preventDefault();
  event.stopPropagation();
  does();
}
