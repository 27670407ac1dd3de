-- Version 5: answers that clients may not have go with their sessions to other nodes.

alter table sessions add column kept_answers blob not null default x'';
