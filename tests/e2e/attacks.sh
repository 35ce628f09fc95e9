#!/bin/bash
# A change of the project must not choose where credentials go, nor what is run or read on
# the operator's machine. Each attack is made from the project's side, with a tenant of the
# attacker's that listens and a file that a program of the attacker's would make; neither
# ever hears of it.
set -u
. "$TN_TOP/tests/e2e/common.bash"

mkdir "$work/evil"
start_tenant "$work/evil"
evil_port=$port
evil=http://127.0.0.1:$evil_port
canary=$work/canary

world attacks
bait=$here/bait # a program of the attacker's
printf '#!/bin/sh\ntouch %s\n' "$canary" >"$bait"
chmod +x "$bait"

fresh() {
	cd "$here" && rm -rf project && cp -r "$TN_TOP/examples/acme-login" project &&
		cd project && git init -q -b main . || exit 1
}

# harmless: complaints when the attacker got something
harmless() {
	local calls
	calls=$(port=$evil_port http GET /_sim/calls)
	grep -q '"calls":\[\]' <<<"$calls" || echo "the attacker's tenant was called: $calls"
	[ ! -e "$canary" ] || echo "the attacker's program ran"
}

# attack WORDS SAID... [-- ARGUMENT...]: refused, with these words, and without any effect
attack() {
	local words=$1 said=()
	shift
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		said+=("$1")
		shift
	done
	shift $(($# > 0))
	[ $# -gt 0 ] || set -- apply --yes
	t "$@"
	check "$words" is_beaten "${said[@]}"
}
is_beaten() {
	ended 1 "$@"
	same writes "$(writes)" 0
	harmless
}
check 'the bait is not taken by itself' harmless

# --- what the project's file says ---

# All in one run, which names each of them as a key that is not known.
operators_words=(domain clientId clientSecret token audience connection connections
	credentials provider secret env file command passEnv privateKey placeholders rate
	notify notifications webhook hooks caFile proxy state)
lines_of_words() { # INDENTATION
	local word value
	for word in "${operators_words[@]}"; do
		case $word in
		clientSecret | token | secret) value='{env: HOME}' ;;
		env) value=HOME ;;
		file) value=/etc/passwd ;;
		command | hooks) value="[$bait]" ;;
		connection | connections) value="{dev: {provider: auth0, domain: '$evil'}}" ;;
		*) value="'$evil'" ;;
		esac
		echo "$1$word: $value"
	done
}
unknown_words() { printf 'unknown key "%s"\n' "${operators_words[@]}"; }
mapfile -t unknown < <(unknown_words)
fresh
lines_of_words '' >>tenon.yaml
attack 'words of the operator at the top' "${unknown[@]}"
fresh
lines_of_words '    ' >"$here/words"
sed -i "/^  dev:/r $here/words" tenon.yaml
attack 'words of the operator under a tenant' "${unknown[@]}"
fresh
sed -i "/^  record-login:/r $here/words" tenon.yaml
attack 'words of the operator under an action' "${unknown[@]}"

fresh
sed -i "s|^  dev:|  dev: \&evil {domain: '$evil'}|" tenon.yaml
echo 'connections: {dev: *evil}' >>tenon.yaml
attack 'an alias of them' tenon.yaml: domain connections
fresh
sed -i "s|^  dev:|  dev: {<<: {domain: '$evil'}}|" tenon.yaml
attack 'a merge key with them' tenon.yaml: merge
fresh
sed -i "s|^  dev:|  dev: {\"do\\\\u006dain\": '$evil'}|" tenon.yaml
attack 'a key in other letters' tenon.yaml: domain
for name in E2E_CLIENT_SECRET TENON_KEY 'X=E2E_CLIENT_SECRET' '../../operator/key' '{env: HOME}'; do
	fresh
	sed -i "s|secrets: \[DIRECTORY_API_KEY\]|secrets: [DIRECTORY_API_KEY, $name]|" tenon.yaml
	attack "a secret that is called $name" tenon.yaml:
done

# --- files that it includes ---

