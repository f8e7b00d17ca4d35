// Offline worker of Spotcheck 巡检通. This file is never hashed: the browser fetches it anew
// to find out whether there is another version.
//
// One version = one list of files with their SHA-256 = one cache. A page only ever gets
// files of the version that it was loaded with.
//
// Messages from a page (postMessage; answers go to ports[0] when one was sent along):
//   {type: 'STATUS'}    -> {version, files, bytes, complete}     is everything here, offline?
//   {type: 'ACTIVATE'}  -> a waiting version takes over (the page then reloads itself once)
//   {type: 'STARTED'}   -> {version, starts}   the app of this version has started and works
// Messages to every page: {type: 'PROGRESS', version, done, total} while installing.
'use strict';

// Filled in by `cargo xtask build`: files are [path, sha256 in hex, bytes].
const BUILD = /*BUILD*/ { version: 'dev', files: [] } /*END*/;

const PREFIX = 'spotcheck-';
const CACHE = PREFIX + BUILD.version;
const INDEX = '/';
const STARTS = '/.starts'; // cache entry that counts good starts; never a real file
const FILES = new Map(BUILD.files.map(([path, sha256, bytes]) => [path, { sha256, bytes }]));
const LANES = 4; // files fetched at the same time: more does not help on a weak signal
const TRIES = 3;

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('message', (event) => {
  const answer = (value) => event.ports[0] && event.ports[0].postMessage(value);
  switch (event.data && event.data.type) {
    case 'STATUS':
      event.waitUntil(status().then(answer));
      break;
    case 'ACTIVATE':
      event.waitUntil(self.skipWaiting());
      break;
    case 'STARTED':
      event.waitUntil(started().then(answer));
      break;
  }
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  // Uploads and other hosts are none of our business.
  if (request.method !== 'GET' || BUILD.files.length === 0) return;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === 'navigate') {
    event.respondWith(serve(INDEX));
  } else {
    const path = url.pathname === '/index.html' ? INDEX : decode(url.pathname);
    if (FILES.has(path)) event.respondWith(serve(path));
  }
});

/** Fetches and verifies all files of this version, or leaves nothing behind. */
async function install() {
  const total = BUILD.files.length;
  let done = 0;
  try {
    await caches.delete(CACHE); // what an interrupted installation may have left
    const cache = await caches.open(CACHE);
    const queue = [...FILES.keys()];
    const lane = async () => {
      for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
        await cache.put(path, await download(path));
        done += 1;
        await tell({ type: 'PROGRESS', version: BUILD.version, done, total });
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

/** One file from the network, past every HTTP cache, with the right content or an error. */
async function download(path) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const response = await fetch(encodeURI(path), { cache: 'no-store', credentials: 'same-origin' });
      if (response.status !== 200) throw new Error(`${path}: HTTP ${response.status}`);
      const body = await response.arrayBuffer();
      if ((await sha256(body)) !== FILES.get(path).sha256) throw new Error(`${path}: wrong content`);
      // A response of our own: no redirect mark, and no headers about an encoding already undone.
      const headers = new Headers(response.headers);
      for (const name of ['content-encoding', 'content-length', 'vary']) headers.delete(name);
      return new Response(body, { status: 200, headers });
    } catch (error) {
      if (attempt >= TRIES) throw error;
      await new Promise((resume) => setTimeout(resume, 500 * attempt));
    }
  }
}

/** A file of this version; one that the browser has thrown away is fetched and verified again. */
async function serve(path) {
  const cache = await caches.open(CACHE);
  const hit = await cache.match(path);
  if (hit) return hit;
  try {
    const response = await download(path);
    // A full disk must not keep the file from the page.
    await cache.put(path, response.clone()).catch(() => {});
    return response;
  } catch {
    return new Response('离线且文件缺失，请联网后重试 / Offline and this file is missing: connect and try again\n', {
      status: 503,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    });
  }
}

/** Counts starts of this version; after the second one older versions are no longer needed. */
async function started() {
  const cache = await caches.open(CACHE);
  const before = await cache.match(STARTS);
  const starts = (before ? Number(await before.text()) || 0 : 0) + 1;
  await cache.put(STARTS, new Response(String(starts)));
  if (starts >= 2) {
    const names = await caches.keys();
    // A newer version that is being fetched, or waits for the user, keeps its files.
    const { installing, waiting } = self.registration;
    if (!installing && !waiting) {
      const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
      await Promise.all(old.map((name) => caches.delete(name)));
    }
  }
  return { version: BUILD.version, starts };
}

async function status() {
  const cache = await caches.open(CACHE);
  const have = new Set((await cache.keys()).map((request) => decode(new URL(request.url).pathname)));
  let bytes = 0;
  for (const file of FILES.values()) bytes += file.bytes;
  return {
    version: BUILD.version,
    files: FILES.size,
    bytes,
    complete: FILES.size > 0 && [...FILES.keys()].every((path) => have.has(path)),
  };
}

async function tell(message) {
  for (const client of await self.clients.matchAll({ includeUncontrolled: true })) {
    client.postMessage(message);
  }
}

async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function decode(path) {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
