"""What to do when a list is empty, by the model that it lists."""

from typing import Any

from django.utils.translation import gettext_lazy as _

HINTS: dict[str, Any] = {
    "campaigns.plan": _(
        "Import the table of tasks from the plan's Word or Excel file, or enter a plan by hand. "
        "Items are then counted for the activity they serve."
    ),
    "channels.channel": _(
        "A channel takes published items on: a feed for stations and newspapers, or a messaging "
        "group."
    ),
    "editorial.itemtemplate": _(
        "A template gives writers the frame of an item that returns: a conference, a plan, a "
        "notice."
    ),
    "editorial.unitvalue": _("Without a unit value no royalty can be reckoned."),
    "editorial.royaltyscheme": _(
        "A scheme says which coefficient each genre gets. Start with one."
    ),
    "ingest.source": _(
        "Add the feed of an agency or a newspaper; its items appear in the inbox some minutes "
        "later."
    ),
    "ingest.mutedtitle": _(
        "Titles are muted from the inbox, when the same words come again and again."
    ),
    "editorial.quota": _(
        "A quota says what a salaried author owes each month; only what lies above is paid."
    ),
    "editorial.coefficientcap": _(
        "Enter the highest coefficient the law allows for each genre; schemes above it are refused."
    ),
    "editorial.taxrule": _(
        "Enter from which payment on tax is withheld from outside contributors, and how much."
    ),
    "organisations.contact": _(
        "Note whom to call at stations, newspapers and agencies. The desks are then shown with "
        "the items for them."
    ),
    "organisations.organisation": _(
        "Plans name agencies, and channels and people belong to them. Start with your own."
    ),
    "portal.author": _(
        "Authors stand above items, with or without an account, and royalties are reckoned for "
        "them."
    ),
    "portal.bundle": _("A bundle releases several items at one instant, or none of them."),
    "portal.articlepage": _("Write the first article, or import those you have from files."),
    "portal.announcementpage": _(
        "An announcement is short and has an end date; an urgent one stands above every page."
    ),
    "channels.delivery": _(
        "Once an item is published, each channel that takes it has a line here, with the outcome."
    ),
}


#: Reports are named by their address: several list the same model, or none.
REPORT_HINTS: dict[str, Any] = {
    "editorial_overrides": _(
        "Nothing was published urgently. What a member of the board publishes without a second "
        "person is listed here, to be reviewed by another."
    ),
    "portal_schedule": _(
        "No item has a time. Set it in the editor under Schedule, or put items into a bundle."
    ),
}


def hint_for(view: Any) -> Any:
    """Return the sentence for what the list view lists, or ""."""
    model = getattr(view, "model", None)
    by_address = REPORT_HINTS.get(getattr(view, "index_url_name", None) or "", "")
    return by_address or (HINTS.get(model._meta.label_lower, "") if model else "")
