#!/bin/bash
# tenon validate --node-check: what Node says of the code, at its place.
set -u
. "$TN_TOP/tests/e2e/common.bash"

world node-check

t validate --node-check
check 'code that Node takes' ended 0 Valid

# A comma is missing, which only a parser sees; brackets fit.
cat >record-login.js <<'JS'
// ä𠮷
exports.onExecutePostLogin = async (event, api) => {
	const a = [1 2];
};
JS
t validate
check 'without being asked Node is not' ended 0 Valid
t validate --node-check
check 'a syntax error has its place' ended 1 'record-login.js:3:15:' node-check Unexpected

# Every file is asked about, and each finding is told.
echo 'exports.onExecutePostLogin = async (event, api) => { let b; let b; };' \
	>require-verified-email.js
t validate --node-check
check 'two errors come in one run' ended 1 record-login.js:3: require-verified-email.js:1: declared
t validate --node-check --json
check 'as JSON too' same findings "$(json "$out" findings '#')" 2

# What tenon sees itself is told first, and without Node.
echo 'exports.onExecutePostLogin = f(;' >record-login.js
t validate --node-check
check 'brackets are seen without Node' ended 1 invalid-javascript

# Code is data: nothing of it runs, and nothing of the environment gets to it.
cp "$TN_TOP"/examples/acme-login/*.js .
echo "require('node:fs').writeFileSync('$here/ran', 'x'); exports.onExecutePostLogin = f" \
	>record-login.js
NODE_OPTIONS=--no-such-option t validate --node-check
check 'code is not run, and variables are not passed' ended 0 Valid
check 'and it left nothing behind' same files "$(ls "$here" | grep -c '^ran$')" 0

mkdir "$here/empty"
PATH_BEFORE=$PATH
PATH=$here/empty "$(command -v tenon)" validate --node-check >"$out" 2>"$err"
status=$?
check 'without Node there is a clear error' ended 1 node 'leave out --node-check'

# One that is none of the kind.
printf '#!/bin/sh\necho "it broke" >&2\nexit 3\n' >"$here/empty/node"
chmod +x "$here/empty/node"
PATH=$here/empty "$(PATH=$PATH_BEFORE command -v tenon)" validate --node-check >"$out" 2>"$err"
status=$?
check 'a Node that fails is an error and no finding' ended 1 'ended with status 3'

t plan --node-check
check 'it is an option of validate alone' ended 1 --node-check

finish
