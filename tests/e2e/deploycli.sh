#!/bin/bash
# A repository of auth0-deploy-cli with the real program: from a directory and from git, with
# its settings and placeholders, and with files that mean no good.
set -u
. "$TN_TOP/tests/e2e/common.bash"
world main
rm -rf "$here/project"
cp -r "$TN_TOP/examples/acme-deploycli" "$here/project"
enter main

check_validate() {
	ended 0 'left to auth0-deploy-cli: tenant, clients' 'not used: AUTH0_DOMAIN' \
		'AUTH0_ALLOW_DELETE' 'action/try-something: this action is not to be deployed' \
		'Valid: 2 actions, 1 flow.'
	grep -q acme-dev.eu "$out" && echo 'a value of a setting is shown'
}
t validate --config env/dev.json
check 'validate says what is managed and what is not' check_validate

check_open() { ended 0 'without a mapping: STAGE, DIRECTORY_URL, DIRECTORY_FIELDS'; }
t validate
check 'validate tells what nobody maps' check_open
t plan
check 'a plan refuses it' ended 1 'actions/enrich-token/code.js:7:' 'placeholders: [DIRECTORY_URL]'

check_applied() {
	ended 0 'Plan: 2 to create' 'Applied'
	same actions "$(actions)" 'Record login enrich-token '
	same post-login "$(flow post-login)" 'enrich-token Record login '
	grep -q 'to development' "$here/state.json" || echo 'a text is not replaced'
	grep -q '\[\\"team\\",\\"office\\"\].join()' "$here/state.json" ||
		echo 'JSON is not replaced'
	grep -q "$(printf %s "$api_key" | sha256sum | cut -d' ' -f1)" "$here/state.json" ||
		echo 'the secret has another value'
}
t apply --yes --config env/dev.json
check 'an apply makes the tenant what the files say' check_applied

before=$(writes)
check_nothing() {
	ended 0 'Nothing to do'
	same writes "$(writes)" "$before"
}
t apply --yes --config env/dev.json
check 'a second one writes nothing' check_nothing
git init -q && git add . && git commit -qm first
sed -i 's/development/production/' env/dev.json
t plan --config env/dev.json
check 'settings of the work tree make a plan' ended 0 'update: code' 'to production'
t plan --config env/dev.json --ref HEAD
check 'those of a commit are read from it' check_nothing

# The operator lets a variable stand for a keyword; it comes before the mapping.
echo '    placeholders: [STAGE, DIRECTORY_API_KEY]' >>"$TENON_CONNECTIONS"
export STAGE=test
t plan --config env/dev.json
check 'a variable comes before a mapping' ended 0 'to test'
echo '// ##DIRECTORY_API_KEY##' >>actions/enrich-token/code.js
t plan --config env/dev.json
check 'the value of a secret cannot be put into code' ended 1 secret-as-text
git checkout -q .

mkdir -p "$here/directory"/{actions,triggers,clients}
cat >"$here/directory/actions/one.json" <<-'END'
	{"name": "one", "code": "actions/one.js", "deployed": true,
	 "supported_triggers": [{"id": "post-login", "version": "v3"}]}
END
echo 'exports.onExecutePostLogin = async () => {};' >"$here/directory/actions/one.js"
echo '{"post-login": [{"action_name": "one"}]}' >"$here/directory/triggers/triggers.json"
t validate --source "$here/directory"
check 'the directory form is known' ended 0 'Valid: 1 action, 1 flow.'

# --- files that mean no good ---

# hostile WORDS SAID...: the files in $hostile are refused, in time
hostile=$here/hostile
fresh() {
	rm -rf "$hostile" && mkdir -p "$hostile"
	cat >"$hostile/tenant.yaml" <<-'END'
		actions:
		  - name: one
		    code: ./one.js
		    deployed: true
		    supported_triggers: [{id: post-login, version: v3}]
	END
	echo 'exports.onExecutePostLogin = async () => {};' >"$hostile/one.js"
}
hostile() {
	local words=$1 before=$SECONDS
	shift
	t validate --source "$hostile"
	check "$words" is_refused $((SECONDS - before)) "$@"
}
is_refused() {
	at_most seconds "$1" 30
	ended 1 "${@:2}"
}

fresh
ln -sf /etc/passwd "$hostile/one.js"
hostile 'a link to code' 'tenant.yaml:3:11' unreadable-file
fresh
sed -i 's|./one.js|./../../../../etc/passwd|' "$hostile/tenant.yaml"
hostile 'code outside of the repository' 'tenant.yaml:3:11' outside-project
fresh
ln -s /etc/passwd "$hostile/config.json"
hostile 'a link to settings' 'cannot read config.json'
fresh
mkfifo "$hostile/config.json"
hostile 'settings that nobody writes' 'cannot read config.json'
fresh
ln -sf "$here/directory/actions" "$hostile/actions" && rm "$hostile/tenant.yaml"
hostile 'a link to a directory' 'there is no tenon.yaml'
fresh
{
	printf '{"AUTH0_KEYWORD_REPLACE_MAPPINGS": {"A": ""'
	for i in {0..60}; do
		printf ',\n"A%d": "##A%d####A%d##"' $i $((i + 1)) $((i + 1))
	done
	printf '}}\n'
} >"$hostile/config.json"
echo '// ##A0##' >>"$hostile/one.js"
hostile 'mappings that hold each other' too-large one.js
fresh
{
	printf 'x: "'
	head -c 15000000 /dev/zero | tr '\0' '#'
	printf '"\n'
} >>"$hostile/tenant.yaml"
{
	printf '{"AUTH0_KEYWORD_REPLACE_MAPPINGS": {"A": "x"'
	for i in {0..900}; do
		printf ',"A%d": "x"' $i
	done
	printf '}}\n'
} >"$hostile/config.json"
hostile 'many mappings and a large file' too-large tenant.yaml
fresh
head -c 1000000 /dev/zero | tr '\0' '[' >"$hostile/tenant.yaml"
hostile 'a million brackets' tenant.yaml too-deep
fresh
printf 'a: &a [x,x,x,x,x,x,x,x,x,x]\n' >"$hostile/tenant.yaml"
for i in {b..j}; do
	printf '%s: &%s [*%s,*%s,*%s,*%s,*%s,*%s,*%s,*%s,*%s,*%s]\n' $i $i "${p:=a}" $p $p $p $p \
		$p $p $p $p $p
	p=$i
done >>"$hostile/tenant.yaml"
hostile 'aliases that grow' tenant.yaml too-large
fresh
head -c 20000000 /dev/zero >"$hostile/tenant.yaml"
hostile 'a file that is too large' 'cannot read tenant.yaml'

finish
