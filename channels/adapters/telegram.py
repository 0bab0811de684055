from channels.adapters.portal import Portal


class Telegram(Portal):
    kind = "telegram"
