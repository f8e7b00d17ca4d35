// Ledgers of the size of a county's: how fast a table comes in, and how fast what one types is found.
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DESK, openBrowser } from '../lib/browser.mjs';
import { Screens } from '../lib/screens.mjs';
import { serve } from '../lib/server.mjs';
import { csv, HEAD, line } from '../lib/tables.mjs';
import { workbook } from '../lib/workbook.mjs';
import { both, drawn, firstOf, FIRST, folder, KEYS, ms, row, seconds, until } from './measure.mjs';

const [EQUIPMENT, UNITS] = [20_000, 2_000];
const BOOK_ROWS = 2_000;

const [PLACES, TRADES] = ['东西南北中上下新', ['商场', '酒店', '医院', '小区物业', '中学', '化工厂', '食品厂', '养老院', '超市', '写字楼']];
const WORDS = ['云山', '清河', '长安', '丰润', '兴隆', '金城', '海港', '平原', '银杏', '玉泉', '凤凰', '星光', '和平', '胜利', '建设', '幸福', '青松', '红旗', '明珠', '朝阳'];

/** The credit code of a made-up unit (GB 32100—2015). */
function creditCode(number) {
  const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
  const body = `91130227MA${String(number).padStart(7, '0')}`;
  const sum = [...body].reduce((total, letter, index) => total + alphabet.indexOf(letter) * (3 ** index % 31), 0);
  return `${body}${alphabet[(31 - (sum % 31)) % 31]}`;
}

function unit(number) {
  const pick = (list, step) => list[Math.floor(number / step) % list.length];
  const name = `示例${pick(WORDS, 1)}${pick(TRADES, WORDS.length)}${pick(PLACES, WORDS.length * TRADES.length)}店${Math.floor(number / 1600) || ''}`;
  return { 使用单位名称: name, 统一社会信用代码: creditCode(number), 使用单位地址: `示例县${pick(WORDS, 3)}路${(number % 300) + 1}号` };
}

const lines = (count, units) => Array.from({ length: count }, (_, index) => line(index, unit(index % units)));

/** Takes a table in through the import page; how long each step took, without the time that a person looks at it. */
async function bringIn(app, path) {
  const { page } = app;
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: '选择表格文件' }).click()]);
  const columns = await until(page, '.import-columns', () => chooser.setFiles(path));
  const contents = await until(page, '.import-counts', () => page.getByRole('button', { name: '下一步：核对内容' }).click());
  const keep = page.getByRole('button', { name: /^确认导入/ });
  const saved = await until(page, 'main a.primary[href="/ledger"]', () => keep.click());
  await page.getByText(/^新增 [1-9]\d* 条/).first().waitFor();
  return { preview: columns + contents, saved };
}

async function open(server, options = {}) {
  const browser = await openBrowser(await folder('ledger'), options);
  await browser.page.goto(server.url);
  await browser.page.getByText('可离线使用').first().waitFor();
  browser.context.setDefaultTimeout(300_000);
  return browser;
}

/** A workbook of an office comes into an empty ledger. */
export async function tables() {
  const server = await serve();
  const browser = await open(server, { size: DESK, touch: false });
  const path = join(await folder('files'), 'ledger.xlsx');
  await writeFile(path, workbook([['电梯', [HEAD, ...lines(BOOK_ROWS, BOOK_ROWS / 10)]]]));
  await browser.page.goto(`${server.url}/ledger/import`);
  const took = await bringIn(new Screens(browser.page), path);
  row(`workbook of ${BOOK_ROWS} rows: file to preview`, seconds(took.preview));
  row('  preview to saved', seconds(took.saved));
  await browser.close();
  await server.stop();
}

/** What a person types, key by key: a name, initials, pinyin, a code. */
const TYPED = ['示例云山商场东店', 'slysjd', 'qinghe', '3110121022'];

/** Keys in the search of a ledger of 20,000. */
export async function search() {
  const server = await serve();
  const browser = await open(server, { init: [KEYS] });
  const { page } = browser;
  const path = join(await folder('files'), 'ledger.csv');
  await writeFile(path, csv(lines(EQUIPMENT, UNITS)));
  await page.goto(`${server.url}/ledger/import`);
  const took = await bringIn(new Screens(page), path);
  const size = `${EQUIPMENT} pieces of equipment of ${UNITS} units`;
  row(`${basename(path)} of ${size}: file to preview`, seconds(took.preview));
  row('  preview to saved', seconds(took.saved));

  await page.context().addInitScript(FIRST, ['main ul.list li']);
  await page.goto(`${server.url}/ledger`);
  row(`ledger of ${size}: address to list`, ms(await firstOf(page, 'main ul.list li')));
  const box = page.getByRole('searchbox', { name: '搜索台账' });
  const times = { names: [], pinyin: [], codes: [] };
  for (const text of TYPED) {
    const kind = /\d/.test(text) ? 'codes' : /[a-z]/.test(text) ? 'pinyin' : 'names';
    await box.fill('');
    await drawn(page);
    for (const letter of text) {
      await page.keyboard.insertText(letter);
      await drawn(page);
      times[kind].push(await page.evaluate(() => ((window.keys.at(-1).closed = true), window.keys.at(-1).laidOut)));
    }
    // A search that finds nothing would be no measure.
    await page.getByText(/^找到 [1-9]\d* 条/).waitFor({ timeout: 5_000 });
  }
  const all = Object.values(times).flat();
  row(`search: key to list laid out (${all.length} keys)`, both(all), '≤ 50 ms');
  for (const [kind, values] of Object.entries(times)) row(`  ${kind}`, both(values));
  await browser.close();
  await server.stop();
}
