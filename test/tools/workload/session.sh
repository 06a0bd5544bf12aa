# An hour of somebody's shell, in a few seconds: the mixed workload.
cd /srv/demo/files
id; uname -s; ls -la tmp; cat notes.txt | sort | uniq -c | head -n 3
for i in 1 2 3; do grep -c note notes.txt; done
find . -name '*.txt' -exec wc -c {} \;
cp notes.txt tmp/copy.txt; mv tmp/copy.txt tmp/kept.txt; chmod 600 tmp/kept.txt; ln -s kept.txt tmp/link; rm tmp/link tmp/kept.txt
mkdir -p tmp/a/b; touch 'tmp/a/two words'; rm -r tmp/a
perl -e 'system("true"); exec "echo", "from perl"'
bash -c 'bash -c "echo nested; exit 4"'
tar cf tmp/t.tar notes.txt; gzip -f tmp/t.tar; rm tmp/t.tar.gz
/usr/bin/python3 -S -c 'import os; os.system("true"); os.spawnlp(os.P_WAIT, "date", "date", "-u")'
/usr/bin/python3 -m http.server -b 127.0.0.1 38083 &
sleep 0.5
curl -s -o /dev/null http://127.0.0.1:38083/notes.txt
curl -s -o /dev/null -d 'user=bob&q=a b' http://127.0.0.1:38083/
curl -s http://127.0.0.1:1/
kill %1
awk 'BEGIN { system("true") }'; sed -n 1p notes.txt; date -u; env -i /usr/bin/true; nice -n 5 true; timeout 1 sleep 0.1
/srv/demo/files/absent-tool; cat private; base64 notes.txt | base64 -d
