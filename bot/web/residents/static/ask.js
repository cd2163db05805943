/* The conversation: asking, showing what comes, and what can be done with an answer. */

import {
  closeTerm, copy, forget, keep, keepLabels, keepOnLeaving, keepsTalks, leadOn, openQuote, printAlone, rate, recall,
  share, tellWhenHidden, toggleTerm,
} from "./answers.js";
import { ask, compose, Failure, session, write } from "./asking.js";

const SLOW_MS = 4000;
const TURNS_SENT = 6;
const OURS = { source: "wenzheng-youju", version: 1 };
const $ = (selector, within = document) => within.querySelector(selector);
let texts;
let limit;
let running = null;
let speech = null;
let tellParent = () => {};

function begin() {
  const conversation = $("#conversation");
  texts = JSON.parse(conversation.dataset.texts);
  limit = Number(conversation.dataset.limit);
  document.dispatchEvent(new Event("page-drawn"));
  const announced = $("#announcements");
  if (announced) import("./announcement.js").then(({ announce }) => announce(announced), () => {});
  keepLabels();
  compose(texts, limit, send);
  $("#stop").addEventListener("click", () => running && running.abort());
  $("#fresh").addEventListener("click", fresh);
  document.addEventListener("click", act);
  document.addEventListener("keydown", escape);
  document.addEventListener("submit", (event) => event.target.matches(".reason") && rate.reason(event, texts, remember));
  recall($("#turns"), settle);
  listSaved();
  keepOnLeaving($("#turns"));
  listenToParent(conversation.dataset.origin);
  askFromAddress();
  $("#composer").dataset.ready = "";
}

/* Where another page embeds us through the widget: it may hand over a question, and hears how it ended. */
function listenToParent(origin) {
  if (!origin || window.parent === window) return;
  tellParent = (type, data) => window.parent.postMessage({ ...OURS, type, ...data }, origin);
  window.addEventListener("message", (event) => {
    const { data } = event;
    if (event.source !== window.parent || event.origin !== origin || !data) return;
    if (data.source === OURS.source && data.version === OURS.version && data.type === "ask") send(String(data.question));
  });
  tellParent("ready");
}

/* what the address asks: /?q=… */
function askFromAddress() {
  const address = new URL(location.href);
  const question = (address.searchParams.get("q") || "").trim();
  if (!question) return;
  address.searchParams.delete("q");
  history.replaceState(null, "", address);
  send(question);
}

async function send(written) {
  const box = $("#question");
  const question = written.trim();
  if (!question) $("#count").textContent = texts.empty;
  if (!question || question.length > limit) {
    box.focus();
    return;
  }
  if (running) running.abort();
  if (speech) speech.stopSpeech();
  const stopper = new AbortController();
  running = stopper;
  const body = { question, history: earlier(), session: session() };
  const turn = pending(question);
  write("");
  settle();
  place(turn);
  const slow = setTimeout(() => why(turn, texts.slow), SLOW_MS);
  try {
    await receive(turn, body, stopper.signal, slow);
  } catch (problem) {
    if (stopper.signal.aborted) halt(turn, texts.stopped, $(".text", turn).textContent ? texts.stopped_text : texts.stopped_empty);
    else fail(turn, problem, question);
  } finally {
    clearTimeout(slow);
    if (running === stopper) running = null;
    settle();
  }
}

async function receive(turn, body, signal, slow) {
  let finished = false;
  for await (const { name, data } of ask(body, signal)) {
    clearTimeout(slow);
    if (name === "waiting") why(turn, data.text);
    if (name === "sentence") add(turn, data.text);
    if (name === "turn") {
      finish(turn, data.html);
      finished = true;
    }
  }
  if (!finished) throw new Failure("broken");
}

function pending(question) {
  const turn = $("#pending").content.firstElementChild.cloneNode(true);
  $(".words", turn).textContent = question;
  $(".why", turn).textContent = texts.searching;
  $("#turns").append(turn);
  $("#state").textContent = texts.searching;
  return turn;
}

/* Where the reader goes on: a keyboard in the question box, a finger at the question just asked. */
function place(turn) {
  if (matchMedia("(pointer: coarse)").matches) turn.focus({ preventScroll: true });
  else $("#question").focus({ preventScroll: true });
  turn.scrollIntoView({ block: "start" });
}

function why(turn, words) {
  $(".why", turn).textContent = words;
  $("#state").textContent = words;
}

function add(turn, sentence) {
  $(".label", turn).textContent = texts.writing;
  $(".text", turn).textContent += sentence;
}

/* `html` is the server's own template, in which every word of a person, a model or a document is escaped. */
function finish(turn, html) {
  const held = document.createElement("template");
  held.innerHTML = html;
  const answered = held.content.firstElementChild;
  const focused = turn.contains(document.activeElement);
  const inSight = turn.getBoundingClientRect().top >= 0;
  turn.replaceWith(answered);
  if (inSight) answered.scrollIntoView({ block: "start" }); // the page was too short for that while it waited
  if (focused) answered.focus({ preventScroll: true });
  $("#state").textContent = "";
  const told = document.createElement("p");
  told.textContent = answered.dataset.spoken;
  $("#announcer").replaceChildren(told);
  tellParent("answered", { status: answered.dataset.status });
  remember();
  leadOn(answered, remember);
  tellWhenHidden(texts.answered_title);
}

