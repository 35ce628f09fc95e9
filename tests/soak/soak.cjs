// A thousand tenants of twenty actions in one tenond, for a while: commits, changes of others,
// faults and kills at random; in the end nothing may be lost. Prints figures on the way, and
// ends with 1 when a tenant is not what its files say.
//
//   node tests/soak/soak.cjs PROGRAMS [SECONDS [TENANTS [SEED]]]
//
// `make soak` runs it; SOAK_SECONDS and SOAK_TENANTS stand for the numbers there.
'use strict';
const { execFileSync, spawn } = require('node:child_process');
const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');

const programs = path.resolve(process.argv[2]);
const seconds = Number(process.argv[3] ?? 60);
const tenants = Number(process.argv[4] ?? 1000);
const actions = 20;
let seed = Number(process.argv[5] ?? 1);

const work = fs.mkdtempSync(path.join(os.tmpdir(), 'tenon-soak.'));
const project = path.join(work, 'project');
const children = [];
process.on('exit', () => {
	for (const child of children) child.kill('SIGKILL');
	fs.rmSync(work, { recursive: true, force: true });
});
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const say = (text) => console.log(text);
// A small generator with a seed (mulberry32): the same numbers in every run.
function random(below) {
	seed = (seed + 0x6d2b79f5) | 0;
	let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
	t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
	return ((t ^ (t >>> 14)) >>> 0) % below;
}

// --- The project: a directory for each tenant, in one repository ---

const directory = (i) => `t${String(i).padStart(4, '0')}`;
const code = (i, k, n) =>
	`exports.onExecutePostLogin = async (event, api) => {\n  api.user.setAppMetadata('n', '${i} ${k} ${n}');\n};\n`;
const wanted = []; // wanted[tenant][action]: its code

function git(...words) {
	execFileSync('git', words, { cwd: project, stdio: 'ignore',
		env: { ...process.env, GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@acme.example',
			GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@acme.example' } });
}

function writeProject() {
	fs.mkdirSync(project);
	for (let i = 0; i < tenants; i++) {
		const at = path.join(project, directory(i));
		const names = [...Array(actions).keys()].map((k) => `a${k}`);
		fs.mkdirSync(at);
		fs.writeFileSync(path.join(at, 'tenon.yaml'),
			`tenon: 1\nproject: soak\ntenants: {${directory(i)}: {}}\nactions:\n` +
			names.map((name) => `  ${name}: {trigger: post-login@v3, runtime: node22}\n`).join('') +
			`bindings:\n  post-login: [${names.join(', ')}]\n`);
		wanted.push(names.map((name, k) => code(i, k, 0)));
		names.forEach((name, k) => fs.writeFileSync(path.join(at, `${name}.js`), wanted[i][k]));
	}
	git('init', '-q', '-b', 'main');
	git('add', '-A');
	git('commit', '-qm', 'All tenants');
}

// --- Programs ---

function start(name, words, lines) {
	const child = spawn(path.join(programs, name), words, { stdio: ['ignore', 'pipe', 'inherit'] });
	let rest = '';
	children.push(child);
	child.stdout.on('data', (bytes) => {
		const all = (rest + bytes).split('\n');
		rest = all.pop();
		all.forEach(lines);
	});
	return child;
}

const ports = [];
async function startTenants() {
	start('tenon-sim', ['--tenants', String(tenants), '--plain-build', '50ms', '--visible', '20ms'],
		(line) => ports.push(Number(line.replace(/.*:/, ''))));
	while (ports.length < tenants) await sleep(20);
}

function writeSettings() {
	let connections = 'connections:\n';
	let syncs = '';
	for (let i = 0; i < tenants; i++) {
		connections += `  ${directory(i)}: {provider: auth0, domain: "http://127.0.0.1:${ports[i]}", ` +
			'clientId: c, clientSecret: {env: SOAK_SECRET}}\n';
		syncs += `  ${directory(i)}: {source: "${project}", revision: main, path: ${directory(i)}, ` +
			`connection: ${directory(i)}, mode: enforce, interval: 1h, drift: 1h, corrections: 1000}\n`;
	}
	fs.writeFileSync(path.join(work, 'connections.yaml'), connections);
	fs.writeFileSync(path.join(work, 'tenond.yaml'),
		`tenond: 1\nconnections: connections.yaml\nstate: ${work}/state.db\ncontrol: ${work}/control.sock\n` +
		`listen: 127.0.0.1:0\nwebhooks:\n  gitlab: {host: gitlab, secret: {env: SOAK_SECRET}}\nsyncs:\n${syncs}`);
}

let daemon;
let door;
let told = {};
async function startDaemon() {
	door = 0;
	daemon = start('tenond', ['--config', path.join(work, 'tenond.yaml')], (line) => {
		const event = JSON.parse(line);
		told[event.event] = (told[event.event] ?? 0) + 1;
		if (event.event === 'started') door = Number(event.listen.replace(/.*:/, ''));
	});
	while (door === 0 && daemon.exitCode === null) await sleep(10);
}

// CPU in seconds, and memory in MB, as the system counts them.
function cpu() {
	const fields = fs.readFileSync(`/proc/${daemon.pid}/stat`, 'utf8').replace(/.*\) /, '').split(' ');
	return (Number(fields[11]) + Number(fields[12])) / 100;
}
function memory(what) {
	const status = fs.readFileSync(`/proc/${daemon.pid}/status`, 'utf8');
	return Number(new RegExp(`${what}:\\s+(\\d+)`).exec(status)[1]) / 1024;
}

function call(port, method, at, body, headers = {}) {
	return new Promise((resolve, reject) => {
		const request = http.request({ host: '127.0.0.1', port, method, path: at, agent: false,
			headers: { 'content-type': 'application/json', ...headers } }, (answer) => {
			let text = '';
			answer.on('data', (bytes) => { text += bytes; });
			answer.on('end', () => resolve({ status: answer.statusCode, text }));
			answer.on('error', reject);
			answer.on('close', () => reject(new Error('the answer was cut off')));
		});
		request.on('error', reject);
		request.setTimeout(30000, () => request.destroy(new Error('no answer')));
		request.end(body === undefined ? undefined : JSON.stringify(body));
	});
}
async function metric(name) {
	const { text } = await call(door, 'GET', '/metrics');
	return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)[1]);
}
const wake = () => call(door, 'POST', '/webhooks/gitlab',
	{ project: { path_with_namespace: path.basename(project) } }, { 'x-gitlab-token': process.env.SOAK_SECRET });

