/* The report: the passage in the address is brought into view and gets the focus. */

function show() {
  const passage = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!passage) return;
  passage.focus({ preventScroll: true });
  (passage.querySelector("mark") || passage).scrollIntoView({ block: "center" });
}

window.addEventListener("hashchange", show);
window.addEventListener("load", show);
