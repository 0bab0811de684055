"""What the texts of plans may hold."""

TEXT_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]
