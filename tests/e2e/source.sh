#!/bin/bash
# Where files come from: paths, revisions, and repositories that git fetches, as a user
# names them on the command line.
set -u
. "$TN_TOP/tests/e2e/common.bash"

world source
unset GIT_CONFIG_GLOBAL XDG_CACHE_HOME
home=$here/home
remote=$here/remote
url=file://$remote

# The project stands in a directory of a repository that has more than one.
mkdir -p "$remote/infra"
cp -r "$TN_TOP/examples/acme-login" "$remote/infra/login"
echo other >"$remote/README"
git -C "$remote" init -q -b main
commit() { # WORDS: makes $head
	git -C "$remote" add -A
	git -C "$remote" commit -q -m "$1"
	head=$(git -C "$remote" rev-parse HEAD)
}
commit one
one=$head
git -C "$remote" tag v1

# valid_at COMMIT SOURCE ARGUMENT...: tenon finds a project there, at that commit
valid_at() {
	local commit=$1
	shift
	t validate --json --source "$@"
	[ "$status" -eq 0 ] || echo "exit status $status"
	same commit "$(json "$out" commit)" "$commit"
	same actions "$(json "$out" files actions)" 5
}
refused() { # WORDS... -- SOURCE ARGUMENT...
	local said=()
	while [ "$1" != -- ]; do
		said+=("$1")
		shift
	done
	shift
	t validate --source "$@"
	ended 1 "${said[@]}"
	[ "$(wc -l <"$out")" -le 3 ] || echo 'it says too much'
}

# --- a directory of a repository ---

check 'a directory in a work tree' valid_at "$one" "$remote/infra/login"
check 'the same by --path' valid_at "$one" "$remote" --path infra/login
check 'with a revision, by its own path' valid_at "$one" "$remote/infra/login" --ref main
check 'with a revision, by --path' valid_at "$one" "$remote" --ref v1 --path infra/login
check 'with a revision, by both' valid_at "$one" "$remote/infra" --ref main --path login/
check '--path leaves nothing' refused 'leaves the project' -- "$remote" --path ../x
check '--path names nothing' refused 'no directory "nix"' 'tenon.yaml is in' -- \
	"$remote" --ref main --path nix
ln -s /etc "$remote/infra/link"
check '--path follows no link' refused 'is a link' -- "$remote" --path infra/link
rm "$remote/infra/link"

# Annotations of a workflow name the file as the repository knows it.
annotated() { # SOURCE ARGUMENT...
	t validate --format github --source "$@"
	ended 1 '::error file=infra/login/tenon.yaml,line=1'
}
sed -i '1i wrong: 1' "$remote/infra/login/tenon.yaml"
cd "$remote" || exit 1
check 'annotations name the file in the repository' annotated infra/login
check 'by --path too' annotated . --path infra/login
git checkout -q infra
cd "$here/project" || exit 1

# --- fetched ---

check 'a file URL' valid_at "$one" "$url" --path infra/login
check 'a tag of it' valid_at "$one" "$url" --ref v1 --path infra/login
check 'a commit of it' valid_at "$one" "$url" --ref "$one" --path infra/login
echo more >>"$remote/README"
commit two
check 'what moved is fetched again' valid_at "$head" "$url" --ref main --path infra/login
check 'a wrong name gets the right one' refused 'no branch or tag "mian"' \
	'did you mean "main"' -- "$url" --ref mian
check 'no project there' refused 'there is no tenon.yaml' -- "$url" --ref main
private() { same mode "$(stat -c %a "$home/.cache/tenon/git")" 700; }
check 'the cache is private' private

t plan --source "$url" --ref main --path infra/login
check 'a plan from a URL' ended 0 '+ action enrich-token' "commit ${head:0:10}"
t apply --yes --source "$url" --ref main --path infra/login
check 'an apply from a URL' ended 0
t plan --detailed-exitcode --source "$remote/infra/login" --ref main
check 'and nothing more to do from a path' ended 0

# Two at once wait for each other.
together() {
	local first
	rm -rf "$home/.cache"
	timeout 60 tenon validate --source "$url" --path infra/login >"$here/first" 2>&1 &
	first=$!
	valid_at "$head" "$url" --path infra/login
	wait "$first" || cat "$here/first"
}
check 'two that fetch the same' together

