/* Privacy: what the server keeps of this tab's conversation, to be taken along or deleted. */

const row = document.querySelector("#session");
const texts = JSON.parse(row.dataset.texts);
const told = row.querySelector("[role=status]");

function number() {
  try {
    return sessionStorage.getItem("session");
  } catch (refused) {
    return null;
  }
}

async function ask(method) {
  const session = number();
  if (!session) throw new Error(texts.session_none);
  const reply = await fetch(`api/session/${session}`, { method });
  if (!reply.ok) throw new Error(texts.session_failed);
  return reply.json();
}

const acts = {
  async export() {
    const { turns } = await ask("GET");
    const file = new Blob([JSON.stringify(turns, null, 2)], { type: "application/json" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = "session.json";
    link.click();
    URL.revokeObjectURL(link.href);
  },

  async delete() {
    const { deleted } = await ask("DELETE");
    for (const kept of ["turns", "talk"]) sessionStorage.removeItem(kept);
    told.textContent = texts.session_deleted.replace("{count}", deleted);
  },
};

row.hidden = false;
row.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  try {
    told.textContent = "";
    await acts[button.dataset.act]();
  } catch (problem) {
    told.textContent = Object.values(texts).includes(problem.message) ? problem.message : texts.session_failed;
  }
});
