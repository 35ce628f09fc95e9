#!/bin/bash
# What is wrong in files and on the command line: said with its place and a cure, exit status
# 1, and nothing is written.
set -u
. "$TN_TOP/tests/e2e/common.bash"

world refuse

# A project of its own for the next cases.
fresh() {
	cd "$here" && rm -rf project && cp -r "$TN_TOP/examples/acme-login" project &&
		cd project || exit 1
}

# refused WORDS SAID... -- ARGUMENT...: tenon ends with 1, says all that, and writes nothing
refused() {
	local words=$1 said=()
	shift
	while [ "$1" != -- ]; do
		said+=("$1")
		shift
	done
	shift
	t "$@"
	check "$words" is_refused "${said[@]}"
}
is_refused() {
	ended 1 "$@"
	same writes "$(writes)" 0
	[ "$(cat "$out" "$err" | wc -l)" -le 40 ] || echo 'it says too much'
}

# --- YAML ---

printf 'tenon: 1\nproject: x\nactions: {a: [\n' >tenon.yaml
refused 'YAML that does not end' tenon.yaml: error -- apply --yes
printf 'tenon: 1\n\tproject: x\n' >tenon.yaml
refused 'YAML with a tab' tenon.yaml:2: -- apply --yes
printf 'tenon: 1\nproject: x\nproject: y\n' >tenon.yaml
refused 'a key twice' tenon.yaml:3:1 project -- apply --yes
printf 'tenon: 1\nproject: !!python/object:os.system x\n' >tenon.yaml
refused 'a tag' tenon.yaml:2:10 tag -- apply --yes
{
	printf 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n'
	for i in 1 2 3 4 5 6 7 8 9; do
		p="*a$((i - 1))"
		echo "a$i: &a$i [$p, $p, $p, $p, $p, $p, $p, $p, $p, $p]"
	done
} >tenon.yaml
SECONDS=0
refused 'a bomb of aliases' tenon.yaml: -- apply --yes
check 'and at once' at_most seconds $SECONDS 3
printf 'tenon: 1\nproject: &a x\nactions: {*a : {<<: {}}}\n' >tenon.yaml
refused 'a merge key' tenon.yaml:3: -- apply --yes
printf 'tenon: 1\nproject: caf\xe9\n' >tenon.yaml
refused 'bytes that are no UTF-8' tenon.yaml:2: UTF-8 -- apply --yes
head -c 3000 /dev/zero | tr '\0' '[' >tenon.yaml
refused 'a document that is too deep' tenon.yaml: -- apply --yes
: >tenon.yaml
refused 'an empty file' tenon.yaml -- apply --yes
rm tenon.yaml
refused 'no project at all' tenon.yaml -- apply --yes

# --- what the files say ---

fresh
sed -i '/^actions:/a\  bad: {trigger: post-login@v3, runtme: node22}' tenon.yaml
refused 'an unknown key' tenon.yaml: runtme runtime -- apply --yes
fresh
sed -i 's/    - record-login/    - record-logins/' tenon.yaml
refused 'a binding to an action that is not there' tenon.yaml: record-logins \
	'did you mean "record-login"' -- apply --yes
fresh
sed -i 's/axios: 1.7.2/axios: ^1.7.2/' tenon.yaml
refused 'a version that is not exact' tenon.yaml: axios -- apply --yes
fresh
sed -i 's/^    - label-machine-tokens/    - record-login/' tenon.yaml
refused 'an action bound where it cannot run' tenon.yaml: post-login -- apply --yes
fresh
sed -i 's/post-login@v3/post-login@v9/' tenon.yaml
refused 'a version of a trigger that the tenant does not have' tenon.yaml: v9 v3 -- apply --yes
fresh
sed -i 's/node22/node99/' tenon.yaml
refused 'a runtime that the tenant does not have' tenon.yaml: node99 node22 -- apply --yes
fresh
for code in ../outside.js /etc/hostname a/../../outside.js; do
	fresh
	echo 'exports.x = 1;' >../outside.js
	sed -i "/^  record-login:/a\\    code: $code" tenon.yaml
	refused "code at $code" tenon.yaml: record-login -- apply --yes
