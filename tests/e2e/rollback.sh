#!/bin/bash
# Going back with real programs: to a commit of a repository, to a run, and to the version
# of one action; commits on hold, and looking back.
set -u
. "$TN_TOP/tests/e2e/common.bash"

world rollback
git init -q -b main .
commit() { # WORDS: makes $head
	git add -A
	git commit -q -m "$1"
	head=$(git rev-parse HEAD)
}
runs() { # NAME WORDS: the code that runs has these words in it
	local i=0
	state
	until [ "$(json "$here/state.json" actions $i name)" = "$1" ]; do
		i=$((i + 1))
		[ $i -lt 20 ] || break
	done
	json "$here/state.json" actions $i | grep -qF "\"$2" || echo "$1 does not run $2"
}

commit one
one=$head
t apply --yes
check 'the first commit' ended 0 Applied
echo '// worse' >>record-login.js
sed -i '/- require-verified-email/d' tenon.yaml
commit two
t apply --yes
check 'the second commit' ended 0 Applied
before=$(flow post-login)

# --- to a commit ---

check_commit() {
	ended 0 "Rollback to commit ${one:0:10}" 'action record-login  roll back to version 1' \
		'bindings post-login' 'Applied: 2 steps'
	same 'the flow before' "$before" 'enrich-token record-login '
	same 'the flow' "$(flow post-login)" \
		'require-verified-email enrich-token record-login '
}
t rollback --commit "${one:0:12}" --yes
check 'back to a commit' check_commit
t plan --ref "$one" --detailed-exitcode
check 'the tenant is what that commit says' ended 0 'Nothing to do'

# --- on hold ---

t plan
check 'the plan of a commit on hold says so' ended 0 "Commit ${head:0:10} is on hold: run 2" \
	'say --lift-hold'
t apply --yes
check 'it is not applied' ended 1 "commit ${head:0:10} is on hold" 'apply another commit'
t rollback --commit main --yes
check 'nor gone back to' ended 1 'is on hold' 'go back to another commit'
t plan --json
check 'in JSON' same commit "$(json "$out" hold commit)" "$head"
echo '// not yet' >>enrich-token.js
t plan
check 'changed files are not that commit' ended 0 'they have changes that are not committed'
git checkout -q enrich-token.js
git commit -q --allow-empty -m 'the same again'
t plan --detailed-exitcode
check_newer() {
	ended 2 'Plan: '
	! grep -q 'on hold' "$out" || echo 'another commit is on hold'
}
check 'another commit passes, though it says the same' check_newer
git reset -q --hard "$head"
t apply --yes --lift-hold
check 'the hold can be lifted' ended 0 'This run takes it off hold' Applied
t apply --yes
check 'and is gone then' ended 0 'Nothing to do'

# --- looking back, and to a run ---

t history
check_history() {
	ended 0 "apply: applied, commit ${one:0:10}, by $(id -un)@" '5 created, 3 bound' \
		"rollback to commit ${one:0:10}: applied" "put commit ${head:0:10} on hold"
	same 'how many runs' "$(grep -c 'ended 20' "$out")" 4
}
check 'the runs of the past' check_history
first=$(grep -o '^20[^ ]*' "$out" | tail -n 1)
t history --json --limit 1
check 'in JSON' same runs "$(json "$out" history runs '#')" 1
mv tenon.yaml kept
t show "${first%-*}" --project acme-login
check 'a run, without files, by the beginning of its id' ended 0 "$first  apply" \
	'+ action enrich-token  created, version 1' '+ dependency axios@1.7.2' '+ secret DIRECTORY_API_KEY'
mv kept tenon.yaml
t show "$first" --json
check 'in JSON' same kind "$(json "$out" shown_run objects 0 kind)" action
t show record-login
check 'an action' ended 0 'Runs version 4, by run 2' "commit ${head:0:10}" 'Versions (4)'
t show record-login --json
check 'in JSON' same commit "$(json "$out" shown_action commit)" "$head"
t show 2001-
check 'a run that is not known' ended 1 'knows no run "2001-"' 'tenon history'
t rollback "$first" --yes
check_run() {
	ended 0 "Rollback to run $first" 'roll back to version ' 'Applied: 2 steps' \
		"Commit ${head:0:10}, which was applied last, is put on hold"
	same 'the flow' "$(flow post-login)" \
		'require-verified-email enrich-token record-login '
}
check 'back to a run' check_run
t rollback "$first" --yes
check 'to where it is already' ended 0 'Nothing to do: that is what the tenant has.'
t apply --yes
check 'the hold stays' ended 1 'is on hold'

# --- to a version ---

check_version() {
	ended 0 'Rollback to version 2 of action record-login' '+ // worse' 'Applied: 1 step'
	same 'the flow' "$(flow post-login)" \
		'require-verified-email enrich-token record-login '
}
t rollback --action record-login --version 2 --yes
check 'back to a version' check_version
echo '{' >tenon.yaml
check_broken() {
	ended 0 'Rollback to version 5 of action record-login' '- // worse'
}
t rollback --action record-login --yes
check 'broken files are in the way' ended 1 'tenon.yaml:' \
	'give the project' '--project: then no file is read'
t rollback --action record-login --project acme-login --yes
check 'unless the project is named' check_broken
git checkout -q tenon.yaml

# --- the command line ---

refused() { # WHAT WORDS... -- ARGUMENT...
	local what=$1 said=()
	shift
	while [ "$1" != -- ]; do
		said+=("$1")
		shift
	done
	shift
	t "$@"
	check "$what" ended 1 "${said[@]}"
}
refused 'back to nothing' 'a RUN, --commit REV, --action NAME' -- rollback --yes
refused 'back to two things' 'one of these' -- rollback --commit main --action x --yes
refused 'a version of nothing' '--version needs --action NAME' -- rollback --commit main --version 1
refused 'a version that is no number' 'a number from 1' -- rollback --action x --version 1x
refused 'a rollback that nobody can confirm' --yes -- rollback --commit main
refused 'a rollback in JSON that would ask' --yes -- rollback --commit main --json
refused 'a look at nothing' 'show needs a RUN, the name of an ACTION' -- show
refused 'a list of none' 'a number from 1' -- history --limit 0
refused 'a revision of its own' '--ref' -- rollback --commit main --ref main
t rollback --commit main --yes --source /
check 'a commit of no repository' ended 1 'no git repository at'
finish
