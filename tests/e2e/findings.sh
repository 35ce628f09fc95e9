#!/bin/bash
# Findings of the real program: the line and the mark, the three formats, and attacks: what
# must not be shown, and what must not pass for a command of a workflow.
set -u
. "$TN_TOP/tests/e2e/common.bash"

world findings

action() { # MEMBERS...: a project with one action
	printf 'tenon: 1\nproject: acme\ntenants: {dev: {}}\nactions:\n  greet: {trigger: post-login@v3%s}\n' \
		"$1" >tenon.yaml
}
# says_not WORDS: neither the output nor the errors of the last run have these words
says_not() {
	! cat "$out" "$err" | grep -qF -- "$1" || echo "something says: $1"
}
project=$PWD
echo 'exports.onExecutePostLogin = hello' >greet.js

# --- the formats ---

action ', runtme: node22'
t validate
check 'a finding shows its line, with a mark below the word' ended 1 \
	'tenon.yaml:5:35: error: actions.greet.runtme: unknown key "runtme" [unknown-key]' \
	'    5 |   greet: {trigger: post-login@v3, runtme: node22}' \
	'      |                                   ^~~~~~' '  → did you mean "runtime"?'
t validate --format json
check 'JSON has place and line' same json \
	"$(json "$out" findings 0 column) $(json "$out" findings 0 end_column)" '35 41'
check 'JSON has the line' same json "$(json "$out" findings 0 source_line)" \
	'  greet: {trigger: post-login@v3, runtme: node22}'
t validate --json
check '--json is --format json' same json "$(json "$out" findings 0 code)" unknown-key
cd ..
t validate --format github --source "./$(basename "$project")"
check 'an annotation names the file in the repository' ended 1 \
	"::error file=$(basename "$project")/tenon.yaml,line=5,col=35,endColumn=41,title=unknown-key::"
cd "$project" || exit 1

action ''
sed -i '2a include: [actions/*.yaml]' tenon.yaml
t validate
check 'warnings alone are no error' ended 0 include-matches-nothing '1 warning.' 'Valid: '

# --- a workflow ---

mkdir -p actions
printf 'actions: {"x\\n::set-output name=a::b%%0A::error::c": {trigger: 1}}\n' \
	>actions/$'a,b\n::add-mask::c.yaml'
t validate --format github
ours() {
	grep -vE '^::(error|warning) (file=[^:]*,)?(line=[0-9]+,)?(col=[0-9]+,)?(endColumn=[0-9]+,)?title=[a-z-]+::' \
		"$out" | grep '^::' | grep -vE '^::(stop-commands::)?[0-9TZ:-]+-[0-9a-f]{6}(::)?$'
}
check 'nothing of a file begins a command' ended 1 'title=' '%2Cb' '%0A'
check 'every command is ours' ours
rm -r actions

# --- what must not be shown ---

secret_in() { # WORDS, connections on standard input: refused, and the value in it is not told
	cat >"$TENON_CONNECTIONS"
	action ''
	t plan
	check "$1" ended 1 "$TENON_CONNECTIONS"
	check "$1: it is not shown" says_not "$client_secret"
	t plan --json
	check "$1: nor in JSON" says_not "$client_secret"
	t plan --format github
	check "$1: nor in an annotation" says_not "$client_secret"
}
head='connections:\n  dev:\n    provider: auth0\n    domain: acme.eu.auth0.com\n'
secret_in 'a secret in place of its source' <<<"$(printf "$head")
    clientId: a
    clientSecret: $client_secret"
secret_in 'a secret in an unknown source' <<<"$(printf "$head")
    token: {value: $client_secret}"
secret_in 'a secret in the place of a variable' <<<"$(printf "$head")
    token: {env: \"$client_secret !\"}"
secret_in 'a secret in quotes that are not closed' <<<"$(printf "$head")
    token: \"$client_secret"
secret_in 'a secret before a tab' <<<"$(printf "$head")
    token: $client_secret: x"
secret_in 'a secret twice' <<<"$(printf "$head")
    token: $client_secret
    token: $client_secret"

# In the project, where lines are shown of every other file.
printf "$head    token: {env: NOT_SET} # $client_secret\n" >connections.yaml
action ''
t plan --connections connections.yaml
check 'a connections file in the project is named' ended 1 connections.yaml:5:
check 'and never quoted' says_not "$client_secret"
rm connections.yaml
action ", secrets: {API_KEY: $client_secret}"
t validate
check 'a secret in the project is refused' ended 1 'tenon.yaml:5:' wrong-type
check 'and its line is not shown' says_not "$client_secret"
rm tenon.yaml "$TENON_CONNECTIONS"
finish