done
fresh
ln -sf ../outside.js record-login.js
refused 'code behind a link that leads out' tenon.yaml: record-login link -- apply --yes
fresh
rm record-login.js
refused 'code that is not there' tenon.yaml: record-login.js 'not there' -- apply --yes
fresh
head -c 150000 /dev/zero | tr '\0' x >record-login.js
refused 'code that is too long' record-login 150000 -- apply --yes

check_many() {
	is_refused runtme record-logins dependencies.axios
	same findings "$(grep -c ': error: ' "$out")" 3
}
fresh
sed -i -e '/^actions:/a\  bad: {trigger: post-login@v3, runtme: node22}' \
	-e 's/    - record-login/    - record-logins/' -e 's/axios: 1.7.2/axios: ^1.7.2/' tenon.yaml
echo x >bad.js
t validate
check 'all findings come in one run' check_many

# --- secrets and connections ---

fresh
E2E_API_KEY='' refused 'a secret without a value' tenon.yaml: DIRECTORY_API_KEY E2E_API_KEY \
	-- apply --yes
E2E_API_KEY='' t plan
check 'which a plan does not need' ended 0 'Plan: 5 to create'
E2E_CLIENT_SECRET='' refused 'a client secret without a value' E2E_CLIENT_SECRET -- apply --yes
refused 'a tenant that the project does not name' prod dev -- apply --yes --tenant prod
sed -i 's/^  dev:/  test:/' "$TENON_CONNECTIONS"
refused 'a tenant that the connections do not name' dev -- apply --yes
connect_to "http://127.0.0.1:$port/path"
refused 'a domain that is none' connections.yaml:4: domain -- apply --yes
connect_to http://tenant.acme.example:8080
refused 'plain http to a machine elsewhere' connections.yaml:4: loopback -- apply --yes
connect_to "http://127.0.0.1:$port"
sed -i 's/clientId/clientID/' "$TENON_CONNECTIONS"
refused 'a word that the connections do not know' connections.yaml:5: clientID clientId \
	-- apply --yes
rm "$TENON_CONNECTIONS"
refused 'no connections file' "$TENON_CONNECTIONS" --connections -- apply --yes
connect_to "http://127.0.0.1:$port"
refused 'a state that cannot be written' /dev/null/state.db -- apply --yes --state /dev/null/state.db
echo 'this is no database, but it is long enough to look like something' >"$here/odd.db"
refused 'a state that is no state' odd.db -- apply --yes --state "$here/odd.db"

# --- git ---

refused 'a revision without a repository' 'no git repository at' -- plan --source / --ref main
git init -q -b main . && git add -A && git commit -qm one
refused 'a revision that does not exist' v9 -- plan --ref v9
refused 'a source that does not exist' /nowhere -- plan --source /nowhere

# --- the command line ---

refused 'help of a mistyped code' 'unknown command or code unknwon-key' 'did you mean unknown-key?' \
	-- help unknwon-key
refused 'help of a mistyped command' 'did you mean plan?' -- help plna
refused 'no command' --help --
refused 'an unknown command' aply apply -- aply
refused 'an unknown option' --yess --yes -- apply --yess
refused 'an option of another command' --yes -- plan --yes
refused 'an option without its value' --tenant -- plan --tenant
refused 'a word too many' extra -- plan extra
refused 'an apply that nobody can confirm' --yes -- apply
refused 'an apply that must not ask' --yes -- apply --no-input
refused 'a format that there is not' json github '--format' -- validate --format jsn
refused 'two formats' --json github -- validate --json --format github
refused 'an apply of a workflow that would ask' --yes -- apply --format github
refused 'an apply in JSON that would ask' --yes -- apply --json
finish
