# SPDX-License-Identifier: Apache-2.0
"""What each part of the cluster is told: the texts of its configuration. Pure: a layout in, texts out."""
import json

# Seconds. A dead primary's lease ends after TTL at the latest; Patroni wants LOOP + 2 * RETRY <= TTL.
TTL, LOOP, RETRY = 12, 2, 5
# An answering standby that stands still holds commits up for so long, then another takes its place.
STANDBY_SILENT_MS = 5000


def etcd(layout):
    """Arguments of the one etcd. Several machines have three, and certificates between them."""
    client, peer = (f"http://127.0.0.1:{layout['ports'][name]}" for name in ("etcd", "etcd-peer"))
    return ["etcd", "--name", "etcd", "--data-dir", f"{layout['home']}/etcd/data", "--listen-client-urls", client,
            "--advertise-client-urls", client, "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
            "--initial-cluster", f"etcd={peer}", "--logger", "zap", "--log-level", "warn"]


def patroni(layout, name, secrets):
    """Patroni's settings for one member; JSON is YAML."""
    home, ports = layout["home"], layout["ports"]
    return json.dumps({
        "scope": "machiai", "name": name,
        "etcd3": {"hosts": [f"127.0.0.1:{ports['etcd']}"]},
        "restapi": {"listen": f"127.0.0.1:{ports[name + '-api']}",
                    "connect_address": f"127.0.0.1:{ports[name + '-api']}",
                    "authentication": {"username": "patroni", "password": secrets["api"]}},
        "bootstrap": {"dcs": shared(layout), "initdb": [{"encoding": "UTF8"}, {"locale": "C"}, "data-checksums"]},
        "postgresql": {
            "listen": f"127.0.0.1:{ports[name]}", "connect_address": f"127.0.0.1:{ports[name]}",
            "data_dir": f"{home}/{name}/data", "bin_dir": layout["postgresql"], "pgpass": f"{home}/{name}/pgpass",
            "authentication": {"superuser": {"username": "postgres", "password": secrets["postgres"]},
                               "replication": {"username": "replicator", "password": secrets["replicator"]}},
            "parameters": {"unix_socket_directories": ""},  # every way in asks for a password
            "pg_hba": ["host all all 127.0.0.1/32 scram-sha-256", "host replication all 127.0.0.1/32 scram-sha-256"],
            "basebackup": {"checkpoint": "fast"}},
    }, indent=1)


def shared(layout):
    """What all members keep to. With three, a booking is acknowledged only when two disks have it, always; with
    two, the one that is left goes on alone."""
    return {
        "ttl": TTL, "loop_wait": LOOP, "retry_timeout": RETRY,
        "synchronous_mode": True, "synchronous_mode_strict": len(layout["members"]) > 2,
        "postgresql": {"use_pg_rewind": True, "parameters": {
            "max_connections": 200, "shared_buffers": "64MB", "synchronous_commit": "on",
            "wal_sender_timeout": STANDBY_SILENT_MS, "wal_receiver_timeout": STANDBY_SILENT_MS,
            "wal_retrieve_retry_interval": 500,  # ms: a new primary's standby is wanted at once
            # A cut wait for the standby would be told as a commit: no statement has a limit of time.
            "statement_timeout": 0,
            # The text of a failed statement may hold personal data.
            "log_min_messages": "warning", "log_statement": "none", "log_min_error_statement": "panic",
            "log_error_verbosity": "terse", "log_parameter_max_length": 0, "log_parameter_max_length_on_error": 0}}}


def haproxy(layout):
    """Two doors: the service's, where TLS passes through to the nodes, and the primary's, for the nodes alone."""
    ports, home = layout["ports"], layout["home"]
    drop = "  user nobody\n  group nogroup\n" if layout["root"] else ""
    nodes = "".join(f"  server {each} 127.0.0.1:{ports[each]}\n" for each in layout["nodes"])
    members = "".join(f"  server {each} 127.0.0.1:{ports[each]} check port {ports[each + '-api']}\n"
                      for each in layout["members"])
    return f"""global
  log stdout format raw local0 notice
{drop}
defaults
  mode tcp
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  timeout tunnel 1h
  option redispatch 1
  retries 3

frontend service
  bind 127.0.0.1:{ports['service']}
  # A node says 503 while its database is away. When all do, it is theirs to say so in words.
  use_backend alive if {{ nbsrv(ready) eq 0 }}
  default_backend ready

backend ready
  balance leastconn
  option httpchk
  http-check send meth GET uri /healthz ver HTTP/1.1 hdr Host localhost
  http-check expect status 200
  default-server check inter 1s fall 2 rise 1 check-ssl verify required ca-file {home}/node1/tls/ca.pem send-proxy-v2
{nodes}
backend alive
  balance leastconn
  option httpchk
  http-check send meth GET uri /healthz ver HTTP/1.1 hdr Host localhost
  http-check expect status 200,503
  default-server check inter 1s fall 2 rise 1 check-ssl verify required ca-file {home}/node1/tls/ca.pem send-proxy-v2
{nodes}
listen primary
  bind 127.0.0.1:{ports['primary']}
  # A member that its Patroni does not call primary loses its connections, also when it stands still.
  option httpchk
  http-check send meth GET uri /primary
  http-check expect status 200
  option clitcpka
  option srvtcpka
  timeout client 24h
  timeout server 24h
  default-server inter 1s fastinter 300ms downinter 500ms fall 2 rise 1 on-marked-down shutdown-sessions
{members}"""


def database_url(layout):
    """For libpq. The password lies in a file: a command line is everybody's to read."""
    return (f"host=127.0.0.1 port={layout['ports']['primary']} user=machiai dbname=machiai "
            f"passfile={layout['home']}/secrets/pgpass connect_timeout=3 target_session_attrs=read-write "
            "keepalives_idle=10 keepalives_interval=3 keepalives_count=3 tcp_user_timeout=10000")
