// Drives every operation on actions that npm `auth0` has against a real tenon-sim over https,
// and looks at whether the same objects come back. Prints TAP.
'use strict';

const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const path = require('node:path');
const { ManagementClient, Management } = require('auth0');

const top = process.env.TN_TOP;
const program = path.join(process.env.TN_BUILD, 'bin', 'tenon-sim');
const tls = (name) => path.join(top, 'tests', 'data', 'tls', name);

// --- tenants ---

const tenants = [];

// Resolves to "127.0.0.1:PORT" when it listens.
function startTenant(...options) {
  const child = spawn(
    program,
    ['--plain-build', '0s', '--build-time', '300ms', '--visible', '0s',
      '--tls-cert', tls('localhost.crt'), '--tls-key', tls('localhost.key'), ...options],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  tenants.push(child);
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (bytes) => {
      text += bytes;
      const address = /^https:\/\/(127\.0\.0\.1:\d+)\n/.exec(text);
      if (address) resolve(address[1]);
    });
    child.on('error', reject);
    child.on('exit', () => reject(new Error('tenon-sim has ended')));
  });
}

async function control(domain, method, where, body) {
  const answer = await fetch(`https://${domain}/_sim/${where}`, {
    method,
    body: body && JSON.stringify(body),
  });
  assert.ok(answer.ok, `${method} /_sim/${where}: ${answer.status}`);
  return answer.status === 204 ? undefined : answer.json();
}

// --- which operations there are, and which were driven ---

const driven = new Set();

const methodsOf = (client) =>
  Object.getOwnPropertyNames(Object.getPrototypeOf(client)).filter(
    (name) => name !== 'constructor' && !name.startsWith('_'),
  );
const isMethod = (client, name) =>
  typeof Object.getOwnPropertyDescriptor(Object.getPrototypeOf(client), name).value === 'function';

function operationsOf(client, prefix) {
  return methodsOf(client).flatMap((name) =>
    isMethod(client, name) ? [prefix + name] : operationsOf(client[name], `${prefix + name}.`),
  );
}

function watched(client, prefix) {
  return new Proxy(client, {
    get(target, name) {
      if (typeof name !== 'string' || !methodsOf(target).includes(name)) return target[name];
      if (!isMethod(target, name)) return watched(target[name], `${prefix + name}.`);
      return (...args) => {
        driven.add(prefix + name);
        return target[name](...args);
      };
    },
  });
}

// --- TAP ---

let count = 0;
let failed = 0;

async function test(words, run) {
  let trouble;
  try {
    await run();
  } catch (error) {
    trouble = error;
  }
  console.log(`${trouble ? 'not ok' : 'ok'} ${++count} - ${words}`);
  if (!trouble) return;
  failed++;
  console.log(String(trouble.stack ?? trouble).replace(/^/gm, '# '));
}

// --- helpers ---

const TRIGGERS = [{ id: 'post-login', version: 'v3' }];
const CODE = 'exports.onExecutePostLogin = async (event, api) => {};';
const NO_SUCH = '00000000-0000-4000-8000-000000000000';

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function until(read, holds) {
  for (let i = 0; i < 100; i++) {
    const value = await read();
    if (holds(value)) return value;
    await pause(50);
  }
  throw new Error('it never came about');
}

async function all(pages) {
  const items = [];
  for await (const item of await pages) items.push(item);
  return items;
}

// What was asked for is in the answer, key by key; lists and objects inside as well.
function holds(answer, wanted) {
  for (const [key, value] of Object.entries(wanted)) assert.deepEqual(answer[key], value, key);
}

const refusedAs = (kind, words) => (error) => {
  assert.ok(error instanceof kind, `${error.name}: ${error.message}`);
  assert.match(JSON.stringify(error.body), words);
  return true;
};

// --- the tests ---

