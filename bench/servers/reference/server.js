'use strict';

// The reference implementation with as much of the conformance application as the load generator calls: echo.value.
// Usage: NODE_ENV=production node server.js [port]

const jstp = require('@metarhia/jstp');

const HOST = '127.0.0.1';
const DEFAULT_PORT = 3000;

const port = Number(process.argv[2] || DEFAULT_PORT);

const application = new jstp.Application('conformance', {
  echo: {
    value(connection, x, callback) {
      callback(null, x);
    },
  },
});

const server = jstp.ws.createServer({ applications: [application] });

server.listen(port, HOST, () => {
  console.log(`Listening on ws://${HOST}:${port}`);
});

process.once('SIGTERM', () => process.exit(0));
