// Says in words what a browser makes of a security key; Enter does what the button does.
(() => {
  const alert = document.querySelector("[data-key-alert]");
  const button = document.getElementById("key-button");
  const reasons = {
    NotAllowedError: "refused",
    AbortError: "refused",
    InvalidStateError: "known",
    SecurityError: "address",
  };
  const say = (reason) => {
    alert.textContent = alert.dataset[reason];
    alert.hidden = false;
  };
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    say(reasons[event.detail.exception.name] || "refused");
  });
  button.addEventListener("click", () => { alert.hidden = true; });
  if (!window.PublicKeyCredential) {
    button.disabled = true;
    say("missing");
  }
  for (const form of document.querySelectorAll("form[data-key-form]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      button.click();
    });
  }
})();
