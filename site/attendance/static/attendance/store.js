// IndexedDB as promises. What was promised is on the disk: transactions are strict where the
// browser knows that word, so a phone that dies afterwards has kept it.

export function open(name, stores) {
  return new Promise((done, failed) => {
    const asked = indexedDB.open(name, 1);
    asked.onupgradeneeded = () => {
      for (const [store, keyPath] of Object.entries(stores)) {
        asked.result.createObjectStore(store, keyPath ? { keyPath } : undefined);
      }
    };
    asked.onsuccess = () => {
      // Signing out on another page may delete it: do not stand in the way.
      asked.result.onversionchange = () => asked.result.close();
      done(asked.result);
    };
    asked.onerror = () => failed(asked.error);
    asked.onblocked = () => failed(new Error("blocked"));
  });
}

// One transaction over `names`. `work(store, store, …)` may return a request, whose result is
// given once everything is written.
export function within(db, names, mode, work) {
  return new Promise((done, failed) => {
    const whole = db.transaction(names, mode, { durability: "strict" });
    let answer;
    whole.oncomplete = () => done(answer?.result);
    whole.onabort = () => failed(whole.error ?? new Error("aborted"));
    try {
      answer = work(...names.map((name) => whole.objectStore(name)));
    } catch (error) {
      whole.abort();
      failed(error);
    }
  });
}

export const all = (db, name) => within(db, [name], "readonly", (store) => store.getAll());
export const get = (db, name, key) => within(db, [name], "readonly", (store) => store.get(key));
export const put = (db, name, value, key) =>
  within(db, [name], "readwrite", (store) => store.put(value, key));
export const remove = (db, name, key) =>
  within(db, [name], "readwrite", (store) => store.delete(key));