function fail(turn, problem, question) {
  const failure = problem instanceof Failure ? problem : new Failure("broken");
  const words = failure.said || texts[failure.kind].replace("{seconds}", failure.seconds);
  halt(turn, texts.failed, words);
  const box = $("#question");
  if (!box.value && failure.kind === "refused") {
    write(question);
  }
}

function halt(turn, label, words) {
  const said = $(".text", turn);
  turn.removeAttribute("aria-busy");
  $(".answer", turn).classList.add("stopped");
  $(".label", turn).textContent = said.textContent ? `${label} · ${$(".label", turn).textContent}` : label;
  $(".dots", turn).remove();
  why(turn, words);
  $(".actions", turn).hidden = false;
}

/* Buttons and facts follow from whether something runs and something was asked. */
function settle() {
  const asked = Boolean($("#turns").children.length);
  $("#stop").hidden = !running;
  $("#send").hidden = Boolean(running);
  $("#conversation-tools").hidden = !last();
  $("#welcome").hidden = asked;
  document.documentElement.toggleAttribute("data-talk", asked);
  document.documentElement.toggleAttribute("data-answered", Boolean(last()));
  if (last() && !speech) hear();
}

/* Nothing is read aloud before there is an answer: what reads is loaded then, and a first visit stays light. */
async function hear() {
  const loaded = await import("./speech.js").catch(() => null);
  if (!loaded || speech) return;
  speech = loaded;
  speech.prepareSpeech();
}

/* Talks kept on request: what keeps them is loaded when there are any, or one is to be kept. */
const saved = () => import("./saved.js");
let saving = Promise.resolve();

function saveTalk(button) {
  saving = saved()
    .then(({ save }) => save($("#turns")))
    .catch(() => false)
    .then((kept) => told(button, kept ? texts.saved : texts.save_failed));
}

async function listSaved() {
  if (!keepsTalks()) return;
  (await saved()).show($("#saved"), texts, (html) => {
    $("#turns").innerHTML = html;
    settle();
    remember();
  });
}

function earlier() {
  return [...document.querySelectorAll("#turns > .turn[data-answer]")].slice(-TURNS_SENT).flatMap((turn) => [
    { role: "user", content: $(".words", turn).textContent },
    { role: "assistant", content: turn.dataset.answer },
  ]);
}

function remember() {
  keep($("#turns"));
}

async function fresh() {
  await saving; // the talk that is asked to be kept is gone from here afterwards
  if (running) running.abort();
  if (speech) speech.stopSpeech();
  $("#turns").replaceChildren();
  $("#announcer").replaceChildren();
  forget();
  settle();
  listSaved();
  $("#state").textContent = texts.fresh_done;
  $("#question").focus();
}

async function copied(button, text) {
  told(button, (await copy(text)) ? texts.copied : texts.copy_failed);
}

/* What became of it, for a moment in place of the button's name. */
function told(button, words) {
  const { textContent, ariaLabel } = button;
  Object.assign(button, { textContent: words, ariaLabel: null });
  $("#state").textContent = words;
  setTimeout(() => Object.assign(button, { textContent, ariaLabel }), 2500);
}

function retry(turn) {
  const question = $(".words", turn).textContent;
  turn.remove();
  send(question);
}

function escape(event) {
  if (event.key !== "Escape" || event.isComposing || closeTerm()) return;
  const { cameFrom } = event.target;
  if (cameFrom && cameFrom.isConnected) cameFrom.focus();
  else if (running) running.abort();
  else tellParent("escape");
}

function listen(turn, button) {
  speech.toggleSpeech(turn, (words) => { button.textContent = words; }, texts, button.textContent);
}

const last = () => $("#turns > .turn[data-spoken]:last-child");

const acts = {
  example: (link) => send($(".asks", link).textContent),
  mark: openQuote,
  term: (button) => toggleTerm(button, texts),
  "close-term": closeTerm,
  retry: (button) => retry(button.closest(".turn")),
  copy: (button) => copied(button, button.closest(".turn").dataset.copied),
  handoff: (button) => copied(button, button.closest(".turn").dataset.handoff),
  print: (button) => printAlone(button.closest(".turn")),
  share: (button) => share(button.closest(".turn"), (link) => copied(button, link)),
  save: saveTalk,
  listen: (button) => listen(button.closest(".turn"), button),
  "listen-last": (button) => listen(last(), button),
  useful: (button) => rate.useful(button, texts, remember),
  useless: (button) => rate.useless(button, texts, remember),
};

function act(event) {
  const actor = event.target.closest("[data-act]");
  const action = actor && acts[actor.dataset.act];
  if (!action || event.ctrlKey || event.metaKey) return;
  if (actor.matches("a")) event.preventDefault();
  action(actor);
}

/* The page's frame is drawn by a script of its own: begin when the question box is there. */
function whenDrawn() {
  if ($("#composer")) {
    begin();
    return;
  }
  const watch = new MutationObserver(() => {
    if (!$("#composer")) return;
    watch.disconnect();
    begin();
  });
  watch.observe(document.documentElement, { childList: true, subtree: true });
}

whenDrawn();
