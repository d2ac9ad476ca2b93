# machine.sh NAME: the first process of a machine inside this one. Started by machine.ts in namespaces of its own (mounts,
# network, processes), it makes a root of this machine's programs, read-only, and of empty directories for the rest.
# It ends when its standard input does, and everything of the machine ends with it.
set -euo pipefail

echo "$1" >/proc/sys/kernel/hostname

# Nobody outside sees what is mounted here.
root=/mnt
mount -t tmpfs -o mode=0755 machine "$root"
cd "$root"

for directory in bin sbin lib lib32 lib64 libx32; do
  if [ -L "/$directory" ]; then
    cp -a "/$directory" .
  elif [ -d "/$directory" ]; then
    mkdir "$directory"
    mount --bind "/$directory" "$directory"
    mount -o remount,ro,bind "$directory"
  fi
done

mkdir -p usr proc dev etc/ssh root run/sshd run/secrets tmp var/cache var/empty var/lib var/tmp nix/store
mount --bind /usr usr
mount -o remount,ro,bind usr
mount -t proc proc proc
mount --rbind /dev dev
chmod 1777 tmp var/tmp
chmod 0700 root

cp -r /etc/alternatives /etc/ld.so.cache etc
[ ! -d /etc/pam.d ] || cp -r /etc/pam.d /etc/security etc
printf 'passwd: files\ngroup: files\nshadow: files\nhosts: files\n' >etc/nsswitch.conf
ip link set lo up

exec chroot . /bin/bash -c 'echo ready; while read -r _; do :; done'
