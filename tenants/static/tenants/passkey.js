// Passkeys for the second step of sign-in. Where a browser has none, the page stays as it is: the
// code of an authenticator app is always enough.
"use strict";

(function () {
  var forms = document.querySelectorAll("form[data-passkey]");
  if (!forms.length || !window.PublicKeyCredential || !navigator.credentials) return;

  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (letter) { return letter.charCodeAt(0); });
  }

  function text(buffer) {
    if (!buffer) return undefined;
    var plain = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function described(list) {
    return (list || []).map(function (one) {
      return Object.assign({}, one, { id: bytes(one.id) });
    });
  }

  function ask(mode, options) {
    var wanted = Object.assign({}, options.publicKey);
    wanted.challenge = bytes(wanted.challenge);
    if (mode === "create") {
      wanted.user = Object.assign({}, wanted.user, { id: bytes(wanted.user.id) });
      wanted.excludeCredentials = described(wanted.excludeCredentials);
      return navigator.credentials.create({ publicKey: wanted });
    }
    wanted.allowCredentials = described(wanted.allowCredentials);
    return navigator.credentials.get({ publicKey: wanted });
  }

  function answer(credential) {
    var response = credential.response;
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment || undefined,
      clientExtensionResults: credential.getClientExtensionResults(),
      response: {
        clientDataJSON: text(response.clientDataJSON),
        attestationObject: text(response.attestationObject),
        authenticatorData: text(response.authenticatorData),
        signature: text(response.signature),
        userHandle: text(response.userHandle)
      }
    });
  }

  Array.prototype.forEach.call(forms, function (form) {
    var section = form.closest("[data-passkey-section]");
    var options = JSON.parse(document.getElementById("passkey-options").textContent);
    form.hidden = false;
    if (section) section.hidden = false;
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      event.stopPropagation(); // nothing has been sent yet: the button may be pressed again
      ask(form.dataset.passkey, options).then(function (credential) {
        form.querySelector("[data-passkey-answer]").value = answer(credential);
        form.submit();
      }).catch(function () {
        form.querySelector("[data-passkey-error]").hidden = false;
      });
    });
  });
})();
