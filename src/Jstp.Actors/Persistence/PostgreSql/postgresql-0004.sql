-- Version 4: by which a release that is written once more is known.

alter table ${schema}.sessions add column released_epoch bigint not null default 0;
