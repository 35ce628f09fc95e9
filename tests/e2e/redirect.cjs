// A tenant that sends everybody elsewhere: to itself under another path, where it listens.
//
//   node redirect.cjs LOG STATUS PATH
//
// Prints its port. Requests for PATH are answered with STATUS and a Location below /evil;
// /oauth/token with a token, if it is not PATH itself; all else with 404. LOG gets a line for
// each request, and whether it came with a credential.
'use strict';

const fs = require('fs');
const http = require('http');

const [log, status, from] = process.argv.slice(2);
const token = JSON.stringify({access_token: 'e30.e30.c2ln', token_type: 'Bearer', expires_in: 60});

const server = http.createServer((req, res) => {
	let body = '';
	req.on('data', (data) => { body += data; });
	req.on('end', () => {
		const path = req.url.split('?')[0];
		const shown = req.headers.authorization || body ? 'with a credential' : 'bare';
		fs.appendFileSync(log, `${req.method} ${path} ${shown}\n`);
		if (path === from)
			res.writeHead(Number(status), {Location: `http://localhost:${server.address().port}/evil`}).end();
		else if (path === '/oauth/token')
			res.writeHead(200, {'Content-Type': 'application/json'}).end(token);
		else
			res.writeHead(404).end();
	});
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
