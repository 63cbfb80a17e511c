// Asks the desk about the form as it stands: when it changed and nobody typed for a moment, one question at a time.
const LOOKS_MS = [280, 340, 420, 680]; // rich texts hand over what was typed after 250, or somewhat later
const SELDOM_MS = 3_000; // what no event tells of: choosers, blocks moved
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 30_000;
const READ =
  /^(title|standfirst|kind|dateline|picture_caption|interests|ai_use|ai_note|ai_reviewed_by|body-.+|(bylines|replies)-(TOTAL_FORMS|\d+-(?!id$).+))$/;

/** What the desk needs of the form, as it is sent. */
export function posted(form) {
  const sent = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (READ.test(name) && typeof value === "string") sent.append(name, value);
  }
  return sent;
}

export class Asking {
  #form;
  #address;
  #extra;
  #on;
  #last = null;
  #running = null;
  #timers = [];
  #retry = 0;
  #pause = FIRST_PAUSE_MS;
  #isAnswering = false;

  /** `address()` and `extra()` say where and what besides; `on` is told: reading, answer, silent, sorry. */
  constructor(form, { address, extra, on }) {
    [this.#form, this.#address, this.#extra, this.#on] = [form, address, extra, on];
    for (const event of ["beforeinput", "input", "change", "keyup", "paste", "drop", "click"]) {
      form.addEventListener(event, () => this.touched(), true);
    }
    for (const event of ["w-autosave:success", "w-unsaved:add"]) {
      document.addEventListener(event, () => this.touched());
    }
    setInterval(() => document.hidden || this.#timers.length || this.ask(), SELDOM_MS);
  }

  /** Ask for the first time once the page is painted: reading a form before makes the browser lay it out. */
  begin() {
    requestAnimationFrame(() => setTimeout(() => this.ask(), LOOKS_MS[0]));
  }

  /** Look soon whether something changed. */
  touched() {
    this.#timers.forEach(clearTimeout);
    const seen = () => (this.#timers = []);
    this.#timers = [...LOOKS_MS.map((ms) => setTimeout(() => this.ask(), ms)), setTimeout(seen, LOOKS_MS.at(-1))];
  }

  /** Ask, if the form is not as it was (or `anyway`). */
  async ask(anyway = false) {
    if (this.#isAnswering) return;
    const sent = posted(this.#form);
    if (!sent.has("body-count")) return this.begin(); // the editor is not all there yet
    const words = sent.toString();
    if (!anyway && words === this.#last) return;
    this.#last = words;
    await this.#send(this.#address("findings"), sent);
  }

  /** Send an answer with the form it is about; whether it was recorded. */
  async answer(fields) {
    this.#isAnswering = true;
    const sent = posted(this.#form);
    this.#last = sent.toString();
    for (const [name, value] of fields) sent.append(name, value);
    try {
      return await this.#send(this.#address("answers"), sent);
    } finally {
      this.#isAnswering = false;
      this.touched();
    }
  }

  async #send(address, sent) {
    clearTimeout(this.#retry);
    this.#running?.abort();
    const running = (this.#running = new AbortController());
    for (const [name, value] of this.#extra()) sent.append(name, value);
    const slow = setTimeout(() => this.#on.reading(), 500);
    try {
      const response = await fetch(address, { method: "POST", body: sent, headers: headers(), signal: running.signal });
      const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
      const data = isJson ? await response.json() : {};
      if (running.signal.aborted) return false;
      return this.#take(response, data);
    } catch (error) {
      if (error.name !== "AbortError") this.#again();
      return false;
    } finally {
      clearTimeout(slow);
    }
  }

  #take(response, data) {
    if (data.html !== undefined) {
      this.#pause = FIRST_PAUSE_MS;
      this.#on.answer(data);
      return response.ok;
    }
    if (response.status >= 500) this.#again();
    else if (response.redirected || response.status === 403) this.#on.sorry("signed-out");
    else this.#on.sorry("failed", data.error);
    return false;
  }

  // The desk is away: ask again, each time after a longer while.
  #again() {
    this.#on.silent();
    this.#retry = setTimeout(() => this.ask(true), this.#pause);
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE_MS);
  }
}

function headers() {
  const { CSRF_HEADER_NAME, CSRF_TOKEN } = window.wagtailConfig;
  return { [CSRF_HEADER_NAME]: CSRF_TOKEN, "X-Requested-With": "XMLHttpRequest" };
}
