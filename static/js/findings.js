// The findings panel beside the editor: shows what the desk says of the text as it stands, and carries answers.
import { Asking } from "./findings_asking.js";
import { hide, repaint, show, underline } from "./findings_marks.js";
import { patch } from "./findings_patch.js";
import { rewrite } from "./findings_rewrite.js";

const QUIET_BEFORE_SAID_MS = 2_000;

class Panel {
  #root;
  #form;
  #asking;
  #marks = new Map();
  #opened = new Set();
  #shown = null;
  #view = "findings";
  #html = "";
  #undos = [];
  #saying = 0;

  constructor(root, form) {
    [this.#root, this.#form] = [root, form];
    this.#asking = new Asking(form, {
      address: (what) => this.#address(what),
      extra: () => [["panel-view", this.#view], ...[...this.#opened].map((id) => ["panel-open", id])],
      on: {
        reading: () => this.#say("reading"),
        silent: () => this.#age("silent"),
        sorry: (name, sentence) => this.#age(name, sentence),
        answer: (data) => this.#take(data),
      },
    });
    root.addEventListener("click", (event) => this.#clicked(event));
    root.addEventListener("submit", (event) => this.#submitted(event));
    root.addEventListener("keydown", (event) => this.#pressed(event));
    const panel = root.closest("[data-side-panel]");
    panel.addEventListener("show", () => this.#underline());
    panel.addEventListener("hide", () => this.#clear());
    document.addEventListener("w-autosave:success", (event) => this.#saved(event.detail?.response?.pk));
    this.#offerExport();
    this.#asking.begin();
  }

  #address(what) {
    const { pk, somePk, url, urlOfSome, answersUrlOfSome } = this.#root.dataset;
    const ofSome = what === "answers" ? answersUrlOfSome : urlOfSome;
    return pk ? ofSome.replace(somePk, pk) : url;
  }

  // The first save makes an article of a draft: from then on it can be answered.
  #saved(pk) {
    if (!pk || this.#root.dataset.pk) return;
    this.#root.dataset.pk = pk;
    this.#offerExport();
    this.#asking.ask(true);
  }

  #offerExport() {
    const { pk, somePk } = this.#root.dataset;
    const line = this.#root.querySelector("[data-export]");
    if (!line || !pk) return;
    const link = line.firstElementChild;
    link.href = link.dataset.urlOfSome.replace(somePk, pk);
    line.hidden = this.#view !== "claims";
  }

  #take({ html, counts, summary, marks }) {
    this.#say("");
    this.#content.classList.remove("dp-findings__content--old");
    this.#marks = new Map(marks.map((mark) => [mark.key, mark]));
    for (const id of this.#opened) if (!this.#marks.has(id) && !id.startsWith("gate-")) this.#opened.delete(id);
    if (html !== this.#html) {
      const fresh = document.createElement("template");
      fresh.innerHTML = html;
      patch(this.#content, fresh.content);
      this.#html = html;
    }
    for (const place of this.#root.querySelectorAll("[data-count]")) count(place, counts[place.dataset.count]);
    const toggle = document.querySelector('[data-side-panel-toggle="findings"] [data-side-panel-toggle-counter]');
    if (toggle) count(toggle, counts.urgent);
    this.#announce(summary);
    setTimeout(() => this.#underline());
  }

  get #content() {
    return this.#root.querySelector("[data-content]");
  }

  // Only what is new, and only once it has stood for a moment.
  #announce(summary) {
    clearTimeout(this.#saying);
    const live = this.#root.querySelector("[data-live]");
    this.#saying = setTimeout(() => {
      if (live.textContent !== summary) live.textContent = summary;
    }, QUIET_BEFORE_SAID_MS);
  }

  #underline() {
    if (this.#root.closest("[data-side-panel]").hidden) return;
    const mark = this.#marks.get(this.#shown);
    underline([...this.#marks.values()]);
    if (mark) repaint(mark);
    else hide();
  }

  #clear() {
    underline([]);
    hide();
  }

  #say(name, sentence = "") {
    const state = this.#root.querySelector("[data-state]");
    state.textContent = sentence || (name && this.#sentence(name));
    state.hidden = !state.textContent;
  }

  // What is shown is not about the text as it stands.
  #age(name, sentence) {
    this.#say(name, sentence);
    this.#content.classList.add("dp-findings__content--old");
  }

  #sentence(name) {
    return this.#root.querySelector(`template[data-sentence="${name}"]`).content.textContent;
  }

  #clicked(event) {
    const button = event.target.closest("button");
    const row = event.target.closest("li[data-key]");
    if (button?.dataset.view) this.#choose(button.dataset.view);
    else if (button && "undoButton" in button.dataset) this.#undo();
    else if (button?.dataset.do) this.#answer(row, Object.entries(button.dataset));
    else if (button?.dataset.rewrite) this.#rewrite(row, button.dataset.rewrite);
    else if (button && "go" in button.dataset) this.#show(row, true);
    else if (button && "show" in button.dataset) this.#open(row, event.detail > 0);
  }

  #open(row, isPointer) {
    const id = row.dataset.key;
    const isOpen = this.#opened.delete(id);
    if (!isOpen) {
      this.#opened.add(id);
      this.#show(row, isPointer && !this.#isRich(row));
    }
    this.#asking.ask(true);
  }

  #isRich(row) {
    return this.#marks.get(row.dataset.key)?.path[0] === "body";
  }

  #show(row, enter) {
    const mark = this.#marks.get(row.dataset.key);
    if (!mark) return;
    this.#shown = mark.key;
    this.#content.querySelectorAll(".dp-row--shown").forEach((other) => other.classList.remove("dp-row--shown"));
    row.classList.add("dp-row--shown");
    if (!show(mark, enter)) this.#say("moved");
  }