async function testActions(actions) {
  const wanted = {
    name: 'first',
    supported_triggers: TRIGGERS,
    code: CODE,
    dependencies: [{ name: 'lodash', version: '4.17.21' }],
    runtime: 'node22',
  };
  let first;

  await test('actions.create answers what was asked for', async () => {
    first = await actions.create({ ...wanted, secrets: [{ name: 'KEY', value: 'sdk-secret' }] });
    holds(first, { ...wanted, status: 'pending', all_changes_deployed: false });
    assert.deepEqual(first.secrets.map((secret) => secret.name), ['KEY']);
    assert.doesNotMatch(JSON.stringify(first), /sdk-secret/);
  });
  await test('actions.get shows the same action, once built', async () => {
    const built = await until(() => actions.get(first.id), (action) => action.status === 'built');
    assert.deepEqual(built, { ...first, status: 'built' });
  });
  await test('actions.update changes what it names and keeps the rest', async () => {
    const updated = await actions.update(first.id, { code: '// 2' });
    assert.deepEqual(
      { ...updated, code: CODE, updated_at: first.updated_at },
      { ...first, status: 'pending' },
    );
    assert.ok(updated.updated_at > first.updated_at);
  });
  await test('actions.deploy makes a version, and get shows it live', async () => {
    await until(() => actions.get(first.id), (action) => action.status === 'built');
    const version = await actions.deploy(first.id);
    holds(version, { code: '// 2', number: 1, deployed: false, status: 'built' });
    assert.equal(version.action.id, first.id);
    const live = await until(() => actions.get(first.id), (action) => action.deployed_version);
    holds(live.deployed_version, { id: version.id, deployed: true, number: 1, code: '// 2' });
    assert.equal(live.current_version.status, 'BUILT');
    assert.equal(live.all_changes_deployed, true);
  });
  await test('actions.test answers the run of a draft', async () => {
    const run = await actions.test(first.id, { payload: { event: { user: { user_id: '1' } } } });
    assert.ok(Number.isInteger(run.payload.stats.action_duration_ms));
  });
  await test('actions.create with deploy goes live by itself', async () => {
    const early = await actions.create({
      name: 'early', supported_triggers: TRIGGERS, code: CODE, deploy: true,
    });
    const live = await until(() => actions.get(early.id), (action) => action.status === 'built');
    holds(live.deployed_version, { deployed: true, status: 'built', number: 1 });
  });
  await test('actions.list shows the same objects, page by page', async () => {
    for (const name of ['x', 'y', 'z'])
      await actions.create({
        name, supported_triggers: [{ id: 'credentials-exchange', version: 'v2' }], code: CODE,
      });
    const listed = await all(actions.list({ per_page: 2 }));
    assert.deepEqual(listed.map((action) => action.name), ['first', 'early', 'x', 'y', 'z']);
    for (const action of listed) assert.deepEqual(await actions.get(action.id), action);
  });
  await test('actions.list filters', async () => {
    const names = async (query) => (await all(actions.list(query))).map((action) => action.name);
    assert.deepEqual(await names({ triggerId: 'post-login' }), ['first', 'early']);
    assert.deepEqual(await names({ actionName: 'y' }), ['y']);
    assert.deepEqual(await names({ deployed: true }), ['first', 'early']);
    assert.deepEqual(await names({ deployed: false }), ['x', 'y', 'z']);
    assert.deepEqual(await names({ installed: true }), []);
  });
  await test('actions.delete removes', async () => {
    const [z] = await all(actions.list({ actionName: 'z' }));
    await actions.delete(z.id);
    await assert.rejects(actions.get(z.id), refusedAs(Management.NotFoundError, /does not exist/));
    await assert.rejects(actions.delete(z.id), refusedAs(Management.NotFoundError, /not exist/));
  });
  return first;
}

async function testVersions(actions, first) {
  await test('versions.list and versions.get show the same version', async () => {
    const listed = await all(actions.versions.list(first.id, { per_page: 50 }));
    assert.equal(listed.length, 1);
    holds(listed[0], { number: 1, deployed: true, code: '// 2' });
    assert.deepEqual(await actions.versions.get(first.id, listed[0].id), listed[0]);
  });
  await test('versions.deploy goes back, with the draft when told to', async () => {
    const [one] = await all(actions.versions.list(first.id));
    await actions.update(first.id, { code: '// 3' });
    await until(() => actions.get(first.id), (action) => action.status === 'built');
    await actions.deploy(first.id);
    const back = await actions.versions.deploy(first.id, one.id, {});
    holds(back, { number: 3, code: '// 2', deployed: false });
    assert.equal((await actions.get(first.id)).code, '// 3');
    await actions.versions.deploy(first.id, one.id, { update_draft: true });
    const action = await actions.get(first.id);
    holds(action, { code: '// 2', status: 'built', all_changes_deployed: true });
    assert.equal(action.deployed_version.number, 4);
  });
  await test('versions past the end are an empty page', async () => {
    assert.deepEqual((await actions.versions.list(first.id, { page: 9 })).data, []);
  });
}

