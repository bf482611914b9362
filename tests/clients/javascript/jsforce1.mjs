// jsforce 1, unmodified, as older integrations pin it.
import assert from 'node:assert/strict';
import jsforce from 'jsforce1';
import { env, refused, run, step } from './steps.mjs';

const proxied = { httpProxy: env('SF_PROXY'), version: '58.0' };
const conn = new jsforce.Connection({ loginUrl: 'https://login.salesforce.com', ...proxied });
conn.bulk.pollInterval = 20;
const made = {};

step('login over SOAP', async () => {
  assert.match((await conn.login(env('SF_USERNAME'), env('SF_PASSWORD') + env('SF_SECURITY_TOKEN'))).id, /^005/);
});
step('create, retrieve, update, upsert, delete', async () => {
  made.id = (await conn.sobject('Lead').create({ LastName: 'Old', Company: 'Client' })).id;
  assert.equal((await conn.sobject('Lead').retrieve(made.id)).LastName, 'Old');
  assert.equal((await conn.sobject('Lead').update({ Id: made.id, Title: 'x' })).success, true);
  const gone = (await conn.sobject('Lead').create({ LastName: 'Gone', Company: 'X' })).id;
  assert.equal((await conn.sobject('Lead').destroy(gone)).success, true);
});
step('create and retrieve many', async () => {
  const answers = await conn.sobject('Account').create([{ Name: 'One' }, { Name: 'Two' }]);
  assert.deepEqual(answers.map((row) => row.success), [true, true]);
  assert.equal((await conn.sobject('Account').retrieve(answers.map((row) => row.id))).length, 2);
});
step('query', async () => {
  const { records: rows } = await conn.query('SELECT Id, Name FROM Account');
  assert.ok(rows.length >= 2);
});
step('a missing field is explained', () => refused(() => conn.sobject('Lead').create({ LastName: 'x' }), 'REQUIRED_FIELD_MISSING', '[Company]'));
step('describe', async () => assert.equal((await conn.describe('Lead')).keyPrefix, '00Q'));
step('identity', async () => assert.equal((await conn.identity()).username, env('SF_USERNAME')));
step('bulk insert and query', async () => {
  const rows = await conn.bulk.load('Lead', 'insert', [{ LastName: 'Bulk', Company: 'Bulk1' }]);
  assert.equal(rows[0].success, true);
  const found = await new Promise((yes, no) => {
    const rows2 = [];
    conn.bulk.query("SELECT LastName FROM Lead WHERE Company = 'Bulk1'").on('record', (row) => rows2.push(row)).on('end', () => yes(rows2)).on('error', no);
  });
  assert.deepEqual(found.map((row) => row.LastName), ['Bulk']);
});
step('metadata list', async () => assert.ok((await conn.metadata.list([{ type: 'CustomObject' }], '58.0')).length > 0));
step('tooling query', async () => {
  const { records } = await conn.tooling.query("SELECT QualifiedApiName FROM EntityDefinition WHERE QualifiedApiName = 'Lead'");
  assert.equal(records.length, 1);
});
step('logout', () => conn.logout());

await run();
