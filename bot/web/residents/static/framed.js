/* The light page within the widget's frame: the focus goes on to the question, other pages open in tabs of their own. */

const { origin } = document.querySelector("#conversation").dataset;

window.addEventListener("message", ({ source, origin: from, data }) => {
  if (source !== window.parent || from !== origin || !data) return;
  if (data.source === "wenzheng-youju" && data.version === 1 && data.type === "focus") document.querySelector("#question").focus();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]:not([data-act])");
  if (link && link.protocol.startsWith("http") && link.pathname !== location.pathname) link.target = "_blank";
}, true);
