/* The agents' desk: search while typing, one key for everything done with a caller on the line. */

import { copy } from "./answers.js";

const $ = (selector, within = document) => within.querySelector(selector);
let texts;
let csrf = "";
let running = null; // the search on its way
let waiting = false; // whether something was typed since it left
let shown = ""; // the search whose results are on the page
let lookup = ""; // the number of the look-up on the page
let chosen = 0; // which result
let call = number(); // the number of the call
let asked = []; // what was asked in it: the words, and how each ended
const MOST_TURNS = 20;

function begin() {
  texts = JSON.parse($("#page.desk").dataset.texts);
  document.dispatchEvent(new Event("page-drawn"));
  const box = $("#query");
  $("#finder").addEventListener("submit", (event) => event.preventDefault());
  // While an input method composes, what stands in the box is not yet words.
  box.addEventListener("input", (event) => event.isComposing || search());
  box.addEventListener("compositionend", search);
  $("#finder").addEventListener("change", search);
  document.addEventListener("keydown", press);
  document.addEventListener("click", act);
  know().then(() => {
    box.focus();
    $("#finder").dataset.ready = "";
    if (box.value) search();
  });
}

/* the server */

class Ended extends Error {}

/** Who is signed in: the head of the page, the proof for what is sent, one's own look-ups. */
async function know() {
  try {
    const mine = await receive(await fetch("desk/begin", { headers: { Accept: "application/json" } }));
    csrf = mine.csrf;
    $("#head").innerHTML = mine.head;
    $("#recent").innerHTML = mine.recent;
  } catch (problem) {
    explain(problem);
  }
}

async function post(path, body, signal, again = true) {
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf };
  const reply = await fetch(path, { method: "POST", headers, body: JSON.stringify(body), signal });
  if ((reply.status === 401 || reply.status === 403) && again) {
    // Signed in anew in another tab: the proof has changed, nothing else.
    await know();
    return post(path, body, signal, false);
  }
  return receive(reply);
}

async function receive(reply) {
  if (reply.ok) return reply.json();
  if (reply.status === 401 || reply.status === 403) throw new Ended();
  const { error } = await reply.json().catch(() => ({}));
  if (reply.status === 429) throw new Error(texts.busy.replace("{seconds}", reply.headers.get("Retry-After") || "5"));
  throw new Error(error && reply.status < 500 ? error.message : texts.down);
}

function explain(problem) {
  if (problem instanceof Ended) {
    const link = document.createElement("a");
    link.href = "sign-in?next=desk";
    link.target = "_blank";
    link.textContent = texts.sign_in;
    tell(texts.ended);
    $("#told").append(" ", link);
  } else if (problem instanceof TypeError) {
    tell(navigator.onLine ? texts.down : texts.offline); // fetch could not reach the server
  } else {
    tell(problem.message);
  }
}

function tell(words) {
  $("#told").textContent = words;
}

/* searching: one on its way, the latest next */

function wanted() {
  const form = $("#finder");
  const query = $("#query").value.trim();
  const history = asked.map((one) => one.query).filter((said) => said !== query).slice(-MOST_TURNS);
  const body = { query, history, quantity: form.elements.quantity.checked };
  for (const name of ["section", "kind", "deadline"]) body[name] = form.elements[name].value;
  return body;
}

async function search() {
  if (running) {
    waiting = true;
    return;
  }
  const body = wanted();
  const key = JSON.stringify(body);
  if (key === shown) return;
  if (!body.query && !body.quantity && !body.section && !body.kind && !body.deadline) {
    clear(texts.start);
    return;
  }
  const stopper = new AbortController();
  running = stopper;
  try {
    const found = await post("desk/search", body, stopper.signal);
    if (!stopper.signal.aborted) show(found, key);
  } catch (problem) {
    if (!stopper.signal.aborted) clear("", problem);
  } finally {
    if (running === stopper) running = null;
    if (waiting) {
      waiting = false;
      search();
    }
  }
}

/** Place what the server has escaped. */
function show({ html, told }, key) {
  const made = document.createElement("template");
  made.innerHTML = html;
  const [options, details, ticket] = made.content.children;
  $("#options").replaceChildren(...options.children);
  $("#details").replaceChildren(...details.children);
  $("#ticket").replaceChildren(...ticket.children);
  shown = key;
  lookup = number();
  tell(told);
  choose(0);
}

function clear(words, problem) {
  $("#options").replaceChildren();
  $("#details").replaceChildren();
  $("#ticket").replaceChildren();
  shown = "";
  lookup = "";
  choose(0);
  if (problem) explain(problem);
  else tell(words);
}

