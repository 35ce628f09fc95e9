#!/bin/bash
# Auth0's own library for Node (npm `auth0`) against tenon-sim over https: see sdk.cjs.
export NODE_EXTRA_CA_CERTS=$TN_TOP/tests/data/tls/localhost.crt
exec tests/tools/node "$TN_TOP/tests/e2e/sdk.cjs"
