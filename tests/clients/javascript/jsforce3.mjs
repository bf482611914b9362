// jsforce 3, unmodified: it logs in at login.salesforce.com, REST, Bulk, Metadata, Tooling, SOAP and Streaming.
import assert from 'node:assert/strict';
import jsforce from 'jsforce';
import JSZip from 'jszip';
import { allow } from './browser.mjs';
import { env, refused, run, step } from './steps.mjs';

// The newest in which Salesforce still logs in over SOAP.
const version = '64.0';
const password = env('SF_PASSWORD') + env('SF_SECURITY_TOKEN');
const conn = new jsforce.Connection({ loginUrl: 'https://login.salesforce.com', version });
conn.bulk.pollInterval = 20;
conn.bulk2.pollInterval = 20;
const made = {};

step('login over SOAP', async () => {
  const user = await conn.login(env('SF_USERNAME'), password);
  assert.match(user.id, /^005/);
});
step('login by OAuth with a password', async () => {
  const oauth2 = { loginUrl: 'https://login.salesforce.com', clientId: env('SF_CLIENT_ID'), clientSecret: env('SF_CLIENT_SECRET') };
  const other = new jsforce.Connection({ oauth2, version });
  await other.login(env('SF_USERNAME'), password);
  assert.equal((await other.identity()).username, env('SF_USERNAME'));
  await other.logout();
});
step('login in a browser, with a proof key; the token is renewed', async () => {
  const redirectUri = 'http://localhost:3000/callback';
  const oauth2 = new jsforce.OAuth2({ loginUrl: 'https://login.salesforce.com', clientId: env('SF_CLIENT_ID'), clientSecret: env('SF_CLIENT_SECRET'),
    redirectUri, useVerifier: true });
  const { code, state } = await allow(oauth2.getAuthorizationUrl({ scope: 'api refresh_token id', state: 'mine' }), redirectUri);
  assert.equal(state, 'mine');
  const other = new jsforce.Connection({ oauth2, version });
  const user = await other.authorize(code);
  assert.equal((await other.identity()).user_id, user.id);
  assert.notEqual((await oauth2.refreshToken(other.refreshToken)).access_token, other.accessToken);
  await other.logout(true);
});
step('a wrong password is refused', () =>
  refused(() => new jsforce.Connection({ version }).login(env('SF_USERNAME'), 'wrong'), 'INVALID_LOGIN'));
