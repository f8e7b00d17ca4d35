// The consumer's pages: what a person does there, by roles and names, and how many taps it takes.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Screens } from './screens.mjs';

/** The pages of complaints. Counts taps: every click, choice and field that is tapped into. */
export class Complaint extends Screens {
  taps = 0;

  async tap(locator) {
    this.taps += 1;
    await locator.click();
  }

  group(name) {
    return this.page.getByRole('group', { name: new RegExp(`^${name}`) });
  }

  /** Chooses one or several tiles of a question. */
  async choose(question, ...answers) {
    for (const answer of answers) {
      const tile = this.group(question).getByLabel(answer, { exact: true });
      // The box is drawn by its label, which is as large as the tile.
      await this.tap(tile);
      await this.group(question).getByLabel(answer, { exact: true }).and(this.page.locator(':checked')).waitFor();
    }
  }

  async write(question, text) {
    this.taps += 1;
    const field = this.page.getByLabel(new RegExp(`^${question}`));
    await field.fill(text);
    await field.blur();
  }

  /** Photos from the gallery: one tap on the button and one on each picture in the system's picker. */
  async addPhotosTo(question, paths) {
    this.taps += 1 + paths.length;
    const group = this.group(question);
    const before = await group.getByRole('img', { name: /^照片 \d+$/ }).count();
    const label = group.locator('label').filter({ has: this.page.getByLabel('从相册选') });
    const [chooser] = await Promise.all([this.page.waitForEvent('filechooser'), label.click()]);
    await chooser.setFiles(paths);
    await group.getByRole('img', { name: `照片 ${before + paths.length}`, exact: true }).waitFor({ timeout: 60_000 });
    await this.saved();
  }

  /** Waits for a step, by its name; the name has the focus. */
  async atStep(name) {
    await this.page.getByRole('heading', { level: 2, name, exact: true }).waitFor();
  }

  async next(name) {
    await this.tap(this.page.getByRole('button', { name: /^(下一步|核对)$/ }));
    await this.atStep(name);
  }

  /** From the first page into a draft: what it is about. */
  async begin(url, about) {
    await this.page.goto(`${url}/complain`);
    await this.tap(this.page.getByRole('button', { name: about, exact: true }));
    await this.atStep('先看安全');
  }

  /** Files what is filled in. */
  async file() {
    await this.tap(this.page.getByRole('checkbox', { name: '以上是我知道的真实情况' }));
    await this.tap(this.page.getByRole('button', { name: '提交' }));
    await this.page.getByRole('heading', { level: 2, name: '已写好，还要发出' }).waitFor();
  }

  /** The receipt numbers that the page shows. */
  async receipts() {
    return this.page.getByRole('status', { name: /回执号$/ }).allInnerTexts();
  }
}

/** What the tests write: made up. */
export const WRITTEN = {
  facts: '孩子玩玩具小车时轮子脱落划伤手指流血',
  name: '赵示例某',
  phone: '13900000123',
  address: '示例县示例小区9号楼901',
};

/** Fills in an injury by a toy, with three photos; stops on the page where it is checked. */
export async function toyInjury(app, url, photos) {
  await app.begin(url, '在店里买的东西');
  await app.choose('现在还有危险吗', '不是');
  await app.next('是什么事');
  await app.choose('是哪一类东西', '儿童玩具');
  if (photos.length > 0) await app.addPhotosTo('拍照', photos);
  await app.next('出了什么事');
  await app.choose('问题是什么', '不安全、有危险');
  await app.choose('有没有这些情况', '有人受伤或者去世', '和孩子有关');
  await app.tap(app.page.getByRole('button', { name: /^多一个：几个人受了轻伤/ }));
  await app.choose('哪天', '今天');
  await app.write('说说经过', WRITTEN.facts);
  await app.next('东西和商家');
  await app.write('叫什么名字', '示例玩具小车');
  await app.write('商家叫什么', '示例玩具店');
  await app.write('商家在哪里', '示例县示例路8号');
  await app.next('您想怎么办');
  await app.choose('您最想要的是什么', '两样都要');
  await app.choose('想让商家怎么做', '退钱');
  await app.choose('是自己或者家里用的吗', '是');
  await app.next('怎么联系您');
  await app.write('您的姓名', WRITTEN.name);
  await app.write('您的手机号', WRITTEN.phone);
  await app.write('您的地址', WRITTEN.address);
  await app.next('核对');
}

/** Files of a profile in which one of the texts stands, as UTF-8, UTF-16 or in escapes. The browser is not running. */
export async function filesWith(profile, texts) {
  const needles = texts.flatMap((text) => [
    Buffer.from(text, 'utf8'),
    Buffer.from(text, 'utf16le'),
    Buffer.from(encodeURIComponent(text), 'latin1'),
  ]);
  const found = [];
  for (const entry of await readdir(profile, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath ?? entry.path, entry.name);
    // Sockets and locks can't be read, and hold nothing.
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    if (needles.some((needle) => bytes.includes(needle))) found.push(path);
  }
  return found;
}
