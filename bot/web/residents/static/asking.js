/* A question: written in the box at the bottom of the screen, sent to the server, its answer received piece by piece. */

/* the box */

const NEARLY = 0.8;
const $ = (selector) => document.querySelector(selector);
const root = document.documentElement;

/** Make the box work. `texts` are the page's, `limit` is how many characters a question may have; `send(text)` asks. */
export function compose(texts, limit, send) {
  const box = $("#question");
  const form = $("#composer");
  const written = () => {
    count(texts, limit);
    grow(box);
  };
  form.noValidate = true; // the page says in its own words what is missing
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(box.value);
  });
  box.addEventListener("keydown", (event) => {
    // 229: the key belongs to the input method, in browsers that do not set isComposing.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send(box.value);
  });
  box.addEventListener("input", written);
  box.addEventListener("input", () => {
    import("./suggest.js").then(({ suggest }) => suggest(texts, send), () => {}); // one can ask without
  }, { once: true });
  new ResizeObserver(() => root.style.setProperty("--dock", `${form.offsetHeight}px`)).observe(form);
  stayAboveTheKeyboard();
  written();
}

/** Put words into the box, as if they had been typed. */
export function write(words) {
  const box = $("#question");
  box.value = words;
  box.dispatchEvent(new Event("input"));
}

function count(texts, limit) {
  const over = $("#question").value.length - limit;
  const line = $("#count");
  line.classList.toggle("over", over > 0);
  if (over > 0) line.textContent = texts.over.replace("{count}", over);
  else if (over > -limit * (1 - NEARLY)) line.textContent = texts.left.replace("{count}", -over);
  else line.textContent = "";
}

/* One line, growing to four: where the browser does not do so itself (field-sizing). */
function grow(box) {
  if (CSS.supports("field-sizing", "content")) return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + box.offsetHeight - box.clientHeight}px`;
}

/* A keyboard on the screen covers what is fixed at its bottom, unless the browser makes the page smaller. */
function stayAboveTheKeyboard() {
  const seen = window.visualViewport;
  if (!seen) return;
  const lift = () => {
    const hidden = seen.scale > 1.01 ? 0 : Math.max(0, window.innerHeight - seen.height - seen.offsetTop);
    root.style.setProperty("--keyboard", `${hidden}px`);
  };
  seen.addEventListener("resize", lift);
  seen.addEventListener("scroll", lift);
}

/* the server */

/** Why no answer came: `kind` names a text of the page; `message` is the server's own sentence, where it gave one. */
export class Failure extends Error {
  constructor(kind, message = "", seconds = 0) {
    super(message || kind);
    this.kind = kind;
    this.said = message;
    this.seconds = seconds;
  }
}

/** The server-sent events of a POST as {name, data}. Throws Failure, or AbortError when `signal` stopped it. */
export async function* ask(body, signal) {
  const reply = await post("turn", body, signal);
  const reader = reply.body.getReader();
  const decoder = new TextDecoder();
  let held = "";
  for (;;) {
    const { done, value } = await reader.read().catch((problem) => {
      throw signal.aborted ? problem : new Failure("broken");
    });
    if (done) return;
    held += decoder.decode(value, { stream: true });
    const blocks = held.split("\n\n");
    held = blocks.pop();
    // A comment keeps the connection alive and says nothing.
    for (const block of blocks) if (!block.startsWith(":")) yield parse(block);
  }
}

/** POST JSON and return the reply. Throws Failure for every reply that is not a success. */
export async function post(path, body, signal) {
  const headers = { "Content-Type": "application/json" };
  let reply;
  try {
    reply = await fetch(path, { method: "POST", headers, body: JSON.stringify(body), signal });
  } catch (problem) {
    if (signal && signal.aborted) throw problem;
    throw new Failure(navigator.onLine ? "down" : "offline");
  }
  if (!reply.ok) throw await failure(reply);
  return reply;
}

async function failure(reply) {
  const seconds = Number(reply.headers.get("Retry-After")) || 5;
  if (reply.status === 429) return new Failure("busy", "", seconds);
  const body = await reply.json().catch(() => ({}));
  const said = body.error && body.error.message;
  return said && reply.status < 500 ? new Failure("refused", said) : new Failure("down");
}

function parse(block) {
  const fields = new Map(block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]));
  return { name: fields.get("event"), data: JSON.parse(fields.get("data")) };
}

/** The number of this tab's session, made here; empty where the browser stores nothing. */
export function session() {
  try {
    const known = sessionStorage.getItem("session");
    if (known) return known;
    const made = [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
    sessionStorage.setItem("session", made);
    return made;
  } catch (refused) {
    return "";
  }
}
