-- Version 3: by which a release that is written once more is known.

alter table sessions add column released_epoch integer not null default 0;