check 'the first commit again' valid_at "$one" "$url" --ref "$one" --path infra/login
mv "$remote" "$remote.gone"
check 'what is applied must be current' refused 'cannot fetch' 'must be current' -- \
	"$url" --ref main --path infra/login
check 'but a commit that was fetched is there' valid_at "$one" "$url" --ref "$one" \
	--path infra/login
mv "$remote.gone" "$remote"

# --- ssh: a program in its place, found by the user's settings ---

cat >"$home/ssh" <<'SSH'
#!/bin/bash
# What sshd would do with the last argument; the rest is for somebody else to look at.
printf '%s\n' "$@" >"$HOME/ssh-arguments"
env >"$HOME/ssh-environment"
eval "exec ${*: -1}"
SSH
chmod +x "$home/ssh"
git config --file "$home/.gitconfig" core.sshCommand "$home/ssh"
check 'an ssh URL' valid_at "$head" "ssh://git@git.acme.example$remote" --path infra/login
check 'the form of scp' valid_at "$head" "git@git.acme.example:$remote" --path infra/login
grep -qx git@git.acme.example "$home/ssh-arguments"
tap_ok $? 'ssh is told the host'
no_secrets() { grep -E 'AUTH0|TENON|E2E|^GIT_DIR=' "$home/ssh-environment"; }
GIT_DIR=/elsewhere AUTH0_CLIENT_SECRET=$client_secret \
	check 'and no variable of ours' no_secrets
printf '#!/bin/bash\necho "git@host: Permission denied (publickey)." >&2\nexit 255\n' >"$home/ssh"
check 'a key that is not taken' refused 'Permission denied (publickey)' \
	'git ls-remote git@git.acme.example:x' -- git@git.acme.example:x
printf '#!/bin/bash\nexec sleep 300\n' >"$home/ssh"
SECONDS=0
check 'a host that does not answer' refused 'did not come to an end within 1 s' -- \
	git@git.acme.example:x --fetch-timeout 1s
check 'is given up in time' at_most seconds $SECONDS 10

# --- a server that hangs, and one that is no repository ---

check 'http of this machine' refused 'cannot fetch' -- "http://127.0.0.1:$port/x"
kill -STOP "${tenants[0]}"
check 'a server that does not answer' refused 'did not come to an end within 1 s' -- \
	"http://127.0.0.1:$port/x" --fetch-timeout 1s
kill -CONT "${tenants[0]}"

stopped() {
	local pid
	tenon validate --source git@git.acme.example:x >"$out" 2>"$err" </dev/null &
	pid=$!
	# It has begun when it has its lock.
	until_true grep -qs "process $pid" "$home"/.cache/tenon/git/*.lock
	kill -INT "$pid"
	wait "$pid"
	status=$?
	ended 1 'stopping' 'was stopped'
}
check 'a fetch can be stopped' stopped

# --- what is refused before anything is started ---

printf '#!/bin/bash\ntouch "$HOME/ran"\nexit 1\n' >"$home/ssh"
hostile=(
	'ext::touch%20x' 'git://127.0.0.1/x' 'http://git.acme.example/x' 'ftp://127.0.0.1/x'
	'-oProxyCommand=id:x' 'a@-oProxyCommand=id:x' 'ssh://-oProxyCommand=id/x'
	'https://example.test/x?y' $'git@host:x\n' "git@host:--upload-pack=touch x"
	'ssh://a;b@host/x'
)
for source in "${hostile[@]}"; do
	check "refused: $(tr -d '\n' <<<"$source")" refused 'the ' '→' -- "$source"
done
check 'refused: a revision that is an option' refused 'has not the form' -- \
	git@git.acme.example:x --ref --upload-pack=id
not_run() { [ ! -e "$home/ran" ] || echo 'a program was run'; }
check 'and nothing was run for them' not_run
check 'a password in a URL' refused '(secret)@' 'credential helper' -- \
	"https://tenon:$client_secret@example.test/x"
check 'a token in a URL' refused '(secret)@' -- "https://$client_secret@example.test/x"
check 'a password for ssh' refused 'has a password' -- "tenon:$client_secret@example.test:x"
check 'a time that is none' refused '--fetch-timeout' '30s' -- . --fetch-timeout 5

finish
