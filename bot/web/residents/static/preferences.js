/* Mode, size, colours and reading speed: set before the page is drawn, remembered in this browser. */
(() => {
  "use strict";
  const KEY = "display";
  const LARGEST = 4;
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const chosen = { mode: "standard", theme: "auto", size: 0, speed: "normal", tap: false, ...read() };

  function read() {
    try {
      return JSON.parse(localStorage.getItem(KEY)) || {};
    } catch (unreadable) {
      return {};
    }
  }

  function write() {
    try {
      localStorage.setItem(KEY, JSON.stringify(chosen));
    } catch (refused) {
      /* a browser that stores nothing still shows the page */
    }
  }

  function apply() {
    root.lang = "zh-CN";
    root.dataset.mode = chosen.mode;
    root.dataset.size = String(chosen.size);
    root.dataset.speed = chosen.speed;
    root.toggleAttribute("data-tap", chosen.tap);
    root.dataset.theme = chosen.theme === "auto" ? (dark.matches ? "dark" : "light") : chosen.theme;
    if (window.top !== window) root.dataset.embedded = "";
    press('[data-act="elder"]', () => chosen.mode === "elder");
    press('[data-act="tap"]', () => chosen.tap);
    press('[data-act="theme"]', (button) => button.dataset.value === chosen.theme);
    press('[data-act="speed"]', (button) => button.dataset.value === chosen.speed);
  }

  function press(selector, isPressed) {
    for (const button of document.querySelectorAll(selector)) {
      button.setAttribute("aria-pressed", String(isPressed(button)));
    }
  }

  const changes = {
    elder: () => { chosen.mode = chosen.mode === "elder" ? "standard" : "elder"; },
    tap: () => { chosen.tap = !chosen.tap; },
    smaller: () => { chosen.size = Math.max(0, chosen.size - 1); },
    larger: () => { chosen.size = Math.min(LARGEST, chosen.size + 1); },
    theme: (button) => { chosen.theme = button.dataset.value; },
    speed: (button) => { chosen.speed = button.dataset.value; },
  };

  document.addEventListener("click", (event) => {
    const panel = document.querySelector(".display[open]");
    if (panel && !panel.contains(event.target)) panel.open = false;
    const button = event.target.closest("[data-act]");
    const change = button && changes[button.dataset.act];
    if (!change) return;
    change(button);
    write();
    apply();
  });

  document.addEventListener("keydown", (event) => {
    const panel = document.querySelector(".display[open]");
    if (event.key !== "Escape" || !panel) return;
    panel.open = false;
    panel.querySelector("summary").focus();
  });

  const asked = new URLSearchParams(location.search);
  if (["elder", "standard"].includes(asked.get("mode"))) {
    chosen.mode = asked.get("mode");
    write();
  }
  if (["auto", "light", "dark", "contrast"].includes(asked.get("theme"))) chosen.theme = asked.get("theme");
  dark.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", apply);
  document.addEventListener("page-drawn", apply);
  apply();
})();
