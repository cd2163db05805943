() => {
  document.documentElement.lang = "zh-CN";
  // A new answer comes into view under the question that asked for it; the page stays where it is otherwise.
  const log = document.querySelector("#conversation");
  if (!log) return;
  let turns = 0;
  new MutationObserver(() => {
    const all = log.querySelectorAll(".turn");
    if (all.length > turns) all[all.length - 1].scrollIntoView({ block: "start" });
    turns = all.length;
  }).observe(log, { childList: true, subtree: true });
}
