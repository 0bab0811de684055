"""What Wagtail says when it refuses a form, listed so that our catalogue carries the translation.

Wagtail's own catalogue lacks these sentences, and a refusal must be understood first of all.
"""

from django.utils.translation import gettext_noop as _

REFUSALS = (
    _("Go to the first error"),
    _("The page could not be created due to validation errors."),
    _("The page could not be saved due to validation errors."),
    _("The page could not be saved as it is locked."),
    _("There are validation errors, click save to highlight them."),
    _("The %(model_name)s could not be created due to errors."),
    _("The %(model_name)s could not be saved due to errors."),
    _("The image could not be created due to errors."),
    _("The image could not be saved due to errors."),
    _("The document could not be created due to errors."),
    _("The document could not be saved due to errors."),
    _("The setting could not be saved due to errors."),
    _("Sorry, upload failed."),
    _("Report this error to your website administrator with the following information:"),
)
