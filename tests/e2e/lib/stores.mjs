// Looks into the two shelves of the store, past the app. For checks only: no test acts through this.

/**
 * What both shelves hold: shelf → table → key → SHA-256 of the value.
 *
 * A shelf that does not exist is `null`. Only while the page is open; shelf B is in the browser's second storage bucket.
 */
export function readShelves(page) {
  return page.evaluate(async () => {
    const request = (asked) =>
      new Promise((resolve, reject) => {
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error);
      });
    const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');
    const read = async (factory) => {
      const known = (await factory.databases()).some(({ name }) => name === 'spotcheck');
      if (!known) return null;
      const database = await request(factory.open('spotcheck'));
      const shelf = {};
      for (const table of database.objectStoreNames) {
        const store = database.transaction(table).objectStore(table);
        const [keys, values] = await Promise.all([request(store.getAllKeys()), request(store.getAll())]);
        shelf[table] = {};
        for (const [index, key] of keys.entries()) shelf[table][key] = hex(await crypto.subtle.digest('SHA-256', values[index]));
      }
      database.close();
      return shelf;
    };
    const bucket = await navigator.storageBuckets.open('spotcheck-twin');
    return { a: await read(indexedDB), b: await read(bucket.indexedDB) };
  });
}

/** All stored changes of a kind of record, read from shelf A: sorted by key. */
export function readChanges(page) {
  return page.evaluate(async () => {
    const request = (asked) =>
      new Promise((resolve, reject) => {
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error);
      });
    const database = await request(indexedDB.open('spotcheck'));
    const store = database.transaction('changes').objectStore('changes');
    const values = await request(store.getAll());
    database.close();
    return values.map((bytes) => JSON.parse(new TextDecoder().decode(bytes)));
  });
}
