/* Reading aloud: the device's own Chinese voice; where there is none, the buttons stay hidden. Loaded with an answer. */

const RATES = { slow: 0.7, normal: 1, fast: 1.3 };
const synthesis = window.speechSynthesis;
let voice = null;
let reading = null;

/** Show the buttons once a Chinese voice of the device itself is known. `texts` are the page's. */
export function prepareSpeech() {
  if (!synthesis) return;
  const look = () => {
    voice = synthesis.getVoices().find((v) => v.localService && /^(zh|cmn)/i.test(v.lang)) || null;
    document.documentElement.toggleAttribute("data-speech", Boolean(voice));
  };
  look();
  synthesis.addEventListener("voiceschanged", look);
  document.addEventListener("click", readTapped);
  window.addEventListener("pagehide", stopSpeech);
}

/** Read a turn; pause when it is being read; go on where it stopped. `show(text)` renames the button. */
export function toggleSpeech(turn, show, texts, name) {
  if (!voice) return;
  if (reading && reading.turn === turn) {
    if (reading.paused) resume();
    else pause();
    return;
  }
  read(turn, turn.dataset.spoken, show, texts, name);
}

/* Who chose so in elder mode hears what is pressed on: the line of an answer, the quote, where it is from. */
function readTapped(event) {
  const { mode, tap } = document.documentElement.dataset;
  const part = event.target.closest(".answer :is(.said, .short, .paragraph, figcaption)");
  if (!voice || mode !== "elder" || tap === undefined || !part || event.target.closest("a, button, summary")) return;
  read(part, part.innerText, () => {}, {}, "");
}

function read(turn, words, show, texts, name) {
  stopSpeech();
  const sentences = words.match(/[^。！？；\n]+[。！？；]?/g) || [];
  reading = { turn, sentences, at: 0, paused: false, show, texts, name };
  speak();
}

/** Stop whatever is being read. */
export function stopSpeech() {
  if (!reading) return;
  const { show, name } = reading;
  reading = null;
  synthesis.cancel();
  show(name);
}

function pause() {
  reading.paused = true;
  reading.show(reading.texts.resume);
  synthesis.cancel();
}

function resume() {
  reading.paused = false;
  speak();
}

function speak() {
  const current = reading;
  if (current.at >= current.sentences.length) {
    stopSpeech();
    return;
  }
  const words = new SpeechSynthesisUtterance(current.sentences[current.at]);
  words.voice = voice;
  words.lang = voice.lang;
  words.rate = RATES[document.documentElement.dataset.speed] || 1;
  words.onend = () => {
    if (reading !== current || current.paused) return;
    current.at += 1;
    speak();
  };
  current.show(current.texts.pause);
  synthesis.speak(words);
}
