// The real server of `cargo xtask serve`, on a build that is there already.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const { SPOTCHECK_XTASK: XTASK, SPOTCHECK_DIST: DIST } = process.env;

/** Starts the server on a port (0 takes a free one); stop() kills it and waits for its end. */
export async function serve(dist = DIST, port = 0) {
  const child = spawn(XTASK, ['serve', '--no-build', '--dist', dist, '--port', String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (data) => {
      text += data;
      const found = /^serving (http:\S+)$/m.exec(text);
      if (found) resolve(found[1]);
    });
    child.on('exit', () => reject(new Error(`server ended: ${text}`)));
  });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  return { url, port: Number(new URL(url).port), stop: () => (child.kill('SIGKILL'), ended) };
}

/** Whether nothing listens on a port: a stopped server is really gone. */
export function isClosed(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => (socket.destroy(), resolve(false)));
    socket.on('error', () => resolve(true));
  });
}

/** A copy of the build that the test may change. */
export async function copyOfBuild(t) {
  const dir = await mkdtemp(join(tmpdir(), 'spotcheck-dist-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  await cp(DIST, dir, { recursive: true });
  return dir;
}

/** Writes changed content of a file, without its compressed copies. */
export async function put(dir, name, content) {
  await writeFile(join(dir, name), content);
  for (const ending of ['br', 'gz']) await rm(join(dir, `${name}.${ending}`), { force: true });
}

/** Makes the next version out of a copy of the build. */
export async function nextVersion(dir, name) {
  const page = (await readFile(join(dir, 'index.html'), 'utf8')).replace(/(app-version" content=")[^"]+/, `$1${name}`);
  const build = /const BUILD = (\{.*\});/;
  const worker = await readFile(join(dir, 'sw.js'), 'utf8');
  const list = JSON.parse(build.exec(worker)[1]);
  list.version = name;
  const entry = list.files.find(([path]) => path === '/');
  entry[1] = createHash('sha256').update(page).digest('hex');
  entry[2] = Buffer.byteLength(page);
  await put(dir, 'index.html', page);
  await put(dir, 'sw.js', worker.replace(build, () => `const BUILD = ${JSON.stringify(list)};`));
}
