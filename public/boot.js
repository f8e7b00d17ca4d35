// Starts the app. The content policy allows no inline script, so this is a file of its own;
// `cargo xtask build` fills in data-js and data-wasm (see Trunk.toml).
//
// When starting fails, the person gets a message that says what happened, that their records
// are safe, and what to do: never a white page.

const tag = document.querySelector('script[data-js][data-wasm]');

const LOAD = {
  title: ['程序没有启动', 'The app did not start'],
  text: [
    '已保存的记录没有受影响。请先点“重新加载”；仍不行时，联网后点“修复程序文件”（只重新下载程序，不删除记录），并把浏览器更新到最新版本。',
    'Your saved records are not affected. First try “Reload”. If that does not help, connect to the network and choose “Repair” (downloads the program again, deletes no records), and update your browser.',
  ],
};
const OLD = {
  title: ['浏览器版本过旧', 'This browser is too old'],
  text: [
    '请把系统浏览器、Chrome、Edge 或 Safari 更新到最新版本，再打开本页。已保存的记录没有受影响。',
    'Please update your browser (Chrome, Edge, Safari or Firefox) and open this page again. Your saved records are not affected.',
  ],
};
const INSECURE = {
  title: ['地址不安全，无法离线使用', 'This address is not secure'],
  text: ['请使用以 https:// 开头的网址打开本页。', 'Please open this page with an address that starts with https://.'],
};

if (!window.isSecureContext) {
  fail(INSECURE);
} else if (
  typeof WebAssembly !== 'object' ||
  !('indexedDB' in window) ||
  !('locks' in navigator) ||
  typeof structuredClone !== 'function' ||
  !crypto.subtle
) {
  fail(OLD);
} else {
  start().catch((error) => {
    console.error(error);
    fail(LOAD, error);
  });
}

async function start() {
  const module = await import(tag.dataset.js);
  await module.default({ module_or_path: tag.dataset.wasm });
  document.getElementById('boot')?.remove();
  if ('serviceWorker' in navigator) {
    // The app asks the registration for its state and talks to it: see sw.js.
    await navigator.serviceWorker
      .register('/sw.js', { scope: '/', updateViaCache: 'none' })
      .catch((error) => console.error('service worker', error));
  }
}

function fail({ title, text }, error) {
  const box = document.createElement('main');
  box.id = 'boot';
  box.className = 'boot boot-failed';
  box.setAttribute('role', 'alert');
  for (const i of [0, 1]) {
    const part = add(box, 'section');
    part.lang = i === 0 ? 'zh-CN' : 'en';
    add(part, i === 0 ? 'h1' : 'h2', title[i]);
    add(part, 'p', text[i]);
  }
  const reload = add(box, 'button', '重新加载 Reload');
  reload.addEventListener('click', () => location.reload());
  if (error) {
    const repair = add(box, 'button', '修复程序文件 Repair');
    repair.addEventListener('click', () => repairFiles(repair));
    add(box, 'pre', String(error));
  }
  document.getElementById('boot')?.remove();
  document.body.append(box);
}

/** Throws the stored program files away and fetches them again. Records are never touched. */
async function repairFiles(button) {
  button.disabled = true;
  try {
    // Only with the network there: otherwise this would end with nothing at all.
    const answer = await fetch('/sw.js', { cache: 'no-store' });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  } catch {
    button.textContent = '没有网络，请联网后再试 No network: try again when connected';
    button.disabled = false;
    return;
  }
  for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister();
  for (const name of await caches.keys()) if (name.startsWith('spotcheck-')) await caches.delete(name);
  location.reload();
}

function add(parent, name, text) {
  const element = document.createElement(name);
  if (text !== undefined) element.textContent = text;
  parent.append(element);
  return element;
}
