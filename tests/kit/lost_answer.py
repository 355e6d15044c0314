# SPDX-License-Identifier: Apache-2.0
"""A way to a cloud's database on which the answer to one commit gets lost, as when a line breaks at the worst moment.

    with LostAnswer(dir, cloud) as line, Cloud(home, bin_dir, database=line.url) as other:
        line.lose(b"INSERT INTO event")    # of the next transaction that says so
"""
import os
import socket
import threading

NAME = ".s.PGSQL.5432"
COMMITTED = b"C\x00\x00\x00\x0bCOMMIT\x00"  # as the server says it


class LostAnswer:
    def __init__(self, directory, cloud):
        os.makedirs(directory)
        self.here = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        self.there = os.open(os.path.join(cloud.home, "postgres"), os.O_RDONLY | os.O_DIRECTORY)
        # By a short name: a socket's has at most 107 characters.
        self.url = f"host=/proc/{os.getpid()}/fd/{self.here} user=machiai dbname=postgres"
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(f"/proc/self/fd/{self.here}/{NAME}")
        self.listener.listen(50)
        self.said = None  # what the transaction says whose answer is to be lost
        self.lost = 0

    def __enter__(self):
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.close()
        os.close(self.here)
        os.close(self.there)

    def lose(self, said):
        self.lost, self.said = 0, said

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(f"/proc/self/fd/{self.there}/{NAME}")
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client, server), daemon=True).start()

    def serve(self, client, server):
        of = {"said": False}
        with client, server:
            down = threading.Thread(target=self.carry, args=(server, client, of, self.is_lost), daemon=True)
            down.start()
            self.carry(client, server, of, self.is_it)
            down.join()

    def is_it(self, of, data):
        of["said"] = of["said"] or (self.said is not None and self.said in data)
        return False

    def is_lost(self, of, data):
        if not of["said"] or COMMITTED not in data or self.said is None:
            return False
        self.said, self.lost = None, self.lost + 1
        return True

    def carry(self, source, drain, of, ends):
        try:
            while (data := source.recv(65536)) and not ends(of, data):
                drain.sendall(data)
        except OSError:
            pass
        for each in (source, drain):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
