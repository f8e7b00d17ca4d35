// Photos as a phone makes them: 12 megapixels, with time, position and orientation in the file. All of it is made up.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { CHROMIUM, FLAGS } from './browser.mjs';

const HERE = fileURLToPath(import.meta.url);
export const TARGET = join(dirname(HERE), '../../../target');

/** What stands in each of the six files. Orientation: 1 upright, 6 turned right, 3 upside down, 8 turned left. */
export const PHOTOS = [
  { name: 'IMG_0001.jpg', taken: '2026:11:24 09:01:05', orientation: 1, lat: 30.001234, lon: 110.004321 },
  { name: 'IMG_0002.jpg', taken: '2026:11:24 09:02:10', orientation: 6, lat: 30.001235, lon: 110.00432 },
  { name: 'IMG_0003.jpg', taken: '2026:11:24 09:03:15', orientation: 1, lat: 30.001236, lon: 110.004319 },
  { name: 'IMG_0004.jpg', taken: '2026:11:24 09:04:20', orientation: 3, lat: 30.001237, lon: 110.004318 },
  { name: 'IMG_0005.jpg', taken: '2026:11:24 09:05:25', orientation: 8, lat: 30.001238, lon: 110.004317 },
  { name: 'IMG_0006.jpg', taken: '2026:11:24 09:06:30', orientation: 1, lat: 30.001239, lon: 110.004316 },
];

/** Paths of the six photos; made once and kept for the next run. */
export async function photoFiles() {
  const digest = createHash('sha256').update(await readFile(HERE)).digest('hex').slice(0, 12);
  const dir = join(TARGET, 'e2e', `photos-${digest}`);
  const paths = PHOTOS.map(({ name }) => join(dir, name));
  const there = await Promise.all(paths.map((path) => readFile(path).then(() => true, () => false)));
  if (there.every(Boolean)) return paths;
  await mkdir(dir, { recursive: true });
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  try {
    const page = await browser.newPage();
    for (const [index, photo] of PHOTOS.entries()) {
      const plain = await drawJpeg(page, { width: 4000, height: 3000, seed: index + 1, quality: 0.9 });
      // Renamed when whole, so that a run that was ended leaves no half file.
      await writeFile(`${paths[index]}.part`, withExif(plain, photo));
      await rename(`${paths[index]}.part`, paths[index]);
    }
  } finally {
    await browser.close();
  }
  return paths;
}

/** A picture of shapes and grain, different for each seed. */
export async function drawJpeg(page, options) {
  const base64 = await page.evaluate(async ({ width, height, seed, quality, grain = 20 }) => {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    const ground = context.createLinearGradient(0, 0, width, height);
    ground.addColorStop(0, `hsl(${seed * 50} 30% 40%)`);
    ground.addColorStop(1, `hsl(${seed * 50 + 90} 25% 70%)`);
    context.fillStyle = ground;
    context.fillRect(0, 0, width, height);
    let state = seed * 0x9e3779b9;
    const random = () => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return (state >>> 0) / 2 ** 32;
    };
    for (let shape = 0; shape < 60; shape += 1) {
      context.fillStyle = `hsl(${random() * 360} 40% ${30 + random() * 40}%)`;
      context.beginPath();
      context.ellipse(random() * width, random() * height, 40 + random() * 400, 40 + random() * 300, random() * 3, 0, 7);
      context.fill();
    }
    context.fillStyle = 'white';
    context.font = `bold ${Math.round(height / 10)}px sans-serif`;
    context.fillText(`No. ${seed}`, width / 20, height / 6);
    // Grain like a sensor's, without which the file would be unlike a photo's in size.
    const image = context.getImageData(0, 0, width, height);
    const pixels = image.data;
    for (let at = 0; at < pixels.length; at += 4) {
      const noise = (random() - 0.5) * grain;
      pixels[at] += noise;
      pixels[at + 1] += noise;
      pixels[at + 2] += noise;
    }
    context.putImageData(image, 0, 0);
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg', quality })).arrayBuffer());
    let text = '';
    for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    return btoa(text);
  }, options);
  return Buffer.from(base64, 'base64');
}

/** Puts an Exif segment behind the first marker of a JPEG. */
function withExif(jpeg, photo) {
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff(photo)]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}

const [ASCII, SHORT, LONG, RATIONAL] = [2, 3, 4, 5];

/** Exif as little-endian TIFF: picture, Exif and GPS directories, with their larger values behind them. */
function tiff({ taken, orientation, lat, lon }) {
  const text = (value) => Buffer.from(`${value}\0`, 'latin1');
  const short = (value) => Buffer.from([value & 255, value >> 8]);
  const long = (value) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return bytes;
  };
  const degrees = (value) => {
    const whole = Math.floor(value);
    const minutes = Math.floor((value - whole) * 60);
    const seconds = Math.round(((value - whole) * 60 - minutes) * 60 * 10_000);
    return Buffer.concat([whole, 1, minutes, 1, seconds, 10_000].map(long));
  };
  const directory = (at, fields) => {
    const entries = [];
    const values = [];
    let next = at + 2 + fields.length * 12 + 4;
    for (const [tag, type, count, value] of fields) {
      const entry = Buffer.alloc(12);
      entry.writeUInt16LE(tag, 0);
      entry.writeUInt16LE(type, 2);
      entry.writeUInt32LE(count, 4);
      if (value.length <= 4) {
        value.copy(entry, 8);
      } else {
        entry.writeUInt32LE(next, 8);
        const padded = Buffer.concat([value, Buffer.alloc(value.length % 2)]);
        values.push(padded);
        next += padded.length;
      }
      entries.push(entry);
    }
    return Buffer.concat([short(fields.length), ...entries, long(0), ...values]);
  };
  const [make, model, when, zone] = ['Example', 'Example Phone', taken, '+08:00'].map(text);
  const picture = (exifAt, gpsAt) =>
    directory(8, [
      [0x010f, ASCII, make.length, make],
      [0x0110, ASCII, model.length, model],
      [0x0112, SHORT, 1, short(orientation)],
      [0x8769, LONG, 1, long(exifAt)],
      [0x8825, LONG, 1, long(gpsAt)],
    ]);
  const exif = (at) =>
    directory(at, [
      [0x9003, ASCII, when.length, when],
      [0x9011, ASCII, zone.length, zone],
    ]);
  const gps = (at) =>
    directory(at, [
      [1, ASCII, 2, text('N')],
      [2, RATIONAL, 3, degrees(lat)],
      [3, ASCII, 2, text('E')],
      [4, RATIONAL, 3, degrees(lon)],
    ]);
  const exifAt = 8 + picture(0, 0).length;
  const gpsAt = exifAt + exif(exifAt).length;
  return Buffer.concat([Buffer.from('II*\0', 'latin1'), long(8), picture(exifAt, gpsAt), exif(exifAt), gps(gpsAt)]);
}

/** Files that are no photos although their names say so, written into a folder. */
export async function badPhotoFiles(dir) {
  const [first] = await photoFiles();
  const whole = await readFile(first);
  const files = {
    notImage: ['report.jpg', Buffer.from('这是一份文字，不是照片。\n'.repeat(200))],
    empty: ['empty.jpg', Buffer.alloc(0)],
    truncated: ['truncated.jpg', whole.subarray(0, 400)],
    half: ['half.jpg', whole.subarray(0, whole.length >> 1)],
  };
  const paths = {};
  for (const [key, [name, bytes]] of Object.entries(files)) {
    paths[key] = join(dir, name);
    await writeFile(paths[key], bytes);
  }
  return paths;
}
