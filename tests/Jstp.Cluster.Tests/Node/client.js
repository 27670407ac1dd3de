// The unmodified client of @metarhia/jstp, reconnecting as it does by itself, driven by a test: one request a line on standard input, one answer a line on
// standard output. A request is [number, command, ...arguments], an answer [number, error or null, result].

import { createInterface } from 'node:readline';
import { jstp } from '../../Interop/harness/packages.js';

let connection;
const events = [];
let reconnects = 0;

const promised = start =>
  new Promise((resolve, reject) => {
    start((error, ...results) => (error ? reject(error) : resolve(results)));
  });

const commands = {
  /** Connects, as a user if one is named; answers with the session id. */
  async connect(url, app, user) {
    const options = { connectPolicy: new jstp.SimpleConnectPolicy(...(user ? [user, 'open sesame'] : [])) };

    [connection] = await promised(callback => jstp.ws.connect(app, options, null, url, callback));
    connection.on('event', (interfaceName, name, args) => events.push([interfaceName, name, ...args]));
    connection.on('reconnect', error => error || reconnects++);
    connection.on('error', () => {});
    return connection.session.id;
  },

  /** Calls a method; answers with its results. */
  call: (interfaceName, method, ...args) => promised(callback => connection.callMethod(interfaceName, method, args, callback)),

  /** Loses the connection, as by a network that is gone. The client comes back by itself. */
  cut: () => connection.getTransport().socket.destroy(),

  events: () => events,

  /** How often the client has come back. */
  reconnects: () => reconnects,
};

for await (const line of createInterface({ input: process.stdin })) {
  const [number, command, ...args] = JSON.parse(line);

  Promise.resolve()
    .then(() => commands[command](...args))
    .then(result => [number, null, result])
    .catch(error => [number, typeof error === 'number' ? `error ${error}` : `${error.code ?? ''} ${error.message}`])
    .then(answer => console.log(JSON.stringify(answer)));
}

process.exit();
