-- Version 3: several messages of a session that were written in one batch share a row (kind 100; magnitude is the last one's). A row may have 3,800 bytes then,
--   and should lie in its page nevertheless: outside it would cost as much as all of its messages did by themselves.

alter table ${schema}.messages set (toast_tuple_target = 8160);
