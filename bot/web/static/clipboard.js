/* Copying: whole answers with their sources, and the label with whatever part of an answer is copied. */

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
