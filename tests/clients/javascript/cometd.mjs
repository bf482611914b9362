// The CometD client of the CometD project, with replay, unmodified.
import assert from 'node:assert/strict';
import { adapt } from 'cometd-nodejs-client';
import { env, run, step } from './steps.mjs';

adapt();
const { CometD } = await import('cometd');
const base = env('SF_BASE_URL');
const headers = { Authorization: `Bearer ${env('SF_ACCESS_TOKEN')}`, 'Content-Type': 'application/json' };
const post = async (path, body) => {
  const answer = await fetch(`${base}/services/data/v66.0/sobjects/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  assert.equal(answer.status, 201, await answer.clone().text());
  return answer.json();
};
const lead = (LastName) => post('Lead', { LastName, Company: 'X' });
const replay = {};
const client = new CometD();
client.registerExtension('replay', {
  outgoing: (message) => {
    if (message.channel === '/meta/handshake') message.ext = { ...message.ext, replay: true };
    if (message.channel === '/meta/subscribe') message.ext = { ...message.ext, replay };
    return message;
  },
});
client.configure({ url: `${base}/cometd/66.0`, requestHeaders: { Authorization: headers.Authorization }, appendMessageTypeToURL: false });
client.websocketEnabled = false;
client.unregisterTransport('websocket');

const subscribed = (channel, from, told) => new Promise((yes, no) => {
  replay[channel] = from;
  const subscription = client.subscribe(channel, told, (reply) => (reply.successful ? yes(subscription) : no(new Error(JSON.stringify(reply)))));
});

step('handshake', () => new Promise((yes, no) => client.handshake((reply) => (reply.successful ? yes() : no(new Error(JSON.stringify(reply)))))));
step('what is new is told', async () => {
  await post('PushTopic', { Name: 'Leads', Query: 'SELECT Id, LastName FROM Lead', ApiVersion: 66.0 });
  const heard = [];
  await new Promise(async (yes, no) => {
    setTimeout(() => no(new Error(`heard ${heard.length}`)), 20_000);
    made.subscription = await subscribed('/topic/Leads', -1, (message) => heard.push(message) === 2 && yes());
    await lead('One');
    await lead('Two');
  });
  assert.deepEqual(heard.map(({ data }) => data.sobject.LastName), ['One', 'Two']);
  made.first = heard[0].data.event.replayId;
});
step('what is kept is told again', async () => {
  await new Promise((yes) => client.unsubscribe(made.subscription, yes));
  const heard = [];
  await new Promise(async (yes, no) => {
    setTimeout(() => no(new Error(`heard ${heard.length}`)), 20_000);
    made.subscription = await subscribed('/topic/Leads', made.first, (message) => { heard.push(message); yes(); });
  });
  assert.equal(heard[0].data.sobject.LastName, 'Two');
});
step('a generic event is told', async () => {
  const { id } = await post('StreamingChannel', { Name: '/u/notes' });
  const heard = new Promise(async (yes, no) => {
    setTimeout(() => no(new Error('nothing was told')), 20_000);
    await subscribed('/u/notes', -1, yes);
    await fetch(`${base}/services/data/v66.0/sobjects/StreamingChannel/${id}/push`, { method: 'POST', headers,
      body: JSON.stringify({ pushEvents: [{ payload: 'Hello', userIds: [] }] }) });
  });
  assert.equal((await heard).data.payload, 'Hello');
});
step('disconnect', () => new Promise((yes) => client.disconnect(yes)));

const made = {};
await run();
