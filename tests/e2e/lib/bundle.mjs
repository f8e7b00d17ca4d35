// A second writer of bundles, after docs/format.md alone: what it writes is made-up work in any amount, and whatever
// the app takes from it shows that the page says enough.
import { createHash, createPrivateKey, randomBytes, sign } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const CHECKLIST = new URL('../../../public/content/checklists/elevator.json', import.meta.url);
const PART_BYTES = 32 * 1024 * 1024;

const sha256 = (data) => createHash('sha256').update(data).digest('hex');

/** RFC 8785: JavaScript writes numbers and texts as it asks; only names are to be sorted. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const names = Object.keys(value).sort().filter((name) => value[name] !== undefined);
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
}

/** A UUID of version 7. */
function uuid(ms) {
  const bytes = Buffer.concat([Buffer.alloc(6), randomBytes(10)]);
  bytes.writeUIntBE(ms, 0, 6);
  bytes[6] = 0x70 | (bytes[6] & 15);
  bytes[8] = 0x80 | (bytes[8] & 63);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** A device with its key. */
export function newDevice() {
  const seed = randomBytes(32);
  const key = createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]), format: 'der', type: 'pkcs8' });
  const open = Buffer.from(key.export({ format: 'jwk' }).x, 'base64url');
  const signed = (purpose, message) => sign(null, Buffer.concat([Buffer.from(`${purpose}\n`), message]), key).toString('hex');
  return { id: `d${sha256(open).slice(0, 16)}`, key: open.toString('hex'), sign: signed };
}

/** The journal of one record: changes in a chain, and what they add up to. */
function journal(device, record, values, startMs, by) {
  const changes = [];
  const state = {};
  let prev = null;
  const add = (path, value) => {
    const seq = changes.length + 1;
    const ms = startMs + seq * 1000;
    const change = { record, device: device.id, seq, at: `${ms}-00000`, by, path, value, prev, over: null };
    change.clock = { wall_ms: ms, mono_ms: ms - startMs, offset_min: 480 };
    change.hash = sha256(canonical(change));
    prev = change.hash;
    changes.push(change);
    state[path] = value;
  };
  for (const [path, value] of values) add(path, value);
  const heads = { [device.id]: { seq: changes.length, hash: prev } };
  const sig = device.sign('spotcheck-record-seal-v1', Buffer.from(canonical({ heads, record })));
  add('seals/1', { alg: 'Ed25519', heads, key: device.key, sig });
  return { id: record, kind: state.kind, state, changes };
}

/** A finished and sealed check of an elevator, with photos. */
function inspection(device, number, list, photos, startMs) {
  const id = uuid(startMs);
  const values = [
    ['kind', 'inspection'],
    ['checklist', list],
    ['started', { ms: startMs, offset_min: 480 }],
    ['unit/name', `示例单位${number}`],
    ['unit/address', `示例县示例路${number}号`],
    ['equipment/name', `${(number % 9) + 1}号客梯`],
    ['equipment/place', '示例楼'],
    ['inspectors/1', { name: '张示例', cert_no: 'SL000001' }],
    ['inspectors/2', { name: '李示例', cert_no: 'SL000002' }],
    ['attendant', '王示例 安全管理员'],
  ];
  for (const [index, item] of list.items.entries()) {
    const failed = index % 12 === number % 12;
    values.push([`answers/${item.id}/verdict`, failed ? 'fail' : 'pass']);
    if (failed) values.push([`answers/${item.id}/finding`, `示例问题${number}`], [`answers/${item.id}/deadline`, '2027-01-31']);
  }
  for (const photo of photos) {
    const meta = { item: list.items[0].id, sha256: photo.sha256, size_bytes: photo.bytes.length, width: 2048, height: 1536, mime: 'image/jpeg' };
    const original = { sha256: sha256(photo.sha256), size_bytes: 3_000_000, mime: 'image/jpeg', name: 'IMG.jpg', width: 4000, height: 3000, kept: false };
    values.push([`photos/${uuid(startMs)}`, { ...meta, source: 'camera', captured_at_ms: startMs, taken_at: null, position: null, original, stamped: false, stamp: [] }]);
  }
  values.push(['conclusion/result', 'rectify']);
  for (const role of ['inspector1', 'inspector2', 'attendant']) {
    values.push([`signatures/${role}`, { name: '示例', strokes: [[1000, 3000, 4000, 7000, 8000, 2000]], aspect: 2, at_ms: startMs }]);
  }
  return { line: canonical(journal(device, id, values, startMs, '张示例 SL000001')), id, photos };
}

