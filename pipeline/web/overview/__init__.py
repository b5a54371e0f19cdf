"""Pages that look over the whole office: dashboard, audit trail, forms."""
