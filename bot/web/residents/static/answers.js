/* What can be done with a finished answer: check, copy, rate, go on, and keep it while the page is left. */

import { post } from "./asking.js";

/* sources and annotated words */

/** Lead from a mark to the words it stands for: what folds them away is opened, and they get the focus. */
export function openQuote(mark) {
  const quote = document.getElementById(mark.getAttribute("aria-controls"));
  for (let around = quote.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
  quote.cameFrom = mark;
  quote.focus({ preventScroll: true });
  quote.scrollIntoView({ block: "center", behavior: "instant" });
}

/** Explain an annotated word where it stands; or close its explanation. */
export function toggleTerm(button, texts) {
  const opened = button.getAttribute("aria-expanded") === "true";
  closeTerm();
  if (opened) return;
  const gloss = document.createElement("span");
  const close = document.createElement("button");
  gloss.className = "gloss";
  gloss.textContent = texts.gloss.replace("{name}", button.textContent).replace("{explanation}", button.dataset.gloss);
  close.type = "button";
  close.dataset.act = "close-term";
  close.textContent = texts.close;
  gloss.append(close);
  button.after(gloss);
  button.setAttribute("aria-expanded", "true");
  document.querySelector("#state").textContent = button.dataset.gloss;
}

/** Close the open explanation; whether there was one. */
export function closeTerm() {
  const button = document.querySelector('.term[aria-expanded="true"]');
  if (!button) return false;
  button.setAttribute("aria-expanded", "false");
  if (button.nextElementSibling && button.nextElementSibling.matches(".gloss")) button.nextElementSibling.remove();
  button.focus({ preventScroll: true });
  return true;
}

/* what leads on */

/** Fill in the questions that lead on from a turn, but those that were asked already; then `filled()`. */
export async function leadOn(turn, filled) {
  const place = turn.querySelector(".next[data-next]");
  if (!place) return;
  const reply = await fetch(`api/next?${place.dataset.next}`).catch(() => null);
  if (!reply || !reply.ok || !place.isConnected) return;
  const asked = new Set([...document.querySelectorAll("#turns .words")].map((words) => words.textContent));
  const questions = (await reply.json()).questions.filter((question) => !asked.has(question));
  place.querySelector("ul").replaceChildren(...questions.map(asLink));
  place.hidden = !questions.length;
  filled();
}

function asLink(question) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  const asks = document.createElement("span");
  link.href = `./?${new URLSearchParams({ q: question })}`;
  link.dataset.act = "example";
  asks.className = "asks";
  asks.textContent = question;
  link.append(asks);
  item.append(link);
  return item;
}

/* copying */

/** Copy a text; resolves to whether it worked. A page without TLS has no clipboard API: the old way is tried. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (refused) {
    return copyTheOldWay(text);
  }
}

function copyTheOldWay(text) {
  const before = document.activeElement;
  const box = document.createElement("textarea");
  box.value = text;
  box.className = "unseen";
  document.body.append(box);
  box.select();
  const worked = document.execCommand("copy");
  box.remove();
  if (before) before.focus();
  return worked;
}

/** Add label and document to every copied part of an answer that does not hold its label. */
export function keepLabels() {
  document.addEventListener("copy", (event) => {
    const selection = document.getSelection();
    if (selection.isCollapsed || event.target.closest("textarea, input")) return;
    const unlabelled = [...document.querySelectorAll(".turn .answer")].filter((answer) => {
      const label = answer.querySelector(".label");
      return selection.containsNode(answer, true) && label.textContent && !selection.containsNode(label, true);
    });
    if (!unlabelled.length) return;
    const labels = unlabelled.map((answer) => answer.dataset.stamp);
    event.clipboardData.setData("text/plain", [selection.toString(), ...new Set(labels)].join("\n"));
    event.preventDefault();
  });
}

/* passing it on */

/** Pass on the link that asks a turn's question: by what the device offers, or else `copied(link)`. */
export function share(turn, copied) {
  const question = turn.querySelector(".words").textContent;
  const link = new URL(`./?${new URLSearchParams({ q: question })}`, location.href).href;
  if (navigator.share) navigator.share({ title: document.title, text: question, url: link }).catch(() => {});
  else copied(link);
}