step('create, retrieve, update, delete one', async () => {
  const answer = await conn.sobject('Account').create({ Name: 'Engines Ltd' });
  made.account = answer.id;
  assert.equal((await conn.sobject('Account').retrieve(answer.id)).Name, 'Engines Ltd');
  assert.equal((await conn.sobject('Account').update({ Id: answer.id, Industry: 'Energy' })).success, true);
  const gone = (await conn.sobject('Account').create({ Name: 'Gone' })).id;
  assert.equal((await conn.sobject('Account').destroy(gone)).success, true);
  await refused(() => conn.sobject('Account').retrieve(gone), 'ENTITY_IS_DELETED');
});
step('create, update, retrieve, delete many', async () => {
  const answers = await conn.sobject('Contact').create([
    { LastName: 'One', AccountId: made.account }, { LastName: 'Two', AccountId: made.account }, { FirstName: 'Nobody' }]);
  assert.deepEqual(answers.map((row) => row.success), [true, true, false]);
  assert.equal(answers[2].errors[0].errorCode ?? answers[2].errors[0].statusCode, 'REQUIRED_FIELD_MISSING');
  const ids = answers.slice(0, 2).map((row) => row.id);
  made.contacts = ids;
  const updated = await conn.sobject('Contact').update(ids.map((Id) => ({ Id, Title: 'Analyst' })));
  assert.deepEqual(updated.map((row) => row.success), [true, true]);
  assert.deepEqual((await conn.sobject('Contact').retrieve(ids)).map((row) => row.Title), ['Analyst', 'Analyst']);
});
step('all or none', async () => {
  const rows = [{ Name: 'Kept?' }, {}];
  const answers = await conn.sobject('Account').create(rows, { allOrNone: true });
  assert.deepEqual(answers.map((row) => row.success), [false, false]);
  assert.equal(await conn.sobject('Account').count({ Name: 'Kept?' }), 0);
});
step('upsert by id field', async () => {
  const answer = await conn.sobject('Contact').upsert({ Id: made.contacts[0], Title: 'Countess' }, 'Id');
  assert.equal(answer.success, true);
});
step('find with conditions, children and order', async () => {
  const rows = await conn.sobject('Account').find({ Name: 'Engines Ltd' }, 'Id, Name').include('Contacts').select('LastName').sort('LastName').end();
  assert.deepEqual(rows[0].Contacts.records.map((row) => row.LastName), ['One', 'Two']);
});
step('a wrong query is explained', () => refused(() => conn.query('SELECT Nmae FROM Lead'), 'INVALID_FIELD', "No such column 'Nmae'"));
step('queryAll sees what is deleted', async () => {
  assert.ok((await conn.query('SELECT Id FROM Account WHERE IsDeleted = true', { scanAll: true })).totalSize > 0);
});
step('search', async () => {
  const { searchRecords } = await conn.search('FIND {Engines} IN ALL FIELDS RETURNING Account(Id, Name)');
  assert.equal(searchRecords[0].Name, 'Engines Ltd');
});
step('describe, global and one, cached', async () => {
  assert.ok((await conn.describeGlobal()).sobjects.some(({ name }) => name === 'Lead'));
  assert.equal((await conn.sobject('Lead').describe()).keyPrefix, '00Q');
  assert.equal((await conn.sobject('Lead').describe$()).name, 'Lead');
});
step('layouts, compact layouts, approval layouts', async () => {
  assert.ok((await conn.sobject('Account').layouts()).layouts.length > 0);
  assert.ok((await conn.sobject('Account').compactLayouts()).compactLayouts.length > 0);
  await conn.sobject('Account').approvalLayouts();
});
step('list views', async () => {
  const { listviews } = await conn.sobject('Account').listviews();
  assert.ok(listviews.length > 0);
  const view = conn.sobject('Account').listview(listviews[0].id);
  assert.ok((await view.describe()).columns.length > 0);
  assert.ok((await view.results()).records);
});
step('updated and deleted', async () => {
  const end = new Date(Date.now() + 120_000);
  const begin = new Date(Date.now() - 3_600_000);
  assert.ok((await conn.sobject('Account').updated(begin, end)).ids.includes(made.account));
  assert.ok((await conn.sobject('Account').deleted(begin, end)).deletedRecords.length > 0);
});
step('recent, tabs, theme, quick actions', async () => {
  assert.ok(Array.isArray(await conn.recent()));
  assert.ok(Array.isArray(await conn.sobject('Account').recent()));
  assert.ok((await conn.tabs()).length > 0);
  assert.ok((await conn.theme()).themeItems.length > 0);
  assert.ok(Array.isArray(await conn.quickActions()));
});
step('limits and versions', async () => {
  assert.ok((await conn.limits()).DailyApiRequests.Max > 0);
  assert.ok((await conn.request('/services/data')).length > 30);
});
step('composite', async () => {
  const answer = await conn.requestPost(`/services/data/v${version}/composite`, { compositeRequest: [
    { method: 'POST', url: `/services/data/v${version}/sobjects/Account`, referenceId: 'a', body: { Name: 'Composed' } },
    { method: 'POST', url: `/services/data/v${version}/sobjects/Contact`, referenceId: 'c', body: { LastName: 'Composed', AccountId: '@{a.id}' } }] });
  assert.deepEqual(answer.compositeResponse.map((part) => part.httpStatusCode), [201, 201]);
});
step('an assignment by a header', async () => {
  const answer = await conn.sobject('Lead').create({ LastName: 'Assigned', Company: 'X' }, { headers: { 'Sforce-Auto-Assign': 'FALSE' } });
  assert.equal(answer.success, true);
  made.lead = answer.id;
});
step('SOAP: convert a lead', async () => {
  const answer = await conn.soap.convertLead({ leadId: made.lead, convertedStatus: 'Closed - Converted' });
  assert.equal(String(answer.success), 'true');
  assert.match(answer.opportunityId, /^006/);
});
step('SOAP: merge and empty the recycle bin', async () => {
  const [one, two] = (await conn.sobject('Account').create([{ Name: 'Same' }, { Name: 'Same too' }])).map((row) => row.id);
  const merged = await conn.soap.merge({ masterRecord: { type: 'Account', Id: one }, recordToMergeIds: [two] });
  assert.equal(String(merged.success), 'true');
  await conn.soap.emptyRecycleBin([two]);
});
step('Bulk 1: insert, query, delete', async () => {
  const rows = await conn.bulk.load('Lead', 'insert', [{ LastName: 'Bulk', Company: 'Bulk' }, { LastName: 'Nobody' }]);
  assert.deepEqual(rows.map((row) => row.success), [true, false]);
  assert.match(rows[1].errors[0], /REQUIRED_FIELD_MISSING/);
  const found = await (await conn.bulk.query("SELECT Id, LastName FROM Lead WHERE Company = 'Bulk'")).toArray();
  assert.deepEqual(found.map((row) => row.LastName), ['Bulk']);
  const gone = await conn.bulk.load('Lead', 'delete', found.map(({ Id }) => ({ Id })));
  assert.equal(gone[0].success, true);
});
step('Bulk 2: insert, results, query', async () => {
  const results = await conn.bulk2.loadAndWaitForResults({ object: 'Lead', operation: 'insert',
    input: [{ LastName: 'Second', Company: 'Bulk2' }, { LastName: 'Nobody', Company: '' }], pollInterval: 20, pollTimeout: 30_000 });
  assert.equal(results.successfulResults.length, 1);
  assert.match(results.failedResults[0].sf__Error, /REQUIRED_FIELD_MISSING/);
  const found = await (await conn.bulk2.query("SELECT LastName FROM Lead WHERE Company = 'Bulk2'", { pollInterval: 20 })).toArray();
  assert.deepEqual(found.map((row) => row.LastName), ['Second']);
});
step('Metadata: describe, list, read, create', async () => {
  assert.ok((await conn.metadata.describe(version)).metadataObjects.some(({ xmlName }) => xmlName === 'CustomObject'));
  assert.ok((await conn.metadata.list([{ type: 'CustomObject' }], version)).some(({ fullName }) => fullName === 'Lead'));
  const created = await conn.metadata.create('CustomField', { fullName: 'Lead.Score__c', label: 'Score', type: 'Number', precision: 18, scale: 0 });
  assert.equal(created.success, true);
  assert.equal((await conn.metadata.read('CustomField', 'Lead.Score__c')).label, 'Score');
  const lead = await conn.sobject('Lead').create({ LastName: 'Scored', Company: 'X', Score__c: 7 });
  assert.equal((await conn.sobject('Lead').retrieve(lead.id)).Score__c, 7);
});
step('Tooling: query, create a field', async () => {
  const { records } = await conn.tooling.query("SELECT QualifiedApiName FROM EntityDefinition WHERE QualifiedApiName = 'Account'");
  assert.equal(records[0].QualifiedApiName, 'Account');
  const made2 = await conn.tooling.sobject('CustomField').create({ FullName: 'Account.Tier__c', Metadata: { label: 'Tier', type: 'Text', length: 20 } });
  assert.equal(made2.success, true);
  await conn.sobject('Account').update({ Id: made.account, Tier__c: 'Gold' });
});
step('Streaming: a push topic tells', async () => {
  await conn.sobject('PushTopic').create({ Name: 'NewLeads', Query: 'SELECT Id, LastName FROM Lead', ApiVersion: 66.0 });
  const heard = new Promise((yes, no) => {
    setTimeout(() => no(new Error('nothing was told')), 20_000);
    const subscription = conn.streaming.topic('NewLeads').subscribe((message) => yes(message));
    subscription.then(() => conn.sobject('Lead').create({ LastName: 'Told', Company: 'X' }));
  });
  assert.equal((await heard).sobject.LastName, 'Told');
});
step('Streaming: a generic event is pushed', async () => {
  const { id } = await conn.sobject('StreamingChannel').create({ Name: '/u/notes' });
  const heard = new Promise((yes, no) => {
    setTimeout(() => no(new Error('nothing was told')), 20_000);
    const notes = conn.streaming.channel('/u/notes');
    notes.subscribe(yes).then(() => notes.push({ payload: 'Hello', userIds: [] })).catch(no);
  });
  assert.equal((await heard).payload, 'Hello');
  assert.ok(await conn.request(`/services/data/v${version}/sobjects/StreamingChannel/${id}/push`));
});
step('Streaming: a platform event is published', async () => {
  const { success } = await conn.metadata.create('CustomObject', { fullName: 'Ink__e', label: 'Ink', pluralLabel: 'Inks',
    deploymentStatus: 'Deployed', eventType: 'HighVolume', publishBehavior: 'PublishAfterCommit' });
  assert.equal(success, true);
  assert.equal((await conn.sobject('Ink__e').create({})).success, true);
});
step('Metadata: update, upsert, delete', async () => {
  const field = { fullName: 'Lead.Score__c', label: 'Points', type: 'Number', precision: 18, scale: 0 };
  assert.equal((await conn.metadata.update('CustomField', field)).success, true);
  const upserted = await conn.metadata.upsert('CustomField', { fullName: 'Lead.Mark__c', label: 'Mark', type: 'Text', length: 9, externalId: true, unique: true });
  assert.equal(upserted.created, true);
  const gone = await conn.metadata.create('CustomField', { fullName: 'Lead.Gone__c', label: 'Gone', type: 'Text', length: 9 });
  assert.equal((await conn.metadata.delete('CustomField', gone.fullName)).success, true);
});
step('upsert by an external id', async () => {
  const rows = [{ Mark__c: 'a', LastName: 'A', Company: 'X' }, { Mark__c: 'b', LastName: 'B', Company: 'X' }];
  const made = await conn.sobject('Lead').upsert(rows, 'Mark__c', { allowRecursive: true });
  assert.deepEqual(made.map(({ success }) => success), [true, true]);
  const path = `/services/data/v${version}/sobjects/Lead/Mark__c/a`;
  assert.equal((await conn.request(path)).LastName, 'A');
  await conn.requestDelete(path);
  const answer = await conn.requestPatch(`/services/data/v${version}/composite/sobjects/Lead/Mark__c`,
    { allOrNone: true, records: [{ attributes: { type: 'Lead' }, Mark__c: 'b', Title: 'Boss' }] });
  assert.deepEqual(answer.map(({ success, created }) => [success, created]), [[true, false]]);
});
step('Tooling: describe, retrieve, update, delete', async () => {
  assert.ok((await conn.tooling.describeGlobal()).sobjects.some(({ name }) => name === 'CustomField'));
  const fields = conn.tooling.sobject('CustomField');
  assert.equal((await fields.describe()).keyPrefix, '00N');
  await conn.request(`/services/data/v${version}/tooling/sobjects/CustomField`);
  const { id } = await fields.create({ FullName: 'Account.Brief__c', Metadata: { label: 'Brief', type: 'Text', length: 20 } });
  assert.equal((await fields.retrieve(id)).Metadata.label, 'Brief');
  await fields.update({ Id: id, Metadata: { label: 'Briefly', type: 'Text', length: 20 } });
  await fields.destroy(id);
});
step('Tooling: pages', async () => {
  const { records: objects } = await conn.tooling.query('SELECT QualifiedApiName FROM EntityDefinition');
  const names = objects.map(({ QualifiedApiName }) => `'${QualifiedApiName}'`).slice(0, 150);
  const fields = `SELECT QualifiedApiName FROM FieldDefinition WHERE EntityDefinition.QualifiedApiName IN (${names})`;
  const { records, totalSize } = await conn.tooling.query(fields, { autoFetch: true, maxFetch: 10_000 });
  assert.ok(totalSize > 2000, `${totalSize} are a page`);
  assert.equal(records.length, totalSize);
});
step('Metadata: validate, deploy what was validated, look again', async () => {
  const zip = new JSZip();
  const meta = 'xmlns="http://soap.sforce.com/2006/04/metadata"';
  zip.file('package.xml', `<Package ${meta}><types><members>Boat__c</members><name>CustomObject</name></types><version>${version}</version></Package>`);
  zip.file('objects/Boat__c.object', `<CustomObject ${meta}><label>Boat</label><pluralLabel>Boats</pluralLabel><nameField><label>Name</label>`
    + '<type>Text</type></nameField><deploymentStatus>Deployed</deploymentStatus><sharingModel>ReadWrite</sharingModel></CustomObject>');
  const archive = await zip.generateAsync({ type: 'nodebuffer' });
  conn.metadata.pollInterval = 20;
  const checked = await conn.metadata.deploy(archive, { checkOnly: true, rollbackOnError: true, singlePackage: true }).complete();
  assert.deepEqual([checked.success, checked.checkOnly], [true, true]);
  await refused(() => conn.sobject('Boat__c').describe(), 'NOT_FOUND');
  const id = await conn.metadata.deployRecentValidation({ id: checked.id });
  assert.equal((await conn.metadata.checkDeployStatus(id)).success, true);
  assert.equal((await conn.sobject('Boat__c').describe()).label, 'Boat');
  await refused(() => conn.metadata.cancelDeploy(id), 'already completed');
  // The same by REST.
  const again = await conn.metadata.deployRest(archive, { checkOnly: true, rollbackOnError: true, singlePackage: true });
  assert.equal((await conn.metadata.checkDeployStatus(again.id, true, true)).success, true);
  assert.match(await conn.metadata.deployRecentValidation({ id: again.id, rest: true }), /^0Af/);
  // checkStatus is how version 30 and older waited.
  assert.equal(String((await conn.metadata.checkStatus(id)).done), 'true');
});
step('quick actions', async () => {
  const account = conn.sobject('Account');
  const actions = await account.quickActions();
  const [{ name }] = actions.filter(({ type }) => type === 'Create');
  assert.ok((await account.quickAction(name).describe()).label);
  await account.quickAction(name).defaultValues(made.account);
  await account.quickAction(name).defaultValues();
  await conn.request(`/services/data/v${version}/sobjects/Account/quickActions/${name}`);
  assert.equal((await account.quickAction('NewContact').execute(made.account, { LastName: 'Quick' })).success, true);
  const call = conn.quickAction('LogACall');
  assert.equal((await call.describe()).name, 'LogACall');
  assert.ok(await call.defaultValues());
  assert.ok(await call.defaultValues(made.account));
  assert.equal((await call.execute(made.account, { Subject: 'Call' })).success, true);
  await conn.request(`/services/data/v${version}/quickActions/LogACall`);
});
step('processes', async () => {
  const { success } = await conn.metadata.create('WorkflowRule', { fullName: 'Account.Media', active: true, triggerType: 'onCreateOnly',
    criteriaItems: [{ field: 'Account.Industry', operation: 'equals', value: 'Media' }] });
  assert.equal(success, true);
  const [rule] = (await conn.process.rule.list()).Account;
  assert.equal(rule.name, 'Media');
  assert.equal((await conn.process.rule.trigger([made.account])).success, true);
  const at = `/services/data/v${version}/process/rules/Account`;
  const [{ id }] = (await conn.request(at)).rules.Account;
  assert.equal((await conn.request(`${at}/${id}`)).name, 'Media');
  for (const path of [at, `${at}/${id}`]) assert.equal((await conn.requestPost(path, { contextIds: [made.account] })).success, true);
  assert.ok(await conn.process.approval.list());
  assert.deepEqual(await conn.process.approval.request([]), []);
  await refused(() => conn.process.approval.request([conn.process.approval.submit(made.account, 'Please')]), 'NO_APPLICABLE_PROCESS');
});
step('SOAP: time, who, tabs, undelete, passwords', async () => {
  assert.ok((await conn.soap.getServerTimestamp()).timestamp);
  assert.equal((await conn.soap.getUserInfo()).userName, env('SF_USERNAME'));
  const [app] = [].concat(await conn.soap.describeTabs());
  assert.ok([].concat(app.tabs).some(({ sobjectName }) => sobjectName === 'Account'));
  const { id } = await conn.soap.create({ type: 'Account', Name: 'Back again' });
  await conn.soap.delete([id]);
  assert.deepEqual([].concat(await conn.soap.undelete([id])).map(({ success }) => String(success)), ['true']);
  const [user] = (await conn.query("SELECT Id FROM User WHERE IsActive = true AND Username != '" + env('SF_USERNAME') + "' LIMIT 1")).records;
  await conn.soap.setPassword(user.Id, 'a-new-password-1');
  assert.ok((await conn.soap.resetPassword(user.Id)).password);
});
step('what has no method of its own', async () => {
  const get = (path) => conn.request(`/services/data/v${version}/${path}`);
  assert.ok((await get('limits/recordCount?sObjects=Account')).sObjects[0].count > 0);
  assert.ok((await get('search/scopeOrder')).length > 0);
  assert.ok((await get('search/layout?q=Account')).length > 0);
  assert.ok((await get('search/suggestions?q=Engines&sobject=Account')).autoSuggestResults);
  assert.ok((await get('parameterizedSearch?q=Engines&sobject=Account&Account.fields=Id')).searchRecords);
  assert.ok((await get('appMenu/AppSwitcher')).appMenuItems);
  assert.ok((await get('compactLayouts?q=Account')).Account);
  assert.equal((await get(`sobjects/Contact/${made.contacts[0]}/Account`)).Name, 'Engines Ltd');
  assert.ok((await get('ui-api/object-info/Account')).fields.Name);
  assert.equal((await get(`ui-api/records/${made.account}?fields=Account.Name`)).fields.Name.value, 'Engines Ltd');
  assert.equal((await get(`composite/sobjects/Account?ids=${made.account}&fields=Name`))[0].Name, 'Engines Ltd');
  assert.ok((await get('actions')).standard);
  assert.ok((await get('actions/standard')).actions);
  assert.ok((await get('actions/custom')).flow);
  assert.equal((await get('actions/standard/emailSimple')).name, 'emailSimple');
  const post = (path, body) => conn.requestPost(`/services/data/v${version}/${path}`, body);
  const mail = { emailAddresses: 'ada@example.com', emailSubject: 'Engines', emailBody: 'They run.' };
  assert.equal((await post('actions/standard/emailSimple', { inputs: [mail] }))[0].isSuccess, true);
  assert.ok((await post('parameterizedSearch', { q: 'Engines', sobjects: [{ name: 'Account', fields: ['Id'] }] })).searchRecords);
  assert.ok(await get('composite'));
  const { listviews } = await conn.sobject('Account').listviews();
  assert.equal((await get(`sobjects/Account/listviews/${listviews[0].id}`)).id, listviews[0].id);
  const schema = await get('sobjects/Ink__e/eventSchema?payloadFormat=COMPACT');
  assert.equal(schema.type, 'record');
  assert.equal((await get(`event/eventSchema/${schema.uuid}?payloadFormat=COMPACT`)).name, schema.name);
  const graph = { graphs: [{ graphId: 'g', compositeRequest: [{ method: 'POST', referenceId: 'a', url: `/services/data/v${version}/sobjects/Account`, body: { Name: 'Graph' } }] }] };
  assert.equal((await conn.requestPost(`/services/data/v${version}/composite/graph`, graph)).graphs[0].isSuccessful, true);
});
step('records as pages have them', async () => {
  const at = `/services/data/v${version}/ui-api/records`;
  const { id } = await conn.requestPost(at, { apiName: 'Account', fields: { Name: 'Of a page' } });
  assert.equal((await conn.requestPatch(`${at}/${id}`, { fields: { Name: 'Of another' } })).fields.Name.value, 'Of another');
  await conn.requestDelete(`${at}/${id}`);
  await refused(() => conn.request(`${at}/${id}?fields=Account.Name`), 'NOT_FOUND');
});
step('through a relationship', async () => {
  const at = `/services/data/v${version}/sobjects/Contact/${made.contacts[0]}/Account/Owner`;
  assert.equal((await conn.request(at)).Username, env('SF_USERNAME'));
  const parent = `/services/data/v${version}/sobjects/Contact/${made.contacts[1]}/Account`;
  await conn.requestPatch(`${parent}/`, { Site: 'North' });
  assert.equal((await conn.request(parent)).Site, 'North');
});
step('Bulk 2: a job that is deleted', async () => {
  const job = conn.bulk2.createJob({ object: 'Lead', operation: 'insert' });
  const { id } = await job.open();
  assert.ok((await conn.request(`/services/data/v${version}/jobs/ingest`)).records.some((known) => known.id === id));
  await job.abort();
  await job.delete();
  await refused(() => conn.bulk2.job('ingest', { id }).check(), 'NOT_FOUND');
});
step('Bulk 2: a query that is aborted and deleted', async () => {
  const at = `/services/data/v${version}/jobs/query`;
  const { id } = await conn.requestPost(at, { operation: 'query', query: 'SELECT Id FROM Account' });
  assert.ok((await conn.request(at)).records.some((job) => job.id === id));
  await conn.requestPatch(`${at}/${id}`, { state: 'Aborted' }).catch((error) => assert.match(error.message, /state|complete/i));
  await conn.requestDelete(`${at}/${id}`);
});
step('a report and anonymous Apex are refused by name', async () => {
  await refused(() => conn.analytics.reports(), 'FUNCTIONALITY_NOT_ENABLED', 'rest.analytics');
  await refused(() => conn.tooling.executeAnonymous('System.debug(1);'), 'FUNCTIONALITY_NOT_ENABLED', 'executeAnonymous');
});
step('logout', () => conn.logout());

await run();
