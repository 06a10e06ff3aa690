// Has the page kept for times without a network (see sw.js), and offers a new version when there is one. boot.js loads this
// some time after the start; nothing that goes wrong here is told.

const { serviceWorker } = navigator;

// A browser that asks for trusted addresses of scripts gets this one, and no other.
const policy = window.trustedTypes?.createPolicy("stslint", { createScriptURL: () => "./sw.js" });
const registration = await serviceWorker.register(policy ? policy.createScriptURL("") : "./sw.js");
serviceWorker.controller?.postMessage("started");

/** Offers the new version when all of it is there. The first one of all is no news. */
function watch(worker) {
  worker?.addEventListener("statechange", () => {
    if (worker.state === "installed" && registration.active) offer();
  });
}

if (registration.waiting) offer();
watch(registration.installing);
registration.addEventListener("updatefound", () => watch(registration.installing));

function offer() {
  if (document.getElementById("update")) return;
  const box = document.createElement("section");
  box.id = "update";
  box.className = "notice";
  box.dataset.tone = "info";
  box.setAttribute("role", "status");
  // It lies over the page, so that nothing moves below somebody's hands.
  document.body.append(box);
  const says = document.createElement("p");
  says.textContent = "A new version is ready. Your text stays.";
  box.append(says, button("Reload", apply), button("Later", () => box.remove()));
}

function button(name, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = name;
  made.addEventListener("click", act);
  return made;
}

function apply() {
  const next = registration.waiting;
  // Another tab may have done it.
  if (!next) return location.reload();
  next.addEventListener("statechange", () => {
    if (next.state === "activated") location.reload();
  });
  next.postMessage("apply");
}
