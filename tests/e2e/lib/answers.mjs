// Answers of every kind to every item of every checklist, found by roles and names.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { dayFromNow } from './screens.mjs';

const CONTENT = new URL('../../../public/content/checklists/', import.meta.url);
const read = async (name) => JSON.parse(await readFile(new URL(name, CONTENT), 'utf8'));

/** The checklists that the app offers, whole, in the order of the index. */
export const LISTS = await Promise.all((await read('index.json')).files.map(({ file }) => read(file)));

/** All items by their ids. */
export const BY_ID = new Map(LISTS.flatMap((list) => list.items.map((item) => [item.id, item])));

/** The item of an address such as `elevator-003.s2`. */
export const itemOf = (key) => BY_ID.get(key.split('.')[0]);

/** A day that a rule takes. */
function fittingDay(rule) {
  if (rule === 'lte_today_minus_6y') return dayFromNow(-7 * 366);
  return rule === 'gte_today' ? dayFromNow(100) : dayFromNow(0);
}

/** The card of a question by its text; lists may share a text, so the address tells which. */
export function card(page, key) {
  const named = page.getByRole('article', { name: itemOf(key).text_zh });
  return named.and(page.locator(`[id="${key}"]`));
}

/** Enters what an item asks for besides a verdict: something that passes. */
async function enterValue(question, { answer }) {
  switch (answer.type) {
    case 'yes_no_na':
      return;
    case 'number': {
      const field = question.getByLabel(/^填写数值/);
      await field.fill(String(answer.max ?? answer.min ?? 1));
      await field.blur();
      return;
    }
    case 'date':
      await question.getByLabel('填写日期').fill(fittingDay(answer.rule));
      return;
    case 'choice': {
      const name = (answer.options.find((option) => option.pass) ?? answer.options[0]).zh;
      const role = answer.multiple ? 'checkbox' : 'radio';
      // Some options begin alike.
      await question.getByRole(role, { name, exact: true }).check();
      return;
    }
    case 'text': {
      const field = question.getByRole('textbox').first();
      await field.fill('示例内容');
      await field.blur();
      return;
    }
    default:
      assert.fail(`no answer is known for ${answer.type}`);
  }
}

/** Fails an item with its first ready phrase, whose blanks are filled, and a deadline. */
export async function failItem(question, item) {
  await question.getByRole('button', { name: '不符合', exact: true }).click();
  await question.getByRole('button', { name: item.phrases[0].zh, exact: true }).click();
  for (const label of ['问题描述', '整改要求']) {
    const field = question.getByLabel(label);
    const text = (await field.inputValue()).replaceAll(/_{2,}/g, '3');
    assert.ok(text.length > 3, `${item.id}: ${label}`);
    await field.fill(text);
    await field.blur();
  }
  await question.getByRole('group', { name: '整改期限' }).getByRole('button', { name: '7 天', exact: true }).click();
}

/** Answers one question: the value that it asks for, and a verdict unless the value decides it. */
export async function answerOne(page, key, word = '符合') {
  const [item, question] = [itemOf(key), card(page, key)];
  await enterValue(question, item);
  const decided = item.answer.type !== 'yes_no_na' && (await question.getByRole('button', { pressed: true }).count()) > 0;
  if (!decided) await question.getByRole('button', { name: word, exact: true }).click();
  await question.getByRole('button', { pressed: true }).first().waitFor();
}

/** The addresses of the questions that are drawn and have no answer; how a card looks is all that tells it. */
function openOnes(page) {
  return page.getByRole('article').evaluateAll((cards) => cards.filter((one) => one.classList.contains('open')).map((one) => one.id));
}

/**
 * Goes from one question to the next that is open until none is left; gives the addresses in the order of the answers.
 *
 * `choose(key)` may answer a question in another way than with a pass, and says so by a true.
 */
export async function answerAll(app, choose = async () => false) {
  const { page } = app;
  const next = page.getByRole('button', { name: /^下一未答/ });
  const done = page.getByRole('button', { name: '全部已答' });
  const answered = [];
  while (!(await done.isVisible())) {
    await next.click();
    // The question that was gone to has the focus as soon as it is drawn.
    await page.waitForFunction(() => document.activeElement?.matches('article.open'));
    for (const key of await openOnes(page)) {
      assert.ok(!answered.includes(key), `${key} stays answered`);
      if (!(await choose(key))) await answerOne(page, key);
      answered.push(key);
    }
  }
  return answered;
}