  #rewrite(row, words) {
    const mark = this.#marks.get(row.dataset.key);
    const undo = mark && rewrite(mark, words);
    if (!undo) return this.#say("moved");
    this.#undos.push({ undo, old: mark.words, words });
    this.#offerUndo();
    this.#asking.touched();
  }

  #undo() {
    const { undo } = this.#undos.pop();
    if (!undo()) this.#say("moved");
    this.#offerUndo();
    this.#asking.touched();
  }

  #offerUndo() {
    const last = this.#undos.at(-1);
    const bar = this.#root.querySelector("[data-undo]");
    bar.hidden = !last;
    if (!last) return;
    const sentence = this.#sentence("replaced").replace("{old}", () => last.old).replace("{new}", () => last.words);
    bar.querySelector("[data-undo-words]").textContent = sentence;
  }

  async #submitted(event) {
    event.preventDefault();
    const form = event.target;
    const fields = [...new FormData(form), ["do", form.dataset.answer], ["at", form.dataset.at]];
    const isKept = await this.#answer(form.closest("li"), fields, form);
    if (isKept && form.isConnected) {
      form.querySelectorAll('input:not([type="hidden"], [type="radio"]), textarea').forEach((field) => (field.value = ""));
      form.closest("details").open = false;
    }
  }

  #answer(row, entries) {
    const fields = new Map([["answer-at", row.dataset.key]]);
    for (const [name, value] of entries) {
      fields.set(name.startsWith("answer-") ? name : `answer-${name}`, value);
    }
    return this.#asking.answer(fields);
  }

  #choose(view) {
    if (view === this.#view) return;
    this.#view = view;
    this.#opened.clear();
    for (const tab of this.#root.querySelectorAll("[data-view]")) {
      const isChosen = tab.dataset.view === view;
      tab.setAttribute("aria-selected", isChosen);
      tab.tabIndex = isChosen ? 0 : -1;
      if (isChosen) this.#content.setAttribute("aria-labelledby", tab.id);
    }
    this.#offerExport();
    const line = this.#root.querySelector("[data-export]");
    if (line) line.hidden = view !== "claims" || !this.#root.dataset.pk;
    this.#asking.ask(true);
  }

  #pressed(event) {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const kind = ["[data-show]", "[role=tab]"].find((one) => event.target.matches(one));
    if (!step || !kind || event.ctrlKey || event.altKey || event.metaKey) return;
    if ((kind === "[role=tab]") !== event.key.match(/Left|Right/) instanceof Object) return;
    event.preventDefault();
    const all = [...this.#root.querySelectorAll(kind)].filter((one) => one.checkVisibility());
    const next = all[all.indexOf(event.target) + step];
    next?.focus();
    if (next?.dataset.view) this.#choose(next.dataset.view);
  }
}

function count(place, number) {
  place.textContent = number;
  place.hidden = !number;
}

const root = document.querySelector("[data-findings]");
const form = document.querySelector("form[data-edit-form]");
if (root && form) new Panel(root, form);