async function testTriggers(actions) {
  await test('triggers.list shows the triggers of the platform', async () => {
    const { triggers } = await actions.triggers.list();
    const login = triggers.find(({ id, version }) => id === 'post-login' && version === 'v3');
    holds(login, { status: 'CURRENT', default_runtime: 'node22', binding_policy: 'trigger-bound' });
    assert.deepEqual(login.compatible_triggers, [{ id: 'post-login', version: 'v2' }]);
  });
}

async function testBindings(actions, first) {
  const { bindings } = actions.triggers;
  const show = (list) => list.map(({ action, display_name }) => [action.name, display_name]);
  let bound;

  await test('bindings.updateMany takes ids and names', async () => {
    bound = (await bindings.updateMany('post-login', {
      bindings: [
        { ref: { type: 'action_id', value: first.id }, display_name: 'First' },
        { ref: { type: 'action_name', value: 'early' } },
        { ref: { type: 'action_id', value: first.id } },
      ],
    })).bindings;
    assert.deepEqual(show(bound), [['first', 'First'], ['early', undefined], ['first', undefined]]);
  });
  await test('bindings.list shows the same bindings, page by page', async () => {
    assert.deepEqual(await all(bindings.list('post-login', { per_page: 2 })), bound);
  });
  await test('bindings.updateMany takes ids of bindings, and renews them all', async () => {
    const again = (await bindings.updateMany('post-login', {
      bindings: [bound[1], bound[0]].map(({ id }) => ({ ref: { type: 'binding_id', value: id } })),
    })).bindings;
    assert.deepEqual(show(again), [['early', undefined], ['first', 'First']]);
    for (const { id } of again) assert.ok(bound.every((before) => before.id !== id));
  });
  await test('a bound action is deleted by force only', async () => {
    const [early] = await all(actions.list({ actionName: 'early' }));
    await assert.rejects(actions.delete(early.id), (error) => error.statusCode === 409);
    await actions.delete(early.id, { force: true });
    assert.deepEqual(show(await all(bindings.list('post-login'))), [['first', 'First']]);
  });
  await test('an undeployed action is not bound', () =>
    assert.rejects(
      bindings.updateMany('credentials-exchange', {
        bindings: [{ ref: { type: 'action_name', value: 'x' } }],
      }),
      refusedAs(Management.BadRequestError, /has not been deployed yet/),
    ));
}

async function testExecutions(actions, domain) {
  await test('executions.get shows a login', async () => {
    const { id } = await control(domain, 'POST', 'executions', { trigger_id: 'post-login' });
    const execution = await actions.executions.get(id);
    holds(execution, { id, trigger_id: 'post-login', status: 'final' });
    assert.deepEqual(execution.results.map((result) => result.action_name), ['first']);
    await assert.rejects(
      actions.executions.get('none'),
      refusedAs(Management.NotFoundError, /That execution does not exist/),
    );
  });
}

