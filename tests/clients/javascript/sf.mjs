// The Salesforce CLI, unmodified, as a person types it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { env, run, step } from './steps.mjs';

const node = env('CLIENTS_NODE');
const program = `${env('CLIENTS_TOOLS')}/javascript/node_modules/@salesforce/cli/bin/run.js`;
const quiet = { SF_AUTOUPDATE_DISABLE: 'true', SF_DISABLE_TELEMETRY: 'true', SF_SKIP_NEW_VERSION_CHECK: 'true' };

/** What `sf … --json` answers; a failed command throws its message. */
const sf = (...words) => new Promise((yes, no) => {
  execFile(node, [program, ...words, '--json'], { env: { ...process.env, ...quiet }, maxBuffer: 1 << 28 }, (error, out, err) => {
    let answer;
    try {
      answer = JSON.parse(out);
    } catch {
      return no(new Error(`sf ${words.join(' ')}: ${error?.message ?? ''} ${out} ${err}`));
    }
    if (answer.status) return no(Object.assign(new Error(`sf ${words.join(' ')}: ${answer.name} ${answer.message}`), { answer }));
    return yes(answer.result);
  });
});
const on = ['--target-org', 'mock'];
const made = {};

step('org login access-token', () => sf('org', 'login', 'access-token', '--instance-url', env('SF_BASE_URL'), '--no-prompt', '--alias', 'mock'));
step('org display', async () => assert.equal((await sf('org', 'display', ...on)).connectedStatus, 'Connected'));
step('sobject list and describe', async () => {
  assert.ok((await sf('sobject', 'list', '--sobject', 'standard', ...on)).includes('Lead'));
  assert.equal((await sf('sobject', 'describe', '--sobject', 'Lead', ...on)).keyPrefix, '00Q');
});
step('data create record', async () => {
  made.lead = (await sf('data', 'create', 'record', '--sobject', 'Lead', '--values', "LastName=Line Company='Command Line'", ...on)).id;
  assert.match(made.lead, /^00Q/);
});
step('data get record', async () =>
  assert.equal((await sf('data', 'get', 'record', '--sobject', 'Lead', '--where', 'LastName=Line', ...on)).Company, 'Command Line'));
step('data update record', () => sf('data', 'update', 'record', '--sobject', 'Lead', '--record-id', made.lead, '--values', 'Title=Typist', ...on));
step('data query', async () => {
  const found = await sf('data', 'query', '--query', 'SELECT Id, Title, Owner.Name FROM Lead WHERE LastName = \'Line\'', ...on);
  assert.equal(found.records[0].Title, 'Typist');
});
step('data query as a table', () => new Promise((yes, no) => {
  execFile(node, [program, 'data', 'query', '--query', "SELECT LastName, Title FROM Lead WHERE LastName = 'Line'", ...on],
    { env: { ...process.env, ...quiet } }, (error, out, err) => (/Line.*Typist/.test(out) ? yes() : no(new Error(`${out} ${err}`))));
}));
step('data query of the tooling API', async () =>
  assert.equal((await sf('data', 'query', '--use-tooling-api', '--query', "SELECT QualifiedApiName FROM EntityDefinition WHERE QualifiedApiName = 'Lead'", ...on)).totalSize, 1));
