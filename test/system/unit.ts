// Runs a generated unit as systemd would, which is not there in a machine of namespaces: directories, users and
// environment of the unit, its commands in their order, the clean-up whatever happened.

/** A shell script that does what `systemctl start NAME` does to a oneshot service with this text. */
export function unitScript(text: string): string {
  const settings = readSection(text, "Service");
  const one = (key: string) => settings.get(key)?.at(-1);
  const all = (key: string) => settings.get(key) ?? [];
  const [user, group] = [one("User") ?? "root", one("Group") ?? one("User") ?? "root"];
  const cache = one("CacheDirectory");
  const runtime = one("RuntimeDirectory");
  const variables = all("Environment").map((quoted) => shellQuote(JSON.parse(quoted)));
  const account = `HOME="$(getent passwd ${user} | cut -d: -f6)" USER=${user} LOGNAME=${user} SHELL=/bin/sh`;
  return `#!/bin/bash
PATH=/usr/sbin:/usr/bin:/sbin:/bin
as_root() { env -i ${variables.join(" ")} HOME=/root USER=root LOGNAME=root SHELL=/bin/sh "$@"; }
as_user() {
  setpriv --reuid ${user} --regid ${group} --init-groups env -i ${variables.join(" ")} ${account} "$@"
}
${directory(cache, "/var/cache", one("CacheDirectoryMode") ?? "0755", `${user}:${group}`)}
${directory(runtime, "/run", one("RuntimeDirectoryMode") ?? "0755", `${user}:${group}`)}
${[...all("ExecStartPre"), ...all("ExecStart")].map(command).join(" &&\n")}
status=$?
${all("ExecStopPost").map(command).join("\n")}
${runtime === undefined ? "" : `rm -rf /run/${runtime}`}
exit $status
`;
}

/** systemd makes it when it is missing, and gives away what is in it when the directory itself is somebody else's. */
function directory(name: string | undefined, parent: string, mode: string, owner: string): string {
  if (name === undefined) return "";
  const path = `${parent}/${name}`;
  return `mkdir -p ${path}
[ "$(stat -c %U:%G ${path})" = ${owner} ] || chown -hR ${owner} ${path}
chmod ${mode} ${path}`;
}

/** "+": as root; "-": may fail. */
function command(line: string): string {
  if (line.startsWith("+")) return `as_root ${line.slice(1)}`;
  return line.startsWith("-") ? `{ as_user ${line.slice(1)} || true; }` : `as_user ${line}`;
}

function readSection(text: string, section: string): ReadonlyMap<string, readonly string[]> {
  const settings = new Map<string, string[]>();
  let current = "";
  for (const line of text.split("\n")) {
    const header = /^\[(\w+)\]$/.exec(line);
    if (header) current = header[1] ?? "";
    const [, key, value] = /^([\w-]+)=(.*)$/.exec(line) ?? [];
    if (current === section && key !== undefined) settings.set(key, [...(settings.get(key) ?? []), value ?? ""]);
  }
  return settings;
}

function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