async function allLookedAt() {
	while ((await call(door, 'GET', '/readyz')).status !== 200) await sleep(50);
}

// --- What happens ---

const happened = { commits: 0, changes: 0, faults: 0, kills: 0 };

function commit() {
	for (let n = 1 + random(20); n > 0; n--) {
		const i = random(tenants);
		const k = random(actions);
		wanted[i][k] = code(i, k, `${happened.commits} ${n}`);
		fs.writeFileSync(path.join(project, directory(i), `a${k}.js`), wanted[i][k]);
	}
	git('commit', '-qam', 'Another one');
	happened.commits++;
}

const tokens = new Map();
async function login(port) {
	if (!tokens.has(port)) {
		const { text } = await call(port, 'POST', '/oauth/token', { grant_type: 'client_credentials',
			client_id: 'alice', client_secret: 'x', audience: `http://127.0.0.1:${port}/api/v2/` });
		tokens.set(port, { authorization: `Bearer ${JSON.parse(text).access_token}` });
	}
	return tokens.get(port);
}

// Others take an action out of a flow, and tenond is asked to look.
async function change() {
	const port = ports[random(tenants)];
	try {
		await call(port, 'PATCH', '/api/v2/actions/triggers/post-login/bindings',
			{ bindings: [{ ref: { type: 'action_name', value: 'a0' } }] }, await login(port));
		happened.changes++;
	} catch {
		// A fault has struck somebody else.
	}
}

async function fault() {
	const kinds = [{ do: 'drop', when: 'after', nth: 1 }, { do: 'status', status: 500, nth: 1 },
		{ do: 'status', status: 429, nth: 1 }, { do: 'cut', nth: 1 }, { do: 'drop', when: 'before', nth: 2 }];
	await call(ports[random(tenants)], 'POST', '/_sim/faults', kinds[random(kinds.length)]);
	happened.faults++;
}

