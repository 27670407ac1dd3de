-- Version 2: finds the sessions of a user without reading all.

create index sessions_user on sessions (user_name) where user_name is not null;
