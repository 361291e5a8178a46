"""The fixed words of the operator's page about WhatsApp."""

from services.base.texts import N_

PLATFORM = {
    "title": N_("WhatsApp number"),
    "lead": N_("One number for all restaurants of this installation."),
    "at_meta": N_("What to enter at Meta"),
    "at_meta_help": N_("developers.facebook.com, your app, WhatsApp, Configuration."),
    "address": N_("Callback URL"),
    "verify_token": N_("Verify token"),
    "show_token": N_("Show it"),
    "fields": N_("Webhook fields"),
    "settings": N_("What SmartMenu needs from Meta"),
    "settings_help": N_("Environment variables where SmartMenu is started; secrets are not shown."),
    "is_set": N_("Set"),
    "is_missing": N_("Missing"),
    "check": N_("Check"),
    "check_help": N_("Asks Meta, and looks at what has come in."),
    "check_now": N_("Check now"),
    "test": N_("Test message"),
    "test_help": N_("Sends Meta’s template “hello_world” to a number."),
    "number": N_("Your number"),
    "send": N_("Send"),
    "sent": N_("Meta took the message."),
    "templates": N_("Templates"),
    "templates_help": N_(
        "The only messages after 24 hours. Restaurants can send approved ones of the kind UTILITY."
    ),
    "pull": N_("Fetch from Meta"),
    "no_templates": N_("None yet: fetch them, or write one down below."),
    "enter": N_("Write one down"),
    "name": N_("Name"),
    "language": N_("Language"),
    "category": N_("Category"),
    "status": N_("State"),
    "body": N_("Text"),
    "save": N_("Save"),
    "queue": N_("Queue"),
    "to_send": N_("To send"),
    "given_up": N_("Given up"),
    "to_work": N_("Came in, waiting"),
    "stuck": N_("Came in, failed"),
    "shapes": N_("Webhooks SmartMenu does not know"),
    "shapes_help": N_("Only their keys are kept here. Nothing is lost, and nothing failed."),
    "no_shapes": N_("None so far."),
}
CHECKS = {
    "settings": N_("Settings"),
    "credentials": N_("Access token"),
    "number": N_("Phone number"),
    "clock": N_("Clock"),
    "webhook": N_("Webhook"),
    "signature": N_("Signature"),
}
PULLED = N_("{count} templates fetched")
SEEN = N_("{count}×, last {when}")
