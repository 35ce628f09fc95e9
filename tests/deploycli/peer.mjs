// What we read of repositories beside what auth0-deploy-cli reads.
//
//   node peer.mjs READS NODE_MODULES      READS is the program of reads.c
//
// Keywords: a table, and random texts and mappings from a seed, through the replacement
// functions of the tool. Repositories: those of repos/, through its two loaders (its
// validation by schema is left out: it takes fifteen seconds and changes nothing here). An
// action counts when the tool would deploy it. Prints TAP.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'

const [reads, modules] = process.argv.slice(2).map(path => resolve(path))
const peer = createRequire(join(modules, 'auth0-deploy-cli', 'package.json'))
const { keywordReplace } = peer('./lib/tools/utils.js')
const here = dirname(fileURLToPath(import.meta.url))

let count = 0
let failed = 0
function ok(passed, name, ...why) {
	for (const line of passed ? [] : why)
		console.log(`# ${line}`)
	failed += passed ? 0 : 1
	console.log(`${passed ? 'ok' : 'not ok'} ${++count} - ${name}`)
}

const ours = (args, input) =>
	JSON.parse(execFileSync(reads, args, { input, maxBuffer: 1 << 28 }).toString())

// Keywords.

const table = [
	['', {}],
	['##A##', { A: 'x' }],
	['a##A##b###A####A## #A##', { A: '$& $1 $$ $`' }],
	['@@A@@ "@@A@@" \'@@A@@\' "@@A@@\' \'x@@A@@\'', { A: ['$&', 1, null, true, { b: 'ü' }] }],
	['"@@A@@@@A@@" @@A@@@ @@@A@@', { A: 'q"\\\n\u0001\u007f\u2028' }],
	['##A## ##B## @@A@@', { A: '##B##', B: '@@A@@' }],
	['##B## ##A## @@B@@', { B: '##A##', A: '@@B@@' }],
	['##N## ##T## ##Z## ##L## ##E##', { N: 5, T: true, Z: null, L: [1, [2, null], 'x'], E: [] }],
	['####A######', { A: '#' }],
	['@@@@A@@@@', { A: '@' }],
	['##a## ##A_1## ##A## @@password@@', { a: 'b', A_1: '\u{1f600}' }],
]

// xorshift, so that a failure can be played again.
let state = 20260101
const below = n => {
	state ^= state << 13
	state ^= state >>> 17
	state ^= state << 5
	return (state >>> 0) % n
}
const pick = list => list[below(list.length)]
const pieces = ['##', '@@', '#', '@', 'A', 'B', 'CC', '"', "'", '$&', '$', ' ', '\\', '\n', 'ä',
	'##A##', '##B##', '@@A@@', '@@CC@@', '"@@B@@"', "'@@A@@'"]
const text = most => Array.from({ length: below(most) }, () => pick(pieces)).join('')
const scalar = () => pick([text(4), below(1000), true, null])
const value = () => (below(3) ? scalar() : Array.from({ length: below(3) }, scalar))
const mappings = () => {
	const keys = ['A', 'B', 'CC'].sort(() => below(2) - 0.5).slice(0, below(4))
	return Object.fromEntries(keys.map(key => [key, value()]))
}
const random = Array.from({ length: 5000 }, () => [text(12), mappings()])

function compareKeywords(name, cases) {
	const input = JSON.stringify(cases.map(([text, mappings]) => ({ text, mappings })))
	const got = ours(['keywords'], input)
	const at = cases.findIndex(([text, mappings], i) => got[i] !== keywordReplace(text, mappings))
	ok(got.length === cases.length && at < 0, `${name}: ${cases.length} texts`,
		...(at < 0 ? ['not as many as there are'] : [
			`case ${JSON.stringify(cases[at])}`,
			`ours ${JSON.stringify(got[at])}`,
			`the peer's ${JSON.stringify(keywordReplace(...cases[at]))}`,
		]))
}

// Repositories.

const PART = { code: 1, runtime: 2, dependencies: 4, secrets: 8 }
const byName = (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
const runtimes = { node18: 'node18-actions' }

function wanted(action, environment) {
	const stated = key => action[key] !== undefined && action[key] !== null && action[key] !== ''
	const secrets = stated('secrets') ? [...action.secrets].sort(byName) : []
	const content = {
		code: stated('code') ? action.code : '',
		...(stated('runtime') ? { runtime: runtimes[action.runtime] ?? action.runtime } : {}),
		dependencies: stated('dependencies') ? [...action.dependencies].sort(byName) : [],
		secrets: secrets.map(({ name }) => ({ name })),
	}
	return {
		name: action.name,
		trigger: action.supported_triggers[0].id,
		version: action.supported_triggers[0].version,
		content,
		unstated: Object.keys(PART).reduce((sum, key) => sum + (stated(key) ? 0 : PART[key]), 0),
		// Which variable the tool took the value from.
		sources: secrets.map(({ value }) =>
			Object.keys(environment).find(name => environment[name] === value) ?? null),
	}
}

async function readByPeer(Context, input, settings, environment) {
	const context = new Context({
		...settings,
		AUTH0_INPUT_FILE: input,
		AUTH0_KEYWORD_REPLACE_MAPPINGS:
			Object.assign({ ...settings.AUTH0_KEYWORD_REPLACE_MAPPINGS }, environment),
	}, {})
	await context.loadAssetsFromLocal()
	const { actions, triggers } = context.assets
	return {
		actions: (actions ?? []).filter(action => action.deployed && !action.integration)
			.map(action => wanted(action, environment)).sort(byName),
		triggers: triggers ?? {},
	}
}

async function compareRepositories() {
	const logger = peer('./lib/logger.js').default
	logger.silent = true
	peer('./lib/tools/index.js').Auth0.prototype.validate = async () => {}
	const environment = { STAGE: 'a: "b" [c] $&', HELLO_KEY: 'one value', OTHER_KEY: 'another' }
	const settings = JSON.parse(readFileSync(join(here, 'repos/yaml/config.json')))
	const forms = {
		yaml: [peer('./lib/context/yaml/index.js').default, 'tenant.yaml'],
		directory: [peer('./lib/context/directory/index.js').default, ''],
	}
	for (const [form, [Context, file]] of Object.entries(forms)) {
		const directory = join(here, 'repos', form)
		const theirs = await readByPeer(Context, join(directory, file), settings, environment)
		const names = Object.entries(environment).map(pair => pair.join('='))
		const got = ours(['repository', directory, ...names])
		ok(isDeepStrictEqual(got, theirs), `the ${form} form: ${theirs.actions.length} actions`,
			`ours ${JSON.stringify(got)}`, `the peer's ${JSON.stringify(theirs)}`)
		ok(theirs.actions.length === 3, `the ${form} form has something to compare`)
	}
}

compareKeywords('a table of keywords', table)
compareKeywords('random keywords', random)
await compareRepositories()
console.log(`1..${count}`)
process.exitCode = failed ? 1 : 0
