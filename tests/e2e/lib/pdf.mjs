// The text of a PDF that Chromium has printed, page by page: what a reader would select and copy.
import { inflateSync } from 'node:zlib';

/** All objects of the file: number to its dictionary and stream. */
function objectsOf(bytes) {
  const text = bytes.toString('latin1');
  const objects = new Map();
  for (const match of text.matchAll(/(?:^|[\r\n])(\d+) 0 obj\b/g)) {
    const start = match.index + match[0].length;
    const end = text.indexOf('endobj', start);
    const whole = text.slice(start, end);
    const at = whole.search(/stream\r?\n/);
    const dict = at < 0 ? whole : whole.slice(0, at);
    let stream = null;
    if (at >= 0) {
      const from = start + at + whole.slice(at).match(/^stream\r?\n/)[0].length;
      const length = Number(dict.match(/\/Length (\d+)(?! \d+ R)/)?.[1] ?? text.indexOf('endstream', from) - from);
      const raw = bytes.subarray(from, from + length);
      stream = dict.includes('/FlateDecode') ? inflateSync(raw).toString('latin1') : raw.toString('latin1');
    }
    objects.set(Number(match[1]), { dict, stream });
  }
  return objects;
}

const refs = (dict, name) => {
  const found = dict.match(new RegExp(`/${name}\\s*(?:\\[([^\\]]*)\\]|(\\d+ 0 R))`));
  return [...(found?.[1] ?? found?.[2] ?? '').matchAll(/(\d+) 0 R/g)].map(([, number]) => Number(number));
};

// Radicals that fonts give out instead of the characters of the same look, and that normalising leaves as they are.
const RADICALS = { '⺠': '民', '⻄': '西', '⻅': '见', '⻆': '角', '⻉': '贝', '⻋': '车', '⻓': '长', '⻔': '门', '⻘': '青', '⻚': '页', '⻛': '风', '⻝': '食', '⻢': '马', '⻩': '黄', '⻬': '齐' };

const hexText = (hex) => Buffer.from(hex, 'hex').swap16().toString('utf16le');

/** What the codes of a font mean. */
function meaningsOf(cmap) {
  const known = new Map();
  for (const [, block] of cmap.matchAll(/beginbfchar([\s\S]*?)endbfchar/g)) {
    for (const [, code, to] of block.matchAll(/<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>/g)) known.set(parseInt(code, 16), hexText(to));
  }
  for (const [, block] of cmap.matchAll(/beginbfrange([\s\S]*?)endbfrange/g)) {
    for (const [, from, to, first] of block.matchAll(/<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>/g)) {
      const [low, high] = [parseInt(from, 16), parseInt(to, 16)];
      for (let code = low; code <= high; code += 1) known.set(code, String.fromCodePoint(parseInt(first, 16) + code - low));
    }
  }
  return known;
}

function fontsOf(objects, dict) {
  const fonts = new Map();
  const resources = refs(dict, 'Resources').map((number) => objects.get(number)?.dict).join('') || dict;
  const block = resources.match(/\/Font\s*<<([\s\S]*?)>>/)?.[1] ?? refs(resources, 'Font').map((number) => objects.get(number)?.dict).join('');
  for (const [, name, number] of block.matchAll(/\/(\S+) (\d+) 0 R/g)) {
    const { dict: font } = objects.get(Number(number)) ?? { dict: '' };
    const [cmap] = refs(font, 'ToUnicode');
    // Fonts of which each glyph is a drawing have codes of one byte, all others of two.
    const digits = font.includes('/Type3') ? /.{2}/g : /.{4}/g;
    fonts.set(name, { digits, meanings: cmap === undefined ? new Map() : meaningsOf(objects.get(cmap).stream) });
  }
  return fonts;
}

/** A text as the pages give it: without blanks, wide and narrow forms alike. */
export const plain = (text) => text.normalize('NFKC').replace(/\s/g, '');

/** The text of each page, in the order in which it was painted, without blanks. */
export function pdfPages(bytes) {
  const objects = objectsOf(bytes);
  const pages = [...objects.values()].filter(({ dict }) => /\/Type\s*\/Page\b/.test(dict));
  return pages.map(({ dict }) => {
    const fonts = fontsOf(objects, dict);
    const content = refs(dict, 'Contents').map((number) => objects.get(number).stream).join('\n');
    const unknown = { digits: /.{4}/g, meanings: new Map() };
    let font = unknown;
    let text = '';
    // A text that the file says itself stands for the glyphs up to the end of its mark.
    let said = false;
    for (const [mark, name, actual, hex] of content.matchAll(/\/(\S+) [\d.]+ Tf|\/ActualText\s*<(?:FEFF)?([0-9A-Fa-f]+)>|<([0-9A-Fa-f]+)>|\bEMC\b/g)) {
      if (name) font = fonts.get(name) ?? unknown;
      else if (actual) [text, said] = [text + hexText(actual), true];
      else if (mark === 'EMC') said = false;
      else if (!said) for (const [code] of hex.matchAll(font.digits)) text += font.meanings.get(parseInt(code, 16)) ?? '';
    }
    return plain(text).replace(/[⺀-⻿]/g, (radical) => RADICALS[radical] ?? radical);
  });
}