async function testModules(actions) {
  const { modules } = actions;
  const wanted = {
    name: 'greeter',
    code: 'module.exports = {};',
    dependencies: [{ name: 'lodash', version: '4.17.21' }],
  };
  let module, version;

  await test('modules.create answers what was asked for', async () => {
    module = await modules.create({ ...wanted, secrets: [{ name: 'T', value: 'sdk-secret' }] });
    holds(module, { ...wanted, all_changes_published: false, actions_using_module_total: 0 });
    assert.doesNotMatch(JSON.stringify(module), /sdk-secret/);
    assert.deepEqual(await modules.get(module.id), module);
  });
  await test('modules.versions.create publishes', async () => {
    version = await modules.versions.create(module.id);
    holds(version, {
      module_id: module.id, version_number: 1, code: wanted.code, dependencies: wanted.dependencies,
      secrets: module.secrets,
    });
    await assert.rejects(
      modules.versions.create(module.id),
      refusedAs(Management.ConflictError, /"statusCode":409/),
    );
  });
  await test('modules.versions.list and get show the same version', async () => {
    assert.deepEqual(await all(modules.versions.list(module.id, { per_page: 50 })), [version]);
    assert.deepEqual(await modules.versions.get(module.id, version.id), version);
  });
  await test('modules.update leaves what is published', async () => {
    const updated = await modules.update(module.id, { code: '// 2' });
    holds(updated, { code: '// 2', all_changes_published: false });
    assert.equal(updated.latest_version.id, version.id);
    holds(await modules.get(module.id), { code: '// 2', dependencies: wanted.dependencies });
  });
  await test('modules.rollback brings a version back into the draft', async () => {
    const back = await modules.rollback(module.id, { module_version_id: version.id });
    holds(back, { code: wanted.code, all_changes_published: true });
  });
  await test('modules.list shows modules with the number of the last version', async () => {
    await modules.create({ name: 'other', code: '' });
    const listed = await all(modules.list({ per_page: 1 }));
    assert.deepEqual(listed.map((item) => item.name), ['greeter', 'other']);
    assert.equal(listed[0].latest_version_number, 1);
  });
  await test('modules.listActions shows who has deployed it', async () => {
    const action = await actions.create({
      name: 'user', supported_triggers: TRIGGERS, code: CODE, deploy: true,
      modules: [{ module_id: module.id, module_version_id: version.id }],
    });
    assert.deepEqual(action.modules, [{
      module_id: module.id, module_name: 'greeter',
      module_version_id: version.id, module_version_number: 1,
    }]);
    assert.deepEqual(await all(modules.listActions(module.id, { per_page: 50 })), [{
      action_id: action.id, action_name: 'user',
      module_version_id: version.id, module_version_number: 1,
    }]);
  });
  await test('modules.delete refuses while it is used', async () => {
    await assert.rejects(
      modules.delete(module.id),
      refusedAs(Management.PreconditionFailedError, /"statusCode":412/),
    );
    const [user] = await all(actions.list({ actionName: 'user' }));
    await actions.delete(user.id);
    await modules.delete(module.id);
    await assert.rejects(modules.get(module.id), refusedAs(Management.NotFoundError, /not exist/));
  });
}

async function testTrouble(connect, domain) {
  await test('wrong credentials get no token', () =>
    assert.rejects(connect(domain, 'sdk', 'wrong').actions.get(NO_SUCH), /Unauthorized/i));
  await test('a missing right is forbidden', () =>
    assert.rejects(
      connect(domain, 'reader', 'pass').actions.create({ name: 'n', supported_triggers: TRIGGERS }),
      refusedAs(Management.ForbiddenError, /Insufficient scope, expected any of: create:actions/),
    ));
  await test('a bad body is a bad request', () =>
    assert.rejects(
      connect(domain, 'sdk', 'pass').actions.create({ name: 'n', supported_triggers: [] }),
      refusedAs(Management.BadRequestError, /invalid_body/),
    ));
  await test('the library waits out a rate limit', async () => {
    const slow = await startTenant('--rate', '1:2', '--retry-after', 'on');
    const { actions } = connect(slow, 'sdk', 'pass');
    for (let i = 0; i < 4; i++) await actions.triggers.list();
    const { counts, total } = await control(slow, 'GET', 'calls');
    assert.ok(counts['GET /actions/triggers'] > 4, `${total} calls, none of them refused`);
  });
  await test('a tenant without modules says so', async () => {
    const bare = await startTenant('--modules', 'off');
    await assert.rejects(
      connect(bare, 'sdk', 'pass').actions.modules.list(),
      refusedAs(Management.ForbiddenError, /feature_not_enabled/),
    );
  });
}

async function main() {
  const connect = (domain, clientId, clientSecret) =>
    new ManagementClient({ domain, clientId, clientSecret });
  const domain = await startTenant(
    '--client', 'sdk:pass', '--client', 'reader:pass:read:actions',
  );
  const client = connect(domain, 'sdk', 'pass').actions;
  const actions = watched(client, 'actions.');
  const first = await testActions(actions);

  await testVersions(actions, first);
  await testTriggers(actions);
  await testBindings(actions, first);
  await testExecutions(actions, domain);
  await testModules(actions);
  await testTrouble(connect, domain);
  await test('every operation that the library has was driven', () => {
    const operations = operationsOf(client, 'actions.');
    assert.ok(operations.length >= 24, `${operations.length} operations`);
    assert.deepEqual(operations.filter((operation) => !driven.has(operation)), []);
  });
}

main()
  .catch((error) => test('the tests come to their end', () => Promise.reject(error)))
  .finally(() => {
    for (const tenant of tenants) {
      tenant.removeAllListeners('exit');
      tenant.kill();
    }
    console.log(`1..${count}`);
    process.exitCode = failed > 0 ? 1 : 0;
  });
