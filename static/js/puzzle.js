// The sum of a form with data-puzzle: once it is done, the button counts at once. Nothing is sent by itself.
// Protocol: altcha, version 2, with PBKDF2. Without this script, or where it fails, the button counts a little later.
(() => {
  "use strict";

  const form = document.querySelector("form[data-puzzle]");
  if (!form || !globalThis.crypto?.subtle) return; // browsers count on https and on this machine only

  const challenge = JSON.parse(form.dataset.puzzle);
  const without = form.querySelector("[data-puzzle-without]");
  const counting = form.querySelector("[data-puzzle-counting]");
  let isDone = false;
  let pressed = null;

  form.addEventListener("submit", (event) => {
    if (isDone) return;
    event.preventDefault();
    pressed = event.submitter;
    counting.textContent = counting.dataset.puzzleCounting;
  });

  solve(challenge.parameters)
    .then((solution) => {
      form.elements.altcha.value = btoa(JSON.stringify({ challenge, solution }));
      if (without) without.hidden = true;
    })
    .catch(() => {}) // the page says what to do without it
    .finally(() => {
      isDone = true;
      counting.textContent = "";
      if (pressed) form.requestSubmit(pressed);
    });

  async function solve({ nonce, salt, cost, keyLength, keyPrefix }) {
    const password = new Uint8Array([...bytes(nonce), 0, 0, 0, 0]);
    const counterAt = new DataView(password.buffer, password.length - 4);
    const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: cost };
    for (let counter = 0; counter < 2 ** 32; counter++) {
      counterAt.setUint32(0, counter);
      const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
      const derivedKey = hex(await crypto.subtle.deriveBits(how, key, keyLength * 8));
      if (derivedKey.startsWith(keyPrefix)) return { counter, derivedKey };
    }
    throw new Error("no number fits");
  }

  function bytes(digits) {
    return Uint8Array.from(digits.match(/../g), (pair) => parseInt(pair, 16));
  }

  function hex(buffer) {
    return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
})();
