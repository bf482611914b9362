// pozil's client of the Pub/Sub API, unmodified: it always speaks TLS, brings authorities of its own and can be told to check none.
import assert from 'node:assert/strict';
import jsforce from 'jsforce';
import PubSubApiClient from 'salesforce-pubsub-api-client';
import { env, run, step } from './steps.mjs';

const loginUrl = env('SF_BASE_URL_TLS');
const mute = { debug() {}, info() {}, warn() {}, error() {} };
const around = { pubSubEndpoint: env('SF_PUBSUB_URL').replace('http://', ''), rejectUnauthorizedSsl: false };
const conn = new jsforce.Connection({ instanceUrl: env('SF_BASE_URL'), accessToken: env('SF_ACCESS_TOKEN'), version: '64.0' });
const client = new PubSubApiClient({ ...around, authType: 'user-supplied', accessToken: env('SF_ACCESS_TOKEN'), instanceUrl: loginUrl }, mute);
const ink = (model) => ({ CreatedDate: Date.now(), CreatedById: '005000000000000AAA', Model__c: { string: model } });
const LATE_MS = 20_000;

/** What an administrator sets of streaming. */
async function control(streaming) {
  const answer = await fetch(`${env('SF_CONTROL_URL')}/orgs/default/streaming`, { method: 'PATCH', body: JSON.stringify(streaming),
    headers: { 'X-Mock-Token': env('SF_CONTROL_TOKEN'), 'Content-Type': 'application/json' } });
  assert.equal(answer.status, 200, await answer.text());
}

/** A subscription's callback, and what it heard: waits for the next of a kind. */
function ear() {
  const heard = [];
  let wake = () => {};
  const callback = (subscription, kind, data) => {
    heard.push({ subscription: { ...subscription }, kind, data });
    wake();
  };
  const next = async (kind) => {
    const late = Date.now() + LATE_MS;
    for (;;) {
      const at = heard.findIndex((one) => one.kind === kind);
      if (at >= 0) return heard.splice(0, at + 1)[at];
      assert.ok(Date.now() < late, `no ${kind} came, but ${heard.map((one) => one.kind)}`);
      await new Promise((yes) => {
        const timer = setTimeout(yes, 200);
        wake = () => {
          clearTimeout(timer);
          yes();
        };
      });
    }
  };
  return { callback, next };
}

const inks = ear();
const changes = ear();

