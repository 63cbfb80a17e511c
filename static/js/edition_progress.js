// The progress of an edition, drawn anew while it goes on. Without this file the page has a link that does the same.
import { patch } from "./findings_patch.js";

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;
const SPOKEN_AGAIN_MS = 30_000;
const GONE = new Set([401, 403, 404]); // signed out, no longer allowed, deleted: asking again changes nothing

class Progress {
  #root;
  #timer = 0;
  #pause = FIRST_PAUSE_MS;
  #isAsking = false;
  #isOver = false;
  #subject;
  #spokenAt = 0;

  constructor(root) {
    this.#root = root;
    this.#subject = root.dataset.subject;
    this.#part("refresh").hidden = true;
    document.addEventListener("visibilitychange", () => document.hidden || this.#ask());
    addEventListener("online", () => this.#ask());
    this.#later(Number(root.dataset.everyS) * 1_000);
  }

  #part(name) {
    return this.#root.querySelector(`[data-progress="${name}"]`);
  }

  #later(ms) {
    clearTimeout(this.#timer);
    if (!this.#isOver) this.#timer = setTimeout(() => document.hidden || this.#ask(), ms);
  }

  async #ask() {
    if (this.#isAsking || this.#isOver) return;
    this.#isAsking = true;
    let wait = this.#pause;
    try {
      const answer = await fetch(this.#root.dataset.url, {
        headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
        redirect: "manual",
      });
      if (answer.type === "opaqueredirect" || GONE.has(answer.status)) return this.#end("gone");
      if (!answer.ok) throw new Error(String(answer.status));
      wait = this.#take(await answer.json());
    } catch {
      this.#show("silent");
      this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE_MS);
    } finally {
      this.#isAsking = false;
      this.#later(wait);
    }
  }

  #take({ html, said, subject, every_s }) {
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    patch(this.#part("live"), fresh.content);
    this.#show("");
    this.#speak(said, subject);
    this.#pause = FIRST_PAUSE_MS;
    if (every_s === null) this.#isOver = true;
    return every_s * 1_000;
  }

  // At once what somebody has to know; mere figures seldom.
  #speak(said, subject) {
    const now = Date.now();
    if (subject === this.#subject && now - this.#spokenAt < SPOKEN_AGAIN_MS) return;
    [this.#subject, this.#spokenAt] = [subject, now];
    const place = this.#part("said");
    if (place.textContent !== said) place.textContent = said;
  }

  #end(trouble) {
    this.#isOver = true;
    this.#show(trouble);
  }

  #show(trouble) {
    for (const name of ["silent", "gone"]) this.#part(name).hidden = name !== trouble;
    this.#part("refresh").hidden = !trouble;
  }
}

for (const root of document.querySelectorAll("[data-url][data-every-s]")) new Progress(root);
