#!/bin/sh
# Sends the page views that nginx wrote down to rapport: ship.sh [file], every few seconds, by a timer. What could not be
# sent is sent the next time; what is sent twice counts once.
#
#   RAPPORT_URL        such as https://rapport.example
#   RAPPORT_WRITE_KEY  of a source of kind SEGMENT
#   NGINX_REOPEN       how nginx is told to write to a new file; default: nginx -s reopen

set -eu
: "${RAPPORT_URL:?}" "${RAPPORT_WRITE_KEY:?}"
events=${1:-/etc/nginx/logs/rapport.events}

# One at a time.
exec 9>"$events.lock"
flock -n 9 || exit 0

# What was put aside the last time: nginx has long let go of it. At most 400 KB of whole lines a batch.
if [ -e "$events.aside" ]; then
    split -C 400k "$events.aside" "$events.part."
    rm "$events.aside"
fi

for part in "$events".part.*; do
    [ -e "$part" ] || continue
    status=$(
        {
            printf '{"sentAt":"%s","batch":[' "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
            paste -s -d , "$part"
            printf ']}'
        } | curl --silent --output /dev/null --write-out '%{http_code}' --max-time 30 \
            --user "$RAPPORT_WRITE_KEY:" --header 'Content-Type: application/json' \
            --data-binary @- "$RAPPORT_URL/v1/batch"
    ) || status=000
    case $status in
    200) rm "$part" ;;
    400)
        # Not for ever: somebody should look at it.
        mv "$part" "$events.refused.$(date -u +%s)"
        echo "rapport refused $part" >&2
        ;;
    *)
        echo "rapport answered $status; again the next time" >&2
        exit 1
        ;;
    esac
done

if [ -s "$events" ]; then
    mv "$events" "$events.aside"
    ${NGINX_REOPEN:-nginx -s reopen}
fi