/** Print one turn and nothing else, its folded items with it. */
export function printAlone(turn) {
  turn.querySelectorAll(".more").forEach((folded) => { folded.open = true; });
  document.documentElement.dataset.printing = "";
  turn.classList.add("printed");
  window.addEventListener("afterprint", () => {
    delete document.documentElement.dataset.printing;
    turn.classList.remove("printed");
  }, { once: true });
  window.print();
}

let title = ""; // the tab's own, while another stands in its place

/** Say in the name of the tab that there is an answer, until it is looked at. */
export function tellWhenHidden(words) {
  if (!document.hidden || title) return;
  title = document.title;
  document.title = words.replace("{title}", title);
  document.addEventListener("visibilitychange", () => {
    document.title = title;
    title = "";
  }, { once: true });
}

/* 有用 / 没用: sent once an answer; a reason may follow */

const parts = (element) => {
  const group = element.closest(".feedback");
  return {
    turn: element.closest(".turn"),
    buttons: [...group.querySelectorAll('[data-act="useful"], [data-act="useless"]')],
    form: group.querySelector(".reason"),
    thanks: group.querySelector(".thanks"),
  };
};

async function given(element, body, words, texts, remember) {
  const { turn, buttons, thanks } = parts(element);
  try {
    await post("api/feedback", { answer_id: turn.dataset.id, ...body });
  } catch (failed) {
    thanks.textContent = texts.feedback_failed;
    return false;
  }
  for (const button of buttons) {
    button.disabled = true;
    button.setAttribute("aria-pressed", String((button.dataset.act === "useful") === body.useful));
  }
  thanks.textContent = words;
  thanks.focus();
  remember();
  return true;
}

export const rate = {
  useful: (button, texts, remember) => given(button, { useful: true }, texts.thanks, texts, remember),

  async useless(button, texts, remember) {
    const { form } = parts(button);
    if (await given(button, { useful: false }, texts.thanks_why, texts, remember)) form.hidden = false;
  },

  async reason(event, texts, remember) {
    event.preventDefault();
    const form = event.target;
    const fields = new FormData(form);
    const body = { useful: false, reason: fields.get("reason") || "", comment: fields.get("comment") || "" };
    if (await given(form, body, texts.thanks, texts, () => {})) form.hidden = true;
    remember();
  },
};

/* the last turns, kept in this tab alone (sessionStorage): neither a reload nor a look at the report loses them */

const MEMORY = "turns";
const PLACE = "place";
const KEPT = 6;

/** Keep the finished turns of a list. */
export function keep(list) {
  const finished = [...list.querySelectorAll(":scope > .turn[data-id]")].slice(-KEPT);
  try {
    sessionStorage.setItem(MEMORY, finished.map((turn) => turn.outerHTML).join(""));
  } catch (full) {
    forget();
  }
}

/** Put what was kept back into the list; when `drawn()` has shown it, the page is where it was for who comes back. */
export function recall(list, drawn) {
  history.scrollRestoration = "manual"; // the browser would look for its place before the talk is drawn
  try {
    const held = document.createElement("template");
    held.innerHTML = sessionStorage.getItem(MEMORY) || "";
    list.append(held.content);
    drawn();
    const [visit] = performance.getEntriesByType("navigation");
    const place = Number(sessionStorage.getItem(PLACE));
    if (visit && visit.type !== "navigate") window.scrollTo({ top: place, behavior: "instant" });
  } catch (refused) {
    drawn(); // a browser that stores nothing begins anew
  }
}

/** Keep the turns, with what of them is unfolded, and the place of the page whenever it is left. */
export function keepOnLeaving(list) {
  window.addEventListener("pagehide", () => {
    keep(list);
    try {
      sessionStorage.setItem(PLACE, String(window.scrollY));
    } catch (refused) {
      /* it begins at its top, then */
    }
  });
}

/** Whether talks are kept in this browser on request (saved.js). */
export function keepsTalks() {
  try {
    return Boolean(localStorage.getItem("talks"));
  } catch (refused) {
    return false;
  }
}

/** Forget everything kept in this tab. */
export function forget() {
  try {
    sessionStorage.removeItem(MEMORY);
    sessionStorage.removeItem("talk");
  } catch (refused) {
    /* nothing was kept */
  }
}
