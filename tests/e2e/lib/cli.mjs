// The `spotcheck` program.
import { spawn } from 'node:child_process';

/** Runs it; gives its exit code and what it printed. */
export function spotcheck(...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.env.SPOTCHECK_CLI, args, { env: { ...process.env, LANG: 'zh_CN.UTF-8', LC_ALL: 'zh_CN.UTF-8' } });
    let [out, err] = ['', ''];
    child.stdout.on('data', (data) => (out += data));
    child.stderr.on('data', (data) => (err += data));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}
