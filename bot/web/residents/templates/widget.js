/* One line on a portal's page: a button that opens the questions and answers in a frame of their own.
   <script src="https://HOST/widget.js" defer></script>; data-title, -position, -color, -elder, -open are optional. */
(() => {
  "use strict";
  const NAME = "WenZhengYouJu";
  const SOURCE = "wenzheng-youju";
  const VERSION = 1;
  const ALIVE_MS = 8000;
  const WORDS = {
    title: {{ title | tojson }},
    close: {{ text.widget_close | tojson }},
    down: {{ text.widget_down | tojson }},
    call: {{ text.call.format(phone=site.hotline.phone) | tojson }},
    phone: {{ site.hotline.phone | tojson }},
  };
  const script = document.currentScript;
  if (window[NAME] || !script) return;

  const host = new URL(".", script.src);
  const options = read(script.dataset);
  const listeners = new Map();
  const parts = {};
  let state = "waiting";
  let ready = false;
  let asked = null;

  function read(data) {
    const one = (name, allowed, otherwise) => {
      const value = data[name];
      if (value === undefined || allowed.includes(value)) return value || otherwise;
      console.warn(`${NAME}: data-${name}="${value}" is not one of ${allowed.join(", ")}; "${otherwise}" is used`);
      return otherwise;
    };
    return {
      title: (data.title || "").trim().slice(0, 40) || WORDS.title,
      position: one("position", ["bottom-right", "bottom-left"], "bottom-right"),
      elder: one("elder", ["auto", "on", "off"], "auto"),
      open: one("open", ["true", "false"], "false") === "true",
      color: colour(data.color),
    };
  }

  /* White text must be readable on it (WCAG 2.2, 1.4.3): at least 4.5 to 1. */
  function colour(value) {
    const usual = "#9b1c17";
    if (value === undefined) return usual;
    if (/^#[0-9a-f]{6}$/i.test(value) && 1.05 / (luminance(value) + 0.05) >= 4.5) return value;
    console.warn(`${NAME}: data-color="${value}" is not #rrggbb, or too light for white text; "${usual}" is used`);
    return usual;
  }

  function luminance(hex) {
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }

  const STYLE = `
    :host { all: initial !important; display: block !important; position: fixed !important; }
    * { box-sizing: border-box; font-family: system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
    .launcher, .panel { position: fixed; z-index: 2147483000; }
    .launcher { %side%: 20px; bottom: 20px; min-width: 60px; min-height: 60px; padding: 0 20px; border: 2px solid #fff; border-radius: 30px;
      background: %color%; color: #fff; font-size: 18px; font-weight: 700; cursor: pointer; text-decoration: none;
      display: inline-flex; align-items: center; box-shadow: 0 3px 12px rgba(0, 0, 0, .3); }
    .panel { %side%: 20px; bottom: 92px; width: min(420px, calc(100vw - 40px)); height: min(680px, calc(100vh - 112px)); display: flex;
      flex-direction: column; background: #fff; border: 1px solid #6f675e; border-radius: 12px; overflow: hidden; box-shadow: 0 8px 32px rgba(0, 0, 0, .3); }
    .bar { display: flex; align-items: center; justify-content: space-between; gap: 8px; padding: 0 4px 0 16px; background: %color%; color: #fff; font-size: 18px; font-weight: 700; }
    .close { min-width: 48px; min-height: 48px; border: 0; background: transparent; color: #fff; cursor: pointer; font-size: 16px; }
    iframe { flex: 1; width: 100%; border: 0; background: #f7f4ef; }
    .down { padding: 24px; font-size: 18px; line-height: 1.7; color: #1c1917; }
    .down a { color: #8f1914; font-weight: 700; }
    [hidden] { display: none !important; }
    :focus-visible { outline: 3px solid #1d4ed8; outline-offset: 2px; }
    @media (max-width: 520px) { .panel { left: 0; right: 0; bottom: 0; width: 100vw; height: 100vh; height: 100dvh; border: 0; border-radius: 0; } }
    @media (forced-colors: active) { .launcher, .panel { border: 2px solid ButtonText; } }
    @media print { .launcher, .panel { display: none; } }`;

  function element(name, attributes = {}, words = "") {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.textContent = words;
    return made;
  }

  function build() {
    parts.home = element("div", { "data-widget": SOURCE });
    const shadow = parts.home.attachShadow({ mode: "open" });
    dress(shadow);
    const told = { "aria-expanded": "false", "aria-controls": "panel", "aria-haspopup": "dialog" };
    parts.launcher = element("button", { type: "button", class: "launcher", ...told }, options.title);
    parts.launcher.addEventListener("click", () => (parts.panel.hidden ? open() : close()));
    parts.panel = panel();
    shadow.addEventListener("keydown", (event) => event.key === "Escape" && close());
    shadow.append(parts.launcher, parts.panel);
    parts.shadow = shadow;
    document.body.append(parts.home);
    raise();
    lookWhetherAlive();
    if (options.open) show();
  }

  /* In the top layer nothing of the host page (filter, transform, z-index) decides where a fixed element stands. */
  function raise() {
    if (!parts.home.showPopover) return;
    parts.home.popover = "manual";
    parts.home.showPopover();
  }

  /* A constructed sheet is not inline style: it passes a host's strict policy. */
  function dress(shadow) {
    const side = options.position === "bottom-left" ? "left" : "right";
    const rules = STYLE.replaceAll("%side%", side).replaceAll("%color%", options.color);
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(rules);
      shadow.adoptedStyleSheets = [sheet];
    } catch (old) {
      shadow.append(element("style", {}, rules));
    }
  }

  function address(path) {
    const url = new URL(path, host);
    url.searchParams.set("origin", location.origin);
    return url;
  }

  /* A hidden frame asks whether the service answers: unlike a request it leaves no error in the host page. */
  function lookWhetherAlive() {
    parts.ping = element("iframe", { src: address("ping").href, title: WORDS.title, "aria-hidden": "true", tabindex: "-1", hidden: "" });
    parts.shadow.append(parts.ping);
    setTimeout(() => state === "waiting" && down(), ALIVE_MS);
  }

  function down() {
    state = "down";
    const link = element("a", { class: "launcher", href: `tel:${WORDS.phone}` }, WORDS.call);
    parts.launcher.replaceWith(link);
    parts.launcher = link;
    if (parts.frame) {
      const told = element("p", { class: "down", role: "alert" }, `${WORDS.down} `);
      told.append(element("a", { href: `tel:${WORDS.phone}` }, WORDS.call));
      parts.frame.replaceWith(told);
    }
    tell("error", { reason: "down" });
  }

  function panel() {
    const made = element("div", { id: "panel", class: "panel", role: "dialog", "aria-label": options.title, hidden: "" });
    const bar = element("div", { class: "bar" });
    const shut = element("button", { type: "button", class: "close", "aria-label": WORDS.close }, "✕");
    shut.addEventListener("click", close);
    bar.append(element("span", {}, options.title), shut);
    made.append(bar);
    return made;
  }

  /* The frame is loaded when it is first wanted. */
  function frame() {
    const page = address("lite");
    if (options.elder !== "auto") page.searchParams.set("mode", options.elder === "on" ? "elder" : "standard");
    return element("iframe", { src: page.href, title: options.title, allow: "clipboard-write" });
  }

  function show() {
    if (!parts.frame) parts.panel.append((parts.frame = frame()));
    parts.panel.hidden = false;
    parts.launcher.setAttribute("aria-expanded", "true");
    tell("open");
  }

  function open() {
    if (state === "down") return;
    if (parts.panel.hidden) show();
    parts.frame.focus();
    if (ready) post("focus");
  }

  function close() {
    if (parts.panel.hidden) return;
    parts.panel.hidden = true;
    if (state !== "down") parts.launcher.setAttribute("aria-expanded", "false");
    parts.launcher.focus();
    tell("close");
  }

  function ask(question) {
    asked = String(question).slice(0, 300);
    open();
    if (ready) deliver();
  }

  function deliver() {
    if (asked === null) return;
    post("ask", { question: asked });
    asked = null;
  }

  function post(type, data = {}) {
    parts.frame.contentWindow.postMessage({ source: SOURCE, version: VERSION, type, ...data }, host.origin);
  }

  function on(name, listener) {
    listeners.set(name, [...(listeners.get(name) || []), listener]);
  }

  function tell(name, detail = {}) {
    for (const listener of listeners.get(name) || []) {
      try {
        listener(detail);
      } catch (failed) {
        console.warn(`${NAME}: a listener of "${name}" failed`, failed);
      }
    }
  }

  const heard = {
    alive: () => { state = "alive"; },
    ready: () => {
      ready = true;
      state = "alive";
      if (parts.shadow.activeElement === parts.frame) post("focus");
      tell("ready");
      deliver();
    },
    escape: close,
    answered: (data) => tell("answered", { status: String(data.status) }),
  };

  window.addEventListener("message", (event) => {
    const { data } = event;
    const ours = [parts.ping, parts.frame].some((frame) => frame && frame.contentWindow === event.source);
    if (!ours || event.origin !== host.origin || !data || data.source !== SOURCE || data.version !== VERSION) return;
    if (Object.prototype.hasOwnProperty.call(heard, data.type)) heard[data.type](data);
  });

  Object.defineProperty(window, NAME, { value: Object.freeze({ version: VERSION, open, close, ask, on }) });
  if (document.body) build();
  else document.addEventListener("DOMContentLoaded", build);
})();
