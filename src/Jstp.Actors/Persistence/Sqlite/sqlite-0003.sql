-- Version 3: by which a release that is written once more is known. From this version on, messages of a session may share a row (kind 100; magnitude is the last
--   one's), which earlier programs cannot read.

alter table sessions add column released_epoch integer not null default 0;
