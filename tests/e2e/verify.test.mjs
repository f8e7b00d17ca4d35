// Evidence as a court gets it: a bundle that holds, one with a changed byte, an extracted case folder with an exchanged photo, and
// the code at the foot of a print. Nothing of it is kept by checking it.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { newProfile, openBrowser } from './lib/browser.mjs';
import { writeBundle } from './lib/bundle.mjs';
import { spotcheck } from './lib/cli.mjs';
import { photoFiles } from './lib/photos.mjs';
import { assertQuiet, Screens } from './lib/screens.mjs';
import { serve } from './lib/server.mjs';
import { steps } from './lib/steps.mjs';
import { readShelves } from './lib/stores.mjs';

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

test('bundles, case folders and prints are checked without a network and without being kept', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'spotcheck-verify-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const pictures = await Promise.all((await photoFiles()).slice(0, 2).map((path) => readFile(path)));
  const { paths, ids } = await writeBundle(folder, { records: 2, photosEach: 1, pictures, name: 'evidence' });
  const [good] = paths;
  const bytes = await readFile(good);
  const bad = join(folder, 'altered.json');
  const altered = Buffer.from(bytes);
  altered[altered.indexOf('示例问题') + 1] ^= 1;
  await writeFile(bad, altered);
  const cases = join(folder, '案卷');
  assert.equal((await spotcheck('extract', good, cases)).code, 0);

  const server = await serve();
  t.after(server.stop);
  // Finer than a phone's screen, so that the code on the print can be read from a picture of it.
  const browser = await openBrowser(await newProfile(t), { scale: 3 });
  const { page } = browser;
  const app = new Screens(page);
  await page.goto(server.url);
  await page.getByText('可离线使用').first().waitFor();

  const step = steps(t, () => browser);
  const paper = (name) => page.getByRole('article', { name });
  const again = () => page.getByRole('button', { name: '核验其他文件' }).click();
  const before = await readShelves(page);

  await step('a bundle that holds: verdict, digest, sender, records', async () => {
    await server.stop();
    await app.go('办公室');
    await page.getByRole('link', { name: /核验证据/ }).click();
    await app.at('核验证据');
    await app.choose(page.getByRole('button', { name: '选择文件' }), [good]);
    const result = paper(basename(good));
    await result.getByText('核验通过：本文件自发送设备签封以来没有任何改动').waitFor({ timeout: 60_000 });
    const text = await result.innerText();
    for (const part of [sha256(bytes), `${bytes.length} 字节`, '示例县市场监督管理局', '张示例', '示例单位0', '示例单位1', ...ids]) {
      assert.ok(text.includes(part), `${part} in ${text}`);
    }
    assert.equal(await result.getByRole('cell', { name: '相符', exact: true }).count(), 2);
    await result.getByRole('img', { name: '核验对象摘要的二维码' }).waitFor();
    const pdf = (await page.pdf({ format: 'A4', preferCSSPageSize: true, printBackground: true })).toString('latin1');
    assert.equal(pdf.match(/\/Type\s*\/Page\b/g).length, 1);
  });

  await step('one changed byte: refused, and nothing of it shown', async () => {
    await again();
    await app.choose(page.getByRole('button', { name: '选择文件' }), [bad]);
    const result = paper('altered.json');
    await result.getByText('核验未通过').waitFor({ timeout: 60_000 });
    await result.getByText('没有可以采信的记录').waitFor();
    const text = await result.innerText();
    assert.match(text, /记录 示例单位\d|记录 [0-9a-f-]{36}|records\[\d\]/);
    assert.ok(text.includes(sha256(altered)));
  });

  await step('a case folder that holds, then with an exchanged photo', async () => {
    await again();
    await app.choose(page.getByRole('button', { name: '选择目录' }), cases);
    await paper('案卷').getByText('核验通过：目录中各项记录').waitFor({ timeout: 60_000 });
    await page.getByText('目录本身没有签封').waitFor();
    const [one, other] = (await readdir(cases)).filter((name) => name.endsWith('.jpg')).map((name) => join(cases, name));
    await writeFile(one, await readFile(other));
    await again();
    await app.choose(page.getByRole('button', { name: '选择目录' }), cases);
    const result = paper('案卷');
    await result.getByText('核验未通过').waitFor({ timeout: 60_000 });
    await result.getByText('照片与其摘要不符：被改动或者调换').waitFor();
    await result.getByText(`文件 ${basename(one)}`).first().waitFor();
    assert.equal(await result.getByRole('cell', { name: '不符', exact: true }).count(), 1);
    assert.equal(await result.getByRole('cell', { name: '相符', exact: true }).count(), 1);
  });

  await step('the command says the same, and writes a page', async () => {
    const pageFile = join(folder, 'result.html');
    const { code, out } = await spotcheck('verify', cases, '--page', pageFile);
    assert.equal(code, 1);
    assert.match(out, /核验未通过/);
    assert.match(await readFile(pageFile, 'utf8'), /照片与其摘要不符/);
    assert.equal((await spotcheck('verify', good, '--page', join(folder, 'good.txt'))).code, 0);
  });

  await step('nothing was kept', async () => assert.deepEqual(await readShelves(page), before));

  await step('the code on a print opens the record and says whether it agrees', async () => {
    await app.go('办公室');
    await app.import([good]);
    await app.importCard(basename(good)).getByRole('heading', { name: '已导入' }).waitFor({ timeout: 60_000 });
    const [id] = ids;
    await page.goto(`${server.url}/record/${id}/print`);
    const code = page.getByRole('img', { name: '记录核对码' });
    await code.waitFor();
    const picture = join(folder, 'code.png');
    await code.screenshot({ path: picture });
    await page.goto(`${server.url}/scan`);
    await app.at('扫码');
    await app.choose(page.getByRole('button', { name: '选择图片' }), [picture]);
    await page.getByRole('heading', { name: '纸质件与本机记录的签封一致' }).waitFor({ timeout: 60_000 });
    assert.equal(new URL(page.url()).pathname, `/record/${id}`);
    await page.goto(`${server.url}/scan#r=${id}&d=0123456789abcdef`);
    await page.getByRole('heading', { name: '纸质件的摘要与本机记录的任何一次签封都不一致' }).waitFor();
    await page.goto(`${server.url}/scan#r=0192a4c0-0000-7000-8000-000000000001&d=0123456789abcdef`);
    await page.getByText('本机没有这份纸质件对应的记录').waitFor();
  });

  assertQuiet(browser);
  await browser.close();
});
