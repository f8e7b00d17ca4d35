// Official documents: made, signed, issued, printed and read back, as a person does it.
import assert from 'node:assert/strict';
import { Cases } from './cases.mjs';
import { pdfPages, plain } from './pdf.mjs';
import { SCRIBBLES } from './screens.mjs';

// A4 without the margins of documents, in the pixels of a page that is printed.
const WIDTH = Math.round(((210 - 2 * 22) / 25.4) * 96);

/** The screens of documents. */
export class Papers extends Cases {
  /** Signs what the step had brought along, and what was changed since. */
  async signAgain(who) {
    await this.page.getByRole('button', { name: `重签 · ${who}` }).click();
    const sheet = this.page.getByRole('dialog', { name: `签名 · ${who}` });
    await this.stroke(sheet.getByRole('img', { name: '请在框内用手指签名' }), SCRIBBLES[0]);
    await sheet.getByRole('button', { name: '完成' }).click();
    await sheet.waitFor({ state: 'hidden' });
    await this.saved();
  }

  /** Makes a document of the matter that is shown. */
  async make(title) {
    await this.page.getByRole('button', { name: `制作：${title}` }).click();
    await this.at(title);
  }

  async issue() {
    await this.page.getByText('已填全').waitFor();
    await this.page.getByRole('button', { name: '签发', exact: true }).click();
  }

  /** Issues with a number of this device. `mark` is the short name of the bureau, which is asked the first time. */
  async issueByOwnNumber(mark) {
    await this.issue();
    const sheet = this.page.getByRole('dialog', { name: '本机没有可用号段' });
    if (mark) await sheet.getByLabel('机关简称（编号用）').fill(mark);
    await sheet.getByRole('button', { name: '用本机自编号签发' }).click();
    await this.toast('已签发').waitFor();
    await this.page.getByRole('button', { name: '打印', exact: true }).waitFor();
  }

  /** The pages that would be printed now, as texts. Nothing may stick out of them. */
  async printed() {
    const { page } = this;
    await page.getByRole('button', { name: '打印', exact: true }).and(page.locator(':enabled')).waitFor();
    const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true, printBackground: true });
    assert.match(pdf.toString('latin1'), /\/MediaBox\s*\[0 0 59[45](\.\d+)? 84[12](\.\d+)?\]/);
    assert.deepEqual(await this.outside(), []);
    return pdfPages(pdf);
  }

  /** What is cut off on a page of paper: texts beyond its edges, or hidden by what they stand in. */
  async outside() {
    const { page } = this;
    const size = page.viewportSize();
    await page.setViewportSize({ width: WIDTH, height: size.height });
    await page.emulateMedia({ media: 'print' });
    const found = await page.getByRole('article').evaluate((paper) => {
      const edge = paper.getBoundingClientRect();
      const tell = (element) => `${element.tagName} ${element.className} ${element.textContent.slice(0, 40)}`;
      return [...paper.querySelectorAll('*')]
        .filter((element) => !element.closest('svg'))
        .filter((element) => {
          const box = element.getBoundingClientRect();
          const beyond = box.left < edge.left - 1 || box.right > edge.right + 1;
          return beyond || element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline';
        })
        .map(tell);
    });
    await page.emulateMedia({ media: null });
    await page.setViewportSize(size);
    return found;
  }

  /** What a paper must say, wherever it stands on it. */
  says(pages, ...texts) {
    const all = pages.join('');
    for (const text of texts) assert.ok(all.includes(plain(text)), `${text} is not in: ${all}`);
  }

  /** Says that every page is numbered, and of how many, and that none is all but empty. */
  numbered(pages) {
    pages.forEach((text, at) => {
      const number = `第${at + 1}页共${pages.length}页`;
      assert.ok(text.includes(number), `page ${at + 1}: ${text.slice(0, 60)}`);
      assert.ok(text.length > number.length + 20, `page ${at + 1} holds ${text}`);
    });
  }
}
