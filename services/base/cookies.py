"""Names of the cookies: what they hold, and who may read them."""

# A log-in, HttpOnly; "__Host-" binds it to this host where TLS is used.
SESSION_COOKIE = "smartmenu_session"
SECURE_SESSION_COOKIE = "__Host-smartmenu_session"
# Accounts that have logged in on this device, HttpOnly; opens nothing.
DEVICE_COOKIE = "smartmenu_device"
# A guest's visit, HttpOnly, until the browser closes.
VISIT_COOKIE = "smartmenu_visit"
# A guest who agreed to be known again, HttpOnly.
CLIENT_COOKIE = "smartmenu_client_id"
# That there is such a guest, for the page's script.
KNOWN_COOKIE = "smartmenu_known"
# The language a guest chose, written by the page's script.
LANGUAGE_COOKIE = "smartmenu_language"
