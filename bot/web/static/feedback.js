/* 有用 / 没用: sent once an answer; a reason may follow. */

import { post } from "./stream.js";

const parts = (element) => {
  const group = element.closest(".feedback");
  return {
    turn: element.closest(".turn"),
    buttons: [...group.querySelectorAll('[data-act="useful"], [data-act="useless"]')],
    form: group.querySelector(".reason"),
    thanks: group.querySelector(".thanks"),
  };
};

async function given(element, body, words, texts, remember) {
  const { turn, buttons, thanks } = parts(element);
  try {
    await post("api/feedback", { answer_id: turn.dataset.id, ...body });
  } catch (failed) {
    thanks.textContent = texts.feedback_failed;
    return false;
  }
  for (const button of buttons) {
    button.disabled = true;
    button.setAttribute("aria-pressed", String((button.dataset.act === "useful") === body.useful));
  }
  thanks.textContent = words;
  thanks.focus();
  remember();
  return true;
}

export const rate = {
  useful: (button, texts, remember) => given(button, { useful: true }, texts.thanks, texts, remember),

  async useless(button, texts, remember) {
    const { form } = parts(button);
    if (await given(button, { useful: false }, texts.thanks_why, texts, remember)) form.hidden = false;
  },

  async reason(event, texts, remember) {
    event.preventDefault();
    const form = event.target;
    const fields = new FormData(form);
    const body = { useful: false, reason: fields.get("reason") || "", comment: fields.get("comment") || "" };
    if (await given(form, body, texts.thanks, texts, () => {})) form.hidden = true;
    remember();
  },
};
