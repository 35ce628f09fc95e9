#!/bin/bash
# What we read of auth0-deploy-cli's files beside what it reads: see tests/deploycli/peer.mjs.
exec tests/tools/node tests/deploycli/peer.mjs "$TN_BUILD/tests/deploycli/reads" "$NODE_PATH"
