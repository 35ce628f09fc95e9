#!/bin/bash
# Going back with real programs: to a commit of a repository, and to the version of one
# action.
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
	ended 0 'Rollback to version 3 of action record-login' '- // worse'
}
t rollback --action record-login --yes
check 'broken files are in the way' ended 1 'tenon.yaml:'
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
refused 'a revision of its own' '--ref' -- rollback --commit main --ref main
t rollback --commit main --yes --source /
check 'a commit of no repository' ended 1 'no git repository at'
finish
