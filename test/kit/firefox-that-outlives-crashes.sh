#!/bin/sh
# Playwright has Firefox end itself when a tab crashes; tests of crashes want the other tabs to go on.
unset MOZ_CRASHREPORTER_SHUTDOWN
exec "$FIREFOX_PATH" "$@"