fresh
lines_of_words '' >more.yaml
echo 'include: [more.yaml]' >>tenon.yaml
attack 'words of the operator in an included file' more.yaml: "${unknown[@]}"
fresh
lines_of_words '    ' >"$here/words"
{
	printf 'actions:\n  bad:\n    trigger: post-login@v3\n    runtime: node22\n'
	cat "$here/words"
} >more.yaml
echo 'include: [more.yaml]' >>tenon.yaml
attack 'and under an action there' more.yaml: "${unknown[@]}"
for path in ../operator/connections.yaml "$TENON_CONNECTIONS" '../operator/*.yaml' '../*/*.yaml' \
	/proc/self/environ '/etc/*' 'a/../../operator/connections.yaml'; do
	fresh
	echo "include: ['$path']" >>tenon.yaml
	attack "an include of ${path#"$work"}" tenon.yaml: outside-project
done
fresh
ln -s ../operator stolen
ln -s "$TENON_CONNECTIONS" stolen.yaml
for path in stolen/connections.yaml stolen.yaml; do
	sed -i '/^include:/d' tenon.yaml
	echo "include: ['$path']" >>tenon.yaml
	attack "an include by way of a link: $path" tenon.yaml: link
done
sed -i '/^include:/d' tenon.yaml
echo "include: ['stolen/*.yaml', '*.yaml']" >>tenon.yaml
attack 'an include of all, links among them' tenon.yaml:

# --- files ---

for path in ../operator/connections.yaml /proc/self/environ ../../../../../../proc/self/environ \
	"$TENON_CONNECTIONS" 'a/../../operator/connections.yaml' '..\\operator'; do
	fresh
	sed -i "/^  record-login:/a\\    code: $path" tenon.yaml
	attack "code at ${path#"$work"}" tenon.yaml: record-login
done
fresh
ln -sf "$TENON_CONNECTIONS" record-login.js
attack 'a link to the connections as code' record-login.js link
fresh
ln -sf /proc/self/environ record-login.js
attack 'a link to the environment as code' record-login.js link
fresh
ln -s ../operator stolen
sed -i '/^  record-login:/a\    code: stolen/connections.yaml' tenon.yaml
attack 'a link to a directory' stolen link
fresh
rm record-login.js
mkfifo record-login.js
attack 'a pipe that never ends' record-login.js
fresh
mv tenon.yaml ../operator/project.yaml
ln -s ../operator/project.yaml tenon.yaml
attack 'a project file that is a link' tenon.yaml link
rm ../operator/project.yaml

# --- connections that the project brings along ---

bring() { # FILE: the attacker's connections, in the project
	mkdir -p "$(dirname "$1")"
	sed "s|$port|$evil_port|" "$here/operator/connections.yaml" >"$1"
}
attack_place() { # WORDS SAID... [-- ARGUMENT...]: as above, and nothing names a file
	local kept=$TENON_CONNECTIONS
	unset TENON_CONNECTIONS
	attack "$@"
	export TENON_CONNECTIONS=$kept
}

fresh
for file in connections.yaml .tenon/connections.yaml .config/tenon/connections.yaml \
	tenon/connections.yaml; do
	bring "$file"
done
attack_place 'connections that lie in the project' 'there is no connections file' \
	"$XDG_CONFIG_HOME/tenon/connections.yaml"
XDG_CONFIG_HOME=$PWD/.config attack_place 'a configuration directory in the project' \
	"is inside of the project's directory" --connections
XDG_CONFIG_HOME='' HOME=$PWD attack_place 'a home in the project' \
	"is inside of the project's directory"
XDG_CONFIG_HOME=.config HOME='' attack_place 'a configuration directory without a root' \
	'there is no connections file'
mkdir -p "$XDG_CONFIG_HOME/tenon"
ln -s "$PWD/connections.yaml" "$XDG_CONFIG_HOME/tenon/connections.yaml"
attack_place 'a link into the project' "is inside of the project's directory"
attack_place 'the same, and the project is named in another way' \
	"is inside of the project's directory" -- apply --yes --source ./../project/.
ln -s "$here/project" "$here/another-name"
attack_place 'the same, and the project is named by a link' \
	"is inside of the project's directory" -- apply --yes --source "$here/another-name"
