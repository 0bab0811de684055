from channels.adapters.portal import Portal


class Feed(Portal):
    kind = "feed"
