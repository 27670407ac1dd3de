-- Version 1: sessions and nodes. The version of a file is its user_version; all that are missing run in one transaction.
--
-- sessions, messages, posts: as in PostgreSQL (postgresql-0001.sql). Times are milliseconds since 1970. Messages and posts lie in the trees of their
--   primary keys, next to their neighbours of the same session, so that one session is read with few pages.
-- nodes: a number for each start of a program, never given twice. Only one process has the file open, so all nodes that it has not started itself
--   are dead.

create table nodes (
    number integer primary key autoincrement,
    name text not null,
    found_dead_at integer
);

create table sessions (
    key integer primary key,
    epoch integer not null,
    received integer not null,
    delivered integer not null,
    last_magnitude integer not null,
    last_ordinal integer not null default 0,
    idle_since integer not null,
    owner integer,
    is_connected integer not null,
    id text not null unique,
    application text not null,
    user_name text,
    data blob not null,
    open_requests blob not null
);

create index sessions_owner on sessions (owner, idle_since);

create table messages (
    session_key integer not null,
    magnitude integer not null,
    kind integer not null,
    tail blob not null,
    primary key (session_key, magnitude)
) without rowid;

create table posts (
    session_key integer not null,
    ordinal integer not null,
    tail blob not null,
    primary key (session_key, ordinal)
) without rowid;
