// Passkeys. Every page works without this file: its parts are then hidden or explain themselves,
// and a code by mail does the same.
"use strict";

(() => {
  if (!window.PublicKeyCredential || !navigator.credentials) return;

  const toBytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const toText = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");

  const descriptors = (list) => list?.map((one) => ({ ...one, id: toBytes(one.id) }));

  function asked({ publicKey }) {
    const question = { ...publicKey, challenge: toBytes(publicKey.challenge) };
    if (publicKey.user) question.user = { ...publicKey.user, id: toBytes(publicKey.user.id) };
    question.excludeCredentials = descriptors(publicKey.excludeCredentials);
    question.allowCredentials = descriptors(publicKey.allowCredentials);
    return { publicKey: question };
  }

  function answered(credential) {
    const response = { clientDataJSON: toText(credential.response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      const value = credential.response[name];
      if (value) response[name] = toText(value);
    }
    return JSON.stringify({
      id: credential.id,
      rawId: toText(credential.rawId),
      type: credential.type,
      response,
      clientExtensionResults: {},
    });
  }

  async function ask(form) {
    const token = form.elements.csrfmiddlewaretoken.value;
    const question = await fetch(form.dataset.options, {
      method: "POST",
      headers: { "X-CSRFToken": token },
      credentials: "same-origin",
    });
    if (!question.ok || question.redirected) throw new Error(`answered ${question.status}`);
    const options = asked(await question.json());
    return form.dataset.passkey === "create"
      ? navigator.credentials.create(options)
      : navigator.credentials.get(options);
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const failed = form.querySelector("[data-passkey-failed]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (form.getAttribute("aria-busy") === "true") return;
      failed.hidden = true;
      form.setAttribute("aria-busy", "true");
      try {
        form.elements.credential.value = answered(await ask(form));
        form.submit();
      } catch (error) {
        // The person changed their mind, took too long, or has no passkey here.
        failed.hidden = false;
        form.removeAttribute("aria-busy");
      }
    });
  }

  for (const part of document.querySelectorAll("[data-passkeys]")) part.hidden = false;
  for (const part of document.querySelectorAll("[data-no-passkeys]")) part.hidden = true;

  // Whether the device itself can make one: only then is it offered after the sign-in.
  const field = document.querySelector("input[name=can_passkey]");
  if (field) {
    PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable?.().then((can) => {
      if (can) field.value = "on";
    });
  }
})();
