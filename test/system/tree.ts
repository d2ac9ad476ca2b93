// A service's files, with what a backup may lose, and a listing that would show it.
import type { Machine } from "./machine.ts";

/** Owners, modes, times, links and names of all sorts below a directory that belongs to the user. */
export function fillHome(machine: Machine, directory: string, user: string): void {
  machine.must(`install -d -o ${user} -g ${user} -m 0700 ${directory} && chown ${user}:${user} ${directory}/..`);
  const script = `
    set -e
    cd ${directory}
    echo '{"version": 1}' > core.config
    head -c 300000 /dev/urandom > large.bin
    mkdir -p deep/er empty 'with space' $'line\\nbreak' ünïcode
    echo secret > deep/er/.hidden
    : > empty-file
    printf '\\0\\1\\377' > $'with space/quo"te\\'s'
    ln -s ../core.config deep/link
    ln -s /nowhere dangling
    ln core.config deep/hard
    chmod 0640 core.config
    chmod 0755 deep
    chmod 0500 deep/er
    chmod 0000 empty-file
    touch -d '2001-09-09 01:46:40.123456789' core.config
    touch -h -d '1999-12-31 23:59:59.5' dangling
    touch -d '2010-01-01 00:00:00.000000001' empty ünïcode`;
  machine.must(script, { user });
  machine.must(`chmod 0400 ${directory}/empty-file`);
}

/** One line an entry: type, mode, owner, size or target, time to the nanosecond, contents. */
export function listTree(machine: Machine, directory: string): string {
  const list = "find . -printf '%y %m %u:%g %T@ %n %l %p\\0' | sort -z | tr '\\n\\0' '?\\n'";
  const contents = "find . -type f -print0 | sort -z | xargs -0 sha256sum";
  return machine.must(`cd ${directory} && ${list} && ${contents}`);
}
