#!/bin/sh
# Run a command as the user who owns the mounted checkout, so that it may write there, and so that
# the results are that user's: under Docker, and podman as root, this is not the container's root.
set -eu
user=$(stat -c %u .) group=$(stat -c %g .)
if [ "$(id -u)" = 0 ] && [ "$user" != 0 ]; then
    exec setpriv --reuid "$user" --regid "$group" --clear-groups "$0" "$@"
fi
if ! [ -w . ]; then
    echo "user $(id -u) may not write to $PWD, which is user $user's: mount a checkout that is writable" >&2
    exit 1
fi
exec "$@"
