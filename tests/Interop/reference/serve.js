// What every reference server of these tests shares: the command line, the line that says where it listens, and which
// exceptions it outlives.

import { parseArgs } from 'node:util';

import { jstp } from '../harness/packages.js';

export { jstp };

/**
 * Thrown by methods whose contract is to fail. The reference answers 16 and throws again, which by default ends the
 * process (defect D6); these servers outlive this class alone, so that every other defect still shows.
 */
export class DeliberateFault extends Error {}

process.on('uncaughtException', error => {
  if (error instanceof DeliberateFault) return;

  console.error(error);
  process.exit(70);
});

/** The command line as `{ port, heartbeatInterval, clientExpirationTime, fixture }`, times in milliseconds. */
export function readCommandLine() {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      'heartbeat-interval': { type: 'string' },
      'client-expiration-time': { type: 'string' },
      fixture: { type: 'string', default: 'depot' },
    },
  });
  const number = text => (text === undefined ? undefined : Number(text));

  return {
    port: Number(values.port),
    heartbeatInterval: number(values['heartbeat-interval']),
    clientExpirationTime: number(values['client-expiration-time']),
    fixture: values.fixture,
  };
}

/** Serves on 127.0.0.1 and prints `Listening on ws://127.0.0.1:PORT` when ready. */
export function serve({ applications, authPolicy, onConnect }, settings) {
  const server = jstp.ws.createServer(
    {
      applications,
      authPolicy,
      heartbeatInterval: settings.heartbeatInterval,
      clientExpirationTime: settings.clientExpirationTime,
    },
    undefined,
    onConnect
  );

  // Without a listener an error of one connection would end the process.
  server.on('connectionError', () => {});
  server.listen(settings.port, '127.0.0.1', () => {
    console.log(`Listening on ws://127.0.0.1:${server.address().port}`);
  });

  return server;
}