/** The file of one part. */
function part(device, records, photos, bundle, k, n, createdMs) {
  const from = { device: device.id, key: device.key, name: '张示例 SL000001', bureau: '示例县市场监督管理局' };
  const header = canonical({ id: bundle, purpose: 'submit', from, created_at: new Date(createdMs).toISOString(), part: { k, n } });
  const photoLine = ({ sha256: digest, bytes }) =>
    `{"data":"${bytes.toString('base64')}","mime":"image/jpeg","sha256":"${digest}","size_bytes":${bytes.length}}`;
  const lines = { records: records.map(({ line }) => line), photos: photos.map(photoLine) };
  const digests = { header: sha256(header), records: lines.records.map(sha256), photos: lines.photos.map(sha256) };
  const digest = sha256(canonical(digests));
  const sig = device.sign('spotcheck-bundle-seal-v1', Buffer.from(digest, 'hex'));
  const seal = canonical({ alg: 'Ed25519', ...digests, digest, key: device.key, sig });
  const rows = (all) => all.map((line) => `${line},\n`).join('').replace(/,\n$/, '\n');
  return `{"format":"spotcheck-bundle","version":1,"header":${header},"records":[\n${rows(lines.records)}],"photos":[\n${rows(lines.photos)}],"seal":${seal}}\n`;
}

/**
 * Writes sealed checks with so many photos each into a folder; the paths of the parts and all ids.
 *
 * `pictures` are JPEGs; each photo is one of them with a comment of its own, so that no two are the same.
 */
export async function writeBundle(dir, { records, photosEach, pictures, name = 'spotcheck-seed', ageDays = 30 }) {
  const device = newDevice();
  const list = JSON.parse(await readFile(CHECKLIST, 'utf8'));
  for (const item of list.items) item.phrases = [];
  const startMs = Date.now() - ageDays * 86_400_000;
  const photo = (number) => {
    const picture = pictures[number % pictures.length];
    const comment = Buffer.from(`\xff\xfe\0\x22${randomBytes(16).toString('hex')}`, 'latin1');
    const bytes = Buffer.concat([picture.subarray(0, 2), comment, picture.subarray(2)]);
    return { bytes, sha256: sha256(bytes) };
  };
  const parts = [];
  let current;
  for (let number = 0; number < records; number += 1) {
    const photos = Array.from({ length: photosEach }, (_, index) => photo(number * photosEach + index));
    const record = inspection(device, number, list, photos, startMs + number * 600_000);
    const size = record.line.length * 2 + photos.reduce((sum, { bytes }) => sum + bytes.length * 1.34, 0);
    if (!current || current.size + size > PART_BYTES * 0.9) {
      current = { records: [], photos: [], size: 0 };
      parts.push(current);
    }
    current.records.push(record);
    current.photos.push(...photos);
    current.size += size;
  }
  const bundle = uuid(Date.now());
  const paths = [];
  for (const [index, { records: some, photos }] of parts.entries()) {
    const path = join(dir, `${name}-${index + 1}of${parts.length}.json`);
    await writeFile(path, part(device, some, photos, bundle, index + 1, parts.length, Date.now()));
    paths.push(path);
  }
  return { paths, ids: parts.flatMap((one) => one.records.map(({ id }) => id)) };
}
