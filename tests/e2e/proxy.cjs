// A proxy for CONNECT: whatever host is asked for, it leads to one socket.
//
//   node proxy.cjs LOG SOCKET
//
// Prints its port. LOG gets a line for each request: what was asked for, and the answer. With
// the variable PROXY_LOGIN ("user:password") others get 407.
'use strict';

const fs = require('fs');
const http = require('http');
const net = require('net');

const [log, socket] = process.argv.slice(2);
const login = process.env.PROXY_LOGIN;
const wanted = login && 'Basic ' + Buffer.from(login).toString('base64');

function note(req, status) {
	fs.appendFileSync(log, `${req.method} ${req.url} ${status}\n`);
}

const server = http.createServer((req, res) => {
	note(req, 405);
	res.writeHead(405).end();
});
server.on('connect', (req, client, head) => {
	client.on('error', () => client.destroy());
	if (wanted && req.headers['proxy-authorization'] !== wanted) {
		note(req, 407);
		client.end('HTTP/1.1 407 Proxy Authentication Required\r\n' +
			'Proxy-Authenticate: Basic realm="test"\r\nContent-Length: 0\r\n\r\n');
		return;
	}
	const inner = net.connect(socket, () => {
		note(req, 200);
		client.write('HTTP/1.1 200 Connection established\r\n\r\n');
		inner.write(head);
		inner.pipe(client);
		client.pipe(inner);
	});
	inner.on('error', () => client.destroy());
	client.on('close', () => inner.destroy());
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
