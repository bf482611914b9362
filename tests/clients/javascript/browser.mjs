// A person in a browser: cookies, redirects and forms, as far as the pages of a login go.
import assert from 'node:assert/strict';
import { env } from './steps.mjs';

const unescaped = (text) => text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');

/** Logs in, allows what the app asks for, and tells what the browser was sent back to the app with. */
export async function allow(address, callback) {
  const cookies = new Map();
  // Node's fetch knows no proxy, so the login page is met where the server is.
  let [url, form] = [address.replace('https://login.salesforce.com', env('SF_BASE_URL')), undefined];
  for (let page = 0; page < 10; page += 1) {
    if (url.startsWith(callback)) return Object.fromEntries(new URL(url).searchParams);
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { method: form ? 'POST' : 'GET', body: form, redirect: 'manual', headers: { cookie } });
    for (const set of answer.headers.getSetCookie()) {
      const [name, value] = set.split(';')[0].split('=');
      cookies.set(name, value);
    }
    if (answer.headers.has('location')) {
      [url, form] = [new URL(answer.headers.get('location'), url).href, undefined];
      continue;
    }
    const html = await answer.text();
    assert.equal(answer.status, 200, html);
    form = new URLSearchParams();
    for (const [, name, value] of html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)) form.set(name, unescaped(value));
    if (html.includes('name="pw"')) {
      form.set('username', env('SF_USERNAME'));
      form.set('pw', env('SF_PASSWORD'));
    } else {
      form.set('save', 'Allow');
    }
    url = new URL(unescaped(html.match(/action="([^"]*)"/)[1]), url).href;
  }
  throw new Error('the browser never came back');
}