mkdir -p part
cp ./*.js tenon.yaml part
git add -A
git commit -qm one
attack_place 'the same, and the project is a part of the repository' \
	"is inside of the project's directory" -- apply --yes --source part
attack_place 'the same, and the project is a revision' \
	"is inside of the project's directory" -- apply --yes --ref main
rm "$XDG_CONFIG_HOME/tenon/connections.yaml"
check_named() {
	t plan --connections "$1"
	ended 0 'Plan: 5 to create'
	TENON_CONNECTIONS=$1 t plan
	ended 0 'Plan: 5 to create'
}
cp "$here/operator/connections.yaml" mine.yaml
check 'connections in the project that the operator names are taken' check_named mine.yaml

# --- connections that others can write ---

fresh
for mode in 666 664 646 622; do
	chmod $mode "$TENON_CONNECTIONS"
	attack "connections of mode $mode" 'can be written by others' chmod
done
chmod 600 "$TENON_CONNECTIONS"
mkdir -p "$XDG_CONFIG_HOME/tenon"
bring "$XDG_CONFIG_HOME/tenon/connections.yaml"
if [ "$(id -u)" -eq 0 ]; then
	chown 12345 "$XDG_CONFIG_HOME/tenon/connections.yaml"
	attack_place "another user's connections" 'belongs to another user'
fi
rm "$XDG_CONFIG_HOME/tenon/connections.yaml"
mkfifo "$here/pipe"
SECONDS=0
attack 'connections from a pipe' 'no regular file' -- apply --yes --connections "$here/pipe"
attack 'connections from a device' 'no regular file' -- apply --yes --connections /dev/zero
check 'and at once' at_most seconds $SECONDS 10

# --- another tenant of the operator's ---

sed "s|^  dev:|  prod:|; s|$port|$evil_port|; /^connections:/d" "$TENON_CONNECTIONS" \
	>"$here/prod"
cp "$TENON_CONNECTIONS" "$here/both.yaml"
cat "$here/prod" >>"$here/both.yaml"
sed -i 's/^  dev:/  prod:/' tenon.yaml
attack 'a tenant that was renamed to another one' 'does not decide which' --tenant -- \
	apply --yes --connections "$here/both.yaml"
attack 'whoever says which one is not misled' dev -- \
	apply --yes --tenant dev --connections "$here/both.yaml"

# --- what lies around in a repository ---

fresh
git add -A
git commit -qm one
cat >>.git/config <<-CONFIG
	[core]
		fsmonitor = $bait
		hooksPath = $here
		sshCommand = $bait
		pager = $bait
	[filter "bait"]
		clean = $bait
		smudge = $bait
		process = $bait
	[include]
		path = $here/more
	[url "$evil/"]
		insteadOf = http://127.0.0.1:$port/
CONFIG
printf '[diff]\n\texternal = %s\n' "$bait" >"$here/more"
echo '* filter=bait diff=bait' >.gitattributes
echo '// changed' >>record-login.js
check_git() {
	t plan
	ended 0 'Plan: 5 to create'
	t plan --ref main
	ended 0 'Plan: 5 to create'
	harmless
}
check "a repository's configuration runs nothing" check_git
fresh
printf '{"AUTH0_DOMAIN": "%s", "AUTH0_CLIENT_ID": "x", "AUTH0_CLIENT_SECRET": "x"}\n' "$evil" \
	>config.json
printf 'AUTH0_DOMAIN=%s\nTENON_CONNECTIONS=/nowhere\n' "$evil" | tee .env >.envrc
printf 'proxy = "%s"\n' "$evil" | tee .curlrc >.netrc
check_around() {
	HOME=$PWD t plan
	ended 0 'Plan: 5 to create'
	harmless
}
check 'files that other programs read are not read' check_around

# --- the name of a tenant ---

t apply --yes
check 'the tenant is known from the first apply on' ended 0 Applied
bring "$here/moved.yaml"
check_moved() {
	t apply --yes --connections "$here/moved.yaml"
	ended 1 dev
	harmless
}
check 'its name does not move to another address unnoticed' check_moved
finish