function choose(index) {
  const options = [...$("#options").children];
  chosen = Math.max(0, Math.min(index, options.length - 1));
  options.forEach((option, i) => option.setAttribute("aria-selected", String(i === chosen)));
  [...$("#details").children].forEach((one, i) => { one.hidden = i !== chosen; });
  $("#options").hidden = $("#detail").hidden = options.length === 0;
  const ruling = [$("#query"), $("#options")];
  if (!options.length) {
    ruling.forEach((one) => one.removeAttribute("aria-activedescendant"));
    return;
  }
  ruling.forEach((one) => one.setAttribute("aria-activedescendant", options[chosen].id));
  options[chosen].scrollIntoView({ block: "nearest" });
}

/* what can be done with a result */

async function copyScript() {
  const one = $("#details").children[chosen];
  if (one && !one.dataset.copied) tell(texts.not_to_read);
  else if (one) tell((await copy(one.dataset.copied)) ? texts.copied : texts.copy_failed);
}

async function copyReply() {
  tell((await copy($("#reply").textContent)) ? texts.reply_copied : texts.copy_failed);
}

async function close(outcome) {
  const one = $("#details").children[chosen];
  if (!lookup || !one) {
    tell(texts.nothing_to_keep);
    return;
  }
  const { source, script } = one.dataset;
  try {
    const { query } = JSON.parse(shown);
    const body = { id: lookup, call, query, source: source.slice(0, 80), script, outcome };
    const { recent } = await post("desk/outcome", body);
    const told = $(`[data-outcome="${outcome}"]`).textContent;
    $("#recent").innerHTML = recent;
    note(query, told);
    tell(texts.kept.replace("{outcome}", told));
  } catch (problem) {
    explain(problem);
  }
}

/* the call: what was asked in it, so that what comes next may lean on it */

function note(query, outcome = "") {
  if (!query) return;
  const known = asked.find((one) => one.query === query);
  if (known) known.outcome = outcome || known.outcome;
  else asked.push({ query, outcome });
  drawCall();
}

function drawCall() {
  $("#call-empty").hidden = asked.length > 0;
  $("#call").replaceChildren(...asked.map(({ query, outcome }) => {
    const item = document.createElement("li");
    const again = document.createElement("button");
    const end = document.createElement("span");
    again.type = "button";
    again.dataset.again = query;
    again.textContent = query.length > 60 ? `${query.slice(0, 60)}…` : query;
    end.className = "outcome";
    end.textContent = outcome;
    item.append(again, " ", end);
    return item;
  }));
}

/** Remember what was asked and make room for what is asked next; what was found stays till then. */
function goOn() {
  const query = $("#query").value.trim();
  if (!query) return;
  note(query);
  $("#query").select();
  tell(texts.noted);
}

/** The next call. */
function fresh() {
  if (running) running.abort();
  running = null;
  waiting = false;
  call = number();
  asked = [];
  drawCall();
  $("#finder").reset();
  clear(texts.start);
  $("#query").focus();
}

/** 32 hexadecimal digits; a page without TLS has no randomUUID. */
function number() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/* keys and clicks */

const outcomes = () => [...document.querySelectorAll("[data-outcome]")];
const withAlt = {
  KeyC: copyScript,
  KeyO: () => { const link = $('.found-one:not([hidden]) [data-act="source"]'); if (link) link.click(); },
  Digit1: () => outcomes()[0].click(),
  Digit2: () => outcomes()[1].click(),
  Digit3: () => outcomes()[2].click(),
};

/** Whether the arrows choose among the results: in a text of several lines they move within it. */
const inLine = (target) => target.id === "options" || (target.id === "query" && !target.value.includes("\n"));

function press(event) {
  if (event.isComposing || event.keyCode === 229) return; // the key belongs to the input method
  const typing = event.target.matches("input[type=text], textarea");
  if ((event.key === "/" && !typing) || (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey))) {
    event.preventDefault();
    $("#query").focus();
    $("#query").select();
  } else if (event.altKey && withAlt[event.code]) {
    event.preventDefault();
    withAlt[event.code]();
  } else if (event.key === "Escape") {
    fresh();
  } else if (event.target.id === "query" && event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    goOn();
  } else if (inLine(event.target) && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
  }
}

function act(event) {
  const target = event.target;
  const option = target.closest("#options [role=option]");
  const again = target.closest("[data-again]");
  const outcome = target.closest("[data-outcome]");
  if (option) choose([...option.parentElement.children].indexOf(option));
  if (target.closest('[data-act="copy"]')) copyScript();
  if (target.closest('[data-act="copy-reply"]')) copyReply();
  if (target.closest('[data-act="new-call"]')) fresh();
  if (outcome) close(outcome.dataset.outcome);
  if (again) {
    $("#query").value = again.dataset.again;
    $("#query").focus();
    search();
  }
}

/* Gradio draws the page when its own scripts have run. */
const drawn = () => $("#page.desk #finder");
if (drawn()) begin();
else {
  const watcher = new MutationObserver(() => {
    if (!drawn()) return;
    watcher.disconnect();
    begin();
  });
  watcher.observe(document.documentElement, { childList: true, subtree: true });
}
