/* Checks people in at the door, with a connection or without one.
 *
 * Scans (code, time, way, id, signature of the list) wait in localStorage until the server has answered each; nothing else is
 * kept. The list of tickets stays in memory: digests, no names. The server takes the same scan twice as once.
 */
"use strict";
(() => {
  const door = document.getElementById("door");
  const form = document.getElementById("door-form");
  const field = form && form.querySelector("input[name=code]");
  const store = `microcities.door.${door ? door.dataset.event : ""}`;
  if (!door || !field || !canStore()) return;
  const log = document.getElementById("door-log");
  const state = document.getElementById("door-state");
  const BATCH = 100, AGAIN = 15000, RENEW = 60000, SAME = 4000, PATIENCE = 20000, SHOWN = 50;
  let list = JSON.parse(document.getElementById("door-list").textContent);
  let counts = { came: list.came, expected: list.expected };
  let sending = false, kind = "connected", last = { code: "", at: 0 };
  const lines = new Map();
  const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

  function canStore() {
    try {
      localStorage.setItem("microcities.door", "1");
      localStorage.removeItem("microcities.door");
      return true;
    } catch { return false; }
  }

  function waiting() {
    try { return JSON.parse(localStorage.getItem(store)) || []; } catch { return []; }
  }

  function keep(scans) {
    if (scans.length) localStorage.setItem(store, JSON.stringify(scans)); else localStorage.removeItem(store);
  }

  function say(next) {
    kind = next;
    const words = { connected: "sayConnected", offline: "sayOffline", "signed-out": "saySignedOut", refused: "sayRefused" }[kind];
    state.textContent = door.dataset[words].replace("WAITING", waiting().length)
      .replace("CAME", counts.came).replace("EXPECTED", counts.expected);
    door.dataset.state = kind;
  }

  function show(id, code, words, tone, at) {
    let line = lines.get(id);
    if (!line) {
      line = document.createElement("li");
      lines.set(id, line);
      log.prepend(line);
      while (log.children.length > SHOWN) log.lastElementChild.remove();
    }
    const mark = document.createElement("span"), word = document.createElement("span"), text = document.createElement("span");
    mark.className = `status ${tone}`;
    word.textContent = words;
    mark.append(word);
    text.textContent = `${at ? clock.format(new Date(at)) + " " : ""}${code} `;
    line.replaceChildren(text, mark);
  }

  async function digest(text) {
    const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return Array.from(new Uint8Array(bytes), (each) => each.toString(16).padStart(2, "0")).join("");
  }

  /* true, false, or null where this browser cannot tell: then the server tells later. */
  async function listed(code) {
    if (!window.crypto || !crypto.subtle || list.digest !== await digest(list.salt + list.tickets.join(""))) return null;
    return list.tickets.includes((await digest(list.salt + code)).slice(0, 16));
  }

  /* The code of a ticket's address or of what somebody typed; with what is wrong with it otherwise. */
  function read(text) {
    const parts = /\/run\/([0-9a-f-]{36})\/check-in\/([^/]+)\/?$/.exec(text);
    if (parts && parts[1] !== door.dataset.event) return { problem: door.dataset.sayOther };
    const code = (parts ? parts[2] : text).toUpperCase().replace(/[^0-9A-Z]/g, "");
    return code.length === 8 ? { code } : { problem: door.dataset.sayUnreadable };
  }

  function newId() {
    return Array.from(crypto.getRandomValues(new Uint8Array(12)), (each) => each.toString(16).padStart(2, "0")).join("");
  }

  async function take(text, way) {
    const { code, problem } = read(text), now = Date.now();
    if (problem) { show(newId(), text.slice(0, 20), problem, "bad", now); return; }
    if (way === "qr" && last.code === code && now - last.at < SAME) { last.at = now; return; }
    last = { code, at: now };
    const scan = { id: newId(), code, at: new Date(now).toISOString(), way, list: list.signature };
    keep([...waiting(), scan]);
    show(scan.id, code, door.dataset.sayKept, "info", now);
    const known = await listed(code);
    if (known === false && waiting().some((each) => each.id === scan.id)) show(scan.id, code, door.dataset.sayStranger, "warning", now);
    send();
  }

  async function ask(address, body) {
    const stop = new AbortController(), timer = setTimeout(() => stop.abort(), PATIENCE);
    const headers = { Accept: "application/json" };
    if (body) {
      headers["Content-Type"] = "application/json";
      headers["X-CSRFToken"] = form.querySelector("[name=csrfmiddlewaretoken]").value;
    }
    try {
      return await fetch(address, {
        method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body), redirect: "manual", signal: stop.signal,
        credentials: "same-origin", cache: "no-store",
      });
    } finally { clearTimeout(timer); }
  }

  function refusal(answer) {
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return "signed-out";
    return answer.status >= 500 ? "offline" : "refused";
  }

  async function send() {
    if (sending) return;
    sending = true;
    try {
      for (let scans = waiting(); scans.length; scans = waiting()) {
        const batch = scans.filter((each) => each.list === scans[0].list).slice(0, BATCH);
        const body = { list: batch[0].list, sent_at: new Date().toISOString(), scans: batch.map(({ list: _list, ...each }) => each) };
        const answer = await ask(door.dataset.scans, body);
        if (!answer.ok) { say(refusal(answer)); return; }
        settle(await answer.json(), batch);
      }
      say("connected");
    } catch { say("offline"); } finally { sending = false; }
  }

  function settle(told, batch) {
    counts = { came: told.came, expected: told.expected };
    const done = new Set(batch.map((each) => each.id)), times = new Map(batch.map((each) => [each.id, each.at]));
    keep(waiting().filter((each) => !done.has(each.id)));
    for (const each of told.answers) {
      const who = [each.name, each.group].filter(Boolean).join(", ") || each.code;
      show(each.id, who, each.words, each.kind, times.get(each.id));
    }
    say("connected");
  }

  async function renew() {
    if (waiting().length) { send(); return; }
    try {
      const answer = await ask(door.dataset.tickets);
      if (!answer.ok) { say(refusal(answer)); return; }
      list = await answer.json();
      counts = { came: list.came, expected: list.expected };
      say("connected");
    } catch { say("offline"); }
  }

  async function camera(button, video) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] }), begin = button.textContent;
    let stream = null;
    async function look() {
      if (!stream) return;
      try { for (const each of await detector.detect(video)) await take(each.rawValue, "qr"); } catch { /* no picture yet */ }
      setTimeout(look, 250);
    }
    button.addEventListener("click", async () => {
      if (stream) {
        for (const track of stream.getTracks()) track.stop();
        stream = null;
      } else {
        try { stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }); } catch {
          state.textContent = door.dataset.sayNoCamera;
          return;
        }
        video.srcObject = stream;
        await video.play();
        look();
      }
      video.hidden = !stream;
      button.textContent = stream ? door.dataset.sayStop : begin;
    });
    document.getElementById("door-camera-part").hidden = false;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    field.value = "";
    field.focus();
    if (text) take(text, "code");
  });
  window.addEventListener("online", send);
  window.addEventListener("offline", () => say("offline"));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
  setInterval(() => { if (waiting().length && kind !== "refused") send(); }, AGAIN);
  setInterval(renew, RENEW);
  if ("BarcodeDetector" in window && navigator.mediaDevices) camera(document.getElementById("door-camera"), document.getElementById("door-video"));
  door.hidden = false;
  say("connected");
  send();
})();
