-- Version 6: answers that clients may not have go with their sessions to other nodes.

alter table ${schema}.sessions add column kept_answers bytea not null default '';
