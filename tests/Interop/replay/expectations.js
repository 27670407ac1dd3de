// Where our server answers otherwise than the recording of the reference, one entry per transcript, and why. `texts`
// gives the text (or the texts, any of them) in place of a recorded one, null where nothing is sent; `messages` replaces
// the whole exchange; `closeCode` the code of the server's close; `unordered` says that answers may come in any order.

export const expectations = {
  // Protocol page, section 1: close codes by cause (D22).
  'handshake-twice': { reason: 'D22', closeCode: 1002 },
  'handshake-empty': { reason: 'D22', closeCode: 1002 },
  'before-handshake-call': { reason: 'D22', closeCode: 1002 },
  'handshake-timeout': { reason: 'D22', closeCode: 1008 },
  'parse-error': { reason: 'D22', closeCode: 1007 },
  'parse-error-before-handshake': { reason: 'D22', closeCode: 1007 },
  'session-after-parse-error': { reason: 'D22', closeCode: 1007 },

  // mdsf.md 5.2: what J writes otherwise, because some real client cannot read the reference text.
  'call-undefined-results': {
    reason: 'mdsf.md 5.2: undefined in arrays is written',
    texts: {
      '{callback:[1],ok:[,7,]}': '{callback:[1],ok:[undefined,7,undefined]}',
      '{callback:[3],ok:[[,1,,2]]}': '{callback:[3],ok:[[undefined,1,undefined,2]]}',
      '{callback:[4],ok:[]}': ['{callback:[4],ok:[]}', '{callback:[4],ok:[undefined]}'],
    },
  },
  numbers: {
    reason: 'mdsf.md 5.2: no exponents, whole numbers from 2^63 with .0',
    texts: {
      '{callback:[1],ok:[[1e+21,1e-7,0,31,0.5,5,100000000000000000000]]}':
        '{callback:[1],ok:[[1000000000000000000000.0,0.0000001,0,31,0.5,5,100000000000000000000.0]]}',
    },
  },
  'unicode-and-escapes': {
    reason: 'mdsf.md 5.2: U+2028 and U+2029 are escaped',
    texts: {
      "{callback:[2],ok:['ls\u2028 ps\u2029 del\u007f nul\\u0000.']}":
        "{callback:[2],ok:['ls\\u2028 ps\\u2029 del\u007f nul\\u0000.']}",
    },
  },

  // Protocol page, section 6: answers go out when they are ready.
  'call-async': { reason: 'section 6', unordered: true },
  'session-client-offline-calls': {
    reason: 'D1, section 6',
    unordered: true,
    texts: { "{event:[1,'floor'],ack:[1,2]}": "{event:[-1,'floor'],ack:[1,2]}" },
  },
  'session-client-resends': {
    reason: 'D1, section 6',
    unordered: true,
    texts: { "{event:[1,'floor'],ack:[1,2]}": "{event:[-1,'floor'],ack:[1,2]}" },
  },

  // Defects that we do not repeat.
  'call-rejects-with-nothing': { reason: 'D15', texts: { '{callback:[1],ok:[]}': '{callback:[1],error:[16]}' } },
  'call-answered-twice': { reason: 'D16', texts: { '{callback:[1],ok:[2]}': null } },
  'call-string-as-arguments': { reason: 'D14', texts: { '{callback:[1],ok:[0]}': '{callback:[1],error:[17]}' } },
  'call-numeric-method-name': {
    reason: 'section 2: textual key order',
    messages: [
      { event: 'opened' },
      { from: 'client', text: "{handshake:[0,'depot']}" },
      { from: 'server', text: "{handshake:[0],ok:'<SESSION-1>'}" },
      { from: 'client', text: "{call:[1,'stock'],'7':[]}" },
      { from: 'server', text: '{callback:[1],error:[14]}' },
      { from: 'client', text: '{ping:[2]}' },
      { from: 'server', text: '{pong:[2]}' },
    ],
  },
  'inspect-prototype-names': {
    reason: 'D10',
    texts: { '{callback:[1],ok:[]}': '{callback:[1],error:[12]}', '{callback:[2],ok:[]}': '{callback:[2],error:[12]}' },
  },
  'non-object-messages': {
    reason: 'section 4, row 2: anything but an object closes the connection',
    messages: [
      { event: 'opened' },
      { from: 'client', text: "{handshake:[0,'depot']}" },
      { from: 'server', text: "{handshake:[0],ok:'<SESSION-1>'}" },
      { from: 'client', text: '5' },
      { event: 'closed', by: 'server', code: 1002 },
    ],
  },
  'session-server-resends': {
    reason: 'D1',
    texts: {
      "{event:[-2,'floor'],tick:[1]}": "{event:[-4,'floor'],tick:[1]}",
      "{event:[-3,'floor'],tick:[2]}": "{event:[-5,'floor'],tick:[2]}",
    },
  },
  'session-server-ids-after-idle-restore': {
    reason: 'D1',
    texts: {
      "{event:[1,'floor'],tick:[1]}": "{event:[-1,'floor'],tick:[1]}",
      "{event:[0,'floor'],tick:[2]}": "{event:[-2,'floor'],tick:[2]}",
      "{event:[-1,'floor'],tick:[3]}": "{event:[-3,'floor'],tick:[3]}",
    },
  },
  'session-restored-twice': {
    reason: 'D1',
    texts: { "{event:[0,'floor'],tick:[1]}": "{event:[-2,'floor'],tick:[1]}" },
  },
  'session-take-over-alive': {
    reason: 'D3',
    messages: [
      { event: 'opened', conn: 1 },
      { from: 'client', conn: 1, text: "{handshake:[0,'depot']}" },
      { from: 'server', conn: 1, text: "{handshake:[0],ok:'<SESSION-1>'}" },
      { event: 'opened', conn: 2 },
      { from: 'client', conn: 2, text: "{handshake:[0,'depot'],session:['<SESSION-1>',0]}" },
      { from: 'server', conn: 2, text: '{handshake:[0],ok:0}' },
      { event: 'closed', conn: 1, by: 'server', code: 1000 },
      { from: 'client', conn: 2, text: "{call:[1,'stock'],count:['bolt']}" },
      { from: 'server', conn: 2, text: '{callback:[1],ok:[12]}' },
    ],
  },
  'session-other-application': {
    reason: 'D20',
    messages: [
      { event: 'opened', conn: 1 },
      { from: 'client', conn: 1, text: "{handshake:[0,'depot'],login:['ann','s3cret']}" },
      { from: 'server', conn: 1, text: "{handshake:[0],ok:'<SESSION-1>'}" },
      { event: 'aborted', conn: 1, by: 'client' },
      { event: 'opened', conn: 2 },
      { from: 'client', conn: 2, text: "{handshake:[0,'annex'],session:['<SESSION-1>',0]}" },
      { from: 'server', conn: 2, text: '{handshake:[0],error:[11]}' },
      { event: 'closed', conn: 2, by: 'server', code: 1000 },
    ],
  },
  'connect-listener-emits': {
    reason: 'D4',
    messages: [
      { event: 'opened' },
      { from: 'client', text: "{handshake:[0,'depot']}" },
      { from: 'server', text: "{handshake:[0],ok:'<SESSION-1>'}" },
      { from: 'server', text: "{event:[-1,'floor'],hello:[1]}" },
    ],
  },
  'broadcast-after-restore': {
    reason: 'D2',
    messages: [
      { event: 'opened', conn: 1 },
      { from: 'client', conn: 1, text: "{handshake:[0,'depot']}" },
      { from: 'server', conn: 1, text: "{handshake:[0],ok:'<SESSION-1>'}" },
      { event: 'aborted', conn: 1, by: 'client' },
      { event: 'opened', conn: 2 },
      { from: 'client', conn: 2, text: "{handshake:[0,'depot'],session:['<SESSION-1>',0]}" },
      { from: 'server', conn: 2, text: '{handshake:[0],ok:0}' },
      { control: 'server broadcasts floor.notice' },
      { from: 'server', conn: 2, text: "{event:[-1,'floor'],notice:['x']}" },
    ],
  },
};

/** Exchanges after which the connection is not asked whether it has more to say. */
export const endless = {
  // Further pings come whenever it is time.
  ours: ['server-heartbeat'],
  // After the defect of this transcript (D3) the reference sends nothing more at all.
  reference: ['server-heartbeat', 'session-take-over-alive'],
};
