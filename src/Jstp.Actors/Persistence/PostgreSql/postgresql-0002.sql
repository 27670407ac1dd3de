-- Version 2: long messages between nodes.
--
-- bus_texts: what is too long for NOTIFY, which then only says where it lies. Rows are deleted after some minutes, whether they were read or not.

create table ${schema}.bus_texts (
    sender integer not null,
    sequence bigint not null,
    written_at timestamptz not null default clock_timestamp(),
    text bytea not null,
    primary key (sender, sequence)
);

create index bus_texts_written_at on ${schema}.bus_texts (written_at);
