CREATE TABLE process_events (time BIGINT);
INSERT INTO process_events VALUES (1), (2), (3);