step('data search', async () => {
  const found = await sf('data', 'search', '--query', 'FIND {Line} IN NAME FIELDS RETURNING Lead(Id, LastName)', ...on);
  assert.equal(found.searchRecords[0].LastName, 'Line');
});
step('a wrong query is explained', async () => {
  await assert.rejects(sf('data', 'query', '--query', 'SELECT Nmae FROM Lead', ...on), /No such column 'Nmae'/);
});
step('data import tree and export tree', async () => {
  mkdirSync('tree', { recursive: true });
  writeFileSync('tree/accounts.json', JSON.stringify({ records: [
    { attributes: { type: 'Account', referenceId: 'a1' }, Name: 'Treetop', Contacts: { records: [
      { attributes: { type: 'Contact', referenceId: 'c1' }, LastName: 'Leaf' }] } }] }));
  const imported = await sf('data', 'import', 'tree', '--files', 'tree/accounts.json', ...on);
  assert.equal(imported.length, 2);
  await sf('data', 'export', 'tree', '--query', "SELECT Name, (SELECT LastName FROM Contacts) FROM Account WHERE Name = 'Treetop'", '--output-dir', 'out', ...on);
});
step('data import bulk', async () => {
  writeFileSync('leads.csv', 'LastName,Company\nOne,Bulk\nTwo,Bulk\n');
  const answer = await sf('data', 'import', 'bulk', '--file', 'leads.csv', '--sobject', 'Lead', '--wait', '2', ...on);
  assert.equal(answer.processedRecords, 2);
});
step('data export bulk', async () => {
  await sf('data', 'export', 'bulk', '--query', "SELECT Id, LastName FROM Lead WHERE Company = 'Bulk'", '--output-file', 'found.csv', '--wait', '2', ...on);
  assert.equal(readFileSync('found.csv', 'utf8').trim().split('\n').length, 3);
});
step('data upsert bulk, update bulk and delete bulk', async () => {
  writeFileSync('titles.csv', readFileSync('found.csv', 'utf8').replaceAll('LastName', 'Title'));
  assert.equal((await sf('data', 'update', 'bulk', '--file', 'titles.csv', '--sobject', 'Lead', '--wait', '2', ...on)).processedRecords, 2);
  await sf('data', 'upsert', 'bulk', '--file', 'titles.csv', '--sobject', 'Lead', '--external-id', 'Id', '--wait', '2', ...on);
  const ids = readFileSync('found.csv', 'utf8').trim().split('\n').map((line) => line.split(',')[0]);
  writeFileSync('ids.csv', `${ids.join('\n')}\n`);
  await sf('data', 'delete', 'bulk', '--file', 'ids.csv', '--sobject', 'Lead', '--wait', '2', ...on);
});
step('org list metadata-types and metadata', async () => {
  assert.ok((await sf('org', 'list', 'metadata-types', ...on)).metadataObjects.some(({ xmlName }) => xmlName === 'CustomObject'));
  assert.ok((await sf('org', 'list', 'metadata', '--metadata-type', 'CustomObject', ...on)).length > 0);
});
step('project deploy and retrieve', async () => {
  const fields = 'force-app/main/default/objects/Lead/fields';
  mkdirSync(fields, { recursive: true });
  writeFileSync('sfdx-project.json', JSON.stringify({ packageDirectories: [{ path: 'force-app', default: true }], sourceApiVersion: '66.0' }));
  writeFileSync(`${fields}/Shade__c.field-meta.xml`, '<?xml version="1.0" encoding="UTF-8"?>\n<CustomField xmlns="http://soap.sforce.com/2006/04/metadata">'
    + '<fullName>Shade__c</fullName><label>Shade</label><length>20</length><type>Text</type></CustomField>');
  const deployed = await sf('project', 'deploy', 'start', '--source-dir', 'force-app', '--ignore-conflicts', '--wait', '2', ...on);
  assert.equal(deployed.success ?? deployed.status === 'Succeeded', true);
  await sf('project', 'retrieve', 'start', '--metadata', 'CustomObject:Lead', '--ignore-conflicts', '--wait', '2', ...on);
  assert.match(readFileSync(`${fields}/Shade__c.field-meta.xml`, 'utf8'), /<label>Shade<\/label>/);
});
step('project deploy start --dry-run, report, generate manifest', async () => {
  const checked = await sf('project', 'deploy', 'start', '--source-dir', 'force-app', '--dry-run', '--ignore-conflicts', '--wait', '2', ...on);
  assert.equal(checked.checkOnly, true);
  assert.equal((await sf('project', 'deploy', 'report', '--job-id', checked.id, ...on)).status, 'Succeeded');
  await sf('project', 'generate', 'manifest', '--from-org', 'mock', '--metadata', 'CustomObject', '--name', 'mock.xml');
  assert.match(readFileSync('mock.xml', 'utf8'), /<members>Lead<\/members>/);
});
step('project delete source', async () => {
  await sf('project', 'delete', 'source', '--metadata', 'CustomField:Lead.Shade__c', '--no-prompt', '--wait', '2', ...on);
  assert.ok(!(await sf('sobject', 'describe', '--sobject', 'Lead', ...on)).fields.some(({ name }) => name === 'Shade__c'));
});
step('org display user and org assign permset', async () => {
  assert.equal((await sf('org', 'display', 'user', ...on)).username, env('SF_USERNAME'));
  const { id } = await sf('data', 'create', 'record', '--sobject', 'PermissionSet', '--values', "Name=Extra Label='Extra'", ...on);
  assert.ok(id);
  assert.equal((await sf('org', 'assign', 'permset', '--name', 'Extra', ...on)).successes.length, 1);
});
step('org list limits', async () => assert.ok((await sf('org', 'list', 'limits', ...on)).some(({ name }) => name === 'DailyApiRequests')));
step('org open, as an address that a browser goes to', async () => {
  const { url } = await sf('org', 'open', '--url-only', ...on);
  assert.match(url, /frontdoor\.jsp/);
  const entered = await fetch(url, { redirect: 'manual' });
  assert.equal(entered.status, 302);
  assert.ok(entered.headers.getSetCookie().some((cookie) => cookie.startsWith('sid=')));
});
step('api request rest', async () => {
  await new Promise((yes, no) => {
    execFile(node, [program, 'api', 'request', 'rest', '/services/data/v66.0/limits', ...on], { env: { ...process.env, ...quiet }, maxBuffer: 1 << 24 },
      (error, out, err) => (out.includes('DailyApiRequests') ? yes() : no(new Error(`${out} ${err}`))));
  });
});
step('data delete record', () => sf('data', 'delete', 'record', '--sobject', 'Lead', '--record-id', made.lead, ...on));
step('org logout', () => sf('org', 'logout', ...on, '--no-prompt'));

await run();
