// Wagtail's text fields hand over what is typed a quarter of a second late. Saved within that time, the
// last words would be missing: so the form waits for them, and is sent as it was meant.
(() => {
  "use strict";
  const HANDED_OVER_MS = 350;
  let typedAt = -HANDED_OVER_MS;

  addEventListener("beforeinput", () => (typedAt = performance.now()), true);
  addEventListener("submit", (event) => {
    const form = event.target;
    const wait = typedAt + HANDED_OVER_MS - performance.now();
    if (wait <= 0 || !form.matches("form[data-edit-form]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    setTimeout(() => send(form, event.submitter), wait);
  }, true);

  // The button may be disabled by now, and would not say which it is.
  function send(form, button) {
    const named = document.createElement("input");
    named.type = "hidden";
    if (button?.name) {
      named.name = button.name;
      named.value = button.value;
    }
    form.append(named);
    form.requestSubmit();
    named.remove();
  }
})();
