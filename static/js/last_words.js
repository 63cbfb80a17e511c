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

  // What is typed while a draft is being saved by itself is not in that save, yet Wagtail takes the form for
  // saved once it is done. So compare what was sent with what stands there now, and have the rest saved too.
  const SET_BY_SAVING = /(-id|-INITIAL_FORMS|-TOTAL_FORMS|^loaded_revision_\w+|^overwrite_revision_id|^csrfmiddlewaretoken)$|^comments-/;
  let sent = "";
  let isRestLeft = false;

  addEventListener("w-autosave:save", (event) => {
    sent = typedIn(event.detail.formData);
    if (isRestLeft) markRest(event.target, false); // it is under way
  });
  addEventListener("w-autosave:success", (event) => {
    if (typedIn(new FormData(event.target)) !== sent) markRest(event.target, true);
  });

  function markRest(form, is) {
    isRestLeft = is;
    form.dataset.wUnsavedForceValue = is;
  }

  function typedIn(data) {
    const entries = [...data].filter(([name, value]) => typeof value === "string" && !SET_BY_SAVING.test(name));
    return JSON.stringify(entries);
  }
})();