async function kill() {
	const gone = new Promise((resolve) => daemon.once('exit', resolve));
	daemon.kill('SIGKILL');
	await gone;
	happened.kills++;
	await startDaemon();
}

async function soak() {
	const until = Date.now() + seconds * 1000;
	let nextKill = Date.now() + 15000;
	while (Date.now() < until) {
		const what = random(10);
		if (Date.now() >= nextKill) {
			await kill();
			nextKill = Date.now() + 15000;
		} else if (what < 2) {
			commit();
			await wake();
		} else if (what < 7) {
			await change();
		} else {
			await fault();
		}
		await sleep(50 + random(200));
	}
}

// --- The end ---

async function lost() {
	const wrong = [];
	for (let i = 0; i < tenants; i++) {
		const state = JSON.parse((await call(ports[i], 'GET', '/_sim/state')).text);
		const byName = new Map(state.actions.map((action) => [action.name, action]));
		const flow = (state.bindings['post-login'] ?? []).map((binding) =>
			state.actions.find((action) => action.id === binding.action_id)?.name);
		const same = state.actions.length === actions &&
			wanted[i].every((text, k) => byName.get(`a${k}`)?.versions.find((one) => one.live)?.code === text) &&
			flow.join() === wanted[i].map((text, k) => `a${k}`).join();
		if (!same) wrong.push(directory(i));
	}
	return wrong;
}

const ms = (from) => `${((Date.now() - from) / 1000).toFixed(1)} s`;

async function main() {
	let began = Date.now();
	process.env.SOAK_SECRET = 'a-secret-of-the-soak';
	writeProject();
	await startTenants();
	writeSettings();
	say(`${tenants} tenants of ${actions} actions; project and tenants were made in ${ms(began)}`);

	began = Date.now();
	await startDaemon();
	await allLookedAt();
	say(`first apply of all: ${ms(began)}, ${cpu().toFixed(1)} s of CPU, ${memory('VmHWM').toFixed(0)} MB at most`);
	await kill();
	happened.kills = 0;
	await allLookedAt();
	say(`all unchanged, compared by a new process: ${(cpu() * 1000 / tenants).toFixed(2)} ms of CPU for each ` +
		`(aim 5), ${memory('VmHWM').toFixed(0)} MB at most (aim 64)`);
	let before = cpu();
	await sleep(10000);
	say(`idle: ${((cpu() - before) * 10).toFixed(2)} % of a CPU (aim below 1)`);
	const calls = await metric('tenond_calls_total');
	commit();
	began = Date.now();
	await wake();
	while (await metric('tenond_calls_total') === calls) await sleep(2);
	say(`from a webhook to the first call of its run: ${Date.now() - began} ms (aim below 1000)`);

	began = Date.now();
	await soak();
	const middle = memory('VmRSS');
	say(`${JSON.stringify(happened)} in ${ms(began)}; told: ${JSON.stringify(told)}`);
	began = Date.now();
	await kill();
	let wrong = [];
	// Tenants with a run that was killed are mended at their next look, and some are in trouble.
	for (let tries = 0; tries < 20; tries++) {
		await allLookedAt();
		wrong = await lost();
		if (wrong.length === 0) break;
		for (const name of wrong)
			await new Promise((resolve) => spawn(path.join(programs, 'tenon'), ['sync', name, '--control',
				`${work}/control.sock`], { stdio: 'ignore' }).on('exit', resolve));
		await sleep(3000);
	}
	say(`everything is as wanted after ${ms(began)}; memory ${middle.toFixed(0)} MB before, ` +
		`${memory('VmRSS').toFixed(0)} MB after, ${memory('VmHWM').toFixed(0)} MB at most`);
	const gone = new Promise((resolve) => daemon.once('exit', resolve));
	daemon.kill('SIGTERM');
	const status = await gone;
	if (wrong.length > 0 || status !== 0) {
		say(`NOT WELL: exit status ${status}, ${wrong.length} tenants are not as wanted: ${wrong.slice(0, 10)}`);
		process.exit(1);
	}
	say('Nothing was lost.');
	process.exit(0);
}
main().catch((error) => {
	console.error(error);
	process.exit(1);
});
