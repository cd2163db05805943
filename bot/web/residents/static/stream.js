/* One question to the server, and what comes back piece by piece. */

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
