#!/bin/bash
# Auth0's own library for Node (npm `auth0`) against tenon-sim over https: see sdk.cjs. Node
# comes from npm too, as that of Debian is too old for the library.
set -u

case $(uname -m) in
x86_64) arch=x64 ;;
aarch64) arch=arm64 ;;
*) arch=$(uname -m) ;;
esac
node=$NODE_PATH/node-linux-$arch/bin/node
if [ ! -x "$node" ]; then
	echo "not ok 1 - there is a Node for this machine ($node)"
	echo 1..1
	exit 1
fi
export NODE_EXTRA_CA_CERTS=$TN_TOP/tests/data/tls/localhost.crt
exec "$node" "$TN_TOP/tests/e2e/sdk.cjs"
