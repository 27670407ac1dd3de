-- Version 4: how far the messages of an epoch were written that was ended by force; see postgresql-0005.sql.

create table epoch_ends (
    session_key integer not null,
    epoch integer not null,
    magnitude integer not null,
    primary key (session_key, epoch)
) without rowid;
