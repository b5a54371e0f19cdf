"""What all pages share: templates, language, who looks, and the names of roles and books."""
