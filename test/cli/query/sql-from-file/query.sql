SELECT count(*) AS n
FROM socket_events
