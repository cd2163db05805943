/* Tells the page that embeds us, and no other, that the service answers. */
if (document.documentElement.dataset.origin && window.parent !== window) {
  window.parent.postMessage({ source: "wenzheng-youju", version: 1, type: "alive" }, document.documentElement.dataset.origin);
}