step('connect with a session', () => client.connect());
for (const [name, config] of Object.entries({
  'a user name and a password': { authType: 'username-password', username: env('SF_USERNAME'), password: env('SF_PASSWORD'), userToken: env('SF_SECURITY_TOKEN') },
  'client credentials': { authType: 'oauth-client-credentials', clientId: env('SF_CLIENT_ID'), clientSecret: env('SF_CLIENT_SECRET') },
})) {
  step(`connect with ${name}`, async () => {
    const other = new PubSubApiClient({ ...around, ...config, loginUrl }, mute);
    await other.connect();
    other.close();
  });
}
step('a wrong session is told as an error, and the stream ends', async () => {
  const accessToken = `${env('SF_ACCESS_TOKEN').split('!')[0]}!wrong`;
  const other = new PubSubApiClient({ ...around, authType: 'user-supplied', accessToken, instanceUrl: loginUrl }, mute);
  await other.connect();
  const { callback, next } = ear();
  other.subscribe('/data/LeadChangeEvent', callback, 1);
  assert.match(String((await next('error')).data), /UNAUTHENTICATED/);
  await next('end');
  other.close();
});
step('publish, and receive what was published', async () => {
  const fields = [{ fullName: 'Model__c', label: 'Model', type: 'Text', length: 20 }];
  const made = await conn.metadata.create('CustomObject', { fullName: 'Ink__e', label: 'Ink', pluralLabel: 'Inks',
    deploymentStatus: 'Deployed', eventType: 'HighVolume', publishBehavior: 'PublishImmediately', fields });
  assert.equal(made.success, true);
  const first = await client.publish('/event/Ink__e', ink('one'), 'my key');
  assert.equal(first.correlationKey, 'my key');
  client.subscribeFromEarliestEvent('/event/Ink__e', inks.callback, 2);
  const { data } = await inks.next('event');
  assert.deepEqual([data.replayId, data.payload.Model__c], [first.replayId, 'one']);
});
step('flow control: no more events than were asked for', async () => {
  for (const model of ['two', 'three', 'four']) await client.publish('/event/Ink__e', ink(model));
  assert.equal((await inks.next('event')).data.payload.Model__c, 'two');
  assert.equal((await inks.next('lastEvent')).subscription.receivedEventCount, 2);
  client.requestAdditionalEvents('/event/Ink__e', 2);
  assert.equal((await inks.next('event')).data.payload.Model__c, 'three');
  assert.equal((await inks.next('event')).data.payload.Model__c, 'four');
  await inks.next('lastEvent');
});
step('publish a batch over a stream', async () => {
  const { callback, next } = ear();
  const events = ['five', 'six'].map((model) => ({ payload: ink(model) }));
  await client.publishBatch('/event/Ink__e', events, (info, kind, data) => callback({}, kind, data));
  assert.equal((await next('publishResponse')).data.results.length, 2);
});
step('go back to a replay id', async () => {
  const found = await client.publish('/event/Ink__e', ink('seven'));
  await client.publish('/event/Ink__e', ink('eight'));
  const { callback, next } = ear();
  const other = new PubSubApiClient({ ...around, authType: 'user-supplied', accessToken: env('SF_ACCESS_TOKEN'), instanceUrl: loginUrl }, mute);
  await other.connect();
  other.subscribeFromReplayId('/event/Ink__e', callback, 1, found.replayId);
  assert.equal((await next('event')).data.payload.Model__c, 'eight');
  other.close();
});
step('change events are decoded, changed fields by their bitmaps', async () => {
  await control({ changeDataCapture: ['Lead'] });
  client.subscribe('/data/LeadChangeEvent', changes.callback, 10);
  // Until the stream stands, there is nothing to hear.
  await new Promise((yes) => setTimeout(yes, 500));
  const { id } = await conn.sobject('Lead').create({ LastName: 'Told', Company: 'Engines', Title: 'Fireman', Street: '1 Rail Way' });
  const created = (await changes.next('event')).data.payload;
  assert.deepEqual([created.ChangeEventHeader.changeType, created.ChangeEventHeader.recordIds], ['CREATE', [id]]);
  assert.deepEqual([created.Name.LastName, created.Company, created.Address.Street], ['Told', 'Engines', '1 Rail Way']);
  await conn.sobject('Lead').update({ Id: id, Company: 'Engines Ltd', City: 'York', Title: null, Street: null });
  const { ChangeEventHeader: header, Company, Address } = (await changes.next('event')).data.payload;
  assert.deepEqual([header.changeType, Company, Address.City], ['UPDATE', 'Engines Ltd', 'York']);
  assert.deepEqual([...header.changedFields].sort(), ['Address.City', 'Address.Street', 'Company', 'LastModifiedDate', 'Title']);
  assert.deepEqual(header.nulledFields, ['Title', 'Address.Street']);
});
step('a managed subscription commits its place', async () => {
  await control({ managedEventSubscriptions: [{ fullName: 'Inks', topicName: '/event/Ink__e', defaultReplay: 'EARLIEST' }] });
  const { callback, next } = ear();
  await client.subscribeWithManagedSubscription('Inks', callback, 1);
  const { subscription, data } = await next('event');
  assert.equal(data.payload.Model__c, 'one');
  assert.match(client.commitReplayId(subscription.subscriptionId, data.replayId), /^[0-9a-f-]{36}$/);
  client.requestAdditionalManagedEvents(subscription.subscriptionId, 1);
  assert.notEqual((await next('event')).data.replayId, data.replayId);
  const told = await fetch(`${env('SF_CONTROL_URL')}/orgs/default/streaming`, { headers: { 'X-Mock-Token': env('SF_CONTROL_TOKEN') } });
  assert.equal((await told.json()).managedEventSubscriptions[0].committed, data.replayId);
});
step('close', () => client.close());

await run();
