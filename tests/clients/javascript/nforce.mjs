// nforce, unmodified: OAuth with a password, records, queries, search, and a push topic over faye.
import assert from 'node:assert/strict';
import nforce from 'nforce';
import { env, refused, run, step } from './steps.mjs';

const org = nforce.createConnection({ clientId: env('SF_CLIENT_ID'), clientSecret: env('SF_CLIENT_SECRET'),
  redirectUri: 'http://localhost/callback', apiVersion: 'v58.0', mode: 'single', autoRefresh: true,
  loginUri: `${env('SF_BASE_URL')}/services/oauth2/token`, testLoginUri: `${env('SF_BASE_URL')}/services/oauth2/token` });
const made = {};

step('authenticate', async () => {
  const answer = await org.authenticate({ username: env('SF_USERNAME'), password: env('SF_PASSWORD'), securityToken: env('SF_SECURITY_TOKEN') });
  assert.ok(answer.access_token);
});
step('limits', async () => assert.ok((await org.getLimits()).DailyApiRequests));
step('insert, get, update, delete', async () => {
  const lead = nforce.createSObject('Lead', { LastName: 'Force', Company: 'Node' });
  made.id = (await org.insert({ sobject: lead })).id;
  const record = await org.getRecord({ type: 'lead', id: made.id });
  assert.equal(record.get('lastname'), 'Force');
  record.set('title', 'Analyst');
  await org.update({ sobject: record });
});
step('query and search', async () => {
  const { records } = await org.query({ query: `SELECT Id, Title FROM Lead WHERE Id = '${made.id}'` });
  assert.equal(records[0].get('title'), 'Analyst');
  await org.search({ search: 'FIND {Force} IN NAME FIELDS RETURNING Lead(Id)' });
});
step('a wrong query is explained', () => refused(() => org.query({ query: 'SELECT Nmae FROM Lead' }), 'No such column'));
step('describe', async () => {
  assert.ok((await org.getSObjects()).sobjects.length > 100);
  assert.equal((await org.getDescribe({ type: 'Lead' })).keyPrefix, '00Q');
  assert.ok((await org.getMetadata({ type: 'Lead' })).objectDescribe);
});
step('identity, resources, password', async () => {
  const identity = await org.getIdentity();
  assert.equal(identity.username, env('SF_USERNAME'));
  assert.ok((await org.getResources()).sobjects);
  assert.equal((await org.getPasswordStatus({ id: identity.user_id })).isExpired, false);
  assert.equal((await org.getUrl({ url: '/services/data/v58.0/recent' })).length >= 0, true);
});
step('upsert, and what is deleted is found', async () => {
  const gone = (await org.insert({ sobject: nforce.createSObject('Account', { Name: 'Gone' }) })).id;
  const account = nforce.createSObject('Account', { Name: 'Going' });
  account.setExternalId('Id', gone);
  await org.upsert({ sobject: account });
  await org.delete({ sobject: nforce.createSObject('Account', { Id: gone }) });
  const { records } = await org.queryAll({ query: `SELECT Name, IsDeleted FROM Account WHERE Id = '${gone}'` });
  assert.deepEqual([records[0].get('name'), records[0].get('isdeleted')], ['Going', true]);
});
step('an attachment', async () => {
  const file = nforce.createSObject('Attachment', { ParentId: made.id, Name: 'hello.txt', ContentType: 'text/plain' });
  file.setAttachment('hello.txt', Buffer.from('Hello'));
  const { id } = await org.insert({ sobject: file });
  assert.equal(Buffer.from(await org.getAttachmentBody({ id })).toString(), 'Hello');
});
step('a push topic tells', async () => {
  const topic = nforce.createSObject('PushTopic', { Name: 'Force', Query: 'SELECT Id, LastName FROM Lead', ApiVersion: '58.0' });
  await org.insert({ sobject: topic });
  const client = org.createStreamClient();
  const heard = new Promise((yes, no) => {
    setTimeout(() => no(new Error('nothing was told')), 20_000);
    const stream = client.subscribe({ topic: 'Force' });
    stream.on('connect', () => org.insert({ sobject: nforce.createSObject('Lead', { LastName: 'Told', Company: 'X' }) }));
    stream.on('data', yes);
    stream.on('error', no);
  });
  assert.equal((await heard).sobject.LastName, 'Told');
});
step('delete', async () => {
  const record = await org.getRecord({ type: 'lead', id: made.id });
  await org.delete({ sobject: record });
});

await run();
