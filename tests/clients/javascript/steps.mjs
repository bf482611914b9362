// The steps of a client: each is run in order, named and judged; the last line says how many passed.
import assert from 'node:assert/strict';

const steps = [];

export const step = (name, run) => steps.push({ name, run });

export const env = (name) => {
  if (!process.env[name]) throw new Error(`${name} is not set`);
  return process.env[name];
};

/** `call` has to be refused, with an error that says these words in its code or message. */
export async function refused(call, ...words) {
  let error;
  try {
    await call();
  } catch (caught) {
    error = caught;
  }
  assert.ok(error, `nothing was refused, expected ${words.join(', ')}`);
  const text = `${error.errorCode ?? error.name ?? ''} ${error.message ?? error}`;
  for (const word of words) assert.ok(text.includes(word), `${word} is missing in ${text}`);
}

const LONGEST_STEP_MS = 120_000;

export async function run() {
  let failed = 0;
  for (const { name, run: act } of steps) {
    let timer;
    const late = new Promise((_, no) => {
      timer = setTimeout(() => no(new Error('took too long')), LONGEST_STEP_MS);
    });
    try {
      await Promise.race([act(), late]);
      console.log(`ok ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED ${name}: ${String(error.stack ?? error).replaceAll('\n', ' | ').slice(0, 2000)}`);
    }
    clearTimeout(timer);
  }
  console.log(`${steps.length - failed} of ${steps.length}`);
  process.exit(failed ? 1 : 0);
}
