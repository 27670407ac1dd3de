// What makes the server act by itself in a recorded exchange. A cue is given when the replay reaches the entry that the
// key names: a text of the server, a control, or `opened N`. `stage` is described in stage.js.

import assert from 'node:assert/strict';

/** Long enough for a session to leave the memory of a server that keeps it 40 ms. */
const expiry = 150;

export const cues = {
  'session-server-resends': {
    "{event:[-1,'floor'],tick:[1]}": stage => stage.emit(1, 'floor', 'tick', [1]),
    "{event:[-2,'floor'],tick:[2]}": stage => stage.emit(1, 'floor', 'tick', [2]),
    "{event:[-3,'floor'],tick:[3]}": stage => stage.emit(1, 'floor', 'tick', [3]),
  },
  'session-callback-after-restore': {
    "{callback:[1],ok:['late answer']}": stage => stage.release('ar', 'late answer'),
  },
  'session-callback-lost-server': {
    "{call:[-1,'desk'],sign:['F9']}": stage => stage.invoke(1, 'desk', 'sign', ['F9']),
    'server application sees: [-1]': async stage => assert.deepEqual(await stage.outcome(), ['error', -1]),
  },
  'session-take-over-half-open': {
    'connection 1 stops reading and writing without closing': (stage, connections) => connections.get(1).freeze(),
  },
  'session-from-storage': {
    'opened 2': stage => stage.pause(expiry),
  },
  'session-other-application': {
    'opened 2': stage => stage.pause(expiry),
  },
  'session-ack-by-pong': {
    '{ping:[-3]}': stage => stage.ping(1),
  },
  broadcast: {
    "{event:[-1,'floor'],notice:['lunch']}": stage => stage.broadcast('floor', 'notice', ['lunch']),
    "{event:[-2,'floor'],notice:[{again:true},2]}": stage => stage.broadcast('floor', 'notice', [{ again: true }, 2]),
  },
  'broadcast-after-restore': {
    'server broadcasts floor.notice': stage => stage.broadcast('floor', 'notice', ['x']),
  },
  'update-applications': {
    'updateApplications([cat@1.0.0, cat@1.1.0, cat@2.0.0])': stage => stage.updateApplications(),
    'updateConnectionsApi()': stage => stage.updateConnectionsApi(),
  },
  'reference-client-application': {
    "{call:[-1,'desk'],sign:['F1']}": stage => stage.invoke(1, 'desk', 'sign', ['F1']),
    "{call:[-2,'desk'],stamp:['F1']}": stage => stage.invoke(1, 'desk', 'stamp', ['F1']),
    "{inspect:[-3,'desk']}": stage => stage.inspect(1, 'desk'),
    '{ping:[-4]}': stage => stage.ping(1),
  },
  'reference-client-no-application': {
    "{call:[-1,'desk'],sign:['F1']}": stage => stage.invoke(1, 'desk', 'sign', ['F1']),
    "{inspect:[-2,'desk']}": stage => stage.inspect(1, 'desk'),
  },
};

/** The server that a transcript ran against, where it was not the depot alone (its "setup"). */
export const setups = {
  'handshake-login-no-policy': { fixture: 'no-policy' },
  'server-heartbeat': { fixture: 'depot', heartbeatInterval: 60 },
  'session-from-storage': { fixture: 'depot', clientExpirationTime: 40 },
  'session-other-application': { fixture: 'depot', clientExpirationTime: 40 },
  'connect-listener-emits': { fixture: 'greeting' },
  'update-applications': { fixture: 'cat' },
};

/** Controls that tell the reader something and ask nothing of a replay. */
export const remarks = [
  /^client application sees: /,
  /^the application calls /,
  /^the session itself is unharmed$/,
  /^the client claims /,
  /^closed after about 3000 ms$/,
];
