-- Version 5: events that a node had taken into a session, and leaves for it when it learns that it has lost the session, must not be there twice.
--
-- epoch_ends: for each epoch of a session that was ended by force, up to which magnitude its messages were written, or left as posts since. Whoever lost the
--   answer of its last write finds here what became of it, however often the session has moved meanwhile. Rows go with their session.

create table ${schema}.epoch_ends (
    session_key bigint not null,
    epoch bigint not null,
    magnitude bigint not null,
    primary key (session_key, epoch)
);
