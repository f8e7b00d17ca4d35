// A camera that shows what a test holds before it: the browser plays a file instead.
import { rename, writeFile } from 'node:fs/promises';

const [WIDTH, HEIGHT] = [640, 480];
const [LIGHT, DARK, WALL] = [225, 30, 120];

/** Flags for a browser whose only camera is this file. It is opened anew each time that the camera is switched on. */
export const cameraOf = (file) => ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${file}`];

/** Grey values, row by row, on a wall without anything. */
export const emptyScene = () => new Uint8Array(WIDTH * HEIGHT).fill(WALL);

/** A picture before the wall, off the middle as a hand holds it. */
export function held({ width, height, grey }) {
  const scene = emptyScene();
  const [left, top] = [(WIDTH - width) >> 1, ((HEIGHT - height) >> 1) - 9];
  for (let row = 0; row < height; row += 1) scene.set(grey.subarray(row * width, (row + 1) * width), (top + row) * WIDTH + left);
  return scene;
}

/** Puts scenes before the camera, one frame each and over again (YUV4MPEG2, no colour). */
export async function show(file, scenes) {
  const colour = Buffer.alloc((WIDTH * HEIGHT) / 2, 128);
  const frames = scenes.flatMap((scene) => [Buffer.from('FRAME\n'), Buffer.from(scene), colour]);
  // Renamed when whole: a camera that still plays keeps the file that it has.
  await writeFile(`${file}.part`, Buffer.concat([Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1\n`), ...frames]));
  await rename(`${file}.part`, file);
}

/** A PNG as a grey picture of this width. `page` is any page, it only draws. */
export async function greyOf(page, png, width) {
  const { height, base64 } = await page.evaluate(async (asked) => {
    const bytes = Uint8Array.from(atob(asked.png), (one) => one.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const size = [asked.width, Math.round((picture.height / picture.width) * asked.width)];
    const context = new OffscreenCanvas(...size).getContext('2d');
    context.drawImage(picture, 0, 0, ...size);
    // Black on white: one colour tells.
    const reds = context.getImageData(0, 0, ...size).data.filter((_, index) => index % 4 === 0);
    return { height: size[1], base64: btoa(Array.from(reds, (one) => String.fromCharCode(one)).join('')) };
  }, { png: png.toString('base64'), width });
  return { width, height, grey: Buffer.from(base64, 'base64') };
}

// Bars and spaces of the values 0 to 99, then start C, in modules. Source: GB/T 18347—2001 (ISO/IEC 15417), table 1.
const [PAIRS, START_C, STOP] = [
  `212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 123122
  123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323
  131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131
  213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122
  141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 124112
  124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141
  411131`.split(/\s+/),
  { value: 105, bars: '211232' },
  '2331112',
];

/** A Code 128 bar code of an even number of digits, as on plates, `module` pixels to the finest bar. */
export function code128(digits, module = 3, height = 120) {
  const values = digits.match(/../g).map(Number);
  const check = values.reduce((sum, value, index) => sum + value * (index + 1), START_C.value) % 103;
  const widths = [START_C.bars, ...[...values, check].map((value) => PAIRS[value]), STOP].join('');
  const bars = [...widths].flatMap((width, index) => Array.from({ length: Number(width) * module }, () => (index % 2 === 0 ? DARK : LIGHT)));
  const quiet = Array.from({ length: 10 * module }, () => LIGHT);
  const row = [...quiet, ...bars, ...quiet];
  return { width: row.length, height, grey: Uint8Array.from({ length: row.length * height }, (_, index) => row[index % row.length]) };
}

/** For `init` of a browser: keeps every track of the camera that the page gets, and may hold it back (`holdCamera`, `giveCamera`). */
export function watchTracks() {
  window.tracks = [];
  const devices = navigator.mediaDevices;
  if (!devices) return;
  const open = devices.getUserMedia.bind(devices);
  let held = Promise.resolve();
  window.holdCamera = () => {
    held = new Promise((resolve) => (window.giveCamera = resolve));
  };
  devices.getUserMedia = async (wanted) => {
    const stream = await open(wanted);
    window.tracks.push(...stream.getTracks());
    await held;
    return stream;
  };
}

/** How the tracks of the camera stand that the page got since it was loaded: `live` or `ended`. */
export const trackStates = (page) => page.evaluate(() => window.tracks.map((track) => track.readyState));
